"""Entering and correcting values. One function writes one cell or a whole pasted block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from followup.actions.standings import refresh_after_drafts, refresh_after_values
from followup.models import Measurement, Revision
from followup.series import derive
from goals.kinds import ValueKind
from goals.models import Series
from goals.periods import Period
from organisation.danish import quantise_stored
from organisation.models import User

VALUE_FIELDS = ("value", "numerator", "denominator", "missing")
SAMPLE_FIELDS = ("sample_size", "standard_deviation")


@dataclass(frozen=True, slots=True)
class CellValue:
    """What somebody wrote in one cell: a number, a pair, or a reason why there is none.

    `version` is that of the stored value the person saw; None when the cell was empty.
    """

    series: Series
    period: Period
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: str = ""
    comment: str | None = None  # None: leave what is there
    is_confirmed: bool = False
    version: int | None = None
    deadline: date | None = None  # the first that asks for the value; None: not known
    sample_size: int | None = None  # of a mean of answers
    standard_deviation: Decimal | None = None

    @property
    def key(self) -> tuple[int, object]:
        return self.series.pk, self.period.last

    def stored(self) -> dict[str, object]:
        """The fields as they are stored: quantised, and the value of a pair derived."""
        if self.missing:
            return {"value": None, "numerator": None, "denominator": None, "missing": self.missing}
        if self.series.indicator.value_kind == ValueKind.RATIO and self.denominator is not None:
            numerator, denominator = quantise_stored(self.numerator), quantise_stored(self.denominator)
            value = quantise_stored(derive(numerator, denominator, self.series.indicator.factor))
            return {"value": value, "numerator": numerator, "denominator": denominator, "missing": ""}
        return {"value": quantise_stored(self.value), "numerator": None, "denominator": None, "missing": ""}

    def sample(self) -> dict[str, object]:
        """What the value's interval is made of, as it is stored."""
        spread = self.standard_deviation
        return {
            "sample_size": self.sample_size,
            "standard_deviation": None if spread is None else quantise_stored(spread),
        }


class CellState(StrEnum):
    """What became of a cell."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"  # somebody else wrote since the person looked; nothing was stored
    LOCKED = "locked"  # approved; only a correction changes it


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """The cell, what became of it, and what is stored now."""

    cell: CellValue
    state: CellState
    measurement: Measurement


def save_values(cells: Sequence[CellValue], *, by: User, now: datetime) -> list[CellOutcome]:
    """Store the cells as drafts, each with the revision of what it replaces; all in a fixed number of queries.

    A cell whose stored version is not the one the person saw is a conflict and is left alone.
    """
    try:
        return _save_values(cells, by=by, now=now)
    except IntegrityError:
        # Somebody filled the same empty cell between our look and our write: now it can be seen.
        return _save_values(cells, by=by, now=now)


@transaction.atomic
def _save_values(cells: Sequence[CellValue], *, by: User, now: datetime) -> list[CellOutcome]:
    stored = _locked(cells)
    outcomes, created, changed, revisions = [], [], [], []
    for cell in cells:
        measurement = stored.get(cell.key)
        if measurement is None:
            measurement = _new(cell, by=by, now=now)
            created.append(measurement)
            outcomes.append(CellOutcome(cell, CellState.CREATED, measurement))
            continue
        state = _state_of(cell, measurement)
        if state is CellState.CHANGED:
            revisions.append(_apply(cell, measurement, by=by, now=now))
            changed.append(measurement)
        outcomes.append(CellOutcome(cell, state, measurement))
    # In one order: of two who enter the same values the second waits, and none for the other.
    Measurement.objects.bulk_create(sorted(created, key=lambda one: (one.series_id, one.period_end)))
    if changed:
        fields = [*VALUE_FIELDS, *SAMPLE_FIELDS, "comment", "is_confirmed", "entered_by", "entered_at", "version"]
        Measurement.objects.bulk_update(changed, fields)
    Revision.objects.bulk_create([revision for revision in revisions if revision is not None])
    # Only a value that was late is another light than before.
    today = timezone.localdate(now)
    late = {cell.key for cell in cells if cell.deadline is None or cell.deadline < today}
    written = {(one.series_id, one.period_end) for one in [*created, *changed]} & late
    if written:
        refresh_after_drafts(written, now=now)
    return outcomes


def _locked(cells: Iterable[CellValue]) -> dict[tuple[int, object], Measurement]:
    """The stored values of the cells, held until the transaction ends."""
    cells = list(cells)
    rows = Measurement.objects.select_for_update().filter(
        series__in={cell.series.pk for cell in cells}, period_end__in={cell.period.last for cell in cells}
    )
    return {(row.series_id, row.period_end): row for row in rows.order_by("pk")}


def _new(cell: CellValue, *, by: User, now: datetime) -> Measurement:
    return Measurement(
        authority_id=cell.series.authority_id,
        series=cell.series,
        period=cell.period.code,
        period_end=cell.period.last,
        comment=cell.comment or "",
        is_confirmed=cell.is_confirmed,
        entered_by=by,
        entered_at=now,
        **cell.stored(),
        **cell.sample(),
    )


def _state_of(cell: CellValue, measurement: Measurement) -> CellState:
    new = cell.stored()
    same_value = all(getattr(measurement, field) == new[field] for field in VALUE_FIELDS)
    same = (
        same_value
        and _has_sample(cell, measurement)
        and (cell.comment is None or cell.comment == measurement.comment)
        and cell.is_confirmed <= measurement.is_confirmed
    )
    if same:
        return CellState.UNCHANGED
    if measurement.is_approved:
        return CellState.LOCKED
    if cell.version != measurement.version:
        return CellState.CONFLICT
    return CellState.CHANGED


def _has_sample(cell: CellValue, measurement: Measurement) -> bool:
    """Whether the stored value is of the cell's sample; a cell without one says nothing of it."""
    sample = cell.sample()
    return cell.sample_size is None or all(getattr(measurement, field) == sample[field] for field in SAMPLE_FIELDS)


def _apply(cell: CellValue, measurement: Measurement, *, by: User, now: datetime, reason: str = "") -> Revision | None:
    """Write the cell into the measurement; the revision of its value, if that changed."""
    new = cell.stored()
    revision = None
    if any(getattr(measurement, field) != new[field] for field in VALUE_FIELDS):
        revision = Revision(
            measurement=measurement,
            at=now,
            by=by,
            reason=reason,
            was_approved=measurement.is_approved,
            **{f"old_{field}": getattr(measurement, field) for field in VALUE_FIELDS},
            **{f"new_{field}": new[field] for field in VALUE_FIELDS},
        )
        measurement.is_confirmed = False
    if revision is not None or cell.sample_size is not None:
        for field, value in cell.sample().items():
            setattr(measurement, field, value)
    for field in VALUE_FIELDS:
        setattr(measurement, field, new[field])
    if cell.comment is not None:
        measurement.comment = cell.comment
    measurement.is_confirmed = measurement.is_confirmed or cell.is_confirmed
    measurement.entered_by, measurement.entered_at = by, now
    measurement.version += 1
    return revision


@transaction.atomic
def correct_value(cell: CellValue, *, reason: str, by: User, now: datetime) -> CellOutcome:
    """Change an approved value, with a reason; the old one stays and is shown as corrected. `reason` is required.

    The revision is written first: without it the database refuses the change.
    """
    measurement = _locked([cell])[cell.key]
    if not measurement.is_approved or measurement.parts_expected is not None:
        return CellOutcome(cell, CellState.LOCKED, measurement)
    if cell.version != measurement.version:
        return CellOutcome(cell, CellState.CONFLICT, measurement)
    revision = _apply(cell, measurement, by=by, now=now, reason=reason)
    if revision is None:
        return CellOutcome(cell, CellState.UNCHANGED, measurement)
    measurement.approved_by, measurement.approved_at = by, now
    measurement.corrected_from, measurement.corrected_at = revision.old_value, now
    revision.save()
    measurement.save()
    refresh_after_values([(measurement.series_id, measurement.period_end)], now=now)
    return CellOutcome(cell, CellState.CHANGED, measurement)


@transaction.atomic
def save_approved(cells: Sequence[CellValue], *, reason: str, by: User | None, now: datetime) -> list[Measurement]:
    """Store values that are approved as they come, like those of a closed survey: nobody sends them to approval.

    What stands there approved already is corrected, with the reason.
    """
    stored = _locked(cells)
    seen = [replace(cell, version=getattr(stored.get(cell.key), "version", None)) for cell in cells]
    locked = [cell for cell in seen if cell.key in stored and stored[cell.key].is_approved]
    corrected = [correct_value(cell, reason=reason, by=by, now=now).measurement for cell in locked]
    saved = save_values([cell for cell in seen if cell not in locked], by=by, now=now)
    written = [outcome.measurement for outcome in saved]
    for measurement in written:
        measurement.approved_by, measurement.approved_at = by, now
    Measurement.objects.bulk_update(written, ["approved_by", "approved_at"])
    refresh_after_values([(one.series_id, one.period_end) for one in written], now=now)
    return [*written, *corrected]
