"""Surveys with answers, for tests of what is shown of them."""

from collections.abc import Mapping, Sequence
from datetime import date

from citizens.kinds import Assesses, QuestionKind, SurveyState
from citizens.models import AnswerGroup, Invitation, Question, Questionnaire, Response, Survey, SurveyMeasure
from goals.models import Series
from organisation.models import Unit
from tests import factories

WORDS = ("slet ikke", "i mindre grad", "i nogen grad", "i høj grad", "i meget høj grad")
FOUR = {
    Assesses.GOAL: "Hjælpen går ud på det, der er vigtigt for mig",
    Assesses.EFFORT: "Hjælpen er den rigtige for mig",
    Assesses.EFFECT: "Jeg klarer mere i hverdagen end før",
    Assesses.COOPERATION: "Samarbejdet med dem, der hjælper mig, er godt",
}


def survey(unit: Unit, **fields) -> Survey:
    """A closed survey of the second quarter of 2026."""
    last_day = fields.pop("closes_on", date(2026, 6, 30))
    defaults = {
        "title": "Hvordan oplever du hjælpen i hjemmet?",
        "effort": "" if {"goal", "series"} & set(fields) else "Hjælp i hjemmet",
        "state": SurveyState.CLOSED,
        "period": "2026K2",
        "opens_on": last_day.replace(day=1),
        "closes_on": last_day,
        "answer_by": date(2026, 9, 1),
        "addresses_until": date(2026, 7, 31),
        "answers_until": date(2029, 12, 31),
        "purpose": "gøre hjemmeplejen bedre",
    }
    return Survey.objects.create(authority=unit.authority, unit=unit, **{**defaults, **fields})


def questionnaire(of: Survey, number: int = 1) -> Questionnaire:
    return Questionnaire.objects.create(survey=of, number=number, made_at=factories.NOW)


def question(
    of: Questionnaire, code: str, kind: str = QuestionKind.SCALE, options: Sequence = "", **fields
) -> Question:
    defaults = {
        "position": of.questions.count() + 1,
        "text": {"da": f"Spørgsmål {code}"},
        "options": [one if isinstance(one, dict) else {"code": one, "text": {"da": f"Svar {one}"}} for one in options],
        "scale": [{"da": word} for word in WORDS] if kind == QuestionKind.SCALE else [],
    }
    return Question.objects.create(questionnaire=of, code=code, kind=kind, **{**defaults, **fields})


def four(of: Questionnaire) -> list[Question]:
    """The four assessments."""
    return [question(of, key.value, assesses=key, text={"da": text}) for key, text in FOUR.items()]


def group(of: Survey, code: str, **fields) -> AnswerGroup:
    defaults = {"name": code.capitalize(), "position": of.groups.count() + 1}
    return AnswerGroup.objects.create(survey=of, code=code, **{**defaults, **fields})


def answers(of: Survey, rows: Sequence[Mapping[str, object]], **fields) -> list[Response]:
    """A response for each row, to the newest questionnaire."""
    form = fields.pop("questionnaire", None) or of.questionnaires.order_by("-number").first()
    made = [Response(survey=of, questionnaire=form, day=date(2026, 6, 9), answers=dict(row), **fields) for row in rows]
    return Response.objects.bulk_create(made)


def spread(code: str, *counts: int) -> list[dict[str, str]]:
    """So many answers of 1, 2, 3 …"""
    return [{code: str(value)} for value, count in enumerate(counts, 1) for _n in range(count)]


def invited(of: Survey, count: int, in_group: AnswerGroup | None = None) -> None:
    first = Invitation.objects.count()
    Invitation.objects.bulk_create(
        Invitation(survey=of, group=in_group, token_hash=f"{first + at:064}") for at in range(count)
    )


def measures(of: Survey, series: Series, code: str, **fields) -> SurveyMeasure:
    return SurveyMeasure.objects.create(survey=of, series=series, question_code=code, **fields)
