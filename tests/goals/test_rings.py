"""Rings among things that point upward, found as a plain search finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.rings import in_rings

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ({}, set()),
        ({1: [2], 2: [3]}, set()),
        ({1: [1]}, {1}),
        ({1: [2], 2: [1]}, {1, 2}),
        ({1: [2], 2: [3], 3: [2]}, {2, 3}),
        ({1: [2, 3], 2: [4], 3: [4]}, set()),
        ({1: [2], 2: [1], 3: [1], 4: [3], 1.5: [4]}, {1, 2}),
        ({1: [2], 2: [3], 3: [1], 4: [5], 5: [4]}, {1, 2, 3, 4, 5}),
        ({"a": ["b"], "b": [7], 7: ["a"]}, {"a", "b", 7}),
    ],
)
def test_who_stands_in_a_ring(above, expected):
    assert set(in_rings(above)) == expected


def test_two_knots_carry_two_numbers():
    found = in_rings({1: [2], 2: [1, 3], 3: [4], 4: [3]})
    assert found[1] == found[2] != found[3] == found[4]


def test_a_chain_of_ten_thousand_steps():
    chain = {step: [step + 1] for step in range(10_000)}
    assert in_rings(chain) == {}
    assert len(in_rings(chain | {10_000: [0]})) == 10_001


def reaches_itself(above: dict[int, list[int]], start: int) -> bool:
    """By walking, one step at a time."""
    seen: set[int] = set()
    at = set(above.get(start, ()))
    while at:
        if start in at:
            return True
        seen |= at
        at = {step for node in at for step in above.get(node, ())} - seen
    return False


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9))
def test_it_is_what_walking_finds(above):
    assert set(in_rings(above)) == {node for node in above if reaches_itself(above, node)}
