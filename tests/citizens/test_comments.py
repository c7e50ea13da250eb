"""What citizens wrote: who reads it, when, what is held back, themes, and quotes in other words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.actions.comments import add_quote, change_quote, cut_comment, give_theme, hide_comment, release_comment
from citizens.actions.refusals import NotPossible
from citizens.comments import are_readable, held_sentence, mark_of, themes_of
from citizens.kinds import CommentState, SurveyState
from citizens.models import Comment, Quote, Survey, Theme
from citizens.rewording import only_cuts
from goals.actions.versions import Stale
from organisation.models import HistoryEntry
from tests import factories
from tests.citizens import making
from tests.followup.flow import html

SAID = "Der kommer stadig nye ansigter hver uge, og så skal jeg forklare det hele igen."


@pytest.fixture
def survey(town, clock):
    one = making.survey(town.school)
    making.responses(one, 12)
    return one


@pytest.fixture
def by(town):
    return {"by": town.manager, "now": factories.NOW}


def address(survey, rest: str = "") -> str:
    return f"/undersoegelser/{survey.pk}/kommentarer/{rest}"


# ---- who and when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200), ("head", 200), ("director", 200), ("consultant", 200), ("professional", 200),
        ("other_manager", 403), ("politician", 403), ("reader", 403), ("administrator", 403),
    ],
)  # fmt: skip
def test_only_those_who_read_comments_at_the_unit(town, survey, sign_in, who, status):
    making.comment(survey, SAID)
    answer = sign_in(getattr(town, who)).get(address(survey))
    assert answer.status_code == status
    assert (SAID in html(answer)) == (status == 200)


def test_a_stranger_finds_nothing(survey, sign_in):
    assert sign_in(factories.municipality().consultant).get(address(survey)).status_code == 404


@pytest.mark.parametrize(("count", "least", "readable"), [(5, 6, False), (6, 6, True), (11, 12, False)])
def test_only_when_enough_have_answered(town, clock, sign_in, count, least, readable):
    survey = making.survey(town.school, least_shown=least)
    making.responses(survey, count)
    making.comment(survey, SAID)
    assert are_readable(survey) == readable
    for path in (address(survey), f"/undersoegelser/{survey.pk}/"):
        assert (SAID in html(sign_in(town.manager).get(path))) == readable


def test_nothing_is_read_while_answers_come_in(town, clock, sign_in):
    survey = making.survey(town.school, SurveyState.OPEN)
    making.responses(survey, 30)
    making.comment(survey, SAID)
    for path in (address(survey), f"/undersoegelser/{survey.pk}/"):
        text = html(sign_in(town.manager).get(path))
        assert SAID not in text
        assert "Kommentarerne kan læses, når undersøgelsen er lukket." in text


def test_pilots_are_not_counted_and_not_read(town, survey, sign_in):
    making.comment(survey, SAID, is_pilot=True)
    assert SAID not in html(sign_in(town.manager).get(address(survey)))


# ---- the list --------------------------------------------------------------------------------------------------------


def test_held_and_hidden_are_apart_and_not_for_everybody(town, survey, sign_in):
    for state in CommentState:
        making.comment(survey, f"Det er {state}", state, marks=["Karen"] if state == CommentState.HELD else [])
    everybody = html(sign_in(town.professional).get(address(survey)))
    assert "Det er readable" in everybody
    assert "Én er holdt tilbage: én nævner måske en person." in everybody
    assert "Gennemgå" not in everybody
    for query, shown in (("", "readable"), ("?vis=held", "held"), ("?vis=hidden", "hidden")):
        text = html(sign_in(town.manager).get(address(survey, query)))
        assert {state for state in CommentState if f"Det er {state}" in text} == {shown}
        sneaked = html(sign_in(town.professional).get(address(survey, query)))
        assert {state for state in CommentState if f"Det er {state}" in sneaked} <= {"readable"}


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ([], ""),
        ([["cpr"]], "Én er holdt tilbage: én ligner et CPR-nummer."),
        ([["cpr"], ["Lise"], ["Bo", "Ib"]],
         "Tre er holdt tilbage: én ligner et CPR-nummer, to nævner måske en person."),
        ([["cpr", "Lise"], []], "To er holdt tilbage: én ligner et CPR-nummer, én er ikke læst igennem."),
        ([["Lise"]] * 12, "12 er holdt tilbage: 12 nævner måske en person."),
    ],
)  # fmt: skip
def test_why_some_are_held_in_words(survey, held, sentence):
    for marks in held:
        making.comment(survey, "x", CommentState.HELD, marks=marks)
    assert held_sentence(survey) == sentence


def test_narrowed_by_question_and_theme(town, survey, sign_in, by):
    one = making.comment(survey, "Om maden")
    making.comment(survey, "Om bussen", question_code="andet")
    give_theme(survey, "Mad", [one.pk], **by)
    client = sign_in(town.manager)
    theme = Theme.objects.get()
    for query, shown in (("?spm=ord", {"Om maden"}), (f"?tema={theme.pk}", {"Om maden"}), ("?spm=findes-ikke", set())):
        text = html(client.get(address(survey, query)))
        found = {word for word in ("Om maden", "Om bussen") if word in text}
        assert found == (shown or {"Om maden", "Om bussen"})  # what does not exist narrows nothing


def test_a_long_list_asks_the_same_and_turns_pages(town, survey, sign_in):
    client = sign_in(town.manager)

    def count() -> int:
        client.get(address(survey))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(survey))
        return len(captured)

    making.comment(survey, "Nr. 0")
    few = count()
    for n in range(1, 120):
        give_theme(survey, f"Tema {n % 3}", [making.comment(survey, f"Nr. {n}").pk], by=town.manager, now=factories.NOW)
    assert count() == few <= 20
    assert "Side 1 af 3" in html(client.get(address(survey)))


# ---- themes ----------------------------------------------------------------------------------------------------------


def test_several_are_sorted_at_once_by_hand(town, survey, sign_in):
    chosen = [making.comment(survey, f"Nr. {n}") for n in range(7)]
    held = making.comment(survey, "Karen er sød", CommentState.HELD)
    elsewhere = making.comment(making.survey(town.other_school), "Et andet sted")
    client = sign_in(town.professional)
    keys = [str(one.pk) for one in (*chosen[:6], held, elsewhere)]
    assert client.post(address(survey), {"comment": [*keys, "x"], "name": " Faste hjælpere "}).status_code == 302
    theme = Theme.objects.get()
    assert (theme.name, set(theme.comments.all())) == ("Faste hjælpere", set(chosen[:6]))
    assert [count for _theme, count in themes_of(survey)] == [6]
    client.post(address(survey), {"comment": keys[0], "theme": theme.pk, "take": "1"})
    assert [count for _theme, count in themes_of(survey)] == [None]
    assert "under 6" in html(client.get(address(survey)))


def test_without_a_theme_the_choice_is_kept(town, survey, sign_in):
    one = making.comment(survey, SAID)
    answer = sign_in(town.manager).post(address(survey), {"comment": str(one.pk), "name": "  "})
    assert answer.status_code == 422
    assert "Vælg et tema, eller skriv et nyt." in html(answer)
    assert "checked" in html(answer)


# ---- deciding --------------------------------------------------------------------------------------------------------


def test_released_cut_and_hidden_with_history(town, survey, sign_in):
    texts = ("Fru Jensen er sød", "Karen på Nord skal roses for maden", "Naboen, Ib, drikker")
    released, cut, hidden = (making.comment(survey, one, CommentState.HELD, marks=["x"]) for one in texts)
    client = sign_in(town.manager)

    def post(comment: Comment, **fields):
        answer = client.post(address(survey, f"{comment.pk}/"), {"seen": mark_of(comment), **fields})
        comment.refresh_from_db()
        return answer

    assert post(released, release="1").status_code == 302
    assert post(cut, cut="1", text="[…] skal roses for maden").status_code == 302
    assert post(hidden, hide="1", reason="Handler om en nabo").url == address(survey)
    assert [one.state for one in (released, cut, hidden)] == ["readable", "readable", "hidden"]
    assert (cut.text, cut.marks) == ("[…] skal roses for maden", [])
    entries = HistoryEntry.objects.about(survey)
    assert [entry.verb for entry in entries] == ["comment_hidden", "comment_cut", "comment_released"]
    kept = " ".join(f"{entry.changes} {entry.reason}" for entry in entries)
    assert not any(word in kept for word in ("Jensen", "Karen", "Ib", "maden"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"cut": "1", "text": "Karen skal fyres"}, "Du kan kun tage ord ud."),
        ({"cut": "1", "text": "  "}, "Dette felt er påkrævet."),
        ({"hide": "1", "reason": ""}, "Dette felt er påkrævet."),
        ({"hide": "1", "reason": "Karen skal roses"}, "Det gentager, hvad en borger har skrevet."),
        ({"release": "1", "seen": "en anden"}, "En anden har set på kommentaren imens."),
    ],
)
def test_what_is_refused_changes_nothing(town, survey, sign_in, fields, says):
    one = making.comment(survey, "Karen skal roses", CommentState.HELD, marks=["Karen"])
    given = {"seen": mark_of(one)} | fields
    answer = sign_in(town.manager).post(address(survey, f"{one.pk}/"), given)
    assert answer.status_code == 422
    assert says in html(answer)
    one.refresh_from_db()
    assert (one.state, one.text) == (CommentState.HELD, "Karen skal roses")


def test_a_reader_of_comments_decides_nothing(town, survey, sign_in):
    one = making.comment(survey, "Karen", CommentState.HELD)
    client = sign_in(town.professional)
    assert client.get(address(survey, f"{one.pk}/")).status_code == 403
    assert client.post(address(survey, f"{one.pk}/"), {"seen": mark_of(one), "release": "1"}).status_code == 403


def test_a_comment_of_another_survey_is_not_there(town, survey, sign_in):
    other = making.comment(making.survey(town.school), SAID)
    assert sign_in(town.manager).get(address(survey, f"{other.pk}/")).status_code == 404


def test_two_at_once_decide_once(survey, by):
    one = making.comment(survey, "Karen", CommentState.HELD)
    seen = mark_of(one)
    hide_comment(one, seen=seen, reason="Navn", **by)
    for step in (
        lambda: release_comment(one, seen=seen, **by),
        lambda: cut_comment(one, "", seen=seen, **by),
    ):
        with pytest.raises(Stale):
            step()


@pytest.mark.parametrize(
    ("text", "original", "expected"),
    [
        ("roses for maden", "Karen skal roses for maden", True),
        ("[…] roses […]", "Karen skal roses for maden", True),
        ("maden roses", "Karen skal roses for maden", False),
        ("Karen skal ikke roses", "Karen skal roses for maden", False),
        ("", "Karen", True),
    ],
)
def test_cutting_adds_nothing(text, original, expected):
    assert only_cuts(text, original) == expected


# ---- quotes ----------------------------------------------------------------------------------------------------------


def test_a_quote_is_rewritten_and_marked(town, survey, sign_in):
    one = making.comment(survey, SAID)
    client, path = sign_in(town.manager), address(survey, f"{one.pk}/citat/")
    for text in (
        SAID,
        "En siger, at der kommer stadig nye ansigter hver dag",
        "hele igen, forklare hver uge stadig nye",
    ):
        answer = client.post(path, {"text": text})
        assert answer.status_code == 422
        assert "Skriv det med jeres egne ord." in html(answer)
    client.post(path, {"text": "En borger er træt af at fortælle forfra til skiftende hjælpere."})
    quote = Quote.objects.get()
    assert not any(field.related_model is Comment for field in Quote._meta.get_fields())
    text = html(client.get(address(survey)))
    assert "Omskrevet" in text
    assert quote.text in text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ring 010190-1234", "cpr"),
        ("Fru Jensen var en stor hjælp for borgeren", "names"),
        ("Maden er kold om aftenen, siger en anden", "repeats"),
    ],
)
def test_a_quote_names_nobody_and_repeats_no_other_comment(survey, by, text, key):
    one = making.comment(survey, SAID)
    making.comment(survey, "Maden er kold", CommentState.HIDDEN)
    with pytest.raises(NotPossible) as refused:
        add_quote(survey, one, text, **by)
    assert refused.value.key == key


def test_no_quote_of_what_may_not_be_read(town, survey, sign_in):
    one = making.comment(survey, SAID, CommentState.HIDDEN)
    assert sign_in(town.manager).get(address(survey, f"{one.pk}/citat/")).status_code == 404
    readable = making.comment(survey, SAID)
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.OPEN)
    answer = sign_in(town.manager).post(address(survey, f"{readable.pk}/citat/"), {"text": "Noget helt andet her"})
    assert answer.status_code == 422
    assert not Quote.objects.exists()


def test_two_who_word_a_quote_at_once_are_told_apart(town, survey, sign_in, by):
    quote = Quote.objects.create(survey=survey, text="Først")
    change_quote(quote, "Deres", seen="Først", **by)
    client, path = sign_in(town.manager), f"/undersoegelser/{survey.pk}/citater/{quote.pk}/"
    answer = client.post(path, {"text": "Mit", "seen": "Først"})
    assert answer.status_code == 422
    assert "Nu står der ”Deres”." in html(answer)
    assert client.post(path, {"text": "Mit", "seen": "Deres"}).status_code == 302
    assert Quote.objects.get().text == "Mit"
    client.post(f"{path}slet/")
    assert not Quote.objects.exists()
    assert HistoryEntry.objects.about(survey).first().verb == "quote_removed"
