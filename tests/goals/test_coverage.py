"""Which areas have a goal: examples, and every small tree against a slow reading of the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.coverage import Covered, Gap, coverage, gaps, in_order, named_above

TREE = {1: None, 11: 1, 12: 1, 2: None, 21: 2, 22: 2, 3: None}


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        (set(), {1: "none", 11: "none", 12: "none", 2: "none", 21: "none", 22: "none", 3: "none"}),
        ({1}, {1: "own", 11: "above", 12: "above", 2: "none", 21: "none", 22: "none", 3: "none"}),
        ({11}, {1: "some", 11: "own", 12: "none", 2: "none", 21: "none", 22: "none", 3: "none"}),
        ({11, 12}, {1: "parts", 11: "own", 12: "own", 2: "none", 21: "none", 22: "none", 3: "none"}),
        ({2, 21, 3}, {1: "none", 11: "none", 12: "none", 2: "own", 21: "own", 22: "above", 3: "own"}),
    ],
)
def test_how_an_area_is_covered(named, wanted):
    assert coverage(TREE, named) == wanted


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        (set(), [Gap(1, 2), Gap(2, 2), Gap(3, 0)]),
        ({11, 3}, [Gap(12, 0), Gap(2, 2)]),
        ({1, 2, 3}, []),
        ({11, 12, 21, 22, 3}, []),
    ],
)
def test_areas_without_a_goal_are_listed_once_from_the_top(named, wanted):
    assert gaps(TREE, named) == wanted


def test_an_area_that_lies_under_one_not_on_the_list_stands_by_itself():
    assert coverage({5: 99}, set()) == {5: Covered.NONE}
    assert gaps({5: 99}, set()) == [Gap(5, 0)]
    assert list(in_order({5: 99, 6: 5})) == [(5, 0), (6, 1)]


def test_the_nearest_named_area():
    assert named_above(TREE, {1}, 11) == 1
    assert named_above(TREE, {1, 11}, 11) == 11
    assert named_above(TREE, {12}, 11) is None
    assert named_above({1: 2, 2: 1}, set(), 1) is None


@st.composite
def trees(draw):
    """Areas 0..n, each under an earlier one or none, and which of them goals name."""
    size = draw(st.integers(1, 9))
    parents = {at: draw(st.sampled_from([None, *range(at)])) for at in range(size)}
    return parents, draw(st.sets(st.sampled_from(range(size))))


def slowly_has_goal(parents, named, area):
    """Whether a goal names it or one above it, or all parts, and there are some, have one."""
    at = area
    while at is not None:
        if at in named:
            return True
        at = parents[at]
    parts = [one for one in parents if parents[one] == area]
    return bool(parts) and all(slowly_has_goal(parents, named, part) for part in parts)


def slowly_untouched(parents, named, area):
    """Whether neither it nor anything under it has a goal."""
    parts = [one for one in parents if parents[one] == area]
    return not slowly_has_goal(parents, named, area) and all(slowly_untouched(parents, named, part) for part in parts)


@given(trees())
def test_every_tree_as_the_rule_says(drawn):
    parents, named = drawn
    found = coverage(parents, named)
    for area, how in found.items():
        assert (how in (Covered.OWN, Covered.ABOVE, Covered.PARTS)) == slowly_has_goal(parents, named, area)
        assert (how is Covered.NONE) == slowly_untouched(parents, named, area)
    untouched = {area for area in parents if slowly_untouched(parents, named, area)}
    listed = gaps(parents, named)
    assert {gap.area for gap in listed} == {area for area in untouched if parents[area] not in untouched}
    assert sum(1 + gap.below for gap in listed) == len(untouched)
