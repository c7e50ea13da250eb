"""What citizens say about goals: which survey is told of, in which words, and how much it asks the database."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.kinds import SurveyState
from citizens.models import SurveyMeasure
from citizens.said import SaidState, said_about
from tests import factories
from tests.citizens import making

TODAY = factories.TODAY


def question(key: str, mean: str | None, n: int | None = 178, **fields) -> dict:
    return {
        "code": key, "label": key, "kind": "scale", "assesses": key, "is_shown": mean is not None, "n": n,
        "mean": mean, "low": "3.5", "high": "3.9", **fields,
    }  # fmt: skip


def kept(n: int | None, *questions: dict) -> dict:
    return {"n": n, "questions": list(questions)}


@pytest.fixture
def place(town):
    town.goal = factories.goal(town.school)
    return town


def said(place, **fields):
    return said_about([place.goal.pk], today=TODAY, **fields)[place.goal.pk]


def test_a_goal_that_nobody_was_asked_about(place):
    one = said(place)
    assert (one.state, one.survey_id, one.sentence) == (
        SaidState.NOT_ASKED, None, "Vi har ikke spurgt borgerne om dette mål."
    )  # fmt: skip


def test_an_answered_survey_in_one_sentence(place):
    survey = making.survey(
        place.school, SurveyState.FINISHED, goal=place.goal,
        kept_results=kept(187, question("goal", "3.84"), question("effect", "3.7149")),
    )  # fmt: skip
    making.pair(survey, "Mange er i tvivl om, hvornår hjælpen slutter.", "Vi skriver det i aftalen.")
    one = said(place)
    assert one.survey_id == survey.pk
    assert one.sentence == ("Mange er i tvivl om, hvornår hjælpen slutter. Effekt: 3,7 af 5. 187 har svaret.")
    assert [(a.key, a.mean, a.n, a.interval) for a in one.assessed] == [
        ("goal", Decimal("3.84"), 178, "3,5–3,9"),
        ("effect", Decimal("3.7149"), 178, "3,5–3,9"),
    ]
    assert [pair.doing for pair in one.pairs] == ["Vi skriver det i aftalen."]


def test_too_few_give_words_and_no_numbers(place):
    survey = making.survey(
        place.school, SurveyState.FINISHED, goal=place.goal, kept_results=kept(None, question("effect", None, None))
    )
    making.pair(survey, "Få var hjemme.", "Vi spørger igen.")
    assert said(place).sentence == "Få var hjemme. Færre end 6 har svaret, så tallene vises ikke."


@pytest.mark.parametrize(
    ("state", "fields", "expected", "sentence"),
    [
        (SurveyState.CLOSED, {}, SaidState.WAITING,
         "Vi har spurgt. Senest 1. september 2026 kan du læse, hvad vi hørte, og hvad vi gør."),
        (SurveyState.OPEN, {"closes_on": date(2026, 9, 30), "answer_by": date(2026, 12, 1)}, SaidState.OPEN,
         "Vi spørger nu, til og med 30. september 2026."),
        (SurveyState.DRAFT, {"opens_on": date(2027, 3, 1), "closes_on": date(2027, 3, 31)}, SaidState.PLANNED,
         "Vi har ikke spurgt endnu. Det gør vi i marts 2027."),
        (SurveyState.DRAFT, {}, SaidState.NOT_ASKED, "Vi har ikke spurgt borgerne om dette mål."),
    ],
)  # fmt: skip
def test_what_is_said_before_there_is_an_answer(place, state, fields, expected, sentence):
    making.survey(place.school, state, goal=place.goal, **fields)
    one = said(place)
    assert (one.state, one.sentence.replace("\u00a0", " ")) == (expected, sentence)
    assert one.survey_id is None


def test_staff_read_a_closed_survey_and_the_public_the_last_answered(place):
    old = making.survey(
        place.school, SurveyState.FINISHED, goal=place.goal, closes_on=date(2026, 3, 1), opens_on=date(2026, 2, 1)
    )
    new = making.survey(place.school, SurveyState.CLOSED, goal=place.goal)
    assert said(place).survey_id == old.pk
    assert said(place, is_public=False).survey_id == new.pk
    making.pair(new, "Halvt skrevet", "")
    staff = said(place, is_public=False)
    assert (staff.state, staff.pairs) == (SaidState.WAITING, ())  # an answer is a draft until it is published


def test_the_series_of_a_goal_carry_its_surveys(place):
    on_series = factories.series(factories.indicator(place.authority), place.school, place.goal)
    survey = making.survey(place.school, SurveyState.FINISHED, series=on_series)
    assert said(place).survey_id == survey.pk
    later = making.survey(place.school, SurveyState.FINISHED, closes_on=date(2026, 7, 1))
    SurveyMeasure.objects.create(survey=later, series=on_series, question_code="effect")
    assert said(place).survey_id == later.pk


def test_many_goals_ask_as_little_as_one(place):
    goals = [factories.goal(place.school) for _ in range(20)]
    for goal in goals:
        for state in (SurveyState.FINISHED, SurveyState.OPEN):
            making.pair(making.survey(place.school, state, goal=goal))
    for some in (goals[:1], goals):
        with CaptureQueriesContext(connection) as captured:
            found = said_about([one.pk for one in some], today=TODAY)
        assert len(captured) == 2
        assert {one.state for one in found.values()} == {SaidState.ANSWERED}
        assert all(one.open_id for one in found.values())
