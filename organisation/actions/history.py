"""Writing the history. Every action that changes an object calls `record` in its own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from organisation.models import Authority, HistoryEntry, User


def record(
    subject: models.Model,
    verb: str,
    *,
    authority: Authority,
    by: User | None,
    now: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> HistoryEntry:
    """Store that `by` did `verb` to `subject` at `now`; `changes` maps field to (before, after)."""
    return HistoryEntry.objects.create(
        authority=authority,
        at=now,
        by=by,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        changes={field: [_text(before), _text(after)] for field, (before, after) in (changes or {}).items()},
        reason=reason,
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose values differ, with both values."""
    return {field: (before.get(field), value) for field, value in after.items() if before.get(field) != value}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
