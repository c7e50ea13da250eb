"""What a load wants to store, before any of it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from goals.loading_rows import Row
from goals.models import BudgetException, Contribution, Decision


@dataclass(slots=True)
class Change:
    """One object as the file wants it: new, or with what its changed fields were before."""

    row: Row
    instance: Any
    before: dict[str, Any]
    is_new: bool
    touches: bool = False  # whether something that hangs on it changed, though it itself did not


@dataclass(slots=True)
class Plan:
    """Everything one load stores, in the order it is stored."""

    decisions: list[Decision] = field(default_factory=list)
    exceptions: list[BudgetException] = field(default_factory=list)
    indicators: list[Change] = field(default_factory=list)
    goals: list[Change] = field(default_factory=list)
    series: list[Change] = field(default_factory=list)
    links: list[Change] = field(default_factory=list)
    targets: list[Change] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)

    def changes(self) -> Iterator[Change]:
        """One per row of the file."""
        yield from (*self.goals, *self.indicators, *self.series, *self.targets)


def applied(instance: models.Model, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give the instance the values asked for; what the fields that changed were before."""
    before = {}
    for name, value in asked.items():
        if not _is_same(instance, name, value):
            before[name] = getattr(instance, name, None)
            setattr(instance, name, value)
    return before


def _is_same(instance: models.Model, name: str, value: Any) -> bool:
    kept = instance._meta.get_field(name)
    if not kept.is_relation:
        return getattr(instance, name) == value
    stored_id = getattr(instance, kept.attname)
    if value is None:
        return stored_id is None
    return value.pk is not None and value.pk == stored_id
