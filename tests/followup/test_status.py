"""The light: which rule comes first, at which precision, and that a better value is never judged worse."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.series import SeriesRule, TargetPoint
from followup.status import (
    ORDER,
    Kept,
    Light,
    Reading,
    assess,
    in_turn,
)
from goals.kinds import Direction, IntervalKind, MissingReason, ToleranceKind
from goals.periods import Period, PeriodKind, parse_period

TODAY = date(2026, 8, 21)
NOW = parse_period("2026K2")
START = parse_period("2024K1")
LOWER, HIGHER, RANGE = Direction.LOWER, Direction.HIGHER, Direction.RANGE
values = st.decimals(-100, 100, places=3)


def target(code: str, value: str) -> TargetPoint:
    return TargetPoint(parse_period(code), Decimal(value))


def rule(*targets: TargetPoint, baseline: tuple[str, str] | None = None, **fields) -> SeriesRule:
    """A quarterly series with one decimal where lower is better, unless said otherwise."""
    point = (parse_period(baseline[0]), Decimal(baseline[1])) if baseline else None
    defaults = {"direction": LOWER, "kind": PeriodKind.QUARTER, "decimals": 1}
    return SeriesRule(**{**defaults, "baseline": point, "targets": targets, **fields})


def light(series: SeriesRule, value: str | None, period: Period = NOW, **fields) -> Light:
    number = Decimal(value) if value is not None else None
    return assess(series, Reading(period, number, **fields), TODAY).light


# Absence through illness: 9.0 in 2024K2, 7.5 in 2028K4; 8.3 expected in 2026K2 (exactly 8.333…).
ABSENCE = rule(target("2028K4", "7.5"), baseline=("2024K2", "9.0"), tolerance=Decimal("0.2"))


# ---- first match -----------------------------------------------------------------------------------------------------

PAST, AHEAD = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("missing", "due", "expected"),
    [
        (MissingReason.WITHHELD, PAST, Light.NO_DATA),  # before overdue
        (MissingReason.NOT_APPLICABLE, PAST, Light.NO_DATA),
        (MissingReason.WITHHELD, AHEAD, Light.NO_DATA),
        (MissingReason.WITHHELD, None, Light.NO_DATA),
        (MissingReason.NOT_REPORTED, PAST, Light.OVERDUE),
        (MissingReason.NOT_DUE, PAST, Light.OVERDUE),
        (None, PAST, Light.OVERDUE),
        (None, TODAY, Light.NOT_DUE),  # the last day counts whole
        (None, AHEAD, Light.NOT_DUE),
        (MissingReason.NOT_DUE, AHEAD, Light.NOT_DUE),
        (MissingReason.NOT_DUE, None, Light.NOT_DUE),
        (MissingReason.NOT_REPORTED, None, Light.NO_DATA),
        (None, None, Light.NO_DATA),
    ],
)
@pytest.mark.parametrize("series", [rule(), ABSENCE], ids=["without target", "with target"])
def test_without_a_value(series, missing, due, expected):
    assert light(series, None, missing=missing, due=due) is expected


@pytest.mark.parametrize("missing", [MissingReason.WITHHELD, MissingReason.NOT_APPLICABLE])
def test_what_is_withheld_has_no_light_and_shows_no_value(missing):
    verdict = assess(ABSENCE, Reading(NOW, Decimal(7), missing=missing), TODAY)
    assert (verdict.light, verdict.value) == (Light.NO_DATA, None)


def test_a_value_is_not_overdue():
    assert light(ABSENCE, "8.1", due=PAST) is Light.ON_TRACK


def test_no_target_and_before_the_baseline():
    without = assess(rule(), Reading(NOW, Decimal("8.1")), TODAY)
    assert (without.light, without.reason_key, without.value) == (Light.NO_TARGET, "notarget", Decimal("8.1"))
    before = assess(ABSENCE, Reading(parse_period("2024K1"), Decimal(7)), TODAY)
    assert (before.light, before.reason_key) == (Light.NO_TARGET, "before_baseline")


@pytest.mark.parametrize(
    ("value", "expected", "key"),
    [
        ("7.4", Light.REACHED, "reached"),
        ("7.5", Light.REACHED, "reached"),
        ("8.1", Light.ON_TRACK, "ontrack"),
        ("8.3", Light.ON_TRACK, "ontrack"),
        ("8.4", Light.AT_RISK, "atrisk_over"),
        ("8.5", Light.AT_RISK, "atrisk_over"),
        ("8.6", Light.OFF_TRACK, "offtrack_over"),
        ("8.9", Light.OFF_TRACK, "offtrack_over"),
        ("0", Light.REACHED, "reached"),  # zero is a value
    ],
)
def test_the_four_lights_of_the_language_page(value, expected, key):
    verdict = assess(ABSENCE, Reading(NOW, Decimal(value)), TODAY)
    assert (verdict.light, verdict.reason_key) == (expected, key)
    assert (verdict.expected, verdict.tolerance) == (Decimal("8.3"), Decimal("0.2"))
    assert verdict.difference == Decimal(value) - Decimal("8.3")
    assert verdict.progress == (9 - Decimal(value)) / Decimal("1.5")


def test_the_rising_series_says_under():
    rising = rule(target("2028K4", "90"), baseline=("2024K4", "50"), direction=HIGHER, tolerance=Decimal(5))
    assert assess(rising, Reading(parse_period("2026K4"), Decimal(68)), TODAY).reason_key == "atrisk_under"
    assert assess(rising, Reading(parse_period("2026K4"), Decimal(60)), TODAY).reason_key == "offtrack_under"


def test_without_a_tolerance_there_is_no_at_risk():
    verdict = assess(replace(ABSENCE, tolerance=None), Reading(NOW, Decimal("8.4")), TODAY)
    assert (verdict.light, verdict.reason_key) == (Light.OFF_TRACK, "offtrack_over_exact")


# ---- reached ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"), [("8.0", Light.ON_TRACK), ("7.0", Light.REACHED), ("8.1", Light.OFF_TRACK)]
)
def test_reached_takes_the_target_in_force_and_all_later_ones(value, expected):
    series = rule(target("2026K2", "8.0"), target("2027K4", "7.0"), baseline=("2024K2", "9.0"))
    assert light(series, value) is expected


@pytest.mark.parametrize(("value", "expected"), [("8.2", Light.OFF_TRACK), ("8.0", Light.REACHED)])
def test_a_later_target_that_asks_less_does_not_help(value, expected):
    series = rule(target("2026K2", "8.0"), target("2027K4", "8.5"), baseline=("2024K2", "9.0"))
    assert light(series, value) is expected


def test_targets_that_have_passed_no_longer_count():
    series = rule(target("2025K4", "6.0"), target("2027K4", "8.0"), baseline=("2024K2", "9.0"))
    assert light(series, "8.0") is Light.REACHED


def test_after_the_last_target_it_still_counts():
    assert light(ABSENCE, "7.5", parse_period("2030K1")) is Light.REACHED
    assert light(ABSENCE, "7.6", parse_period("2030K1")) is Light.AT_RISK


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7.4", Light.REACHED), ("7.5", Light.REACHED), ("7.6", Light.AT_RISK), ("7.9", Light.OFF_TRACK)],
)
@pytest.mark.parametrize("start", ["7.5", "6.0"])
def test_a_baseline_that_already_meets_the_target(start, value, expected):
    series = rule(target("2028K4", "7.5"), baseline=("2024K2", start), tolerance=Decimal("0.2"))
    verdict = assess(series, Reading(NOW, Decimal(value)), TODAY)
    assert (verdict.light, verdict.expected, verdict.progress) == (expected, Decimal("7.5"), None)


def test_a_share_of_no_way_gives_no_tolerance():
    series = rule(
        target("2028K4", "7.5"),
        baseline=("2024K2", "6.0"),
        tolerance=Decimal("0.5"),
        tolerance_kind=ToleranceKind.SHARE,
    )
    assert light(series, "7.6") is Light.OFF_TRACK


# ---- running totals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("2026K1", "20", Light.ON_TRACK),
        ("2026K1", "25", Light.ON_TRACK),
        ("2026K1", "30", Light.OFF_TRACK),  # under the year's 100, but ahead of its quarter
        ("2026K3", "75", Light.ON_TRACK),
        ("2026K4", "100", Light.REACHED),
        ("2026K4", "101", Light.OFF_TRACK),
    ],
)
def test_spending_is_kept_only_when_the_year_is_over(code, value, expected):
    spending = rule(target("2026K4", "100"), accumulates=True)
    assert light(spending, value, parse_period(code)) is expected


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("2026K1", "24", Light.OFF_TRACK),
        ("2026K1", "25", Light.ON_TRACK),
        ("2026K2", "100", Light.REACHED),
        ("2026K4", "99", Light.OFF_TRACK),
    ],
)
def test_what_is_built_up_may_be_reached_early(code, value, expected):
    built = rule(target("2026K4", "100"), accumulates=True, direction=HIGHER)
    assert light(built, value, parse_period(code)) is expected


def test_no_accidents_so_far_is_on_track():
    accidents = rule(target("2026K4", "0"), accumulates=True, decimals=0)
    assert [light(accidents, "0", parse_period(code)) for code in ("2026K1", "2026K4")] == [
        Light.ON_TRACK,
        Light.REACHED,
    ]
    assert light(accidents, "1", parse_period("2026K1")) is Light.OFF_TRACK


# ---- ranges ----------------------------------------------------------------------------------------------------------

BEDS = SeriesRule(
    RANGE,
    PeriodKind.QUARTER,
    0,
    (START, Decimal(80)),
    (TargetPoint(parse_period("2028K4"), None, Decimal(90), Decimal(100)),),
    tolerance=Decimal(3),
)


@pytest.mark.parametrize(
    ("value", "expected", "key"),
    [
        ("95", Light.REACHED, "range_inside"),
        ("90", Light.REACHED, "range_inside"),
        ("100", Light.REACHED, "range_inside"),
        ("100.4", Light.REACHED, "range_inside"),  # printed as 100
        ("103", Light.AT_RISK, "range_atrisk_over"),
        ("104", Light.OFF_TRACK, "range_offtrack_over"),
        ("87", Light.AT_RISK, "range_atrisk_under"),
        ("86", Light.OFF_TRACK, "range_offtrack_under"),
    ],
)
def test_a_range(value, expected, key):
    verdict = assess(BEDS, Reading(NOW, Decimal(value)), TODAY)
    assert (verdict.light, verdict.reason_key) == (expected, key)
    assert (verdict.expected, verdict.progress) == (None, None)


def test_a_range_takes_no_share_for_a_tolerance():
    assert light(replace(BEDS, tolerance_kind=ToleranceKind.SHARE), "101") is Light.OFF_TRACK


@given(values, values)
def test_nearer_to_the_range_is_never_worse(one, other):
    edges = BEDS.targets[0]
    narrow = replace(BEDS, targets=(replace(edges, low=Decimal(-10), high=Decimal(10)),), decimals=1)
    distances = [max(Decimal(0), abs(value) - 10) for value in (one, other)]
    ranks = [ORDER[light(narrow, str(value))] for value in (one, other)]
    if distances[0] <= distances[1]:
        assert ranks[0] >= ranks[1]
    else:
        assert ranks[0] <= ranks[1]


# ---- rounding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"), [("8.34", Light.ON_TRACK), ("8.349", Light.ON_TRACK), ("8.35", Light.AT_RISK)]
)
def test_what_is_printed_decides(value, expected):
    assert light(ABSENCE, value) is expected  # 8.3 beside 8.3; 8.35 is printed as 8.4


@pytest.mark.parametrize(("value", "expected"), [("7.54", Light.REACHED), ("7.55", Light.ON_TRACK)])
def test_the_target_is_met_as_printed(value, expected):
    assert light(ABSENCE, value) is expected


def test_halves_are_rounded_up_each_by_itself():
    series = rule(target("2026K2", "2.5"), decimals=0, tolerance=Decimal("0.5"))
    verdict = assess(series, Reading(NOW, Decimal("3.5")), TODAY)
    assert (verdict.value, verdict.expected, verdict.tolerance) == (4, 3, 1)
    assert verdict.light is Light.AT_RISK
    assert verdict.difference == 1


@pytest.mark.parametrize(
    ("tolerance", "shown"), [("0.01", "0.1"), ("0.04", "0.1"), ("0.05", "0.1"), ("0.16", "0.2"), ("0", "0")]
)
def test_a_tolerance_that_is_set_never_rounds_away(tolerance, shown):
    series = replace(ABSENCE, tolerance=Decimal(tolerance))
    verdict = assess(series, Reading(NOW, Decimal("8.4")), TODAY)
    assert verdict.tolerance == Decimal(shown)
    assert verdict.light is (Light.AT_RISK if Decimal(shown) else Light.OFF_TRACK)


# ---- intervals -------------------------------------------------------------------------------------------------------


def share(numerator: int, denominator: int, **fields) -> tuple[SeriesRule, Reading]:
    """Satisfied people, at least 80 per cent of them wanted."""
    defaults = {"direction": HIGHER, "decimals": 0, "interval": IntervalKind.SHARE}
    series = rule(target("2026K2", "80"), **{**defaults, **fields})
    value = Decimal(numerator) * 100 / denominator
    return series, Reading(NOW, value, numerator=Decimal(numerator), denominator=Decimal(denominator))


def test_seventeen_of_twenty_satisfied_is_uncertain():
    verdict = assess(*share(17, 20), TODAY)
    assert (verdict.light, verdict.value, verdict.interval) == (Light.UNCERTAIN, 85, (64, 95))


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (170, 200, Light.UNCERTAIN),  # 79–89
        (340, 400, Light.REACHED),  # 81–88
        (20, 20, Light.REACHED),  # 84–100
        (10, 20, Light.OFF_TRACK),  # 30–70
        (280, 400, Light.OFF_TRACK),
    ],
)
def test_an_interval_on_one_side_decides(numerator, denominator, expected):
    assert assess(*share(numerator, denominator), TODAY).light is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("63", Light.REACHED), ("64", Light.UNCERTAIN), ("95", Light.UNCERTAIN), ("96", Light.OFF_TRACK)],
)
def test_the_ends_belong_to_the_interval(wanted, expected):
    series, reading = share(17, 20)  # 64–95
    assert light(replace(series, targets=(target("2026K2", wanted),)), str(reading.value)) is not Light.UNCERTAIN
    assert assess(replace(series, targets=(target("2026K2", wanted),)), reading, TODAY).light is expected


def test_two_answers_make_a_mean_with_an_interval():
    mean = rule(target("2026K2", "4.0"), direction=HIGHER, interval=IntervalKind.MEAN)
    verdict = assess(mean, Reading(NOW, Decimal("4.5"), n=2, sd=Decimal("0.7")), TODAY)
    assert verdict.light is Light.UNCERTAIN


def test_an_exact_total_has_no_interval():
    series, reading = share(17, 20, interval=IntervalKind.NONE)
    verdict = assess(series, reading, TODAY)
    assert (verdict.light, verdict.interval) == (Light.REACHED, None)


def test_the_interval_is_compared_with_what_is_expected_now():
    series, reading = share(17, 20)
    series = replace(series, baseline=(parse_period("2025K2"), Decimal(40)), targets=(target("2027K2", "80"),))
    verdict = assess(series, reading, TODAY)  # 64–95 beside 60 expected now, and a target of 80
    assert (verdict.light, verdict.expected) == (Light.REACHED, 60)


def test_means_and_rates():
    mean = rule(target("2026K2", "4.0"), direction=HIGHER, interval=IntervalKind.MEAN)
    reading = Reading(NOW, Decimal("4.1"), n=20, sd=Decimal("0.8"))
    verdict = assess(mean, reading, TODAY)
    assert (verdict.light, verdict.interval) == (Light.UNCERTAIN, (Decimal("3.7"), Decimal("4.5")))
    assert assess(mean, replace(reading, n=2000), TODAY).light is Light.REACHED
    rate = rule(target("2026K2", "30"), decimals=0, interval=IntervalKind.RATE, factor=1000)
    falls = Reading(NOW, Decimal(25), numerator=Decimal(10), denominator=Decimal(400))
    assert assess(rate, falls, TODAY).interval == (12, 46)
    assert assess(rate, falls, TODAY).light is Light.UNCERTAIN
    many = replace(falls, numerator=Decimal(1000), denominator=Decimal(40_000))
    assert assess(rate, many, TODAY).light is Light.REACHED


@pytest.mark.parametrize(
    ("interval", "reading"),
    [
        (IntervalKind.MEAN, Reading(NOW, Decimal(85))),
        (IntervalKind.MEAN, Reading(NOW, Decimal(85), n=1, sd=Decimal(2))),
        (IntervalKind.MEAN, Reading(NOW, Decimal(85), n=20)),
        (IntervalKind.SHARE, Reading(NOW, Decimal(85))),
        (IntervalKind.SHARE, Reading(NOW, Decimal(125), numerator=Decimal(25), denominator=Decimal(20))),
        (IntervalKind.SHARE, Reading(NOW, Decimal(85), numerator=Decimal(-17), denominator=Decimal(-20))),
        (IntervalKind.RATE, Reading(NOW, Decimal(85), numerator=Decimal(-17), denominator=Decimal(20))),
        (IntervalKind.RATE, Reading(NOW, Decimal(85), numerator=Decimal(17), denominator=Decimal(0))),
    ],
)
def test_no_interval_without_what_it_takes(interval, reading):
    verdict = assess(rule(target("2026K2", "80"), direction=HIGHER, interval=interval), reading, TODAY)
    assert verdict.interval is None
    assert verdict.light in (Light.REACHED, Light.OFF_TRACK)


@given(st.integers(1, 200), st.data(), st.sampled_from([LOWER, HIGHER]), st.integers(0, 10))
def test_more_of_what_is_wanted_is_never_worse_with_an_interval(n, data, direction, tolerance):
    few, more = sorted(data.draw(st.tuples(st.integers(0, n), st.integers(0, n))))
    ranks = []
    for count in (few, more):
        series, reading = share(count, n, direction=direction, tolerance=Decimal(tolerance))
        ranks.append(ORDER[assess(series, reading, TODAY).light])
    assert ranks == sorted(ranks, reverse=direction is LOWER)


# ---- which series of a goal still count ------------------------------------------------------------------------------

ENDED, LATER = date(2026, 7, 31), date(2027, 7, 31)


@pytest.mark.parametrize(
    ("series", "counting"),
    [
        ([], []),
        ([Kept(1, ENDED, Light.ON_TRACK)], [0]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, None, Light.NO_DATA)], [0, 1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, None, Light.NOT_DUE)], [0, 1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, None, Light.OFF_TRACK)], [1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, None, Light.OVERDUE)], [1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, None, Light.NO_TARGET)], [1]),
        ([Kept(1, None, Light.REACHED), Kept(1, ENDED, Light.ON_TRACK)], [0]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(2, None, Light.OFF_TRACK)], [0, 1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, ENDED, Light.OFF_TRACK)], [0, 1]),
        ([Kept(1, ENDED, Light.ON_TRACK), Kept(1, LATER, Light.OFF_TRACK), Kept(1, None, Light.NO_DATA)], [1, 2]),
        ([Kept(1, None, Light.ON_TRACK), Kept(1, None, Light.OFF_TRACK)], [0, 1]),
    ],
)
def test_an_ended_series_counts_until_its_successor_speaks(series, counting):
    assert in_turn(series) == counting


@given(
    st.lists(st.builds(Kept, st.integers(1, 3), st.sampled_from([None, ENDED, LATER]), st.sampled_from(list(Light))))
)
def test_something_always_counts_and_what_runs_always_does(series):
    counting = in_turn(series)
    assert bool(counting) == bool(series)
    assert {place for place, one in enumerate(series) if one.last_day is None} <= set(counting)
