"""Run charts: whether a series has moved or only swings, by Anhøj's rules. Pure: no Django.

A signal is one thing and the light another: a series may be on track and signal, or off track and only swing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from math import comb, log2

from goals.kinds import Direction

LEAST = 12  # points that do not lie on the median


class Signal(StrEnum):
    """What says that a series has moved."""

    RUN = "run"  # too many in a row on one side of the median
    CROSSINGS = "crossings"  # the line crosses the median too seldom


class Side(StrEnum):
    """Which side of the median."""

    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class RunChart:
    """What the rules say of the values. Points are named by their place among all values, missing ones counted."""

    useful: int  # points that do not lie on the median
    median: Decimal | None = None  # None: too few points for one
    is_frozen: bool = False
    longest_run: int = 0
    crossings: int = 0
    signal: Signal | None = None
    side: Side | None = None  # of the signal's latest run
    run_length: int = 0  # of the signal's latest run
    is_better: bool | None = None  # None: no signal, or neither way is the good one
    points: tuple[int, ...] = ()  # those of the signal

    @property
    def is_too_short(self) -> bool:
        return self.median is None


@dataclass(frozen=True, slots=True)
class _Run:
    side: Side
    places: tuple[int, ...]


def run_chart(values: Sequence[Decimal | None], direction: Direction, *, frozen_at: int | None = None) -> RunChart:
    """Apply the rules to values in order of time.

    With `frozen_at` the median is that of the values before this place, if those are enough for one; else of all.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    before = [value for place, value in known if frozen_at is not None and place < frozen_at]
    is_frozen = len(before) >= LEAST
    middle = _median(before if is_frozen else [value for _place, value in known])
    sides = [(place, Side.OVER if value > middle else Side.UNDER) for place, value in known if value != middle]
    if len(sides) < LEAST:
        return RunChart(len(sides))
    runs = [_Run(side, tuple(place for place, _ in run)) for side, run in groupby(sides, key=lambda point: point[1])]
    longest, crossings = max(len(run.places) for run in runs), len(runs) - 1
    signal, moved = _signal(runs, len(sides))
    last = moved[-1] if moved else None
    return RunChart(
        useful=len(sides),
        median=middle,
        is_frozen=is_frozen,
        longest_run=longest,
        crossings=crossings,
        signal=signal,
        side=last.side if last else None,
        run_length=len(last.places) if last else 0,
        is_better=is_better(last.side, direction) if last else None,
        points=tuple(place for run in moved for place in run.places),
    )


def _signal(runs: Sequence[_Run], useful: int) -> tuple[Signal | None, list[_Run]]:
    """The signal and the runs it lies in: all that are too long; for crossings the longest, the latest of equals."""
    too_long = [run for run in runs if len(run.places) > longest_usual_run(useful)]
    if too_long:
        return Signal.RUN, too_long
    if len(runs) - 1 < fewest_usual_crossings(useful):
        return Signal.CROSSINGS, [max(reversed(runs), key=lambda run: len(run.places))]
    return None, []


def is_better(side: Side, direction: Direction) -> bool | None:
    """Whether the side of the median is the good one; None where neither is."""
    if direction is Direction.RANGE:
        return None
    return (side is Side.OVER) == (direction is Direction.HIGHER)


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    if not ordered:
        return Decimal(0)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def longest_usual_run(useful: int) -> int:
    """The longest run that chance alone usually gives."""
    return round(log2(useful)) + 3


@lru_cache(maxsize=512)
def fewest_usual_crossings(useful: int) -> int:
    """The lower 5 % quantile of the crossings that chance alone gives: Binomial(n - 1, 1/2), in whole numbers."""
    chances, below, crossings = useful - 1, 1, 0
    while 20 * below < 2**chances:
        crossings += 1
        below += comb(chances, crossings)
    return crossings
