"""The year wheel's days that are no follow-up, and how the authority follows up."""

from datetime import datetime

from django.db import transaction

from followup.actions.plans import plan_ahead
from followup.fixed_points import usual_fixed_points
from followup.models import FollowUpSettings, YearEvent
from organisation.actions.history import differences, record
from organisation.models import Authority, User

FIELDS = ("kind", "body", "title", "day", "last_day")
SETTINGS = (
    "division", "agenda_days", "material_days", "answer_days", "constitution_day_counts", "christmas_eve_counts",
    "new_years_eve_counts",
)  # fmt: skip


@transaction.atomic
def save_event(event: YearEvent, *, by: User, now: datetime) -> YearEvent:
    """Store a new or changed day."""
    before = YearEvent.objects.select_for_update(of=("self",)).filter(pk=event.pk).first()
    event.save()
    old = {field: getattr(before, field) for field in FIELDS} if before else {}
    changes = differences(old, {field: getattr(event, field) for field in FIELDS}) if before else {}
    if before is None or changes:
        record(event, "changed" if before else "created", authority=event.authority, by=by, now=now, changes=changes)
    return event


@transaction.atomic
def delete_event(event: YearEvent, *, by: User, now: datetime) -> None:
    """Take the day out of the year; the history keeps what it was."""
    changes = {field: (getattr(event, field), None) for field in FIELDS}
    record(event, "deleted", authority=event.authority, by=by, now=now, changes=changes)
    event.delete()


@transaction.atomic
def apply_template(authority: Authority, year: int, *, by: User, now: datetime) -> int:
    """Put the usual fixed points into the year; one of the same name that year is left as it is. How many were new."""
    there = set(YearEvent.objects.filter(authority=authority, day__year=year).values_list("kind", "title"))
    lacking = [point for point in usual_fixed_points(year) if (point.kind, point.title) not in there]
    for point in lacking:
        event = YearEvent(
            authority=authority, kind=point.kind, title=point.title, day=point.day, last_day=point.last_day
        )
        save_event(event, by=by, now=now)
    return len(lacking)


@transaction.atomic
def save_settings(settings: FollowUpSettings, *, by: User, now: datetime) -> FollowUpSettings:
    """Store how the authority follows up, and make the rounds that this adds; rounds that exist keep their dates."""
    authority = settings.authority
    before = FollowUpSettings.objects.select_for_update().filter(pk=authority.pk).first()
    old = before or FollowUpSettings(authority=authority)
    settings.save()
    changes = differences(
        {field: getattr(old, field) for field in SETTINGS}, {field: getattr(settings, field) for field in SETTINGS}
    )
    if changes:
        record(settings, "changed", authority=authority, by=by, now=now, changes=changes)
    plan_ahead(authority, now=now, by=by)
    return settings
