"""An authority's own words: chosen in the settings, and said wherever it is spoken for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from followup.actions.reminders import notify
from followup.models import Mail
from goals.actions.translations import ask_translation
from organisation.actions.words import WordsChanged, mark_of, save_word
from organisation.models import Authority, HistoryEntry
from organisation.words.speaking import heard, speak_for, speak_of, words_of
from organisation.words.terms import GOAL, Gender, Level, stored, suggested
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

AMBITION = suggested("ambition", Gender.COMMON)
GUIDE = suggested("pejlemærke", Gender.NEUTER)
LIST = reverse("organisation:own_word_list")
EDIT = reverse("organisation:own_word_edit", args=["maal"])


def give(place, **words):
    """Let the authority call things otherwise."""
    place.authority.words = {key.replace("_", "."): stored(word) for key, word in words.items()}
    place.authority.save(update_fields=["words"])
    return place


def written(place, **fields):
    """The form filled in with the word *ambition*."""
    said = {"gender": "en", **AMBITION.forms(), "seen": mark_of(Authority.objects.get(pk=place.authority.pk))}
    return {**said, **fields}


# ---- spoken ----------------------------------------------------------------------------------------------------------


def test_texts_are_in_the_authority_s_words_meanwhile(town):
    give(town, goal=AMBITION)
    lazy = gettext_lazy("Ret målet")
    with words_of(town.authority):
        assert gettext("Ret målet") == str(lazy) == "Ret ambitionen"
        assert pgettext("flere", "Mål") == "Ambitioner" and gettext("Mål") == "Ambition"
        assert ngettext("%d mål", "%d mål", 1) == "%d ambition" and ngettext("%d mål", "%d mål", 0) == "%d ambitioner"
        assert gettext("Gem") == "Gem" and gettext("This field is required.") == "Dette felt er påkrævet."
        assert translation.get_language() == "da"
    assert gettext("Ret målet") == str(lazy) == "Ret målet"


def test_the_goals_of_a_level_have_their_own_word(town):
    give(town, goal=AMBITION, goal_council=GUIDE)
    with words_of(town.authority):
        speak_of(town.council)
        assert gettext("Ret målet") == "Ret pejlemærket" and gettext("Nyt mål") == "Ny ambition"
        speak_of(town.school)
        assert gettext("Ret målet") == "Ret ambitionen"
    with words_of(town.authority, town.council):
        assert gettext("Målet er vedtaget.") == "Pejlemærket er vedtaget."
    with heard():
        speak_for(town.authority, Level.COUNCIL)
        assert gettext("Ret målet") == "Ret pejlemærket"
    assert gettext("Ret målet") == "Ret målet"


def test_nobody_else_hears_them(town):
    other = factories.authority()
    give(town, goal=AMBITION)
    with words_of(town.authority):
        with words_of(other):
            assert gettext("Ret målet") == "Ret målet"
        assert gettext("Ret målet") == "Ret ambitionen"
        with words_of(None):
            assert gettext("Ret målet") == "Ret målet"


def test_another_language_is_left_alone(town):
    give(town, goal=AMBITION)
    with translation.override("en"):
        english = gettext("Svar på dansk")
        with words_of(town.authority):
            assert gettext("Svar på dansk") == english and translation.get_language() == "en"
    with heard():
        speak_for(town.authority)
        with heard(), translation.override("en"):
            assert gettext("Ret målet") == "Ret målet"
        assert gettext("Ret målet") == "Ret ambitionen"


def test_a_region_has_a_regional_council(db):
    region = factories.municipality(kind=Authority.Kind.REGION)
    assert region.authority.council == "regionsrådet"
    with words_of(region.authority):
        assert gettext("Byrådet følger få mål") == "Regionsrådet følger få mål"
        assert region.council.get_kind_display() == "regionsråd"


def test_pages_of_the_council_s_goals_and_of_others(town, sign_in):
    give(town, goal_council=GUIDE)
    ours, theirs = factories.goal(town.council, title="Ro"), factories.goal(town.school, title="Trivsel")
    client = sign_in(town.consultant)
    assert "Ret pejlemærket" in html(client.get(reverse("goals:goal_edit", args=[ours.pk])))
    page = html(client.get(reverse("goals:goal_edit", args=[theirs.pk])))
    assert "Ret målet" in page and "Ret pejlemærket" not in page
    assert gettext("Ret målet") == "Ret målet"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("followup:goal_chain", "Under {}"),
        ("followup:goal_divergences", "Trækker {} i hver sin retning"),
        ("followup:goal_triangle", "Ingen af {}s indikatorer"),
        ("followup:shared_beside", "Gør {} tværgående"),
        ("goals:goal_send_down", "Send {} ned"),
        ("goals:goal_translations", "Oversættelser af {}"),
        ("goals:goal_link", "Skriv, hvordan {} hjælper"),
    ],
)
def test_each_page_of_a_council_s_goal_says_the_council_s_word(page, said, town, sign_in):
    give(town, goal_council=GUIDE)
    ours, theirs = factories.goal(town.council, title="Ro"), factories.goal(town.school, title="Trivsel")
    client = sign_in(town.consultant)
    assert said.format("pejlemærket") in html(client.get(reverse(page, args=[ours.pk])))
    assert said.format("målet") in html(client.get(reverse(page, args=[theirs.pk])))


def test_a_council_s_goal_is_put_in_words_as_a_goal_of_the_unit(town, sign_in):
    """Both words on one page; and the form of the unit's own goal is about that."""
    give(town, goal_council=GUIDE)
    goal = factories.goal(town.council, title="Ro")
    [sent] = ask_translation(goal, [town.school], due_date=TODAY, by=town.consultant, now=NOW)
    assert f"har sendt et pejlemærke ned fra {town.council.name}" in Mail.objects.get(to=town.manager).text
    client = sign_in(town.manager)
    page = html(client.get(reverse("goals:translation_detail", args=[sent.pk])))
    assert "Oversæt pejlemærket til jeres egen opgave" in page and "Skriv jeres eget mål" in page
    form = html(client.get(f"{reverse('goals:goal_create')}?oversaettelse={sent.pk}"))
    assert "før målet kan vedtages" in form and "pejlemærke" not in form


def test_messages_after_the_answer_was_made(town, sign_in):
    """Lazy texts become words on the way out."""
    give(town, goal=AMBITION)
    goal = factories.goal(town.school, state="draft", title="Ro")
    client = sign_in(town.consultant)
    page = client.post(reverse("goals:goal_propose", args=[goal.pk]), {"version": goal.version}, follow=True)
    assert "ambition" in html(page) and "Målet" not in html(page)


def test_the_public_and_those_who_belong_elsewhere(town, sign_in):
    give(town, goal=AMBITION)
    other = factories.municipality()
    portal = reverse("reports:portal", args=[town.authority.code])
    assert "Åbne ambitioner" in html(Client().get(portal))
    assert "Åbne ambitioner" in html(sign_in(other.consultant).get(portal))
    assert "Åbne mål" in html(Client().get(reverse("reports:portal", args=[other.authority.code])))
    assert "ambition" not in html(sign_in(other.consultant).get(reverse("followup:goal_list")))


def test_the_word_list_of_the_public(town):
    """Read from an authority's public pages, it is in that authority's words, as long as they are open."""
    give(town, goal=AMBITION)
    address = f"{reverse('word_list')}?m={town.authority.code}"
    assert f'href="{address}"' in html(Client().get(reverse("reports:portal", args=[town.authority.code])))
    assert "ambition længere oppe" in html(Client().get(address))
    assert "mål længere oppe" in html(Client().get(reverse("word_list")))
    Authority.objects.update(is_portal_open=False)
    assert "mål længere oppe" in html(Client().get(address))
    assert Client().get(f"{reverse('word_list')}?m={'9' * 500}").status_code == 200


def test_an_authority_without_words_asks_no_more(town, sign_in):
    """As many questions with words as without, on the page that is at its limit."""
    goal = factories.goal(town.council, title="Ro")
    client, url = sign_in(town.consultant), reverse("followup:goal_detail", args=[goal.pk])
    client.get(url)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
        give(town, goal=AMBITION, goal_council=GUIDE)
    assert counts[0] == counts[1] <= 12


def test_mails(town):
    give(town, goal=AMBITION)
    notify(
        [town.manager],
        authority=town.authority,
        key="x",
        subject="Svar",
        template="report_made",
        context={"title": "Rapport", "is_done": True, "is_published": False},
        path="/",
        now=NOW,
    )
    assert "Rapport" in Mail.objects.get().text and gettext("Ret målet") == "Ret målet"


# ---- chosen ----------------------------------------------------------------------------------------------------------


def test_a_word_is_chosen_seen_and_put_back(town, sign_in):
    client = sign_in(town.consultant)
    page = html(client.get(EDIT))
    assert 'value="målene"' in page and "Vælg et mål, og ret det." in page
    answer = client.post(EDIT, written(town), follow=True)
    assert answer.status_code == 200 and "Gemt." in html(answer)
    town.authority.refresh_from_db()
    assert town.authority.words == {GOAL: stored(AMBITION)}
    assert "en ambition, ambitionen, ambitioner, ambitionerne" in html(client.get(LIST))
    assert "Ambitioner" in html(client.get(reverse("followup:goal_list")))
    entry = HistoryEntry.objects.about(town.authority).get()
    assert entry.changes == {GOAL: ["et mål, målet, mål, målene", "en ambition, ambitionen, ambitioner, ambitionerne"]}
    assert entry.by == town.consultant
    client.post(EDIT, written(town, standard="1"))
    town.authority.refresh_from_db()
    assert town.authority.words == {}
    assert "Mål" in html(client.get(reverse("followup:goal_list")))


def test_forms_are_suggested_and_tried_without_being_stored(town, sign_in):
    client = sign_in(town.consultant)
    page = html(client.post(EDIT, written(town, one="  ambition ", the="", many="", all="", foreslaa="1")))
    assert 'value="ambitionerne"' in page and "Vælg en ambition, og ret den." in page
    page = html(client.post(EDIT, written(town, all="ambitionernes", vis="1")))
    assert "Se ambitionernes." in page
    town.authority.refresh_from_db()
    assert town.authority.words == {}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("the", "", "Skriv ordet i denne form."),
        ("many", "   ", "Skriv ordet i denne form."),
        ("one", "a" * 200, "Ordet må højst fylde 40 tegn."),
        ("all", "<b>mål</b>", "Skriv kun bogstaver"),
        ("one", "010101-1234", "Skriv kun bogstaver"),
        ("one", "mål %(n)s", "Skriv kun bogstaver"),
        ("the", "{{ goal }}", "Skriv kun bogstaver"),
    ],
)
def test_bad_words_are_refused_beside_their_field(town, sign_in, name, text, said):
    answer = sign_in(town.consultant).post(EDIT, written(town, **{name: text}))
    page = html(answer)
    assert answer.status_code == 422 and said in page and f'id="id_{name}_error"' in page
    town.authority.refresh_from_db()
    assert town.authority.words == {} and not HistoryEntry.objects.about(town.authority).exists()


def test_another_gender_than_there_is(town, sign_in):
    assert sign_in(town.consultant).post(EDIT, written(town, gender="den")).status_code == 422


def test_the_word_it_would_have_anyhow_is_none_of_its_own(town):
    give(town, goal=AMBITION, goal_council=GUIDE)
    asked = {"by": town.consultant, "now": NOW}
    held = save_word(town.authority, "goal.council", AMBITION, seen=mark_of(town.authority), **asked)
    assert set(held.words) == {GOAL}
    save_word(held, GOAL, AMBITION, seen=mark_of(held), **asked)
    assert HistoryEntry.objects.about(held).count() == 1


def test_who_may_choose(town, sign_in):
    for person in (town.manager, town.director, town.politician, town.reader, town.administrator):
        client = sign_in(person)
        assert client.get(LIST).status_code == client.get(EDIT).status_code == 403
        assert client.post(EDIT, written(town)).status_code == 403
    assert sign_in(town.consultant).get(reverse("organisation:own_word_edit", args=["bil"])).status_code == 404
    other = factories.municipality()
    sign_in(other.consultant).post(EDIT, written(town))
    town.authority.refresh_from_db()
    assert town.authority.words == {}


def test_somebody_else_was_quicker(town, sign_in):
    client, shown = sign_in(town.consultant), written(town)
    save_word(town.authority, GOAL, GUIDE, seen=mark_of(town.authority), by=town.consultant, now=NOW)
    answer = client.post(EDIT, shown)
    assert answer.status_code == 422 and "En anden har ændret ordene imens." in html(answer)
    assert 'value="ambition"' in html(answer)
    assert client.post(EDIT, written(town)).status_code == 302
    answer = client.post(EDIT, {**shown, "standard": "1"})
    assert answer.status_code == 422


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_at_once():
    place = factories.municipality()
    seen = mark_of(place.authority)

    def save(word):
        return lambda: save_word(place.authority, GOAL, word, seen=seen, by=place.consultant, now=NOW)

    results = at_once(save(AMBITION), save(GUIDE))
    assert sum(isinstance(one, WordsChanged) for one in results) == 1
    assert HistoryEntry.objects.about(place.authority).count() == 1
