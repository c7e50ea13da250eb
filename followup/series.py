"""A series in plain values: what is expected when, how far along it is, and how units add up. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from goals.kinds import Direction, IntervalKind, MissingReason, PathKind, ToleranceKind, UnitRollup
from goals.periods import Period, PeriodKind, steps_between

ZERO = Decimal(0)
# Kinds whose periods do not follow each other at a fixed distance.
IRREGULAR = (PeriodKind.SPAN, PeriodKind.WAVE)
PATH_POINTS = 400


@dataclass(frozen=True, slots=True)
class TargetPoint:
    """A target in a period of the series' own kind: one value, or a range from low to high."""

    period: Period
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """Everything that decides a series' light but its values. Targets are in order of period."""

    direction: Direction
    kind: PeriodKind
    decimals: int
    baseline: tuple[Period, Decimal] | None = None
    targets: tuple[TargetPoint, ...] = ()
    tolerance: Decimal | None = None
    tolerance_kind: ToleranceKind = ToleranceKind.ABSOLUTE
    path: PathKind = PathKind.LINEAR
    accumulates: bool = False
    interval: IntervalKind = IntervalKind.NONE
    factor: int = 100  # what numerator / denominator is multiplied by

    def meets(self, value: Decimal, wanted: Decimal) -> bool:
        """Whether the value is at least as good as the wanted one; never asked of a range."""
        return value <= wanted if self.direction is Direction.LOWER else value >= wanted


def target_in_force(rule: SeriesRule, period: Period) -> TargetPoint | None:
    """The first target at or after the period; after the last target, that one."""
    for target in rule.targets:
        if target.period.last >= period.last:
            return target
    return rule.targets[-1] if rule.targets else None


def targets_ahead(rule: SeriesRule, period: Period) -> tuple[TargetPoint, ...]:
    """The target in force and all later ones."""
    ahead = tuple(target for target in rule.targets if target.period.last >= period.last)
    return ahead or rule.targets[-1:]


def is_before_baseline(rule: SeriesRule, period: Period) -> bool:
    """Whether the period lies before the series' baseline."""
    return rule.baseline is not None and period.last < rule.baseline[0].last


def expected(rule: SeriesRule, period: Period) -> Decimal | None:
    """Where the series is to be in the period, unrounded; None without target, before the baseline and for ranges.

    Goes from the baseline through the targets, in a straight line or in steps, by number of the series' periods.
    A point already better than the next target asks for that target at once. Without a baseline: the target.
    """
    target = target_in_force(rule, period)
    if target is None or target.value is None or is_before_baseline(rule, period):
        return None
    if rule.accumulates:
        return target.value * share_of_year(period)
    start = _known_before(rule, target)
    if start is None or period.last >= target.period.last or rule.meets(start[1], target.value):
        return target.value
    since, value = start
    if rule.path is PathKind.STEP:
        return value
    gone, whole = _way(since, period, target.period)
    return value + (target.value - value) * gone / whole if whole > 0 else target.value


def _way(since: Period, period: Period, until: Period) -> tuple[int, int]:
    """How far `period` and `until` lie after `since`: in periods, or in days where the periods have no fixed length."""
    if since.kind is period.kind is until.kind and since.kind not in IRREGULAR:
        return steps_between(since, period), steps_between(since, until)
    return (period.last - since.last).days, (until.last - since.last).days


def share_of_year(period: Period) -> Decimal:
    """Which share of its calendar year has gone when the period ends, counted in periods of its kind.

    A period belongs to the year it ends in, as targets and rounds have it. A year or more is a whole year.
    """
    if period.kind in IRREGULAR or period.kind is PeriodKind.SCHOOL_YEAR:
        return Decimal(1)
    first = Period.containing(period.last.replace(month=1, day=1), period.kind)
    after = Period.containing(period.last.replace(year=period.last.year + 1, month=1, day=1), period.kind)
    return Decimal(steps_between(first, period) + 1) / steps_between(first, after)


def _known_before(rule: SeriesRule, target: TargetPoint) -> tuple[Period, Decimal] | None:
    """The point before the target: the previous target, or the baseline."""
    at = rule.targets.index(target)
    previous = rule.targets[at - 1] if at else None
    if previous is None or previous.value is None:
        return rule.baseline
    if rule.baseline is not None and previous.period.last <= rule.baseline[0].last:
        return rule.baseline
    return previous.period, previous.value


def tolerance_at(rule: SeriesRule, period: Period) -> Decimal:
    """How far from the expected value counts as close, in the unit of measure, unrounded; zero when none is set.

    A share is of the distance from baseline to the target in force; a baseline already past it has no distance.
    """
    if rule.tolerance is None:
        return ZERO
    if rule.tolerance_kind is ToleranceKind.ABSOLUTE:
        return rule.tolerance
    target = target_in_force(rule, period)
    if target is None or target.value is None or rule.baseline is None:
        return ZERO
    start = rule.baseline[1]
    return ZERO if rule.meets(start, target.value) else rule.tolerance * abs(target.value - start)


def progress(rule: SeriesRule, value: Decimal) -> Decimal | None:
    """(value - baseline) / (last target - baseline); None for ranges and where the baseline already meets it."""
    if rule.baseline is None or not rule.targets:
        return None
    start, target = rule.baseline[1], rule.targets[-1].value
    if target is None or rule.meets(start, target):
        return None
    return (value - start) / (target - start)


def distance_to_range(target: TargetPoint, value: Decimal) -> Decimal:
    """How far outside the range the value lies; zero inside."""
    low, high = target.low or ZERO, target.high or ZERO
    return max(low - value, value - high, ZERO)


def path_points(rule: SeriesRule, first: Period | None = None) -> list[tuple[Period, Decimal]]:
    """The expected path, period by period, from the baseline (else `first`, else the first target) to the last target.

    Some 400 points at most, the targets always among them; empty for ranges and without targets.
    """
    if not rule.targets or rule.targets[-1].value is None:
        return []
    start = rule.baseline[0] if rule.baseline else min(first or rule.targets[0].period, rule.targets[0].period)
    wanted = [(at, expected(rule, at)) for at in _periods_drawn(start, [target.period for target in rule.targets])]
    return [(at, value) for at, value in wanted if value is not None]


def _periods_drawn(start: Period, targets: Sequence[Period]) -> list[Period]:
    """Every period from the start to the last target, thinned where there are many; irregular kinds: the targets."""
    ahead = [target for target in targets if target.last >= start.last]
    if any(period.kind is not start.kind or period.kind in IRREGULAR for period in (start, *ahead)):
        return sorted({start, *ahead})
    steps = [steps_between(start, target) for target in ahead]
    every = max(steps, default=0) // PATH_POINTS + 1
    # The period before a target too, so that a step stays a step.
    kept = {0, *range(0, max(steps, default=-1) + 1, every), *steps, *(step - 1 for step in steps if step)}
    return [start.shift(step) for step in sorted(kept)] if ahead else []


def derive(numerator: Decimal, denominator: Decimal, factor: int) -> Decimal:
    """numerator / denominator x factor; the denominator is never zero."""
    # Multiplied first: 1 / 6 x 3 is a half, which rounds up.
    return numerator * factor / denominator


class Addend(Protocol):
    """One unit's value in a roll-up, however it is kept."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def missing(self) -> str | None:
        """A `MissingReason`; None or empty where there is a number."""


class Part(NamedTuple):
    """One unit's value in a roll-up; empty when it has not come."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: MissingReason | None = None


class RolledUp(NamedTuple):
    """A value made of several units', and of how many of those expected."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    n_present: int
    n_expected: int


def roll_up(parts: Sequence[Addend], kind: UnitRollup, factor: int) -> RolledUp:
    """Add up units: numbers are summed, ratios by numerator and denominator, percentages never averaged.

    A unit for which the indicator is not applicable is left out; any other without a value is expected but not present.
    """
    left_out = MissingReason.NOT_APPLICABLE.value
    counted = [part for part in parts if part.missing != left_out]
    if kind is UnitRollup.RATIO:
        pairs = [(p.numerator, p.denominator) for p in counted if p.numerator is not None and p.denominator is not None]
        numerator = sum((n for n, _ in pairs), ZERO)
        denominator = sum((d for _, d in pairs), ZERO)
        if denominator == 0:
            return RolledUp(None, None, None, len(pairs), len(counted))
        value = derive(numerator, denominator, factor)
        return RolledUp(value, numerator, denominator, len(pairs), len(counted))
    values = [part.value for part in counted if part.value is not None]
    total = sum(values, ZERO) if values and kind is UnitRollup.SUM else None
    return RolledUp(total, None, None, len(values), len(counted))


def growth_ratio(
    base: float, base_year: int, current: float, current_year: int, target: float, target_year: int
) -> float:
    """Yearly growth so far over the yearly growth needed, both compound.

    ((current/base)^(1/(cy-by)) - 1) / ((target/base)^(1/(ty-by)) - 1), as Statistics Canada's SDG data hub computes
    progress. Zero division when base equals target; see `is_past_target` for a base already better.
    """
    so_far = (current / base) ** (1 / (current_year - base_year)) - 1
    needed = (target / base) ** (1 / (target_year - base_year)) - 1
    return float(so_far / needed)


def is_past_target(base: float, target: float, direction: Direction) -> bool:
    """Whether the baseline was already better than the target, so that a ratio of growths means nothing."""
    return base < target if direction is Direction.LOWER else base > target
