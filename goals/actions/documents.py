"""Steering documents and what they promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from goals.actions.goals import NotPossible
from goals.actions.versions import locked, store
from goals.models import Goal, Promise, SteeringDocument
from goals.models.document import SHOWN
from organisation.actions.history import record
from organisation.models import User

FIELDS = ("title", "kind", "body", "decision", "decided_on", "url", "filename", "file_kind", "pages")


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document's file: its content, name and kind (pdf or docx)."""

    content: bytes
    name: str
    kind: str


@transaction.atomic
def register_document(
    document: SteeringDocument, *, file: DocumentFile | None, by: User, now: datetime
) -> SteeringDocument:
    """Put a document on the list of its body's authority."""
    document.authority_id = document.body.authority_id
    _keep(document, file)
    document.save()
    record(document, "created", authority=document.authority, by=by, now=now)
    return document


@transaction.atomic
def change_document(
    document: SteeringDocument, *, file: DocumentFile | None, version: int, by: User, now: datetime
) -> SteeringDocument:
    """Store the document's changed fields; a new file takes the place of the old."""
    stored = locked(document, version)
    _keep(document, file)
    changes = store(document, stored, FIELDS)
    if file is not None and bytes(stored.file or b"") != file.content:
        document.version = stored.version + 1
        document.save(update_fields=["file", "version"])
        changes.setdefault("filename", (stored.filename, file.name))
    if changes:
        record(document, "changed", authority=document.authority, by=by, now=now, changes=changes)
    return document


def _keep(document: SteeringDocument, file: DocumentFile | None) -> None:
    if file is not None:
        document.file, document.filename, document.file_kind = file.content, file.name, file.kind


# ---- promises --------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_promise(promise: Promise, *, by: User, now: datetime) -> Promise:
    """Write down what the document promises, and where."""
    promise.save()
    document = promise.document
    record(document, "changed", authority=document.authority, by=by, now=now, changes={"promises": (None, promise)})
    return promise


@transaction.atomic
def change_promise(promise: Promise, *, version: int, by: User, now: datetime) -> Promise:
    """Store the promise's changed words and page."""
    stored = locked(promise, version)
    if changes := store(promise, stored, ["page", "text"]):
        record(promise, "changed", authority=promise.document.authority, by=by, now=now, changes=changes)
    return promise


@transaction.atomic
def remove_promise(promise: Promise, *, by: User, now: datetime) -> None:
    """Take away what the document did not promise after all; its history says that it stood there."""
    document = promise.document
    record(document, "changed", authority=document.authority, by=by, now=now, changes={"promises": (promise, None)})
    promise.delete()


@transaction.atomic
def link_promise(promise: Promise, goals: Sequence[Goal], *, by: User, now: datetime) -> None:
    """Say that the promise went into these goals too."""
    authority = promise.document.authority
    if any(goal.authority_id != authority.pk for goal in goals):
        raise NotPossible("other_authority")
    if any(goal.state not in SHOWN for goal in goals):
        raise NotPossible("not_adopted")
    known = set(promise.goals.values_list("pk", flat=True))
    for goal in goals:
        if goal.pk not in known:
            promise.goals.add(goal)
            record(promise, "changed", authority=authority, by=by, now=now, changes={"goals": (None, goal)})


@transaction.atomic
def unlink_promise(promise: Promise, goal: Goal, *, by: User, now: datetime) -> None:
    """The promise did not go into the goal after all."""
    if promise.goals.filter(pk=goal.pk).exists():
        promise.goals.remove(goal)
        authority = promise.document.authority
        record(promise, "changed", authority=authority, by=by, now=now, changes={"goals": (goal, None)})
