"""Codes on paper: what is printed is what is read, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.kinds import BESIDE, QuestionKind
from citizens.paper_codes import UnknownCode, printed_codes, read_keyed
from citizens.questionnaire import QuestionSpec, checked

SCALE = QuestionSpec("skala", QuestionKind.SCALE)
TEN = QuestionSpec("ti", QuestionKind.TEN)
YES = QuestionSpec("ja", QuestionKind.YES_NO)
ONE = QuestionSpec("valg", QuestionKind.SINGLE, ("bus", "cykel", "gang"))
MANY = QuestionSpec("flere", QuestionKind.MULTIPLE, ("bus", "cykel", "gang"))
RANK = QuestionSpec("orden", QuestionKind.RANKING, ("bus", "cykel", "gang"))
LONG = QuestionSpec("mange", QuestionKind.MULTIPLE, tuple(f"o{at}" for at in range(1, 13)))
TEXT = QuestionSpec("ord", QuestionKind.TEXT)


def test_printed_codes():
    assert printed_codes(SCALE) == [
        ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5"), ("v", "dont_know"), ("i", "not_relevant"),
    ]  # fmt: skip
    assert printed_codes(YES)[:2] == [("1", "yes"), ("2", "no")]
    assert printed_codes(ONE)[:3] == [("1", "bus"), ("2", "cykel"), ("3", "gang")]
    assert printed_codes(TEXT) == []
    assert printed_codes(QuestionSpec("x", QuestionKind.SCALE, has_dont_know=False))[-1] == ("i", "not_relevant")


@pytest.mark.parametrize(
    ("spec", "keyed", "stored"),
    [
        (SCALE, "4", ["4"]),
        (SCALE, " V ", ["dont_know"]),
        (SCALE, "i", ["not_relevant"]),
        (SCALE, "  ", []),
        (TEN, "10", ["10"]),
        (TEN, "0", ["0"]),
        (YES, "1", ["yes"]),
        (YES, "N", ["no"]),
        (YES, "ja", ["yes"]),
        (ONE, "2", ["cykel"]),
        (MANY, "13", ["bus", "gang"]),
        (MANY, "1, 3", ["bus", "gang"]),
        (MANY, "v", ["dont_know"]),
        (RANK, "312", ["gang", "bus", "cykel"]),
        (RANK, "3 1 2", ["gang", "bus", "cykel"]),
        (LONG, "12", ["o12"]),
        (LONG, "1 2", ["o1", "o2"]),
        (TEXT, "1 2 v", ["1 2 v"]),
        (TEXT, "  ", []),
    ],
)
def test_reading(spec, keyed, stored):
    assert read_keyed(spec, keyed) == stored


@pytest.mark.parametrize(
    ("spec", "keyed", "wrong"),
    [(SCALE, "6", "6"), (SCALE, "44", "44"), (TEN, "11", "11"), (ONE, "4", "4"), (MANY, "14", "4"), (ONE, "bus", "bus"),
     (SCALE, "ja", "ja"), (LONG, "123", "123")],
)  # fmt: skip
def test_what_is_no_code(spec, keyed, wrong):
    with pytest.raises(UnknownCode) as refused:
        read_keyed(spec, keyed)
    assert refused.value.code == wrong


@st.composite
def answered(draw) -> tuple[QuestionSpec, list[str]]:
    """A question and values that may answer it."""
    kind = draw(st.sampled_from([kind for kind in QuestionKind if kind != QuestionKind.TEXT]))
    options = tuple(f"o{at}" for at in range(draw(st.integers(2, 14))))
    spec = QuestionSpec("q", kind, options)
    if draw(st.booleans()):
        return spec, [draw(st.sampled_from(BESIDE))]
    many = kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING)
    values = draw(st.lists(st.sampled_from(spec.values), min_size=1, max_size=14 if many else 1, unique=True))
    return spec, values


@given(answered(), st.sampled_from([" ", ", ", ";", " , "]))
def test_what_is_printed_is_read_back(case, between):
    spec, values = case
    code_of = {value: code for code, value in printed_codes(spec)}
    assert read_keyed(spec, between.join(code_of[value] for value in values)) == values
    assert not checked([spec], {"q": values}, text_limit=10)[1]


@given(answered())
def test_no_two_boxes_have_one_code(case):
    codes = [code for code, _value in printed_codes(case[0])]
    assert len(set(codes)) == len(codes)


@given(answered(), st.text(max_size=8))
def test_anything_keyed_is_a_value_or_refused(case, keyed):
    spec = case[0]
    try:
        values = read_keyed(spec, keyed)
    except UnknownCode:
        return
    assert set(values) <= {*spec.values, *BESIDE}
