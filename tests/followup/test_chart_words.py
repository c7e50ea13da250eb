"""What a chart says in words: its alternative text, how it went, and the title that says the point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.charts.spec import Point
from followup.charts.words import alt_text, development, point_title
from followup.status import Light
from goals.kinds import Direction
from goals.periods import parse_period
from tests.followup.chart_points import point

values = st.decimals(-10_000, 10_000, places=3)
LOWER, HIGHER = Direction.LOWER, Direction.HIGHER


def quarters(*numbers: str | None) -> tuple[Point, ...]:
    start = parse_period("2024K1")
    return tuple(point(start.shift(at).code, number) for at, number in enumerate(numbers))


def absence(*numbers: str | None, light: str = "på rette vej") -> str:
    text = alt_text(
        "Fraværet", quarters(*numbers), decimals=1, unit="pct.", target="højst 7,5 pct. i 2028", light_word=light
    )
    return text.replace("\u00a0", " ")


def test_alternative_text_as_the_language_page_has_it():
    numbers = ("9.0", "8.9", "8.9", "8.8", "8.7", "8.6", "8.5", "8.4", "8.4", "8.3")
    assert absence(*numbers) == (
        "Fraværet faldt fra 9,0 til 8,3 pct. fra 1. kvartal 2024 til 2. kvartal 2026; måltallet er højst 7,5 pct. "
        "i 2028. Status: på rette vej. Tallene står i tabellen."
    )


@pytest.mark.parametrize(
    ("numbers", "part"),
    [
        (("8.3", "9.0"), "Fraværet steg fra 8,3 til 9,0 pct. fra 1. kvartal 2024 til 2. kvartal 2024;"),
        (("8.3", "8.3"), "var uændret på 8,3 pct. fra 1. kvartal 2024 til 2. kvartal 2024;"),
        (("8.2", "7.9", "9.4", "8.3"), "Fraværet svingede mellem 7,9 og 9,4 pct."),
        (("8.2", "7.9", "9.4", "8.3"), "og er nu 8,3; måltallet er"),
        (("9.0", None, "8.3"), "Tal mangler for 2. kvartal 2024."),
        (("9.0", "8.3", None), "Tal mangler for 3. kvartal 2024."),
        (("9.0", None, None, "8.3"), "Tal mangler for 2 perioder."),
        (("9.0",), "Fraværet var 9,0 pct. i 1. kvartal 2024;"),
        (("0", "1"), "steg fra 0,0 til 1,0 pct."),
    ],
)
def test_alternative_text_says_what_happened(numbers, part):
    assert part in absence(*numbers)


def test_alternative_text_without_target_status_or_values():
    plain = alt_text("Fraværet", quarters("9.0", "8.3"), decimals=1, unit="pct.").replace("\u00a0", " ")
    assert plain.endswith("til 2. kvartal 2024. Tallene står i tabellen.")
    assert alt_text("Fraværet", quarters(None), decimals=1, unit="pct.") == "Fraværet: ingen tal endnu."


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        (("9.0", "8.3"), "faldt"),
        (("8.3", "9.0"), "steg"),
        (("8.34", "8.31"), "var uændret"),  # as printed
        (("8.3", "8.4", "8.3"), "svingede"),
        (("9.0", "9.1", "8.2", "8.3"), "faldt"),
        (("8.0", "9.5", "8.3"), "steg"),  # never below where it began
        (("8.3",), ""),
        ((None, None), ""),
    ],
)
def test_development(numbers, word):
    assert development(quarters(*numbers), 1) == word


@given(st.lists(values, min_size=2, max_size=8))
def test_the_development_turns_round_with_time(numbers):
    there = development(quarters(*numbers), 1)
    back = development(quarters(*reversed(numbers)), 1)
    assert {"steg": "faldt", "faldt": "steg"}.get(there, there) == back


@pytest.mark.parametrize(
    ("numbers", "light", "direction", "title"),
    [
        (("9.0", "8.6"), Light.OFF_TRACK, LOWER, "Fraværet falder, men ikke hurtigt nok"),
        (("9.0", "8.6"), Light.AT_RISK, LOWER, "Fraværet falder, men ikke hurtigt nok"),
        (("9.0", "8.6"), Light.OFF_TRACK, HIGHER, "Fraværet falder i stedet for at blive bedre"),
        (("8.6", "9.0"), Light.OFF_TRACK, LOWER, "Fraværet stiger i stedet for at blive bedre"),
        (("9.0", "8.6"), Light.ON_TRACK, LOWER, "Fraværet falder og følger planen"),
        (("9.0", "7.4"), Light.REACHED, LOWER, "Fraværet falder og har nået måltallet"),
        (("9.0", "8.6"), Light.UNCERTAIN, LOWER, "Fraværet falder"),
        (("9.0", "8.6"), Light.OFF_TRACK, Direction.RANGE, "Fraværet falder"),
        (("8.3", "9.4", "8.3"), Light.NO_TARGET, LOWER, "Fraværet svinger"),
        (("9.0",), Light.OFF_TRACK, LOWER, "Fraværet"),
    ],
)
def test_the_title_says_the_point(numbers, light, direction, title):
    assert point_title("Fraværet", quarters(*numbers), light, direction, decimals=1) == title
