"""Whether the figures of two goals moved opposite ways."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.opposing import LEAST_OPPOSITE, MOST_STEPS, Opposed, opposed
from followup.status import Trend

WAYS = {"+": Trend.BETTER, "-": Trend.WORSE, "0": Trend.UNCHANGED, "?": Trend.NO_PREVIOUS}


def steps(text: str, days: int = 90) -> dict[tuple[date, date], Trend]:
    """A sign for each step, `days` apart; a blank is no step."""
    first = date(2024, 3, 31)
    return {
        (first + timedelta(days * at), first + timedelta(days * (at + 1))): WAYS[sign]
        for at, sign in enumerate(text)
        if sign != " "
    }


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("++++", "----", Opposed(4, 4)),
        ("+-+-", "-+-+", Opposed(4, 4)),
        ("+++", "---", None),  # too few
        ("++++", "++++", None),
        ("+++++", "----+", Opposed(4, 5)),
        ("++++++", "----++", None),
        ("++0++", "--+--", Opposed(4, 5)),  # one of them stood still
        ("+++?+", "-----", Opposed(4, 5)),
        ("++++", "--- ", None),  # no step of the other's
        ("++++" + "+" * 8, "----" + "+" * 8, None),  # long ago
        ("+" * 12, "-" * 12, Opposed(8, 8)),
        ("", "", None),
    ],
)
def test_opposite_steps_are_counted(one, other, found):
    assert opposed(steps(one), steps(other)) == found


def test_a_month_is_not_held_against_a_quarter():
    assert opposed(steps("++++++++"), steps("--------", days=30)) is None


signs = st.text("+-0 ", max_size=14)


@given(signs, signs)
def test_it_is_the_same_from_either_side(one, other):
    assert opposed(steps(one), steps(other)) == opposed(steps(other), steps(one))


@given(signs)
def test_nothing_opposes_itself(one):
    assert opposed(steps(one), steps(one)) is None


@given(signs, signs)
def test_what_is_found_is_by_far_opposite(one, other):
    """Counted again, sign by sign."""
    both = [(a, b) for a, b in zip(one, other, strict=False) if " " not in (a, b)][-MOST_STEPS:]
    opposite = sum({a, b} == {"+", "-"} for a, b in both)
    together = sum(a == b and a in "+-" for a, b in both)
    found = opposed(steps(one), steps(other))
    expected = opposite >= LEAST_OPPOSITE and opposite >= 4 * together
    assert found == (Opposed(opposite, len(both)) if expected else None)
