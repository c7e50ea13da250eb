"""A goal with a thousand below it moves and closes in as many questions as one with none, with its history whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.standings import rebuild_standings
from followup.integrity import faults
from followup.models import GoalStanding
from goals.actions.decisions import DecisionMade
from goals.actions.goals import close_goal, move_goal
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from organisation.models import HistoryEntry
from tests import factories

NOW = factories.NOW


@pytest.fixture(params=[0, 10])
def many(request, town):
    """A goal that so many serve, each served by as many, each by as many: 1,110 in all; every tenth helps across."""
    town.first, town.second = factories.goal(town.council), factories.goal(town.council)
    town.moved = factories.goal(town.committee, town.first)
    common = {"authority": town.authority, "state": GoalState.ADOPTED, "adopted_by": town.moved.adopted_by}
    level, town.below = [town.moved], []
    for _ in range(3):
        level = Goal.objects.bulk_create(
            Goal(title="Mål", short_name="Mål", owner_unit=town.school, parent=above, **common)
            for above in level
            for _ in range(request.param)
        )
        town.below += level
    Contribution.objects.bulk_create(Contribution(goal=goal, to_goal=town.second) for goal in town.below[::10])
    rebuild_standings(town.authority, today=factories.TODAY)
    return town


SEEN: dict[str, int] = {}


def counted(name: str, do) -> None:
    with CaptureQueriesContext(connection) as asked:
        do()
    assert SEEN.setdefault(name, len(asked)) == len(asked) <= 30


@pytest.mark.xdist_group("query_counts")
def test_moved_and_closed(many):
    before = HistoryEntry.objects.count()
    goal = Goal.objects.get(pk=many.moved.pk)
    counted("move", lambda: move_goal(goal, many.second, version=1, by=many.consultant, now=NOW))
    below = {"nodata": len(many.below) + 1}
    assert GoalStanding.objects.get(goal=many.second).below == below
    assert GoalStanding.objects.get(goal=many.first).below == {}
    made = DecisionMade(body=many.council, date=factories.TODAY, reference="punkt 9")
    goal = Goal.objects.get(pk=many.moved.pk)
    counted("close", lambda: close_goal(goal, made, reason="Nået", by=many.consultant, now=NOW))
    assert GoalStanding.objects.get(goal=many.second).below == ({"nodata": len(many.below)} if many.below else {})
    entries = HistoryEntry.objects.about(many.moved)
    assert [(one.verb, one.by, one.reason) for one in entries.order_by("pk")] == [
        ("moved", many.consultant, ""),
        ("closed", many.consultant, "Nået"),
    ]
    assert HistoryEntry.objects.count() == before + 2
    assert Goal.objects.filter(pk__in=[one.pk for one in many.below], state=GoalState.ADOPTED).count() == len(
        many.below
    )
    assert [line for check, line in faults(factories.TODAY) if check == "standings"] == []
