"""How series and goals stand: the one place that reads values and targets and asks the pure rules.

Every page, the report and the stored counts get their lights from here. For any number of series it takes three
queries.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from followup.keys import Days
from followup.models import DueValue, Measurement
from followup.series import SeriesRule, TargetPoint
from followup.status import Kept, Light, Reading, Trend, Verdict, assess, in_turn, trend
from goals.kinds import Direction, IntervalKind, MissingReason, PathKind, ToleranceKind
from goals.models import GoalSeries, Series, Target, TargetProposal
from goals.periods import Period, PeriodKind, parse_period
from organisation.prepared import Prepared, Row


@dataclass(slots=True)
class StoredValue:
    """What standings, tables and charts need of a `Measurement`. A page reads hundreds; a model costs ten times more.

    The fields are those of the model, in the order they are read.
    """

    pk: int
    series_id: int
    period: str
    period_end: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    missing: str
    sample_size: int | None
    standard_deviation: Decimal | None
    parts_present: int | None
    parts_expected: int | None
    is_example: bool
    corrected_from: Decimal | None
    corrected_at: datetime | None

    @property
    def is_corrected(self) -> bool:
        """Whether it was changed after it was approved."""
        return self.corrected_at is not None

    @property
    def is_provisional(self) -> bool:
        """Whether it is a roll-up that still lacks units."""
        return self.parts_expected is not None and (self.parts_present or 0) < self.parts_expected


@dataclass(frozen=True, slots=True)
class StoredIndicator:
    """What standings and reports need of an `Indicator`, for the same reason; fields as in the model."""

    pk: int
    name: str
    name_in_sentence: str
    unit_of_measure: str
    value_kind: str
    decimals: int
    direction: str
    frequency: str
    accumulates: bool
    interval: str
    factor: int
    side: str
    price_level: str
    price_year: int | None
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """What standings need of a series' `Unit`."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """What standings need of a `Series`; its own fields are those of the model."""

    pk: int
    baseline_period: str
    baseline_value: Decimal | None
    tolerance: Decimal | None
    tolerance_kind: str
    path: str
    source_note: str
    last_day: date | None
    indicator: StoredIndicator
    unit: StoredUnit

    @property
    def unit_id(self) -> int:
        return self.unit.pk

    @property
    def indicator_id(self) -> int:
        return self.indicator.pk

    @property
    def baseline_at(self) -> Period | None:
        """The period of the baseline, if there is one."""
        return parse_period(self.baseline_period) if self.baseline_period else None


@dataclass(frozen=True, slots=True)
class StoredTarget:
    """What standings and charts need of a `Target`, for the same reason."""

    series_id: int
    period: str
    period_end: date
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    superseded_at: datetime | None


TARGET_FIELDS = [field.name for field in fields(StoredTarget)]
SERIES_FIELDS = [field.name for field in fields(StoredSeries) if field.name not in ("indicator", "unit")]
INDICATOR_FIELDS = [field.name for field in fields(StoredIndicator)]
UNIT_FIELDS = [field.name for field in fields(StoredUnit)]
VALUE_FIELDS = [field.name for field in fields(StoredValue)]

LATEST_VALUES = Prepared(
    lambda ids, count, until, whole, drafts: Measurement.objects.latest_of(
        ids, count, until, whole=whole, approved=not drafts
    ).values_list(*VALUE_FIELDS)
)
APPROVED_VALUES = Prepared(
    lambda ids: Measurement.objects.approved().filter(series__in=ids).order_by("period_end").values_list(*VALUE_FIELDS)
)
LINKS = Prepared(
    lambda goal_ids: (
        GoalSeries.objects.filter(goal__in=goal_ids)
        .order_by("rank", "pk")
        .values_list(
            "goal_id",
            "is_prioritised",
            *(f"series__{name}" for name in SERIES_FIELDS),
            *(f"series__indicator__{name}" for name in INDICATOR_FIELDS),
            *(f"series__unit__{name}" for name in UNIT_FIELDS),
        )
    )
)
TARGETS = Prepared(
    lambda ids: Target.objects.filter(series__in=ids).order_by("period_end", "set_at", "pk").values_list(*TARGET_FIELDS)
)
ASKED_FOR = Prepared(
    lambda ids, until, today: asked_of(ids, until, today).values_list("series", "period", "submission__deadline")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one series stands: its rule, the period it is judged at, the verdict, and the values behind it."""

    series: Series | StoredSeries
    rule: SeriesRule
    reading: Reading | None  # None: never a value and none asked for
    verdict: Verdict
    trend: Trend
    values: tuple[StoredValue, ...]  # approved, oldest first, the last ones asked for
    provisional: StoredValue | None = None  # a roll-up under way: some units are not in yet
    superseded: tuple[StoredTarget | Target, ...] = ()  # targets since replaced, for the chart

    @property
    def latest(self) -> StoredValue | None:
        """The latest approved value, also when a later one is overdue."""
        return self.values[-1] if self.values else None

    @property
    def previous(self) -> StoredValue | None:
        """The value before the latest."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def light(self) -> Light:
        return self.verdict.light


@dataclass(frozen=True, slots=True)
class Link:
    """That a goal is measured by a series."""

    goal_id: int
    is_prioritised: bool
    series: StoredSeries


def links_of(goal_ids: Sequence[int]) -> dict[int, list[Link]]:
    """The series of each goal in its own order, by goal; series, indicators and units are made once each."""
    found: dict[int, list[Link]] = defaultdict(list)
    series: dict[int, StoredSeries] = {}
    indicators: dict[int, StoredIndicator] = {}
    own, definition = 2 + len(SERIES_FIELDS), 2 + len(SERIES_FIELDS) + len(INDICATOR_FIELDS)
    for row in LINKS.rows(list(goal_ids)):
        pk, indicator = row[2], row[own]
        if indicator not in indicators:
            indicators[indicator] = StoredIndicator(*row[own:definition])
        if pk not in series:
            series[pk] = StoredSeries(*row[2:own], indicators[indicator], StoredUnit(*row[definition:]))
        found[row[0]].append(Link(row[0], row[1], series[pk]))
    return found


def counted(
    series: Iterable[tuple[Series | StoredSeries, bool]], lights: Mapping[int, Light]
) -> list[tuple[Light, bool]]:
    """The lights of a goal's series, by their ids, that count (`status.in_turn`), with whether each is prioritised."""
    pairs = list(series)
    kept = [Kept(one.indicator_id, one.last_day, lights[one.pk]) for one, _prioritised in pairs]
    return [(kept[place].light, pairs[place][1]) for place in in_turn(kept)]


def rule_of(series: Series | StoredSeries, targets: Iterable[StoredTarget | Target]) -> SeriesRule:
    """The series in the plain values of `followup.series`; `targets` are those in force, any order."""
    indicator = series.indicator
    baseline = series.baseline_at
    points = (point_of(target) for target in sorted(targets, key=lambda target: target.period_end))
    return SeriesRule(
        direction=Direction(indicator.direction),
        kind=PeriodKind(indicator.frequency),
        decimals=indicator.decimals,
        baseline=(baseline, series.baseline_value) if baseline is not None else None,
        targets=tuple(points),
        tolerance=series.tolerance,
        tolerance_kind=ToleranceKind(series.tolerance_kind),
        path=PathKind(series.path),
        accumulates=indicator.accumulates,
        interval=IntervalKind(indicator.interval),
        factor=indicator.factor,
    )


def point_of(target: StoredTarget | Target | TargetProposal) -> TargetPoint:
    """A stored or proposed target in the plain values of `followup.series`."""
    return TargetPoint(parse_period(target.period), target.value, target.low, target.high)


def reading_of(measurement: StoredValue | Measurement, due: date | None = None) -> Reading:
    """A stored value in the plain values of `followup.status`."""
    return Reading(
        period=parse_period(measurement.period),
        value=measurement.value,
        missing=MissingReason(measurement.missing) if measurement.missing else None,
        n=measurement.sample_size,
        sd=measurement.standard_deviation,
        numerator=measurement.numerator,
        denominator=measurement.denominator,
        due=due,
    )


def standings_of(
    series: Sequence[Series | StoredSeries],
    *,
    until: date,
    today: date,
    history: int = 2,
    whole: Collection[int] = (),
    drafts: bool = False,
    asked_for: Iterable[Row] | None = None,
) -> dict[int, Standing]:
    """Standing of each series (indicator loaded) at its latest period up to `until`, by series id.

    `history` is how many approved values come along, at least two (the trend needs them); of the series with their
    ids in `whole`, all. With `drafts` values that are not approved count too, as a board has it. `asked_for`: what
    rounds ask of them, when it was read along with something else (`asked_of`).
    """
    ids = [one.pk for one in series]
    some, all_of = [pk for pk in ids if pk not in whole], [pk for pk in ids if pk in whole]
    values = _values(some, max(history, 2), until, all_of, drafts=drafts)
    targets = targets_of(ids)
    asked = _asked(ids, until, today, has_value=values, rows=asked_for)
    return {
        one.pk: _standing_with(one, targets[one.pk], values.get(one.pk, ()), asked.get(one.pk), today) for one in series
    }


def standing_of(
    series: Series | StoredSeries,
    values: Sequence[StoredValue],
    targets: Iterable[StoredTarget | Target],
    *,
    until: date,
    today: date,
) -> Standing:
    """The same for one series whose approved values up to `until` (oldest first) and targets are at hand: one query."""
    asked = _asked([series.pk], until, today, has_value=[series.pk] if values else [])
    return _standing_with(series, targets, tuple(values), asked.get(series.pk), today)


def _standing_with(
    series: Series | StoredSeries,
    targets: Iterable[StoredTarget | Target],
    values: tuple[StoredValue, ...],
    asked: tuple[Period, date] | None,
    today: date,
) -> Standing:
    in_force, superseded = split_targets(targets)
    return replace(_standing(series, rule_of(series, in_force), values, asked, today), superseded=superseded)


def targets_of(series_ids: Sequence[int]) -> dict[int, list[StoredTarget]]:
    """Every target there is or was, by series."""
    found: dict[int, list[StoredTarget]] = defaultdict(list)
    for row in TARGETS.rows(list(series_ids)):
        found[row[0]].append(StoredTarget(*row))
    return found


def split_targets(
    targets: Iterable[StoredTarget | Target],
) -> tuple[tuple[StoredTarget | Target, ...], tuple[StoredTarget | Target, ...]]:
    """The targets that count, and those since replaced."""
    targets = tuple(targets)
    return (
        tuple(target for target in targets if target.superseded_at is None),
        tuple(target for target in targets if target.superseded_at is not None),
    )


def _values(
    ids: Sequence[int], count: int, until: date, whole: Sequence[int], *, drafts: bool
) -> dict[int, tuple[StoredValue, ...]]:
    newest_first: dict[int, list[StoredValue]] = defaultdict(list)
    for row in LATEST_VALUES.rows(ids, count, until, whole, drafts):
        newest_first[row[1]].append(StoredValue(*row))
    return {pk: tuple(reversed(rows)) for pk, rows in newest_first.items()}


def approved_values(series_ids: Sequence[int]) -> dict[int, list[StoredValue]]:
    """Every approved value of each series, oldest first."""
    found: dict[int, list[StoredValue]] = {pk: [] for pk in series_ids}
    for row in APPROVED_VALUES.rows(list(series_ids)):
        found[row[1]].append(StoredValue(*row))
    return found


def asked_of(series: QuerySet[Series] | Sequence[int], until: date, today: date) -> QuerySet[DueValue]:
    """The values of the series that are late, or whose deadline is still ahead, the earliest period first."""
    due = DueValue.objects.overdue_or_ahead(today).filter(series__in=series, period_end__lte=until)
    return due.order_by("period_end")


def _asked(
    ids: Sequence[int],
    until: date,
    today: date,
    *,
    has_value: Container[int],
    rows: Iterable[Row] | None = None,
) -> dict[int, tuple[Period, date]]:
    """Each series' period that is asked for: the latest overdue one.

    A series that has neither a value nor an overdue period: the first whose deadline is still ahead.
    """
    overdue: dict[int, tuple[Period, date]] = {}
    ahead: dict[int, tuple[Period, date]] = {}
    for series, period, deadline in ASKED_FOR.rows(ids, until, today) if rows is None else rows:
        if deadline < today:
            overdue[series] = parse_period(period), deadline
        elif series not in has_value:
            ahead.setdefault(series, (parse_period(period), deadline))
    return ahead | overdue


def _standing(
    series: Series | StoredSeries,
    rule: SeriesRule,
    values: tuple[StoredValue, ...],
    asked: tuple[Period, date] | None,
    today: date,
) -> Standing:
    values, provisional = _without_provisional(values)
    latest = values[-1] if values else None
    if asked is not None and (latest is None or latest.period_end <= asked[0].last):
        reading = Reading(period=asked[0], due=asked[1])
        return Standing(series, rule, reading, assess(rule, reading, today), Trend.NO_PREVIOUS, values)
    if latest is None:
        return Standing(series, rule, None, Verdict(Light.NO_DATA, "nodata"), Trend.NO_PREVIOUS, values)
    reading = reading_of(latest)
    verdict = assess(rule, reading, today)
    if latest.is_provisional:
        verdict = replace(verdict, light=Light.NO_DATA, reason_key="provisional")
    return Standing(series, rule, reading, verdict, _trend(rule, values), values, provisional)


def _without_provisional(values: tuple[StoredValue, ...]) -> tuple[tuple[StoredValue, ...], StoredValue | None]:
    """The values up to the last whole one, and the roll-up under way after it; alone, the one under way stands."""
    if not values or not values[-1].is_provisional:
        return values, None
    whole = values
    while len(whole) > 1 and whole[-1].is_provisional:
        whole = whole[:-1]
    return (values if whole[-1].is_provisional else whole), values[-1]


def _trend(rule: SeriesRule, values: tuple[StoredValue, ...]) -> Trend:
    previous = values[-2].value if len(values) > 1 else None
    return trend(rule, values[-1].value, previous, parse_period(values[-1].period))


def standing_at(standing: Standing, day: date) -> Standing:
    """How the series stood on an earlier day, from the values at hand: no query. What was overdue then is not known."""
    values = tuple(value for value in standing.values if value.period_end <= day)
    return _standing(standing.series, standing.rule, values, None, day)


BLOCK = 5000  # ids in one question


def decided_by(days: Days, today: date) -> set[int]:
    """The series whose light today may be another since the stored values of the days changed.

    The light comes from the last approved value, or from the one before where the last is a roll-up under way, or
    from a value that is late. Any other value may change, and the light stays what it was.
    """
    newest = {pk: max(past) for pk, ends in days.items() if (past := [last for last in ends if last <= today])}
    counting = _last_two(list(newest), today)
    return late_series(days, today) | {
        pk for pk, last in newest.items() if len(counting[pk]) < 2 or last >= min(counting[pk])
    }


def _last_two(series: Sequence[int], today: date) -> dict[int, list[date]]:
    """The last days of each series' last two approved values."""
    found: dict[int, list[date]] = defaultdict(list)
    for start in range(0, len(series), BLOCK):
        latest = Measurement.objects.latest_of(series[start : start + BLOCK], 2, today)
        for one, last in latest.values_list("series_id", "period_end"):
            found[one].append(last)
    return found


def late_series(days: Days, today: date) -> set[int]:
    """The series of which a round asked for a value of one of the days, by a day that has passed."""
    every = set().union(*days.values())
    series, found = list(days), set[int]()
    for start in range(0, len(series), BLOCK):
        late = DueValue.objects.filter(
            submission__deadline__lt=today,
            series__in=series[start : start + BLOCK],
            period_end__range=(min(every), max(every)),
        )
        asked = late.order_by().values_list("series", "period_end")
        found.update(pk for pk, last in asked if last in days[pk])
    return found
