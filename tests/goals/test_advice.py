"""Advice on a goal's words: rule by rule, and on real goals, whose figures docs/smart-advice.md prints."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from goals.advice import MOST_WORDS, Rule, advise
from goals.views.advice import pieces

DOC = (Path(settings.BASE_DIR) / "docs" / "smart-advice.md").read_text(encoding="utf-8")
ANSWERS = {"specific": "De 6-årige børn", "measurable": "85 pct.", "timed": "I 2028"}


def rules(title: str, **answers: str) -> set[str]:
    return {finding.rule.value for finding in advise(title, answers)}


# ---- rule by rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Vi styrker børnenes sprog", True),
        ("Der er øget fokus på sygefravær", True),
        ("Kommunen understøtter de lokale foreninger", True),
        ("Eleverne er gode til at læse", False),
        ("Styrken af betonen måles", False),
        ("85 pct. af børnene er sprogligt alderssvarende i 2028", False),
    ],
)
def test_vague_words(title, says):
    assert ("vague" in rules(title)) is says


@pytest.mark.parametrize(
    ("title", "has_number"),
    [
        ("Højst 7 dages ventetid", True),
        ("Andelen halveres", True),
        ("Fire ud af fem borgere er tilfredse", True),
        ("Byen er CO2-neutral", True),
        ("3.000 flere borgere", True),
        ("2000 nye boliger", True),
        ("Fraværet falder i 2028", False),
        ("Fraværet falder fra 2024 til 2028", False),
        ("Fraværet falder i 9. klasse", False),
        ("De 18-64-årige får job", False),
        ("CO2-udledningen falder", False),
        ("Kvalitetsmål 3 er nået", False),
    ],
)
def test_numbers_that_are_a_level(title, has_number):
    assert ("no_number" in rules(title)) is not has_number


@pytest.mark.parametrize(
    ("title", "has_date"),
    [
        ("Fraværet er lavt i 2028", True),
        ("Fraværet falder år for år", True),
        ("Fraværet er lavt ved årets udgang", True),
        ("Alle er udredt inden for 30 dage", True),
        ("Fraværet er lavt i skoleåret 2027/28", True),
        ("Vi følger Kommuneplan 2025-2037", False),
        ("Fraværet falder løbende", False),
        ("2.000 flere borgere", False),
    ],
)
def test_dates(title, has_date):
    assert ("no_date" in rules(title)) is not has_date


@pytest.mark.parametrize(
    ("title", "has_group"),
    [
        ("Ledige er i job", True),
        ("Antallet af fuldtidspersoner falder", True),
        ("Københavnerne cykler", True),
        ("Husholdningerne sorterer", True),
        ("Husholdningsaffaldet falder", False),
        ("Medborgerskabet er stærkt", False),
        ("CO2-udledningen pr. borger falder", False),
    ],
)
def test_groups_are_read_from_the_end_of_the_word(title, has_group):
    assert ("no_group" in rules(title)) is not has_group


@pytest.mark.parametrize(
    ("title", "is_activity"),
    [
        ("Vi vil kortlægge de unges behov", True),
        ("Høje-Taastrup Kommune støtter iværksættere", True),
        ("Udbygning af cykelstier", True),
        ("Alle ledige skal opkvalificeres", True),
        ("Der udarbejdes en handleplan", True),
        ("Udviklingen i fraværet vender", False),
        ("Flere unge gennemfører en ungdomsuddannelse", False),
        ("Ledige er i job", False),
    ],
)
def test_what_we_do_is_told_from_what_becomes_different(title, is_activity):
    assert ("activity" in rules(title)) is is_activity


@pytest.mark.parametrize(
    ("title", "is_several"),
    [
        ("Børns trivsel og sundhed er bedre", True),
        ("Øge trivslen og mindske fraværet", True),
        ("Fraværet falder, og andelen med afgangsprøve stiger", True),
        ("30 pct. mindre affald og 20 pct. mere genbrug", True),
        ("Børn og unge trives", False),
        ("Færre dræbte og tilskadekomne", False),
        ("25 pct. i 2030 og 50 pct. i 2035", False),
    ],
)
def test_several_goals_in_one(title, is_several):
    assert ("several" in rules(title)) is is_several


def test_a_goal_too_long_to_remember():
    assert "too_long" not in rules("ord " * MOST_WORDS)
    assert "too_long" in rules("ord " * (MOST_WORDS + 1))


def test_answers_may_say_what_the_wording_does_not():
    assert rules("Sproget er alderssvarende") == {"no_group", "no_number", "no_date"}
    assert rules("Sproget er alderssvarende", **ANSWERS) == set()
    # An answer that does not answer is where the advice points.
    found = {finding.rule: finding.field for finding in advise("Sproget er alderssvarende", {"measurable": "Det ses"})}
    assert found[Rule.NO_NUMBER] == "measurable" and found[Rule.NO_DATE] == "title"


def test_nothing_is_said_of_a_goal_not_begun():
    assert advise("", ANSWERS) == advise("   \n ", {}) == []


def test_a_goal_as_it_should_be_gets_no_advice():
    assert rules("85 pct. af børnene er sprogligt alderssvarende ved skolestart i 2028") == set()


@given(st.text(max_size=400), st.text(max_size=100))
def test_any_text_can_be_read_and_spans_lie_in_it(title, answer):
    for finding in advise(title, {"measurable": answer, "timed": answer}):
        assert 0 <= finding.start <= finding.end <= len(title)
        assert finding.words in title
    assert [f.rule for f in advise(title, {})] == sorted((f.rule for f in advise(title, {})), key=list(Rule).index)


@given(st.text(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_pieces_give_the_text_back(text, spans):
    spans = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in spans]
    cut = pieces(text, spans)
    assert "".join(piece for piece, _marked in cut) == text
    marked = {at for start, end in spans for at in range(start, end)}
    at = 0
    for piece, is_marked in cut:
        assert {place in marked for place in range(at, at + len(piece))} == {is_marked}
        at += len(piece)


# ---- real goals ------------------------------------------------------------------------------------------------------


def labelled(heading: str) -> list[tuple[str, set[str]]]:
    """The goals under a heading of the document, each with its labels."""
    section = DOC.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\| \d+ \| (.*?) \| (.*?) \| .*? \| .*? \|$", section, re.MULTILINE)
    return [(text, set(re.findall(r"`(\w+)`", labels))) for text, labels in lines]


def figures(goals: list[tuple[str, set[str]]], rule: Rule) -> tuple[int, int, int]:
    """How many goals the rule rightly finds, finds without reason, and misses."""
    found = [(rule.value in rules(text), rule.value in labels) for text, labels in goals]
    return found.count((True, True)), found.count((True, False)), found.count((False, True))


FITTED, UNSEEN = "The goals the rules were fitted to", "The goals the rules had not seen"


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


@pytest.mark.parametrize("rule", list(Rule))
def test_the_document_prints_what_the_rules_give(rule):
    printed = re.search(rf"^\| `{rule.value}` \|((?: [^|]* \|){{6}})$", DOC, re.MULTILINE)
    assert printed, "the table of figures has a line a rule"
    cells = [cell.strip() for cell in printed[1].split("|")[:-1]]
    given = []
    for heading in (FITTED, UNSEEN):
        right, extra, missed = figures(labelled(heading), rule)
        given += [str(right + missed), share(right, right + extra), share(right, right + missed)]
    assert cells == given


def test_there_are_many_real_goals_and_each_has_a_source():
    fitted, unseen = labelled(FITTED), labelled(UNSEEN)
    assert len(fitted) >= 60 and len(unseen) >= 20
    texts = [text for text, _labels in fitted + unseen]
    assert len(set(texts)) >= len(texts) - 2  # two authorities may have the same goal
    assert set().union(*(labels for _text, labels in fitted + unseen)) == {rule.value for rule in Rule}
    assert f"{len(fitted)} goals" in DOC and f"{len(unseen)} goals" in DOC
