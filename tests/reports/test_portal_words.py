"""The sentences of the public pages, written by hand from language.md and the drawings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.status import Light
from goals.kinds import Direction
from organisation.words.terms import Gender, Word
from reports.portal.words import Told, number_word, plain_words, verdict

NBSP = "\N{NO-BREAK SPACE}"
ON, RISK, OFF, LATE, DONE = Light.ON_TRACK, Light.AT_RISK, Light.OFF_TRACK, Light.OVERDUE, Light.REACHED


@pytest.mark.parametrize(
    ("lights", "sentence"),
    [
        ([], ""),
        ([ON], "Målet følger planen."),
        ([OFF], "Målet er ikke på rette vej."),
        ([ON, DONE], "Begge mål følger planen."),
        ([ON, ON, DONE, RISK, RISK, OFF, Light.UNCERTAIN, LATE],
         "Tre af otte mål følger planen, to kræver opmærksomhed, ét er usikkert, ét mangler tal, "
         "og ét er ikke på rette vej: Mål 6."),
        ([OFF, OFF], "Ingen af de to mål er på rette vej."),
        ([Light.UNCERTAIN, Light.UNCERTAIN, OFF], "To af tre mål er usikre, og ét er ikke på rette vej: Mål 3."),
        ([Light.UNCERTAIN], "Målet er usikkert."),
        ([RISK, Light.NO_DATA, Light.NO_TARGET], "Ét af tre mål kræver opmærksomhed."),
        ([Light.NO_DATA, Light.NOT_DUE, Light.NO_TARGET], "Ingen af de tre mål kan vurderes endnu."),
        ([ON, Light.NO_TARGET], "Ét af to mål følger planen."),
        ([ON] * 13, "Alle 13 mål følger planen."),
    ],
)  # fmt: skip
def test_verdict(lights, sentence):
    assert verdict([(light, f"Mål {at}") for at, light in enumerate(lights, 1)]) == sentence


def told(**fields) -> Told:
    defaults = {
        "name": "Børn med alderssvarende sprog",
        "name_in_sentence": "Andelen af børn",
        "unit": "pct.",
        "decimals": 1,
        "direction": Direction.HIGHER,
        "light": RISK,
        "value": Decimal("83.1"),
        "expected": Decimal("84.0"),
        "target": Decimal("88.0"),
        "when": "2028",
    }
    return Told(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("it", "sentence"),
    [
        (told(), "Børn med alderssvarende sprog: 83 af 100 børn. I 2028 skal det være mindst 88."),
        # 83,1 and 83,4 are both 83 of a hundred: then of a thousand.
        (told(expected=Decimal("83.4")),
         "Børn med alderssvarende sprog: 831 af 1.000 børn. I 2028 skal det være mindst 880."),
        (told(light=OFF, expected=Decimal("86.0")),
         "Børn med alderssvarende sprog: 83 af 100 børn. Efter planen skulle det være mindst 86 nu og 88 i 2028."),
        (told(light=DONE, value=Decimal("89.0"), target=Decimal("88.0")),
         "Børn med alderssvarende sprog: 89 af 100 børn. Måltallet for 2028, mindst 88, er nået."),
        (told(light=Light.UNCERTAIN, interval=(Decimal("74.0"), Decimal("90.0"))),
         "Børn med alderssvarende sprog: 83 af 100 børn. Det rigtige tal ligger sandsynligvis mellem 74 og 90. "
         "I 2028 skal det være mindst 88."),
        (told(name="Ventetid", name_in_sentence="Ventetiden", unit="dage", decimals=0, direction=Direction.LOWER,
              value=Decimal(54), expected=Decimal(50), target=Decimal(40)),
         "Ventetiden er 54 dage. I 2028 skal det være højst 40 dage."),
        (told(name="Ventetid", name_in_sentence="Ventetiden", unit="dage", decimals=0, direction=Direction.LOWER,
              light=LATE, value=None, last=Decimal(54), expected=None, target=Decimal(40)),
         "Det nyeste tal er ikke indberettet. Ventetiden var sidst 54 dage. I 2028 skal det være højst 40 dage."),
        (told(value=None, light=Light.NO_DATA, target=None), "Andelen af børn har endnu ikke noget tal, vi kan vise."),
        (told(name_in_sentence="Belægningen", unit="pct.", value=Decimal("104.0"), low=Decimal("90.0"),
              high=Decimal("100.0"), target=None, expected=None, direction=Direction.RANGE),
         "Belægningen er 104,0 pct. Det skal ligge mellem 90,0 og 100,0 pct."),
        (told(value=Decimal("0"), target=None, expected=None, light=Light.NO_TARGET),
         "Børn med alderssvarende sprog: 0 af 100 børn."),
    ],
)  # fmt: skip
def test_plain_words(it, sentence):
    assert plain_words(it).replace(NBSP, " ") == sentence


SHARES = st.decimals(0, 100, places=1)


@given(value=SHARES, expected=SHARES, target=SHARES)
def test_natural_frequencies_never_hide_a_difference_that_the_light_sees_in_whole_points(value, expected, target):
    """What differs by a whole point out of a hundred is never told as the same."""
    text = plain_words(told(value=value, expected=expected, target=target)).replace(NBSP, " ")
    if abs(value - target) >= 1:
        per = 1000 if "af 1.000" in text else 100
        said = text.split(": ")[1].split(" af ")[0].replace(".", "")
        wanted = text.rsplit("mindst ", 1)[1].rstrip(".").replace(".", "")
        assert said != wanted
        assert abs(Decimal(said) - value * per / 100) <= Decimal("0.5")


@given(st.integers(0, 200))
def test_number_words_are_words_up_to_twelve(count):
    assert number_word(count).isdigit() == (count > 12)


def test_verdict_in_the_authority_s_word():
    """The number and the adjective follow the word's gender."""
    ambition = Word(Gender.COMMON, "ambition", "ambitionen", "ambitioner", "ambitionerne")
    lights = [(Light.ON_TRACK, "a"), (Light.ON_TRACK, "b"), (Light.UNCERTAIN, "c"), (Light.OFF_TRACK, "d")]
    assert verdict(lights, ambition) == (
        "To af fire ambitioner følger planen, én er usikker, og én er ikke på rette vej: d."
    )
    assert verdict(lights[:1], ambition) == "Ambitionen følger planen."
    assert verdict(lights[:2], ambition) == "Begge ambitioner følger planen."
