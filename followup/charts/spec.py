"""What a line chart shows, in plain values. Both pictures, the server's SVG and Plotly's, are drawn from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from organisation.danish import STORED_DECIMALS

ACCENT = "#0b4f6c"
MUTED = "#5c6670"
LINE = "#d8dde1"
INK = "#1a1a1a"


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its code, its Danish name, its last day, and the value if there is one."""

    code: str
    label: str
    day: date
    value: Decimal | None
    is_example: bool = False
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class PathPoint:
    """Where the series is expected to be on a day."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class EarlierTarget:
    """A target that was replaced: it stays on the chart, dotted."""

    day: date
    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """Everything one line chart shows. Texts are ready to print; numbers are not rounded."""

    title: str  # the point: "Fraværet falder, men ikke hurtigt nok"
    subtitle: str
    alt: str
    unit: str
    decimals: int
    points: tuple[Point, ...]
    baseline: Point | None = None
    path: tuple[PathPoint, ...] = ()
    tolerance: Decimal = Decimal(0)
    earlier: tuple[EarlierTarget, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    target_label: str = ""
    expected_label: str = ""  # "forventet 84,0", when the latest value is off the path

    @property
    def last(self) -> Point | None:
        """The latest point with a value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    def values(self) -> list[float]:
        """Every number the axis must hold."""
        found = [float(point.value) for point in self.points if point.value is not None]
        tolerance = float(self.tolerance)
        for point in self.path:
            value = float(point.value)
            found += (value - tolerance, value + tolerance)
        found += [float(target.value) for target in self.earlier]
        found += [float(edge) for edge in (self.low, self.high) if edge is not None]
        if self.baseline is not None and self.baseline.value is not None:
            found.append(float(self.baseline.value))
        return found

    def days(self) -> tuple[date, date]:
        """The first and last day of the time axis."""
        days = [point.day for point in self.points] + [point.day for point in self.path]
        days += [target.day for target in self.earlier]
        if self.baseline is not None:
            days.append(self.baseline.day)
        return min(days), max(days)


def axis(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """(low, high, gridlines): three or four round gridlines that hold all values. Zero only where it is near."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low == high:
        pad = abs(low) * 0.1 or 1.0
        low, high = low - pad, high + pad
    if 0 < low < (high - low) * 0.6:
        low = 0.0
    step = _round_step((high - low) / 4)
    while True:
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= 3:
            break
        step = _round_step(step * 1.1)
    lines = [round(at * step, 10) for at in range(first, last + 1)]
    return lines[0], lines[-1], lines


def _round_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999)


def step_decimals(lines: Sequence[float]) -> int:
    """The decimals that the gridlines need, at most as many as are stored."""
    step = abs(lines[1] - lines[0]) if len(lines) > 1 else 1.0
    return next((n for n in range(STORED_DECIMALS) if abs(round(step, n) - step) < step * 1e-6), STORED_DECIMALS)


def year_ticks(first: date, last: date, most: int) -> list[date]:
    """Where the time axis is labelled: year ends, thinned to `most`; both ends when it holds none."""
    years = list(range(first.year, last.year + 1))
    every = max(1, math.ceil(len(years) / most))
    ends = [date(year, 12, 31) for year in years if (years[-1] - year) % every == 0]
    return [day for day in ends if first <= day <= last] or [first, last]
