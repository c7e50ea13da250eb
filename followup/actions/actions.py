"""What somebody does about a deviation or a decision: started, changed, and ended with whether it worked."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from followup.kinds import ActionState, Worked
from followup.models import Action, BoardMeeting
from goals.actions.versions import locked, store
from goals.models import Decision, Goal, Series
from organisation.actions.history import record
from organisation.models import HistoryEntry, Unit, User

FIELDS = ("what", "owner", "due_date", "expected_effect")


class NotPossible(Exception):
    """What the action's state or past refuses. `key` is ended or reason_needed."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@transaction.atomic
def start_action(
    unit: Unit,
    *,
    what: str,
    owner: User,
    due_date: date,
    expected_effect: str = "",
    goal: Goal | None = None,
    series: Series | None = None,
    decision: Decision | None = None,
    meeting: BoardMeeting | None = None,
    by: User,
    now: datetime,
) -> Action:
    """Start an action of the unit's: about a goal or a series, as a decision or a board meeting asked, or by itself."""
    action = Action.objects.create(
        authority_id=unit.authority_id,
        unit=unit,
        goal=goal,
        series=series,
        decision=decision,
        meeting=meeting,
        what=what,
        owner=owner,
        due_date=due_date,
        expected_effect=expected_effect,
        created_by=by,
        created_at=now,
    )
    record(action, "created", authority=unit.authority, by=by, now=now)
    return action


@transaction.atomic
def change_action(action: Action, *, version: int, reason: str = "", by: User, now: datetime) -> Action:
    """Store the action's changed fields. A new due date takes a reason once the action has been overdue."""
    stored = _open(action, version)
    moved = action.due_date != stored.due_date
    if moved and not reason and has_been_overdue(stored, timezone.localdate(now)):
        raise NotPossible("reason_needed")
    if changes := store(action, stored, FIELDS):
        _record(action, "changed", by=by, now=now, changes=changes, reason=reason)
    return action


def has_been_overdue(action: Action, today: date) -> bool:
    """Whether it is overdue, or was when somebody moved its due date: only then is there a reason in its history."""
    return action.is_overdue(today) or HistoryEntry.objects.about(action).exclude(reason="").exists()


@transaction.atomic
def finish_action(action: Action, *, worked: Worked, result: str, version: int, by: User, now: datetime) -> Action:
    """End an action that was carried out, with whether it worked and what came of it."""
    stored = _open(action, version)
    return _end(stored, ActionState.DONE, worked=worked.value, result=result, by=by, now=now)


@transaction.atomic
def drop_action(action: Action, *, why: str, version: int, by: User, now: datetime) -> Action:
    """End an action that was not carried out, with why."""
    stored = _open(action, version)
    return _end(stored, ActionState.DROPPED, result=why, by=by, now=now)


def _open(action: Action, version: int) -> Action:
    """The stored action, locked; refused when it has ended or is another than the person saw."""
    stored = locked(action, version)
    if not stored.is_open:
        raise NotPossible("ended")
    return stored


def _end(action: Action, state: ActionState, *, by: User, now: datetime, **fields: Any) -> Action:
    before = action.state
    action.state, action.ended_at, action.version = state.value, now, action.version + 1
    for name, value in fields.items():
        setattr(action, name, value)
    action.save()
    changes = {"state": (before, state.value), **{name: ("", value) for name, value in fields.items()}}
    _record(action, state.value, by=by, now=now, changes=changes)
    return action


def _record(action: Action, verb: str, *, by: User, now: datetime, changes: dict, reason: str = "") -> None:
    record(action, verb, authority=action.authority, by=by, now=now, changes=changes, reason=reason)
