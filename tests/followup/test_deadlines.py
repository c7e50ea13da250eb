"""Deadlines counted back from a meeting, and the day a deadline ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from followup.deadlines import Distances, deadlines
from followup.workdays import Workdays
from goals.periods import Period, PeriodKind

FIRST, END = date(2024, 1, 1), date(2040, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((END - FIRST).days + 1)]
KINDS = [PeriodKind.FORTNIGHT, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR]
SWITCHES = [Workdays(), Workdays(constitution_day_counts=False, christmas_eve_counts=False, new_years_eve_counts=False)]


def test_the_deadlines_of_one_meeting():
    found = deadlines(date(2026, 5, 6), Distances(), Workdays(), period_end=date(2026, 3, 31))
    assert [day.isoformat() for day in found.in_order()] == [
        "2026-04-01", "2026-04-18", "2026-04-21", "2026-04-22", "2026-04-24", "2026-04-28", "2026-05-01", "2026-05-02",
        "2026-05-06",
    ]  # fmt: skip


@pytest.mark.parametrize("workdays", SWITCHES)
def test_every_day_of_seventeen_years_has_deadlines_in_order(workdays):
    for meeting in ALL_DAYS:
        period = Period.containing(meeting, PeriodKind.QUARTER).previous()
        found = deadlines(meeting, Distances(), workdays, period_end=period.last)
        days = found.in_order()
        assert list(days) == sorted(days)
        assert found.meeting == meeting
        assert found.opens <= period.last + timedelta(days=1)
        # With the usual distances nothing is moved: each step has its own day, and each is a hverdag.
        assert len(set(days[1:])) == 8
        assert all(workdays.is_hverdag(day) for day in days[1:-1])
        steps = (found.entry, 15), (found.approval, 10), (found.agenda, 4), (found.material, 3)
        for day, count in steps:
            between = [day + timedelta(days=n) for n in range((meeting - day).days)]
            assert sum(workdays.is_hverdag(one) for one in between) == count


@given(
    st.dates(FIRST, END),
    st.builds(Distances, *[st.integers(0, 40)] * 7),
    st.sampled_from(SWITCHES),
    st.sampled_from(KINDS),
)
@example(date(2028, 2, 29), Distances(), Workdays(), PeriodKind.FORTNIGHT)
@example(date(2026, 12, 31), Distances(), SWITCHES[1], PeriodKind.FORTNIGHT)  # ISO week 53
@example(date(2027, 1, 4), Distances(), SWITCHES[1], PeriodKind.FORTNIGHT)
@example(date(2026, 3, 29), Distances(0, 0, 0, 0, 0, 0, 0), Workdays(), PeriodKind.MONTH)
@example(date(2026, 10, 25), Distances(1, 9, 2, 9, 3, 9, 4), Workdays(), PeriodKind.MONTH)
def test_however_the_distances_are_set_the_order_holds(meeting, distances, workdays, kind):
    period = Period.containing(meeting, kind).previous()
    days = deadlines(meeting, distances, workdays, period_end=period.last).in_order()
    assert list(days) == sorted(days)


# ---- the last day counts whole ---------------------------------------------------------------------------------------


def ends(day: date) -> datetime:
    """The first moment after the day in Copenhagen, by the rule of the European Union, worked out in UTC."""

    def last_sunday(month: int) -> datetime:
        day = datetime(at.year, month, 31, 1, tzinfo=UTC)
        return day - timedelta(days=(day.weekday() + 1) % 7)

    at = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    is_summer = last_sunday(3) < at - timedelta(hours=1) < last_sunday(10)
    return at - timedelta(hours=2 if is_summer else 1)


def test_a_deadline_ends_with_its_day_on_every_day():
    instant = timedelta(microseconds=1)
    for day in ALL_DAYS:
        assert timezone.localdate(ends(day) - instant) == day
        assert timezone.localdate(ends(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2028, 3, 26), 23), (date(2026, 8, 14), 24),
     (date(2028, 2, 29), 24)],
)  # fmt: skip
def test_a_day_is_as_long_as_the_clock_makes_it(day, hours):
    assert ends(day) - ends(day - timedelta(days=1)) == timedelta(hours=hours)
