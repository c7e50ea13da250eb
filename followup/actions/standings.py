"""Keeping `GoalStanding` and rolled-up values in step with the values. The only writer of both."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from followup.models import DueValue, GoalStanding, Measurement, Round
from followup.series import Part, RolledUp, roll_up
from followup.standing import standings_of
from followup.status import goal_light
from goals.kinds import GoalState, MissingReason, UnitRollup
from goals.models import Goal, GoalSeries, Series
from organisation.danish import quantise_stored
from organisation.models import Authority, Unit

CHUNK = 500
ROLLED_UP_FIELDS = [
    "period", "value", "numerator", "denominator", "missing", "parts_present", "parts_expected", "is_example",
    "entered_at", "approved_at",
]  # fmt: skip


@transaction.atomic
def refresh_after_values(keys: Collection[tuple[int, date]], *, now: datetime) -> None:
    """After approved values changed (series id, last day of period): roll-ups above them, then goals' lights."""
    changed = {series for series, _ in keys} | roll_up_above(keys, now=now)
    goals = Goal.objects.filter(goal_series__series__in=changed).values_list("pk", flat=True)
    refresh_goals(set(goals), today=timezone.localdate(now))


@transaction.atomic
def refresh_after_round(round_: Round, *, now: datetime) -> None:
    """After a round asked for values or its deadline moved: what is due or overdue decides lights."""
    series = DueValue.objects.filter(submission__round=round_).values("series")
    goals = Goal.objects.filter(goal_series__series__in=series).values_list("pk", flat=True)
    refresh_goals(set(goals), today=timezone.localdate(now))


def refresh_after_drafts(keys: Collection[tuple[int, date]], *, now: datetime) -> None:
    """After drafts came in (series id, last day of period): one that was late is no longer overdue."""
    today = timezone.localdate(now)
    late = DueValue.objects.filter(series__in={series for series, _ in keys}, submission__deadline__lt=today)
    series = {series for series, last in late.values_list("series", "period_end") if (series, last) in keys}
    if series:
        goals = Goal.objects.filter(goal_series__series__in=series).values_list("pk", flat=True)
        refresh_goals(set(goals), today=today)


@transaction.atomic
def refresh_goals(goal_ids: Collection[int], *, today: date) -> None:
    """Compute the goals' lights anew; where one changed, the counts of every goal above.

    The goals and all above are locked first: of two who change values at once, the second sees what the first did.
    """
    if not goal_ids:
        return
    known = _locked_standings(Goal.objects.above(*goal_ids).values_list("pk", flat=True))
    new = {pk for pk, standing in known.items() if not standing.light}
    lights = goal_lights(sorted(known.keys() & set(goal_ids) | new), today=today)
    changed = [pk for pk, light in lights.items() if known[pk].light != light]
    if not changed:
        return
    for pk in changed:
        known[pk].light = lights[pk]
    GoalStanding.objects.bulk_update([known[pk] for pk in changed], ["light"], batch_size=2000)
    refresh_counts_above(changed)


def _locked_standings(goal_ids: Iterable[int]) -> dict[int, GoalStanding]:
    """The standings of the goals, made where there is none, held in one order until the transaction ends."""
    ids = sorted(goal_ids)
    there = set(GoalStanding.objects.filter(pk__in=ids).values_list("pk", flat=True))
    GoalStanding.objects.bulk_create(
        [GoalStanding(goal_id=pk, light="") for pk in ids if pk not in there], ignore_conflicts=True, batch_size=2000
    )
    return {one.pk: one for one in GoalStanding.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


@transaction.atomic
def goals_were_changed(goal_ids: set[int], now: datetime) -> None:
    """After goals were edited, adopted, closed or moved: their lights, and the counts of them and of all above."""
    refresh_goals(goal_ids, today=timezone.localdate(now))
    refresh_counts_above(goal_ids, strictly=False)


@transaction.atomic
def rollups_were_changed(indicator_ids: set[int], now: datetime) -> None:
    """After series were added, or how they are added up was changed: every rolled-up value of the indicators anew."""
    rolled_up = Series.objects.filter(indicator__in=indicator_ids, is_rolled_up=True)
    rolled_up = list(rolled_up.exclude(indicator__unit_rollup=UnitRollup.NONE).select_related("indicator", "unit"))
    parents = _parents_above(rolled_up)
    _hold([one.pk for one in rolled_up])
    for series in sorted(rolled_up, key=lambda one: -len(_path(one.unit_id, parents))):
        values = Measurement.objects.approved().filter(series__in=[part.pk for part in parts_of(series)])
        roll_up_series(series, set(values.values_list("period_end", flat=True)), now=now)
    goals = Goal.objects.filter(goal_series__series__in=rolled_up).values_list("pk", flat=True)
    refresh_goals(set(goals), today=timezone.localdate(now))


def series_have_values(series_ids: list[int]) -> bool:
    """Whether any of the series has a value, approved or not."""
    return Measurement.objects.filter(series__in=series_ids).exists()


def goal_lights(goal_ids: Sequence[int], *, today: date) -> dict[int, str]:
    """The computed light of each goal: the worst of its prioritised series."""
    links = GoalSeries.objects.filter(goal__in=goal_ids).order_by("rank", "pk")
    by_goal: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for goal, series, prioritised in links.values_list("goal", "series", "is_prioritised"):
        by_goal[goal].append((series, prioritised))
    series_ids = sorted({series for links_of_goal in by_goal.values() for series, _ in links_of_goal})
    lights = {}
    for start in range(0, len(series_ids), CHUNK):
        chunk = Series.objects.filter(pk__in=series_ids[start : start + CHUNK]).select_related("indicator")
        for pk, standing in standings_of(list(chunk), until=today, today=today).items():
            lights[pk] = standing.light
    return {
        goal: goal_light([(lights[series], prioritised) for series, prioritised in by_goal[goal]])[0].value
        for goal in goal_ids
    }


def refresh_counts_above(goal_ids: Iterable[int], *, strictly: bool = True) -> None:
    """Count anew, from their children upward, every goal above these (and these too unless `strictly`).

    Locks them in one order: no deadlock.
    """
    chain = Goal.objects.above(*goal_ids, strictly=strictly)
    parents = dict(chain.values_list("pk", "parent"))
    _locked_standings(parents)
    for level in reversed(_levels(parents)):
        children = defaultdict(list)
        rows = Goal.objects.filter(parent__in=level).select_related("standing")
        for child in rows:
            children[child.parent_id].append(child)
        standings = [GoalStanding(goal_id=pk, below=_count(children[pk])) for pk in level]
        GoalStanding.objects.bulk_update(standings, ["below"])


def _levels(parents: dict[int, int | None]) -> list[list[int]]:
    """The goals of a chain by depth, topmost first."""
    depth: dict[int, int] = {}

    def depth_of(pk: int) -> int:
        if pk not in depth:
            parent = parents[pk]
            depth[pk] = depth_of(parent) + 1 if parent in parents else 0
        return depth[pk]

    levels: dict[int, list[int]] = defaultdict(list)
    for pk in parents:
        levels[depth_of(pk)].append(pk)
    return [sorted(levels[at]) for at in sorted(levels)]


def _count(children: Iterable[Goal]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for child in children:
        standing = getattr(child, "standing", None)
        if standing is None:
            continue
        if child.state == GoalState.ADOPTED:
            counts[standing.light] += 1
        counts.update(standing.below)
    return dict(counts)


@transaction.atomic
def rebuild_standings(authority: Authority, *, today: date) -> None:
    """Compute every light and count of the authority anew: after a large import, and for `integrity`."""
    _locked_standings(authority.goals.values_list("pk", flat=True))
    rows = computed_standings(authority, today=today)
    GoalStanding.objects.bulk_create(
        [GoalStanding(goal_id=pk, light=light, below=below) for pk, (light, below) in rows.items()],
        update_conflicts=True,
        unique_fields=["goal"],
        update_fields=["light", "below"],
        batch_size=2000,
    )


def computed_standings(authority: Authority, *, today: date) -> dict[int, tuple[str, dict[str, int]]]:
    """What every goal's stored light and counts ought to be."""
    goals = {pk: (parent, state) for pk, parent, state in authority.goals.values_list("pk", "parent", "state")}
    lights: dict[int, str] = {}
    ids = list(goals)
    for start in range(0, len(ids), CHUNK):
        lights |= goal_lights(ids[start : start + CHUNK], today=today)
    below: dict[int, Counter[str]] = {pk: Counter() for pk in ids}
    for level in reversed(_levels({pk: parent for pk, (parent, _) in goals.items()})):
        for pk in level:
            parent, state = goals[pk]
            if parent in below:
                below[parent].update(below[pk])
                if state == GoalState.ADOPTED:
                    below[parent][lights[pk]] += 1
    return {pk: (lights[pk], dict(below[pk])) for pk in ids}


def roll_up_above(keys: Collection[tuple[int, date]], *, now: datetime) -> set[int]:
    """Compute the rolled-up series above the given values anew, nearest first; ids of those that changed."""
    entered = Series.objects.filter(pk__in={series for series, _ in keys})
    entered = list(entered.exclude(indicator__unit_rollup=UnitRollup.NONE).select_related("unit"))
    found = Series.objects.filter(indicator__in={one.indicator_id for one in entered}, is_rolled_up=True)
    over = {(one.indicator_id, one.unit_id): one for one in found.select_related("indicator", "unit")}
    if not over:
        return set()
    parents = _parents_above(entered)
    periods: dict[int, set[date]] = defaultdict(set)
    for series, last in keys:
        periods[series].add(last)
    above: dict[int, tuple[Series, set[date]]] = {}
    for one in entered:
        for unit in _path(one.unit_id, parents)[1:]:
            if (one.indicator_id, unit) in over:
                series = over[one.indicator_id, unit]
                above.setdefault(series.pk, (series, set()))[1].update(periods[one.pk])
    _hold(above)
    # Lowest units first: a value may be made of others that are rolled up too.
    for series, ends in sorted(above.values(), key=lambda pair: -len(_path(pair[0].unit_id, parents))):
        roll_up_series(series, ends, now=now)
    return set(above)


def _parents_above(series: Iterable[Series]) -> dict[int, int | None]:
    """The unit above each unit on the way from the series to the top."""
    units = {one.unit_id: one.unit for one in series}
    return dict(Unit.objects.above(*units.values()).values_list("pk", "parent"))


def _path(unit: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """The unit's id and those above it."""
    path = []
    while unit is not None and unit in parents:
        path.append(unit)
        unit = parents[unit]
    return path


def _hold(series_ids: Iterable[int]) -> None:
    """Hold rolled-up series until the transaction ends, in one order.

    Of two that approve parts at once, the second sees the first's.
    """
    held = Series.objects.select_for_update(no_key=True).filter(pk__in=list(series_ids))
    list(held.order_by("pk").values_list("pk", flat=True))


def parts_of(series: Series) -> list[Series]:
    """The series that a rolled-up one is made of: same indicator, nearest units below that have one."""
    below = Unit.objects.below(series.unit, strictly=True)
    units = dict(below.values_list("pk", "parent"))
    found = Series.objects.filter(indicator=series.indicator_id, unit__in=list(units)).select_related("unit")
    candidates = {one.unit_id: one for one in found}

    def is_nearest(unit_id: int) -> bool:
        parent = units[unit_id]
        while parent in units:
            if parent in candidates:
                return False
            parent = units[parent]
        return True

    return [one for unit_id, one in sorted(candidates.items()) if is_nearest(unit_id)]


def roll_up_series(series: Series, ends: Collection[date], *, now: datetime) -> None:
    """Compute and store the rolled-up values of periods that end so, from what is present; none where nothing is."""
    parts = parts_of(series)
    present: dict[date, dict[int, Measurement]] = {last: {} for last in ends}
    rows = Measurement.objects.approved().filter(series__in=[part.pk for part in parts], period_end__in=ends)
    for row in rows:
        present[row.period_end][row.series_id] = row
    made, empty = [], []
    for last, stored in sorted(present.items()):
        fields = rolled_up_from(series, parts, stored, last)
        if fields is None:
            empty.append(last)
        else:
            common = {"authority_id": series.authority_id, "entered_at": now, "approved_at": now}
            made.append(Measurement(series=series, period_end=last, **common, **fields))
    Measurement.objects.filter(series=series, period_end__in=empty).delete()
    Measurement.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["series", "period_end"], update_fields=ROLLED_UP_FIELDS
    )


def rolled_up_from(
    series: Series, parts: Sequence[Series], stored: Mapping[int, Measurement], last: date
) -> dict[str, Any] | None:
    """What the stored roll-up of a period ought to be, field by field; None when no part is in.

    `stored`: the approved values of the period by series.
    """
    if not stored:
        return None
    result = roll_up(
        [_part(stored.get(part.pk)) for part in parts if part.pk in stored or _is_kept(part, last)],
        UnitRollup(series.indicator.unit_rollup),
        series.indicator.factor,
    )
    # A part that is itself under way counts, but is not in yet.
    under_way = sum(1 for row in stored.values() if row.is_provisional and row.value is not None)
    return {
        "period": next(iter(stored.values())).period,
        "value": _quantised(result.value),
        "numerator": _quantised(result.numerator),
        "denominator": _quantised(result.denominator),
        "missing": _why_none(result),
        "parts_present": result.n_present - under_way,
        "parts_expected": result.n_expected,
        "is_example": any(row.is_example for row in stored.values()),
    }


def _is_kept(series: Series, day: date) -> bool:
    """Whether a value of the series can be expected on the day: it and its unit have begun and not ended."""
    unit = series.unit
    ends = [last for last in (series.last_day, unit.valid_to) if last is not None]
    return unit.valid_from <= day and all(day <= last for last in ends)


def _quantised(value: Decimal | None) -> Decimal | None:
    return None if value is None else quantise_stored(value)


def _why_none(result: RolledUp) -> str:
    if result.value is not None:
        return ""
    return MissingReason.NOT_REPORTED if result.n_expected else MissingReason.NOT_APPLICABLE


def _part(measurement: Measurement | None) -> Part:
    if measurement is None:
        return Part()
    missing = MissingReason(measurement.missing) if measurement.missing else None
    return Part(measurement.value, measurement.numerator, measurement.denominator, missing)
