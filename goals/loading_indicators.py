"""Checking the indicators of a load: their values, their prices, and that nothing stored is turned over."""

from collections.abc import Iterable
from typing import Any

from goals.actions.events import series_have_values
from goals.kinds import Direction, PriceLevel, TimeRollup, UnitRollup, ValueKind
from goals.loading_check import Check
from goals.loading_plan import Change, applied
from goals.loading_rows import Row
from goals.models import Indicator, Target
from goals.models.indicator import INDICATOR_FIELDS
from goals.prices import price_fault


def check_indicators(check: Check, rows: Iterable[Row]) -> None:
    """The sheet that the others lean on."""
    for row in rows:
        _indicator(check, row)


def _indicator(check: Check, row: Row) -> None:
    check.fits(row, Indicator, ["code", *INDICATOR_FIELDS])
    stored = check.indicators.get(row.get("code"))
    indicator = stored or Indicator(authority=check.authority, code=row.get("code"))
    asked = {name: row.get(name) for name in INDICATOR_FIELDS if name in row.cells}
    frequency, direction = indicator.frequency, indicator.direction
    if asked.get("price_level") == PriceLevel.CURRENT and "price_year" not in asked:
        asked["price_year"] = None  # a blank cell leaves the year alone, but these prices have none
    before = applied(indicator, asked)
    if indicator.value_kind == ValueKind.NUMBER:
        for name, ratio in (("unit_rollup", UnitRollup.RATIO), ("time_rollup", TimeRollup.RATIO)):
            if getattr(indicator, name) == ratio:
                check.refuse(row, name, "needs_ratio")
    if indicator.factor == 0:
        check.refuse(row, "factor", "factor")
    _check_prices(check, row, indicator, before, is_new=stored is None)
    if stored is not None:
        _refuse_turned(check, row, indicator, before, frequency, direction)
    check.indicators[indicator.code] = indicator
    check.plan.indicators.append(Change(row, indicator, before, is_new=stored is None))


def _check_prices(check: Check, row: Row, indicator: Indicator, before: dict[str, Any], *, is_new: bool) -> None:
    """An indicator that is stored stays as it is until its unit of measure or its prices are changed."""
    if not is_new and not {"unit_of_measure", "price_level", "price_year"} & set(before):
        return
    if fault := price_fault(indicator.unit_of_measure, indicator.price_level, indicator.price_year):
        check.refuse(row, fault[0], f"price_{fault[1]}")
    had = before.get("price_level", indicator.price_level)
    if had and {"price_level", "price_year"} & set(before) and _has_values(indicator):
        check.refuse(row, "price_level" if "price_level" in before else "price_year", "in_use")


def _has_values(indicator: Indicator) -> bool:
    return bool(indicator.pk) and series_have_values(list(indicator.series.values_list("pk", flat=True)))


def _refuse_turned(check: Check, row: Row, indicator: Indicator, before: dict[str, Any], frequency, direction) -> None:
    """What stored values, baselines and targets rest on may no longer change."""
    if not {"frequency", "value_kind", "factor", "unit_rollup", "direction"} & set(before):
        return
    series = list(indicator.series.values_list("pk", flat=True))
    has_values = series_have_values(series)
    has_targets = Target.objects.filter(series__in=series).exists()
    has_baseline = indicator.series.exclude(baseline_period="").exists()
    if indicator.frequency != frequency and (has_values or has_targets or has_baseline):
        check.refuse(row, "frequency", "in_use")
    for name in {"value_kind", "factor"} & set(before) if has_values else ():
        check.refuse(row, name, "in_use")
    if indicator.unit_rollup == UnitRollup.NONE and indicator.series.filter(is_rolled_up=True).exists():
        check.refuse(row, "unit_rollup", "in_use")
    if has_targets and indicator.direction != direction and Direction.RANGE in (indicator.direction, direction):
        check.refuse(row, "direction", "in_use")
