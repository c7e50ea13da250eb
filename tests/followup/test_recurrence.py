"""Recurrences in plain Danish words."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from followup.recurrence import (
    LAST,
    Recurrence,
    RecurrenceError,
    Step,
    occurrences,
    on_holidays,
    parse_recurrence,
    rrule,
    words,
)
from followup.workdays import Workdays

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
RECURRENCES = st.one_of(
    st.builds(Recurrence, st.just(Step.WEEK), st.integers(1, 20), st.none() | st.integers(0, 6)),
    st.builds(Recurrence, st.just(Step.MONTH), st.integers(1, 24)),
    st.builds(
        Recurrence,
        st.just(Step.MONTH),
        st.integers(1, 24),
        st.integers(0, 6),
        st.sets(st.sampled_from([1, 2, 3, 4, LAST]), min_size=1).map(tuple),
    ),
    st.builds(
        Recurrence,
        st.just(Step.MONTH),
        st.just(1),
        st.none(),
        st.just(()),
        st.sets(st.integers(1, 12), min_size=1).map(tuple),
    ),
    st.builds(
        Recurrence,
        st.just(Step.MONTH),
        st.just(1),
        st.integers(0, 6),
        st.sets(st.sampled_from([1, 2, 3, 4, LAST]), min_size=1).map(tuple),
        st.sets(st.integers(1, 12), min_size=1).map(tuple),
    ),
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("hver måned", "hver måned"),
        ("  Hver   MÅNED. ", "hver måned"),
        ("månedligt", "hver måned"),
        ("kvartalsvis", "hvert kvartal"),
        ("hvert kvartal", "hvert kvartal"),
        ("hver 3. måned", "hvert kvartal"),
        ("hver 14. dag", "hver 14. dag"),
        ("hver anden uge", "hver 14. dag"),
        ("hver uge", "hver uge"),
        ("halvårlig", "hvert halvår"),
        ("hvert år", "hvert år"),
        ("tertialvis", "hvert tertial"),
        ("hver 6. uge", "hver 6. uge"),
        ("hver 5. måned", "hver 5. måned"),
        ("hver tirsdag", "hver tirsdag"),
        ("hver anden tirsdag", "hver 2. tirsdag"),
        ("1. tirsdag i marts og september", "1. tirsdag i marts og september"),
        ("Første tirsdag i september og marts", "1. tirsdag i marts og september"),
        ("1. tirsdag i marts og september hvert år", "1. tirsdag i marts og september"),
        ("2. onsdag i hver måned", "2. onsdag i hver måned"),
        ("anden onsdag hver måned", "2. onsdag i hver måned"),
        ("1. og 3. onsdag i hver måned", "1. og 3. onsdag i hver måned"),
        ("sidste torsdag i maj, august og november", "sidste torsdag i maj, august og november"),
        ("den sidste torsdag i maj, aug. samt nov", "sidste torsdag i maj, august og november"),
        ("sidste torsdag hvert kvartal", "sidste torsdag hvert kvartal"),
        ("marts og september", "i marts og september"),
        ("i juni", "i juni"),
    ],
)
def test_words_are_read_and_said_again(text, canonical):
    read = parse_recurrence(text)
    assert words(read) == canonical
    assert parse_recurrence(canonical) == read


@pytest.mark.parametrize(
    ("text", "key"),
    [("", "recurrence_empty"), ("   ", "recurrence_empty"), ("når vi kan", "recurrence_unknown"),
     ("5. tirsdag i marts", "recurrence_unknown"), ("1. tirsdag i vintermåneden", "recurrence_unknown"),
     ("1. blåsdag i marts", "recurrence_unknown"), ("hver 0. uge", "recurrence_unknown"),
     ("0. tirsdag i marts", "recurrence_unknown"), ("1. tirsdag hver uge", "recurrence_unknown"),
     ("hver sidste tirsdag", "recurrence_unknown"), ("ma", "recurrence_unknown"), ("og", "recurrence_unknown")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_never_guessed(text, key):
    with pytest.raises(RecurrenceError) as caught:
        parse_recurrence(text)
    assert (caught.value.key, caught.value.text) == (key, text.strip() if text.strip() else text)


@given(RECURRENCES)
def test_words_lead_back_to_the_recurrence(recurrence):
    assert parse_recurrence(words(recurrence)) == recurrence
    assert parse_recurrence(words(recurrence).upper()) == recurrence


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("hvert kvartal", date(2026, 5, 6), ["2026-05-06", "2026-08-05", "2026-11-04", "2027-02-03"]),
        ("hver 14. dag", date(2026, 8, 19), ["2026-08-19", "2026-09-02", "2026-09-16", "2026-09-30"]),
        ("hver anden tirsdag", date(2026, 9, 2), ["2026-09-08", "2026-09-22", "2026-10-06", "2026-10-20"]),
        ("1. tirsdag i marts og september", date(2026, 9, 1), ["2026-09-01", "2027-03-02", "2027-09-07", "2028-03-07"]),
        ("sidste torsdag i maj, august og november", date(2026, 6, 1), ["2026-08-27", "2026-11-26", "2027-05-27",
                                                                        "2027-08-26"]),
        ("hver måned", date(2026, 7, 29), ["2026-07-29", "2026-08-26", "2026-09-30", "2026-10-28"]),  # the fifth = last
        ("hvert år", date(2024, 2, 29), ["2024-02-29", "2025-02-27", "2026-02-26", "2027-02-25"]),
    ],
)  # fmt: skip
def test_what_the_words_leave_open_the_first_time_gives(text, start, expected):
    found = occurrences(parse_recurrence(text), start, start, start + timedelta(days=2000))
    assert [day.isoformat() for day in found[:4]] == expected


def slowly(recurrence: Recurrence, start: date, first: date, last: date) -> list[date]:
    """Every day is looked at."""
    weekday = start.weekday() if recurrence.weekday is None else recurrence.weekday
    place = (start.day - 1) // 7 + 1
    places = recurrence.ordinals or (place if place < 5 else LAST,)
    begins = start + timedelta(days=(weekday - start.weekday()) % 7)
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day < start or day.weekday() != weekday:
            continue
        if recurrence.step is Step.WEEK:
            fits = (day - begins).days % (7 * recurrence.every) == 0
        else:
            months = (day.year - start.year) * 12 + day.month - start.month
            is_last = day.day + 7 > monthrange(day.year, day.month)[1]
            in_place = (day.day - 1) // 7 + 1 in places or (is_last and LAST in places)
            fits = in_place and months % recurrence.every == 0 and day.month in (recurrence.months or range(1, 13))
        if fits:
            found.append(day)
    return found


@given(RECURRENCES, DAYS, st.integers(-200, 1500), st.integers(0, 900))
def test_occurrences_agree_with_looking_at_every_day(recurrence, start, offset, length):
    first = start + timedelta(days=offset)
    last = first + timedelta(days=length)
    assert occurrences(recurrence, start, first, last) == slowly(recurrence, start, first, last)


@given(RECURRENCES, DAYS)
def test_the_rule_says_the_same_to_other_calendars(recurrence, start):
    again, last = rrulestr(str(rrule(recurrence, start))), start + timedelta(days=900)
    days = [
        moment.date() for moment in again.between(*[datetime.combine(one, time()) for one in (start, last)], inc=True)
    ]
    assert days == occurrences(recurrence, start, start, last)


def test_a_meeting_on_a_holiday_stays_and_is_reported():
    days = occurrences(parse_recurrence("hver 14. dag"), date(2026, 4, 23), date(2026, 5, 1), date(2026, 5, 31))
    assert days == [date(2026, 5, 7), date(2026, 5, 21)]
    days = occurrences(parse_recurrence("2. torsdag i maj"), date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31))
    assert on_holidays(days, Workdays()) == {date(2026, 5, 14): "Kristi himmelfartsdag"}
