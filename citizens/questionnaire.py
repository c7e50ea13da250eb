"""Questions in plain values: which are shown, and whether an answer is one that the question has. Pure: no Django.

An answer is stored as text: an option's code, a number of a scale, `yes`/`no`, or one of `kinds.BESIDE`; several
choices and rankings as a list of codes. A question without an answer is not in the mapping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citizens.kinds import BESIDE, DONT_KNOW, NO, NOT_RELEVANT, YES, QuestionKind

Answer = str | list[str]
Answers = Mapping[str, Answer]
SCALES = {
    QuestionKind.SCALE: tuple("12345"),
    QuestionKind.TEN: tuple(str(one) for one in range(11)),
    QuestionKind.YES_NO: (YES, NO),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Shown only when an earlier question was answered with one of the options."""

    question: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """One question: its code, kind and the codes that may answer it."""

    code: str
    kind: QuestionKind
    options: tuple[str, ...] = ()  # of single, multiple and ranking
    shown_if: Condition | None = None
    is_required: bool = False
    has_dont_know: bool = True
    has_not_relevant: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        """What may be chosen, without "ved ikke" and "ikke relevant"."""
        return SCALES.get(self.kind, self.options)

    @property
    def beside(self) -> tuple[str, ...]:
        """Which of "ved ikke" and "ikke relevant" it offers."""
        offered = {DONT_KNOW: self.has_dont_know, NOT_RELEVANT: self.has_not_relevant}
        return tuple(one for one in BESIDE if offered[one] and self.kind != QuestionKind.TEXT)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer is refused: `required`, `unknown_option`, `too_long` or `twice` (a ranking names one twice)."""

    question: str
    key: str


def shown(questions: Sequence[QuestionSpec], answers: Answers) -> list[QuestionSpec]:
    """The questions that somebody with these answers meets. What a hidden question hides is hidden too."""
    met: list[QuestionSpec] = []
    for question in questions:
        if question.shown_if is None or _is_met(question.shown_if, answers, {one.code for one in met}):
            met.append(question)
    return met


def _is_met(condition: Condition, answers: Answers, met: set[str]) -> bool:
    given = answers.get(condition.question)
    if given is None or condition.question not in met:
        return False
    return bool(condition.options & set(given if isinstance(given, list) else [given]))


def checked(
    questions: Sequence[QuestionSpec], given: Mapping[str, Sequence[str]], *, text_limit: int
) -> tuple[dict[str, Answer], list[Fault]]:
    """The answers as they are stored, free text among them, and what is refused.

    `given` has every value of every field as it was sent. Answers to questions that are not shown are left out.
    """
    answers: dict[str, Answer] = {}
    faults: list[Fault] = []
    for question in questions:
        if question not in shown(questions, answers):
            continue
        values = [value for value in given.get(question.code, ()) if value.strip()]
        fault = _fault(question, values, text_limit)
        if fault:
            faults.append(Fault(question.code, fault))
        elif values:
            answers[question.code] = _stored(question, values)
    return answers, faults


def _fault(question: QuestionSpec, values: Sequence[str], text_limit: int) -> str:
    if not values:
        return "required" if question.is_required else ""
    if question.kind == QuestionKind.TEXT:
        return "too_long" if len(values[0]) > text_limit else ""
    if set(values) <= set(question.beside) and len(values) == 1:
        return ""
    if not set(values) <= set(question.values):
        return "unknown_option"
    if question.kind == QuestionKind.RANKING and len(set(values)) < len(values):
        return "twice"
    return ""


def _stored(question: QuestionSpec, values: Sequence[str]) -> Answer:
    if question.kind == QuestionKind.TEXT:
        return values[0].strip()
    if question.kind not in (QuestionKind.MULTIPLE, QuestionKind.RANKING) or values[0] in question.beside:
        return values[0]
    return list(values) if question.kind == QuestionKind.RANKING else sorted(set(values), key=question.values.index)
