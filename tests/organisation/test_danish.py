"""Numbers, dates and lists as Danish readers write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisation.danish import (
    NBSP,
    NumberError,
    clock,
    day_range,
    days_away,
    difference_unit,
    format_number,
    format_value,
    is_ambiguous,
    join_words,
    long_date,
    parse_number,
    quantise_stored,
    round_half_up,
    short_date,
    soft_hyphens,
    table_date,
    weekday_date,
)

DAY = date(2026, 8, 14)
values = st.decimals(-10_000_000, 10_000_000, places=8, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("12,5 %", "12.5"),
        ("12,5%", "12.5"),
        ("12,5 pct.", "12.5"),
        ("12,5 procent", "12.5"),
        ("1.250 kr.", "1250"),
        ("−3", "-3"),  # a true minus sign
        ("–3", "-3"),  # an en dash
        ("- 3", "-3"),
        ("-3", "-3"),
        ("+3", "3"),
        ("  7 ", "7"),
        ("\u00a07\u00a0", "7"),
        ("0", "0"),
        ("0,0", "0"),
        ("-0", "0"),
        (",5", "0.5"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1 234 567,5", "1234567.5"),
        ("1\u00a0234\u202f567", "1234567"),
        ("12345678", "12345678"),
        ("2.807", "2807"),  # read by the locale of the field; the preview shows it
        ("4.5", "4.5"),  # a lone point that cannot part thousands
        ("0.123", "0.123"),
        ("0.794", "0.794"),
        ("-0.250", "-0.250"),
        ("1.2345", "1.2345"),
        ("1 234.567", "1234.567"),  # the blank parts the thousands, so the point does not
        ("0,123", "0.123"),
        ("007", "7"),
    ],
)
def test_danish_numbers(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("2.807", "2.807"),
        ("2,807", "2807"),
        ("12.5 %", "12.5"),
        ("1e-05", "0.00001"),
        (".5", "0.5"),
        ("−3", "-3"),
        ("1 234.5", "1234.5"),
    ],
)
def test_english_numbers(text, value):
    assert parse_number(text, "en") == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-",
        "−",
        ".",
        "..",
        ",",
        "%",
        "abc",
        "NA",
        "nan",
        "Infinity",
        "*",
        "<10",
        "~100",
        "ca. 5",
        "5-6",
        "3-",
        "12,5,5",
        "1.23,5",
        "12.34,5",
        "1,234.5",
        "1.234.5",
        "0.123.456",
        "1234 567",  # two numbers in one field
        "12 5",
        "--3",
        "5 %%",
        "1_000",
        "0x10",
        "½",
    ],
)
def test_what_is_no_danish_number(text):
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert (caught.value.key, caught.value.text) == ("number_text", text)


@pytest.mark.parametrize("text", ["1.234,5", "4,5", "0,123", "1234,567", "abc"])
def test_what_is_no_english_number(text):
    with pytest.raises(NumberError):
        parse_number(text, "en")


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [
        ("2.807", True),
        ("2,807", True),
        (" 12.807 ", True),
        ("−2.807", True),
        ("2.807 %", True),
        ("0.807", False),
        ("0,807", False),
        ("2807", False),
        ("2.8", False),
        ("1.234.567", False),
        ("1234.567", False),
        ("1.234,5", False),
    ],
)
def test_texts_that_read_as_two_numbers(text, ambiguous):
    assert is_ambiguous(text) is ambiguous
    both = {read(text, "da"), read(text, "en")} - {None}
    assert (len(both) == 2) is ambiguous


def read(text: str, locale: str) -> Decimal | None:
    try:
        return parse_number(text, locale)
    except NumberError:
        return None


@given(st.text(max_size=12) | st.from_regex(r"[-+ 0-9.,]{1,12}", fullmatch=True))
def test_any_text_is_a_finite_number_or_an_error(text):
    for locale in ("da", "en"):
        value = read(text, locale)
        assert value is None or value.is_finite()


@given(values, st.integers(0, 8))
def test_what_is_printed_reads_back(value, decimals):
    rounded = round_half_up(value, decimals)
    assert parse_number(format_number(value, decimals)) == rounded
    assert parse_number(format_value(value, decimals, "pct.")) == rounded
    assert parse_number(f" {format_number(value, decimals)} % ") == rounded


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("1234.5", 1, "1.234,5"),
        ("1234567", 0, "1.234.567"),
        ("-3", 0, "−3"),
        ("-0.04", 1, "0,0"),  # never minus zero
        ("0", 2, "0,00"),
        ("8.25", 1, "8,3"),
        ("-8.25", 1, "−8,3"),
        ("8.35", 1, "8,4"),
        ("2.5", 0, "3"),
        ("999.95", 1, "1.000,0"),
    ],
)
def test_numbers_are_printed(value, decimals, text):
    assert format_number(Decimal(value), decimals) == text


@given(values, st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_half_away_from_zero(value, decimals):
    rounded, unit = round_half_up(value, decimals), Decimal(1).scaleb(-decimals)
    assert abs(rounded - value) <= unit / 2
    assert round_half_up(-value, decimals) == -rounded
    if abs(rounded - value) == unit / 2:
        assert abs(rounded) > abs(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**16), max_value=10**16))
def test_stored_values_keep_fifteen_digits_and_stay(value):
    stored = quantise_stored(value)
    assert quantise_stored(stored) == stored
    digits, exponent = stored.as_tuple().digits, stored.as_tuple().exponent
    assert len(digits) <= 15
    assert exponent >= -8
    assert abs(stored - value) <= max(abs(value) * Decimal("1e-14"), Decimal("0.5e-8"))


def test_a_value_and_its_unit_stay_together():
    assert format_value(Decimal("8.3"), 1, "pct.") == f"8,3{NBSP}pct."
    assert format_value(3, 0, "mio. kr.") == f"3{NBSP}mio.{NBSP}kr."
    assert format_value(3, 0, "") == "3"


@pytest.mark.parametrize(("unit", "of_difference"), [("pct.", "procentpoint"), ("%", "procentpoint"), ("dage", "dage")])
def test_percentages_differ_in_percentage_points(unit, of_difference):
    assert difference_unit(unit) == of_difference


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")]
)
def test_words_are_joined(words, text):
    assert join_words(words) == text


def test_dates():
    assert long_date(DAY) == f"14.{NBSP}august{NBSP}2026"
    assert weekday_date(DAY) == f"fredag den 14.{NBSP}august{NBSP}2026"
    assert table_date(DAY) == "14-08-2026"
    assert clock(datetime(2026, 8, 14, 9, 5, tzinfo=UTC)) == f"kl.{NBSP}09.05"


@pytest.mark.parametrize(
    ("day", "text"),
    [(14, "i dag"), (15, "i morgen"), (13, "i går"), (17, "om 3 dage"), (20, "om 6 dage"), (21, ""), (7, "")],
)
def test_days_away(day, text):
    assert days_away(date(2026, 8, day), DAY) == text


def test_days_ago():
    assert days_away(date(2026, 8, 12), DAY) == "for 2 dage siden"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 5, 14), date(2026, 5, 14), "14. maj"),
        (date(2026, 4, 2), date(2026, 4, 6), "2.–6. april"),
        (date(2024, 3, 28), date(2024, 4, 1), "28. marts–1. april"),
        (date(2026, 12, 28), date(2027, 1, 3), "28. december–3. januar"),
    ],
)
def test_days_that_go_together(first, last, text):
    assert day_range(first, last).replace(NBSP, " ") == text


def test_a_short_date_has_its_weekday():
    assert short_date(date(2026, 5, 6)).replace(NBSP, " ") == "ons 6. maj"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Budgetopfølgning pr. 31/3", "Budget|opfølgning pr. 31/3"),
        ("Børne- og Skoleudvalget", "Børne- og Skole|udvalget"),
        ("Påske", "Påske"),
        ("Status", "Status"),
    ],
)
def test_long_words_may_be_parted(text, parts):
    assert soft_hyphens(text).replace("\u00ad", "|") == parts
