"""Surveys that tests are about, with their answers. Each function makes one thing, with words for what is not given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from citizens.kinds import Assesses, CommentState, QuestionKind, SurveyState
from citizens.models import (
    AnswerGroup,
    Comment,
    Invitation,
    PublishedAnswer,
    Question,
    Questionnaire,
    Response,
    Survey,
    SurveyMeasure,
)
from goals.models import Series
from organisation.models import Unit
from tests import factories

OPENED, CLOSED, ANSWER_BY = date(2026, 6, 1), date(2026, 6, 30), date(2026, 9, 1)
WORDS = ("slet ikke", "i mindre grad", "i nogen grad", "i høj grad", "i meget høj grad")
FOUR = {
    Assesses.GOAL: "Målet med hjælpen er vigtigt for mig.",
    Assesses.EFFORT: "Hjælpen passer til det, jeg har brug for.",
    Assesses.EFFECT: "Hjælpen gør en forskel i min hverdag.",
    Assesses.COOPERATION: "Medarbejderne lytter til mig.",
}


def survey(unit: Unit, state: str = SurveyState.CLOSED, **fields) -> Survey:
    """A survey of June 2026, or of the earlier month that it closes in; closed unless `state` says otherwise.

    About an effort when no goal or series is given.
    """
    closes_on = fields.get("closes_on", CLOSED)
    defaults = {
        "title": "Hvordan oplever du hjælpen i hjemmet?",
        "effort": "" if {"goal", "series"} & set(fields) else "Hjælp i hjemmet",
        "period": "2026K2",
        "opens_on": min(OPENED, closes_on.replace(day=1)),
        "closes_on": closes_on,
        "answer_by": ANSWER_BY,
        "purpose": "gøre hjemmeplejen bedre",
        "addresses_until": date(2026, 7, 31),
        "answers_until": date(2029, 12, 31),
    }
    if state == SurveyState.FINISHED:
        defaults["finished_at"] = factories.NOW
    return Survey.objects.create(authority=unit.authority, unit=unit, state=state, **{**defaults, **fields})


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


def group(of: Survey, code: str = "nord", **fields) -> AnswerGroup:
    defaults = {"name": code.capitalize(), "position": of.groups.count() + 1}
    return AnswerGroup.objects.create(survey=of, code=code, **{**defaults, **fields})


def four_questions(of: Survey) -> Questionnaire:
    """The four assessments and one free text."""
    made = questionnaire(of)
    four(made)
    question(made, "ord", QuestionKind.TEXT, text={"da": "Er der noget?"})
    return made


def responses(of: Survey, count: int, **given: str) -> list[Response]:
    """So many that answer the same, all of them "4" unless `given` says otherwise."""
    form = of.questionnaires.first() or four_questions(of)
    row = {key.value: "4" for key in FOUR} | given
    return answers(of, [row] * count, questionnaire=form, day=CLOSED)


def answers(of: Survey, rows: Sequence[Mapping[str, object]], **fields) -> list[Response]:
    """A response for each row, to the newest questionnaire."""
    form = fields.pop("questionnaire", None) or of.questionnaires.order_by("-number").first()
    told = {"day": date(2026, 6, 9), **fields}
    made = [Response(survey=of, questionnaire=form, answers=dict(row), **told) for row in rows]
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


def comment(of: Survey, text: str, state: str = CommentState.READABLE, **fields) -> Comment:
    return Comment.objects.create(survey=of, text=text, state=state, **{"question_code": "ord", **fields})


def pair(of: Survey, heard: str = "Mange savner faste hjælpere.", doing: str = "Alle får højst seks.", **fields):
    """One pair of "Det hørte vi · Det gør vi"."""
    position = of.published_answers.count() + 1
    return PublishedAnswer.objects.create(survey=of, heard=heard, doing=doing, **{"position": position, **fields})


def later(days: int) -> datetime:
    return factories.NOW + timedelta(days=days)
