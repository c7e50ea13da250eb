"""Series and numbers as everybody may see them, read in blocks so that any number of them takes the same memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Max, QuerySet

from followup.models import Measurement
from followup.plain_rows import Numbers, plain_rows
from goals.kinds import MissingReason, ValueKind
from goals.models import Series
from goals.period_names import period_name
from goals.periods import parse_period
from organisation.models import Authority
from reports.opendata.hidden import Key, hidden_keys, hides_baseline
from reports.opendata.hiding import are_persons, is_small_before
from reports.opendata.kinds import OpenSeries, OpenValue
from reports.opendata.public import public_series

BLOCK = 400  # series read at a time, or those of one indicator

# The fields of `OpenSeries`, in its order.
SERIES_PATHS = (
    "pk", "indicator", "indicator__code", "indicator__name", "indicator__definition", "indicator__unit_of_measure",
    "indicator__decimals", "indicator__direction", "indicator__frequency", "indicator__value_kind",
    "indicator__factor", "indicator__accumulates", "indicator__source", "indicator__source_url", "indicator__licence",
    "source_note", "unit", "unit__code", "unit__name", "baseline_period", "baseline_value",
    "indicator__price_level", "indicator__price_year",
)  # fmt: skip
assert len(SERIES_PATHS) == len(fields(OpenSeries))
VALUE_PATHS = (
    "series_id", "period", "period_end", "value", "numerator", "denominator", "missing", "parts_present",
    "parts_expected", "is_example", "corrected_at", "corrected_from",
)  # fmt: skip


class Span(NamedTuple):
    """The days asked for; a period counts when its last day does."""

    first: date | None = None
    last: date | None = None

    def of(self, values: QuerySet[Any]) -> QuerySet[Any]:
        if self.first is not None:
            values = values.filter(period_end__gte=self.first)
        return values if self.last is None else values.filter(period_end__lte=self.last)


ALWAYS = Span()
Pair = tuple[OpenSeries, list[OpenValue]]


def open_series(series: QuerySet[Series]) -> list[OpenSeries]:
    """The series with all that belongs to reading them, those of an indicator together: one query."""
    rows = series.order_by("indicator__code", "indicator", "unit__position", "unit__name", "pk")
    return [OpenSeries(*row) for row in rows.values_list(*SERIES_PATHS)]


def open_rows(authority: Authority, rows: Sequence[tuple[Any, ...]], series: QuerySet[Series]) -> list[OpenValue]:
    """Rows of `VALUE_PATHS`, whichever they are, as everybody may see them; `series` are theirs."""
    about = {one.pk: one for one in open_series(series)}
    hidden = hidden_of(authority, about.values())
    numbers = Numbers()
    return [_without_small_before(about[row[0]], _value(row, hidden, numbers)) for row in rows]


def hidden_of(authority: Authority, series: Iterable[OpenSeries]) -> set[Key]:
    """What of the series may not be seen."""
    return hidden_keys(sorted({one.indicator_pk for one in series}), public_series(authority))


def open_values(authority: Authority, series: Sequence[OpenSeries], span: Span = ALWAYS) -> Iterator[Pair]:
    """Each series with its numbers of the days, oldest first; what may not be seen is marked withheld.

    The queries are as many for a block of series as for one; a series whose baseline may not be seen has none.
    """
    for block in _blocks(series):
        hidden = hidden_of(authority, block)
        found = _values([one.pk for one in block], hidden, span)
        for one in block:
            values = [_without_small_before(one, value) for value in found.get(one.pk, [])]
            yield without_hidden_baseline(one, hidden), values


def _blocks(series: Iterable[OpenSeries]) -> Iterator[list[OpenSeries]]:
    """Those of an indicator stay together."""
    block: list[OpenSeries] = []
    for _indicator, some in groupby(series, key=lambda one: one.indicator_pk):
        added = list(some)
        if block and len(block) + len(added) > BLOCK:
            yield block
            block = []
        block += added
    if block:
        yield block


def _values(ids: Sequence[int], hidden: set[Key], span: Span) -> dict[int, list[OpenValue]]:
    rows = span.of(Measurement.objects.approved().filter(series__in=ids)).order_by("series_id", "period_end")
    found: dict[int, list[OpenValue]] = defaultdict(list)
    numbers = Numbers()
    for row in plain_rows(rows.values_list(*VALUE_PATHS)):
        found[row[0]].append(_value(row, hidden, numbers))
    return found


def _value(row: Sequence[Any], hidden: set[Key], numbers: Numbers) -> OpenValue:
    pk, code, end, value, numerator, denominator, missing, present, expected, is_example, at, before = row
    is_provisional = expected is not None and (present or 0) < expected
    if (pk, end) in hidden:
        # Secret, or a sum that units will still be added to.
        reason = MissingReason.NOT_DUE if is_provisional and value is not None else MissingReason.WITHHELD
        return OpenValue(*_period(code), None, missing=reason.value, is_example=is_example)
    exact = numbers[value], numbers[numerator], numbers[denominator]
    return OpenValue(*_period(code), *exact, missing, is_provisional, at is not None, numbers[before], is_example)


@lru_cache(maxsize=10_000)
def _period(code: str) -> tuple[str, str, date, date]:
    period = parse_period(code)
    return code, period_name(period), period.first, period.last


def _without_small_before(series: OpenSeries, value: OpenValue) -> OpenValue:
    """What stood there before a correction may be secret too."""
    is_share = series.value_kind == ValueKind.RATIO
    if value.corrected_from is None or not (is_share or are_persons(series.measure)):
        return value
    denominator = value.denominator if is_share else None
    if not is_small_before(value.corrected_from, denominator, series.factor):
        return value
    return replace(value, corrected_from=None)


def without_hidden_baseline(series: OpenSeries, hidden: set[Key]) -> OpenSeries:
    if not series.baseline_period or series.baseline_value is None:
        return series
    period = parse_period(series.baseline_period)
    if hides_baseline(hidden, series.pk, series.measure, period, series.baseline_value):
        return replace(series, baseline_value=None, baseline_period="")
    return series


def updated_at(series_ids: QuerySet[Series] | Sequence[int]) -> datetime | None:
    """When an approved number of the series was last written, approved or corrected."""
    values = Measurement.objects.approved().filter(series__in=series_ids).order_by()
    latest = values.aggregate(entered=Max("entered_at"), approved=Max("approved_at"), corrected=Max("corrected_at"))
    return max((at for at in latest.values() if at is not None), default=None)


def days_of(series_ids: QuerySet[Series]) -> tuple[date, date] | None:
    """The first and last period's last days of all their approved values."""
    values = Measurement.objects.approved().filter(series__in=series_ids).order_by()
    first = values.order_by("period_end").values_list("period_end", flat=True).first()
    return (first, values.aggregate(last=Max(F("period_end")))["last"]) if first is not None else None
