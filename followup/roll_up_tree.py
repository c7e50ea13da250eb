"""Which series a rolled-up one is made of, and what it ought to be: the one place that asks the pure rule.

`followup.actions.roll_ups` stores what comes of it, `manage.py integrity` computes it anew. Values are plain rows: a
large import adds up tens of thousands.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from followup.keys import Days
from followup.models import Measurement
from followup.plain_rows import Numbers, plain_rows
from followup.series import Addend, Part, RolledUp, roll_up
from goals.kinds import MissingReason, UnitRollup
from goals.models import Indicator, Series
from goals.periods import parse_period
from organisation.danish import quantise_stored
from organisation.models import Unit


class Node(NamedTuple):
    """A series in the tree."""

    pk: int
    authority_id: int
    indicator_id: int
    unit_id: int
    is_rolled_up: bool
    last_day: date | None


class Place(NamedTuple):
    """A unit in the tree, and its first and last day."""

    parent_id: int | None
    valid_from: date
    valid_to: date | None


class Rule(NamedTuple):
    """How an indicator's values are added up."""

    kind: UnitRollup
    factor: int


class RolledUpValue(NamedTuple):
    """What a stored roll-up ought to be. The fields are those of `Measurement`."""

    period: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    parts_present: int | None
    parts_expected: int | None
    is_example: bool


class StoredPart(NamedTuple):
    """What adding up needs of an approved `Measurement`: whose it is, and what a roll-up consists of, in its order."""

    series_id: int
    period: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    parts_present: int | None
    parts_expected: int | None
    is_example: bool

    @property
    def is_provisional(self) -> bool:
        """Whether it is a roll-up that still lacks units."""
        return self.parts_expected is not None and (self.parts_present or 0) < self.parts_expected


class SeriesTree:
    """The series of some indicators, each below the series of the same indicator at the nearest unit above."""

    def __init__(self, indicators: Collection[int]) -> None:
        self._indicators = indicators
        series = Series.objects.filter(indicator__in=indicators).order_by("pk")
        fields = ("pk", "authority", "indicator", "unit", "is_rolled_up", "last_day")
        self.nodes = {row[0]: Node(*row) for row in series.values_list(*fields)}
        authorities = {one.authority_id for one in self.nodes.values()}
        units = Unit.objects.filter(authority__in=authorities).order_by()
        self.units = {pk: Place(*rest) for pk, *rest in units.values_list("pk", "parent", "valid_from", "valid_to")}
        at = {(one.indicator_id, one.unit_id): one for one in self.nodes.values()}
        self.over: dict[int, Node] = {}  # by the id of the series below
        self.parts: dict[int, list[Node]] = defaultdict(list)  # by the id of the series above
        for one in self.nodes.values():
            over = self._nearest_above(one, at)
            if over is not None:
                self.over[one.pk] = over
                self.parts[over.pk].append(one)

    @cached_property
    def rules(self) -> dict[int, Rule]:
        """By indicator; asked for when something is added up."""
        rows = Indicator.objects.filter(pk__in=self._indicators).order_by()
        return {
            pk: Rule(UnitRollup(kind), factor) for pk, kind, factor in rows.values_list("pk", "unit_rollup", "factor")
        }

    def _nearest_above(self, one: Node, at: Mapping[tuple[int, int], Node]) -> Node | None:
        unit = self.units[one.unit_id].parent_id
        while unit is not None:
            if found := at.get((one.indicator_id, unit)):
                return found
            unit = self.units[unit].parent_id
        return None

    def touched_by(self, days: Days) -> dict[int, set[date]]:
        """The rolled-up series that values of the series and days are part of, each with the days they touch."""
        touched: dict[int, set[date]] = defaultdict(set)
        for pk, ends in days.items():
            over = self.over.get(pk)
            while over is not None and over.is_rolled_up:
                touched[over.pk] |= ends
                over = self.over.get(over.pk)
        return touched

    def levels(self, series: Iterable[int]) -> list[list[Node]]:
        """The series in groups, lowest first: what one is made of stands in an earlier group."""
        by_depth: dict[int, list[Node]] = defaultdict(list)
        for pk in sorted(series):
            depth, over = 0, self.over.get(pk)
            while over is not None:
                depth, over = depth + 1, self.over.get(over.pk)
            by_depth[depth].append(self.nodes[pk])
        return [by_depth[depth] for depth in sorted(by_depth, reverse=True)]

    def is_kept(self, one: Node, day: date) -> bool:
        """Whether a value of the series can be expected on the day: it and its unit have begun and not ended."""
        unit = self.units[one.unit_id]
        return (
            unit.valid_from <= day
            and (unit.valid_to is None or day <= unit.valid_to)
            and (one.last_day is None or day <= one.last_day)
        )

    def rolled_up(self, series: Node, stored: Mapping[int, StoredPart], last: date) -> RolledUpValue | None:
        """What the stored roll-up of the period that ends so ought to be; None when no part is in.

        `stored`: approved values of the period by series; those of other series than its parts do not count.
        """
        parts = self.parts[series.pk]
        present = [stored[part.pk] for part in parts if part.pk in stored]
        if not present:
            return None
        addends: list[Addend] = list(present)
        if len(present) < len(parts):
            # A part that has ended is not waited for, but counts while it ran.
            addends += [Part() for part in parts if part.pk not in stored and self.is_kept(part, last)]
        rule = self.rules[series.indicator_id]
        result = roll_up(addends, rule.kind, rule.factor)
        # A part that is itself under way counts, but is not in yet.
        rolled_up = [row for row in present if row.parts_expected is not None]
        under_way = sum(1 for row in rolled_up if row.is_provisional and row.value is not None)
        return RolledUpValue(
            present[0].period,
            _quantised(result.value),
            _quantised(result.numerator),
            _quantised(result.denominator),
            _why_none(result),
            result.n_present - under_way,
            result.n_expected,
            True in [row.is_example for row in present],
        )


def _quantised(value: Decimal | None) -> Decimal | None:
    return None if value is None else quantise_stored(value)


def _why_none(result: RolledUp) -> str:
    if result.value is not None:
        return ""
    return (MissingReason.NOT_REPORTED if result.n_expected else MissingReason.NOT_APPLICABLE).value


def stored_parts(series: Sequence[int], ends: Collection[date] | None = None) -> dict[date, dict[int, StoredPart]]:
    """The series' approved values, by last day (all, or those that end so) and series."""
    rows = Measurement.objects.approved().filter(series__in=series).order_by()
    if ends is not None:
        rows = rows.filter(period_end__in=ends)
    numbers, make = Numbers(), StoredPart._make
    by_period: dict[str, dict[int, StoredPart]] = defaultdict(dict)
    stored = plain_rows(rows.values_list(*StoredPart._fields))
    for one, period, value, top, bottom, missing, present, expected, is_example in stored:
        fields = (one, period, numbers[value], numbers[top], numbers[bottom], missing, present, expected, is_example)
        by_period[period][one] = make(fields)
    found: dict[date, dict[int, StoredPart]] = defaultdict(dict)
    for period, values in by_period.items():
        found[parse_period(period).last] |= values
    return found
