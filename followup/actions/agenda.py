"""A meeting's agenda: its items, and what the administration concludes before it."""

from datetime import datetime

from django.db import transaction

from followup.models import AgendaItem, Round
from goals.actions.versions import Stale, locked, store
from organisation.actions.history import record
from organisation.models import User

CONTENT = ("title", "text", "recommendation", "is_for_decision", "goal")
CLOSING = ("is_closed", "closed_reason", "public_title")
FIELDS = ("position", *CONTENT, *CLOSING)


class AlreadyDecided(Exception):
    """The item has a decision. `item` is how it stands now."""

    def __init__(self, item: AgendaItem) -> None:
        super().__init__(str(item.pk))
        self.item = item


@transaction.atomic
def add_item(item: AgendaItem, *, by: User | None, now: datetime) -> AgendaItem:
    """Put an item on the agenda of its round's meeting."""
    item.body_id, item.authority_id = item.round.body_id, item.round.authority_id
    item.save()
    record(item, "created", authority=item.authority, by=by, now=now)
    return item


@transaction.atomic
def change_item(item: AgendaItem, *, version: int, by: User | None, now: datetime) -> AgendaItem:
    """Store the item's changed fields. What has been decided on is changed no more."""
    stored = locked(item, version)
    _refuse_decided(stored)
    if changes := store(item, stored, FIELDS):
        record(item, "changed", authority=item.authority, by=by, now=now, changes=changes)
    return item


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User, now: datetime) -> None:
    """Take an item off the agenda. The round's history keeps that it was there, in words that all may read."""
    stored = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _refuse_decided(stored)
    title = stored.public_title if stored.is_closed else stored.title
    record(stored.round, "item_removed", authority=stored.authority, by=by, now=now, reason=title)
    stored.delete()


def _refuse_decided(stored: AgendaItem) -> None:
    if stored.decision_id is not None:
        raise AlreadyDecided(stored)


@transaction.atomic
def conclude(round_: Round, text: str, *, seen: datetime | None, by: User, now: datetime) -> Round:
    """Store what the administration concludes for the meeting. `seen` is when the text begun from was written."""
    stored = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if stored.concluded_at != seen:
        raise Stale(stored)
    before = stored.conclusion
    stored.conclusion, stored.concluded_by, stored.concluded_at = text, by, now
    stored.save(update_fields=["conclusion", "concluded_by", "concluded_at"])
    record(stored, "concluded", authority=stored.authority, by=by, now=now, changes={"conclusion": (before, text)})
    return stored
