"""One number over many units: which comes first, how far apart they lie, and the place of one."""

from decimal import Decimal

import pytest

from followup.status import Light
from goals.kinds import Direction
from reports.side_by_side import Measured, place_among, spread, worst_first


def unit(name: str, light: Light, value: str | None) -> Measured:
    return Measured(ord(name), name, light, None if value is None else Decimal(value))


A = unit("A", Light.ON_TRACK, "5.2")
B = unit("B", Light.OFF_TRACK, "5.9")
C = unit("C", Light.OFF_TRACK, "6.2")
D = unit("D", Light.OVERDUE, None)
E = unit("E", Light.OFF_TRACK, "0")
ALL = [A, B, C, D, E]


@pytest.mark.parametrize(
    ("direction", "order"),
    [(Direction.LOWER, "CBEDA"), (Direction.HIGHER, "EBCDA"), (Direction.RANGE, "BCEDA")],
)
def test_worst_light_first_then_the_worse_number(direction, order):
    assert "".join(one.name for one in worst_first(ALL, direction)) == order


def test_zero_is_a_number_in_the_spread():
    assert spread(ALL) == (E, C)


@pytest.mark.parametrize("few", [[], [A], [A, D], [A, unit("F", Light.REACHED, "5.2")]])
def test_no_spread_of_one_or_of_alike(few):
    assert spread(few) is None


@pytest.mark.parametrize(
    ("own", "direction", "place"),
    [
        (A, Direction.LOWER, (2, 4)),
        (A, Direction.HIGHER, (3, 4)),
        (E, Direction.LOWER, (1, 4)),
        (D, Direction.LOWER, None),
        (A, Direction.RANGE, None),
    ],
)
def test_the_place_counts_those_that_are_better(own, direction, place):
    assert place_among(ALL, own, direction) == place


def test_equal_numbers_share_a_place():
    alike = [A, unit("F", Light.REACHED, "5.2"), C]
    assert [place_among(alike, one, Direction.LOWER) for one in alike] == [(1, 3), (1, 3), (3, 3)]
