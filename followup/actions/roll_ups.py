"""Keeping rolled-up values in step with the values they are made of. The only writer of them.

No savepoint is made inside the caller's transaction: nothing catches an error halfway, and with one SQLite keeps a copy
of each page before each change, which takes longer than the changes.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from django.db import connection, transaction

from followup.keys import Days, Key, by_series
from followup.models import Measurement
from followup.roll_up_tree import Node, RolledUpValue, SeriesTree, stored_parts
from goals.kinds import UnitRollup
from goals.models import Indicator, Series

BLOCK = 20_000  # about so many values are held at a time
CHUNK = 5000  # ids in one question
KEY = {"series_id": "bigint", "period_end": "date"}
RENEWED = {
    "period": "varchar",
    "value": "numeric",
    "numerator": "numeric",
    "denominator": "numeric",
    "missing": "varchar",
    "parts_present": "smallint",
    "parts_expected": "smallint",
    "is_example": "boolean",
    "entered_at": "timestamptz",
    "approved_at": "timestamptz",
}
FIXED = {"authority_id": "bigint", "comment": "text", "is_confirmed": "boolean", "version": "integer"}
Made = tuple[Node, date, RolledUpValue]


@transaction.atomic(savepoint=False)
def roll_up_above(days: Days, *, now: datetime) -> dict[int, set[date]]:
    """Compute the rolled-up values that those of the series and days are part of, lowest units first.

    Gives the series and days of those that changed.
    """
    tree = SeriesTree(_added_up(_indicators_of(sorted(days))))
    return by_series(_roll_up(tree, tree.touched_by(days), now))


@transaction.atomic(savepoint=False)
def roll_up_indicators(indicators: Collection[int], *, now: datetime) -> None:
    """Compute every rolled-up value of the indicators anew."""
    tree = SeriesTree(_added_up(indicators))
    entered = [pk for pk, one in tree.nodes.items() if not one.is_rolled_up]
    days: dict[int, set[date]] = {}
    for some in _chunks(entered):
        values = Measurement.objects.approved().filter(series__in=some).order_by()
        days |= by_series(values.values_list("series", "period_end"))
    _roll_up(tree, tree.touched_by(days), now)


def _indicators_of(series: list[int]) -> set[int]:
    found: set[int] = set()
    for some in _chunks(series):
        found.update(Series.objects.filter(pk__in=some).order_by().values_list("indicator", flat=True).distinct())
    return found


def _added_up(indicators: Collection[int]) -> set[int]:
    """Those of the indicators that some unit has the sum of."""
    rolled_up = Indicator.objects.filter(pk__in=indicators, series__is_rolled_up=True).order_by()
    return set(rolled_up.exclude(unit_rollup=UnitRollup.NONE).values_list("pk", flat=True).distinct())


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _roll_up(tree: SeriesTree, ends: Days, now: datetime) -> set[Key]:
    if not ends:
        return set()
    _hold(ends)
    changed: set[Key] = set()
    for level in tree.levels(ends):
        for batch in _batches(tree, level, ends):
            changed |= _renew(tree, batch, ends, now)
    return changed


def _hold(series_ids: Iterable[int]) -> None:
    """Hold rolled-up series until the transaction ends, in one order.

    Of two that approve parts at once, the second sees the first's.
    """
    held = Series.objects.select_for_update(no_key=True).filter(pk__in=list(series_ids))
    list(held.order_by("pk").values_list("pk", flat=True))


def _batches(tree: SeriesTree, level: Iterable[Node], ends: Days) -> Iterator[list[Node]]:
    """The series in groups whose parts have so many values that they can be held at a time."""
    batch: list[Node] = []
    count, days = 0, set[date]()
    for one in level:
        count, days = count + 1 + len(tree.parts[one.pk]), days | ends[one.pk]
        if batch and count * len(days) > BLOCK:
            yield batch
            batch, count, days = [], 1 + len(tree.parts[one.pk]), set(ends[one.pk])
        batch.append(one)
    yield batch


def _renew(tree: SeriesTree, batch: list[Node], ends: Days, now: datetime) -> set[Key]:
    """Store what the values of the series ought to be, where they are not; the keys of those."""
    read = [one.pk for series in batch for one in (series, *tree.parts[series.pk])]
    stored = stored_parts(read, set().union(*(ends[one.pk] for one in batch)))
    new: list[Made] = []
    changed: list[Made] = []
    gone: set[Key] = set()
    for series in batch:
        for last in sorted(ends[series.pk]):
            values = stored.get(last, {})
            right, before = tree.rolled_up(series, values, last), values.get(series.pk)
            if right is None:
                if before is not None:
                    gone.add((series.pk, last))
            elif before is None:
                new.append((series, last, right))
            elif before[1:] != right:
                changed.append((series, last, right))
    for pk, last in gone:
        Measurement.objects.filter(series=pk, period_end=last).delete()
    _store(new, changed, now)
    return gone | {(series.pk, last) for series, last, _ in (*new, *changed)}


INSERT = f"INSERT INTO followup_measurement ({', '.join(KEY | RENEWED | FIXED)})"
RENEW = "ON CONFLICT (series_id, period_end) DO UPDATE SET " + ", ".join(f"{one} = excluded.{one}" for one in RENEWED)
CHANGE = (
    f"UPDATE followup_measurement SET {', '.join(f'{one} = %s' for one in RENEWED)}"
    f" WHERE {' AND '.join(f'{one} = %s' for one in KEY)}"
)


def _store(new: list[Made], changed: list[Made], now: datetime) -> None:
    """Write the values, in a statement or two."""
    at = connection.ops.adapt_datetimefield_value(now)
    kinds = (KEY | RENEWED | FIXED).values()

    def rows(made: list[Made]) -> list[tuple[object, ...]]:
        return [(one.pk, last, *right, at, at, one.authority_id, "", False, 1) for one, last, right in made]

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*rows([*new, *changed]), strict=True)]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            if columns:
                cursor.execute(f"{INSERT} SELECT * FROM unnest({arrays}) {RENEW}", columns)
        else:
            # SQLite changes what is there five times as fast as it finds that out by trying to insert it.
            cursor.executemany(f"{INSERT} VALUES ({', '.join(['%s'] * len(kinds))}) {RENEW}", rows(new))
            cursor.executemany(CHANGE, [(*right, at, at, one.pk, last) for one, last, right in changed])
