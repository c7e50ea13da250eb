"""What makes questions whole, what has changed between two versions, and the ready templates."""

import random
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizens.declared import DAYS, Declaration, day_faults, lacks
from citizens.defaults import default_days, default_period
from citizens.editing import (
    differences,
    faults_of,
    is_reworded,
    missing_translations,
    next_code,
    texts_of,
    whole,
    wording_of,
)
from citizens.kinds import QuestionKind, QuestionTemplateKey
from citizens.question_templates import TEMPLATES, question_template
from tests.factories import TODAY, date, timedelta

WORDS = [{"da": word} for word in ("a", "b", "c", "d", "e")]
AB = [{"code": "a", "text": {"da": "Ja"}}, {"code": "b", "text": {"da": "Nej"}}]
UNTOLD = {"code": "c", "text": {"en": "Maybe"}}
MANY = [{"code": str(n), "text": {"da": "x"}} for n in range(61)]


def question(code="q1", kind="scale", **fields):
    filled = {
        "scale": {"scale": WORDS},
        "single": {"options": AB},
        "multiple": {"options": AB},
        "ranking": {"options": AB},
    }
    return whole({"code": code, "kind": kind, "text": {"da": "Hvad?"}, **filled.get(kind, {}), **fields})


def keys(*questions) -> set[tuple[str, str, str]]:
    return {(fault.code, fault.field, fault.key) for fault in faults_of(questions)}


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_a_plain_question_of_every_kind_is_whole(kind):
    assert keys(question(kind=kind.value)) == set()


@pytest.mark.parametrize(
    ("fields", "field", "key"),
    [
        ({"text": {}}, "text", "no_text"),
        ({"text": {"da": "  ", "en": "What?"}}, "text", "no_text"),
        ({"text": {"da": "x" * 501}}, "text", "too_long"),
        ({"text": {"da": "Hvad?", "en": "x" * 5000}}, "text", "too_long"),
        ({"kind": "essay"}, "kind", "unknown_kind"),
        ({"assesses": "weather"}, "assesses", "unknown_kind"),
        ({"scale": WORDS[:4]}, "scale", "scale_words"),
        ({"scale": [*WORDS[:4], {"da": " "}]}, "scale", "scale_words"),
        ({"kind": "single", "options": AB[:1]}, "options", "few_options"),
        ({"kind": "single", "options": [*AB, UNTOLD]}, "options", "option_without_text"),
        ({"kind": "single", "options": [*AB, AB[0]]}, "options", "option_twice"),
        ({"kind": "single", "options": [*AB, {"code": "dont_know", "text": {"da": "?"}}]}, "options", "option_twice"),
        ({"kind": "ranking", "options": MANY}, "options", "many_options"),
        ({"is_background": True}, "is_background", "background_single"),
        ({"code": ""}, "code", "no_code"),
        ({"code": "x" * 41}, "code", "no_code"),
        ({"shown_if": {"question": "q9", "options": ["1"]}}, "shown_if", "not_earlier"),
        ({"shown_if": {"question": "q1", "options": ["1"]}}, "shown_if", "not_earlier"),  # itself
    ],
)  # fmt: skip
def test_what_is_refused(fields, field, key):
    asked = question(**fields)
    assert (asked["code"], field, key) in keys(asked)


def test_two_with_one_code_are_refused():
    assert ("q1", "code", "code_twice") in keys(question(), question())


@pytest.mark.parametrize(
    ("decider", "options", "key"),
    [
        (question("q1"), ["4", "5"], None),
        (question("q1", "yes_no"), ["yes"], None),
        (question("q1", "single"), ["a", "dont_know"], None),
        (question("q1", "single"), ["c"], "no_answers_chosen"),
        (question("q1"), [], "no_answers_chosen"),
        (question("q1", "text"), ["yes"], "text_decides"),
    ],
)
def test_a_condition_asks_for_answers_that_an_earlier_question_has(decider, options, key):
    later = question("q2", shown_if={"question": "q1", "options": options})
    assert keys(decider, later) == ({("q2", "shown_if", key)} if key else set())
    assert ("q2", "shown_if", "not_earlier") in keys(later, decider)  # never a later one


@given(st.integers(0, 10_000), st.integers(2, 9))
def test_what_is_accepted_has_no_circle(seed, count):
    """Conditions set at random: whatever is found whole can be asked from the first question to the last."""
    dice = random.Random(seed)
    codes = [f"q{number}" for number in range(count)]
    questions = [
        question(code, shown_if={"question": dice.choice(codes), "options": ["1"]} if dice.random() < 0.5 else {})
        for code in codes
    ]
    if faults_of(questions):
        return
    decided: set[str] = set()
    for one in questions:
        assert not one["shown_if"] or one["shown_if"]["question"] in decided
        decided.add(one["code"])


# ---- languages -------------------------------------------------------------------------------------------------------


def test_a_missing_translation_names_the_question():
    english = question("q1", text={"da": "Hvad?", "en": "What?"}, scale=[{"da": "a", "en": "a"}] * 5)
    half = question("q2", "single", text={"da": "Hvem?", "en": "Who?"})  # its options are in Danish only
    assert missing_translations([english, half], ["en", "de"]) == {"en": ["q2"], "de": ["q1", "q2"]}
    assert missing_translations([english], ["en"]) == {}


# ---- versions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reworded"),
    [
        ({"text": {"da": "Hvorfor?"}}, True),
        ({"text": {"da": "  Hvad?  "}}, False),  # blanks say nothing
        ({"text": {"da": "Hvad?", "en": "What?"}}, False),  # a further language
        ({"help": {"da": "Tænk på i går."}}, False),
        ({"scale": [*WORDS[:4], {"da": "E"}]}, True),
        ({"kind": "ten", "scale": []}, True),
        ({"is_reversed": True}, True),
        ({"has_dont_know": False}, True),
        ({"is_required": True}, False),
        ({"assesses": "effect"}, False),
    ],
)
def test_what_makes_another_question_of_it(fields, reworded):
    old = {**question(), "wording": 3}
    new = whole({**question(), **fields})
    assert is_reworded(old, new) is reworded
    assert wording_of(new, [old]) == (4 if reworded else 3)
    assert wording_of(new, []) == 1


def test_an_options_text_or_order_is_part_of_it():
    old = question(kind="single")
    other = deepcopy(old)
    other["options"][0]["text"]["da"] = "Jo"
    turned = {**old, "options": list(reversed(old["options"]))}
    assert is_reworded(old, other)
    assert is_reworded(old, turned)
    translated = deepcopy(old)
    translated["options"][0]["text"]["en"] = "Yes"
    assert not is_reworded(old, translated)


def test_differences_are_named():
    old = [question("q1"), question("q2"), question("q3"), question("q4")]
    new = [question("q2"), question("q1", text={"da": "Nyt?"}), question("q3", is_required=True), question("q5")]
    found = {(one.code, one.key) for one in differences(old, new)}
    assert found == {("q2", "moved"), ("q1", "reworded"), ("q3", "changed"), ("q5", "added"), ("q4", "removed")}
    assert differences(old, deepcopy(old)) == []


def test_a_code_is_never_used_again():
    assert next_code([]) == "q1"
    assert next_code(["q2", "q99", "i1_2", "qx"]) == "q100"


# ---- the ready templates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", list(QuestionTemplateKey))
def test_a_template_is_whole_in_danish_and_english(key):
    template = question_template(key)
    assert faults_of(template.questions) == []
    assert missing_translations(template.questions, ["da", "en"]) == {}
    assert set(template.intro) == {"da", "en"}
    texts = [text for one in template.questions for texts in texts_of(one) for text in texts.values()]
    assert not [text for text in texts if text != text.strip() or "  " in text]


def test_odenses_four_are_those_of_the_language_page():
    four = [one["text"]["da"] for one in question_template("four_assessments").questions if one["assesses"]]
    assert four == [
        "Målet med hjælpen er vigtigt for mig.",
        "Hjælpen passer til det, jeg har brug for.",
        "Hjælpen gør en forskel i min hverdag.",
        "Medarbejderne lytter til mig.",
    ]
    assert [one["assesses"] for one in TEMPLATES["four_assessments"].questions][:4] == [
        "goal", "effort", "effect", "cooperation"
    ]  # fmt: skip


def test_the_pulse_has_one_question():
    assert len(question_template("pulse").questions) == 1


def test_no_such_template():
    with pytest.raises(ValueError, match="weather"):
        question_template("weather")


# ---- what is declared ------------------------------------------------------------------------------------------------


def declaration(**fields):
    days = default_days(TODAY)
    said = {"questions": 1, "purpose": "x", "intro": "x", "contact": "a@example.dk", "period": "2026K4"}
    return Declaration(**{**said, **days, **fields})


def test_nothing_lacks():
    assert lacks(declaration()) == []


@pytest.mark.parametrize("name", ["questions", "purpose", "intro", "contact", "period", *DAYS])
def test_each_thing_is_asked_for(name):
    assert lacks(declaration(**{name: 0 if name == "questions" else None if name in DAYS else "  "})) == [name]


@pytest.mark.parametrize(
    ("name", "day", "why"),
    [
        ("closes_on", date(2026, 1, 1), "before_opening"),
        ("answer_by", date(2026, 9, 20), "before_closing"),  # the same day as it closes
        ("addresses_until", date(2026, 9, 19), "before_closing"),
        ("answers_until", date(2026, 10, 1), "before_answer"),
    ],
)
def test_days_that_do_not_follow(name, day, why):
    days = {
        "opens_on": date(2026, 9, 1), "closes_on": date(2026, 9, 20), "answer_by": date(2026, 11, 1),
        "addresses_until": date(2026, 9, 20), "answers_until": date(2026, 11, 1),
    }  # fmt: skip
    assert list(day_faults(**days)) == []
    assert (name, why) in list(day_faults(**{**days, name: day}))
    assert list(day_faults()) == []


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_days_to_begin_from_follow_each_other(today):
    days = default_days(today)
    assert set(days) == set(DAYS)
    assert list(day_faults(**days)) == []
    assert days["opens_on"] > today
    assert days["answers_until"] - today > timedelta(days=3 * 365)


def test_the_period_is_of_the_series_kind():
    assert default_period(date(2026, 9, 20)) == "2026K3"
    assert default_period(date(2026, 9, 20), "year") == "2026"
    assert default_period(date(2026, 9, 20), "school_year") == "2026/2027"
    assert default_period(date(2026, 9, 20), "wave") == "2026"
