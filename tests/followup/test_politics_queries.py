"""The political pages ask the database the same few questions for 2 rows and for 50."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.models import Action, Assessment, RoundState
from tests import factories
from tests.factories import NOW, TODAY

MOST = 15
FEW, MANY = 2, 50
CLOSED = {"is_closed": True, "closed_reason": "Priser", "public_title": "Sag om indkøb"}


def fill(town, count: int) -> None:
    """So many goals, items, decisions with actions, and questions; every other one closed."""
    factories.round_(
        town.committee, "2026K1", opens=date(2026, 4, 1), entry_deadline=date(2026, 5, 1),
        approval_deadline=date(2026, 5, 8), meeting_date=date(2026, 6, 2), state=RoundState.CLOSED,
    )  # fmt: skip
    town.round = factories.round_(town.committee, state=RoundState.READY)
    indicator = factories.indicator(town.authority)
    for n in range(count):
        closed = CLOSED if n % 2 else {}
        top = factories.goal(town.council)
        goal = factories.goal(town.committee, top, rank=n + 1)
        series = factories.series(indicator if n == 0 else factories.indicator(town.authority), town.committee, goal)
        for period in ("2026K1", "2026K2"):
            factories.measurement(series, period, 7)
        Assessment.objects.create(round=town.round, goal=goal, why="Influenza", written_by=town.head, written_at=NOW)
        decision = factories.decision(
            town.committee, date=date(2026, 6, 2), leads_to="action", responsible=town.head, title=f"Nr. {n}", **closed
        )
        factories.agenda_item(town.round, decision=decision if n % 3 == 0 else None, goal=goal, **closed)
        Action.objects.create(
            authority=town.authority, unit=town.school, goal=goal, decision=decision, what="Ring", owner=town.manager,
            due_date=TODAY, created_by=town.head, created_at=NOW,
        )  # fmt: skip
        answered = {"answer": "Ja.", "answered_by": town.head, "answered_at": NOW} if n % 2 else {}
        factories.question(town.committee, town.head, goal=goal, asked_by=town.politician, **answered, **closed)


@pytest.fixture(params=[FEW, MANY])
def filled(request, town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    fill(town, request.param)
    return town


SEEN: dict[tuple[str, str], int] = {}


@pytest.mark.xdist_group("politics_queries")
@pytest.mark.parametrize("who", ["politician", "consultant", "reader"])
@pytest.mark.parametrize(
    "name", ["meeting", "meetings", "decisions", "pending", "questions", "mine", "decision", "item"]
)
def test_a_page_asks_at_most_fifteen_questions(filled, sign_in, name, who):
    path = {
        "meeting": reverse("followup:meeting_detail", args=[filled.committee.pk, filled.round.pk]),
        "meetings": reverse("followup:meeting_list", args=[filled.committee.pk]),
        "decisions": reverse("followup:decision_list"),
        "pending": reverse("followup:decision_list") + "?status=aaben&periode=2026&udfald=approved",
        "questions": reverse("followup:question_list"),
        "mine": reverse("followup:question_list") + "?mine=1",
        "decision": reverse(
            "followup:decision_detail", args=[filled.committee.decisions.filter(is_closed=False)[0].pk]
        ),
        "item": reverse("followup:agenda_item_detail", args=[filled.round.agenda_items.filter(is_closed=False)[0].pk]),
    }[name]
    client = sign_in(getattr(filled, who))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    assert len(captured) <= MOST, "\n".join(one["sql"][:160] for one in captured)
    assert SEEN.setdefault((name, who), len(captured)) == len(captured)


def test_a_page_holds_fifty(town, sign_in):
    for n in range(51):
        factories.decision(town.committee, date=date(2026, 1, 1) + timedelta(days=n))
    page = sign_in(town.politician).get(reverse("followup:decision_list")).context["page"]
    assert (len(page.object_list), page.paginator.num_pages) == (50, 2)
