"""The steering triangle: how economy, activity and quality stand and move, and what the combination says. Pure.

A side's light is the worst of its series', its movement that of all of them together: nothing is averaged, and amounts
in different kroner are never compared or added (`goals.prices`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from followup.series import SeriesRule
from followup.status import Light, Trend, count_lights, trend, worst
from goals.kinds import Side
from goals.periods import Period, PeriodKind
from goals.prices import Prices, are_comparable
from organisation.danish import round_half_up

SIDES = (Side.QUALITY, Side.ACTIVITY, Side.ECONOMY)  # as they are read: what it is for, what is done, what it takes


class Way(StrEnum):
    """The way of a number at the printed precision, whether that is good or not."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    NONE = ""  # nothing to compare with


class Turn(StrEnum):
    """What a side has done since the period before. In the order of worst first, as far as there is one."""

    WORSE = "worse"
    MIXED = "mixed"  # some better, some worse
    UNCHANGED = "unchanged"
    BETTER = "better"
    LATE = "late"  # the newest is missing
    NOTHING = "nothing"  # nothing to compare with
    APART = "apart"  # amounts in different kroner: they cannot be read together


class Combination(StrEnum):
    """What quality and economy do together; each names a sentence."""

    BOTH_BETTER = "both_better"
    BETTER_FOR_THE_SAME = "better_for_the_same"
    BETTER_AT_A_PRICE = "better_at_a_price"
    SAME_FOR_LESS = "same_for_less"
    SAME_AT_A_PRICE = "same_at_a_price"
    WORSE_FOR_LESS = "worse_for_less"
    WORSE_FOR_THE_SAME = "worse_for_the_same"
    BOTH_WORSE = "both_worse"


@dataclass(frozen=True, slots=True)
class Measured:
    """One series of a side, in plain values. `values` are oldest first; None is no number."""

    key: int
    name: str
    side: Side
    light: Light
    rule: SeriesRule
    values: tuple[tuple[Period, Decimal | None], ...]
    prices: Prices | None = None  # None: not an amount


@dataclass(frozen=True, slots=True)
class SideState:
    """How one side stands: its worst light, the counts beside it, and what it has done since the period before."""

    side: Side
    light: Light
    counts: Mapping[Light, int]
    turn: Turn
    way: Way  # of its number, where it is measured by one series
    only: Measured | None  # that series
    kroner: tuple[Prices, ...]  # the different ones of its amounts

    @property
    def is_measured(self) -> bool:
        """Whether any series is on the side."""
        return bool(self.counts)

    @property
    def is_comparable(self) -> bool:
        """Whether its amounts may be read together."""
        return self.turn is not Turn.APART


def way_of(series: Measured) -> Way:
    """Up, down or unchanged since the value before, as printed."""
    now, before = _last_two(series)
    if now is None or before is None:
        return Way.NONE
    now, before = round_half_up(now, series.rule.decimals), round_half_up(before, series.rule.decimals)
    return Way.FLAT if now == before else Way.UP if now > before else Way.DOWN


def turn_of(series: Measured) -> Turn:
    """Better, worse or unchanged since the value before, in the direction that is good."""
    if series.light is Light.OVERDUE:
        return Turn.LATE
    now, before = _last_two(series)
    moved = trend(series.rule, now, before, series.values[-1][0] if series.values else None)
    return Turn.NOTHING if moved is Trend.NO_PREVIOUS else Turn(moved.value)


def _last_two(series: Measured) -> tuple[Decimal | None, Decimal | None]:
    """The newest value and the one before; nothing while the newest is late."""
    if series.light is Light.OVERDUE or len(series.values) < 2:
        return None, None
    return series.values[-1][1], series.values[-2][1]


def side_state(side: Side, series: Iterable[Measured]) -> SideState:
    """The side from its series, whatever their order; those of other sides are left out."""
    own = [one for one in series if one.side is side]
    amounts = [one.prices for one in own if one.prices is not None]
    lights = [one.light for one in own]
    only = own[0] if len(own) == 1 else None
    return SideState(
        side=side,
        light=worst(lights),
        counts=count_lights(lights),
        turn=_together({turn_of(one) for one in own}) if are_comparable(amounts) else Turn.APART,
        way=way_of(only) if only is not None else Way.NONE,
        only=only,
        kroner=tuple(sorted(set(amounts), key=lambda one: (one.level or "", one.year or 0))),
    )


def _together(turns: Collection[Turn]) -> Turn:
    """What several series have done: those that cannot be compared with the period before do not count."""
    if Turn.BETTER in turns and Turn.WORSE in turns:
        return Turn.MIXED
    known = (Turn.BETTER, Turn.WORSE, Turn.UNCHANGED, Turn.LATE)
    return next((turn for turn in known if turn in turns), Turn.NOTHING)


def triangle(series: Sequence[Measured]) -> tuple[SideState, ...]:
    """The three sides in the order they are read; one that nothing measures has no counts."""
    return tuple(side_state(side, series) for side in SIDES)


_COMBINATIONS = {
    (Turn.BETTER, Turn.BETTER): Combination.BOTH_BETTER,
    (Turn.BETTER, Turn.UNCHANGED): Combination.BETTER_FOR_THE_SAME,
    (Turn.BETTER, Turn.WORSE): Combination.BETTER_AT_A_PRICE,
    (Turn.UNCHANGED, Turn.BETTER): Combination.SAME_FOR_LESS,
    (Turn.UNCHANGED, Turn.WORSE): Combination.SAME_AT_A_PRICE,
    (Turn.WORSE, Turn.BETTER): Combination.WORSE_FOR_LESS,
    (Turn.WORSE, Turn.UNCHANGED): Combination.WORSE_FOR_THE_SAME,
    (Turn.WORSE, Turn.WORSE): Combination.BOTH_WORSE,
}


def combination(sides: Iterable[SideState]) -> Combination | None:
    """What quality and economy do together; None where one of them does not say, or neither has moved."""
    turns = {one.side: one.turn for one in sides if one.is_measured}
    pair = turns.get(Side.QUALITY, Turn.NOTHING), turns.get(Side.ECONOMY, Turn.NOTHING)
    return _COMBINATIONS.get(pair)


# ---- over time -------------------------------------------------------------------------------------------------------

# How long the periods are, near enough to tell which are longer.
_DAYS = {
    PeriodKind.DAY: 1,
    PeriodKind.WEEK: 7,
    PeriodKind.FORTNIGHT: 14,
    PeriodKind.MONTH: 30,
    PeriodKind.QUARTER: 91,
    PeriodKind.TERTIAL: 122,
    PeriodKind.HALF_YEAR: 182,
    PeriodKind.YEAR: 365,
    PeriodKind.SCHOOL_YEAR: 366,
    PeriodKind.WAVE: 367,
    PeriodKind.SPAN: 1000,
}
PERIODS = 8


def rhythm(series: Iterable[Measured]) -> PeriodKind | None:
    """The shortest kind of period in which every measured side gets new numbers; None without a value."""
    quickest: dict[Side, PeriodKind] = {}
    for one in series:
        if one.values:
            kinds = (quickest.get(one.side, one.rule.kind), one.rule.kind)
            quickest[one.side] = min(kinds, key=_DAYS.__getitem__)
    return max(quickest.values(), key=_DAYS.__getitem__, default=None)


def moments(series: Sequence[Measured], *, since: date | None = None, most: int = PERIODS) -> list[Period]:
    """The last periods to tell of, the latest first: those of the triangle's rhythm that have values, after `since`."""
    kind = rhythm(series)
    found = {period for one in series if one.rule.kind is kind for period, _value in one.values}
    shown = (period for period in found if since is None or period.last >= since)
    return sorted(shown, key=lambda period: period.last, reverse=True)[:most]
