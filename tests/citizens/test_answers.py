"""Storing answers, and what no column may hold."""

from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from citizens.actions.answers import AlreadyUsed, mark_repeated, mark_repeated_now, store_response, subscribe, written
from citizens.kinds import CommentState, Method
from citizens.models import AnswerSubscriber, Comment, Invitation, Participant, ParticipantResponse, Response
from citizens.personal import MASK
from citizens.tokens import hash_of
from tests import factories
from tests.citizens import asked, making
from tests.citizens.asked import ALL

TODAY = factories.TODAY


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey)
    return survey


def store(survey, answers=ALL, method=Method.LINK, day=TODAY, **more) -> Response:
    questionnaire = survey.questionnaires.get(number=1)
    defaults = {"group": None, "language": "da"}
    return store_response(survey, questionnaire, answers=answers, method=method, day=day, **(defaults | more))


def test_free_text_is_stored_apart(survey):
    north = making.group(survey)
    response = store(survey, {**ALL, "mere": "Godt"}, group=north, method=Method.PAPER)
    assert response.answers == ALL
    assert (response.group, response.method, response.day, response.is_pilot) == (north, Method.PAPER, TODAY, False)
    comment = Comment.objects.get()
    assert (comment.text, comment.group, comment.question_code) == ("Godt", north, "mere")


def test_whatever_way_it_comes_in_a_number_is_masked(survey):
    store(survey, {"mere": "Karen, 010190-1234"}, method=Method.IMPORT)
    comment = Comment.objects.get()
    assert comment.text == f"Karen, {MASK}"
    assert (comment.state, comment.marks) == (CommentState.HELD, ["cpr", "Karen"])


def test_written():
    assert written("  Godt \r\n").text == "Godt"
    assert written("Godt").state == CommentState.READABLE
    assert written(f"Tak, {MASK}").marks == ["cpr"]  # masked before, on the citizen's page


def test_a_used_link_stores_nothing(survey):
    token_hash = hash_of(asked.invitation(survey))
    store(survey, token_hash=token_hash)
    with pytest.raises(AlreadyUsed):
        store(survey, {"mere": "igen"}, token_hash=token_hash)
    assert Response.objects.count() == 1
    assert not Comment.objects.exists()


def test_a_link_of_another_survey(town, survey):
    other = asked.survey(town.school, slug="anden")
    with pytest.raises(AlreadyUsed):
        store(survey, token_hash=hash_of(asked.invitation(other)))
    assert not Invitation.objects.filter(is_used=True).exists()


def test_few_queries(survey, django_assert_num_queries):
    token_hash = hash_of(asked.invitation(survey))
    with CaptureQueriesContext(connection) as queries:
        store(survey, {**ALL, "mere": "ord"}, token_hash=token_hash)
    asked_of = [one["sql"] for one in queries.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    # The version, the link, its questions, the answer, the comment.
    assert len(asked_of) == 5


def test_the_same_answer_again_and_again_on_a_day(town, survey):
    same = [store(survey), store(survey), store(survey, group=making.group(survey))]
    others = [
        store(survey, day=TODAY + timedelta(days=1)),  # another day
        store(survey, {**ALL, "maal": "1"}),  # another answer
        store(survey, method=Method.PAPER),  # keyed by an employee
        store(survey, method=Method.KIOSK),
        store(survey, is_pilot=True),
    ]
    foreign = asked.survey(town.other_school, slug="anden")
    asked.questionnaire(foreign)
    others.append(store(foreign))
    assert mark_repeated(survey) == 3
    assert mark_repeated(survey) == 0
    assert set(Response.objects.filter(is_repeated=True)) == set(same)
    later = store(survey, day=TODAY + timedelta(days=1))
    assert mark_repeated_now(factories.NOW) == 2
    assert set(Response.objects.filter(is_repeated=True)) == {*same, later, others[0]}


def test_answers_of_two_versions_are_two_answers(survey):
    store(survey)
    newer = asked.questionnaire(survey, number=2)
    store_response(survey, newer, answers=ALL, method=Method.LINK, group=None, language="da", day=TODAY)
    assert mark_repeated(survey) == 0


def test_subscribing_twice(survey):
    subscribe(survey, address="a@example.dk")
    subscribe(survey, address="a@example.dk")
    assert AnswerSubscriber.objects.count() == 1


# What beside an anonymous answer could tell who gave it, or when within the day. A new column is a decision: name it.
COLUMNS = {
    Response: {"id", "survey", "questionnaire", "group", "method", "language", "day", "answers", "is_pilot",
               "is_repeated", "is_shuffled"},
    Comment: {"id", "survey", "question_code", "group", "text", "state", "marks", "is_pilot", "is_shuffled"},
    Invitation: {"id", "survey", "group", "token_hash", "is_used", "is_shuffled"},
}  # fmt: skip
TIMES = (models.DateTimeField, models.TimeField, models.DurationField)
ADDRESSES = (models.GenericIPAddressField, models.EmailField, models.URLField, models.BinaryField)
COUNTED = (models.AutoField, models.BigAutoField, models.SmallAutoField)


@pytest.mark.parametrize("model", COLUMNS)
def test_no_column_tells_who_or_when(model):
    fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
    assert set(fields) - {"themes"} == COLUMNS[model]
    for field in fields.values():
        assert not isinstance(field, TIMES + ADDRESSES + COUNTED), field.name
        assert not (field.is_relation and field.related_model._meta.label_lower.endswith((".user", "membership")))
    assert fields["id"].default.__name__ == "uuid4"  # drawn at random: no order of arrival
    assert [field.name for field in fields.values() if isinstance(field, models.DateField)] == (
        ["day"] if model is Response else []
    )


@pytest.mark.parametrize("model", COLUMNS)
def test_nothing_leads_from_an_invitation_to_an_answer(model):
    others = {one for one in COLUMNS if one is not model}
    leads = {field.related_model for field in model._meta.get_fields() if field.is_relation}
    assert not leads & (others | {Participant, AnswerSubscriber})
    if model is Response:  # only where the survey declared a code
        assert ParticipantResponse in leads


@pytest.mark.parametrize("model", COLUMNS)
def test_the_database_has_no_further_column(model, db):
    with connection.cursor() as cursor:
        columns = {one.name for one in connection.introspection.get_table_description(cursor, model._meta.db_table)}
    assert columns == {field.column for field in model._meta.concrete_fields}
    assert {column.removesuffix("_id") for column in columns} == COLUMNS[model]
