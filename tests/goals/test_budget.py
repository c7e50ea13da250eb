"""Few goals: ceilings, levels and likeness, as pure rules."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.budget import (
    ALIKE,
    ALIKE_IN_A_UNIT,
    Compared,
    FewerBelow,
    Likeness,
    Meter,
    UnitCount,
    ceiling_of,
    fewer_below,
    likeness,
    overlaps,
    tokens,
)


@pytest.mark.parametrize(
    ("most", "is_set", "is_council", "ceiling"),
    [
        (None, False, True, 10),
        (7, True, True, 7),
        (None, False, False, None),
        (3, True, False, 3),
        (None, True, False, None),
    ],
)
def test_only_the_council_has_a_ceiling_that_nobody_set(most, is_set, is_council, ceiling):
    assert ceiling_of(most, is_set=is_set, is_council=is_council) == ceiling


@pytest.mark.parametrize(
    ("used", "most", "added", "ended", "needs"),
    [
        (9, 10, 1, 0, False),
        (10, 10, 1, 0, True),
        (10, 10, 1, 1, False),
        (14, 10, 1, 1, False),  # an old excess is no reason to refuse an exchange
        (14, 10, 2, 1, True),
        (99, None, 1, 0, False),
    ],
)
def test_what_takes_a_decision(used, most, added, ended, needs):
    assert Meter(used, most).needs_decision(added=added, ended=ended) is needs


@given(st.integers(0, 600), st.none() | st.integers(1, 500))
def test_a_meter_agrees_with_itself(used, most):
    meter = Meter(used, most)
    assert meter.is_full is meter.needs_decision(added=1)
    if most is not None:
        assert meter.over - meter.left == used - most and 0 in (meter.over, meter.left)
        assert meter.shown <= most


# ---- levels ----------------------------------------------------------------------------------------------------------


def test_fewer_below_is_told_against_the_nearest_unit_with_goals():
    units = [UnitCount(1, None, 6), UnitCount(2, 1, 0), UnitCount(3, 2, 3), UnitCount(4, 3, 3), UnitCount(5, 1, 6)]
    assert fewer_below(units) == [FewerBelow(3, 3, 1, 6)]


def test_a_unit_without_goals_is_not_told_of_and_a_ring_ends():
    assert fewer_below([UnitCount(1, None, 6), UnitCount(2, 1, 0)]) == []
    assert fewer_below([UnitCount(1, 404, 2)]) == []


# ---- likeness --------------------------------------------------------------------------------------------------------


def goal(pk: int, title: str, unit: int = 1, parent: int | None = None, series: set[int] | None = None) -> Compared:
    return Compared(pk, unit, parent, title, frozenset(series or ()))


def test_inflection_and_small_words_count_for_nothing():
    assert tokens("Elevernes fravær skal falde") == tokens("Eleverne har mindre fravær")
    assert likeness(tokens("Flere læser"), frozenset()) == 0


def test_the_same_series_is_an_overlap_whatever_is_written():
    [one] = overlaps([goal(1, "Trivsel", series={7}), goal(2, "Færre sygedage", unit=2, series={7})])
    assert (one.first, one.second, one.reasons, one.is_in_one_unit) == (1, 2, (Likeness.SERIES,), False)


def test_one_unit_needs_less_to_overlap_than_two():
    titles = "Elevernes fravær i indskolingen", "Elevernes fravær i udskolingen"
    alike = likeness(*map(tokens, titles))
    assert ALIKE_IN_A_UNIT <= alike <= ALIKE
    apart = [goal(1, titles[0], unit=1), goal(2, "Lærernes " + titles[1], unit=2)]
    assert len(overlaps([goal(1, titles[0]), goal(2, titles[1])])) == 1 and overlaps(apart) == []


def test_a_goal_told_at_several_places_is_no_overlap():
    title = "Elevernes fravær i grundskolen falder"
    assert overlaps([goal(1, title), goal(2, title, unit=2, parent=1), goal(3, title, unit=3, parent=2)]) == []
    assert overlaps([goal(1, "Alt andet"), goal(2, title, unit=2, parent=1), goal(3, title, unit=3, parent=1)]) == []
    # Two committees with one goal each of their own do overlap.
    assert len(overlaps([goal(2, title, unit=2), goal(3, title, unit=3)])) == 1


def test_the_most_alike_come_first():
    goals = [
        goal(1, "Ledige unge kommer hurtigt i uddannelse"),
        goal(2, "Ledige unge kommer hurtigt i arbejde"),
        goal(3, "Ledige unge kommer hurtigt i uddannelse", series={5}),
        goal(4, "Noget helt fjerde", unit=4, series={5}),
    ]
    first = overlaps(goals)[0]
    assert (first.first, first.second) == (1, 3)


WORDS = st.lists(
    st.sampled_from(["ventetid", "genoptræning", "borgere", "skolefravær", "elever", "trivsel", "tandpleje"]),
    max_size=4,
)


@given(
    st.lists(
        st.tuples(WORDS, st.integers(1, 3), st.none() | st.integers(0, 9), st.sets(st.integers(1, 4))), max_size=10
    )
)
def test_overlaps_are_those_of_all_pairs(rows):
    goals = [
        Compared(n, unit, parent if parent is not None and parent < n else None, " ".join(words), frozenset(series))
        for n, (words, unit, parent, series) in enumerate(rows)
    ]
    known = {one.pk: one for one in goals}

    def up(one: Compared) -> set[int]:
        return {one.parent} | up(known[one.parent]) if one.parent is not None else set()

    expected = set()
    for one, other in combinations(goals, 2):
        is_one = one.pk in up(other) or other.pk in up(one)
        serves_the_same = one.unit != other.unit and one.parent is not None and one.parent == other.parent
        alike = likeness(tokens(one.title), tokens(other.title))
        # One shared word is never enough to look at two goals, even when it is all they say.
        both = len(tokens(one.title) & tokens(other.title)) > 1
        enough = both and alike >= (ALIKE_IN_A_UNIT if one.unit == other.unit else ALIKE)
        if not is_one and not serves_the_same and (one.series & other.series or enough):
            expected.add((one.pk, other.pk))
    assert {(one.first, one.second) for one in overlaps(goals)} == expected
