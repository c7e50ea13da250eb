"""Surveys from draft to closed: made from a template, changed, tried out, opened, closed and repeated.

Every refusal is a `NotPossible` with a key; the views have the sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from citizens.actions.answers import mark_repeated
from citizens.actions.loop import put_on_agenda
from citizens.actions.measures import write_measures
from citizens.actions.questions import NotPossible, copy_questions, store_questions
from citizens.declared import Declaration, day_faults, lacks
from citizens.kinds import SurveyState
from citizens.models import AnswerGroup, Comment, Response, Survey, SurveyMeasure
from citizens.question_templates import question_template
from citizens.specs import current_questionnaire
from goals.actions.versions import locked, store
from goals.periods import parse_period
from organisation.actions.history import record
from organisation.models import Unit, User

__all__ = [
    "NotPossible",
    "change_survey",
    "close_due",
    "close_survey",
    "create_survey",
    "delete_draft",
    "open_survey",
    "repeat_survey",
    "start_pilot",
    "store_groups",
    "store_measures",
    "store_questions",
    "would_measure_part",
]

FIELDS = (
    "unit", "responsible", "title", "titles", "intro", "goal", "series", "effort", "audience", "languages", "period",
    "opens_on", "closes_on", "answer_by", "anonymity", "purpose", "is_sensitive", "least_shown", "addresses_until",
    "answers_until", "contact", "phone", "has_open_link", "is_one_a_screen",
)  # fmt: skip
# What was declared to those who have already answered may not change under them.
DECLARED = ("anonymity", "purpose", "period", "goal", "series", "effort", "addresses_until", "answers_until", "unit")
EARLY = (SurveyState.DRAFT, SurveyState.PILOT)
SLUG_LENGTH = 40
CODE_LENGTH = 40  # of `AnswerGroup.code`
NAME_LENGTH = 120
# What the history calls what is no field of the survey.
GROUPS, MEASURES = "grupper", "indikatorer"


def plain(text: str) -> str:
    """The text in the letters of an address."""
    return slugify(text.translate(str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa"})))


@transaction.atomic
def create_survey(
    unit: Unit, *, fields: Mapping[str, Any], template: str = "", groups: Sequence[Unit] = (), by: User, now: datetime
) -> Survey:
    """A draft of the unit's, with the template's questions if one is named."""
    survey = Survey(authority_id=unit.authority_id, unit=unit, **{"responsible": by, **fields})
    survey.slug = _free_slug(survey)
    survey.save()
    record(survey, "created", authority=unit.authority, by=by, now=now)
    store_groups(survey, groups, by=by, now=now)
    if template:
        store_questions(survey, question_template(template).questions, by=by, now=now)
    return survey


def _free_slug(survey: Survey) -> str:
    """A short name from the heading that no other survey of the authority has."""
    base = plain(survey.title)[: SLUG_LENGTH - 6].strip("-") or "svar"
    taken = set(
        Survey.objects.filter(authority_id=survey.authority_id, slug__startswith=base).values_list("slug", flat=True)
    )
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


@transaction.atomic
def change_survey(survey: Survey, *, version: int, by: User, now: datetime) -> Survey:
    """Store the survey's changed fields. What was declared is kept once it is open; a finished one is not changed."""
    stored = locked(survey, version)
    changed = [name for name in FIELDS if getattr(stored, name) != getattr(survey, name)]
    if stored.state == SurveyState.FINISHED and changed:
        raise NotPossible("finished")
    if stored.state not in EARLY and set(changed) & set(DECLARED):
        raise NotPossible("declared", fields=[name for name in changed if name in DECLARED])
    if changes := store(survey, stored, FIELDS):
        told = {name: (_told(before), _told(after)) for name, (before, after) in changes.items()}
        _record(survey, "changed", by=by, now=now, changes=told)
    return survey


def _told(value: Any) -> Any:
    """Texts by language, and lists, as the history shows them."""
    if isinstance(value, dict):
        return " · ".join(value.values())
    return ", ".join(value) if isinstance(value, list) else value


@transaction.atomic
def store_groups(
    survey: Survey, units: Iterable[Unit], areas: Iterable[str] = (), *, by: User, now: datetime
) -> list[AnswerGroup]:
    """The units and areas whose answers are shown apart. One is removed only while nobody has answered in it."""
    wanted: dict[int | str, Unit | None] = {unit.pk: unit for unit in units}
    wanted |= dict.fromkeys((name[:NAME_LENGTH] for name in areas), None)
    existing = {group.unit_id or group.name: group for group in survey.groups.all()}
    gone = [group.pk for key, group in existing.items() if key not in wanted]
    if Response.objects.filter(group__in=gone, is_pilot=False).exists():
        raise NotPossible("group_answered")
    survey.groups.filter(pk__in=gone).delete()
    taken = {group.code for group in existing.values()}
    new = [
        _group(survey, unit, str(key), at, taken)
        for at, (key, unit) in enumerate(wanted.items(), start=1)
        if key not in existing
    ]
    AnswerGroup.objects.bulk_create(new)
    if gone or new:
        before = ", ".join(group.name for group in existing.values())
        after = ", ".join(unit.name if unit else str(key) for key, unit in wanted.items())
        _record(survey, "changed", by=by, now=now, changes={GROUPS: (before, after)})
    return new


def _group(survey: Survey, unit: Unit | None, name: str, position: int, taken: set[str]) -> AnswerGroup:
    """A group with a code of its own: it stands in the link."""
    base = (unit.code if unit else plain(name))[: CODE_LENGTH - 4] or "gruppe"
    code = next(one for one in chain([base], (f"{base}-{number}" for number in count(2))) if one not in taken)
    taken.add(code)
    return AnswerGroup(
        survey=survey, unit=unit, code=code, name=unit.name[:NAME_LENGTH] if unit else name, position=position
    )


@transaction.atomic
def store_measures(survey: Survey, measures: Iterable[Mapping[str, Any]], *, by: User, now: datetime) -> None:
    """The series that closing writes: each `series`, `question_code`, `kind` and `share_options`.

    Once it is closed, as an imported one is from the start, more may be added and are written at once; what was
    written stays.
    """
    stored, wanted = _locked(survey), list(measures)
    is_closed = stored.state == SurveyState.CLOSED
    kept = {one["series"].pk for one in wanted}
    if stored.state == SurveyState.FINISHED or (is_closed and stored.measures.exclude(series__in=kept).exists()):
        raise NotPossible("closed")
    before = _measured(stored)
    stored.measures.all().delete()
    SurveyMeasure.objects.bulk_create(SurveyMeasure(survey=stored, **one) for one in wanted)
    if (after := _measured(stored)) != before:
        _record(stored, "changed", by=by, now=now, changes={MEASURES: (before, after)})
    if is_closed:
        write_measures(stored, by=by, now=now)


def _measured(survey: Survey) -> str:
    rows = survey.measures.select_related("series__indicator").order_by("pk")
    return ", ".join(f"{row.question_code} → {row.series.indicator.name}" for row in rows)


def _record(survey: Survey, verb: str, *, by: User | None, now: datetime, changes: Mapping[str, Any]) -> None:
    record(survey, verb, authority=survey.authority, by=by, now=now, changes=changes)


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("authority", "unit").get(pk=survey.pk)


# ---- the way from draft to closed ------------------------------------------------------------------------------------


@transaction.atomic
def start_pilot(survey: Survey, *, by: User, now: datetime) -> Survey:
    """Let some try the questions by a link; what they answer does not count and is deleted when the survey opens."""
    stored = _locked(survey)
    if stored.state != SurveyState.DRAFT:
        raise NotPossible("not_draft")
    if current_questionnaire(stored) is None:
        raise NotPossible("lacks", fields=["questions"])
    return _moved(stored, SurveyState.PILOT, "survey_pilot", by=by, now=now)


def declaration_of(survey: Survey) -> Declaration:
    """What the survey says before it opens."""
    questionnaire = current_questionnaire(survey)
    return Declaration(
        questions=questionnaire.questions.count() if questionnaire else 0,
        purpose=survey.purpose,
        intro=survey.intro.get("da", ""),
        contact=survey.contact,
        period=survey.period or "",
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        answer_by=survey.answer_by,
        addresses_until=survey.addresses_until,
        answers_until=survey.answers_until,
        linkers=None if survey.is_anonymous else survey.linkers.count(),
    )


@transaction.atomic
def open_survey(survey: Survey, *, version: int | None = None, by: User, now: datetime) -> Survey:
    """Take answers from `opens_on` on. Everything must be declared; what was answered as a trial is deleted."""
    stored = _locked(survey) if version is None else locked(survey, version)
    if stored.state not in EARLY:
        raise NotPossible("not_draft")
    said = declaration_of(stored)
    if missing := lacks(said):
        raise NotPossible("lacks", fields=missing)
    days = {name: getattr(stored, name) for name in ("opens_on", "closes_on", "answer_by")}
    days |= {name: getattr(stored, name) for name in ("addresses_until", "answers_until")}
    if faults := list(day_faults(**days)):
        raise NotPossible("days", fields=[name for name, _why in faults])
    kind = parse_period(stored.period).kind
    if stored.measures.exclude(series__indicator__frequency=kind).exists():
        raise NotPossible("period_kind", fields=["period"])
    if stored.closes_on < timezone.localdate(now):
        raise NotPossible("closing_passed")
    _delete_trials(stored)
    stored.opened_at = now
    return _moved(stored, SurveyState.OPEN, "open", by=by, now=now)


def _delete_trials(survey: Survey) -> None:
    Response.objects.filter(survey=survey, is_pilot=True).delete()
    Comment.objects.filter(survey=survey, is_pilot=True).delete()


@transaction.atomic
def close_survey(survey: Survey, *, by: User | None, now: datetime, accepts_part: bool = False) -> Survey:
    """Take no more answers, and write the values of the series that the survey measures.

    `accepts_part`: whoever closes it early knows that a value is made of a part of its period only.
    """
    stored, today = _locked(survey), timezone.localdate(now)
    if stored.state != SurveyState.OPEN:
        raise NotPossible("not_open")
    if by is not None and not accepts_part and would_measure_part(stored, today):
        raise NotPossible("part_of_period", fields=["accepts_part"])
    # The citizens are told the day it closed.
    stored.closes_on = min(stored.closes_on, today)
    stored.opens_on = min(stored.opens_on, stored.closes_on)
    stored.closed_at = now
    mark_repeated(stored)
    closed = _moved(stored, SurveyState.CLOSED, "survey_closed", by=by, now=now)
    write_measures(closed, by=by, now=now)
    put_on_agenda(closed, by=by, now=now)
    return closed


def would_measure_part(survey: Survey, today: date) -> bool:
    """Whether closing today cuts off days that were declared, of a period that some series gets its value for."""
    if survey.closes_on is None or today > survey.closes_on or not survey.ends_early(today):
        return False
    return survey.measures.exists()


def _moved(survey: Survey, state: SurveyState, verb: str, *, by: User | None, now: datetime) -> Survey:
    before, survey.state = survey.state, state
    survey.version += 1
    survey.save()
    _record(survey, verb, by=by, now=now, changes={"state": (before, state.value)})
    return survey


def close_due(now: datetime) -> int:
    """Close the surveys whose last day has passed; how many. For `tick`: a second run closes nothing more."""
    today: date = timezone.localdate(now)
    due = Survey.objects.filter(state=SurveyState.OPEN, closes_on__lt=today)
    closed = 0
    for survey in due.order_by("pk"):
        try:
            close_survey(survey, by=None, now=now)
        except NotPossible:  # closed by somebody else meanwhile
            continue
        closed += 1
    return closed


# ---- again, and never mind -------------------------------------------------------------------------------------------

REPEATED = (
    "unit", "responsible", "title", "titles", "intro", "goal", "series", "effort", "audience", "languages", "anonymity",
    "purpose", "is_sensitive", "least_shown", "contact", "phone", "has_open_link", "is_one_a_screen", "is_example",
)  # fmt: skip


@transaction.atomic
def repeat_survey(survey: Survey, *, by: User, now: datetime) -> Survey:
    """A draft of the next wave: the same questions, groups and measures; the days are to be set."""
    stored = _locked(survey)
    if stored.state not in (SurveyState.CLOSED, SurveyState.FINISHED):
        raise NotPossible("not_closed")
    if Survey.objects.filter(previous=stored).exists():
        raise NotPossible("repeated")
    again = Survey(
        authority_id=stored.authority_id, previous=stored, **{name: getattr(stored, name) for name in REPEATED}
    )
    again.slug = _free_slug(again)
    again.save()
    record(again, "created", authority=stored.authority, by=by, now=now)
    copy_questions(stored, again, now=now)
    AnswerGroup.objects.bulk_create(
        AnswerGroup(survey=again, unit_id=one.unit_id, code=one.code, name=one.name, position=one.position)
        for one in stored.groups.all()
    )
    SurveyMeasure.objects.bulk_create(
        SurveyMeasure(
            survey=again, series_id=one.series_id, question_code=one.question_code, kind=one.kind,
            share_options=one.share_options,
        )
        for one in stored.measures.all()
    )  # fmt: skip
    return again


@transaction.atomic
def delete_draft(survey: Survey, *, by: User, now: datetime) -> None:
    """Remove a survey that nobody has been asked with. Its history stays."""
    stored = _locked(survey)
    if stored.state not in EARLY:
        raise NotPossible("not_draft")
    record(stored, "deleted", authority=stored.authority, by=by, now=now, changes={"title": (stored.title, None)})
    _delete_trials(stored)
    stored.delete()
