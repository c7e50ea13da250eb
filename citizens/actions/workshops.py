"""Workshops: a link, some days, and what those who come comment on and vote for. Only counts by role are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from citizens.tokens import hash_of, new_token
from goals.actions.goals import create_goal
from goals.models import FocusArea, Goal, Workshop, WorkshopNote, WorkshopVote
from organisation.actions.history import record
from organisation.models import User


class Closed(Exception):
    """The workshop's last day has passed."""


@transaction.atomic
def make_workshop(workshop: Workshop, texts: Sequence[str], *, by: User, now: datetime) -> str:
    """Store a workshop with what may be chosen among; the token of its link, which is told this once."""
    token = new_token()
    workshop.token_hash, workshop.made_by = hash_of(token), by
    workshop.save()
    FocusArea.objects.bulk_create(
        [FocusArea(workshop=workshop, position=at, text=text) for at, text in enumerate(texts, 1)]
    )
    record(workshop, "created", authority=workshop.unit.authority, by=by, now=now)
    return token


@transaction.atomic
def new_link(workshop: Workshop, *, by: User, now: datetime) -> str:
    """Give the workshop another link; the old one works no more."""
    token = new_token()
    Workshop.objects.filter(pk=workshop.pk).update(token_hash=hash_of(token))
    record(workshop, "workshop_link", authority=workshop.unit.authority, by=by, now=now)
    return token


@transaction.atomic
def close_workshop(workshop: Workshop, *, by: User, now: datetime) -> None:
    """Let yesterday be the last day."""
    stored = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    last, before = timezone.localdate(now) - timedelta(days=1), stored.closes_on
    if before <= last:
        return
    stored.closes_on = last
    stored.save(update_fields=["closes_on"])
    changes = {"closes_on": (before, last)}
    record(stored, "closed", authority=workshop.unit.authority, by=by, now=now, changes=changes)


@transaction.atomic
def choose_focus_area(area: FocusArea, *, is_chosen: bool, by: User, now: datetime) -> None:
    """Choose what the forces are gathered about, or no longer."""
    if FocusArea.objects.filter(pk=area.pk, is_chosen=not is_chosen).update(is_chosen=is_chosen):
        workshop, words = area.workshop, (None, area.text) if is_chosen else (area.text, None)
        changes = {"focus_area": words}
        record(workshop, "changed", authority=workshop.unit.authority, by=by, now=now, changes=changes)


@transaction.atomic
def draft_goal_of(area: FocusArea, *, by: User, now: datetime) -> Goal:
    """A draft goal of the workshop's unit with the area's words; the goal it became, when it was drafted before."""
    workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=area.workshop_id)
    area = FocusArea.objects.select_related("goal").get(pk=area.pk)
    if area.goal is not None:
        return area.goal
    parent = workshop.goal if workshop.goal is not None and workshop.goal.is_open else None
    goal = Goal(owner_unit=workshop.unit, parent=parent, title=area.text, short_name=area.text[:60])
    area.goal = create_goal(goal, by=by, now=now)
    area.save(update_fields=["goal"])
    return area.goal


@transaction.atomic
def vote(workshop: Workshop, areas: Sequence[FocusArea], *, role: str, now: datetime) -> None:
    """Count one vote for each of the areas."""
    _refuse_closed(workshop, now)
    for area in sorted(areas, key=lambda one: one.pk):
        WorkshopVote.objects.get_or_create(focus_area=area, role=role)
        WorkshopVote.objects.filter(focus_area=area, role=role).update(count=F("count") + 1)


@transaction.atomic
def comment(workshop: Workshop, area: FocusArea, text: str, *, role: str, now: datetime) -> None:
    """Keep what somebody writes, with their role and nothing more of who they are."""
    _refuse_closed(workshop, now)
    WorkshopNote.objects.create(focus_area=area, role=role, text=text)


@transaction.atomic
def remove_note(note: WorkshopNote, *, by: User, now: datetime) -> None:
    """Take away a comment that should not stand there. The history says that one was removed, and not what it said."""
    workshop = note.focus_area.workshop
    changes = {"comment": (note.role, None)}
    record(workshop, "changed", authority=workshop.unit.authority, by=by, now=now, changes=changes)
    note.delete()


def _refuse_closed(workshop: Workshop, now: datetime) -> None:
    if workshop.closes_on < timezone.localdate(now):
        raise Closed
