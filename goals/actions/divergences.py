"""Goals that pull different ways: registered, described, ranked by decision, and no longer so."""

from datetime import datetime

from django.db import transaction

from goals.actions.decisions import DecisionMade, decision_for
from goals.actions.goals import NotPossible
from goals.actions.versions import locked, store
from goals.models import Divergence, Goal
from organisation.actions.history import record
from organisation.models import User


@transaction.atomic
def register_divergence(goal: Goal, other: Goal, text: str, *, by: User, now: datetime) -> Divergence:
    """Say that two goals in force pull different ways, and where they meet.

    Refused as `NotPossible`: diverges_itself, diverges_elsewhere, diverges_state or diverges_already.
    """
    if goal.pk == other.pk:
        raise NotPossible("diverges_itself")
    # Locked in order: two who register the same pair at once must not both find it free.
    ids = sorted((goal.pk, other.pk))
    low, high = Goal.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    if low.authority_id != high.authority_id:
        raise NotPossible("diverges_elsewhere")
    if not (low.is_adopted and high.is_adopted):
        raise NotPossible("diverges_state")
    if Divergence.objects.filter(goal=low, other=high).exists():
        raise NotPossible("diverges_already")
    made = Divergence.objects.create(goal=low, other=high, text=text, registered_by=by, registered_at=now)
    record(made, "created", authority=low.authority, by=by, now=now)
    for one, to in ((low, high), (high, low)):
        _tell(one, "changed", {"diverges_from": (None, to)}, by=by, now=now)
    return made


@transaction.atomic
def change_divergence(divergence: Divergence, *, version: int, by: User, now: datetime) -> Divergence:
    """Say in other words where the two meet. Which goes first stays as it was decided."""
    stored = locked(divergence, version)
    if changes := store(divergence, stored, ["text"]):
        record(divergence, "changed", authority=divergence.goal.authority, by=by, now=now, changes=changes)
    return divergence


@transaction.atomic
def rank_divergence(
    divergence: Divergence, first: Goal, made: DecisionMade, *, version: int, by: User, now: datetime
) -> Divergence:
    """Register that a body decided which of the two goes first where they meet; a later decision takes its place."""
    stored = locked(divergence, version)
    before = stored.first
    divergence.first, divergence.decision = first, decision_for(made)
    changes = store(divergence, stored, ["first", "decision"])
    if not changes:
        return divergence
    record(divergence, "decided", authority=first.authority, by=by, now=now, changes=changes)
    for one in (divergence.goal, divergence.other):
        _tell(
            one, "decided", {"goes_before": (before, first)}, by=by, now=now, reason=divergence.decision.open_reference
        )
    return divergence


@transaction.atomic
def end_divergence(divergence: Divergence, *, version: int, reason: str, by: User, now: datetime) -> None:
    """The two no longer pull different ways; the history of both says that they did, and why not any more."""
    stored = locked(divergence, version)
    for one, to in ((divergence.goal, divergence.other), (divergence.other, divergence.goal)):
        _tell(one, "changed", {"diverges_from": (to, None)}, by=by, now=now, reason=reason)
    stored.delete()


def _tell(goal: Goal, verb: str, changes: dict, *, by: User, now: datetime, reason: str = "") -> None:
    record(goal, verb, authority=goal.authority, by=by, now=now, changes=changes, reason=reason)
