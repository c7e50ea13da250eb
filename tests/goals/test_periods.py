"""Periods: that they tile the calendar, that codes read back, and how others write them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.period_names import period_name, period_name_bare, period_name_short
from goals.periods import (
    Period,
    PeriodError,
    PeriodKind,
    last_of,
    parse_column,
    parse_period,
    periods_within,
    steps_between,
)

TILING = [kind for kind in PeriodKind if kind not in (PeriodKind.SPAN, PeriodKind.WAVE)]
FIRST, LAST = date(2000, 1, 1), date(2040, 12, 31)
days = st.dates(FIRST, LAST)
tiling = st.sampled_from(TILING)
periods = st.builds(Period.containing, days, tiling)


def read(text: str, kind: PeriodKind | None = None) -> tuple[PeriodKind, str]:
    period = parse_period(text, kind)
    return period.kind, period.code


def key_of(text: str, kind: PeriodKind | None = None) -> str:
    with pytest.raises(PeriodError) as caught:
        parse_period(text, kind)
    assert caught.value.text == text
    return caught.value.key


# ---- tiling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TILING)
def test_periods_of_a_kind_tile_forty_years(kind):
    period = Period.containing(FIRST, kind)
    assert period.first <= FIRST
    codes = []
    while period.first <= LAST:
        following = period.next()
        assert period.first <= period.last
        assert following.first == period.last + timedelta(days=1)
        assert following.previous() == period
        codes.append(period.code)
        period = following
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", TILING)
def test_every_day_lies_in_the_period_that_contains_it(kind):
    day = FIRST
    while day <= LAST:
        period = Period.containing(day, kind)
        assert period.first <= day <= period.last
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "count"),
    [("month", 12), ("quarter", 4), ("tertial", 3), ("half_year", 2), ("year", 1), ("school_year", 1)],
)
def test_how_many_end_in_any_year(kind, count):
    for year in range(2000, 2041):
        assert len(periods_within(PeriodKind(kind), date(year, 1, 1), date(year, 12, 31))) == count


@given(days)
def test_whole_months_begin_and_end_with_their_months(day):
    for kind, months in (("month", 1), ("quarter", 3), ("tertial", 4), ("half_year", 6), ("year", 12)):
        period = Period.containing(day, PeriodKind(kind))
        assert period.first.day == (period.last + timedelta(days=1)).day == 1
        assert (period.first.month - 1) % months == 0
        assert period.first.month + months - 1 == period.last.month
        assert period.first.year == period.last.year == day.year


@given(days)
def test_a_school_year_runs_from_august_to_july(day):
    period = Period.containing(day, PeriodKind.SCHOOL_YEAR)
    assert (period.first.month, period.first.day, period.last.month, period.last.day) == (8, 1, 7, 31)
    assert period.last.year == period.first.year + 1


@given(days)
def test_weeks_are_those_of_the_iso_calendar(day):
    week, fortnight = Period.containing(day, PeriodKind.WEEK), Period.containing(day, PeriodKind.FORTNIGHT)
    assert week.first.isocalendar()[:2] == day.isocalendar()[:2]
    assert week.first.isoweekday() == fortnight.first.isoweekday() == 1
    assert (week.last - week.first).days == 6
    assert (fortnight.last - fortnight.first).days == 13
    assert (fortnight.first - date(2026, 8, 17)).days % 14 == 0


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026U34F", date(2026, 8, 17), date(2026, 8, 30)),
        ("2026M07", date(2026, 7, 1), date(2026, 7, 31)),
        ("2026K3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026T2", date(2026, 5, 1), date(2026, 8, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2025/2026", date(2025, 8, 1), date(2026, 7, 31)),
        ("2023:2024", date(2023, 1, 1), date(2024, 12, 31)),
        ("S:2026-03-01/2026-03-31", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024M02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2000M02", date(2000, 2, 1), date(2000, 2, 29)),
        ("2025M02", date(2025, 2, 1), date(2025, 2, 28)),
        ("2026U53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026U13", date(2026, 3, 23), date(2026, 3, 29)),  # summer time begins on its last day
        ("2026U43", date(2026, 10, 19), date(2026, 10, 25)),  # and ends
        ("2026-03-29", date(2026, 3, 29), date(2026, 3, 29)),
    ],
)
def test_first_and_last_day(code, first, last):
    period = parse_period(code)
    assert (period.first, period.last, period.code) == (first, last, code)


@pytest.mark.parametrize(
    ("code", "after"), [("2026U52F", "2027U01F"), ("2026U34F", "2026U36F"), ("2026U53", "2027U01")]
)
def test_weeks_across_the_new_year(code, after):
    assert parse_period(code).next().code == after
    assert parse_period(after).previous().code == code


# ---- codes and steps -------------------------------------------------------------------------------------------------


@given(periods)
def test_a_code_reads_back(period):
    assert parse_period(period.code) == period
    assert parse_period(period.code, period.kind) == period


@given(st.lists(days, min_size=2, max_size=2).map(sorted))
def test_codes_of_waves_and_spans_read_back(ends):
    wave = Period(PeriodKind.WAVE, *ends)
    span = Period(PeriodKind.SPAN, date(ends[0].year, 1, 1), date(ends[1].year, 12, 31))
    assert [parse_period(wave.code), parse_period(span.code)] == [wave, span]


@given(periods)
def test_a_name_without_a_day_reads_back(period):
    if period.kind is not PeriodKind.DAY:
        assert parse_period(period_name(period)) == period
        assert parse_period(period_name_short(period)) == period


@given(periods, st.integers(-60, 60))
def test_shifting_is_stepping(period, steps):
    at = period
    for _ in range(abs(steps)):
        at = at.next() if steps > 0 else at.previous()
    assert period.shift(steps) == at
    assert steps_between(period, at) == steps


@given(days, days, tiling)
def test_periods_within_are_those_that_end_there(one, other, kind):
    first, last = sorted((one, min(other, one + timedelta(days=400))))
    found = periods_within(kind, first, last)
    assert all(first <= period.last <= last for period in found)
    assert all(before.next() == after for before, after in pairwise(found))
    at = Period.containing(first, kind)
    assert bool(found) == (at.last <= last)


@pytest.mark.parametrize(
    ("kind", "longer", "expected"),
    [
        ("quarter", "2028", "2028K4"),
        ("month", "2028", "2028M12"),
        ("month", "2028K2", "2028M06"),
        ("tertial", "2028", "2028T3"),
        ("half_year", "2028", "2028H2"),
        ("year", "2028", "2028"),
        ("week", "2026", "2026U52"),  # week 53 ends in January
        ("fortnight", "2026", "2026U50F"),
        ("day", "2028", "2028-12-31"),
        ("month", "2025/2026", "2026M07"),
        ("quarter", "2025/2026", "2026K2"),
        ("year", "2023:2024", "2024"),
        ("year", "2024:2024", "2024"),
        ("month", "S:2026-03-01/2026-03-31", "2026M03"),
    ],
)
def test_last_of_a_longer_period(kind, longer, expected):
    assert last_of(PeriodKind(kind), parse_period(longer)).code == expected


@pytest.mark.parametrize(("kind", "shorter"), [("year", "2028K4"), ("quarter", "2028M12"), ("school_year", "2028")])
def test_no_period_of_a_kind_lies_in_a_shorter_one(kind, shorter):
    with pytest.raises(PeriodError) as caught:
        last_of(PeriodKind(kind), parse_period(shorter))
    assert caught.value.key == "period_kind"


def test_later_periods_are_greater():
    in_order = [parse_period(code) for code in ["2025", "2026M01", "2026K1", "2026M03", "2026"]]
    assert sorted([in_order[at] for at in (3, 1, 4, 0, 2)]) == in_order
    assert parse_period("2026K1") <= parse_period("2026K1")


@pytest.mark.parametrize("code", ["2023:2024", "S:2026-03-01/2026-03-31"])
def test_spans_and_waves_do_not_tile(code):
    period = parse_period(code)
    for move in (period.next, period.previous, lambda: period.shift(1), lambda: steps_between(period, period)):
        with pytest.raises(PeriodError):
            move()
    assert periods_within(period.kind, FIRST, LAST) == []


def test_steps_between_two_kinds_are_an_error():
    with pytest.raises(PeriodError):
        steps_between(parse_period("2026K1"), parse_period("2026M01"))


# ---- how others write them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("2025K3", "quarter", "2025K3"),
        ("2025Q3", "quarter", "2025K3"),
        ("2022 Q4", "quarter", "2022K4"),
        ("2025M07", "month", "2025M07"),
        ("2014-11", "month", "2014M11"),
        ("2015-01", "month", "2015M01"),
        ("2024H2", "half_year", "2024H2"),
        ("2025U35", "week", "2025U35"),
        ("2025M09D04", "day", "2025-09-04"),
        ("2023/2024", "school_year", "2023/2024"),
        ("2023:2024", "span", "2023:2024"),
        ("2017-18", "school_year", "2017/2018"),
        ("2011/12", "school_year", "2011/2012"),
        ("2014/2015", "school_year", "2014/2015"),
        ("1999-00", "school_year", "1999/2000"),
        ("2025", "year", "2025"),
        ("2026T2", "tertial", "2026T2"),
        ("2026U34F", "fortnight", "2026U34F"),
        ("31-12-2024", "day", "2024-12-31"),
        ("2024-02-29", "day", "2024-02-29"),
        ("2020U53", "week", "2020U53"),
        ("  2025 K3 ", "quarter", "2025K3"),
        ("2025k3", "quarter", "2025K3"),
        ("3. kvartal 2026", "quarter", "2026K3"),
        ("3. kvt. 2026", "quarter", "2026K3"),
        ("2. halvår 2026", "half_year", "2026H2"),
        ("1. tertial 2026 (januar–april)", "tertial", "2026T1"),
        ("juli 2026", "month", "2026M07"),
        ("Jul. 2026", "month", "2026M07"),
        ("October 2026", "month", "2026M10"),
        ("sept. 2026", "month", "2026M09"),
        ("skoleåret 2025/2026", "school_year", "2025/2026"),
        ("uge 34, 2026", "week", "2026U34"),
        ("uge 34–35, 2026", "fortnight", "2026U34F"),
    ],
)
def test_texts_that_are_periods(text, kind, code):
    assert read(text) == (PeriodKind(kind), code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "202",
        "20255",
        "2025K5",
        "2025K0",
        "2025T4",
        "2025H3",
        "2025M13",
        "2025M00",
        "2025U54",
        "2025U53",  # 2025 has 52 weeks
        "2025M02D30",
        "2025-02-30",
        "31-04-2025",
        "2014-13",
        "2014/2016",
        "2014/11",
        "2024:2023",
        "S:2026-03-31/2026-03-01",
        "AUG - DEC 2023",
        "uge 34–40, 2026",
        "forår 2026",
        "2025K3F",
        "9999",
        "0000",
        "There is no data for this indicator yet",
    ],
)
def test_texts_that_are_no_periods(text):
    assert key_of(text) == "period_unknown"


@pytest.mark.parametrize("text", ["2026U35F", "2026U33F", "2027U02F", "uge 35–36, 2026"])
def test_a_fortnight_of_the_wrong_parity(text):
    with pytest.raises(PeriodError) as caught:
        parse_period(text)
    assert caught.value.key == "period_parity"


def test_another_kind_than_the_series_is_an_error():
    assert key_of("2025K3", PeriodKind.MONTH) == "period_kind"
    assert key_of("2025U34", PeriodKind.FORTNIGHT) == "period_kind"
    assert key_of("2023:2024", PeriodKind.SCHOOL_YEAR) == "period_kind"


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_a_known_error(text):
    try:
        period = parse_period(text)
    except PeriodError as error:
        assert error.key in ("period_unknown", "period_ambiguous", "period_parity")
    else:
        assert parse_period(period.code) == period


# ---- the year and two digits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2011-12", "2000-01", "2009-10"])
def test_a_year_and_the_next_ones_month_is_ambiguous_alone(text):
    assert key_of(text) == "period_ambiguous"


def test_the_kind_of_the_series_decides():
    assert read("2011-12", PeriodKind.MONTH) == (PeriodKind.MONTH, "2011M12")
    assert read("2011-12", PeriodKind.SCHOOL_YEAR) == (PeriodKind.SCHOOL_YEAR, "2011/2012")


def codes(column: list[str]) -> list[str]:
    return [one.code if isinstance(one, Period) else one.key for one in parse_column(column)]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["2014-11", "2014-12", "2015-01"], ["2014M11", "2014M12", "2015M01"]),
        (["2017-18", "2018-19"], ["2017/2018", "2018/2019"]),
        (["2011-11", "2011-12", "2012-01"], ["2011M11", "2011M12", "2012M01"]),
        (["2011-12", "2012-13", "2013-14"], ["2011/2012", "2012/2013", "2013/2014"]),
        ([" 2011-12", "2012-13 "], ["2011/2012", "2012/2013"]),
        (["2010-11", "2011-12"], ["period_ambiguous", "period_ambiguous"]),
        (["2011-12", "2014-11", "2017-18"], ["period_ambiguous", "2014M11", "2017/2018"]),
        (["2011-12", "2015"], ["period_ambiguous", "2015"]),
        (["2011-12", "2013-14", "-"], ["2011/2012", "2013/2014", "period_unknown"]),
        ([], []),
    ],
)
def test_the_whole_column_decides(column, expected):
    assert codes(column) == expected


@given(st.lists(days, min_size=2, max_size=20))
def test_a_column_of_months_or_of_split_years_is_never_read_as_the_other(some):
    months = [f"{day:%Y-%m}" for day in some]
    years = [f"{day.year}-{(day.year + 1) % 100:02}" for day in some]
    for column, kind in ((months, PeriodKind.MONTH), (years, PeriodKind.SCHOOL_YEAR)):
        found = parse_column(column)
        assert all(one.key == "period_ambiguous" if isinstance(one, PeriodError) else one.kind is kind for one in found)


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "short"),
    [
        ("2026U34F", "uge 34–35, 2026", "uge 34–35, 2026"),
        ("2026U52F", "uge 52–53, 2026", "uge 52–53, 2026"),
        ("2026U34", "uge 34, 2026", "uge 34, 2026"),
        ("2026M07", "juli 2026", "jul. 2026"),
        ("2026K3", "3. kvartal 2026", "3. kvt. 2026"),
        ("2026T1", "1. tertial 2026 (januar–april)", "1. tertial 2026"),
        ("2026H1", "1. halvår 2026", "1. halvår 2026"),
        ("2026", "2026", "2026"),
        ("2025/2026", "skoleåret 2025/2026", "2025/2026"),
        ("2023:2024", "2023–2024", "2023–2024"),
        ("2026-08-14", "14. august 2026", "14-08-2026"),
        ("S:2026-03-01/2026-03-31", "01-03-2026–31-03-2026", "01-03-2026–31-03-2026"),
    ],
)
def test_names(code, name, short):
    assert period_name(code).replace("\u00a0", " ") == name
    assert period_name_short(parse_period(code)).replace("\u00a0", " ") == short


@pytest.mark.parametrize(
    ("code", "bare"),
    [("2026K3", "3. kvartal"), ("2026M07", "juli"), ("2026H1", "1. halvår"), ("2026T2", "2. tertial"),
     ("2026U34F", "uge 34–35"), ("2026U35", "uge 35"), ("2026", "2026"), ("2025/2026", "2025/2026")],
)  # fmt: skip
def test_a_period_without_its_year(code, bare):
    assert period_name_bare(code).replace("\u00a0", " ") == bare
