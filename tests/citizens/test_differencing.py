"""The attacker of `tests.citizens.attack` against generated surveys and a real one: nothing hidden is recovered."""

import csv
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizens.compiling import Answered, Asked, AskedGroup, compile_results
from citizens.kinds import DONT_KNOW, Method, QuestionKind
from citizens.published import from_json, to_json
from citizens.questionnaire import Condition, QuestionSpec
from citizens.suppression import limits_of
from citizens.tally import Row
from tests.citizens import attack

pytestmark = pytest.mark.once

METHODS = ["link", "paper", "interview"]
LIMITS = limits_of(6, is_sensitive=False)


def asked(code: str, kind: QuestionKind, options: str = "", **fields) -> Asked:
    spec = QuestionSpec(code, kind, tuple(options), shown_if=fields.pop("shown_if", None))
    return Asked(spec, code, {value: value for value in spec.values}, **fields)


QUESTIONS = [
    asked("alder", QuestionKind.SINGLE, "abc", is_background=True),
    asked("bolig", QuestionKind.SINGLE, "xyz", is_background=True),
    asked("q1", QuestionKind.SCALE),
    asked("q2", QuestionKind.YES_NO),
    asked("q3", QuestionKind.SINGLE, "mno"),
    asked("q4", QuestionKind.MULTIPLE, "mno"),
    asked("q5", QuestionKind.SCALE, shown_if=Condition("q2", frozenset({"yes"}))),
]
GROUPS = ["nord", "midt", "syd", "oe"]
NESTED = {"nord": "a", "midt": "b"}


@st.composite
def surveys(draw, most: int = 45):
    """Small surveys: skewed, so that there are rare groups, rare answers and groups that answer alike."""
    chance = Random(draw(st.integers(0, 2**32)))
    few = chance.choice
    groups = draw(st.sampled_from([GROUPS[:2], ["nord"] * 8 + GROUPS, ["nord", *["midt"] * 4, "syd", None]]))
    ages = draw(st.sampled_from([[*"abc"], ["a"] * 9 + ["b", "c", None], [*"bbc"]]))
    homes = draw(st.sampled_from([[*"xyz"], ["x"] * 7 + ["y", None]]))
    scale = draw(st.sampled_from([[*"12345"], ["5"] * 9 + ["1"], ["4", "5", None, DONT_KNOW]]))
    follows = draw(st.sampled_from([0, 0.9, 1]))  # how often age follows the group: nested parts
    rows = []
    for _n in range(draw(st.integers(6, most))):
        group = few(groups)
        answers = {
            "alder": NESTED.get(group, "c") if chance.random() < follows else few(ages),
            "bolig": few(homes),
            "q1": few(scale),
            "q2": few(["yes", "yes", "no", None]),
            "q3": few(["m", "m", "n", None]),
            "q4": few([["m"], ["m", "n"], ["o"], None]),
        }
        answers["q5"] = few(scale) if answers["q2"] == "yes" else None
        given_answers = {code: value for code, value in answers.items() if value is not None}
        rows.append(Row(given_answers, group, few(["link"] * 5 + METHODS)))
    return rows


def published(rows: list[Row], limits=LIMITS, questions=QUESTIONS, groups=GROUPS):
    sizes = Counter(row.group for row in rows)
    asked_groups = [AskedGroup(code, code, sizes[code] + 2 * (at % 2)) for at, code in enumerate(groups)]
    return compile_results(Answered(questions, rows, limits, asked_groups, len(rows) + 4))


def truly(rows: list[Row], questions=QUESTIONS, groups=GROUPS) -> dict[str, dict[str, frozenset[int]]]:
    """Who is in which part."""

    def sort(keys, of):
        return {key: frozenset(at for at, row in enumerate(rows) if of(row) == key) for key in keys}

    found = {"groups": sort([*groups, ""], lambda row: row.group or "")}
    for one in questions:
        if one.is_background:
            code = one.spec.code
            found[f"by {code}"] = sort([*one.spec.values, ""], lambda row, code=code: row.answers.get(code, ""))
    return found | {"methods": sort(list(Method), lambda row: row.method)}


def answers_of(rows: list[Row], members) -> attack.KnownN:
    """How many of each part truly answered a question."""

    def known(code: str, table: str, part: str) -> int | None:
        if table == "methods":
            return None
        return sum(rows[at].answers.get(code, DONT_KNOW) != DONT_KNOW for at in members[table][part])

    return known


@settings(max_examples=400, deadline=None)
@given(surveys())
def test_nothing_hidden_is_recovered(rows):
    results = published(rows)
    members = truly(rows)
    assert attack.recovered(results) == []
    assert attack.recovered(results, known_n=answers_of(rows, members)) == []
    assert attack.recovered_knowing(results, members) == []


@settings(max_examples=100, deadline=None)
@given(surveys())
def test_a_raised_limit_holds(rows):
    results = published(rows, limits_of(8, is_sensitive=True))
    assert results.least_shown == 10
    assert attack.recovered(results, least=10) == []


@settings(max_examples=100, deadline=None)
@given(surveys())
def test_what_is_shown_is_true(rows):
    """The counts that are shown are those of the answers, by the slowest way of counting."""
    results = published(rows)
    members = truly(rows)
    for table in attack.tables(results):
        for part in table.parts:
            own = [rows[at] for at in members[table.name][part.code]]
            assert part.n in (None, len(own))
            for question in part.questions:
                given = [
                    row.answers[question.code] for row in own if row.answers.get(question.code, DONT_KNOW) != DONT_KNOW
                ]
                if question.is_shown and question.mean is not None:
                    exact = sum(map(int, given)) / len(given)
                    assert abs(float(question.mean) - exact) <= (0.0051 if len(given) >= 10 else 0.051)


# ---- the attacker is no straw man: each kind of leak is found --------------------------------------------------------


def many(group: str | None, count: int, **answers) -> list[Row]:
    return [Row(answers, group, "link") for _n in range(count)]


@pytest.fixture
def rows():
    mixed = [many("nord", 3, q1=str(value)) for value in range(1, 6)]
    mixed += [many("midt", 3, q1=str(value)) for value in range(1, 6)]
    return [row for some in mixed for row in some] + many("syd", 3, q1="1") + many("oe", 4, q1="5")


def test_the_attacker_finds_what_is_left(rows):
    results = published(rows)
    assert [group.n for group in results.groups] == [15, 15, None, None]
    told = replace(results.groups[2], n=3)
    leaky = replace(results, groups=(*results.groups[:2], told, results.groups[3]))
    assert any("part of fewer than 6" in line for line in attack.recovered(leaky))
    alone = replace(results, groups=(*results.groups[:3], replace(results.groups[3], n=4)))
    assert any("syd is [3]" in line for line in attack.recovered(alone))


def test_the_attacker_finds_a_mean_that_tells(rows):
    results = published(rows)
    q1 = next(one for one in results.groups[0].questions if one.code == "q1")
    tells = replace(q1, n=6, mean=Decimal("4.8"))
    group = replace(results.groups[0], questions=(tells,))
    leaky = replace(results, groups=(group,), backgrounds=(), methods=())
    assert any("gave 4" in line for line in attack.recovered(leaky))


def test_one_hidden_group_takes_another_with_it():
    results = published(many("nord", 20) + many("midt", 12) + many("syd", 9) + many("oe", 2))
    assert [group.n for group in results.groups] == [20, 12, None, None]


def test_two_hidden_groups_of_too_few_together_take_a_third():
    results = published(many("nord", 20) + many("midt", 12) + many("syd", 2) + many("oe", 3))
    assert [group.n for group in results.groups] == [20, None, None, None]


def test_a_part_that_is_the_same_persons_elsewhere_is_no_way_round():
    """Those of `syd` are those aged c: hidden in one table, they are hidden in the other, with different companions."""
    rows = (
        many("nord", 20, alder="a")
        + many("midt", 8, alder="b")
        + many("midt", 7, alder="a")
        + many("syd", 3, alder="c")
    )
    results = published(rows)
    members = truly(rows)
    assert attack.recovered_knowing(results, members) == []
    assert next(group.n for group in results.groups if group.code == "syd") is None


def test_invited_numbers_do_not_settle_a_hidden_group():
    groups = [AskedGroup("nord", "nord", 30), AskedGroup("syd", "syd", 4), AskedGroup("oe", "oe", 3)]
    rows = many("nord", 20) + many("syd", 4) + many("oe", 3)
    results = compile_results(Answered(QUESTIONS, rows, LIMITS, groups, 37))
    assert [(group.n, group.invited) for group in results.groups] == [(20, 30), (None, None), (None, None)]


def test_the_results_survive_being_kept(rows):
    assert from_json(to_json(published(rows))) == published(rows)


# ---- the real survey ------------------------------------------------------------------------------------------------

TORONTO = Path(__file__).parents[1] / "data/toronto/survey_cp1252.csv"
AGREE = {
    "strongly disagree": "1",
    "disagree": "2",
    "neither agree nor disagree": "3",
    "agree": "4",
    "strongly agree": "5",
}


def toronto() -> tuple[list[Asked], list[Row]]:
    """The agreement questions, and age and housing as background questions."""
    with TORONTO.open(encoding="cp1252", newline="") as file:
        head, *lines = csv.reader(file)
    columns = {at: name.split(" ")[0].rstrip(".") for at, name in enumerate(head)}
    scales = [
        at
        for at, name in columns.items()
        if name.startswith(("3.", "7.")) and {line[at].strip().lower() for line in lines} <= {"", *AGREE}
    ]
    parts = [next(at for at, name in columns.items() if name == number) for number in ("10", "11")]
    questions = [asked(columns[at], QuestionKind.SCALE) for at in scales]
    for at in parts:
        options = sorted({line[at] for line in lines if line[at]})
        spec = QuestionSpec(columns[at], QuestionKind.SINGLE, tuple(options))
        questions.append(Asked(spec, head[at], {one: one for one in options}, is_background=True))
    rows = []
    for line in lines:
        answers = {columns[at]: AGREE[line[at].strip().lower()] for at in scales if line[at].strip()}
        answers |= {columns[at]: line[at] for at in parts if line[at]}
        rows.append(Row(answers, None, "import"))
    return questions, rows


def test_nothing_hidden_is_recovered_from_the_toronto_survey():
    questions, rows = toronto()
    assert len(rows) == 962
    results = compile_results(Answered(questions, rows, LIMITS))
    members = truly(rows, questions, [])
    assert len(results.backgrounds) == 2
    assert attack.recovered(results, known_n=answers_of(rows, members)) == []
    assert attack.recovered_knowing(results, members) == []


def test_a_small_team_of_the_toronto_survey():
    """Its first 60 answers parted by age and housing: most parts are small."""
    questions, rows = toronto()
    for start in range(0, 900, 60):
        some = rows[start : start + 60]
        results = compile_results(Answered(questions, some, LIMITS))
        members = truly(some, questions, [])
        assert attack.recovered(results, known_n=answers_of(some, members)) == []
        assert attack.recovered_knowing(results, members) == []
