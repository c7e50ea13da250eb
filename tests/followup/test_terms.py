"""Council terms and elections."""

from datetime import date, timedelta

import pytest

from followup.terms import Term, election_day, term_of


@pytest.mark.parametrize(
    ("year", "day"),
    [(2017, date(2017, 11, 21)), (2021, date(2021, 11, 16)), (2025, date(2025, 11, 18)), (2029, date(2029, 11, 20))],
)
def test_elections_are_on_the_third_tuesday_of_november(year, day):
    assert election_day(year) == day


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 12, 31), date(2022, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 1), date(2029, 12, 31)),
        (date(2029, 12, 31), date(2026, 1, 1), date(2029, 12, 31)),
        (date(2030, 1, 1), date(2030, 1, 1), date(2033, 12, 31)),
    ],
)
def test_a_term_is_four_years_from_new_year(day, first, last):
    term = term_of(day)
    assert (term.first, term.last) == (first, last)


def test_terms_tile_the_calendar():
    term, day = term_of(date(2000, 1, 1)), date(2000, 1, 1)
    while day.year < 2041:
        if day > term.last:
            assert day == term.last + timedelta(days=1)
            assert term.next() == term_of(day)
            assert term_of(day).previous() == term
            term = term_of(day)
        assert term.first <= day <= term.last
        day += timedelta(days=1)
    assert term.election == date(2037, 11, 17)
    assert term == Term(date(2038, 1, 1), date(2041, 12, 31))
