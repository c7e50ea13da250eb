"""Storing over what somebody else may have changed meanwhile: nobody's words are lost unseen."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

from organisation.actions.history import differences

M = TypeVar("M", bound=models.Model)


class Stale(Exception):
    """The object is another than the one the person began from. `stored` is how it stands now."""

    def __init__(self, stored: models.Model) -> None:
        super().__init__(f"{stored._meta.label_lower} {stored.pk}")
        self.stored = stored


def locked(instance: M, version: int) -> M:
    """The stored object, locked for the transaction; Stale when its version is another."""
    stored = type(instance)._default_manager.select_for_update(of=("self",)).get(pk=instance.pk)
    if stored.version != version:
        raise Stale(stored)
    return stored


def store(instance: M, stored: M, fields: Iterable[str]) -> dict[str, tuple[object, object]]:
    """Save the named fields where they differ from what is stored, as a new version; the differences."""
    fields = list(fields)
    changes = differences(
        {field: getattr(stored, field) for field in fields}, {field: getattr(instance, field) for field in fields}
    )
    if changes:
        instance.version = stored.version + 1
        instance.save(update_fields=[*changes, "version"])
    return changes
