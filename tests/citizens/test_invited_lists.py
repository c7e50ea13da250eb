"""Reading who is to be invited, and refusing what must not be on a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.invited_lists import Invitee, RefusedLine, pasted_rows, read_list

GROUPS = {"nord": "n", "n": "n", "syd": "s"}


def read(rows, **fields):
    return read_list(rows, **{"groups": GROUPS, **fields})


def test_head_and_group_are_recognised_wherever_they_stand():
    found = read([["Navn", "Gruppe", "E-mail"], ["Lise", "Nord", "Lise@Example.dk"], ["Per", "syd", "per@example.dk"]])
    assert found.invitees == [Invitee("lise@example.dk", "n"), Invitee("per@example.dk", "s")]
    assert found.refused == []


def test_without_a_head_the_other_of_two_columns_is_the_group():
    assert read([["a@example.dk", "nord"]]).invitees == [Invitee("a@example.dk", "n")]
    assert read([["nord", "a@example.dk"]]).invitees == [Invitee("a@example.dk", "n")]


def test_refused_lines_say_why_and_which_they_repeat():
    rows = [["mail", "gruppe"], ["a@example.dk", ""], ["ikke en adresse", ""], ["A@EXAMPLE.DK", ""],
            ["b@example.dk", "øst"], ["kendt@example.dk", ""], ["", ""]]  # fmt: skip
    found = read(rows, known=["kendt@example.dk"])
    assert found.invitees == [Invitee("a@example.dk")]
    assert [(one.line, one.key, one.earlier) for one in found.refused] == [
        (3, "no_address", 0), (4, "twice", 2), (5, "group_unknown", 0), (6, "known", 0),
    ]  # fmt: skip
    assert found.refused[0] == RefusedLine(3, "ikke en adresse", "no_address")


def test_codes_of_a_pseudonymous_survey():
    rows = [
        ["kode", "mail"],
        ["K1", "a@example.dk"],
        ["K1", "b@example.dk"],
        ["K2", "c@example.dk"],
        ["x" * 21, "d@e.dk"],
    ]
    found = read(rows, known_codes=["K2"])
    assert found.invitees == [Invitee("a@example.dk", "", "K1")]
    assert [(one.line, one.key, one.earlier) for one in found.refused] == [
        (3, "code_twice", 2), (4, "code_twice", 0), (5, "code_long", 0),
    ]  # fmt: skip


def test_two_without_a_code_are_not_the_same():
    assert len(read([["kode", "mail"], ["", "a@example.dk"], ["", "b@example.dk"]]).invitees) == 2


@pytest.mark.parametrize("number", ["010190-1234", "0101901234", "010190 1234", "610190-1234"])
def test_a_column_of_cpr_numbers_refuses_the_whole_list(number):
    found = read([["cpr", "mail"], [number, "a@example.dk"], ["", "b@example.dk"]])
    assert (found.cpr, found.invitees, found.refused) == ([("A", 1)], [], [])


def test_cpr_numbers_that_a_workbook_keeps_as_numbers():
    assert read([["mail", "nr"], ["a@example.dk", 101901234], ["b@example.dk", 3112994321]]).cpr == [("B", 2)]


def test_telephone_numbers_are_no_cpr_numbers():
    assert read([["mail", "tlf"], ["a@example.dk", "72 10 00 00"], ["b@example.dk", 72100000]]).cpr == []


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@example.dk\nb@example.dk\n", ["a@example.dk", "b@example.dk"]),
        ("a@example.dk; b@example.dk, c@example.dk", ["a@example.dk", "b@example.dk", "c@example.dk"]),
        ("Lise Holm <lise@example.dk>; Per <per@example.dk>", ["lise@example.dk", "per@example.dk"]),
        ("mailto:a@example.dk", ["a@example.dk"]),
        ("a@example.dk\n\n  \nb@example.dk", ["a@example.dk", "b@example.dk"]),
        ("a@b\na@@example.dk\na b@example.dk\n@example.dk\na@example.", []),
    ],
)
def test_pasting(text, addresses):
    assert [one.address for one in read(pasted_rows(text)).invitees] == addresses


def test_pasting_with_groups():
    found = read(pasted_rows("a@example.dk;nord\nb@example.dk\tsyd"))
    assert found.invitees == [Invitee("a@example.dk", "n"), Invitee("b@example.dk", "s")]


@given(st.lists(st.lists(st.text(max_size=20), max_size=4), max_size=12))
def test_any_list_gives_addresses_or_reasons_and_no_address_twice(rows):
    found = read(rows)
    addresses = [one.address for one in found.invitees]
    assert len(set(addresses)) == len(addresses)
    assert all(address.count("@") == 1 and " " not in address for address in addresses)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_every_address_once_and_every_repeat_named(numbers):
    found = read([[f"p{number}@example.dk"] for number in numbers])
    assert {one.address for one in found.invitees} == {f"p{number}@example.dk" for number in numbers}
    assert len(found.invitees) + len(found.refused) == len(numbers)
    for one in found.refused:
        assert (one.key, numbers[one.earlier - 1]) == ("twice", numbers[one.line - 1])
