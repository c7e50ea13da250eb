"""What a body decided: recorded, corrected, and followed to its end."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from followup.actions.agenda import CLOSING, CONTENT, AlreadyDecided
from followup.models import AgendaItem, Round
from goals.actions.versions import Stale, locked, store
from goals.kinds import DecisionKind
from goals.models import Decision
from organisation.actions.history import record
from organisation.models import Unit, UnitKind, User

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
            _put_on_next(stored.body_id, stored.round.meeting_date, stored, "carried_over", by=by, now=now)
    if decision.kind == DecisionKind.RECOMMENDED:
        _send_up(decision, stored, by=by, now=now)
    return decision


def _undecided(item: AgendaItem) -> AgendaItem:
    stored = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if stored.decision_id is not None:
        raise AlreadyDecided(stored)
    return stored


def _send_up(decision: Decision, item: AgendaItem | None, *, by: User, now: datetime) -> None:
    """What a committee recommends goes on the agenda of the council's next meeting, in the committee's words."""
    council = Unit.objects.filter(authority=decision.authority_id, kind=UnitKind.COUNCIL).valid(decision.date).first()
    if council is None or council.pk == decision.body_id:
        return
    source = item or decision
    content = {name: getattr(source, name) for name in ("text", *CLOSING)}
    recommended = AgendaItem(
        title=source.title or decision.heading,
        goal=decision.goal,
        recommendation=decision.text,
        recommended_in=decision,
        **content,
    )
    _put_on_next(council.pk, decision.date, recommended, "sent_up", by=by, now=now)


def _put_on_next(body_id: int, after: date, item: AgendaItem, verb: str, *, by: User, now: datetime) -> None:
    """A copy of the item last on the agenda of the body's next meeting, if one is planned."""
    later = Round.objects.filter(body=body_id, meeting_date__gt=after)
    following = later.order_by("meeting_date", "pk").first()
    if following is None:
        return
    copy = AgendaItem(
        authority_id=following.authority_id,
        body_id=body_id,
        round=following,
        position=following.next_position(),
        recommended_in_id=item.recommended_in_id,
        **{name: getattr(item, name) for name in (*CONTENT, *CLOSING)},
    )
    copy.save()
    record(copy, verb, authority=copy.authority, by=by, now=now)


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
