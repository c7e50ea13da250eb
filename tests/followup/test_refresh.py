"""Only what an import can have changed is computed anew; what comes out is what computing everything anew gives."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions import standings
from followup.actions.importing import import_values
from followup.actions.rounds import open_round, plan_round
from followup.actions.standings import computed_standings, rebuild_standings
from followup.integrity import faults
from followup.keys import by_series
from followup.models import GoalStanding, Measurement
from followup.series import Part, roll_up
from followup.standing import decided_by, standings_of
from followup.value_files import Incoming
from goals.kinds import MissingReason, UnitRollup
from goals.models import Series
from goals.periods import parse_period
from tests import factories
from tests.followup.test_standings import NOW, TODAY, kept

# Old ones, the one a round asks for, the latest, and one that has not ended.
PERIODS = [parse_period(code) for code in ("2024K1", "2025K2", "2025K4", "2026K1", "2026K2", "2026K3")]


@pytest.fixture
def area(town):
    """Goals at three levels; numbers and shares added up from two schools to department and directorate."""
    it = SimpleNamespace(town=town, entered=[], rolled_up=[])
    top = factories.goal(town.committee)
    goals = {town.directorate: factories.goal(town.directorate, top)}
    for unit, above in (
        (town.department, town.directorate),
        (town.school, town.department),
        (town.other_school, town.department),
    ):
        goals[unit] = factories.goal(unit, goals[above])
    for kind in ("sum", "ratio", "none"):
        value_kind = "ratio" if kind == "ratio" else "number"
        indicator = factories.indicator(town.authority, unit_rollup=kind, value_kind=value_kind)
        for unit, goal in goals.items():
            is_rolled_up = kind != "none" and unit in (town.directorate, town.department)
            one = factories.series(indicator, unit, goal, is_rolled_up=is_rolled_up, tolerance=5)
            factories.target(one, "2026K4", 50)
            (it.rolled_up if is_rolled_up else it.entered).append(one)
    it.round = open_round(factories.round_(town.committee), by=town.consultant, now=NOW)
    rebuild_standings(town.authority, today=TODAY)
    return it


def load(area, values, *, approve=True) -> None:
    import_values(
        values, authority=area.town.authority, filename="tal.csv", sha256="", approve=approve, by=None, now=NOW
    )


def a_file(area, maker: random.Random) -> list[Incoming]:
    """Some of the cells of a table of series and periods."""
    cells = [(series, period) for series in area.entered for period in PERIODS]
    chosen = maker.sample(cells, maker.randint(1, len(cells)))
    return [incoming(series, period, maker, line) for line, (series, period) in enumerate(chosen, 2)]


def incoming(series, period, maker: random.Random, line: int) -> Incoming:
    if maker.random() < 0.2:
        reason = maker.choice([MissingReason.NOT_APPLICABLE, MissingReason.NOT_REPORTED, MissingReason.WITHHELD])
        return Incoming(series.pk, period, None, None, None, reason.value, line)
    number = Decimal(maker.randint(0, 100))
    if series.indicator.value_kind == "ratio":
        return Incoming(series.pk, period, number, number, Decimal(100), "", line)
    return Incoming(series.pk, period, number, None, None, "", line)


def rolled_up_slowly(area) -> dict[tuple[int, date], tuple[object, ...]]:
    """Every rolled-up value, unit by unit from the children upward: each unit here has a series of each indicator."""
    children = defaultdict(list)
    for one in Series.objects.select_related("unit"):
        children[one.indicator_id, one.unit.parent_id].append(one)
    found = {}
    for series in sorted(area.rolled_up, key=lambda one: one.unit == area.town.directorate):
        parts = children[series.indicator_id, series.unit_id]
        for period in PERIODS:
            rows = [found.get((part.pk, period.last)) or entered(part, period) for part in parts]
            if any(rows):
                found[series.pk, period.last] = added_up(series, [row or Absent for row in rows])
    return {key: (row.value, row.numerator, row.denominator, row.present, row.n) for key, row in found.items()}


Absent = SimpleNamespace(part=Part(), is_under_way=False)


def entered(part, period) -> SimpleNamespace | None:
    row = Measurement.objects.approved().filter(series=part, period_end=period.last).first()
    if row is None:
        return None
    missing = MissingReason(row.missing) if row.missing else None
    return SimpleNamespace(part=Part(row.value, row.numerator, row.denominator, missing), is_under_way=False)


def added_up(series, rows) -> SimpleNamespace:
    kind = UnitRollup(series.indicator.unit_rollup)
    result = roll_up([row.part for row in rows], kind, series.indicator.factor)
    present = result.n_present - sum(1 for row in rows if row.is_under_way and row.part.value is not None)
    applies = result.value is not None or result.n_expected
    missing = None if result.value is not None else MissingReason("not_reported" if applies else "not_applicable")
    return SimpleNamespace(
        value=None if result.value is None else round(result.value, 8),
        numerator=result.numerator,
        denominator=result.denominator,
        present=present,
        n=result.n_expected,
        part=Part(result.value, result.numerator, result.denominator, missing),
        is_under_way=present < result.n_expected,
    )


@pytest.mark.parametrize("seed", range(12))
def test_after_any_imports_all_is_as_computed_anew(area, seed):
    maker = random.Random(seed)
    for _file in range(6):
        if maker.random() < 0.3:
            area.round.opens = date(2026, 7, 1)
            area.round.entry_deadline = TODAY + timedelta(days=maker.choice([-20, -1, 3]))
            plan_round(area.round, by=area.town.consultant, now=NOW)
        load(area, a_file(area, maker), approve=maker.random() < 0.8)
        assert kept(area.town.authority) == computed_standings(area.town.authority, today=TODAY)
        rows = Measurement.objects.filter(series__is_rolled_up=True)
        fields = ("value", "numerator", "denominator", "parts_present", "parts_expected")
        stored = {(pk, last): tuple(rest) for pk, last, *rest in rows.values_list("series", "period_end", *fields)}
        assert stored == rolled_up_slowly(area)
    assert not list(faults(TODAY))


@pytest.mark.parametrize("seed", range(6))
def test_a_light_that_turned_was_decided_by_what_was_stored(area, seed):
    maker = random.Random(seed)
    every = list(Series.objects.select_related("indicator"))

    def lights() -> dict[int, str]:
        return {pk: one.light for pk, one in standings_of(every, until=TODAY, today=TODAY).items()}

    for _file in range(8):
        before, values = lights(), a_file(area, maker)[: maker.choice([1, 3, 100])]
        load(area, values)
        after = lights()
        entered = {one.series_id for one in values}
        turned = {pk for pk in entered if before[pk] != after[pk]}
        days = by_series((one.series_id, one.period.last) for one in values)
        assert turned <= decided_by(days, TODAY) <= entered


@pytest.fixture
def computed(monkeypatch) -> list[int]:
    """The goals whose lights are computed from now on."""
    found: list[int] = []
    really = standings.goal_lights

    def goal_lights(goal_ids, *, today):
        found.extend(goal_ids)
        return really(goal_ids, today=today)

    monkeypatch.setattr(standings, "goal_lights", goal_lights)
    return found


def three_values(area, series) -> None:
    maker = random.Random(1)
    load(area, [incoming(series, period, maker, 2) for period in PERIODS[2:5]])


def number(series, code: str, value: int = 7) -> Incoming:
    return Incoming(series.pk, parse_period(code), Decimal(value), None, None, "", 2)


def test_values_of_long_ago_compute_no_light(area, computed):
    plain = area.entered[-1]
    three_values(area, plain)
    computed.clear()
    load(area, [number(plain, "2024K1"), number(plain, "2025K4")])
    assert computed == []


@pytest.mark.parametrize("code", ["2026K1", "2026K2"])
def test_the_last_two_values_compute_the_light_of_their_goal_only(area, computed, code):
    plain = area.entered[-1]
    three_values(area, plain)
    computed.clear()
    load(area, [number(plain, code)])
    assert computed == [plain.goal_series.get().goal_id]


def test_a_value_of_long_ago_that_is_late_computes_the_light(area, computed):
    plain = area.entered[-1]
    area.round.opens, area.round.entry_deadline = date(2026, 7, 1), TODAY - timedelta(days=1)
    plan_round(area.round, by=area.town.consultant, now=NOW)
    load(area, [number(plain, "2026K3")])
    assert GoalStanding.objects.get(goal__goal_series__series=plain).light == "overdue"
    computed.clear()
    load(area, [number(plain, area.round.period)])
    assert computed == [plain.goal_series.get().goal_id]


def test_an_import_takes_as_many_queries_for_few_values_as_for_many(area):
    maker = random.Random(3)
    counts = []
    for periods in (PERIODS[4:5], PERIODS[:5]):
        with CaptureQueriesContext(connection) as captured:
            load(area, [incoming(series, period, maker, 2) for series in area.entered for period in periods])
        counts.append(len(captured))
    assert counts[0] == counts[1]
