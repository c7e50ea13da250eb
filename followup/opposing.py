"""Whether two series have moved opposite ways: a hint that their goals may pull apart, no more. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from followup.status import Trend

MOST_STEPS = 8  # the last ones that both took
LEAST_OPPOSITE = 4
# Together in at most one for every four opposite: chance alone gives as many of the one as of the other.
OPPOSITE_FOR_ONE_TOGETHER = 4

# From the last day of one period to that of the next with a number: whether it became better.
Steps = Mapping[tuple[date, date], Trend]


@dataclass(frozen=True, slots=True)
class Opposed:
    """How many of the last steps that both took went opposite ways."""

    opposite: int
    steps: int


def opposed(one: Steps, other: Steps) -> Opposed | None:
    """How often the one became better while the other became worse; None when it says nothing.

    Only steps between the same two days count: a month is not held against a quarter.
    """
    shared = sorted(one.keys() & other.keys())[-MOST_STEPS:]
    moved = [step for step in shared if _moves(one[step]) and _moves(other[step])]
    opposite = sum(1 for step in moved if one[step] is not other[step])
    together = len(moved) - opposite
    if opposite < LEAST_OPPOSITE or together * OPPOSITE_FOR_ONE_TOGETHER > opposite:
        return None
    return Opposed(opposite, len(shared))


def _moves(trend: Trend) -> bool:
    return trend in (Trend.BETTER, Trend.WORSE)
