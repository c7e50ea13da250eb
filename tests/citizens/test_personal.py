"""CPR numbers are always masked, telephone numbers never; names are found with few false alarms."""

import calendar
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.personal import MASK, cleaned, mask_cpr, name_marks


@pytest.mark.parametrize(
    "number",
    [
        "0101901234",
        "010190-1234",
        "010190 1234",
        "010190 - 1234",
        "01 01 90 1234",
        "01 01 90 - 12 34",
        "01.01.90-1234",
        "01-01-90-1234",
        "01/01-90-1234",
        "01-01-1990-1234",
        "01011990-1234",
        "010190\u20111234",
        "010190\u20131234",
        "010190\u00a01234",
        "610190-1234",  # a substitute number: the day plus 60
        "290200-1234",
        "٠١٠١٩٠-١٢٣٤",
    ],
)
def test_cpr_numbers(number):
    for text in (number, f"Min mor, {number}.", f"({number})", f"cpr:{number}", f"nr{number}og"):
        masked, count = mask_cpr(text)
        assert (masked, count) == (text.replace(number, MASK), 1)


@pytest.mark.parametrize(
    "text",
    [
        "72 10 00 00",
        "+45 12 12 12 12",
        "4512121212",
        "0045 12 12 12 12",
        "+4512121212",
        "EAN 5798009812345",
        "EAN 5798 0098 1234 5",
        "CVR 12121212",
        "3201901234",  # no such day
        "310290-1234",
        "011390-1234",  # no such month
        "000190-1234",
        "den 12.12.2012 kl. 12",
        "den 12.12.2012 1500 kr",
        "12-12-2012",
        "konto 1212 1234567890",
        "12345678901234567890",
        "12 12 12 12 og 13 13 13 13",
        "12 12 12 12 12 12 12 12",
        "01019-01234",
        "fra 2019 til 2024",
    ],
)
def test_other_numbers(text):
    assert mask_cpr(text) == (text, 0)


def test_several():
    masked, count = mask_cpr("010190-1234 og 020290-1234, 030390-1234")
    assert (masked, count) == (f"{MASK} og {MASK}, {MASK}", 3)


@given(
    st.dates(date(1900, 1, 1), date(2057, 12, 31)),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " ", " - "]),
    st.text(alphabet="abc æøå,.\n"),
    st.text(alphabet="abc æøå,\n"),
    st.sampled_from([0, 60]),
)
def test_every_day_is_masked(day, serial, between, before, after, added):
    number = f"{day.day + added:02}{day:%m%y}{between}{serial:04}"
    masked, count = mask_cpr(f"{before}{number}{after}")
    assert count == 1
    assert masked == f"{before}{MASK}{after}"


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999999))
def test_masked_exactly_when_it_is_a_day(day, month, rest):
    """Against the calendar, with February as in a leap year."""
    is_day = (
        1 <= month <= 12
        and 1 <= (day - 60 if day > 60 else day) <= calendar.monthrange(2000, max(1, min(month, 12)))[1]
    )
    assert mask_cpr(f"{day:02}{month:02}{rest:06}")[1] == is_day


@given(st.text())
def test_masking_twice_changes_nothing(text):
    masked, _count = mask_cpr(text)
    assert mask_cpr(masked) == (masked, 0)


NAMED = {
    "Karen er altid flink.": ["Karen"],
    "Min hjælper Karen er flink, og Mette er sød": ["Karen", "Mette"],
    "det var mette der kom": ["mette"],
    "KAREN ER SØD": ["KAREN"],
    "Hjemmehjælper Svendsen kom for sent.": ["Svendsen"],
    "Tak til Fru Hansen og hr. Bo": ["Hansen", "Bo"],
    "Min nabo Abdi Warsame hjælper mig": ["Abdi", "Warsame"],
    "Lægen hedder Al-Zawi": ["Al-Zawi"],
    "Jeg vil takke Birgit Ottesen-Krabbe": ["Birgit", "Ottesen-Krabbe"],
    "Karens vagt og Jens' bil": ["Karens", "Jens"],
    "Anne-Marie fra kommunen": ["Anne-Marie"],
    "Jeg talte med Bo om det": ["Bo"],
    "Per Hansen svarede ikke": ["Per", "Hansen"],
    "SOSU Lone er flink": ["Lone"],
    "jensen fra visitationen": ["jensen"],
    "Det var Fatima, der lyttede": ["Fatima"],
}
UNNAMED = [
    "Hjælpen er god, og Klassen er for stor.",
    "Prisen er høj. Rejsen er lang. Pausen er kort.",
    "Jeg bor på Karen Blixens Vej.",
    "Sankt Jørgens Skole er god.",
    "Per dag får vi tre besøg.",
    "Hans hjælp er ikke min hjælp.",
    "Bo hjemme er det bedste.",
    "Vi ses i august og i maj.",
    "August var en god måned.",
    "I Odense Kommune er det bedre end i København.",
    "Mor er 87 år. Far er 90.",
    "Det hjælper at tale med Jobcenter og Borgerservice.",
    "Kan I ringe før? Det vil være rart!",
    "TV2 og DR skrev om det på Facebook.",
    "Liv og glade dage. Rosa blomster. Storm i april.",
    "Min mor er tilfreds. Min søn også.",
    "Jeg vil have flere ture og mere motion.",
    "- Bedre mad\n- Mere tid\n- Færre skift",
    "Mit mål er at gå til Torvet",
]


@pytest.mark.parametrize(("text", "names"), NAMED.items())
def test_names(text, names):
    assert name_marks(text) == names


@pytest.mark.parametrize("text", UNNAMED)
def test_no_names(text):
    assert name_marks(text) == []


def test_each_name_once():
    assert name_marks("Karen og Karen og Karen") == ["Karen"]


@given(st.text())
def test_no_text_breaks_the_search(text):
    assert all(mark in text for mark in name_marks(text))


@given(st.text())
def test_cleaning(text):
    clean = cleaned(text)
    assert unicodedata.normalize("NFC", clean) == clean
    assert not {unicodedata.category(sign) for sign in clean.replace("\n", "").replace("\t", "")} & {"Cc", "Cf", "Cs"}
    assert cleaned(clean) == clean


def test_a_long_text_takes_no_long_time():
    text = "12 12 12 " * 100_000
    assert mask_cpr(text)[1] == 0
    assert name_marks("Karen Hansen " * 2000) == ["Karen", "Hansen"]
