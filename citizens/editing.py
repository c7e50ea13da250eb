"""What makes a set of questions whole, and what has changed between two of them. Pure: no Django.

A question is a mapping with the fields of `citizens.models.Question`, without its position and wording.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citizens.kinds import BESIDE, Assesses, QuestionKind
from citizens.questionnaire import SCALES

Facts = Mapping[str, Any]
DEFAULTS: dict[str, Any] = {
    "kind": QuestionKind.SCALE.value,
    "assesses": "",
    "text": {},
    "help": {},
    "options": [],
    "scale": [],
    "shown_if": {},
    "is_required": False,
    "has_dont_know": True,
    "has_not_relevant": True,
    "is_background": False,
    "is_reversed": False,
}
OPTION_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING)
SCALE_STEPS = len(SCALES[QuestionKind.SCALE])
MOST_QUESTIONS = 200
MOST_OPTIONS = 60
CODE_LIMIT = 40
TEXT_LIMIT = 500  # of a question; the header of another survey system may be as long
OPTION_LIMIT = 300
# What an answer means: another text of these is another question. The order and the help are not.
MEANING = ("kind", "options", "scale", "shown_if", "has_dont_know", "has_not_relevant", "is_reversed")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a question cannot be stored: which one, which of its fields, and why."""

    code: str
    field: str
    key: str


def whole(facts: Facts) -> dict[str, Any]:
    """The question with every field."""
    return {"code": facts.get("code", ""), **{name: facts.get(name, value) for name, value in DEFAULTS.items()}}


def values_of(facts: Facts) -> tuple[str, ...]:
    """What may be chosen, without "ved ikke" and "ikke relevant"."""
    kind = facts["kind"]
    if kind in SCALES:
        return SCALES[QuestionKind(kind)]
    return tuple(option.get("code", "") for option in facts["options"]) if kind in OPTION_KINDS else ()


def faults_of(questions: Sequence[Facts]) -> list[Fault]:
    """Everything that is wrong with the questions, in their order."""
    found = [Fault("", "", "too_many")] if len(questions) > MOST_QUESTIONS else []
    earlier: dict[str, Facts] = {}
    for question in questions:
        code = question["code"]
        found += [Fault(code, field, key) for field, key in _faults(question, earlier)]
        earlier[code] = question
    return found


def _faults(question: Facts, earlier: Mapping[str, Facts]) -> Iterator[tuple[str, str]]:
    code, kind, text = question["code"], question["kind"], question["text"]
    if not code or len(code) > CODE_LIMIT:
        yield "code", "no_code"
    elif code in earlier:
        yield "code", "code_twice"
    if kind not in set(QuestionKind):
        yield "kind", "unknown_kind"
        return
    if question["assesses"] and question["assesses"] not in set(Assesses):
        yield "assesses", "unknown_kind"
    if not text.get("da", "").strip():
        yield "text", "no_text"
    if any(len(one) > TEXT_LIMIT for one in text.values()):
        yield "text", "too_long"
    yield from _option_faults(question)
    if kind == QuestionKind.SCALE and not _has_words(question["scale"]):
        yield "scale", "scale_words"
    if question["is_background"] and kind not in (QuestionKind.SINGLE, QuestionKind.YES_NO):
        yield "is_background", "background_single"
    yield from _condition_faults(question, earlier)


def _has_words(scale: Sequence[Mapping[str, str]]) -> bool:
    return len(scale) == SCALE_STEPS and all(word.get("da", "").strip() for word in scale)


def _option_faults(question: Facts) -> Iterator[tuple[str, str]]:
    if question["kind"] not in OPTION_KINDS:
        return
    options = question["options"]
    codes = [option.get("code", "") for option in options]
    if len(options) < (1 if question["kind"] == QuestionKind.MULTIPLE else 2):
        yield "options", "few_options"
    if len(options) > MOST_OPTIONS:
        yield "options", "many_options"
    if not all(option.get("text", {}).get("da", "").strip() for option in options):
        yield "options", "option_without_text"
    if any(len(text) > OPTION_LIMIT for option in options for text in option.get("text", {}).values()):
        yield "options", "too_long"
    if not all(codes) or len(set(codes)) < len(codes) or set(codes) & set(BESIDE):
        yield "options", "option_twice"


def _condition_faults(question: Facts, earlier: Mapping[str, Facts]) -> Iterator[tuple[str, str]]:
    """A condition asks about an earlier question only: so there is never a circle."""
    condition = question["shown_if"]
    if not condition:
        return
    asked = earlier.get(condition.get("question", ""))
    if asked is None:
        yield "shown_if", "not_earlier"
    elif asked["kind"] == QuestionKind.TEXT:
        yield "shown_if", "text_decides"
    elif not condition.get("options") or not set(condition["options"]) <= {*values_of(asked), *BESIDE}:
        yield "shown_if", "no_answers_chosen"


# ---- languages -------------------------------------------------------------------------------------------------------


def texts_of(question: Facts) -> Iterator[Mapping[str, str]]:
    """Every text that the citizen reads in the question, each by language."""
    yield question["text"]
    if question["help"]:
        yield question["help"]
    if question["kind"] in OPTION_KINDS:
        yield from (option.get("text", {}) for option in question["options"])
    if question["kind"] == QuestionKind.SCALE:
        yield from question["scale"]


def missing_translations(questions: Sequence[Facts], languages: Sequence[str]) -> dict[str, list[str]]:
    """By language the codes of the questions that lack a text in it; languages without lacks are left out."""
    lacks = {
        language: [
            one["code"] for one in questions if not all(text.get(language, "").strip() for text in texts_of(one))
        ]
        for language in languages
    }
    return {language: codes for language, codes in lacks.items() if codes}


# ---- versions --------------------------------------------------------------------------------------------------------


def is_reworded(old: Facts, new: Facts) -> bool:
    """Whether answers to the two cannot be compared. A language that only one of them has makes no difference."""
    if _said(old["text"], new["text"]) != _said(new["text"], old["text"]):
        return True
    return any(_meaning(old, new, name) != _meaning(new, old, name) for name in MEANING)


def _meaning(one: Facts, other: Facts, name: str) -> Any:
    value = one[name]
    if name == "options":
        texts = {option["code"]: option.get("text", {}) for option in other[name]}
        return [(option["code"], _said(option.get("text", {}), texts.get(option["code"], {}))) for option in value]
    if name == "scale" and len(value) == len(other[name]):
        return [_said(word, beside) for word, beside in zip(value, other[name], strict=True)]
    if name == "shown_if" and value:
        return value["question"], frozenset(value["options"])
    return value


def _said(texts: Mapping[str, str], beside: Mapping[str, str]) -> dict[str, str]:
    """The text in the languages that both have."""
    return {language: " ".join(text.split()) for language, text in texts.items() if text and beside.get(language)}


def wording_of(question: Facts, earlier: Sequence[Facts]) -> int:
    """The number of the question's wording, given the same question as it was before, newest first."""
    if not earlier:
        return 1
    newest = earlier[0]
    number: int = newest["wording"]
    return number + 1 if is_reworded(newest, question) else number


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one question from one version to the next: added, removed, reworded, moved or changed."""

    code: str
    key: str
    before: str = ""
    after: str = ""


def differences(old: Sequence[Facts], new: Sequence[Facts]) -> list[Difference]:
    """What differs from the old questions to the new, in the order of the new; what was removed comes last."""
    before = {one["code"]: one for one in old}
    kept = [one["code"] for one in new if one["code"] in before]
    order = [one["code"] for one in old if one["code"] in set(kept)]
    found = []
    for question in new:
        code = question["code"]
        if code not in before:
            found.append(Difference(code, "added", after=_danish(question)))
        elif key := _change(before[code], question, is_moved=kept.index(code) != order.index(code)):
            found.append(Difference(code, key, _danish(before[code]), _danish(question)))
    left = {one["code"] for one in new}
    return found + [Difference(one["code"], "removed", _danish(one)) for one in old if one["code"] not in left]


def _change(old: Facts, new: Facts, *, is_moved: bool) -> str:
    if is_reworded(old, new):
        return "reworded"
    if any(old[name] != new[name] for name in DEFAULTS):
        return "changed"
    return "moved" if is_moved else ""


def _danish(question: Facts) -> str:
    text: str = question["text"].get("da", "")
    return text


def next_code(taken: Sequence[str]) -> str:
    """A code that no question has or had: a code stands for the same question in every version and wave."""
    numbers = [int(code[1:]) for code in taken if code[:1] == "q" and code[1:].isdecimal() and len(code) < 10]
    return f"q{max(numbers, default=0) + 1}"
