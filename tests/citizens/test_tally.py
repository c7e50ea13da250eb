"""Counts, means and shares, against a slow count of the same answers and the published counts of a real survey."""

import csv
import statistics
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.kinds import BESIDE, DONT_KNOW, NOT_RELEVANT, QuestionKind
from citizens.questionnaire import QuestionSpec
from citizens.tally import Row, column, index_of, mean_interval, people, share_interval, tally, yes_share

pytestmark = pytest.mark.once

SCALE = QuestionSpec("q", QuestionKind.SCALE)
TEN = QuestionSpec("q", QuestionKind.TEN)
SINGLE = QuestionSpec("q", QuestionKind.SINGLE, ("a", "b", "c"))
MULTIPLE = QuestionSpec("q", QuestionKind.MULTIPLE, ("a", "b", "c"))
RANKING = QuestionSpec("q", QuestionKind.RANKING, ("a", "b", "c"))


def rows(*answers) -> list[Row]:
    return [Row({} if answer is None else {"q": answer}, None, "link") for answer in answers]


def everybody(question: QuestionSpec, *answers):
    return tally(column(question, rows(*answers)), (1 << len(answers)) - 1)


def test_beside_is_counted_and_left_out_of_the_mean():
    of = everybody(SCALE, "1", "5", DONT_KNOW, NOT_RELEVANT, None)
    assert (of.n, of.beside, of.mean) == (2, 2, 3)


def test_zero_is_an_answer():
    of = everybody(TEN, "0", "0", "3")
    assert (of.n, of.counts["0"], of.mean) == (3, 2, 1)


def test_an_option_that_the_question_does_not_have_is_no_answer():
    assert everybody(SINGLE, "a", "z").n == 1


def test_several_choices_count_each_person_once():
    of = everybody(MULTIPLE, ["a", "b"], ["a"], ["c", "c"], DONT_KNOW)
    assert (of.n, of.beside) == (3, 1)
    assert of.counts == {"a": 2, "b": 1, "c": 1}
    assert of.share(["a"]) == (2, 3)


def test_mean_place_of_those_who_ranked_the_option():
    of = everybody(RANKING, ["a", "b", "c"], ["b", "a"], ["c"])
    assert of.mean_place("a") == Decimal("1.5")
    assert of.mean_place("b") == Decimal("1.5")
    assert of.mean_place("c") == 2
    assert everybody(RANKING, ["a"]).mean_place("b") is None


@pytest.mark.parametrize(
    ("question", "answers", "alike"),
    [
        (SCALE, ["4", "4", "4"], True),
        (SCALE, ["4", "4", "5"], False),
        (SCALE, ["4", "4", DONT_KNOW], True),
        (MULTIPLE, [["a", "b"], ["a", "b"]], True),
        (MULTIPLE, [["a", "b"], ["a"]], False),
        (RANKING, [["a", "b"], ["b", "a"]], False),
        (RANKING, [["a", "b"], ["a", "b"]], True),
        (SCALE, [], False),
    ],
)
def test_whether_all_answered_alike(question, answers, alike):
    assert everybody(question, *answers).is_alike is alike


answer = st.sampled_from([*"12345", DONT_KNOW, NOT_RELEVANT, None])


@given(st.lists(st.tuples(answer, st.booleans()), max_size=40))
def test_against_a_slow_count_of_any_part(pairs):
    """`pairs`: what somebody answered, and whether they are in the part."""
    of = column(SCALE, rows(*(given_answer for given_answer, _is_in in pairs)))
    part = tally(of, people((at for at, (_answer, is_in) in enumerate(pairs) if is_in), len(pairs)))
    inside = [given_answer for given_answer, is_in in pairs if is_in]
    numbers = [Fraction(one) for one in inside if one is not None and one not in BESIDE]
    assert part.n == len(numbers)
    assert part.beside == sum(one in BESIDE for one in inside)
    assert [part.counts[value] for value in "12345"] == [inside.count(value) for value in "12345"]
    if numbers:
        assert abs(Fraction(part.mean) - sum(numbers) / len(numbers)) < Fraction(1, 10**20)
    if len(numbers) > 1:
        assert float(part.sd) == pytest.approx(statistics.stdev(map(float, numbers)))
    else:
        assert part.sd is None


def test_intervals():
    """Of 17 of 20: 64 to 95 per cent (rules.md). Mean 3.84, sd 0.95, n 178: 3.70 to 3.98, by t tables."""
    assert share_interval(17, 20) == (Decimal("64.0"), Decimal("94.8"))
    assert mean_interval(Decimal("3.84"), Decimal("0.95"), 178, 2) == (Decimal("3.70"), Decimal("3.98"))
    assert yes_share({"yes": 17, "no": 3}, 20) == 85


@pytest.mark.parametrize(
    ("answers", "index"),
    [
        ({"a": "5", "b": "4", "c": "3", "d": "2"}, Decimal("3.5")),
        ({"a": "5", "b": "4"}, Decimal("4.5")),
        ({"a": "5"}, None),
        ({"a": "5", "b": DONT_KNOW, "c": NOT_RELEVANT}, None),
        ({}, None),
    ],
)
def test_an_index_needs_half_of_its_questions(answers, index):
    questions = [QuestionSpec(code, QuestionKind.SCALE) for code in "abcd"]
    assert index_of(answers, questions) == index


def test_an_index_of_an_odd_number_of_questions_needs_the_larger_half():
    questions = [QuestionSpec(code, QuestionKind.SCALE) for code in "abc"]
    assert index_of({"a": "5"}, questions) is None
    assert index_of({"a": "5", "b": "4"}, questions) == Decimal("4.5")


# ---- the real survey -------------------------------------------------------------------------------------------------

TORONTO = Path(__file__).parents[1] / "data/toronto/survey_cp1252.csv"
WORDS = ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree")
CODES = {word: str(at) for at, word in enumerate(WORDS, 1)}


@pytest.fixture(scope="module")
def toronto() -> tuple[list[str], list[list[str]]]:
    with TORONTO.open(encoding="cp1252", newline="") as file:
        head, *lines = csv.reader(file)
    return head, lines


@pytest.mark.parametrize(
    ("number", "counts", "blank"),
    [("3.1.", [111, 170, 250, 163, 13], 255), ("7.3.", [18, 19, 90, 297, 331], 207)],
)
def test_toronto_scales(toronto, number, counts, blank):
    head, lines = toronto
    at = next(at for at, name in enumerate(head) if name.startswith(number))
    of = everybody(SCALE, *(CODES.get(line[at].strip().lower()) for line in lines))
    assert [of.counts[value] for value in "12345"] == counts
    assert len(lines) - of.n == blank
    total = sum(value * count for value, count in enumerate(counts, 1))
    assert of.mean == Decimal(total) / sum(counts)


def test_toronto_ticks(toronto):
    head, lines = toronto
    ticks = [at for at, name in enumerate(head) if name.startswith("1.")]
    codes = tuple(head[at].split(" ")[0] for at in ticks)
    question = QuestionSpec("q", QuestionKind.MULTIPLE, codes)
    chosen = [[code for code, at in zip(codes, ticks, strict=True) if line[at] == "1"] or None for line in lines]
    assert everybody(question, *chosen).counts["1.6."] == 533
