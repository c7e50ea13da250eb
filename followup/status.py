"""The light of a series and of a goal, as a function of plain values. Pure: no Django.

Everything is decided at the precision that is printed: value, expected value and tolerance are rounded half up to
the indicator's decimals, each by itself, and then compared. What is printed explains the word beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

from followup.series import (
    SeriesRule,
    TargetPoint,
    distance_to_range,
    expected,
    is_before_baseline,
    progress,
    share_of_year,
    target_in_force,
    targets_ahead,
    tolerance_at,
)
from followup.statistics import poisson_interval, t_interval, wilson
from goals.kinds import Direction, IntervalKind, MissingReason
from goals.periods import Period
from organisation.danish import round_half_up


class Light(StrEnum):
    """How it goes. In the order of worst first; the values are also CSS names."""

    OFF_TRACK = "offtrack"
    OVERDUE = "overdue"
    AT_RISK = "atrisk"
    UNCERTAIN = "uncertain"
    ON_TRACK = "ontrack"
    REACHED = "reached"
    NOT_DUE = "notdue"
    NO_DATA = "nodata"
    NO_TARGET = "notarget"


T = TypeVar("T")
ORDER = {light: place for place, light in enumerate(Light)}
NOT_SHOWN = (MissingReason.WITHHELD, MissingReason.NOT_APPLICABLE)
DEVIATIONS = (Light.OFF_TRACK, Light.OVERDUE, Light.AT_RISK, Light.UNCERTAIN)
UNSPOKEN = (Light.NO_DATA, Light.NOT_DUE)
ON_COURSE = (Light.ON_TRACK, Light.REACHED)


class Trend(StrEnum):
    """The latest value beside the one before."""

    BETTER = "better"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    NO_PREVIOUS = "no_previous"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one period: a value, or why there is none, and when it was or is due."""

    period: Period
    value: Decimal | None = None
    missing: MissingReason | None = None
    n: int | None = None
    sd: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light and what explains it, all at the printed precision. `reason_key` names the sentence."""

    light: Light
    reason_key: str
    value: Decimal | None = None
    expected: Decimal | None = None
    target: TargetPoint | None = None
    difference: Decimal | None = None  # value - expected; for a range, how far outside
    tolerance: Decimal | None = None
    interval: tuple[Decimal, Decimal] | None = None
    progress: Decimal | None = None


def assess(rule: SeriesRule, reading: Reading, today: date) -> Verdict:
    """The verdict on one reading; the first rule that fits (rules.md, decisions.md: "Status, exactly")."""
    if reading.value is None or reading.missing in NOT_SHOWN:
        return _without_value(reading, today)
    value = round_half_up(reading.value, rule.decimals)
    target = target_in_force(rule, reading.period)
    if target is None:
        return Verdict(Light.NO_TARGET, "notarget", value)
    if is_before_baseline(rule, reading.period):
        return Verdict(Light.NO_TARGET, "before_baseline", value)
    if rule.direction is Direction.RANGE:
        return _in_range(rule, target, value)
    return _against_target(rule, reading, target, value)


def _without_value(reading: Reading, today: date) -> Verdict:
    if reading.missing is MissingReason.WITHHELD:
        return Verdict(Light.NO_DATA, "nodata_withheld")
    if reading.missing is MissingReason.NOT_APPLICABLE:
        return Verdict(Light.NO_DATA, "nodata_not_applicable")
    if reading.due is not None:
        return Verdict(Light.OVERDUE, "overdue") if reading.due < today else Verdict(Light.NOT_DUE, "notdue")
    if reading.missing is MissingReason.NOT_DUE:
        return Verdict(Light.NOT_DUE, "nodata_later")
    return Verdict(Light.NO_DATA, "nodata")


def _in_range(rule: SeriesRule, target: TargetPoint, value: Decimal) -> Verdict:
    shown = _shown_range(rule, target)
    distance = distance_to_range(shown, value)
    tolerance = _shown_tolerance(rule, tolerance_at(rule, target.period))
    if distance == 0:
        return Verdict(Light.REACHED, "range_inside", value, None, shown, distance, tolerance)
    side = "over" if shown.high is not None and value > shown.high else "under"
    light = Light.AT_RISK if distance <= tolerance else Light.OFF_TRACK
    return Verdict(light, f"range_{light.value}_{side}", value, None, shown, distance, tolerance)


def _shown_range(rule: SeriesRule, target: TargetPoint) -> TargetPoint:
    """The range as it is printed."""
    low, high = (round_half_up(edge or Decimal(0), rule.decimals) for edge in (target.low, target.high))
    return TargetPoint(target.period, None, low, high)


def _against_target(rule: SeriesRule, reading: Reading, target: TargetPoint, value: Decimal) -> Verdict:
    goes = expected(rule, reading.period)
    assert goes is not None  # there is a target, and the period is not before the baseline
    wanted = round_half_up(goes, rule.decimals)
    tolerance = _shown_tolerance(rule, tolerance_at(rule, reading.period))
    interval = _interval(rule, reading)
    ahead = targets_ahead(rule, reading.period)

    def verdict(light: Light, key: str, shown: TargetPoint = target) -> Verdict:
        reached = progress(rule, value)
        return Verdict(light, key, value, wanted, shown, value - wanted, tolerance, interval, reached)

    if interval is not None and interval[0] <= wanted <= interval[1]:
        return verdict(Light.UNCERTAIN, "uncertain")
    meets_all = all(rule.meets(value, round_half_up(one.value or Decimal(0), rule.decimals)) for one in ahead)
    if meets_all and not _may_be_undone(rule, reading.period, target):
        return verdict(Light.REACHED, "reached", ahead[-1])
    if rule.meets(value, wanted):
        return verdict(Light.ON_TRACK, "ontrack")
    side = "over" if value > wanted else "under"
    if abs(value - wanted) <= tolerance:
        return verdict(Light.AT_RISK, f"atrisk_{side}")
    return verdict(Light.OFF_TRACK, f"offtrack_{side}" if tolerance else f"offtrack_{side}_exact")


def _may_be_undone(rule: SeriesRule, period: Period, target: TargetPoint) -> bool:
    """Whether a running total starts on the good side of its target, so that only the whole year can show it kept."""
    starts_good = rule.accumulates and rule.meets(Decimal(0), target.value or Decimal(0))
    return starts_good and share_of_year(period) < 1


def _shown_tolerance(rule: SeriesRule, tolerance: Decimal) -> Decimal:
    """Rounded like the rest, but a tolerance that is set never rounds away."""
    shown = round_half_up(tolerance, rule.decimals)
    return Decimal(1).scaleb(-rule.decimals) if tolerance > 0 and shown == 0 else shown


def _interval(rule: SeriesRule, reading: Reading) -> tuple[Decimal, Decimal] | None:
    """The 95 % interval at the printed precision, where the series has one and the reading what it takes."""
    if rule.interval is IntervalKind.NONE or reading.value is None:
        return None
    edges: tuple[float, float] | None = None
    if rule.interval is IntervalKind.MEAN:
        if reading.n is not None and reading.n > 1 and reading.sd is not None:
            edges = t_interval(float(reading.value), float(reading.sd), reading.n)
    elif reading.numerator is not None and reading.denominator is not None:
        edges = _ratio_interval(rule, reading.numerator, reading.denominator)
    if edges is None:
        return None
    low_edge, high_edge = (round_half_up(Decimal(repr(edge)), rule.decimals) for edge in edges)
    return low_edge, high_edge


def _ratio_interval(rule: SeriesRule, numerator: Decimal, denominator: Decimal) -> tuple[float, float] | None:
    """None where the two are no count out of a whole: negative, or more cases than there is room for."""
    is_share = rule.interval is IntervalKind.SHARE
    if numerator < 0 or denominator <= 0 or (is_share and numerator > denominator):
        return None
    low, high = (wilson if is_share else poisson_interval)(float(numerator), float(denominator))
    return low * rule.factor, high * rule.factor


def trend(rule: SeriesRule, value: Decimal | None, previous: Decimal | None, period: Period | None = None) -> Trend:
    """Better or worse than the value before, at the printed precision; in a range, nearer to it or further away."""
    if value is None or previous is None:
        return Trend.NO_PREVIOUS
    now, before = round_half_up(value, rule.decimals), round_half_up(previous, rule.decimals)
    if now == before:
        return Trend.UNCHANGED
    if rule.direction is not Direction.RANGE:
        return Trend.BETTER if rule.meets(now, before) else Trend.WORSE
    target = target_in_force(rule, period) if period else (rule.targets[-1] if rule.targets else None)
    if target is None:
        return Trend.NO_PREVIOUS
    shown = _shown_range(rule, target)
    near, far = distance_to_range(shown, now), distance_to_range(shown, before)
    return Trend.UNCHANGED if near == far else Trend.BETTER if near < far else Trend.WORSE


def worst(lights: Iterable[Light]) -> Light:
    """The worst of the lights; no data for none. Never an average."""
    return min(lights, key=ORDER.__getitem__, default=Light.NO_DATA)


class Kept(NamedTuple):
    """A series of a goal: what it measures, until when, and its light."""

    indicator: int
    last_day: date | None
    light: Light


def in_turn(series: Sequence[Kept]) -> list[int]:
    """The places of the series that still count for a goal's light, in their order.

    One that has ended is left out once another of the same indicator, kept longer, has a light of its own: after a
    merger or a split the new unit's number takes over when it is there.
    """
    speaking = [one for one in series if one.light not in UNSPOKEN]

    def is_taken_over(one: Kept) -> bool:
        last = one.last_day
        return last is not None and any(
            other.indicator == one.indicator and (other.last_day is None or other.last_day > last) for other in speaking
        )

    return [place for place, one in enumerate(series) if not is_taken_over(one)]


def deciding(series: Iterable[tuple[T, bool]]) -> list[T]:
    """Of pairs with whether it is prioritised: those that decide a goal's light. None prioritised means all."""
    series = list(series)
    return [one for one, prioritised in series if prioritised] or [one for one, _ in series]


def goal_light(series: Sequence[tuple[Light, bool]]) -> tuple[Light, dict[Light, int]]:
    """A goal's light from its series' (light, is prioritised), and the counts behind it.

    The worst of the prioritised ones; none prioritised means all. Series without a light of their own (no data, not
    due, no target) decide only when there is nothing else.
    """
    lights = deciding(series)
    return worst(lights), count_lights(lights)


def count_lights(lights: Iterable[Light]) -> dict[Light, int]:
    """How many of each, worst first; lights that do not occur are left out."""
    counts = dict.fromkeys(Light, 0)
    for light in lights:
        counts[light] += 1
    return {light: count for light, count in counts.items() if count}
