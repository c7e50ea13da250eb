"""When an arrow is weakened: in a table, and in what holds whatever the lights."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.status import Light
from followup.weakening import compared_on, is_weakened, light_on

MARCH, JUNE, SEPTEMBER = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)
ON, REACHED, RISK, OFF = Light.ON_TRACK, Light.REACHED, Light.AT_RISK, Light.OFF_TRACK
UNSURE, NONE = Light.UNCERTAIN, Light.NO_TARGET


def quarters(*lights: Light) -> list[dict[date, Light]]:
    """One series' lights at the ends of quarters from March."""
    return [dict(zip((MARCH, JUNE, SEPTEMBER), lights, strict=False))]


@pytest.mark.parametrize(
    ("before", "after", "weakened"),
    [
        (quarters(ON, ON), quarters(OFF, OFF), True),
        (quarters(REACHED, ON), quarters(RISK, OFF), True),
        (quarters(ON, ON), quarters(OFF, ON), False),
        (quarters(ON, ON), quarters(ON, OFF), False),  # one period only
        (quarters(OFF, ON), quarters(OFF, OFF), False),
        (quarters(ON, OFF), quarters(OFF, OFF), False),
        (quarters(ON), quarters(OFF, OFF), False),  # known once only
        (quarters(ON, ON), quarters(OFF), False),
        (quarters(ON, ON), [], False),  # the effect is not measured
        ([], quarters(OFF, OFF), False),
        (quarters(ON, ON), quarters(UNSURE, UNSURE), False),  # what is not known weakens nothing
        (quarters(ON, ON), quarters(NONE, NONE), False),
        (quarters(UNSURE, ON), quarters(OFF, OFF), False),
        (quarters(OFF, ON, ON), quarters(OFF, OFF, OFF), True),  # the last two count
        (quarters(ON, ON, ON), quarters(OFF, OFF), True),  # the effect's third is not in
        (quarters(ON, ON, OFF), quarters(OFF, OFF), False),  # the activity has since fallen behind
        (quarters(ON, ON), quarters(OFF, OFF, ON), False),  # the effect has since come
        ([*quarters(ON, ON), *quarters(ON, OFF)], quarters(OFF, OFF), False),  # the worst of a step's series
        (quarters(ON, ON), [*quarters(ON, ON), *quarters(OFF, OFF)], True),
    ],
)
def test_two_periods_on_target_and_off(before, after, weakened):
    assert is_weakened(before, after) is weakened


def test_a_monthly_activity_is_compared_at_the_ends_of_the_effects_years():
    months = [{date(2024 + n // 12, n % 12 + 1, 28): (OFF if n == 5 else ON) for n in range(24)}]
    years = [{date(2024, 12, 31): OFF, date(2025, 12, 31): OFF}]
    assert compared_on(months, years) == [date(2024, 12, 31), date(2025, 12, 31)]
    assert is_weakened(months, years)


PASTS = st.lists(
    st.dictionaries(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.sampled_from(Light), max_size=5), max_size=3
)


@given(PASTS, PASTS)
def test_never_weakened_while_the_newest_does_not_say_so(before, after):
    if is_weakened(before, after):
        assert light_on(before) in (ON, REACHED) and light_on(after) in (RISK, OFF)
        assert min(len({end for past in step for end in past}) for step in (before, after)) >= 2
        assert not is_weakened(after, before)


@given(PASTS, PASTS, st.sampled_from([ON, REACHED]))
def test_a_better_effect_never_weakens(before, after, better):
    mended = [dict.fromkeys(past, better) for past in after]
    assert not is_weakened(before, mended)


@given(PASTS, PASTS)
def test_the_order_of_series_says_nothing(before, after):
    assert is_weakened(before, after) == is_weakened(before[::-1], after[::-1])
