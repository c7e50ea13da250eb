"""Which days count when counting back from a meeting."""

from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from followup.workdays import Workdays

USUAL = Workdays()
CLOSED = Workdays(constitution_day_counts=False, christmas_eve_counts=False, new_years_eve_counts=False)
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def by_law(year: int) -> set[date]:
    """The public holidays, from the date of Easter: written down here, not asked of the package."""
    sunday = easter(year)
    movable = {sunday + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    if year < 2024:
        movable.add(sunday + timedelta(days=26))  # Store Bededag
    return movable | {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}


@pytest.mark.parametrize("year", range(2000, 2041))
def test_the_holidays_are_those_of_the_law(year):
    assert set(USUAL.holidays(year)) == by_law(year)


@pytest.mark.parametrize(
    ("meeting", "count", "expected"),
    [
        (date(2026, 5, 6), 4, date(2026, 5, 1)),
        (date(2026, 5, 6), 3, date(2026, 5, 2)),
        (date(2026, 9, 2), 3, date(2026, 8, 29)),
        (date(2026, 5, 6), 0, date(2026, 5, 6)),
        (date(2026, 4, 7), 1, date(2026, 4, 4)),  # Saturday between Good Friday and Easter
        (date(2026, 4, 7), 2, date(2026, 4, 1)),
        (date(2024, 4, 29), 3, date(2024, 4, 25)),
        (date(2023, 5, 8), 2, date(2023, 5, 4)),  # Store Bededag was a holiday
        (date(2024, 3, 1), 1, date(2024, 2, 29)),
    ],
)
def test_hverdage_are_counted_backwards(meeting, count, expected):
    assert USUAL.before(meeting, count) == expected


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 6, 5), "Grundlovsdag"),
        (date(2026, 12, 24), "Juleaftensdag"),
        (date(2026, 12, 31), "Nytårsaftensdag"),
    ],
)
def test_three_days_are_as_the_authority_sets(day, name):
    assert USUAL.is_hverdag(day)
    assert day not in USUAL.holidays(2026)
    assert not CLOSED.is_hverdag(day)
    assert CLOSED.holidays(2026)[day] == CLOSED.holiday(day) == name


def test_each_of_the_three_is_a_switch_of_its_own():
    assert CLOSED.before(date(2027, 1, 2), 1) == date(2026, 12, 30)
    assert Workdays(new_years_eve_counts=False).before(date(2027, 1, 2), 1) == date(2026, 12, 30)
    assert Workdays(christmas_eve_counts=False).before(date(2027, 1, 2), 1) == date(2026, 12, 31)
    assert Workdays(constitution_day_counts=False).before(date(2026, 6, 6), 1) == date(2026, 6, 4)


def test_saturday_is_a_hverdag_and_sunday_is_none():
    assert USUAL.is_hverdag(date(2026, 5, 2))
    assert not USUAL.is_hverdag(date(2026, 5, 3))


def test_holidays_have_danish_names_in_order():
    names = USUAL.holidays(2026)
    assert names[date(2026, 4, 2)] == "Skærtorsdag"
    assert list(names) == sorted(names)


@given(DAYS, st.integers(0, 40), st.sampled_from([USUAL, CLOSED]))
def test_counting_agrees_with_walking(day, count, workdays):
    closed = by_law(day.year) | by_law(day.year - 1)
    if workdays is CLOSED:
        closed |= {date(year, *md) for year in (day.year - 1, day.year) for md in ((6, 5), (12, 24), (12, 31))}
    at, left = day, count
    while left:
        at -= timedelta(days=1)
        left -= at.isoweekday() != 7 and at not in closed
    assert workdays.before(day, count) == at
