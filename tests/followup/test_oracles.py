"""Verdicts and ratios that others published, found again by our own rules. Counts are those the data came with."""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from followup.series import SeriesRule, TargetPoint, growth_ratio, is_past_target
from followup.status import Light, Reading, assess
from goals.kinds import Direction
from goals.periods import PeriodKind, parse_period

DATA = Path(__file__).parent.parent / "data"
NEW_YORK = Path(settings.BASE_DIR) / "malstyring" / "demo" / "data" / "nyc_mmr_indicators.csv"  # whole
YEARS = [str(year) for year in range(2016, 2024)]
DIRECTIONS = {"Up": Direction.HIGHER, "Down": Direction.LOWER, 1: Direction.HIGHER, -1: Direction.LOWER}
PAST_TARGET = {"3-1-1", "3-2-1", "3-2-2", "6-4-2"}


def new_york() -> list[dict[str, str]]:
    with NEW_YORK.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decimals_in(text: str) -> int:
    try:
        exponent = Decimal(text).normalize().as_tuple().exponent
    except InvalidOperation:  # NA
        return 0
    assert isinstance(exponent, int)
    return max(-exponent, 0)


def new_york_light(row: dict[str, str]) -> Light:
    """The light of 2023 against the target of 2023, with the most decimals in the row's own data, at least two."""
    period = parse_period("2023")
    rule = SeriesRule(
        direction=DIRECTIONS[row["Desired.Direction"]],
        kind=PeriodKind.YEAR,
        decimals=max(2, *(decimals_in(row[name]) for name in (*YEARS, "Target.MMR"))),
        targets=(TargetPoint(period, Decimal(row["Target.MMR"])),),
    )
    return assess(rule, Reading(period, Decimal(row["2023"])), date(2024, 3, 1)).light


def test_the_comptrollers_verdicts_in_new_york():
    rows = new_york()
    judged = [row for row in rows if row["Target.MMR"] != "NA"]
    assert (len(rows), len(judged)) == (544, 147)
    lights = {row["ID"]: new_york_light(row) for row in judged}
    assert sum(light is Light.REACHED for light in lights.values()) == 87
    assert sum(light is Light.OFF_TRACK for light in lights.values()) == 60
    differing = [row["ID"] for row in judged if (lights[row["ID"]] is Light.REACHED) != (row["Success"] == "Met_Goal")]
    assert differing == []


def test_one_indicator_of_new_york_by_hand():
    row = next(row for row in new_york() if row["ID"] == "119")
    assert (row["Desired.Direction"], row["Target.MMR"], row["2023"], row["Success"]) == (
        "Down",
        "12",
        "4.5",
        "Met_Goal",
    )
    assert new_york_light(row) is Light.REACHED


def canada() -> list[tuple[str, dict[str, Any]]]:
    """(indicator, its numbers) of every series with a target and a published ratio."""
    text = (DATA / "sdg-canada" / "indicator_calculation_components.yml").read_text(encoding="utf-8")
    found = []
    for code, indicator in yaml.safe_load(text).items():
        series = [one for one in indicator.values() if isinstance(one, dict)]
        found += [(code, one) for one in series if None not in (one.get("target"), one.get("progress_value"))]
    return found


def ratio_of(one: dict[str, Any]) -> float:
    return growth_ratio(
        one["base_value"],
        int(one["base_year"]),
        one["current_value"],
        int(one["current_year"]),
        one["target"],
        int(one["target_year"]),
    )


def test_statistics_canadas_progress_is_compound_growth():
    series = canada()
    assert len(series) == 75
    differing = [code for code, one in series if abs(ratio_of(one) - one["progress_value"]) > 1e-9]
    assert len(series) - len(differing) == 71
    assert sorted(differing) == sorted(PAST_TARGET)
    assert sorted(code for code, one in series if _is_past(one)) == sorted(PAST_TARGET)


def _is_past(one: dict[str, Any]) -> bool:
    return is_past_target(one["base_value"], one["target"], DIRECTIONS[one["direction"]])


def test_where_canada_differs_the_baseline_was_past_the_target():
    for code, one in canada():
        if code in PAST_TARGET:
            assert _is_past(one)
            assert ratio_of(one) == pytest.approx(-one["progress_value"], abs=1e-9)
