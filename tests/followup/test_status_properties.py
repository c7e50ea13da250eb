"""What holds for any series and any goal: order, mirror, scale, trend, and the worst light."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from followup.series import Part, SeriesRule, TargetPoint, roll_up
from followup.status import (
    DEVIATIONS,
    ON_COURSE,
    ORDER,
    Light,
    Reading,
    Trend,
    assess,
    count_lights,
    goal_light,
    trend,
    worst,
)
from goals.kinds import MissingReason, PathKind, ToleranceKind, UnitRollup
from goals.periods import PeriodKind
from tests.followup.test_status import ABSENCE, BEDS, HIGHER, LOWER, NOW, START, TODAY, light, values

# ---- properties of any series ----------------------------------------------------------------------------------------


@st.composite
def rules(draw) -> SeriesRule:
    """Quarterly series with one to three targets, with or without baseline, of any tolerance and path."""
    steps = sorted(draw(st.sets(st.integers(1, 16), min_size=1, max_size=3)))
    places = draw(st.integers(0, 2))
    return SeriesRule(
        direction=draw(st.sampled_from([LOWER, HIGHER])),
        kind=PeriodKind.QUARTER,
        decimals=places,
        baseline=(START, draw(values)) if draw(st.booleans()) else None,
        targets=tuple(TargetPoint(START.shift(step), draw(values)) for step in steps),
        tolerance=draw(st.none() | st.decimals(0, 5, places=3)),
        tolerance_kind=draw(st.sampled_from(ToleranceKind)),
        path=draw(st.sampled_from(PathKind)),
        accumulates=draw(st.booleans()),
    )


periods = st.integers(0, 20).map(START.shift)


@given(rules(), periods, values, values)
def test_a_better_value_is_never_judged_worse(series, period, one, other):
    worse, better = sorted((one, other), reverse=series.direction is LOWER)
    assert ORDER[light(series, str(worse), period)] <= ORDER[light(series, str(better), period)]


def mirrored(series: SeriesRule) -> SeriesRule:
    """The same series below zero, the other way better."""
    return replace(
        series,
        direction=HIGHER if series.direction is LOWER else LOWER,
        baseline=(series.baseline[0], -series.baseline[1]) if series.baseline else None,
        targets=tuple(replace(one, value=-one.value) for one in series.targets if one.value is not None),
    )


@given(rules(), periods, values)
def test_the_mirrored_series_has_the_same_light(series, period, value):
    plain = assess(series, Reading(period, value), TODAY)
    other = assess(mirrored(series), Reading(period, -value), TODAY)
    assert other.light is plain.light
    assert other.progress == plain.progress
    assert other.tolerance == plain.tolerance
    assert other.expected == (None if plain.expected is None else -plain.expected)


@given(rules(), periods, values, st.integers(1, 4))
def test_scale_does_not_matter(series, period, value, shift):
    """0.123 with three decimals and 12.3 per cent with one."""
    is_share = series.tolerance_kind is ToleranceKind.SHARE
    small = replace(
        series,
        decimals=series.decimals + shift,
        baseline=(series.baseline[0], series.baseline[1].scaleb(-shift)) if series.baseline else None,
        targets=tuple(replace(one, value=one.value.scaleb(-shift)) for one in series.targets if one.value is not None),
        tolerance=series.tolerance if is_share or series.tolerance is None else series.tolerance.scaleb(-shift),
    )
    plain = assess(series, Reading(period, value), TODAY)
    scaled = assess(small, Reading(period, value.scaleb(-shift)), TODAY)
    assert (scaled.light, scaled.reason_key) == (plain.light, plain.reason_key)
    if plain.expected is not None and scaled.expected is not None:
        assert scaled.expected.scaleb(shift) == plain.expected


@given(rules(), periods, values)
def test_what_is_printed_explains_the_word(series, period, value):
    verdict = assess(series, Reading(period, value), TODAY)
    assert verdict.light is not Light.NO_TARGET or series.baseline is not None
    assume(verdict.expected is not None and verdict.value is not None)
    for number in (verdict.value, verdict.expected, verdict.tolerance):
        assert number == round(number, series.decimals)
    is_met = series.meets(verdict.value, verdict.expected)
    gap = abs(verdict.value - verdict.expected)
    assert verdict.difference == verdict.value - verdict.expected
    if verdict.light is Light.ON_TRACK:
        assert is_met
    if verdict.light is Light.AT_RISK:
        assert not is_met
        assert 0 < gap <= verdict.tolerance
    if verdict.light is Light.OFF_TRACK:
        assert not is_met
        assert gap > verdict.tolerance


@given(rules(), periods, values)
def test_reached_meets_every_target_ahead_as_printed(series, period, value):
    verdict = assess(series, Reading(period, value), TODAY)
    assume(verdict.value is not None and verdict.light is not Light.NO_TARGET)
    ahead = [one for one in series.targets if one.period.last >= period.last] or [series.targets[-1]]
    meets = all(series.meets(verdict.value, printed(one.value, series.decimals)) for one in ahead)
    if not series.accumulates:
        assert (verdict.light is Light.REACHED) == meets
    elif verdict.light is Light.REACHED:
        assert meets


def printed(value: Decimal, decimals: int) -> Decimal:
    """Half up, the plain way: on the digits."""
    scaled = abs(value).scaleb(decimals)
    whole = int(scaled) + (1 if scaled - int(scaled) >= Decimal("0.5") else 0)
    return Decimal(whole).scaleb(-decimals).copy_sign(value)


# ---- trend -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "value", "before", "expected"),
    [
        (LOWER, "8.3", "8.4", Trend.BETTER),
        (LOWER, "8.4", "8.3", Trend.WORSE),
        (HIGHER, "8.4", "8.3", Trend.BETTER),
        (HIGHER, "8.3", "8.4", Trend.WORSE),
        (LOWER, "8.31", "8.34", Trend.UNCHANGED),
        (LOWER, "8.34", "8.35", Trend.BETTER),
        (HIGHER, "0", "-1", Trend.BETTER),
        (LOWER, None, "8.3", Trend.NO_PREVIOUS),
        (LOWER, "8.3", None, Trend.NO_PREVIOUS),
    ],
)
def test_trend(direction, value, before, expected):
    series = replace(ABSENCE, direction=direction)
    assert trend(series, *(Decimal(text) if text else None for text in (value, before)), NOW) is expected


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [
        ("102", "104", Trend.BETTER),
        ("104", "102", Trend.WORSE),
        ("88", "104", Trend.BETTER),  # 2 under is nearer than 4 over
        ("86", "104", Trend.UNCHANGED),  # as far under as it was over
        ("95", "91", Trend.UNCHANGED),  # inside is inside
        ("95", "104", Trend.BETTER),
        ("89", "95", Trend.WORSE),
    ],
)
@pytest.mark.parametrize("period", [NOW, None])
def test_trend_in_a_range_is_nearer_or_further(value, before, expected, period):
    assert trend(BEDS, Decimal(value), Decimal(before), period) is expected


def test_trend_sees_the_range_as_printed():
    odd = replace(BEDS, targets=(replace(BEDS.targets[0], low=Decimal("89.6"), high=Decimal("100.4")),))
    assert trend(odd, Decimal(101), Decimal(89), NOW) is Trend.UNCHANGED  # one from 90, one from 100


def test_a_range_without_target_has_nothing_to_be_near():
    assert trend(replace(BEDS, targets=()), Decimal(1), Decimal(2), NOW) is Trend.NO_PREVIOUS


@given(rules(), values, values)
def test_trend_turns_round_with_time_and_with_the_mirror(series, now, before):
    turned = {Trend.BETTER: Trend.WORSE, Trend.WORSE: Trend.BETTER, Trend.UNCHANGED: Trend.UNCHANGED}
    found = trend(series, now, before, NOW)
    assert trend(series, before, now, NOW) is turned[found]
    assert trend(mirrored(series), -now, -before, NOW) is found


# ---- goals -----------------------------------------------------------------------------------------------------------


def test_the_order_of_worst():
    assert list(Light)[:6] == [
        Light.OFF_TRACK,
        Light.OVERDUE,
        Light.AT_RISK,
        Light.UNCERTAIN,
        Light.ON_TRACK,
        Light.REACHED,
    ]
    assert (*DEVIATIONS, *ON_COURSE) == tuple(Light)[:6]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ([(Light.REACHED, True), (Light.OFF_TRACK, False)], Light.REACHED),  # only the prioritised decide
        ([(Light.REACHED, False), (Light.OFF_TRACK, False)], Light.OFF_TRACK),  # none prioritised: all
        ([(Light.REACHED, True), (Light.AT_RISK, True), (Light.ON_TRACK, True)], Light.AT_RISK),
        ([(Light.AT_RISK, True), (Light.OVERDUE, True)], Light.OVERDUE),
        ([(Light.UNCERTAIN, True), (Light.ON_TRACK, True)], Light.UNCERTAIN),
        ([(Light.UNCERTAIN, True), (Light.AT_RISK, True)], Light.AT_RISK),
        ([(Light.NO_DATA, True), (Light.ON_TRACK, True)], Light.ON_TRACK),
        ([(Light.NO_DATA, True), (Light.OFF_TRACK, False)], Light.NO_DATA),
        ([(Light.NO_TARGET, True)], Light.NO_TARGET),
        ([], Light.NO_DATA),
    ],
)
def test_a_goals_light(series, expected):
    assert goal_light(series)[0] is expected


def test_the_counts_stand_beside_it_worst_first():
    series = (
        [(Light.ON_TRACK, True)] * 12 + [(Light.AT_RISK, True)] * 3 + [(Light.OFF_TRACK, True), (Light.REACHED, False)]
    )
    found, counts = goal_light(series)
    assert found is Light.OFF_TRACK
    assert list(counts.items()) == [(Light.OFF_TRACK, 1), (Light.AT_RISK, 3), (Light.ON_TRACK, 12)]


@given(st.lists(st.tuples(st.sampled_from(Light), st.booleans()), max_size=12), st.randoms())
def test_a_goals_light_is_one_of_its_own_and_never_averaged(series, random):
    found, counts = goal_light(series)
    deciding = [one for one, prioritised in series if prioritised] or [one for one, _ in series]
    assert counts == count_lights(deciding)
    assert sum(counts.values()) == len(deciding)
    if deciding:
        assert found in deciding
        assert all(ORDER[found] <= ORDER[one] for one in deciding)
    random.shuffle(series)
    assert goal_light(series)[0] is found


@given(st.lists(st.sampled_from(Light), min_size=1), st.sampled_from(Light))
def test_one_more_light_never_makes_the_worst_better(lights, another):
    assert ORDER[worst([*lights, another])] <= ORDER[worst(lights)]


def test_a_roll_up_tells_how_many_of_how_many_are_in():
    parts = [Part(Decimal(5))] * 3 + [Part()] + [Part(missing=MissingReason.NOT_APPLICABLE)]
    result = roll_up(parts, UnitRollup.SUM, 1)
    assert (result.n_present, result.n_expected) == (3, 4)
