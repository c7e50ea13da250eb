"""Leaders' personal goals: written, changed, followed up and forgotten.

Nothing of them goes into the common history, which many read and which is kept: each has entries of its own.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from goals.actions.goals import NotPossible
from goals.actions.versions import locked, store
from goals.kinds import PersonalState, PersonalVerb
from goals.models import PersonalEntry, PersonalGoal
from goals.personal import KEPT_YEARS, is_forgotten, years_later
from organisation.models import User

FIELDS = ("title", "text", "unit", "goal", "due_date")


@transaction.atomic
def write_personal_goal(personal: PersonalGoal, *, by: User, now: datetime) -> PersonalGoal:
    """Store a leader's new goal for themselves."""
    personal.leader, personal.created_at = by, now
    personal.save()
    _enter(personal, PersonalVerb.WRITTEN, by=by, now=now)
    return personal


@transaction.atomic
def change_personal_goal(personal: PersonalGoal, *, version: int, by: User, now: datetime) -> PersonalGoal:
    """Store the goal's changed words, day and ties. Refused (`closed`) once it has ended."""
    stored = locked(personal, version)
    if not stored.is_open:
        raise NotPossible("closed")
    if changes := store(personal, stored, FIELDS):
        told = {name: [_text(before), _text(after)] for name, (before, after) in changes.items()}
        _enter(personal, PersonalVerb.CHANGED, by=by, now=now, changes=told)
    return personal


@transaction.atomic
def follow_up(
    personal: PersonalGoal, note: str, *, version: int, by: User, now: datetime, state: PersonalState | None = None
) -> PersonalGoal:
    """Write how it goes. With another state it ends by this, or goes on again; only its leader may say so."""
    stored = locked(personal, version)
    state = PersonalState(stored.state) if state is None else state
    if state != stored.state and by.pk != stored.leader_id:
        raise PermissionError("only its leader ends a personal goal")
    moved = state != stored.state
    stored.note, stored.version = note, stored.version + 1
    if moved:
        stored.state = state
        stored.ended_on = None if state == PersonalState.OPEN else timezone.localdate(now)
    stored.save(update_fields=["note", "state", "ended_on", "version"])
    _enter(stored, PersonalVerb.FOLLOWED, by=by, now=now, note=note, state=state if moved else "")
    return stored


@transaction.atomic
def delete_personal_goal(personal: PersonalGoal, *, version: int) -> None:
    """Delete the goal with everything written about it; nothing says that it was there."""
    locked(personal, version).delete()


def forget_personal_goals(now: datetime) -> int:
    """Delete those whose time is over (`is_forgotten`); how many. Run by `tick`; twice does nothing more."""
    today = timezone.localdate(now)
    latest = years_later(today, -KEPT_YEARS)
    old = Q(ended_on__lte=latest) | Q(ended_on__isnull=True, due_date__lte=latest)
    known = PersonalGoal.objects.filter(old).values_list("pk", "ended_on", "due_date")
    over = [pk for pk, ended_on, due in known if is_forgotten(ended_on, due, today)]
    PersonalGoal.objects.filter(pk__in=over).delete()
    return len(over)


def _enter(personal: PersonalGoal, verb: PersonalVerb, *, by: User, now: datetime, **told) -> None:
    PersonalEntry.objects.create(personal_goal=personal, verb=verb, by=by, at=now, **told)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
