"""What a series is expected to show, how far along it is, and how units add up."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.series import (
    Part,
    RolledUp,
    SeriesRule,
    TargetPoint,
    derive,
    distance_to_range,
    expected,
    growth_ratio,
    is_past_target,
    path_points,
    progress,
    roll_up,
    share_of_year,
    target_in_force,
    targets_ahead,
    tolerance_at,
)
from goals.kinds import Direction, MissingReason, PathKind, ToleranceKind, UnitRollup
from goals.periods import PeriodKind, parse_period, periods_within, steps_between

START = parse_period("2024K1")
numbers = st.decimals(-1000, 1000, places=2)
directions = st.sampled_from([Direction.HIGHER, Direction.LOWER])


def target(code: str, value: str | int) -> TargetPoint:
    return TargetPoint(parse_period(code), Decimal(value))


def rule(*targets: TargetPoint, baseline: tuple[str, str] | None = None, **fields) -> SeriesRule:
    """A quarterly series where lower is better, unless said otherwise."""
    point = (parse_period(baseline[0]), Decimal(baseline[1])) if baseline else None
    defaults = {"direction": Direction.LOWER, "kind": PeriodKind.QUARTER, "decimals": 1}
    return SeriesRule(**{**defaults, "baseline": point, "targets": targets, **fields})


def wanted(one: SeriesRule, code: str) -> Decimal | None:
    return expected(one, parse_period(code))


@st.composite
def rules(draw) -> SeriesRule:
    """Quarterly series with or without baseline, one to four targets, linear or stepped."""
    steps = sorted(draw(st.sets(st.integers(1, 24), min_size=1, max_size=4)))
    points = tuple(TargetPoint(START.shift(step), draw(numbers)) for step in steps)
    baseline = (START.shift(draw(st.integers(0, 12))), draw(numbers)) if draw(st.booleans()) else None
    return SeriesRule(
        direction=draw(directions),
        kind=PeriodKind.QUARTER,
        decimals=2,
        baseline=baseline,
        targets=points,
        path=draw(st.sampled_from(PathKind)),
    )


# ---- which target ----------------------------------------------------------------------------------------------------


def test_the_target_in_force_is_the_first_not_yet_passed():
    series = rule(target("2025K4", 8), target("2026K4", 7))
    found = [target_in_force(series, parse_period(code)) for code in ("2024K1", "2025K4", "2026K1", "2026K4", "2030K1")]
    assert [one.value for one in found if one] == [8, 8, 7, 7, 7]
    assert target_in_force(rule(), START) is None


def test_later_targets_are_ahead():
    series = rule(target("2025K4", 8), target("2026K4", 7))
    ahead = [targets_ahead(series, parse_period(code)) for code in ("2025K4", "2026K1", "2030K1")]
    assert [[one.value for one in some] for some in ahead] == [[8, 7], [7], [7]]


# ---- the expected value ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("2023K4", None),  # before the baseline
        ("2024K4", "9.0"),
        ("2025K2", "8.5"),
        ("2025K4", "8.0"),
        ("2026K4", "7.5"),
        ("2027K4", "7.0"),
        ("2030K1", "7.0"),  # after the last target: that target
    ],
)
def test_a_straight_line_through_the_targets(code, value):
    series = rule(target("2025K4", 8), target("2027K4", 7), baseline=("2024K4", "9.0"))
    assert wanted(series, code) == (Decimal(value) if value else None)


@pytest.mark.parametrize(
    ("code", "value"), [("2024K4", 9), ("2025K3", 9), ("2025K4", 8), ("2026K1", 8), ("2027K3", 8), ("2027K4", 7)]
)
def test_steps_hold_until_the_next_target(code, value):
    series = rule(target("2025K4", 8), target("2027K4", 7), baseline=("2024K4", "9"), path=PathKind.STEP)
    assert wanted(series, code) == value


def test_after_a_target_in_the_baselines_own_period_the_line_starts_at_the_baseline():
    series = rule(target("2024K4", 8), target("2026K4", 6), baseline=("2024K4", "9"))
    assert [wanted(series, code) for code in ("2024K4", "2025K4", "2026K4")] == [8, Decimal("7.5"), 6]


def test_without_a_baseline_the_target_is_expected():
    assert wanted(rule(target("2027K4", 7)), "2020K1") == 7


def test_without_a_target_nothing_is_expected():
    assert wanted(rule(baseline=("2024K4", "9")), "2025K1") is None


@pytest.mark.parametrize(
    ("direction", "start"), [(Direction.LOWER, "6"), (Direction.HIGHER, "8"), (Direction.LOWER, "7")]
)
def test_a_baseline_that_meets_the_target_expects_the_target_throughout(direction, start):
    series = rule(target("2027K4", 7), baseline=("2024K4", start), direction=direction)
    assert [wanted(series, code) for code in ("2024K4", "2025K4", "2027K4", "2029K1")] == [7, 7, 7, 7]


def test_a_range_expects_no_single_value():
    inside = TargetPoint(parse_period("2027K4"), None, Decimal(90), Decimal(100))
    assert wanted(rule(inside, baseline=("2024K4", "80"), direction=Direction.RANGE), "2025K4") is None


@given(rules(), st.integers(0, 30))
def test_expected_lies_between_the_points_around_it(series, step):
    period = START.shift(step)
    value = expected(series, period)
    if series.baseline and period.last < series.baseline[0].last:
        assert value is None
        return
    known = [one.value for one in series.targets] + ([series.baseline[1]] if series.baseline else [])
    assert value is not None
    assert min(known) <= value <= max(known)


@given(rules())
def test_at_a_targets_own_period_the_target_is_expected(series):
    for one in series.targets:
        if series.baseline is None or one.period.last >= series.baseline[0].last:
            assert expected(series, one.period) == one.value


@given(rules())
def test_the_path_is_what_is_expected(series):
    points = path_points(series)
    assert all(value == expected(series, period) for period, value in points)
    assert all(steps_between(before[0], after[0]) == 1 for before, after in pairwise(points))
    last = series.targets[-1]
    if series.baseline is None or series.baseline[0].last <= last.period.last:
        assert points[-1] == (last.period, last.value)
        assert points[0][0] == (series.baseline[0] if series.baseline else series.targets[0].period)
    else:
        assert points == []


def test_the_path_of_a_long_daily_series_is_thinned_but_whole():
    first, last = parse_period("2020-01-01"), parse_period("2029-12-31")
    series = rule(kind=PeriodKind.DAY, baseline=("2020-01-01", "9"))
    series = SeriesRule(Direction.LOWER, PeriodKind.DAY, 1, series.baseline, (TargetPoint(last, Decimal(7)),))
    points = path_points(series)
    assert (points[0], points[-1]) == ((first, Decimal(9)), (last, Decimal(7)))
    assert len(points) <= 410


def test_a_step_in_a_thinned_path_stays_a_step():
    points = (TargetPoint(parse_period("2025-12-31"), Decimal(8)), TargetPoint(parse_period("2029-12-31"), Decimal(7)))
    start = parse_period("2020-01-01"), Decimal(9)
    path = path_points(SeriesRule(Direction.LOWER, PeriodKind.DAY, 1, start, points, path=PathKind.STEP))
    steps = [(before, after) for before, after in pairwise(path) if before[1] != after[1]]
    assert [(before[1], after[1]) for before, after in steps] == [(9, 8), (8, 7)]
    assert all(before[0].next() == after[0] for before, after in steps)


def test_no_path_for_ranges_and_without_targets():
    inside = TargetPoint(parse_period("2027K4"), None, Decimal(90), Decimal(100))
    assert path_points(rule()) == path_points(rule(inside, direction=Direction.RANGE)) == []


# ---- survey waves and spans have no fixed length ---------------------------------------------------------------------


def test_waves_are_counted_in_days():
    wave = rule(
        target("S:2026-03-01/2026-03-31", 80),
        baseline=("S:2024-03-01/2024-03-31", "60"),
        kind=PeriodKind.WAVE,
        direction=Direction.HIGHER,
    )
    assert wanted(wave, "S:2025-03-01/2025-03-31") == 70
    assert wanted(wave, "S:2026-03-01/2026-03-31") == 80
    assert [value for _period, value in path_points(wave)] == [60, 80]


def test_a_years_target_on_waves():
    wave = rule(target("2026", 80), baseline=("S:2025-06-01/2025-06-30", "60"), direction=Direction.HIGHER)
    halfway = wanted(wave, "S:2026-03-01/2026-03-31")
    assert halfway is not None
    assert 60 < halfway < 80
    assert wanted(wave, "S:2027-01-01/2027-01-31") == 80


def test_spans_of_years():
    spans = rule(target("2026:2027", 8), baseline=("2022:2023", "10"), kind=PeriodKind.SPAN)
    middle = wanted(spans, "2024:2025")
    assert middle is not None
    assert round(middle, 2) == 9


# ---- running totals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "value"), [("2026K1", 25), ("2026K2", 50), ("2026K4", 100), ("2027K1", 25)])
def test_a_running_total_expects_its_share_of_the_year(code, value):
    series = rule(target("2026K4", 100), accumulates=True, direction=Direction.HIGHER)
    assert wanted(series, code) == value


@pytest.mark.parametrize("kind", ["day", "week", "fortnight", "month", "quarter", "tertial", "half_year", "year"])
@pytest.mark.parametrize("year", [2020, 2024, 2025, 2026, 2027, 2032])
def test_the_shares_of_a_year_go_evenly_to_one(kind, year):
    ending = periods_within(PeriodKind(kind), date(year, 1, 1), date(year, 12, 31))
    shares = [share_of_year(period) for period in ending]
    assert shares == [Decimal(place) / len(ending) for place in range(1, len(ending) + 1)]


@pytest.mark.parametrize("code", ["2025/2026", "2023:2024", "S:2026-03-01/2026-03-31"])
def test_what_is_no_part_of_a_year_is_a_whole_one(code):
    assert share_of_year(parse_period(code)) == 1


# ---- tolerance -------------------------------------------------------------------------------------------------------


def test_a_share_is_of_the_way_from_baseline_to_target():
    series = rule(
        target("2027K4", 7), baseline=("2024K4", "9"), tolerance=Decimal("0.1"), tolerance_kind=ToleranceKind.SHARE
    )
    assert tolerance_at(series, START) == Decimal("0.2")


@pytest.mark.parametrize("start", ["7", "5"])
def test_a_share_of_no_way_is_nothing(start):
    series = rule(
        target("2027K4", 7), baseline=("2024K4", start), tolerance=Decimal("0.1"), tolerance_kind=ToleranceKind.SHARE
    )
    assert tolerance_at(series, START) == 0


def test_an_absolute_tolerance_stands():
    assert tolerance_at(rule(target("2027K4", 7), tolerance=Decimal("0.2")), START) == Decimal("0.2")
    assert tolerance_at(rule(target("2027K4", 7)), START) == 0


@given(rules(), st.decimals(0, 1, places=2), st.integers(0, 30))
def test_no_tolerance_is_negative(series, share, step):
    fields = {name: getattr(series, name) for name in ("direction", "kind", "decimals", "baseline", "targets")}
    shared = SeriesRule(**fields, tolerance=share, tolerance_kind=ToleranceKind.SHARE)
    assert tolerance_at(shared, START.shift(step)) >= 0


# ---- progress --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "goal", "value", "done"),
    [
        ("9", "7", "9", "0"),
        ("9", "7", "8", "0.5"),
        ("9", "7", "7", "1"),
        ("9", "7", "6", "1.5"),
        ("9", "7", "10", "-0.5"),
        ("9", "9", "8", None),  # already there
        ("6", "7", "6", None),
    ],
)
def test_progress_toward_a_falling_target(start, goal, value, done):
    series = rule(target("2027K4", goal), baseline=("2024K4", start))
    assert progress(series, Decimal(value)) == (Decimal(done) if done else None)


@given(numbers, numbers, numbers)
def test_progress_is_the_same_for_the_mirrored_series(start, goal, value):
    falling = rule(target("2027K4", goal), baseline=("2024K4", start))
    rising = rule(target("2027K4", -goal), baseline=("2024K4", -start), direction=Direction.HIGHER)
    assert progress(falling, value) == progress(rising, -value)


def test_progress_is_toward_the_last_target():
    series = rule(target("2025K4", 8), target("2027K4", 5), baseline=("2024K4", "9"))
    assert progress(series, Decimal(7)) == Decimal("0.5")


def test_no_progress_without_baseline_or_target_or_in_a_range():
    inside = TargetPoint(parse_period("2027K4"), None, Decimal(90), Decimal(100))
    assert progress(rule(target("2027K4", 7)), Decimal(8)) is None
    assert progress(rule(baseline=("2024K4", "9")), Decimal(8)) is None
    assert progress(rule(inside, baseline=("2024K4", "80"), direction=Direction.RANGE), Decimal(95)) is None


@pytest.mark.parametrize(("value", "distance"), [("89", 1), ("90", 0), ("95", 0), ("100", 0), ("104", 4)])
def test_distance_to_a_range(value, distance):
    inside = TargetPoint(parse_period("2027K4"), None, Decimal(90), Decimal(100))
    assert distance_to_range(inside, Decimal(value)) == distance


@pytest.mark.parametrize(("value", "distance"), [("-1", 1), ("0", 0), ("1", 1)])
def test_a_range_may_end_at_zero(value, distance):
    assert distance_to_range(TargetPoint(START, None, Decimal(0), Decimal(0)), Decimal(value)) == distance


# ---- roll-up ---------------------------------------------------------------------------------------------------------


def part(numerator: int, denominator: int) -> Part:
    pair = Decimal(numerator), Decimal(denominator)
    return Part(derive(*pair, 100) if denominator else None, *pair)


def test_percentages_are_not_averaged():
    whole = roll_up([part(1, 10), part(90, 100)], UnitRollup.RATIO, 100)
    assert whole == RolledUp(Decimal(91) * 100 / 110, Decimal(91), Decimal(110), 2, 2)


def test_numbers_are_summed_and_zero_is_one_of_them():
    whole = roll_up([Part(Decimal("0.1")), Part(Decimal("0.2")), Part(Decimal(0))], UnitRollup.SUM, 1)
    assert whole == RolledUp(Decimal("0.3"), None, None, 3, 3)


def test_what_has_not_come_is_expected_and_what_does_not_apply_is_left_out():
    parts = [
        Part(Decimal(5)),
        Part(),
        Part(missing=MissingReason.NOT_APPLICABLE),
        Part(missing=MissingReason.WITHHELD),
        Part(missing=MissingReason.NOT_REPORTED),
    ]
    assert roll_up(parts, UnitRollup.SUM, 1) == RolledUp(Decimal(5), None, None, 1, 4)


@pytest.mark.parametrize("kind", UnitRollup)
def test_nothing_makes_no_value(kind):
    assert roll_up([Part(), Part()], kind, 100) == RolledUp(None, None, None, 0, 2)
    assert roll_up([], kind, 100) == RolledUp(None, None, None, 0, 0)


def test_units_that_came_with_nothing_to_count_have_come():
    assert roll_up([part(0, 0), part(0, 0)], UnitRollup.RATIO, 100) == RolledUp(None, None, None, 2, 2)


def test_a_series_that_does_not_add_up_has_no_value():
    assert roll_up([Part(Decimal(5))], UnitRollup.NONE, 1) == RolledUp(None, None, None, 1, 1)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=8), st.randoms())
def test_a_roll_up_lies_among_its_parts_in_any_order(pairs, random):
    parts = [part(*pair) for pair in pairs]
    whole = roll_up(parts, UnitRollup.RATIO, 100)
    random.shuffle(parts)
    assert roll_up(parts, UnitRollup.RATIO, 100) == whole
    values = [one.value for one in parts if one.value is not None]
    assert whole.value is not None
    assert min(values) - Decimal("1e-20") <= whole.value <= max(values) + Decimal("1e-20")


def test_a_half_is_a_half():
    assert derive(Decimal(1), Decimal(6), 3) == Decimal("0.5")
    assert derive(Decimal(45), Decimal(60), 100) == 75


# ---- growth ----------------------------------------------------------------------------------------------------------


def test_growth_on_plan_is_one():
    assert growth_ratio(100, 2020, 110, 2021, 121, 2022) == pytest.approx(1)
    assert growth_ratio(100, 2020, 100, 2021, 121, 2022) == 0
    assert growth_ratio(14.5, 2015, 10.2, 2023, 7.25, 2030) == pytest.approx(0.9525901792032172, abs=1e-12)


@pytest.mark.parametrize(
    ("base", "goal", "direction", "is_past"),
    [
        (5, 25, Direction.LOWER, True),
        (25, 5, Direction.LOWER, False),
        (5, 25, Direction.HIGHER, False),
        (25, 5, Direction.HIGHER, True),
        (5, 5, Direction.LOWER, False),
    ],
)
def test_a_baseline_better_than_the_target(base, goal, direction, is_past):
    assert is_past_target(base, goal, direction) is is_past
