"""Stored questions as the plain values of `citizens.questionnaire`."""

from citizens.kinds import QuestionKind
from citizens.models import Question, Questionnaire, Survey
from citizens.questionnaire import Condition, QuestionSpec


def current_questionnaire(survey: Survey) -> Questionnaire | None:
    """The newest version of the survey's questions; None when it has none yet."""
    return survey.questionnaires.order_by("-number").first()


def spec_of(question: Question) -> QuestionSpec:
    """The question in plain values."""
    condition = question.shown_if
    return QuestionSpec(
        code=question.code,
        kind=QuestionKind(question.kind),
        options=tuple(option["code"] for option in question.options),
        shown_if=Condition(condition["question"], frozenset(condition["options"])) if condition else None,
        is_required=question.is_required,
        has_dont_know=question.has_dont_know,
        has_not_relevant=question.has_not_relevant,
    )


def worded(texts: dict[str, str], language: str) -> str:
    """The text in the language, else in Danish."""
    return texts.get(language) or texts.get("da", "")
