"""What a body decided: recorded, corrected, and followed to its end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from followup.actions.agenda import CLOSING, CONTENT, AlreadyDecided
from followup.models import AgendaItem, Round
from goals.actions.versions import Stale, locked, store
from goals.kinds import DecisionKind
from goals.models import Decision
from organisation.actions.history import record
from organisation.models import User

FIELDS = (
    "date", "reference", "title", "text", "kind", "leads_to", "goal", "responsible", *CLOSING, "public_text",
)  # fmt: skip
# An item with such an outcome is not over: it is on the agenda of the body's next meeting again.
COMES_BACK = (DecisionKind.POSTPONED, DecisionKind.SENT_BACK)


@transaction.atomic
def record_decision(decision: Decision, *, item: AgendaItem | None = None, by: User, now: datetime) -> Decision:
    """Store what the decision's body decided, by itself or on an item of its agenda. An item is decided once."""
    stored = _undecided(item) if item is not None else None
    decision.authority_id = decision.body.authority_id
    decision.save()
    record(decision, "recorded", authority=decision.authority, by=by, now=now)
    if stored is not None:
        stored.decision, stored.version = decision, stored.version + 1
        stored.save(update_fields=["decision", "version"])
        record(stored, "decided", authority=stored.authority, by=by, now=now)
        if decision.kind in COMES_BACK:
            _carry_over(stored, by=by, now=now)
    return decision


def _undecided(item: AgendaItem) -> AgendaItem:
    stored = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if stored.decision_id is not None:
        raise AlreadyDecided(stored)
    return stored


def _carry_over(item: AgendaItem, *, by: User, now: datetime) -> None:
    """The same item on the agenda of the body's next meeting, if one is planned."""
    later = Round.objects.filter(body=item.body_id, meeting_date__gt=item.round.meeting_date)
    following = later.order_by("meeting_date", "pk").first()
    if following is None:
        return
    again = AgendaItem(
        authority_id=item.authority_id,
        body_id=item.body_id,
        round=following,
        position=following.next_position(),
        **{name: getattr(item, name) for name in (*CONTENT, *CLOSING)},
    )
    again.save()
    record(again, "carried_over", authority=again.authority, by=by, now=now)


@transaction.atomic
def change_decision(decision: Decision, *, version: int, by: User, now: datetime) -> Decision:
    """Store what was written wrongly; the old words stay in the history."""
    stored = locked(decision, version)
    if changes := store(decision, stored, FIELDS):
        record(decision, "changed", authority=decision.authority, by=by, now=now, changes=changes)
    return decision


@transaction.atomic
def close_decision(decision: Decision, *, outcome: str, by: User, now: datetime) -> Decision:
    """Store what came of the decision: it comes back no more. Stale when somebody else has done it."""
    stored = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not stored.is_pending:
        raise Stale(stored)
    stored.outcome, stored.done_on = outcome, timezone.localdate(now)
    stored.version += 1
    stored.save(update_fields=["outcome", "done_on", "version"])
    record(stored, "followed", authority=stored.authority, by=by, now=now)
    return stored
