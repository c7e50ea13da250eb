"""The questions of a survey as versions: one that has been answered never changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from citizens.editing import DEFAULTS, Fault, faults_of, values_of, whole, wording_of
from citizens.kinds import MeasureKind, QuestionKind, SurveyState
from citizens.models import Question, Questionnaire, Survey, SurveyMeasure
from citizens.specs import current_questionnaire
from goals.actions.versions import Stale
from organisation.actions.history import record
from organisation.models import User


class NotPossible(Exception):
    """What a survey's state or content refuses: `key` says why, `fields` about what, `faults` of which questions."""

    def __init__(self, key: str, *, fields: Sequence[str] = (), faults: Sequence[Fault] = ()) -> None:
        super().__init__(key, list(fields), list(faults))
        self.key, self.fields, self.faults = key, list(fields), list(faults)


def facts_of(question: Question) -> dict[str, Any]:
    """The question as `citizens.editing` reads it, with its wording."""
    names = ("code", "wording", *DEFAULTS)
    return {name: getattr(question, name) for name in names}


def questions_of(survey: Survey) -> list[dict[str, Any]]:
    """The survey's questions as they stand, in their order."""
    questionnaire = current_questionnaire(survey)
    return [facts_of(question) for question in questionnaire.questions.all()] if questionnaire else []


def earlier_questions(survey: Survey) -> list[dict[str, Any]]:
    """Every question of the survey's versions and of the survey it repeats, newest first."""
    surveys = [survey.pk] if survey.previous_id is None else [survey.pk, survey.previous_id]
    rows = Question.objects.filter(questionnaire__survey__in=surveys).select_related("questionnaire")
    ordered = sorted(rows, key=lambda one: (one.questionnaire.survey_id == survey.pk, one.questionnaire.number))
    return [facts_of(question) for question in reversed(ordered)]


@transaction.atomic
def store_questions(
    survey: Survey,
    questions: Sequence[Mapping[str, Any]],
    *,
    change_note: str = "",
    version: int | None = None,
    by: User,
    now: datetime,
) -> Questionnaire:
    """The survey's questions from now on: as a new version once the survey is open or anything has been answered.

    Stale when `version` is not the stored one. A new version takes a note of what was changed.
    """
    stored = Survey.objects.select_for_update(of=("self",)).select_related("authority").get(pk=survey.pk)
    if version is not None and version != stored.version:
        raise Stale(stored)
    if stored.state in (SurveyState.CLOSED, SurveyState.FINISHED):
        raise NotPossible("closed")
    asked = [whole(one) for one in questions]
    if faults := faults_of(asked):
        raise NotPossible("questions", faults=faults)
    if lost := _measured_no_more(stored, asked):
        raise NotPossible("measured", fields=lost)
    current = current_questionnaire(stored)
    if current is not None and is_fixed(stored, current):
        if not change_note:
            raise NotPossible("note_needed")
        current = _new_version(stored, current.number + 1, change_note, now)
    elif current is None:
        current = _new_version(stored, 1, "", now)
    _replace(stored, current, asked)
    stored.version += 1
    stored.save(update_fields=["version"])
    survey.version = stored.version
    verb = "questions_changed" if current.number == 1 else "questions_version"
    record(stored, verb, authority=stored.authority, by=by, now=now, reason=change_note)
    return current


def is_fixed(survey: Survey, questionnaire: Questionnaire) -> bool:
    """Whether the version stays as it is: citizens may have read it, or somebody has answered it."""
    if survey.state not in (SurveyState.DRAFT, SurveyState.PILOT):
        return True
    return questionnaire.responses.filter(is_pilot=False).exists()


def _measured_no_more(survey: Survey, asked: Sequence[Mapping[str, Any]]) -> list[str]:
    """The codes of questions that measure a series, and would no longer give the number they are to give."""
    by_code = {one["code"]: one for one in asked}
    measures = survey.measures.all()
    return [one.question_code for one in measures if not measures_by(one, by_code.get(one.question_code))]


def measures_by(measure: SurveyMeasure, question: Mapping[str, Any] | None) -> bool:
    """Whether the question can give the measure its number."""
    if question is None:
        return False
    if measure.kind == MeasureKind.MEAN:
        return question["kind"] in (QuestionKind.SCALE, QuestionKind.TEN)
    return set(measure.share_options) <= set(values_of(question))


def _new_version(survey: Survey, number: int, change_note: str, now: datetime) -> Questionnaire:
    return Questionnaire.objects.create(survey=survey, number=number, made_at=now, change_note=change_note)


def _replace(survey: Survey, questionnaire: Questionnaire, asked: Sequence[dict[str, Any]]) -> None:
    """Write the questions; a wording that differs from the one before gets the next number."""
    questionnaire.questions.all().delete()
    earlier: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in earlier_questions(survey):
        earlier[one["code"]].append(one)
    Question.objects.bulk_create(
        Question(
            questionnaire=questionnaire, position=at, wording=wording_of(one, earlier[one["code"]]), **one
        )
        for at, one in enumerate(asked, start=1)
    )  # fmt: skip


def copy_questions(source: Survey, target: Survey, *, now: datetime) -> None:
    """The newest questions of one survey as the first version of another, with their wordings."""
    newest = current_questionnaire(source)
    if newest is None:
        return
    first = _new_version(target, 1, "", now)
    Question.objects.bulk_create(
        Question(questionnaire=first, position=one.position, **facts_of(one)) for one in newest.questions.all()
    )
