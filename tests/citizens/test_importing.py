"""Answers from other systems. What is expected of the Toronto file was counted apart from our reader (SOURCE.md)."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.editing import faults_of, whole
from citizens.importing import cpr_columns, match, plan, read_answers
from citizens.importing_columns import Role, fingerprint, guess, read_columns
from organisation.sheets import read_sheets

TORONTO = Path(__file__).parent.parent / "data" / "toronto" / "survey_cp1252.csv"
AGREEMENT = ("strongly agree", "agree", "neither agree nor disagree", "disagree", "strongly disagree")
NO_ANSWER = {"", "N/A", "NA"}


@pytest.fixture(scope="module")
def toronto():
    headers, *rows = read_sheets(TORONTO.read_bytes(), "survey.csv").sheets[0].rows
    columns = read_columns(headers, rows)
    planned = plan(columns, guess(columns, len(rows)), {})
    return {one.code: one for one in planned}, read_answers(planned, rows)


@pytest.fixture(scope="module")
def plainly():
    """The same file read with a loop: header number to the column's texts."""
    with TORONTO.open(encoding="cp1252", newline="") as file:
        headers, *rows = csv.reader(file)
    return headers, rows


def counts(reading, code) -> Counter:
    return Counter(str(row.answers[code]) for row in reading.rows if code in row.answers)


def test_toronto_has_962_respondents_of_whom_3_answered_nothing(toronto, plainly):
    _planned, reading = toronto
    assert len(reading.rows) + reading.empty == 962
    said = [row for row in plainly[1] if any(cell.strip() not in NO_ANSWER for cell in row[1:])]
    assert len(reading.rows) == len(said) == 959
    assert reading.unknown == {}
    assert reading.cut == 0


@pytest.mark.parametrize(
    ("code", "expected", "blank"),
    [("i3_1", (13, 163, 250, 170, 111), 255), ("i7_3", (331, 297, 90, 19, 18), 207)],
)
def test_toronto_scales_count_as_published(toronto, code, expected, blank):
    planned, reading = toronto
    found = counts(reading, code)
    assert tuple(found[step] for step in "54321") == expected
    assert 962 - found.total() == blank
    assert [word["en"] for word in planned[code].facts["scale"]] == [
        "Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"
    ]  # fmt: skip


def test_toronto_ticks_are_one_question_with_several_choices(toronto):
    planned, reading = toronto
    options = {one["text"]["da"]: one["code"] for one in planned["i1"].facts["options"]}
    survey = options["Completed a City survey either online, by telephone, or in-person"]
    assert sum(survey in row.answers.get("i1", ()) for row in reading.rows) == 533
    assert len(options) == 21


def test_toronto_free_text_counts_as_published(toronto):
    _planned, reading = toronto
    written = Counter(code for row in reading.rows for code, _text in row.texts)
    assert (written["i8"], written["i9"]) == (388, 487)


def test_toronto_every_column_counts_as_a_loop_counts(toronto, plainly):
    """Each column of the file against a loop over `csv` that knows nothing of roles."""
    planned, reading = toronto
    headers, rows = plainly
    sources = [(one, source) for one in planned.values() for source in one.sources]
    assert {source.index for _one, source in sources} == set(range(1, len(headers)))
    for one, source in sources:
        filled = sum(row[source.index].strip() not in NO_ANSWER for row in rows)
        if source.role in (Role.TICK, Role.OTHER):
            found = sum(source.option in row.answers.get(one.code, ()) for row in reading.rows)
        elif source.role == Role.TEXT:
            found = sum(code == one.code for row in reading.rows for code, _text in row.texts)
        else:
            found = sum(one.code in row.answers for row in reading.rows)
        assert found == filled, headers[source.index]


def test_toronto_questions_are_whole(toronto):
    planned, _reading = toronto
    assert faults_of([one.facts for one in planned.values()]) == []
    kinds = Counter(one.facts["kind"] for one in planned.values())
    assert kinds == {"multiple": 5, "scale": 23, "single": 2, "text": 5}
    assert planned["i8"].facts["text"]["da"].startswith("What do you think the City does well")
    assert "&nbsp" not in planned["i8"].facts["text"]["da"]


def test_toronto_bands_stand_in_their_order(toronto):
    planned, _reading = toronto
    ages = [option["text"]["da"] for option in planned["i10"].facts["options"]]
    assert ages == ["0-9", "10-19", "20-29", "30-64", "65+", "Prefer not to answer"]


# ---- what a column seems to be ---------------------------------------------------------------------------------------


def read(*columns):
    """A table of columns, each a header and its cells; its columns and rows."""
    headers = [column[0] for column in columns]
    rows = list(zip(*(column[1:] for column in columns), strict=True))
    return read_columns(headers, rows), rows


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("Respondent", ["26", "27", "28"], Role.SKIP),
        ("Svarnøgle", ["a1f", "b2c", "d9e"], Role.SKIP),
        ("Din mail", ["a@b.dk", "c@d.dk", ""], Role.SKIP),
        ("Tom", ["", "", ""], Role.SKIP),
        ("1. Hvor enig?", ["Helt enig", "uenig", "HELT  ENIG"], Role.SCALE),
        ("1. Hvor enig?", ["Enig", "Ved ikke", "Enig"], Role.SCALE),
        ("2. Hvor tilfreds?", ["Very satisfied", "satisfied", ""], Role.SCALE),
        ("3. Karakter", ["1", "5", "3"], Role.SCALE),
        ("4. Vil du anbefale os?", ["0", "10", "7"], Role.TEN),
        ("5. Har du fået hjælp?", ["ja", "Nej", "Ja"], Role.YES_NO),
        ("6. Område", ["Nord", "Nord", "Nord", "Syd", "Syd", "Syd"], Role.SINGLE),
        ("7. Hvad mangler?", ["Mere tid", "Ro", "Bedre mad"], Role.TEXT),
    ],
)
def test_the_role_of_a_column(header, cells, role):
    columns, rows = read([header, *cells])
    assert guess(columns, len(rows)) == {0: role}


@pytest.mark.parametrize("mark", ["1", "X", "Ja", "true", "Mad"])
def test_ticks_are_told_however_they_are_made(mark):
    columns, rows = read(["2.1. Mad", mark, "", mark], ["2.2. Ro", "", "1", ""], ["2.3. Andet: skriv", "", "Lys", ""])
    roles = guess(columns, len(rows))
    assert roles == {0: Role.TICK, 1: Role.TICK, 2: Role.OTHER}
    (question,) = plan(columns, roles, {"2": "Hvad kan du lide?"})
    assert question.facts["text"] == {"da": "Hvad kan du lide?"}
    reading = read_answers([question], rows)
    assert [row.answers for row in reading.rows] == [{"i2": ["o1"]}, {"i2": ["o2", "o3"]}, {"i2": ["o1"]}]
    assert [row.texts for row in reading.rows] == [[], [("i2", "Lys")], []]


def test_a_zero_is_no_tick():
    columns, rows = read(["2.1. Mad", "1", "0", ""], ["2.2. Ro", "0", "1", ""])
    reading = read_answers(plan(columns, guess(columns, len(rows)), {}), rows)
    assert [row.answers for row in reading.rows] == [{"i2": ["o1"]}, {"i2": ["o2"]}]
    assert reading.empty == 1


def test_an_answer_that_is_not_on_the_scale_is_named():
    columns, rows = read(["1. Hvor enig?", "Enig", "Tja", "Tja"])
    reading = read_answers(plan(columns, {0: Role.SCALE}, {}), rows)
    assert reading.unknown == {0: Counter({"Tja": 2})}
    assert len(reading.rows) == 1


def test_dont_know_is_beside_the_scale():
    columns, rows = read(["1. Hvor enig?", "Enig", "Ved ikke", "Ikke relevant"])
    (question,) = plan(columns, guess(columns, len(rows)), {})
    assert question.facts["has_dont_know"]
    assert question.facts["has_not_relevant"]
    stored = [row.answers["i1"] for row in read_answers([question], rows).rows]
    assert stored == ["4", "dont_know", "not_relevant"]


def test_two_columns_with_one_number_are_two_questions():
    columns, rows = read(["3.12. Other", "Ro i byen", "Mad"], ["3.12. Other, please specify", "Agree", "Disagree"])
    assert [one.code for one in plan(columns, guess(columns, len(rows)), {})] == ["i3_12", "i3_12_b"]


def test_a_long_text_is_cut_and_counted():
    columns, rows = read(["8. Hvad?", "x" * 4001, "kort"])
    reading = read_answers(plan(columns, {0: Role.TEXT}, {}), rows)
    assert reading.cut == 1
    assert len(reading.rows[0].texts[0][1]) == 4000


def test_a_long_header_is_a_question():
    columns, _rows = read(["9. " + "Hvad synes du " * 60, "Godt", "Skidt"])
    (question,) = plan(columns, {0: Role.TEXT}, {})
    assert faults_of([question.facts]) == []


def test_cpr_numbers_in_a_column_are_found():
    columns, _rows = read(["Nr", "010190-1234", "020285-4321"], ["8. Hvad?", "Ring 010190-1234", "Nej"])
    planned = plan(columns, {0: Role.SINGLE, 1: Role.TEXT}, {})
    assert cpr_columns(planned, columns) == {0: 2}  # free text is masked instead


def test_the_same_answers_have_the_same_fingerprint():
    assert fingerprint(["a", "b"], [["1", ""], ["x", None]]) == fingerprint(["a", "b"], [[1], ["x", ""]])
    assert fingerprint(["a"], [["1"]]) != fingerprint(["a"], [["2"]])
    assert fingerprint(["a"], [["12"], ["3"]]) != fingerprint(["a"], [["1"], ["23"]])


CELLS = st.sampled_from(["", "1", "x", "Enig", "Helt uenig", "ja", "nej", "Ved ikke", "7", "Mere ro", "N/A", "ærø"])
HEADERS = st.sampled_from(["1.1. Mad", "1.2. Ro", "2. Enig?", "3.1 Hvor", "Frit", "3.1 Hvor", "", "Respondent"])


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(
    st.lists(HEADERS, min_size=n, max_size=n), st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=30)
)))  # fmt: skip
def test_whatever_the_table_nothing_is_lost_unsaid(table):
    """Every cell of a column that is not skipped is an answer, a text, a tick that is not set, or named as unknown."""
    headers, rows = table
    columns = read_columns(headers, rows)
    roles = guess(columns, len(rows))
    planned = plan(columns, roles, {})
    # What was guessed fits: only a scale or choice that a person set can have unknown answers.
    reading = read_answers(planned, rows)
    assert reading.unknown == {}
    assert len(reading.rows) + reading.empty == len(rows)
    codes = [one.code for one in planned]
    assert len(set(codes)) == len(codes)
    used = {source.index for one in planned for source in one.sources}
    assert used == {column.index for column in columns if roles[column.index] != Role.SKIP}


# ---- into a survey that is there -------------------------------------------------------------------------------------


def asked():
    words = [{"da": da, "en": en} for da, en in zip("abcde", "vwxyz", strict=True)]
    options = [{"code": "n", "text": {"da": "Nord"}}, {"code": "s", "text": {"da": "Syd", "en": "South"}}]
    return [
        whole({"code": "q1", "text": {"da": "Hvor enig?", "en": "Agree?"}, "scale": words}),
        whole({"code": "q2", "kind": "single", "text": {"da": "Område"}, "options": options}),
        whole({"code": "q3", "kind": "multiple", "text": {"da": "Hvad?"}, "options": options}),
        whole({"code": "q4", "kind": "text", "text": {"da": "Andet?"}}),
    ]


def test_columns_are_found_by_text_in_any_language():
    columns, rows = read(
        ["1. AGREE?", "v", "e"], ["q2", "south", "N"], ["3.1 Nord", "1", ""], ["4. Andet?", "Ja tak", ""]
    )
    planned, unknown = match(columns, guess(columns, 2), asked())
    assert unknown == []
    assert [row.answers for row in read_answers(planned, rows).rows] == [
        {"q1": "1", "q2": "s", "q3": ["n"]}, {"q1": "5", "q2": "n"}
    ]  # fmt: skip


def test_unknown_questions_and_answers_are_named():
    columns, rows = read(["1. Hvor enig?", "a", "f"], ["5. Noget helt andet?", "Ja tak", "Nej tak"])
    planned, unknown = match(columns, guess(columns, 2), asked())
    assert [column.words for column in unknown] == ["Noget helt andet?"]
    assert read_answers(planned, rows).unknown == {0: Counter({"f": 1})}
