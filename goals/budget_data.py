"""What the pages about few goals ask the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from goals.budget import Compared, Meter, UnitCount, ceiling_of, fewer_below, overlaps
from goals.kinds import GoalState
from goals.models import Goal, GoalSeries
from organisation.models import Authority, Unit, UnitKind
from organisation.models.unit import BODY_KINDS


@dataclass(frozen=True, slots=True)
class UnitMeter:
    """A unit with its meter, and the nearest unit above with more goals, if it has fewer."""

    unit: Unit
    meter: Meter
    above: Unit | None = None
    goals_above: int = 0


def counted(units: QuerySet[Unit]) -> list[Unit]:
    """The units with their ceiling and `goal_count`, bodies first, then as the organisation lists them."""
    in_force = Count("goals", filter=Q(goals__state=GoalState.ADOPTED))
    found = units.select_related("goal_budget").annotate(goal_count=in_force).order_by("position", "name", "pk")
    return sorted(found, key=lambda unit: unit.kind not in BODY_KINDS)


def meter_in(unit: Unit) -> Meter:
    """The meter of a unit of `counted`. No query."""
    budget = getattr(unit, "goal_budget", None)
    is_council = unit.kind == UnitKind.COUNCIL
    most = ceiling_of(budget.most if budget else None, is_set=budget is not None, is_council=is_council)
    return Meter(unit.goal_count, most)


def meters(authority: Authority, today: date) -> list[UnitMeter]:
    """Every unit of the authority with its meter and whether it has fewer goals than above."""
    units = counted(Unit.objects.filter(authority=authority).valid(today))
    by_id = {unit.pk: unit for unit in units}
    fewer = {one.unit: one for one in fewer_below([UnitCount(u.pk, u.parent_id, u.goal_count) for u in units])}
    return [_with_level(unit, fewer, by_id) for unit in units]


def _with_level(unit: Unit, fewer: dict, by_id: dict[int, Unit]) -> UnitMeter:
    one = fewer.get(unit.pk)
    if one is None:
        return UnitMeter(unit, meter_in(unit))
    return UnitMeter(unit, meter_in(unit), by_id[one.above], one.goals_above)


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Two goals that may be one, and why."""

    first: Goal
    second: Goal
    reasons: tuple[str, ...]
    is_in_one_unit: bool


def overlap_rows(authority: Authority) -> list[OverlapRow]:
    """The authority's goals in force that may be one, the most alike first. Two queries."""
    goals = {goal.pk: goal for goal in Goal.objects.adopted().filter(authority=authority).select_related("owner_unit")}
    return [
        OverlapRow(goals[one.first], goals[one.second], tuple(map(str, one.reasons)), one.is_in_one_unit)
        for one in overlaps(compared(goals.values()))
    ]


def compared(goals: Iterable[Goal]) -> list[Compared]:
    """The goals as they are compared. One query."""
    goals = list(goals)
    series: dict[int, set[int]] = defaultdict(set)
    for goal_id, series_id in GoalSeries.objects.filter(goal__in=goals).values_list("goal", "series"):
        series[goal_id].add(series_id)
    return [Compared(g.pk, g.owner_unit_id, g.parent_id, g.title, frozenset(series[g.pk])) for g in goals]
