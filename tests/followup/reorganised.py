"""Units merged and split in the middle of a period, and what must be as it was."""

from datetime import date
from decimal import Decimal

import pytest

from followup.actions.reorganising import Refused, merge_units, split_unit
from followup.actions.standings import rebuild_standings, rollups_were_changed
from followup.goal_views import goal_views
from followup.models import Measurement, Revision, Submission
from followup.status import Light
from goals.kinds import GoalState, UnitRollup
from goals.models import Goal, GoalSeries, Series
from organisation.models import Unit
from tests import factories

NOW, TODAY = factories.NOW, factories.TODAY  # 10 August 2026
DAY = date(2026, 8, 1)  # in the middle of the third quarter
BEFORE = [date(2026, 3, 31), date(2026, 6, 30)]


def new_unit(town, name: str, code: str, **fields) -> Unit:
    defaults = {"authority": town.authority, "parent": town.department, "kind": "institution", "valid_from": DAY}
    return Unit(name=name, code=code, **{**defaults, **fields})


def number(town, unit, goal, value, *, of=None) -> Series:
    """A series of the unit that decides the goal, with a target and two quarters behind it."""
    of = of or town.share
    series = factories.series(of, unit, goal, baseline_period="2025K4", baseline_value=Decimal(10))
    GoalSeries.objects.filter(series=series).update(is_prioritised=True)
    factories.target(series, "2026K4", 20)
    for period, one in (("2026K1", 12), ("2026K2", value)):
        factories.measurement(series, period, one)
    return series


def two_schools(town):
    """Two schools with a goal and a number each that the department adds up; the first has a second goal."""
    town.share = factories.indicator(town.authority, name="Trivsel", unit_rollup=UnitRollup.NONE, decimals=1)
    town.count_of = factories.indicator(town.authority, name="Elever", unit_rollup=UnitRollup.SUM, decimals=0)
    town.above = factories.goal(town.department)
    town.goal, town.other_goal = (factories.goal(one, town.above) for one in (town.school, town.other_school))
    town.second = factories.goal(town.school, town.above)
    town.closed = factories.goal(town.school, town.above, state=GoalState.CLOSED)
    town.series = number(town, town.school, town.goal, 19)
    town.other_series = number(town, town.other_school, town.other_goal, 2)
    town.counted = number(town, town.school, town.second, 30, of=town.count_of)
    town.other_counted = number(town, town.other_school, town.other_goal, 40, of=town.count_of)
    town.total = factories.series(town.count_of, town.department, town.above, is_rolled_up=True)
    factories.target(town.total, "2026K4", 90)
    rollups_were_changed({town.count_of.pk}, NOW)
    rebuild_standings(town.authority, today=TODAY)
    return town


def lights_at(day: date, *goals: Goal) -> list[Light]:
    views = goal_views(list(Goal.objects.filter(pk__in=[one.pk for one in goals]).order_by("pk")), until=day, today=day)
    return [view.light for view in views]


def past(town) -> dict:
    """What must not change: values, corrections, reports to rounds, roll-ups, and lights at earlier days."""
    goals = [town.above, town.goal, town.other_goal, town.second, town.closed]
    return {
        "values": list(Measurement.objects.order_by("pk").values()),
        "revisions": list(Revision.objects.order_by("pk").values()),
        "reports": list(Submission.objects.filter(round__period_end__lt=DAY).order_by("pk").values()),
        "lights": [lights_at(day, *goals) for day in BEFORE],
        "today": lights_at(TODAY, *goals),
    }


def merged(town, **fields) -> Unit:
    into = new_unit(town, "Fjordskolen", "FJ", **fields)
    return merge_units([town.school, town.other_school], into, DAY, by=town.consultant, now=NOW)


def split(town, **goals) -> list[Unit]:
    parts = [new_unit(town, "Bakkeskolen Nord", "BN"), new_unit(town, "Bakkeskolen Syd", "BS")]
    placed = {town.goal.pk: 0, town.second.pk: 1} | goals
    return list(split_unit(town.school, parts, DAY, goals=placed, by=town.consultant, now=NOW))


def refusal(place, units, into, day=DAY) -> str:
    with pytest.raises(Refused) as refused:
        merge_units(units, into, day, by=place.consultant, now=NOW)
    place.school.refresh_from_db()
    assert place.school.valid_to is None or place.school.valid_to < DAY
    return refused.value.key
