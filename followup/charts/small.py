"""Small multiples: one small chart for each unit, all on the same axes, so that they can be compared at a glance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from followup.charts.spec import ACCENT, INK, LINE, MUTED, ChartSpec, PathPoint, Point, axis, step_decimals
from organisation.danish import format_number

WIDTH, HEIGHT = 264, 132
LEFT, RIGHT, TOP, BOTTOM = 40, 48, 10, 22
FONT = 'font-family="IBM Plex Sans, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True)
class Axes:
    """What all the charts of a page span: the values, their gridlines, and the days."""

    low: float
    high: float
    lines: tuple[float, ...]
    first: date
    last: date

    def x(self, day: date) -> float:
        span = max((self.last - self.first).days, 1)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / span, 1)

    def y(self, value: Decimal) -> float:
        share = (self.high - float(value)) / (self.high - self.low)
        return round(TOP + (HEIGHT - TOP - BOTTOM) * share, 1)


def shared_axes(specs: Iterable[ChartSpec]) -> Axes | None:
    """Axes that hold every value of the charts and the path beside them; None where there is no value at all."""
    specs = list(specs)
    days = [point.day for spec in specs for point in _known(spec)]
    if not days:
        return None
    first, last = min(days), max(days)
    values = [point.value for spec in specs for point in _known(spec)]
    values += [point.value for spec in specs for point in _path(spec, first, last)]
    values += [edge for spec in specs for edge in (spec.low, spec.high) if edge is not None]
    low, high, lines = axis([float(value) for value in values])
    return Axes(low, high, tuple(lines), first, last)


def small_svg(spec: ChartSpec, axes: Axes, name: str, against: ChartSpec | None = None) -> str:
    """The chart as one `<svg>`, with the line of another unit, `against`, in grey behind its own.

    `name` makes its id unique on the page.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m-small-chart" role="img" aria-labelledby="{name}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>'
        f'<title id="{name}">{escape(spec.alt)}</title>',
        *_frame(axes),
        *_wanted(spec, axes),
        *(_lines(against, axes, "#8a959e", "1.5") if against is not None else ()),
        *_lines(spec, axes, ACCENT, "2"),
        *_end(spec, axes),
        "</svg>",
    ]
    return "".join(parts)


def _known(spec: ChartSpec) -> list[PathPoint]:
    return [PathPoint(point.day, point.value) for point in spec.points if point.value is not None]


def _path(spec: ChartSpec, first: date, last: date) -> list[PathPoint]:
    return [point for point in spec.path if first <= point.day <= last]


def _frame(axes: Axes) -> Iterable[str]:
    decimals = step_decimals(axes.lines)
    for line in axes.lines:
        value = Decimal(repr(line))
        y = axes.y(value)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{LINE}"/>'
        yield (
            f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end" fill="{MUTED}">{format_number(value, decimals)}</text>'
        )
    years = (axes.first.year, axes.last.year)
    yield f'<text x="{LEFT}" y="{HEIGHT - 5}" fill="{MUTED}">{years[0]}</text>'
    if years[0] != years[1]:
        yield f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 5}" text-anchor="end" fill="{MUTED}">{years[1]}</text>'


def _wanted(spec: ChartSpec, axes: Axes) -> Iterable[str]:
    """The range to be in as a band, or the path to the target dashed."""
    if spec.low is not None and spec.high is not None:
        top = axes.y(spec.high)
        yield (
            f'<rect x="{LEFT}" y="{top}" width="{WIDTH - LEFT - RIGHT}" height="{axes.y(spec.low) - top:.1f}" '
            f'fill="{MUTED}" fill-opacity="0.14"/>'
        )
    path = _path(spec, axes.first, axes.last)
    if len(path) > 1:
        line = " ".join(f"{axes.x(point.day)},{axes.y(point.value)}" for point in path)
        yield f'<polyline points="{line}" fill="none" stroke="{MUTED}" stroke-width="1.2" stroke-dasharray="4 3"/>'


def _lines(spec: ChartSpec, axes: Axes, colour: str, width: str) -> Iterable[str]:
    """The values; never drawn across a missing one."""
    for run in _runs(spec.points):
        line = " ".join(f"{axes.x(point.day)},{axes.y(point.value)}" for point in run)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _runs(points: Sequence[Point]) -> list[list[PathPoint]]:
    runs: list[list[PathPoint]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(PathPoint(point.day, point.value))
    return [run for run in runs if len(run) > 1]


def _end(spec: ChartSpec, axes: Axes) -> Iterable[str]:
    last = spec.last
    if last is None or last.value is None:
        return
    x, y = axes.x(last.day), axes.y(last.value)
    fill = "#fff" if last.is_example else ACCENT
    yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{fill}" stroke="{ACCENT}" data-value="{last.value}"/>'
    words = format_number(last.value, spec.decimals)
    yield f'<text x="{x + 7}" y="{y + 4}" fill="{INK}" font-weight="700">{words}</text>'
