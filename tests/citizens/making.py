"""Surveys that tests are about. Each function makes one thing, with sensible words for what is not given."""

from datetime import date, datetime, timedelta

from citizens.kinds import Assesses, CommentState, QuestionKind, SurveyState
from citizens.models import Comment, PublishedAnswer, Question, Questionnaire, Response, Survey
from organisation.models import Unit
from tests import factories

OPENED, CLOSED, ANSWER_BY = date(2026, 6, 1), date(2026, 6, 30), date(2026, 9, 1)
FOUR = {
    Assesses.GOAL: "Målet med hjælpen er vigtigt for mig.",
    Assesses.EFFORT: "Hjælpen passer til det, jeg har brug for.",
    Assesses.EFFECT: "Hjælpen gør en forskel i min hverdag.",
    Assesses.COOPERATION: "Medarbejderne lytter til mig.",
}


def survey(unit: Unit, state: str = SurveyState.CLOSED, **fields) -> Survey:
    """A closed survey of June 2026, unless `state` says otherwise; about an effort when no goal or series is given."""
    defaults = {
        "title": "Hvordan oplever du hjælpen i hjemmet?",
        "effort": "" if {"goal", "series"} & set(fields) else "Hjælp i hjemmet",
        "period": "2026K2",
        "opens_on": OPENED,
        "closes_on": CLOSED,
        "answer_by": ANSWER_BY,
        "purpose": "gøre hjemmeplejen bedre",
        "addresses_until": date(2026, 7, 31),
        "answers_until": date(2029, 12, 31),
    }
    if state == SurveyState.FINISHED:
        defaults["finished_at"] = factories.NOW
    return Survey.objects.create(authority=unit.authority, unit=unit, state=state, **{**defaults, **fields})


def four_questions(of: Survey) -> Questionnaire:
    """The four assessments and one free text."""
    made = Questionnaire.objects.create(survey=of, made_at=factories.NOW)
    scale = [{"da": word} for word in ("Helt uenig", "Uenig", "Hverken eller", "Enig", "Helt enig")]
    for position, (key, text) in enumerate(FOUR.items(), 1):
        Question.objects.create(
            questionnaire=made, position=position, code=key.value, kind=QuestionKind.SCALE,
            assesses=key.value, text={"da": text}, scale=scale,
        )  # fmt: skip
    Question.objects.create(
        questionnaire=made, position=5, code="ord", kind=QuestionKind.TEXT, text={"da": "Er der noget?"}
    )
    return made


def responses(of: Survey, count: int, **answers: str) -> list[Response]:
    """So many that answer the same, all of them "4" unless `answers` say otherwise."""
    questionnaire = of.questionnaires.first() or four_questions(of)
    given = {key.value: "4" for key in FOUR} | answers
    rows = (Response(survey=of, questionnaire=questionnaire, day=CLOSED, answers=given) for _n in range(count))
    return Response.objects.bulk_create(rows)


def comment(of: Survey, text: str, state: str = CommentState.READABLE, **fields) -> Comment:
    return Comment.objects.create(survey=of, text=text, state=state, **{"question_code": "ord", **fields})


def pair(of: Survey, heard: str = "Mange savner faste hjælpere.", doing: str = "Alle får højst seks.", **fields):
    """One pair of "Det hørte vi · Det gør vi"."""
    position = of.published_answers.count() + 1
    return PublishedAnswer.objects.create(survey=of, heard=heard, doing=doing, **{"position": position, **fields})


def later(days: int) -> datetime:
    return factories.NOW + timedelta(days=days)
