"""That citizens wait for an answer: as a task, as a line in the daily mail, and, once they have it, as news."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.kinds import SurveyState
from citizens.models import PublishedAnswer, Survey
from followup.additions import AddedReminder, AddedTask
from followup.inbox import TaskKind, own_units
from followup.kinds import ReminderKind
from followup.mails import Part, site_url
from followup.overview import NewsKind
from followup.owed import Thing
from followup.reminding import horizon, stage_due
from organisation.danish import days_away, weekday_date
from organisation.permissions import Viewer

PLACE = 2  # among what falls due on the same day


def surveys_to_answer(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Survey]:
    """Closed surveys whose citizens the person answers, and those where one pair is still theirs to write."""
    theirs = PublishedAnswer.objects.filter(survey=OuterRef("pk"), responsible=viewer.pk, doing="")
    closed = Survey.objects.filter(state=SurveyState.CLOSED, authority=authority_id)
    return closed.filter(Q(responsible=viewer.pk) | Exists(theirs))


REPLY = AddedTask(
    TaskKind.REPLY.value,
    surveys_to_answer,
    {"title": Cast(F("title"), TextField()), "where": Cast(F("unit__name"), TextField()), "day": F("answer_by")},
)


def news_of_heard(authority_id: int, viewer: Viewer, since: Subquery) -> tuple[QuerySet[Any], NewsKind, dict[str, Any]]:
    """For the overview: surveys of the person's own units, or on their goals, that citizens have been answered of."""
    mine = own_units(viewer)
    finished = Survey.objects.finished().filter(authority=authority_id, finished_at__date__gte=since)
    columns = {
        "title": Cast(F("title"), TextField()),
        "where": Cast(F("unit__name"), TextField()),
        "day": TruncDate("finished_at"),
    }
    return finished.filter(Q(unit__in=mine) | Q(goal__owner_unit__in=mine)), NewsKind.HEARD, columns


# ---- the daily mail --------------------------------------------------------------------------------------------------


def _waiting(today: date) -> Iterator[Thing]:
    """Surveys whose citizens wait: heard of from the day they closed."""
    rows = Survey.objects.filter(state=SurveyState.CLOSED, answer_by__lte=horizon(today)).order_by("pk")
    fields = "pk", "authority", "unit", "answer_by", "closed_at", "closes_on", "responsible"
    for pk, authority, unit, due, closed_at, last, person in rows.values_list(*fields):
        since = timezone.localdate(closed_at) if closed_at else last + timedelta(days=1)
        stage = stage_due(due, today, since=since)
        if stage is not None:
            yield Thing(ReminderKind.SURVEY, pk, authority, unit, due, stage, person)


def _told(ids: Collection[int], today: date) -> dict[int, tuple[Part, str, str]]:
    found = Survey.objects.select_related("unit").in_bulk(ids)
    return {pk: (_part(survey, today), survey.unit.name, _line(survey)) for pk, survey in found.items()}


def _part(survey: Survey, today: date) -> Part:
    days = (survey.answer_by - today).days
    heading = _("Borgerne mangler et svar: %s") % survey.title
    return Part(
        rank=(days, PLACE),
        subject=f"{_('Frist overskredet') if days < 0 else days_away(survey.answer_by, today).capitalize()}: {heading}"
        if days <= 6
        else heading,
        heading=heading,
        template="survey_unanswered",
        url=site_url(reverse("citizens:answer_write", args=[survey.pk])),
        context={"title": survey.title, "deadline": survey.answer_by, "is_late": days < 0},
    )


def _line(survey: Survey) -> str:
    values = {"unit": survey.unit.name, "title": survey.title, "when": weekday_date(survey.answer_by)}
    return _("%(unit)s: borgerne skulle have haft svar på ”%(title)s” %(when)s") % values


REMINDER = AddedReminder(ReminderKind.SURVEY.value, _waiting, _told)
