"""Checking the series and targets of a load, against the indicators, units and goals they name."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from goals.actions.events import series_have_values
from goals.kinds import Direction, ToleranceKind, UnitRollup
from goals.loading_check import Check
from goals.loading_plan import Change, applied
from goals.loading_rows import Row
from goals.models import Goal, GoalSeries, Indicator, Series, Target
from goals.models.series import SERIES_FIELDS
from goals.periods import PeriodError, PeriodKind, last_of, parse_period
from organisation.models import Unit


def check_series(check: Check, rows: Iterable[Row]) -> None:
    """Once every indicator and goal of the file is known."""
    stored = GoalSeries.objects.filter(goal__authority=check.authority)
    known = {(link.goal_id, link.series_id): link for link in stored}
    for row in rows:
        _series(check, row, known)


def check_targets(check: Check, rows: Iterable[Row]) -> None:
    """Once every series of the file is known."""
    in_force = Target.objects.in_force().filter(series__authority=check.authority)
    targets = {(one.series_id, one.period_end): one for one in in_force}
    for row in rows:
        _target(check, row, targets)


def _series(check: Check, row: Row, known: Mapping[tuple[int, int], GoalSeries]) -> None:
    check.fits(row, Series, SERIES_FIELDS)
    indicator: Indicator | None = check.find(row, "indicator", check.indicators, "unknown_indicator")
    unit: Unit | None = check.find(row, "unit", check.units, "unknown_unit")
    goals = _goals_of(check, row)
    if indicator is None or unit is None:
        return
    key = (indicator.pk or indicator.code, unit.pk)
    stored = check.series.get(key)
    series = stored or Series(authority=check.authority, indicator=indicator, unit=unit)
    before = applied(series, {name: row.get(name) for name in SERIES_FIELDS if name in row.cells})
    _check_settings(check, row, series, indicator)
    if stored is not None and "is_rolled_up" in before and series_have_values([stored.pk]):
        check.refuse(row, "is_rolled_up", "in_use")
    check.series[key] = series
    change = Change(row, series, before, is_new=stored is None)
    check.plan.series.append(change)
    for goal in goals:
        link = known.get((goal.pk, series.pk)) if goal.pk and series.pk else None
        asked = {name: row.get(name) for name in ("rank", "is_prioritised") if name in row.cells}
        is_new = link is None
        link = link or GoalSeries(goal=goal, series=series)
        link_before = applied(link, asked)
        check.plan.links.append(Change(row, link, link_before, is_new=is_new))
        if is_new or link_before:
            change.touches = True


def _goals_of(check: Check, row: Row) -> list[Goal]:
    goals = []
    for code in row.get("goals", ()):
        if code in check.goals:
            goals.append(check.goals[code])
        else:
            near = get_close_matches(code, check.goals, 1, 0.6)
            check.refuse(row, "goals", "unknown_goal", near[0] if near else "")
    return goals


def _check_settings(check: Check, row: Row, series: Series, indicator: Indicator) -> None:
    if bool(series.baseline_period) != (series.baseline_value is not None):
        check.refuse(row, "baseline_value" if series.baseline_period else "baseline_period", "half_baseline")
    elif series.baseline_period and not _suits(series.baseline_period, indicator):
        check.refuse(row, "baseline_period", "period_kind")
    is_share = series.tolerance_kind == ToleranceKind.SHARE
    if series.tolerance is not None and (series.tolerance < 0 or (is_share and series.tolerance > 1)):
        check.refuse(row, "tolerance", "tolerance")
    if is_share and indicator.direction == Direction.RANGE:
        check.refuse(row, "tolerance_kind", "range_share")
    if series.is_rolled_up and indicator.unit_rollup == UnitRollup.NONE:
        check.refuse(row, "is_rolled_up", "no_rollup")


def _target(check: Check, row: Row, in_force: dict[tuple[int, date], Target]) -> None:
    check.fits(row, Target, ["reason"])
    indicator: Indicator | None = check.find(row, "indicator", check.indicators, "unknown_indicator")
    unit: Unit | None = check.find(row, "unit", check.units, "unknown_unit")
    decided = check.decision(row, "decided")
    if indicator is None or unit is None:
        return
    series = check.series.get((indicator.pk or indicator.code, unit.pk))
    if series is None:
        check.refuse(row, "unit", "unknown_series")
        return
    period = parse_period(row.get("period"))
    asked = {name: row.get(name) for name in ("value", "low", "high")}
    if not _suits(period.code, indicator):
        check.refuse(row, "period", "period_kind")
    if not _is_whole(check, row, indicator, asked):
        return
    current = in_force.get((series.pk, period.last)) if series.pk else None
    if current is not None and all(getattr(current, name) == value for name, value in asked.items()):
        check.plan.targets.append(Change(row, current, {}, is_new=False))
        return
    if current is not None and decided is None and series.pk in check.decided_series:
        check.refuse(row, "decided_body", "target_needs_decision")
    if series.pk in check.shared_series:
        check.refuse(row, "unit", "target_needs_owners")
    target = Target(series=series, period=period.code, period_end=period.last, **asked)
    target.decision, target.reason = decided, row.get("reason") or ""
    target.set_at, target.set_by = check.now, check.by
    before = {"superseded": current} if current is not None else {}
    check.plan.targets.append(Change(row, target, before, is_new=current is None))


def _is_whole(check: Check, row: Row, indicator: Indicator, asked: Mapping[str, Any]) -> bool:
    """Whether the target has what the indicator's direction asks for: a number, or both ends of a range."""
    is_range = indicator.direction == Direction.RANGE
    needed, unused = (("low", "high"), ("value",)) if is_range else (("value",), ("low", "high"))
    for name in needed:
        if asked[name] is None:
            check.refuse(row, name, "target_range" if is_range else "target_value")
            return False
    for name in unused:
        if asked[name] is not None:
            check.refuse(row, name, "target_range" if is_range else "target_value")
            return False
    if is_range and asked["high"] < asked["low"]:
        check.refuse(row, "high", "ends")
        return False
    return True


def _suits(code: str, indicator: Indicator) -> bool:
    """Whether a series of the indicator can have a point in the period."""
    try:
        last_of(PeriodKind(indicator.frequency), parse_period(code))
    except PeriodError:
        return False
    return True
