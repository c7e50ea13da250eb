"""When somebody is reminded: the stages as the rules list them, on every day from 2024 to 2040."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.reminding import FIRST, horizon, is_copied, stage_due

ANY_DAY = st.dates(date(2024, 1, 1), date(2040, 12, 31))
PAUSE = st.integers(0, 60)


def days(count: int) -> timedelta:
    return timedelta(days=count)


# 14, 3 and 0 days before, then 1, 7 and every 7 days late: written out.
HEARD = {-14: -14, -13: -14, -4: -14, -3: -3, -1: -3, 0: 0, 1: 1, 2: 1, 6: 1, 7: 7, 13: 7, 14: 14, 20: 14, 21: 21}


@pytest.mark.parametrize(("after", "stage"), [(-15, None), *HEARD.items(), (365, 364)])
def test_stages(after, stage):
    deadline = date(2026, 8, 14)
    assert stage_due(deadline, deadline + days(after), since=date(2026, 1, 1)) == stage


@given(ANY_DAY)
def test_a_tick_every_day_says_each_stage_once_on_its_own_day(deadline):
    said = {}
    for after in range(-40, 41):
        stage = stage_due(deadline, deadline + days(after), since=deadline - days(90))
        if stage is not None and stage not in said:
            said[stage] = after
    assert said == {stage: stage for stage in (-14, -3, 0, 1, 7, 14, 21, 28, 35)}


@given(ANY_DAY, st.integers(-40, 400), PAUSE)
def test_stages_only_go_forward_and_are_never_ahead_of_the_day(deadline, after, pause):
    today = deadline + days(after)
    first = stage_due(deadline, today, since=date(2020, 1, 1))
    later = stage_due(deadline, today + days(pause), since=date(2020, 1, 1))
    assert first is None or first <= after
    assert first is None or (later is not None and first <= later)


@given(ANY_DAY, st.integers(-60, 60), PAUSE)
def test_after_a_pause_there_is_one_stage_the_latest(deadline, after, pause):
    """However long nothing ran, what is heard is what a daily run would have said last."""
    today = deadline + days(after)
    daily = [stage_due(deadline, today - days(back), since=today - days(pause)) for back in range(pause + 1)]
    heard = [stage for stage in daily if stage is not None]
    assert stage_due(deadline, today, since=today - days(pause)) == (max(heard) if heard else None)


@given(ANY_DAY, st.integers(-30, 30), st.integers(1, 30))
def test_nothing_is_said_before_it_is_asked_for(deadline, after, early):
    today = deadline + days(after)
    assert stage_due(deadline, today, since=today + days(early)) is None


@given(st.integers(4, 13), ANY_DAY)
def test_what_opens_late_begins_with_the_first_stage(left, opens):
    assert stage_due(opens + days(left), opens, since=opens) == FIRST


@given(ANY_DAY, st.integers(-60, 60))
def test_the_horizon_is_the_last_deadline_with_a_stage(today, ahead):
    deadline = today + days(ahead)
    assert (stage_due(deadline, today, since=today) is not None) == (deadline <= horizon(today))


def test_the_manager_above_hears_from_the_seventh_day():
    assert [stage for stage in (-14, -3, 0, 1, 7, 14) if is_copied(stage)] == [7, 14]
