"""The code of a slip, who rose, and what of it may be shown."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.attaining import (
    ALPHABET,
    HIDDEN,
    Ended,
    Share,
    by_category,
    code_of,
    hash_of_code,
    is_code,
    kept_until,
    read_code,
    share_of,
    shown_total,
    written,
)

# ---- the slip --------------------------------------------------------------------------------------------------------


def test_the_same_form_gives_the_same_code_and_others_others():
    codes = {code_of(f"nonce {n}", "secret") for n in range(2000)}
    assert len(codes) == 2000
    assert all(is_code(code) for code in codes)
    assert code_of("a", "secret") == code_of("a", "secret") != code_of("a", "another secret")


def test_every_sign_is_used_in_every_place():
    """60 bits only if no place is poorer than the others."""
    codes = [code_of(str(n), "secret") for n in range(3000)]
    for place in range(12):
        assert {code[place] for code in codes} == set(ALPHABET)


@pytest.mark.parametrize(
    "text", ["K7QM2XPA9TRD", "k7qm-2xpa-9trd", " K7QM 2XPA 9TRD ", "K7QM–2XPA–9TRD", "k7qm.2xpa/9trd"]
)
def test_read_as_people_write(text):
    assert read_code(text) == "K7QM2XPA9TRD"


@pytest.mark.parametrize(("text", "code"), [("OO00-il1I-uvUV", "000011" + "11VVVV")])
def test_letters_that_look_like_figures(text, code):
    assert read_code(text) == code
    assert is_code(code)


@pytest.mark.parametrize("text", ["", "K7QM2XPA9TR", "K7QM2XPA9TRDX", "K7QM2XPA9TRÆ", "'; DROP TABLE"])
def test_what_is_no_code(text):
    assert not is_code(read_code(text))


def test_written_in_groups_and_hashed():
    assert written("K7QM2XPA9TRD") == "K7QM-2XPA-9TRD"
    assert len(hash_of_code("K7QM2XPA9TRD")) == 64
    assert "K7QM" not in hash_of_code("K7QM2XPA9TRD")


@given(st.text(ALPHABET, min_size=12, max_size=12))
def test_what_is_written_is_read_again(code):
    assert read_code(written(code)) == read_code(written(code).lower()) == code


# ---- who rose --------------------------------------------------------------------------------------------------------


def ended(category="A", *steps):
    return [Ended(category, 3, 3 + step) for step in steps]


@pytest.mark.parametrize(
    ("steps", "least", "risen"), [((2,), 2, 1), ((1,), 2, 0), ((0, -2), 1, 0), ((1, 2, 3), 1, 3), ((), 2, 0)]
)
def test_risen_is_at_least_so_many_steps(steps, least, risen):
    assert share_of(ended("A", *steps), least) == Share(len(steps), risen)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((2, 2, 2, 0, 0), HIDDEN),  # five
        ((2, 2, 2, 0, 0, 0), Share(6, 3)),
        ((2,) * 8, HIDDEN),  # all alike
        ((0,) * 8, HIDDEN),
    ],
)
def test_few_and_alike_are_not_shown(steps, expected):
    assert shown_total(ended("A", *steps), 2) == expected


def test_two_are_hidden_with_one_small():
    rows = ended("A", 2, 2, 2, 0, 0, 0, 0) + ended("B", 2, 2, 2, 2, 0, 0, 0, 0) + ended("C", 2, 0, 0)
    assert by_category(rows, ["A", "B", "C", "D"], 2) == {
        "A": HIDDEN, "B": Share(8, 4), "C": HIDDEN, "D": Share(0, 0)
    }  # fmt: skip


def test_all_are_hidden_when_the_total_is():
    assert by_category(ended("A", 2, 0, 0), ["A", "B"], 2) == {"A": HIDDEN, "B": HIDDEN}


def test_a_single_category_is_the_total():
    assert by_category(ended("A", 2, 2, 2, 0, 0, 0), ["A"], 2) == {"A": Share(6, 3)}


rows_of = st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 4)), max_size=40).map(
    lambda pairs: [Ended(category, 3, 3 + step) for category, step in pairs]
)


@given(rows_of)
def test_nothing_below_the_limit_can_be_subtracted(rows):
    """Who knows the total and every category shown knows of the rest only a sum of six people or more, not alike."""
    total, shown = shown_total(rows, 2), by_category(rows, list("ABCD"), 2)
    open_ones = [share for share in shown.values() if share.is_shown]
    if not total.is_shown:
        assert all(share == HIDDEN for share in shown.values())
        return
    for share in open_ones:
        assert share.n == 0 or (share.n >= 6 and 0 < share.risen < share.n)
    hidden = [name for name, share in shown.items() if not share.is_shown]
    rest, rose = total.n - sum(one.n for one in open_ones), total.risen - sum(one.risen for one in open_ones)
    if hidden:
        assert len(hidden) >= 2
        assert rest >= 6
        assert 0 < rose < rest


@given(rows_of)
def test_each_hidden_category_could_have_been_another(rows):
    """By trying all: no number of those who ended in a hidden category follows from what is shown."""
    total, shown = shown_total(rows, 2), by_category(rows, list("ABCD"), 2)
    hidden = [name for name, share in shown.items() if not share.is_shown]
    if not total.is_shown or not hidden or len(rows) > 24:
        return
    rest = total.n - sum(one.n for one in shown.values() if one.is_shown)
    fits = [sizes for sizes in product(range(1, rest), repeat=len(hidden)) if sum(sizes) == rest]
    for at in range(len(hidden)):
        assert len({sizes[at] for sizes in fits}) >= 2


@given(rows_of)
def test_what_is_shown_is_what_is_counted(rows):
    for name, share in by_category(rows, list("ABCD"), 2).items():
        if share.is_shown:
            mine = [one for one in rows if one.category == name]
            assert share == Share(len(mine), len([one for one in mine if one.end >= one.start + 2]))


# ---- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2031, 8, 10), date(2026, 8, 10)),
        (date(2028, 2, 29), date(2023, 2, 28)),
        (date(2028, 3, 1), date(2023, 3, 1)),
    ],
)
def test_five_years(today, expected):
    assert kept_until(today) == expected
