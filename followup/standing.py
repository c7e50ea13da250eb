"""How series and goals stand: the one place that reads values and targets and asks the pure rules.

Every page, the report and the stored counts get their lights from here. For any number of series it takes three
queries (four when some series has no value at all).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from followup.models import DueValue, Measurement
from followup.series import SeriesRule, TargetPoint
from followup.status import Light, Reading, Trend, Verdict, assess, trend
from goals.kinds import Direction, IntervalKind, MissingReason, PathKind, ToleranceKind
from goals.models import Series, Target
from goals.periods import Period, PeriodKind, parse_period


@dataclass(frozen=True, slots=True)
class Standing:
    """How one series stands: its rule, the period it is judged at, the verdict, and the values behind it."""

    series: Series
    rule: SeriesRule
    reading: Reading | None  # None: never a value and none asked for
    verdict: Verdict
    trend: Trend
    values: tuple[Measurement, ...]  # approved, oldest first, the last ones asked for
    provisional: Measurement | None = None  # a roll-up under way: some units are not in yet

    @property
    def latest(self) -> Measurement | None:
        """The latest approved value, also when a later one is overdue."""
        return self.values[-1] if self.values else None

    @property
    def previous(self) -> Measurement | None:
        """The value before the latest."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def light(self) -> Light:
        return self.verdict.light


def rule_of(series: Series, targets: Iterable[Target]) -> SeriesRule:
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


def point_of(target: Target) -> TargetPoint:
    """A stored target in the plain values of `followup.series`."""
    return TargetPoint(parse_period(target.period), target.value, target.low, target.high)


def reading_of(measurement: Measurement, due: date | None = None) -> Reading:
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


def standings_of(series: Sequence[Series], *, until: date, today: date, history: int = 2) -> dict[int, Standing]:
    """Standing of each series (indicator loaded) at its latest period up to `until`, by series id.

    `history` is how many approved values come along, at least two (the trend needs them).
    """
    ids = [one.pk for one in series]
    values = _values(ids, max(history, 2), until)
    targets = targets_in_force(ids)
    asked = _overdue(ids, until, today)
    without = [pk for pk in ids if pk not in values and pk not in asked]
    if without:
        asked |= _coming(without, until)
    return {
        one.pk: _standing(one, rule_of(one, targets[one.pk]), values.get(one.pk, ()), asked.get(one.pk), today)
        for one in series
    }


def targets_in_force(series_ids: Sequence[int]) -> dict[int, list[Target]]:
    """The targets that count, by series."""
    found: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.in_force().filter(series__in=series_ids):
        found[target.series_id].append(target)
    return found


def _values(ids: Sequence[int], count: int, until: date) -> dict[int, tuple[Measurement, ...]]:
    newest_first: dict[int, list[Measurement]] = defaultdict(list)
    for measurement in Measurement.objects.latest_of(ids, count, until):
        newest_first[measurement.series_id].append(measurement)
    return {pk: tuple(reversed(rows)) for pk, rows in newest_first.items()}


def _overdue(ids: Sequence[int], until: date, today: date) -> dict[int, tuple[Period, date]]:
    """Each series' latest period whose deadline has passed without an answer."""
    rows = DueValue.objects.overdue(today).filter(series__in=ids, period_end__lte=until).order_by("period_end")
    return {
        series: (parse_period(period), deadline)
        for series, period, deadline in rows.values_list("series", "period", "submission__round__entry_deadline")
    }


def _coming(ids: Sequence[int], until: date) -> dict[int, tuple[Period, date]]:
    """Each series' first period asked for, whose deadline is still ahead."""
    rows = DueValue.objects.filter(series__in=ids, period_end__lte=until).order_by("-period_end")
    return {
        series: (parse_period(period), deadline)
        for series, period, deadline in rows.values_list("series", "period", "submission__round__entry_deadline")
    }


def _standing(
    series: Series,
    rule: SeriesRule,
    values: tuple[Measurement, ...],
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


def _without_provisional(values: tuple[Measurement, ...]) -> tuple[tuple[Measurement, ...], Measurement | None]:
    """The values up to the last whole one, and the roll-up under way after it; alone, the one under way stands."""
    if not values or not values[-1].is_provisional:
        return values, None
    whole = values
    while len(whole) > 1 and whole[-1].is_provisional:
        whole = whole[:-1]
    return (values if whole[-1].is_provisional else whole), values[-1]


def _trend(rule: SeriesRule, values: tuple[Measurement, ...]) -> Trend:
    previous = values[-2].value if len(values) > 1 else None
    return trend(rule, values[-1].value, previous, parse_period(values[-1].period))


def standing_at(standing: Standing, day: date) -> Standing:
    """How the series stood on an earlier day, from the values at hand: no query. What was overdue then is not known."""
    values = tuple(value for value in standing.values if value.period_end <= day)
    return _standing(standing.series, standing.rule, values, None, day)
