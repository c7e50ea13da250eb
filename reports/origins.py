"""Where one number of a report comes from: what the report says, what is stored now, and what happened on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from followup.models import Measurement, Revision
from followup.presentation import NO_VALUE, basis
from followup.roll_up_tree import SeriesTree, StoredPart, stored_parts
from goals.kinds import MissingReason
from goals.labels import MISSING_REASONS
from goals.models import Series
from goals.periods import parse_period
from organisation.danish import format_number
from organisation.models import Unit, User
from organisation.permissions import Permission
from reports.parts import IndicatorRow, ReportContent, Source, Value


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as the report says it: its row, its value, the goals it tells of, and its line among the sources."""

    row: IndicatorRow
    value: Value
    goals: tuple[tuple[str, str, str], ...]  # number, anchor, title
    source: Source

    @property
    def is_newest(self) -> bool:
        """Whether it is the number of the indicator's row, of which the sources tell."""
        return self.row.now_at == self.value.period

    @property
    def text(self) -> str:
        """With the indicator's decimals, as everywhere in the report."""
        return format_number(self.value.value or Decimal(0), self.row.numbers.decimals)


@dataclass(frozen=True, slots=True)
class PartOfNumber:
    """What one unit's number is, or why there is none, in a number that is made of several units'."""

    unit: str
    series_id: int
    text: str
    about: str  # numerator and denominator, or why there is no number
    is_printed: bool  # whether the report prints it too


@dataclass(frozen=True, slots=True)
class ChangeOfNumber:
    """What stood there before, and what was written instead."""

    at: datetime
    who: str
    before: str
    after: str
    reason: str
    is_correction: bool  # of an approved number


@dataclass(frozen=True, slots=True)
class Origin:
    """All of it. `stored` is None when the number is no longer there."""

    printed: PrintedNumber
    stored: Measurement | None
    now: str
    basis: str
    is_another: bool  # than the report says
    is_file_of_before: bool  # whether the number was changed after its file was stored
    parts: tuple[PartOfNumber, ...]
    changes: tuple[ChangeOfNumber, ...]


def printed_number(content: ReportContent, series_id: int, period: str) -> PrintedNumber | None:
    """The number, if the report has it."""
    found = [
        (section, row) for section in content.sections for row in section.rows if row.figure.series_id == series_id
    ]
    if not found:
        return None
    row = found[0][1]
    value = next((one for one in row.numbers.values if one.period == period and one.value is not None), None)
    if value is None:
        return None
    goals = tuple((section.number, section.anchor, section.title) for section, _row in found)
    source = next(one for one in content.sources if one.reference == row.reference)
    return PrintedNumber(row, value, goals, source)


def origin_of(content: ReportContent, printed: PrintedNumber, *, user: User, today: date) -> Origin:
    """Nine queries at most, however many units and changes.

    Everybody who may read the report sees the corrections of an approved number; what was changed while it was a draft
    only those see who see the unit's drafts.
    """
    series_id, period = printed.row.figure.series_id, printed.value.period
    stored = (
        Measurement.objects.approved()
        .filter(series=series_id, period=period)
        .select_related("series__indicator", "series__unit", "entered_by", "approved_by", "batch")
        .select_related("approved_in__unit", "approved_in__round__body")
        .first()
    )
    if stored is None:
        return Origin(printed, None, NO_VALUE, "", True, False, (), ())
    revisions = list(stored.revisions.select_related("by"))
    seen = revisions
    if not all(one.was_approved for one in revisions) and not _sees_drafts(stored.series.unit_id, user, today):
        seen = [one for one in revisions if one.was_approved]
    decimals = stored.series.indicator.decimals
    batch = stored.batch
    return Origin(
        printed=printed,
        stored=stored,
        now=_text(stored.value, stored.missing, decimals),
        basis=basis(stored),
        is_another=stored.value != printed.value.value,
        is_file_of_before=batch is not None and any(one.at > batch.at for one in revisions),
        parts=_parts(content, stored) if stored.parts_expected is not None else (),
        changes=tuple(_change(one, decimals) for one in seen),
    )


def _sees_drafts(unit_id: int, user: User, today: date) -> bool:
    return Unit.objects.allowing(Permission.SEE_DRAFTS, user, today).filter(pk=unit_id).exists()


def _change(revision: Revision, decimals: int) -> ChangeOfNumber:
    return ChangeOfNumber(
        at=revision.at,
        who=str(revision.by or ""),
        before=_text(revision.old_value, revision.old_missing, decimals),
        after=_text(revision.new_value, revision.new_missing, decimals),
        reason=revision.reason,
        is_correction=revision.was_approved,
    )


def _parts(content: ReportContent, whole: Measurement) -> tuple[PartOfNumber, ...]:
    """Each unit that the number is made of, also one that is still waited for."""
    tree = SeriesTree([whole.series.indicator_id])
    nodes = tree.parts.get(whole.series_id, [])
    last = parse_period(whole.period).last
    stored = stored_parts([node.pk for node in nodes], [last]).get(last, {}) if nodes else {}
    shown = [node.pk for node in nodes if node.pk in stored or tree.is_kept(node, last)]
    units = dict(Series.objects.filter(pk__in=shown).values_list("pk", "unit__name"))
    printed = set(_printed(content, whole.period))
    decimals = whole.series.indicator.decimals
    return tuple(
        _part(units[pk], pk, stored.get(pk), decimals, pk in printed) for pk in sorted(shown, key=lambda pk: units[pk])
    )


def _printed(content: ReportContent, period: str) -> Iterable[int]:
    """The series whose number in the period the report prints."""
    for section in content.sections:
        for row in section.rows:
            if any(one.period == period and one.value is not None for one in row.numbers.values):
                yield row.figure.series_id


def _part(unit: str, series_id: int, stored: StoredPart | None, decimals: int, is_printed: bool) -> PartOfNumber:
    if stored is None:
        reason = str(MISSING_REASONS[MissingReason.NOT_REPORTED])
        return PartOfNumber(unit, series_id, NO_VALUE, reason, False)
    if stored.value is None:
        reason = str(MISSING_REASONS[MissingReason(stored.missing)])
        return PartOfNumber(unit, series_id, NO_VALUE, reason, False)
    return PartOfNumber(unit, series_id, format_number(stored.value, decimals), _ratio(stored), is_printed)


def _ratio(stored: StoredPart) -> str:
    return basis(Measurement(numerator=stored.numerator, denominator=stored.denominator))


def _text(value: Decimal | None, missing: str, decimals: int) -> str:
    if value is not None:
        return format_number(value, decimals)
    return str(MISSING_REASONS[MissingReason(missing)]) if missing else NO_VALUE
