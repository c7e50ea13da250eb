"""One number over many units: their order, and where one of them lies among the rest. Pure: no Django."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from followup.status import ORDER, Light
from goals.kinds import Direction


class Measured(NamedTuple):
    """One unit's series: how it stands, and the value that its light is about, if there is one."""

    series: int
    name: str
    light: Light
    value: Decimal | None


def worst_first(units: Iterable[Measured], direction: Direction) -> list[Measured]:
    """The worst light first; within it the worst number where one way is better, and what has none last.

    Those that are alike keep their order.
    """
    sign = {Direction.HIGHER: 1, Direction.LOWER: -1, Direction.RANGE: 0}[direction]
    return sorted(units, key=lambda one: (ORDER[one.light], one.value is None, sign * (one.value or Decimal(0))))


def spread(units: Iterable[Measured]) -> tuple[Measured, Measured] | None:
    """The units with the lowest and the highest number; None with fewer than two numbers, or all alike."""
    known = [one for one in units if one.value is not None]
    if len(known) < 2:
        return None
    low, high = min(known, key=_value), max(known, key=_value)
    return (low, high) if _value(low) != _value(high) else None


def place_among(units: Sequence[Measured], own: Measured, direction: Direction) -> tuple[int, int] | None:
    """`3 of 12`, best first: one more than how many are better; None without a number, or where no way is better."""
    known = [_value(one) for one in units if one.value is not None]
    if own.value is None or direction is Direction.RANGE or len(known) < 2:
        return None
    better = sum(value > own.value if direction is Direction.HIGHER else value < own.value for value in known)
    return better + 1, len(known)


def _value(one: Measured) -> Decimal:
    assert one.value is not None
    return one.value
