"""Anhøj's rules: the published limits, a slow obvious implementation, and what must not matter."""

from decimal import Decimal
from itertools import pairwise
from math import log2
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from followup.runchart import (
    RunChart,
    Side,
    Signal,
    fewest_usual_crossings,
    longest_usual_run,
    run_chart,
)
from goals.kinds import Direction

HIGHER, LOWER, RANGE = Direction.HIGHER, Direction.LOWER, Direction.RANGE
series = st.lists(st.one_of(st.none(), st.integers(-4, 4).map(Decimal)), max_size=40)
both_ways = st.sampled_from([HIGHER, LOWER])


def of(text: str) -> list[Decimal | None]:
    """`+` over the median of nought, `-` under, `0` on it, `.` missing."""
    return [{"+": Decimal(1), "-": Decimal(-1), "0": Decimal(0), ".": None}[mark] for mark in text]


@pytest.mark.parametrize(("useful", "run", "crossings"), [(12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8)])
def test_the_published_limits(useful, run, crossings):
    assert longest_usual_run(useful) == run
    assert fewest_usual_crossings(useful) == crossings


def test_the_quantile_is_that_of_the_binomial_distribution():
    for useful in range(12, 201):
        assert fewest_usual_crossings(useful) == binom.ppf(0.05, useful - 1, 0.5), useful


@pytest.mark.parametrize(
    ("marks", "signal", "side", "ringed"),
    [
        ("+-" * 8, None, None, []),
        ("+-" * 3 + "+" * 9 + "-" * 9, Signal.RUN, Side.UNDER, list(range(6, 24))),
        # A point on the median neither breaks a run nor counts in it.
        ("-+++++-+++++" + "---0-----", Signal.RUN, Side.UNDER, [12, 13, 14, 16, 17, 18, 19, 20]),
        # Two crossings among 12 are one too few, though no run is longer than seven.
        ("++++++------", Signal.CROSSINGS, Side.UNDER, [6, 7, 8, 9, 10, 11]),
        ("+++---+++---", None, None, []),
    ],
)
def test_signals(marks, signal, side, ringed):
    found = run_chart(of(marks), HIGHER)
    assert (found.signal, found.side, list(found.points)) == (signal, side, ringed)


@pytest.mark.parametrize(("direction", "better"), [(HIGHER, False), (LOWER, True), (RANGE, None)])
def test_better_or_worse_is_a_matter_of_direction(direction, better):
    found = run_chart(of("++++++++--------"), direction)
    assert (found.signal, found.side, found.run_length, found.is_better) == (Signal.RUN, Side.UNDER, 8, better)


def test_eleven_points_off_the_median_are_too_few_however_many_lie_on_it():
    found = run_chart(of("+-+-+-+-+-+" + "0" * 20), HIGHER)
    assert found == RunChart(11)
    assert found.is_too_short
    assert not run_chart(of("+-+-+-+-+-+-" + "0" * 20), HIGHER).is_too_short


def test_a_frozen_median_shows_what_the_whole_would_hide():
    before, after = of("+-" * 6), [Decimal(2)] * 10
    frozen = run_chart([*before, *after], HIGHER, frozen_at=12)
    assert frozen.is_frozen
    assert frozen.median == 0
    assert (frozen.signal, frozen.is_better, frozen.points) == (Signal.RUN, True, tuple(range(12, 22)))
    assert run_chart([*before, *after], HIGHER).median == 1


def test_eleven_values_freeze_nothing():
    values = [*of("+-+-+-+-+-+"), *of("--------")]
    assert run_chart(values, HIGHER, frozen_at=11) == run_chart(values, HIGHER)


def slow(values, direction) -> tuple:
    """The rules as they are told: walk along the points and count."""
    known = [value for value in values if value is not None]
    middle = median(known) if known else 0
    useful = [value for value in known if value != middle]
    if len(useful) < 12:
        return (len(useful), True)
    longest = run = 1
    crossings = 0
    for before, after in pairwise(useful):
        if (before > middle) == (after > middle):
            run += 1
        else:
            crossings, run = crossings + 1, 1
        longest = max(longest, run)
    signal = None
    if longest > round(log2(len(useful))) + 3:
        signal = "run"
    elif crossings < binom.ppf(0.05, len(useful) - 1, 0.5):
        signal = "crossings"
    return (len(useful), False, middle, longest, crossings, signal)


@given(series, both_ways)
def test_agrees_with_the_slow_way(values, direction):
    found = run_chart(values, direction)
    if found.is_too_short:
        assert slow(values, direction) == (found.useful, True)
    else:
        fast = (found.useful, False, found.median, found.longest_run, found.crossings, found.signal)
        assert slow(values, direction) == fast


@given(series, both_ways)
def test_a_mirrored_series_gives_the_mirrored_result(values, direction):
    mirrored = [None if value is None else -value for value in values]
    there, here = run_chart(mirrored, direction), run_chart(values, direction)
    assert (there.useful, there.longest_run, there.crossings, there.signal, there.points) == (
        here.useful, here.longest_run, here.crossings, here.signal, here.points
    )  # fmt: skip
    if here.signal:
        assert there.side is not here.side
        assert there.is_better is not here.is_better
        # Mirrored in what is good as well: the same verdict.
        other = LOWER if direction is HIGHER else HIGHER
        assert run_chart(mirrored, other).is_better is here.is_better


@given(series, both_ways, st.integers(-9, 9).map(Decimal), st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(100)]))
def test_shift_and_scale_do_not_matter(values, direction, shift, scale):
    moved = run_chart([None if value is None else value * scale + shift for value in values], direction)
    here = run_chart(values, direction)
    assert moved.signal is here.signal
    assert (moved.useful, moved.points, moved.is_better) == (here.useful, here.points, here.is_better)
    if here.median is not None:
        assert moved.median == here.median * scale + shift


@given(series, both_ways)
def test_ringed_points_lie_off_the_median_and_the_last_run_on_its_side(values, direction):
    found = run_chart(values, direction)
    for place in found.points:
        assert values[place] is not None
        assert values[place] != found.median
    for place in found.points[-found.run_length :] if found.signal else ():
        assert (values[place] > found.median) == (found.side is Side.OVER)
