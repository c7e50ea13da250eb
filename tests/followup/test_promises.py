"""Where a promise went: the register, a document, all promises, and a goal's own page."""

import pytest
from django.urls import reverse

from followup.models import GoalStanding
from goals.kinds import GoalState
from goals.models import GoalArea, Promise, ServiceArea, SteeringDocument
from tests import factories
from tests.followup.flow import html


@pytest.fixture
def place(town, clock):
    """A strategy with a promise that became a goal, one that became a draft only, and one that became nothing."""
    town.document = SteeringDocument.objects.create(
        authority=town.authority, body=town.council, title="Strategi 2028", kind="strategy",
        decided_on=factories.date(2026, 1, 28), file=b"%PDF-1.7", filename="s.pdf", file_kind="pdf", pages=9,
    )  # fmt: skip
    town.goal = factories.goal(town.committee, title="Færre er væk")
    GoalStanding.objects.create(goal=town.goal, light="atrisk")
    town.draft = factories.goal(town.school, title="Endnu en kladde", state=GoalState.DRAFT)
    for page, text, goals in (
        (2, "Flere i skole", [town.goal]),
        (5, "Bedre mad", [town.draft]),
        (7, "Nye veje", []),
    ):
        Promise.objects.create(document=town.document, page=page, text=text).goals.set(goals)
    return town


def test_the_register_counts_promises_without_a_goal(place, sign_in):
    text = html(sign_in(place.politician).get("/dokumenter/"))
    assert 'data-th="Løfter">3</td>' in text
    assert 'data-th="Uden mål">2</td>' in text
    assert "Nyt dokument" not in text


def test_a_document_without_promises(place, sign_in):
    SteeringDocument.objects.all().delete()
    factories_document = SteeringDocument.objects.create(
        authority=place.authority, body=place.council, title="Tom", decided_on=factories.TODAY, url="https://x.dk/"
    )
    client = sign_in(place.politician)
    text = html(client.get("/dokumenter/"))
    assert 'data-th="Løfter">0</td>' in text
    assert 'data-th="Uden mål">0</td>' in text
    page = html(client.get(reverse("followup:document_detail", args=[factories_document.pk])))
    assert "Der er ikke skrevet løfter af endnu." in page


def test_a_council_member_sees_where_a_promise_went(place, sign_in):
    text = html(sign_in(place.politician).get("/loefter/"))
    assert "2 af 3 løfter er ikke et mål endnu." in text
    promise, after = text.split("”Flere i skole”")[1].split("”Bedre mad”")
    assert "Færre er væk" in promise
    assert "Kræver opmærksomhed" in promise
    assert f"/dokumenter/{place.document.pk}/fil/#page=2" in promise
    assert "Ikke et mål endnu." in after.split("”Nye veje”")[0]
    assert "Endnu en kladde" not in text
    assert "Vælg mål" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Flere i skole", "Bedre mad", "Nye veje"}),
        ("?blev=uden", {"Bedre mad", "Nye veje"}),
        ("?blev=med", {"Flere i skole"}),
        ("?q=mad", {"Bedre mad"}),
        ("?q=strategi", {"Flere i skole", "Bedre mad", "Nye veje"}),
        ("?dokument={document}", {"Flere i skole", "Bedre mad", "Nye veje"}),
        ("?dokument=999999&blev=x", {"Flere i skole", "Bedre mad", "Nye veje"}),
        ("?q=findes+ikke", set()),
    ],
)
def test_the_address_narrows(place, sign_in, query, shown):
    text = html(sign_in(place.reader).get("/loefter/" + query.format(document=place.document.pk)))
    assert {one for one in ("Flere i skole", "Bedre mad", "Nye veje") if f"”{one}”" in text} == shown


def test_a_goals_page_says_what_it_comes_from(place, sign_in):
    about = ServiceArea.objects.create(authority=place.authority, code="1", name="Skole og klub")
    GoalArea.objects.create(goal=place.goal, area=about)
    client, address = sign_in(place.reader), reverse("followup:goal_comes_from", args=[place.goal.pk])
    assert f'hx-get="{address}"' in html(client.get(reverse("followup:goal_detail", args=[place.goal.pk])))
    piece = html(client.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in piece
    assert all(word in piece for word in ("Kommer fra", "Flere i skole", "Strategi 2028", "side 2", "Skole og klub"))
    assert piece.strip() in html(client.get(address))


def test_a_goal_that_comes_from_nowhere_says_nothing(place, sign_in):
    goal = factories.goal(place.committee)
    address = reverse("followup:goal_comes_from", args=[goal.pk])
    client = sign_in(place.reader)
    assert html(client.get(address, headers={"HX-Request": "true"})).strip() == ""
    assert "Målet er ikke knyttet til et løfte" in html(client.get(address))


def test_a_closed_goal_still_keeps_the_promise(place, sign_in):
    factories.Goal.objects.filter(pk=place.goal.pk).update(
        state=GoalState.CLOSED, closed_by=factories.decision(place.committee)
    )
    text = html(sign_in(place.reader).get("/loefter/?blev=med"))
    assert "Færre er væk" in text
    assert "afsluttet" in text
