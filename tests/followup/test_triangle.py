"""The steering triangle's rule: lights, movements, the combination in words, and which kroner go together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.series import SeriesRule, TargetPoint
from followup.status import ORDER, Light, Reading, assess
from followup.triangle import (
    SIDES,
    Combination,
    Measured,
    Turn,
    Way,
    combination,
    moments,
    rhythm,
    side_state,
    triangle,
    turn_of,
    way_of,
)
from followup.triangles import sentence
from goals.kinds import Direction, PriceLevel, Side
from goals.periods import Period, PeriodKind, parse_period
from goals.prices import Prices
from tests.factories import TODAY

FIRST = parse_period("2025K3")
FIXED_26, FIXED_25 = Prices(PriceLevel.FIXED, 2026), Prices(PriceLevel.FIXED, 2025)
CURRENT, UNKNOWN = Prices(PriceLevel.CURRENT), Prices(None)


def measured(
    *values,
    side=Side.QUALITY,
    direction=Direction.HIGHER,
    light=Light.ON_TRACK,
    decimals=1,
    name="Trivsel",
    prices=None,
    kind=PeriodKind.QUARTER,
    first=FIRST,
    targets=(),
    key=1,
) -> Measured:
    """A series whose values follow each other from the first period."""
    rule = SeriesRule(direction, kind, decimals, targets=targets)
    pairs = tuple((first.shift(at), Decimal(value) if value is not None else None) for at, value in enumerate(values))
    return Measured(key, name, side, light, rule, pairs, prices)


def inside(low: str, high: str) -> tuple[TargetPoint, ...]:
    return (TargetPoint(parse_period("2028K4"), None, Decimal(low), Decimal(high)),)


# ---- one series ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "direction", "way", "turn"),
    [
        (("3.5", "3.6"), Direction.HIGHER, Way.UP, Turn.BETTER),
        (("3.6", "3.5"), Direction.HIGHER, Way.DOWN, Turn.WORSE),
        (("3.5", "3.6"), Direction.LOWER, Way.UP, Turn.WORSE),
        (("3.6", "3.5"), Direction.LOWER, Way.DOWN, Turn.BETTER),
        (("3.51", "3.54"), Direction.HIGHER, Way.FLAT, Turn.UNCHANGED),  # both are printed 3,5
        (("3.54", "3.55"), Direction.HIGHER, Way.UP, Turn.BETTER),  # 3,5 and 3,6
        (("0", "-0.04"), Direction.HIGHER, Way.FLAT, Turn.UNCHANGED),
        (("1", "0"), Direction.LOWER, Way.DOWN, Turn.BETTER),  # zero is a number
        (("3.5",), Direction.HIGHER, Way.NONE, Turn.NOTHING),
        ((), Direction.HIGHER, Way.NONE, Turn.NOTHING),
        (("3.5", None), Direction.HIGHER, Way.NONE, Turn.NOTHING),
        ((None, "3.5"), Direction.HIGHER, Way.NONE, Turn.NOTHING),
        (("1", "3.5", "3.5"), Direction.HIGHER, Way.FLAT, Turn.UNCHANGED),
    ],
)
def test_what_one_series_has_done(values, direction, way, turn):
    one = measured(*values, direction=direction)
    assert (way_of(one), turn_of(one)) == (way, turn)


@pytest.mark.parametrize(
    ("values", "way", "turn"),
    [
        (("104", "101"), Way.DOWN, Turn.BETTER),
        (("88", "101"), Way.UP, Turn.BETTER),
        (("95", "101"), Way.UP, Turn.WORSE),
        (("92", "98"), Way.UP, Turn.UNCHANGED),  # inside is as good as inside
        (("88", "102"), Way.UP, Turn.UNCHANGED),  # as far outside on the other side
    ],
)
def test_in_a_range_nearer_is_better_whatever_the_way(values, way, turn):
    one = measured(*values, direction=Direction.RANGE, targets=inside("90", "100"))
    assert (way_of(one), turn_of(one)) == (way, turn)


def test_while_the_newest_is_late_nothing_has_moved():
    one = measured("3.5", "3.6", light=Light.OVERDUE)
    assert (way_of(one), turn_of(one)) == (Way.NONE, Turn.LATE)


# ---- a side ----------------------------------------------------------------------------------------------------------

BETTER, WORSE, SAME, NEW = ("1", "2"), ("2", "1"), ("1", "1"), ("1",)


@pytest.mark.parametrize(
    ("moves", "turn"),
    [
        ([], Turn.NOTHING),
        ([NEW], Turn.NOTHING),
        ([NEW, BETTER], Turn.BETTER),
        ([BETTER, SAME], Turn.BETTER),
        ([WORSE, SAME], Turn.WORSE),
        ([SAME, SAME], Turn.UNCHANGED),
        ([BETTER, WORSE], Turn.MIXED),
        ([BETTER, WORSE, SAME, NEW], Turn.MIXED),
    ],
)
def test_what_several_series_have_done_together(moves, turn):
    assert side_state(Side.QUALITY, [measured(*move) for move in moves]).turn is turn


def test_a_late_series_is_told_when_nothing_else_has_moved():
    late = measured(*SAME, light=Light.OVERDUE)
    assert side_state(Side.QUALITY, [late, measured(*NEW)]).turn is Turn.LATE
    assert side_state(Side.QUALITY, [late, measured(*WORSE)]).turn is Turn.WORSE
    assert side_state(Side.QUALITY, [late, measured(*WORSE)]).light is Light.OVERDUE


def test_a_side_has_its_worst_light_with_the_counts_beside():
    lights = (Light.REACHED, Light.OFF_TRACK, Light.REACHED, Light.NO_TARGET)
    state = side_state(Side.QUALITY, [measured(*SAME, light=light) for light in lights])
    assert state.light is Light.OFF_TRACK
    assert dict(state.counts) == {Light.OFF_TRACK: 1, Light.REACHED: 2, Light.NO_TARGET: 1}


def test_series_of_other_sides_do_not_count():
    state = side_state(Side.ECONOMY, [measured(*WORSE, light=Light.OFF_TRACK)])
    assert not state.is_measured
    assert (state.light, state.turn, dict(state.counts)) == (Light.NO_DATA, Turn.NOTHING, {})


def cost(*values, prices, name="Udgift pr. elev", **more) -> Measured:
    return measured(*values, side=Side.ECONOMY, direction=Direction.LOWER, name=name, decimals=0, prices=prices, **more)


@pytest.mark.parametrize(
    ("kroner", "turn"),
    [
        ((FIXED_26,), Turn.BETTER),
        ((UNKNOWN,), Turn.BETTER),  # one amount is held beside itself only
        ((FIXED_26, FIXED_26), Turn.BETTER),
        ((CURRENT, CURRENT), Turn.BETTER),
        ((FIXED_26, None), Turn.BETTER),  # a share is no amount
        ((FIXED_26, FIXED_25), Turn.APART),
        ((FIXED_26, CURRENT), Turn.APART),
        ((UNKNOWN, UNKNOWN), Turn.APART),
    ],
)
def test_amounts_in_different_kroner_are_not_read_together(kroner, turn):
    state = side_state(Side.ECONOMY, [cost("2", "1", prices=one, light=Light.AT_RISK) for one in kroner])
    assert state.turn is turn
    assert state.light is Light.AT_RISK  # each is held against its own target
    assert state.is_comparable is (turn is not Turn.APART)


# ---- the combination -------------------------------------------------------------------------------------------------

# quality, economy: as they are told in the issue and the booklet, written out by hand.
COMBINED = {
    (BETTER, BETTER): Combination.BOTH_BETTER,
    (BETTER, SAME): Combination.BETTER_FOR_THE_SAME,
    (BETTER, WORSE): Combination.BETTER_AT_A_PRICE,
    (SAME, BETTER): Combination.SAME_FOR_LESS,
    (SAME, SAME): None,
    (SAME, WORSE): Combination.SAME_AT_A_PRICE,
    (WORSE, BETTER): Combination.WORSE_FOR_LESS,
    (WORSE, SAME): Combination.WORSE_FOR_THE_SAME,
    (WORSE, WORSE): Combination.BOTH_WORSE,
    (NEW, WORSE): None,
    (BETTER, NEW): None,
}


@pytest.mark.parametrize(("quality", "economy"), COMBINED)
def test_what_quality_and_economy_do_together(quality, economy):
    pair = [measured(*quality), measured(*economy, side=Side.ECONOMY)]
    assert combination(triangle(pair)) is COMBINED[quality, economy]


def test_amounts_that_cannot_be_read_together_say_nothing_of_the_combination():
    pair = [measured(*BETTER), cost("2", "1", prices=FIXED_26), cost("2", "1", prices=FIXED_25)]
    assert combination(triangle(pair)) is None


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ([], ""),
        ([measured(*NEW)], "Endnu intet at sammenligne med"),
        (
            [measured("3.5", "3.6"), cost("90", "90", prices=FIXED_26)],
            "Trivsel op, udgift pr. elev uændret",
        ),
        (
            [
                measured("3.5", "3.4"),
                cost("90", "80", prices=FIXED_26),
                measured(*BETTER, side=Side.ACTIVITY, name="Ture"),
            ],
            "Trivsel ned, ture op, udgift pr. elev ned (bedre)",
        ),
        ([cost("80", "90", prices=FIXED_26)], "Udgift pr. elev op (dårligere)"),
        ([measured(*BETTER), measured(*SAME)], "Kvalitet op"),
        ([measured(*WORSE), measured(*SAME)], "Kvalitet ned"),
        ([measured(*WORSE), measured(*BETTER)], "Kvalitet både op og ned"),
        ([measured(*SAME), measured(*SAME)], "Kvalitet uændret"),
        ([measured(*BETTER), measured(*NEW, side=Side.ACTIVITY)], "Trivsel op"),
        ([cost("2", "1", prices=FIXED_26), cost("2", "1", prices=FIXED_26)], "Økonomi bedre"),
        ([cost("2", "1", prices=FIXED_26), cost("2", "1", prices=CURRENT)], "Økonomi i forskellige priser"),
        ([measured(*BETTER, light=Light.OVERDUE)], "Tal om kvalitet mangler"),
        ([measured(*BETTER, name="Elever, der læser alderssvarende")], "Kvalitet op"),
        ([measured(*BETTER, name="Børn der trives i skolen")], "Kvalitet op"),
        ([measured(*BETTER, name="CO2-udledning", side=Side.ACTIVITY)], "CO2-udledning op"),
        ([measured(*BETTER, name="IT-oppetid", side=Side.ACTIVITY)], "IT-oppetid op"),
        (
            [measured("92", "98", name="Belægning", direction=Direction.RANGE, targets=inside("90", "100"))],
            "Belægning op (hverken bedre eller dårligere)",
        ),
    ],
)
def test_the_combination_in_words(series, words):
    assert sentence(triangle(series)) == words


# ---- over time -------------------------------------------------------------------------------------------------------


def codes(periods: list[Period]) -> list[str]:
    return [period.code for period in periods]


def test_the_rhythm_is_the_shortest_that_every_side_keeps():
    yearly = measured("1", "2", "3", kind=PeriodKind.YEAR, first=parse_period("2023"), side=Side.ECONOMY)
    monthly = measured(*"123456789", kind=PeriodKind.MONTH, first=parse_period("2025M01"))
    quarterly = measured(*"123", side=Side.ACTIVITY)
    assert rhythm([]) is None
    assert rhythm([monthly]) is PeriodKind.MONTH
    assert rhythm([monthly, quarterly]) is PeriodKind.QUARTER
    assert rhythm([monthly, quarterly, yearly]) is PeriodKind.YEAR
    # A side that gets numbers every quarter does not wait for its yearly one.
    assert rhythm([monthly, quarterly, measured("1", kind=PeriodKind.YEAR)]) is PeriodKind.QUARTER
    assert codes(moments([monthly, quarterly, yearly])) == ["2025", "2024", "2023"]
    assert codes(moments([monthly])) == [f"2025M0{month}" for month in range(9, 1, -1)]
    assert codes(moments([monthly], since=parse_period("2025M08").last)) == ["2025M09", "2025M08"]


# ---- properties ------------------------------------------------------------------------------------------------------

# The words for a movement from worst to best, as a citizen would order them.
RANK = {Turn.WORSE: 0, Turn.MIXED: 1, Turn.UNCHANGED: 2, Turn.BETTER: 3}
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
KRONER = st.sampled_from([None, FIXED_26, FIXED_25, CURRENT, UNKNOWN])


@st.composite
def some_series(draw):
    values = draw(st.lists(st.one_of(st.none(), NUMBERS), max_size=4))
    return measured(
        *values,
        side=draw(st.sampled_from(Side)),
        direction=draw(st.sampled_from([Direction.HIGHER, Direction.LOWER])),
        light=draw(st.sampled_from(Light)),
        name=draw(st.sampled_from(["Trivsel", "Udgift", "Ture", "Børn, der trives"])),
        prices=draw(KRONER),
    )


@given(st.lists(some_series(), max_size=8), st.randoms())
def test_the_order_of_the_series_does_not_matter(series, random):
    mixed = random.sample(series, len(series))
    assert sentence(triangle(mixed)) == sentence(triangle(series))
    told = [(one.light, dict(one.counts), one.turn, one.way, one.kroner) for one in triangle(series)]
    assert [(one.light, dict(one.counts), one.turn, one.way, one.kroner) for one in triangle(mixed)] == told


@given(st.lists(some_series(), max_size=8))
def test_no_side_is_better_than_its_worst_series(series):
    for state in triangle(series):
        own = [one.light for one in series if one.side is state.side]
        assert all(ORDER[state.light] <= ORDER[light] for light in own)
        assert sum(state.counts.values()) == len(own)


def judged(value: Decimal, before: Decimal, direction: Direction, targets) -> Measured:
    """A series with the light that its newest value gives."""
    periods = (parse_period("2026K1"), parse_period("2026K2"))
    rule = SeriesRule(direction, PeriodKind.QUARTER, 1, targets=targets, tolerance=Decimal(2))
    light = assess(rule, Reading(periods[1], value), TODAY).light
    pairs = tuple(zip(periods, (before, value), strict=True))
    return Measured(1, "Trivsel", Side.QUALITY, light, rule, pairs)


AT_50 = (TargetPoint(parse_period("2028K4"), Decimal(50)),)


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4),
    st.tuples(NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from(Direction),
)
def test_a_better_value_never_worsens_light_or_words(others, numbers, direction):
    one, other, before = numbers
    targets = inside("40", "60") if direction is Direction.RANGE else AT_50
    # The better of two: nearer to the edge, lower, or higher.
    badness = {
        Direction.HIGHER: lambda it: -it,
        Direction.LOWER: lambda it: it,
        Direction.RANGE: lambda it: max(40 - it, it - 60, Decimal(0)),
    }[direction]
    worse, better = sorted((one, other), key=badness, reverse=True)
    rest = [judged(value, past, direction, targets) for value, past in others]
    bad = side_state(Side.QUALITY, [judged(worse, before, direction, targets), *rest])
    good = side_state(Side.QUALITY, [judged(better, before, direction, targets), *rest])
    assert ORDER[good.light] >= ORDER[bad.light]
    assert RANK[good.turn] >= RANK[bad.turn]


@given(st.lists(some_series(), max_size=8))
def test_whatever_is_measured_can_be_said(series):
    sides = triangle(series)
    assert tuple(state.side for state in sides) == SIDES
    assert bool(sentence(sides)) is bool(series)
