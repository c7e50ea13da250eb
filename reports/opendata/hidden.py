"""What of the stored numbers `reports.opendata.hiding` keeps from the public: the one place that asks it.

Five questions for any number of series. Most indicators have nothing to hide: the first question finds the periods
that do, and only of these all units are read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from followup.models import Measurement
from followup.plain_rows import Numbers, plain_rows
from followup.roll_up_tree import SeriesTree
from goals.kinds import MissingReason, ValueKind
from goals.models import Indicator, Series
from goals.periods import Period
from reports.opendata.hiding import (
    LEAST_PERSONS,
    Cell,
    are_persons,
    hidden_cells,
    is_small,
    is_small_count,
    small_over_time,
)

Key = tuple[int, date]
ZERO = Decimal(0)


class Counting(NamedTuple):
    """What an indicator's numbers count."""

    is_share: bool  # numerator and denominator are taken to be persons
    is_count: bool  # the number itself is of persons
    accumulates: bool

    @property
    def counts_persons(self) -> bool:
        return self.is_share or self.is_count


class Row(NamedTuple):
    """What hiding needs of a value."""

    series_id: int
    period_end: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    sample_size: int | None
    parts_present: int | None
    parts_expected: int | None
    is_public: bool


def counting_of(value_kind: str, unit_of_measure: str, accumulates: bool) -> Counting:
    """What the numbers of an indicator of this kind count."""
    is_count = value_kind == ValueKind.NUMBER and are_persons(unit_of_measure)
    return Counting(value_kind == ValueKind.RATIO, is_count, accumulates)


def hides_baseline(hidden: Collection[Key], series: int, unit_of_measure: str, period: Period, value: Decimal) -> bool:
    """Whether the number that a series began with may not be told: it counts few, or stands where a hidden one does."""
    return (are_persons(unit_of_measure) and is_small_count(value)) or (series, period.last) in hidden


def hidden_keys(indicators: Collection[int], public: QuerySet[Series]) -> set[Key]:
    """The series and last day of every approved value of the indicators that the public may not see.

    `public`: the series it may see anything of.
    """
    asked = Indicator.objects.filter(pk__in=indicators).order_by()
    rows = asked.values_list("pk", "value_kind", "unit_of_measure", "accumulates")
    return _keys({pk: counting_of(*about) for pk, *about in rows}, public)


def hidden_in_reports(counting: dict[int, Counting], public: QuerySet[Series]) -> set[Key]:
    """As `hidden_keys`: what published reports may not tell, which are of series that are not public too.

    It is the same for all of them, and takes what the public sees elsewhere for known. Four questions.
    """
    return _keys(counting, public, in_reports=True)


def _keys(counting: dict[int, Counting], public: QuerySet[Series], *, in_reports: bool = False) -> set[Key]:
    periods = _periods_with_secrets(counting)
    if not periods:
        return set()
    tree = SeriesTree(periods)
    found: set[Key] = set()
    for indicator, rows in _rows_by_indicator(periods, public):
        hidden = _hidden(counting[indicator], rows, tree)
        if in_reports:
            told = {key for row in rows if row.is_public and (key := (row.series_id, row.period_end)) not in hidden}
            hidden |= _hidden(counting[indicator], [row._replace(is_public=True) for row in rows], tree, told)
        found |= hidden
    return found


def _periods_with_secrets(counting: dict[int, Counting]) -> dict[int, set[date]]:
    """By indicator, the periods in which some unit's value is secret or a sum is under way."""
    counts = [pk for pk, one in counting.items() if one.is_count]
    persons = [pk for pk, one in counting.items() if one.counts_persons]
    running = [pk for pk, one in counting.items() if one.is_count and one.accumulates]
    few = {"gt": 0, "lt": LEAST_PERSONS}
    secret = (
        Q(missing=MissingReason.WITHHELD)
        | Q(sample_size__lt=LEAST_PERSONS)
        | Q(series__indicator__in=running)
        | Q(**{f"value__{how}": number for how, number in few.items()}, series__indicator__in=counts)
        | Q(**{f"numerator__{how}": number for how, number in few.items()})
        | Q(**{f"denominator__{how}": number for how, number in few.items()})
        | Q(numerator__gt=F("denominator") - LEAST_PERSONS, numerator__lt=F("denominator"))
        | Q(parts_present__lt=F("parts_expected"), series__indicator__in=persons)
    )
    values = Measurement.objects.approved().filter(secret, series__indicator__in=list(counting)).order_by()
    found: dict[int, set[date]] = defaultdict(set)
    for indicator, last in values.values_list("series__indicator", "period_end").distinct():
        found[indicator].add(last)
    return found


def _rows_by_indicator(periods: dict[int, set[date]], public: QuerySet[Series]) -> Iterator[tuple[int, list[Row]]]:
    """The values of each indicator's periods: one question, of which one indicator's are held at a time."""
    every = set().union(*periods.values())
    among = Q(series__in=public.filter(indicator__in=list(periods)).order_by().values("pk"))
    values = Measurement.objects.approved().filter(series__indicator__in=list(periods), period_end__in=every)
    values = values.annotate(is_public=ExpressionWrapper(among, BooleanField()))
    # By the series' own columns: SQLite has them in that order.
    values = values.order_by("series__indicator_id", "series_id", "period_end")
    found = plain_rows(values.values_list("series__indicator_id", *Row._fields))
    for indicator, some in groupby(found, key=itemgetter(0)):
        days, numbers = periods[indicator], Numbers()
        rows = [
            Row(pk, day, numbers[value], numbers[top], numbers[bottom], *rest)
            for _indicator, pk, day, value, top, bottom, *rest in some
            if day in days
        ]
        yield indicator, rows


def _hidden(counting: Counting, rows: list[Row], tree: SeriesTree, told: Collection[Key] = ()) -> set[Key]:
    secret = {(row.series_id, row.period_end) for row in rows if _is_secret(counting, row)}
    if counting.is_count and counting.accumulates:
        secret |= set(_secret_over_time(rows))
    by_day: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.period_end].append(row)
    found: set[Key] = set()
    for day, some in by_day.items():
        cells = [_cell(row, tree, secret, told) for row in some]
        found |= {(pk, day) for pk in hidden_cells(cells, counts_persons=counting.counts_persons)}
    return found


def _is_secret(counting: Counting, row: Row) -> bool:
    if row.missing == MissingReason.WITHHELD:
        return True
    if row.sample_size is not None and row.sample_size < LEAST_PERSONS:
        return True
    if counting.is_count:
        return is_small(row.value, None)
    # Hours, kroner and other parts of a whole are no persons.
    whole = [one for one in (row.numerator, row.denominator) if one is not None and one == one.to_integral_value()]
    return counting.is_share and len(whole) == 2 and is_small(*whole)


def _secret_over_time(rows: Iterable[Row]) -> Iterator[Key]:
    by_year: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        by_year[row.series_id, row.period_end.year].append(row)
    for some in by_year.values():
        for row, is_secret in zip(some, small_over_time([row.value for row in some]), strict=True):
            if is_secret:
                yield row.series_id, row.period_end


def _cell(row: Row, tree: SeriesTree, secret: Collection[Key], told: Collection[Key]) -> Cell:
    node, over = tree.nodes[row.series_id], tree.over.get(row.series_id)
    numbers: dict[str, Any] = {"numerator": row.value}
    if row.numerator is not None:
        numbers = {"numerator": row.numerator, "denominator": row.denominator}
    return Cell(
        pk=row.series_id,
        over=over.pk if over is not None else None,
        is_public=row.is_public,
        is_secret=(row.series_id, row.period_end) in secret,
        is_computed=node.is_rolled_up,
        absent=max(0, (row.parts_expected or 0) - (row.parts_present or 0)),
        is_told=(row.series_id, row.period_end) in told,
        **numbers,
    )
