"""Pages and saves ask the database the same few questions however much there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.rounds import open_round
from goals.kinds import ValueKind
from tests import factories

MOST, MOST_FOR_A_CELL, MOST_FOR_A_PASTE = 12, 10, 15


def fill(town, goals: int) -> None:
    """So many goals at each level with two measured series each, and values over two years."""
    indicators = [factories.indicator(town.authority) for _ in range(2)]
    for unit, parent in ((town.council, None), (town.committee, "council"), (town.school, "committee")):
        made = []
        for n in range(goals):
            goal = factories.goal(unit, town.goals[parent][n % len(town.goals[parent])] if parent else None, rank=n + 1)
            for indicator in indicators if n == 0 else []:
                series = factories.series(indicator, unit, goal, baseline_period="2024K1", baseline_value=10)
                factories.target(series, "2027K4", 20)
                for period in ("2025K1", "2025K2", "2025K3", "2025K4", "2026K1"):
                    factories.measurement(series, period, 12)
            made.append(goal)
        town.goals[{town.council: "council", town.committee: "committee"}.get(unit, "school")] = made
    for n in range(goals):
        indicator = factories.indicator(town.authority, name=f"Målt {n}")
        series = factories.series(indicator, town.school, town.goals["school"][n])
        factories.measurement(series, "2025K4", 12)


@pytest.fixture(params=[3, 30])
def filled(request, town):
    town.goals = {}
    fill(town, request.param)
    return town


def count(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


SEEN: dict[str, int] = {}


@pytest.mark.xdist_group("query_counts")
@pytest.mark.parametrize("name", ["overview", "council", "body", "goal", "series", "unit", "tree"])
def test_a_page_asks_at_most_twelve_questions(filled, sign_in, name):
    top, middle = filled.goals["council"][0], filled.goals["committee"][0]
    path = {
        "overview": "/",
        "council": reverse("followup:body_detail", args=[filled.council.pk]),
        "body": reverse("followup:body_detail", args=[filled.committee.pk]),
        "goal": reverse("followup:goal_detail", args=[middle.pk]),
        "series": reverse("followup:series_detail", args=[top.goal_series.all()[0].series_id]),
        "unit": reverse("followup:unit_detail", args=[filled.school.pk]),
        "tree": reverse("followup:goal_list"),
    }[name]
    asked = count(sign_in(filled.consultant), path)
    assert asked <= MOST
    assert SEEN.setdefault(name, asked) == asked


@pytest.mark.xdist_group("query_counts")
def test_saving_asks_few_questions(filled, sign_in):
    today = factories.date.today()
    for _ in range(31):
        indicator = factories.indicator(filled.authority, value_kind=ValueKind.NUMBER)
        factories.series(indicator, filled.school, filled.goals["school"][0])
    round_ = factories.round_(
        filled.committee,
        opens=today,
        entry_deadline=today,
        approval_deadline=today,
        meeting_date=today + timedelta(days=9),
    )
    open_round(round_, by=filled.consultant, now=factories.NOW)
    cells = list(round_.submissions.get(unit=filled.school).due_values.values_list("pk", flat=True))
    client = sign_in(filled.manager)
    url = reverse("followup:entry_save", args=[round_.pk, filled.school.pk])
    for chosen, most in ((cells[:1], MOST_FOR_A_CELL), (cells[1:31], MOST_FOR_A_PASTE)):
        body = {key: value for pk in chosen for key, value in ((f"v-{pk}", "12,5"), (f"x-{pk}", ""))}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url, body, headers={"HX-Request": "true"}).status_code == 200
        asked = sum(1 for one in captured if "SAVEPOINT" not in one["sql"])
        assert asked <= most, [one["sql"][:80] for one in captured]
        assert SEEN.setdefault(f"saving {len(chosen)}", asked) == asked
