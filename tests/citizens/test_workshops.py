"""Workshops: made and used by staff, voted and commented in by the link alone."""

import re
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens import limits
from citizens.tokens import ALPHABET, LENGTH, hash_of
from goals.models import FocusArea, Goal, Workshop, WorkshopNote, WorkshopVote
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import TODAY
from tests.followup.flow import html

URL = re.compile(rf"/vaerksted/([{ALPHABET}]{{{LENGTH}}})/\?rolle=politiker")


@pytest.fixture
def made(town, clock, sign_in):
    """A workshop made by the school's leader in the browser, with its token."""
    limits.fresh.forget()
    form = {
        "unit": town.school.pk,
        "title": "Hvad skal vi samle os om?",
        "areas": " Læsning \n\nTrivsel\nLæsning\nFravær",
        "votes_each": 2,
        "closes_on": TODAY.isoformat(),
    }
    answer = sign_in(town.manager).post(reverse("citizens:workshop_create"), form)
    town.token = URL.search(html(answer)).group(1)
    town.workshop = Workshop.objects.get()
    town.areas = {area.text: area for area in town.workshop.focus_areas.all()}
    return town


def link(token: str) -> str:
    return reverse("citizens:workshop_public", args=[token])


def send(made, **form):
    return Client().post(link(made.token), {"role": "politiker", **form})


def counts() -> dict[tuple[str, str], int]:
    return {(one.focus_area.text, one.role): one.count for one in WorkshopVote.objects.select_related("focus_area")}


def test_only_the_hash_of_the_link_is_kept_and_it_is_shown_once(made, sign_in):
    assert made.workshop.token_hash == hash_of(made.token)
    assert list(made.areas) == ["Læsning", "Trivsel", "Fravær"]
    assert made.token not in html(sign_in(made.manager).get(reverse("citizens:workshop_detail", args=[1])))


def test_votes_are_counted_by_role(made):
    page = Client().get(f"{link(made.token)}?rolle=politiker")
    assert re.search(r'value="politiker"[^>]*checked', html(page)) and not page.cookies
    sent = send(made, areas=[made.areas["Læsning"].pk, made.areas["Fravær"].pk])
    assert sent.status_code == 302
    send(made, areas=[made.areas["Læsning"].pk])
    send(made, role="medarbejder", areas=[made.areas["Læsning"].pk])
    assert counts() == {("Læsning", "politiker"): 2, ("Fravær", "politiker"): 1, ("Læsning", "medarbejder"): 1}
    assert "Dine stemmer er talt med." in html(Client().get(sent.headers["Location"]))


def test_a_browser_has_so_many_votes_and_its_cookie_holds_their_number_alone(made, sign_in):
    visitor, path = Client(), link(made.token)
    first = visitor.post(path, {"role": "leder", "areas": [made.areas["Læsning"].pk]})
    (cookie,) = first.cookies.values()
    assert re.fullmatch(r"1:[\w-]+", cookie.value) and cookie.key == f"vaerksted_{made.workshop.pk}"
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/vaerksted/", True, "Lax")
    assert 0 < cookie["max-age"] <= 12 * 24 * 3600
    assert "Du har 1 stemme tilbage." in html(visitor.get(path))
    both = [made.areas["Trivsel"].pk, made.areas["Fravær"].pk]
    refused = visitor.post(path, {"role": "leder", "areas": both})
    assert refused.status_code == 422 and "Du har 1 stemme. Vælg færre." in html(refused)
    visitor.post(path, {"role": "leder", "areas": both[:1]})
    text = html(visitor.get(path))
    assert "Stemmerne på denne telefon eller computer er brugt." in text and "Send stemmer" not in text
    assert visitor.post(path, {"role": "medarbejder", "areas": both[1:]}).status_code == 422
    assert counts() == {("Læsning", "leder"): 1, ("Trivsel", "leder"): 1}
    # Another link to the same workshop gives no more votes; another browser has its own.
    answer = sign_in(made.manager).post(reverse("citizens:workshop_link", args=[made.workshop.pk]))
    again = link(URL.search(html(answer)).group(1))
    assert visitor.post(again, {"role": "leder", "areas": both[1:]}).status_code == 422
    assert Client().post(again, {"role": "leder", "areas": both}).status_code == 302


@pytest.mark.parametrize("value", ["0:forged", "0", "", "-5:x", "x" * 3000])
def test_a_forged_cookie_gives_no_more_than_none(made, value):
    visitor = Client()
    visitor.cookies[f"vaerksted_{made.workshop.pk}"] = value
    assert visitor.get(link(made.token)).status_code == 200
    areas = [made.areas[name].pk for name in ("Læsning", "Trivsel", "Fravær")]
    assert visitor.post(link(made.token), {"role": "leder", "areas": areas}).status_code == 422
    assert visitor.post(link(made.token), {"role": "leder", "areas": areas[:2]}).status_code == 302


def test_the_cookie_of_another_workshop_says_nothing(made):
    """Its number is signed for that one; under another's name it is as none."""
    other = Workshop.objects.create(
        unit=made.school, title="Et andet", token_hash="y", closes_on=TODAY, made_by=made.manager, votes_each=9
    )
    visitor = Client()
    visitor.cookies[f"vaerksted_{made.workshop.pk}"] = Signer(salt=f"citizens.workshop.{other.pk}").sign("2")
    assert visitor.get(link(made.token)).context["left"] == 2
    visitor.cookies[f"vaerksted_{made.workshop.pk}"] = Signer(salt=f"citizens.workshop.{made.workshop.pk}").sign("2")
    assert visitor.get(link(made.token)).context["left"] == 0


def test_a_comment_has_a_role_and_no_name(made, sign_in):
    send(made, area=made.areas["Trivsel"].pk, text="Vi skal tale med dem <b>først</b>")
    note = WorkshopNote.objects.get()
    assert (note.role, note.text) == ("politiker", "Vi skal tale med dem <b>først</b>")
    text = html(sign_in(made.reader).get(reverse("citizens:workshop_detail", args=[made.workshop.pk])))
    assert "&lt;b&gt;først" in text and "Lav nyt link" not in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"areas": ["Læsning", "Trivsel", "Fravær"]}, "Du har 2 stemmer. Vælg færre."),
        ({"areas": []}, "påkrævet"),
        ({"areas": [999999]}, "gyldig"),
        ({"areas": ["Læsning"], "role": "konge"}, "gyldig"),
        ({"area": "Læsning", "text": "   "}, "påkrævet"),
        ({"area": "Læsning", "text": "x" * 501}, "500"),
        ({"area": "Læsning", "text": "Ring til 010190-1234"}, "ligner et CPR-nummer"),
    ],
)
def test_bad_input_is_told_and_nothing_kept(made, form, words):
    def key(value):
        return made.areas[value].pk if value in made.areas else value

    asked = {
        name: [key(one) for one in value] if isinstance(value, list) else key(value) for name, value in form.items()
    }
    answer = send(made, **asked)
    assert answer.status_code == 422 and words in html(answer)
    assert not WorkshopVote.objects.exists() and not WorkshopNote.objects.exists()


@pytest.mark.parametrize("token", ["x", "2" * LENGTH, "../../etc", "A" * 500])
def test_a_forged_link_is_answered_kindly(made, token):
    answer = Client().get(f"/vaerksted/{token}/")
    assert answer.status_code == 404
    if "/" not in token:
        assert "Tjek, at hele adressen er med." in html(answer)


def test_after_the_last_day_nothing_is_taken(made, monkeypatch):
    Workshop.objects.update(closes_on=TODAY - timedelta(days=1))
    answer = send(made, areas=[made.areas["Læsning"].pk])
    assert answer.status_code == 409 and "Værkstedet lukkede 9. august 2026." in html(answer).replace("\u00a0", " ")
    assert not WorkshopVote.objects.exists()


def test_a_script_is_slowed_down(made, monkeypatch):
    at = limits.fresh.clock()
    monkeypatch.setattr(limits.fresh, "clock", lambda: at)  # however slowly it is answered
    answers = [send(made, areas=[made.areas["Læsning"].pk]).status_code for _ in range(limits.BURST + 3)]
    assert answers.count(429) >= 1 and counts()[("Læsning", "politiker")] == answers.count(302)
    limits.fresh.forget()


def test_a_new_link_ends_the_old(made, sign_in):
    answer = sign_in(made.manager).post(reverse("citizens:workshop_link", args=[made.workshop.pk]))
    new = URL.search(html(answer)).group(1)
    assert Client().get(link(made.token)).status_code == 404
    assert Client().get(link(new)).status_code == 200


def test_a_chosen_area_becomes_one_draft_goal(made, sign_in):
    client, area = sign_in(made.manager), made.areas["Trivsel"]
    where = [made.workshop.pk, area.pk]
    client.post(reverse("citizens:workshop_choose", args=where), {"valgt": "ja"})
    assert FocusArea.objects.get(pk=area.pk).is_chosen
    for _ in range(2):
        answer = client.post(reverse("citizens:workshop_goal", args=where))
    goal = Goal.objects.get(title="Trivsel")
    assert (goal.state, goal.owner_unit) == ("draft", made.school)
    assert answer.headers["Location"] == reverse("goals:goal_edit", args=[goal.pk])
    assert FocusArea.objects.get(pk=area.pk).goal == goal
    client.post(reverse("citizens:workshop_close", args=[made.workshop.pk]))
    assert "lukkede" in html(Client().get(link(made.token)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("areas", "Kun ét"),
        ("areas", "\n".join(f"Nr. {n}" for n in range(21))),
        ("areas", "Ét\n" + "x" * 201),
        ("votes_each", 0),
        ("votes_each", 11),
        ("closes_on", "2026-08-09"),
        ("title", "  "),
    ],
)
def test_a_workshop_that_cannot_be(town, clock, sign_in, field, value):
    form = {"unit": town.school.pk, "title": "T", "areas": "A\nB", "votes_each": 1, "closes_on": "2026-08-20"}
    answer = sign_in(town.manager).post(reverse("citizens:workshop_create"), {**form, field: value})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in html(answer)
    assert not Workshop.objects.exists()


def test_what_an_area_became_is_told_also_when_it_got_other_words(made, sign_in):
    client, area = sign_in(made.manager), made.areas["Trivsel"]
    where, path = [made.workshop.pk, area.pk], reverse("citizens:workshop_detail", args=[made.workshop.pk])
    client.post(reverse("citizens:workshop_choose", args=where), {"valgt": "ja"})
    client.post(reverse("citizens:workshop_goal", args=where))
    goal = Goal.objects.get(title="Trivsel")
    mine, others = html(client.get(path)), html(sign_in(made.reader).get(path))
    link = reverse("followup:goal_detail", args=[goal.pk])
    assert "Skrives nu som mål:" in mine and link in mine and "Gør til kladde" not in mine
    assert "Skrives nu som mål." in others and link not in others  # a draft is its unit's own
    goal.title, goal.state, goal.adopted_by = "Alle trives", "adopted", factories.decision(made.council)
    goal.save()
    others = html(sign_in(made.reader).get(path))
    assert "Blev til målet:" in others and "Alle trives" in others
    came_from = html(sign_in(made.reader).get(reverse("followup:goal_comes_from", args=[goal.pk])))
    assert "Valgt i et værksted:" in came_from and path in came_from


def test_all_read_what_is_written_and_an_editor_removes_what_should_not_stand(made, sign_in):
    send(made, area=made.areas["Trivsel"].pk, text="Spørg hr. Jensen")
    send(made, area=made.areas["Læsning"].pk, text="Læs hver dag")
    assert "Spørg hr. Jensen" in html(Client().get(link(made.token)))
    note = WorkshopNote.objects.get(text="Spørg hr. Jensen")
    path = reverse("citizens:workshop_note_remove", args=[made.workshop.pk, note.pk])
    assert sign_in(made.other_manager).post(path).status_code == 403
    assert sign_in(made.reader).post(path).status_code == 403
    assert sign_in(factories.municipality().manager).post(path).status_code == 404
    assert WorkshopNote.objects.count() == 2
    assert sign_in(made.manager).post(path).status_code == 302
    text = html(Client().get(link(made.token)))
    assert "Spørg hr. Jensen" not in text and "Læs hver dag" in text
    assert "Jensen" not in str(list(HistoryEntry.objects.values_list("changes", flat=True)))
    elsewhere = Workshop.objects.create(
        unit=made.school, title="Et andet", token_hash="x", closes_on=TODAY, made_by=made.manager
    )
    theirs = elsewhere.focus_areas.create(text="Andet").notes.create(role="leder", text="Bliver")
    here = reverse("citizens:workshop_note_remove", args=[made.workshop.pk, theirs.pk])
    for gone in (path, here):
        assert sign_in(made.manager).post(gone).status_code == 302
    assert set(WorkshopNote.objects.values_list("text", flat=True)) == {"Læs hver dag", "Bliver"}


def test_strangers_and_those_of_other_units(made, sign_in):
    path = reverse("citizens:workshop_close", args=[made.workshop.pk])
    assert sign_in(made.other_manager).post(path).status_code == 403
    assert sign_in(factories.municipality().manager).post(path).status_code == 404


def test_pages_ask_the_same_few_questions_however_much_is_chosen_and_written(made, sign_in):
    client = sign_in(made.reader)
    paths = [reverse("citizens:workshop_detail", args=[made.workshop.pk]), link(made.token)]

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as found:
                assert client.get(path).status_code == 200
            counts.append(len(found))
        return counts

    send(made, area=made.areas["Trivsel"].pk, text="Begynd her")
    send(made, areas=[made.areas["Trivsel"].pk])
    asked()  # what is remembered from the first time
    before = asked()
    for n in range(17):
        area = made.workshop.focus_areas.create(text=f"Område {n}", goal=factories.goal(made.school), is_chosen=True)
        area.notes.create(role="leder", text=f"Skrevet {n}")
        area.votes.create(role="leder", count=n)
    assert asked() == before
