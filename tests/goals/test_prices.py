"""Which kroner an amount is in: the rule, the form and the file."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from goals.kinds import PriceLevel
from goals.loading import load_goals
from goals.loading_messages import problem_message
from goals.loading_rows import SheetKind
from goals.models import Indicator
from goals.price_names import price_subtitle, price_words
from goals.prices import PriceFault, Prices, are_comparable, is_money, price_fault, prices_of
from tests import factories
from tests.factories import NOW
from tests.goals.test_indicator_pages import INDICATOR, html

MONEY = {**INDICATOR, "name": "Udgift pr. elev", "code": "pris", "unit_of_measure": "kr."}


@pytest.mark.parametrize(
    ("unit", "is_it"),
    [("kr.", True), ("mio. kr.", True), ("t.kr.", True), ("1.000 kr", True), ("kr./elev", True), ("Kr. hver", True),
     ("kroner", True), ("DKK", True), ("mio. €", True), ("pct.", False), ("krav", False), ("skridt", False),
     ("personer", False), ("årsværk", False), ("kredse", False), ("", False)],
)  # fmt: skip
def test_what_is_money(unit, is_it):
    assert is_money(unit) is is_it


@pytest.mark.parametrize(
    ("unit", "level", "year", "fault"),
    [
        ("pct.", "", None, None),
        ("kr.", "current", None, None),
        ("kr.", "fixed", 2026, None),
        ("kr.", "", None, ("price_level", PriceFault.NEEDS_LEVEL)),
        ("kr.", "", 2026, ("price_level", PriceFault.NEEDS_LEVEL)),
        ("kr.", "fixed", None, ("price_year", PriceFault.NEEDS_YEAR)),
        ("kr.", "current", 2026, ("price_year", PriceFault.HAS_YEAR)),
        ("kr.", "fixed", 26, ("price_year", PriceFault.ODD_YEAR)),
        ("kr.", "fixed", 0, ("price_year", PriceFault.ODD_YEAR)),
        ("pct.", "", 2026, ("price_year", PriceFault.HAS_YEAR)),
        ("pct.", "fixed", 2026, ("price_level", PriceFault.NOT_MONEY)),
        ("pct.", "current", None, ("price_level", PriceFault.NOT_MONEY)),
    ],
)
def test_what_an_indicator_must_say_of_its_prices(unit, level, year, fault):
    assert price_fault(unit, level, year) == fault


FIXED_26, FIXED_25 = Prices(PriceLevel.FIXED, 2026), Prices(PriceLevel.FIXED, 2025)
CURRENT, UNKNOWN = Prices(PriceLevel.CURRENT), Prices(None)


@pytest.mark.parametrize(
    ("amounts", "can"),
    [
        ([], True),
        ([FIXED_26], True),
        ([UNKNOWN], True),
        ([FIXED_26, FIXED_26], True),
        ([CURRENT, CURRENT], True),
        ([FIXED_26, FIXED_25], False),
        ([FIXED_26, CURRENT], False),
        ([UNKNOWN, UNKNOWN], False),
        ([FIXED_26, FIXED_26, UNKNOWN], False),
    ],
)
def test_only_the_same_kroner_are_comparable(amounts, can):
    assert are_comparable(amounts) is can


@given(st.lists(st.sampled_from([FIXED_26, FIXED_25, CURRENT, UNKNOWN]), max_size=6), st.randoms())
def test_the_order_of_amounts_does_not_matter_and_more_never_help(amounts, random):
    mixed = random.sample(amounts, len(amounts))
    assert are_comparable(mixed) == are_comparable(amounts)
    if are_comparable(amounts):
        assert all(are_comparable(amounts[:at]) for at in range(len(amounts)))


def test_the_kroner_of_a_series():
    assert prices_of("pct.", "", None) is None
    assert prices_of("mio. kr.", "", None) == UNKNOWN
    assert prices_of("mio. kr.", "fixed", 2026) == FIXED_26
    assert prices_of("mio. kr.", "current", None) == CURRENT


def test_the_words():
    assert (price_words("fixed", 2026), price_words("current", None), price_words("", None)) == (
        "2026-priser",
        "løbende priser",
        "",
    )
    assert price_subtitle("fixed", 2026) == "faste priser, 2026-niveau"
    assert (price_subtitle("current", None), price_subtitle("", None)) == ("løbende priser", "")


# ---- the form --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({}, "price_level", "Vælg, om beløbet er i løbende eller faste priser"),
        ({"price_level": "fixed"}, "price_year", "Skriv, hvilket års priser"),
        ({"price_level": "current", "price_year": "2026"}, "price_year", "Kun faste priser har et prisår"),
        ({"price_level": "fixed", "price_year": "26"}, "price_year", "fire cifre"),
        ({"price_level": "fixed", "price_year": "99999"}, "price_year", ""),
        ({"price_level": "fixed", "price_year": "nu"}, "price_year", ""),
        ({"price_level": "fixed", "price_year": "2026", "unit_of_measure": "pct."}, "price_level", "Kun beløb"),
    ],
)
def test_an_amount_says_which_kroner(town, sign_in, asked, field, words):
    response = sign_in(town.consultant).post(reverse("goals:indicator_create"), {**MONEY, **asked})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in html(response)
    assert f'aria-describedby="id_{field}_hint id_{field}_error"' in html(response)
    assert not Indicator.objects.exists()


def test_side_and_prices_are_stored(town, sign_in):
    asked = {**MONEY, "side": "economy", "price_level": "fixed", "price_year": "2026"}
    assert sign_in(town.consultant).post(reverse("goals:indicator_create"), asked).status_code == 302
    stored = Indicator.objects.get()
    assert (stored.side, stored.price_level, stored.price_year) == ("economy", "fixed", 2026)


def test_an_amount_from_before_says_its_kroner_when_it_is_edited(town, sign_in):
    old = factories.indicator(town.authority, code="pris", unit_of_measure="kr.")
    factories.measurement(factories.series(old, town.school), "2026K2", 8)
    url = reverse("goals:indicator_edit", args=[old.pk])
    client = sign_in(town.consultant)
    assert client.post(url, {**MONEY, "version": 1}).status_code == 422
    said = {**MONEY, "version": 1, "price_level": "fixed", "price_year": "2025"}
    assert client.post(url, said).status_code == 302
    assert Indicator.objects.get().price_year == 2025


def test_numbers_in_one_years_kroner_do_not_become_anothers(town, sign_in):
    stored = factories.indicator(
        town.authority, code="pris", unit_of_measure="kr.", price_level="fixed", price_year=2025
    )
    url = reverse("goals:indicator_edit", args=[stored.pk])
    client = sign_in(town.consultant)
    series = factories.series(stored, town.school)
    asked = {**MONEY, "price_level": "fixed", "price_year": "2024"}
    assert client.post(url, {**asked, "version": 1}).status_code == 302  # no numbers yet
    factories.measurement(series, "2026K2", 8)
    assert client.post(url, {**asked, "version": 2, "price_year": "2026", "price_level": "current"}).status_code == 302
    stored.refresh_from_db()
    assert (stored.price_level, stored.price_year) == ("fixed", 2024)
    assert "der er indberettet tal i 2024-priser" in html(client.get(url))
    response = client.post(url, {**asked, "version": stored.version, "unit_of_measure": "pct."})
    assert list(response.context["form"].errors) == ["unit_of_measure"]


# ---- the file --------------------------------------------------------------------------------------------------------

HEADS = ["kode", "navn", "måleenhed", "side i styringstrekanten", "prisniveau", "prisår"]


def load(town, *rows):
    return load_goals(town.authority, {SheetKind.INDICATORS: [HEADS, *rows]}, by=None, now=NOW)


def test_the_file_says_side_and_prices(town):
    loaded = load(
        town,
        ["P", "Pris", "kr.", "økonomi", "faste priser", 2026],
        ["Q", "Ro", "pct.", "kvalitet", "", None],
        ["B", "Budget", "mio. kr.", "economy", "current", ""],
    )
    assert loaded.rejected == []
    found = Indicator.objects.order_by("code").values_list("code", "side", "price_level", "price_year")
    assert list(found) == [
        ("B", "economy", "current", None),
        ("P", "economy", "fixed", 2026),
        ("Q", "quality", "", None),
    ]
    assert load(town, ["P", "Pris", "kr.", "økonomi", "faste priser", 2026]).unchanged == {"Indikatorer": 1}
    assert load(town, ["P", "Pris", "kr.", "økonomi", "løbende priser", ""]).updated == {"Indikatorer": 1}
    assert Indicator.objects.get(code="P").price_year is None


@pytest.mark.parametrize(
    ("row", "column", "key"),
    [
        (["P", "Pris", "kr.", "", "", ""], "prisniveau", "price_needs_level"),
        (["P", "Pris", "kr.", "", "faste priser", ""], "prisår", "price_needs_year"),
        (["P", "Pris", "kr.", "", "løbende priser", 2026], "prisår", "price_has_year"),
        (["P", "Pris", "pct.", "", "løbende priser", ""], "prisniveau", "price_not_money"),
        (["P", "Pris", "kr.", "", "faste priser", 26], "prisår", "price_odd_year"),
        (["P", "Pris", "kr.", "penge", "løbende priser", ""], "side i styringstrekanten", "choice"),
    ],
)
def test_rows_that_do_not_say_which_kroner_are_refused(town, row, column, key):
    [problem] = load(town, row).rejected
    assert (problem.column, problem.key) == (column, key)
    assert "%" not in problem_message(problem)
    assert not Indicator.objects.exists()


def test_an_amount_from_before_is_left_alone_until_the_file_changes_it(town):
    factories.indicator(town.authority, code="P", name="Pris", unit_of_measure="kr.")
    assert load(town, ["P", "Pris", "kr.", "", "", ""]).unchanged == {"Indikatorer": 1}
    assert load(town, ["P", "Udgift", "kr.", "", "", ""]).updated == {"Indikatorer": 1}
    [problem] = load(town, ["P", "Udgift", "mio. kr.", "", "", ""]).rejected
    assert problem.key == "price_needs_level"


def test_the_file_does_not_change_the_kroner_of_numbers(town):
    load(town, ["P", "Pris", "kr.", "", "faste priser", 2026])
    factories.measurement(factories.series(Indicator.objects.get(), town.school), "2026K2", 8)
    for price in (["faste priser", 2025], ["løbende priser", ""]):
        [problem] = load(town, ["P", "Pris", "kr.", "", *price]).rejected
        assert problem.key == "in_use"
