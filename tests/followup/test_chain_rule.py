"""Whether a goal follows those that serve it, and what of the chain is unfolded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.chain_rule import Branch, Holds, Link, Share, all_below, holds, share_of, unfold
from followup.status import Light

pytestmark = pytest.mark.once

RED, AMBER, GREEN, REACHED = Light.OFF_TRACK, Light.AT_RISK, Light.ON_TRACK, Light.REACHED
LATE, UNSURE = Light.OVERDUE, Light.UNCERTAIN
NOTHING = (Light.NOT_DUE, Light.NO_DATA, Light.NO_TARGET)
lights = st.sampled_from(list(Light))
MIRROR = {RED: GREEN, AMBER: REACHED, GREEN: RED, REACHED: AMBER}


@pytest.mark.parametrize(
    ("own", "serving", "expected"),
    [
        (RED, [GREEN, GREEN], Holds.NOT_FOLLOWED),
        (AMBER, [REACHED], Holds.NOT_FOLLOWED),
        (RED, [GREEN, REACHED, *NOTHING], Holds.NOT_FOLLOWED),
        (RED, [GREEN, LATE], Holds.NOT_FOLLOWED),
        (RED, [GREEN, AMBER], Holds.TOGETHER),
        (RED, [RED], Holds.TOGETHER),
        (GREEN, [GREEN, GREEN], Holds.TOGETHER),
        (GREEN, [GREEN, RED], Holds.TOGETHER),
        (GREEN, [RED, AMBER], Holds.NOT_CARRIED),
        (REACHED, [RED], Holds.NOT_CARRIED),
        (GREEN, [RED, UNSURE], Holds.NOT_CARRIED),
        (RED, [], Holds.UNKNOWN),
        (RED, [*NOTHING, LATE, UNSURE], Holds.UNKNOWN),
        (LATE, [GREEN], Holds.UNKNOWN),
        (UNSURE, [GREEN], Holds.UNKNOWN),
        (Light.NO_DATA, [GREEN], Holds.UNKNOWN),
    ],
)
def test_how_a_goal_goes_beside_those_that_serve_it(own, serving, expected):
    assert holds(own, serving) is expected


@pytest.mark.parametrize(
    ("serving", "expected"),
    [
        ([], Share(0, 0, 0)),
        ([GREEN, RED], Share(1, 2, 2)),
        ([GREEN, REACHED, AMBER, LATE, UNSURE], Share(2, 5, 5)),
        ([GREEN, *NOTHING], Share(1, 1, 4)),
        (list(NOTHING), Share(0, 0, 3)),
    ],
)
def test_the_share_on_course(serving, expected):
    assert share_of(serving) == expected
    assert share_of(serving).unjudged == expected.every - expected.judged


@given(lights, st.lists(lights), st.lists(st.sampled_from(NOTHING)))
def test_goals_without_a_status_change_nothing(own, serving, more):
    assert holds(own, serving) is holds(own, [*more, *serving])
    assert share_of(serving).on_course == share_of([*serving, *more]).on_course
    assert share_of(serving).judged == share_of([*serving, *more]).judged


@given(lights, st.lists(lights), st.randoms())
def test_the_order_does_not_matter(own, serving, chance):
    shuffled = list(serving)
    chance.shuffle(shuffled)
    assert holds(own, shuffled) is holds(own, serving)
    assert share_of(shuffled) == share_of(serving)


@given(lights, st.lists(lights))
def test_mirrored_lights_give_the_mirrored_answer(own, serving):
    mirrored = holds(MIRROR.get(own, own), [MIRROR.get(one, one) for one in serving])
    pairs = {Holds.NOT_FOLLOWED: Holds.NOT_CARRIED, Holds.NOT_CARRIED: Holds.NOT_FOLLOWED}
    assert mirrored is pairs.get(holds(own, serving), holds(own, serving))


@given(st.lists(lights, min_size=1))
def test_a_goal_that_is_no_better_than_the_worst_of_many_is_flagged_only_when_all_are_better(serving):
    assert (holds(RED, serving) is Holds.NOT_FOLLOWED) == (
        any(one in (GREEN, REACHED) for one in serving) and not any(one in (RED, AMBER) for one in serving)
    )


# ---- what is unfolded ------------------------------------------------------------------------------------------------


def links(*goals: int) -> list[Link]:
    return [Link(goal, False) for goal in goals]


def drawn(branches: list[Branch]) -> list:
    """A branch as (goal, those below, folded, repeated)."""
    return [(one.goal, drawn(one.below), one.folded, one.is_repeated) for one in branches]


BELOW = {1: links(11, 12), 11: links(111, 112), 12: links(121), 2: links(21)}


def test_everything_is_shown_where_there_is_room():
    leaf = ([], 0, False)
    assert drawn(unfold(links(1, 2, 3), BELOW, most=9)) == [
        (1, [(11, [(111, *leaf), (112, *leaf)], 0, False), (12, [(121, *leaf)], 0, False)], 0, False),
        (2, [(21, *leaf)], 0, False),
        (3, *leaf),
    ]


def test_level_by_level_what_there_is_room_for():
    leaf = ([], 0, False)
    assert drawn(unfold(links(1, 2, 3), BELOW, most=6)) == [
        (1, [(11, [], 2, False), (12, [], 1, False)], 0, False),
        (2, [(21, *leaf)], 0, False),
        (3, *leaf),
    ]
    assert drawn(unfold(links(1, 2), BELOW, most=2)) == [(1, [], 5, False), (2, [], 1, False)]


def test_a_goal_that_serves_twice_stands_twice_and_is_unfolded_once():
    below = {1: links(3), 2: links(3), 3: links(4)}
    leaf = ([], 0, False)
    assert drawn(unfold(links(1, 2), below, most=20)) == [
        (1, [(3, [(4, *leaf)], 0, False)], 0, False),
        (2, [(3, [], 0, True)], 0, False),
    ]


def test_a_ring_ends():
    below = {1: links(2), 2: links(1)}
    assert all_below([1], below) == {1, 2}
    assert drawn(unfold(links(1), below, most=9)) == [(1, [(2, [(1, [], 0, True)], 0, False)], 0, False)]


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=5, unique=True)),
    st.lists(st.integers(0, 9), max_size=6, unique=True),
    st.integers(0, 30),
)
def test_no_more_is_shown_than_there_is_room_for(below, first, most):
    tree = {goal: links(*found) for goal, found in below.items()}
    branches = unfold(links(*first), tree, most)

    def count(some) -> int:
        return sum(1 + count(one.below) for one in some)

    assert len(branches) == len(first)
    assert count(branches) <= max(most, len(first))
