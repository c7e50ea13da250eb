"""Answers from another survey system, stored at once: a survey of their own, or more answers to an open one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from typing import Any

from django.db import transaction
from django.utils import timezone

from citizens.actions.answers import Written, written
from citizens.actions.measures import write_measures
from citizens.actions.questions import NotPossible, store_questions
from citizens.actions.surveys import create_survey
from citizens.importing import Answered, Planned
from citizens.kinds import CommentState, Method, SurveyState
from citizens.models import Comment, Questionnaire, Response, Survey
from citizens.specs import current_questionnaire
from organisation.actions.history import record
from organisation.models import Authority, HistoryEntry, Unit, User

VERB = "survey_imported"
CODE, FILE, COUNT = "kontrolkode", "fil", "svar"  # as the history shows them
BATCH = 1000


def imported_before(authority: Authority, code: str) -> Survey | None:
    """The survey that holds these answers already; None when there is none."""
    entries = HistoryEntry.objects.filter(authority=authority, verb=VERB, subject_kind=Survey._meta.label_lower)
    entry = entries.filter(**{f"changes__{CODE}__1": code}).first()
    return Survey.objects.filter(pk=entry.subject_id).first() if entry else None


@transaction.atomic
def import_survey(
    unit: Unit,
    planned: Sequence[Planned],
    rows: Sequence[Answered],
    *,
    fields: Mapping[str, Any],
    day: date,
    filename: str,
    code: str,
    by: User,
    now: datetime,
) -> Survey:
    """A closed survey of the answers; the citizens wait for theirs. `code` is the fingerprint of the file's answers."""
    _refuse_twice(unit.authority, code)
    ended = timezone.make_aware(datetime.combine(min(day, timezone.localdate(now)), time(12)))
    days = {"opens_on": day, "closes_on": day}
    survey = create_survey(unit, fields={**fields, **days}, by=by, now=now)
    store_questions(survey, [one.facts for one in planned], by=by, now=now)
    survey.state, survey.opened_at, survey.closed_at = SurveyState.CLOSED, ended - timedelta(hours=1), ended
    survey.save()
    _store(survey, current_questionnaire(survey), rows, day=day, filename=filename, code=code, by=by, now=now)
    write_measures(survey, by=by, now=now)  # keeps the results as they are shown from now on
    return survey


@transaction.atomic
def import_more(
    survey: Survey, rows: Sequence[Answered], *, day: date, filename: str, code: str, by: User, now: datetime
) -> Survey:
    """More answers to a survey that is open."""
    stored = Survey.objects.select_for_update(of=("self",)).select_related("authority").get(pk=survey.pk)
    if stored.state != SurveyState.OPEN:
        raise NotPossible("not_open")
    _refuse_twice(stored.authority, code)
    _store(stored, current_questionnaire(stored), rows, day=day, filename=filename, code=code, by=by, now=now)
    return stored


def _refuse_twice(authority: Authority, code: str) -> None:
    # Two at once with the same file: the second waits here, and finds the first's.
    Authority.objects.select_for_update().get(pk=authority.pk)
    if imported_before(authority, code) is not None:
        raise NotPossible("imported_before")


def _store(
    survey: Survey,
    questionnaire: Questionnaire | None,
    rows: Sequence[Answered],
    *,
    day: date,
    filename: str,
    code: str,
    by: User,
    now: datetime,
) -> None:
    # The order of the file is that of arrival: it is not kept.
    shuffled = SystemRandom().sample(list(rows), len(rows))
    Response.objects.bulk_create(
        [
            Response(
                survey=survey, questionnaire=questionnaire, method=Method.IMPORT, day=day, answers=one.answers,
                is_shuffled=True,
            )
            for one in shuffled
        ],
        batch_size=BATCH,
    )  # fmt: skip
    texts = [pair for one in rows for pair in one.texts]
    safe = {text: written(text) for _question, text in texts}  # many write the same few words
    Comment.objects.bulk_create(
        [_comment(survey, question, safe[text]) for question, text in SystemRandom().sample(texts, len(texts))],
        batch_size=BATCH,
    )
    told = {FILE: (None, filename), COUNT: (None, len(rows)), CODE: (None, code)}
    record(survey, VERB, authority=survey.authority, by=by, now=now, changes=told)


def _comment(survey: Survey, question: str, safe: Written) -> Comment:
    """Held back whatever it says: the other system's citizens were told something else."""
    return Comment(
        survey=survey,
        question_code=question,
        text=safe.text or "–",
        state=CommentState.HELD,
        marks=safe.marks,
        is_shuffled=True,
    )
