"""Persons' own goals: begun, ended by the code of the slip, counted up to an indicator, and deleted in time."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.attaining import Ended, Share, hash_of_code, kept_until, shown_total
from citizens.models import Attainment, AttainmentForm
from followup.actions.measurements import CellValue, save_approved
from followup.models import Measurement
from goals.actions.versions import locked, store
from goals.kinds import MissingReason, ValueKind
from goals.periods import Period, PeriodKind
from organisation.actions.history import record
from organisation.models import User

FIELDS = ("name", "categories", "series", "least_rise")


class NotPossible(Exception):
    """What cannot be counted: `key` is no_series, not_over or stored (somebody wrote the period's value already)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


# ---- forms -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_form(form: AttainmentForm, *, by: User, now: datetime) -> AttainmentForm:
    """Store a new form; the unit gives its authority."""
    form.authority_id = form.unit.authority_id
    form.save()
    record(form, "created", authority=form.authority, by=by, now=now)
    return form


@transaction.atomic
def change_form(form: AttainmentForm, *, version: int, by: User, now: datetime) -> AttainmentForm:
    """Store the changed fields. Goals begun under a category keep it."""
    stored = locked(form, version)
    if changes := store(form, stored, FIELDS):
        record(form, "changed", authority=form.authority, by=by, now=now, changes=changes)
    return form


# ---- persons ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(form: AttainmentForm, *, code: str, category: str, start: int, day: date) -> Attainment:
    """Store where somebody begins. Sent again from the same page it is the same goal, with what was sent last."""
    row, is_new = Attainment.objects.get_or_create(
        code_hash=hash_of_code(code),
        defaults={"form": form, "category": category, "start": start, "started_on": day},
    )
    if not is_new and row.form_id == form.pk and (row.category, row.start) != (category, start):
        row.category, row.start = category, start
        row.save(update_fields=["category", "start"])
    return row


def end(*, code: str, end: int, day: date) -> bool:
    """Store where somebody ended; False for a code that is unknown or used. Of two at once one ends the goal."""
    rows = Attainment.objects.filter(code_hash=hash_of_code(code), ended_on__isnull=True)
    return rows.update(ended_on=day, end=end, code_hash="") == 1


# ---- counting --------------------------------------------------------------------------------------------------------


def kind_of(form: AttainmentForm) -> PeriodKind:
    """How often its indicator is measured; each year when there is none. Periods never overlap: nothing to subtract."""
    return PeriodKind(form.series.indicator.frequency) if form.series is not None else PeriodKind.YEAR


def last_over(form: AttainmentForm, today: date) -> Period:
    """The last period that is over."""
    return Period.containing(today, kind_of(form)).previous()


def ended_in(form: AttainmentForm, period: Period) -> list[Ended]:
    """Those who ended in the period."""
    rows = Attainment.objects.filter(form=form, ended_on__range=(period.first, period.last))
    return [Ended(*row) for row in rows.values_list("category", "start", "end")]


@transaction.atomic
def write_attainment(form: AttainmentForm, period: Period, *, by: User | None, now: datetime) -> Measurement:
    """Store the share who rose enough in a period that is over as the indicator's approved value; few are withheld."""
    # Two at once write one value.
    AttainmentForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if form.series is None or not can_take(form):
        raise NotPossible("no_series")
    if period.last >= timezone.localdate(now):
        raise NotPossible("not_over")
    if Measurement.objects.filter(series=form.series, period_end=period.last).exists():
        raise NotPossible("stored")
    cell = _cell(form, period, shown_total(ended_in(form, period), form.least_rise))
    reason = _("Talt op af skemaet %s") % form.name
    return save_approved([cell], reason=reason, by=by, now=now)[0]


def can_take(form: AttainmentForm) -> bool:
    """Whether the series takes numerator and denominator, and nobody below fills it."""
    series = form.series
    return series is not None and not series.is_rolled_up and series.indicator.value_kind == ValueKind.RATIO


def _cell(form: AttainmentForm, period: Period, share: Share) -> CellValue:
    assert form.series is not None
    if not share.is_shown:
        return CellValue(form.series, period, missing=MissingReason.WITHHELD.value)
    return CellValue(form.series, period, numerator=Decimal(share.risen or 0), denominator=Decimal(share.n or 0))


# ---- by the day ------------------------------------------------------------------------------------------------------


def keep_attainments(now: datetime) -> int:
    """Write the value of periods that are over, and delete what has been kept long enough; how much was done."""
    today = timezone.localdate(now)
    forms = AttainmentForm.objects.filter(series__isnull=False).select_related("series__indicator", "authority")
    return sum(_write_due(form, now) for form in forms.order_by("pk")) + delete_old(today)


def _write_due(form: AttainmentForm, now: datetime) -> int:
    """Write the last period that is over; a form nobody had used by then has nothing to say."""
    period = last_over(form, timezone.localdate(now))
    if not Attainment.objects.filter(form=form, started_on__lte=period.last).exists():
        return 0
    try:
        write_attainment(form, period, by=None, now=now)
    except NotPossible:
        return 0
    return 1


def delete_old(today: date) -> int:
    """Delete goals that ended five years ago, and those that began then and never ended."""
    until = kept_until(today)
    ended, _each = Attainment.objects.filter(ended_on__lte=until).delete()
    forgotten, _each = Attainment.objects.filter(ended_on__isnull=True, started_on__lte=until).delete()
    return ended + forgotten
