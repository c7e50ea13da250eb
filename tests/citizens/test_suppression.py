"""What may be known of whom, rule by rule."""

from itertools import combinations_with_replacement
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.kinds import QuestionKind
from citizens.questionnaire import QuestionSpec
from citizens.suppression import (
    FEW,
    NOTHING,
    Detail,
    Limits,
    conceal,
    detail_of,
    leaves_open,
    limits_of,
    may_be_known,
    rounded_mean,
    shown_counts,
)
from citizens.tally import Tally

pytestmark = pytest.mark.once

LIMITS = limits_of(6, is_sensitive=False)
ALL = Detail(has_counts=True, has_mean=True, has_sd=True)
COUNTS = Detail(has_counts=True)
MERGED_SD, MERGED, MEAN_SD, MEAN = FEW


def scale(*counts: int) -> Tally:
    question = QuestionSpec("q", QuestionKind.SCALE if len(counts) == 5 else QuestionKind.TEN)
    return Tally(question, sum(counts), 0, dict(zip(question.values, counts, strict=True)), {})


def single(*counts: int, kind: QuestionKind = QuestionKind.SINGLE, n: int | None = None) -> Tally:
    options = tuple("abcdef"[: len(counts)])
    by_option = dict(zip(options, counts, strict=True))
    return Tally(QuestionSpec("q", kind, options), sum(counts) if n is None else n, 0, by_option, {})


def test_limits_are_only_raised():
    assert limits_of(6, is_sensitive=False) == Limits(6, 10)
    assert limits_of(3, is_sensitive=False) == Limits(6, 10)
    assert limits_of(6, is_sensitive=True) == Limits(10, 10)
    assert limits_of(15, is_sensitive=True) == Limits(15, 15)


@pytest.mark.parametrize(
    ("tally", "detail"),
    [
        (scale(1, 1, 1, 1, 1), NOTHING),  # five
        (scale(0, 0, 0, 0, 40), NOTHING),  # all alike
        (scale(1, 0, 0, 0, 9), ALL),  # ten: the distribution
        (scale(0, 0, 0, 4, 4), ALL),  # few, and no small category
        (scale(0, 0, 0, 4, 5), ALL),
        (scale(2, 2, 0, 1, 3), MERGED_SD),  # 4 and 4 in three steps
        (scale(1, 1, 2, 1, 2), MEAN_SD),
        (scale(0, 0, 0, 1, 5), NOTHING),  # a mean of 4,8 says that one gave 4
        (scale(1, 0, 0, 0, 5), MEAN),  # 4,3 fits others, but with its spread no more
        (single(4, 4), COUNTS),
        (single(5, 1), NOTHING),
        (single(9, 1), COUNTS),
        (single(10, 0), NOTHING),
        (single(4, 4, kind=QuestionKind.MULTIPLE, n=8), COUNTS),
        (single(7, 4, kind=QuestionKind.MULTIPLE, n=8), NOTHING),  # one did not choose the first
    ],
)
def test_what_is_shown_of_the_whole(tally, detail):
    assert detail_of(tally, LIMITS) == detail


counts_of_five = st.lists(st.integers(0, 4), min_size=5, max_size=5).filter(lambda counts: 6 <= sum(counts) <= 9)


def printed(tally: Tally, detail: Detail) -> tuple:
    """What stands on the page, from the definition: means by adding, spreads by squaring."""
    answers = [int(value) for value, count in tally.counts.items() for _n in range(count)]
    mean = sum(answers) / len(answers)
    sd = (sum((one - mean) ** 2 for one in answers) / (len(answers) - 1)) ** 0.5
    three = tuple(sum(one in those for one in answers) for those in ((1, 2), (3,), (4, 5)))
    return (
        int(mean * 10 + 0.5 + 1e-9),
        ceil(2 * sd - 1e-9) if detail.has_sd else None,
        three if detail.is_merged else None,
    )


@given(counts_of_five, st.sampled_from(FEW))
def test_open_means_that_another_distribution_prints_the_same(counts, detail):
    """Against every distribution there is of so many answers."""
    tally = scale(*counts)
    same = [
        other
        for answers in combinations_with_replacement(range(1, 6), tally.n)
        if printed(scale(*(other := tuple(answers.count(value) for value in range(1, 6)))), detail)
        == printed(tally, detail)
    ]
    settled = [at for at in range(5) if 0 < counts[at] < 4 and len({other[at] for other in same}) == 1]
    assert leaves_open(tally, detail) == (not settled)


def test_a_mean_of_few_is_printed_with_one_decimal():
    assert str(rounded_mean(scale(1, 1, 2, 1, 2), LIMITS)) == "3.3"
    assert str(rounded_mean(scale(2, 2, 2, 3, 3), LIMITS)) == "3.25"


def test_what_is_known_of_everybody_counts():
    """Eight with a mean of 4,8 may be two fours or one three; that nobody gave four says which."""
    part = scale(0, 0, 1, 0, 7)
    assert may_be_known(part, None, LIMITS)
    assert not may_be_known(part, scale(0, 0, 1, 0, 30), LIMITS)
    assert may_be_known(part, scale(0, 0, 3, 6, 30), LIMITS)


# ---- what else is hidden ---------------------------------------------------------------------------------------------


def parts(**sizes: int) -> dict[str, int]:
    made, at = {}, 0
    for name, size in sizes.items():
        made[name] = ((1 << size) - 1) << at
        at += size
    return made


def enough(who: int) -> bool:
    return who.bit_count() >= 6


def gone(**sizes: int) -> str:
    return "".join(sorted(part for _name, part in conceal({"p": parts(**sizes)}, enough)))


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"a": 20, "b": 9, "c": 7}, ""),
        ({"a": 20, "b": 9, "c": 3}, "bc"),  # one alone follows from the total
        ({"a": 20, "b": 9, "c": 3, "d": 4}, "cd"),  # seven together
        ({"a": 20, "b": 9, "c": 3, "d": 2}, "bcd"),  # five together are too few
        ({"a": 20, "b": 9, "c": 3, "d": 0}, "bc"),  # nobody hides nobody
        ({"a": 20, "b": 3}, "ab"),
        ({"a": 20, "b": 0}, ""),
    ],
)
def test_companions(sizes, hidden):
    assert gone(**sizes) == hidden


def test_a_part_that_other_parts_make_up_is_hidden_with_a_companion_there():
    """The ten of a are those of x and y: with those printed, b and c would be taken from the rest."""
    one = parts(a=10, b=20, c=4)
    other = parts(x=7, y=3, z=24)
    hidden = conceal({"one": one, "other": other}, enough)
    assert ("one", "c") in hidden
    assert ("other", "y") in hidden
    shown_other = [part for part in other if ("other", part) not in hidden]
    assert "x" not in shown_other


def test_a_part_within_another_is_not_printed_beside_it():
    """a has ten, x eight of them: two are left."""
    hidden = conceal({"one": parts(a=10, b=20), "other": {"x": 0b11111111, "y": (1 << 30) - 256}}, enough)
    assert hidden


def test_what_is_hidden_already_stays_hidden():
    assert conceal({"p": parts(a=20, b=9, c=7)}, enough, {("p", "a")}) == {("p", "a"), ("p", "c")}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_hidden_parts_are_none_or_two_and_six_together(sizes):
    partition = parts(**{f"p{at}": size for at, size in enumerate(sizes)})
    hidden = [partition[part] for _name, part in conceal({"p": partition}, enough) if partition[part]]
    shown = [who for part, who in partition.items() if who and who not in hidden]
    assert all(enough(who) for who in shown)
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(who.bit_count() for who in hidden) >= 6


@pytest.mark.parametrize(
    ("invited", "shown"),
    [
        ({"a": 20, "b": 10}, {"a": 20, "b": 10}),
        ({"a": 20, "b": 10, "c": 3}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": 3, "c": 2}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": None}, {"a": 20, "b": None}),
        ({"a": 20, "b": 0}, {"a": 20, "b": 0}),
    ],
)
def test_invited_are_counts_of_persons(invited, shown):
    assert shown_counts(invited, 4) == shown
