"""When a hearing takes texts, what its answer lacks, and how goals are ranked."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.hearing_rules import (
    Lack,
    OrderFault,
    Ranks,
    ThemeFacts,
    is_taking,
    lacks_before_answer,
    lacks_before_opening,
    mean_ranks,
    order_of,
)
from citizens.kinds import HearingState

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
ONE = timedelta(days=1)


@pytest.mark.parametrize(("day", "expected"), [(FIRST - ONE, False), (FIRST, True), (LAST, True), (LAST + ONE, False)])
def test_both_days_count_whole(day, expected):
    assert is_taking(HearingState.OPEN, FIRST, LAST, day) is expected


@pytest.mark.parametrize("state", [HearingState.DRAFT, HearingState.CLOSED, HearingState.ANSWERED])
def test_only_an_open_hearing_takes(state):
    assert not is_taking(state, FIRST, LAST, FIRST)


@pytest.mark.parametrize(
    ("goals", "text", "today", "expected"),
    [
        (1, "Vi spørger", FIRST, []),
        (0, "Vi spørger", FIRST, ["no_goals"]),
        (1, "  \n", LAST, ["no_text"]),
        (0, "", LAST + ONE, ["no_goals", "no_text", "over"]),
    ],
)
def test_what_a_draft_lacks(goals, text, today, expected):
    assert lacks_before_opening(goals=goals, text=text, closes_on=LAST, today=today) == expected


@pytest.mark.parametrize(
    ("theme", "keys"),
    [
        (ThemeFacts("Ro", "Uro", "To voksne", True), []),
        (ThemeFacts("Ro", "", "To voksne", True), ["heard"]),
        (ThemeFacts("Ro", "Uro", " ", True), ["answer"]),
        (ThemeFacts("Ro", "Uro", "To voksne", False), ["decision"]),
        (ThemeFacts("Ro", "", "", False), ["heard", "answer", "decision"]),
    ],
)
def test_what_a_theme_lacks(theme, keys):
    assert lacks_before_answer([theme], waiting=0, unsorted=0) == [Lack(key, "Ro") for key in keys]


def test_texts_must_be_looked_at_and_sorted():
    assert lacks_before_answer([], waiting=2, unsorted=1) == [Lack("waiting", count=2), Lack("unsorted", count=1)]
    assert lacks_before_answer([], waiting=0, unsorted=0) == []


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({7: 2, 8: 1, 9: 3}, [8, 7, 9]),
        ({7: None, 8: 1, 9: None}, [8]),
        ({7: 3, 8: None, 9: 1}, [9, 7]),
        ({7: None, 8: None}, "empty"),
        ({7: 1, 8: 1}, "twice"),
        ({7: 0, 8: 1}, "unknown"),
        ({7: 3, 8: 1}, "unknown"),
    ],
)
def test_places_become_an_order(places, expected):
    if isinstance(expected, list):
        assert order_of(places) == expected
    else:
        with pytest.raises(OrderFault) as refused:
            order_of(places)
        assert refused.value.key == expected


def test_mean_place_by_hand():
    # Goal 1: places 1 1 1 1 2 2 = 8/6; goal 2: 2 2 2 2 1 1 = 10/6.
    ranks = mean_ranks([[1, 2]] * 4 + [[2, 1]] * 2, [1, 2])
    assert ranks == Ranks(6, {1: Decimal("1.33"), 2: Decimal("1.67")})


def test_those_left_out_share_the_last_places():
    # Somebody names only goal 3 of four: the others share 2, 3 and 4, that is 3 each.
    orders = [[3]] * 3 + [[1, 2, 3, 4]] * 3
    assert mean_ranks(orders, [1, 2, 3, 4]) == Ranks(
        6, {1: Decimal("2.00"), 2: Decimal("2.50"), 3: Decimal("2.00"), 4: Decimal("3.50")}
    )


@pytest.mark.parametrize(
    "orders",
    [
        [[1, 2]] * 3 + [[2, 1]] * 2,  # five
        [[1, 2]] * 9,  # all alike
        [[1, 2]] * 5 + [[1]],  # alike too: who names one of two has placed both
        [[1, 2, 3]] * 5 + [[1, 3, 2]],  # goal 1 is everybody's first
        [[9]] * 6,  # goals that are no longer there
    ],
)
def test_too_few_or_too_much_alike_is_not_shown(orders):
    assert mean_ranks(orders, [1, 2, 3] if 3 in orders[0] else [1, 2]) is None


@given(st.lists(st.permutations([1, 2, 3, 4]).flatmap(lambda p: st.integers(1, 4).map(lambda n: p[:n])), max_size=12))
def test_the_mean_place_is_that_of_a_slow_count(orders):
    ranks = mean_ranks(orders, [1, 2, 3, 4])
    slow = {}
    for goal in (1, 2, 3, 4):
        places = [
            Fraction(order.index(goal) + 1)
            if goal in order
            else Fraction(sum(range(len(order) + 1, 5)), 4 - len(order))
            for order in orders
        ]
        slow[goal] = places
    hidden = len(orders) < 6 or any(len(set(places)) == 1 for places in slow.values())
    assert (ranks is None) == hidden
    if ranks is not None:
        assert ranks.n == len(orders)
        for goal, mean in ranks.means.items():
            assert abs(Fraction(mean) - sum(slow[goal]) / len(orders)) <= Fraction(1, 200)
        assert Ranks.from_json(ranks.to_json()) == ranks
