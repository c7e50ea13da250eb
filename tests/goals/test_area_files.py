"""Files with service areas: what is read, what each line would do, and that storing twice changes nothing."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.area_files import Area, AreaFileError, AreaLine, Outcome, plan, read_areas


def sheet(*rows):
    return SimpleNamespace(name="Ark1", rows=[list(row) for row in rows])


def outcomes(lines, known=None):
    return [one.refusal or one.outcome.value for one in plan(lines, known or {})]


def test_columns_in_any_order_and_others_left_alone():
    rows = [("Navn", "Note", "Kode", "Hører under (kode)"), ("Ældre", "x", 20, None), ("Hjemmepleje", "", "20.1", "20")]
    assert read_areas([sheet(("en", "anden")), sheet(("Serviceområder",), *rows)]) == [
        AreaLine(3, "20", "Ældre", ""),
        AreaLine(4, "20.1", "Hjemmepleje", "20"),
    ]


def test_kle_numbers_say_what_lies_under_what():
    rows = [
        ("Emnenr.", "Emnetitel"),
        ("27", "A"),
        ("27.18", "B"),
        ("27.18.02", "C"),
        ("27.20.02", "D"),
        ("30.1.1", "E"),
    ]
    assert [line.parent for line in read_areas([sheet(*rows)])] == ["", "27", "27.18", "27", ""]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([("navn", "beløb"), ("a", 1)], "no_columns"),
        ([("kode", "navn"), (None, "")], "no_lines"),
        ([("kode", "navn"), *((str(at), "x") for at in range(5001))], "too_many_lines"),
    ],
)
def test_files_without_areas(rows, key):
    with pytest.raises(AreaFileError) as error:
        read_areas([sheet(*rows)])
    assert error.value.key == key


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (AreaLine(2, "", "Navn"), "no_code"),
        (AreaLine(2, "x" * 31, "Navn"), "long_code"),
        (AreaLine(2, "9", ""), "no_name"),
        (AreaLine(2, "9", "x" * 201), "long_name"),
        (AreaLine(2, "9", "Navn", "9"), "itself"),
        (AreaLine(2, "9", "Navn", "nej"), "no_parent"),
        (AreaLine(2, "9", "Navn", "", "i morgen"), "bad_day"),
        (AreaLine(2, "1", "", "", "31-12-2026"), "changed"),
        (AreaLine(2, "1", "Ældre"), "unchanged"),
        (AreaLine(2, "1"), "unchanged"),
        (AreaLine(2, "9", "Navn", "1"), "created"),
    ],
)
def test_what_a_line_does(line, wanted):
    assert outcomes([line], {"1": Area("Ældre")}) == [wanted]


def test_the_first_of_two_lines_with_a_code_counts():
    assert outcomes([AreaLine(2, "1", "A"), AreaLine(3, "1", "B")]) == ["created", "twice"]


def test_a_ring_is_refused_and_what_lies_under_it_too():
    ring = [AreaLine(2, "1", "A", "2"), AreaLine(3, "2", "B", "1"), AreaLine(4, "3", "C", "2"), AreaLine(5, "4", "D")]
    assert outcomes(ring) == ["ring", "ring", "no_parent", "created"]
    # One line closes a ring with what is known.
    known = {"1": Area("A"), "2": Area("B", "1")}
    assert outcomes([AreaLine(2, "1", "A", "2")], known) == ["ring"]


def test_a_blank_cell_changes_nothing():
    known = {"1": Area("A"), "2": Area("B", "1", date(2026, 12, 31))}
    [planned] = plan([AreaLine(2, "2", "Ny")], known)
    assert planned.area == Area("Ny", "1", date(2026, 12, 31))


CODES = st.sampled_from(["", *"abcdef"])
LINES = st.lists(st.builds(AreaLine, st.integers(2, 99), CODES, st.sampled_from(["", "X", "Y"]), CODES), max_size=9)


@given(LINES, LINES)
def test_what_is_stored_is_a_tree_and_a_second_time_changes_nothing(first, second):
    known: dict[str, Area] = {}
    for lines in (first, second):
        planned = plan(lines, known)
        stored = known | {one.line.code: one.area for one in planned if one.area is not None}
        again = plan(lines, stored)
        for one, repeated in zip(planned, again, strict=True):
            if one.outcome is not Outcome.REFUSED:
                assert repeated.outcome is Outcome.UNCHANGED
        known = stored
        for code in known:
            steps, at = 0, known[code].parent
            while at:
                assert at in known
                at, steps = known[at].parent, steps + 1
                assert steps <= len(known)
