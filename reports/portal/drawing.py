"""The small chart of the public front page: one size for wide and narrow screens, with the way to the target.

Pure: no Django, no script, no style attribute. The recipe is that of `followup.charts.svg`, with fewer words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from followup.charts.spec import ACCENT, LINE, MUTED, ChartSpec, PathPoint, Point, axis, step_decimals
from organisation.danish import format_number

WIDTH, HEIGHT = 352, 168
LEFT, RIGHT, TOP, BOTTOM = 46, 92, 16, 28
FONT = 'font-family="IBM Plex Sans, sans-serif" font-size="13"'
MOST_DOTS = 16
AWAY = 15  # from a point to the words about it


@dataclass(frozen=True, slots=True)
class _Axes:
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


def portal_svg(spec: ChartSpec, name: str) -> str:
    """The chart as one `<svg>`; empty when there is no value to draw. `name` makes its id unique on the page."""
    if spec.last is None:
        return ""
    axes = _axes(spec)
    return "".join(
        (
            f'<svg class="m-portal-chart" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'aria-labelledby="{name}" {FONT}><title id="{name}">{escape(spec.alt)}</title>',
            *_frame(axes),
            *_wanted(spec, axes),
            *_line(spec, axes),
            *_ends(spec, axes),
            "</svg>",
        )
    )


def _axes(spec: ChartSpec) -> _Axes:
    low, high, lines = axis(_values(spec))
    first, last = spec.days()
    return _Axes(low, high, tuple(lines), first, last)


def _values(spec: ChartSpec) -> list[float]:
    """As `ChartSpec.values`, without what is not drawn here: the tolerance and earlier targets."""
    found = [float(point.value) for point in spec.points if point.value is not None]
    found += [float(point.value) for point in spec.path]
    found += [float(edge) for edge in (spec.low, spec.high) if edge is not None]
    if spec.baseline is not None and spec.baseline.value is not None:
        found.append(float(spec.baseline.value))
    return found


def _frame(axes: _Axes) -> Iterator[str]:
    decimals = step_decimals(axes.lines)
    for line in axes.lines:
        value = Decimal(repr(line))
        y = axes.y(value)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{LINE}"/>'
        words = format_number(value, decimals)
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" font-size="12" fill="{MUTED}">{words}</text>'
    years = sorted({axes.first.year, axes.last.year})
    for year, x, anchor in zip(years, (LEFT, WIDTH - RIGHT), ("start", "end"), strict=False):
        yield f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="{anchor}" font-size="12" fill="{MUTED}">{year}</text>'


def _wanted(spec: ChartSpec, axes: _Axes) -> Iterator[str]:
    """The range to be in as a band, or the way to the target dashed, with the target at its end."""
    if spec.low is not None and spec.high is not None:
        top, height = axes.y(spec.high), axes.y(spec.low) - axes.y(spec.high)
        yield (
            f'<rect x="{LEFT}" y="{top}" width="{WIDTH - LEFT - RIGHT}" height="{height:.1f}" fill="{MUTED}" '
            'fill-opacity=".14"/>'
        )
    if len(spec.path) > 1:
        drawn = f'fill="none" stroke="{MUTED}" stroke-width="1.6" stroke-dasharray="6 4"'
        yield f'<path d="{_path(spec.path, axes)}" {drawn}/>'


def _path(points: tuple[PathPoint, ...] | list[PathPoint], axes: _Axes) -> str:
    return "M" + "L".join(f"{axes.x(point.day)} {axes.y(point.value)}" for point in points)


def _line(spec: ChartSpec, axes: _Axes) -> Iterator[str]:
    """The values; never drawn across a missing one."""
    for run in _runs(spec.points):
        if len(run) > 1:
            drawn = f'fill="none" stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"'
            yield f'<path d="{_path(run, axes)}" {drawn}/>'
    known = [point for point in spec.points if point.value is not None]
    for point in known if len(known) <= MOST_DOTS else known[-1:]:
        fill = "#fff" if point.is_example else ACCENT
        assert point.value is not None
        x, y = axes.x(point.day), axes.y(point.value)
        yield f'<circle cx="{x}" cy="{y}" r="3" fill="{fill}" stroke="{ACCENT}" stroke-width="1.5"/>'


def _runs(points: tuple[Point, ...]) -> list[list[PathPoint]]:
    runs: list[list[PathPoint]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(PathPoint(point.day, point.value))
    return runs


def _ends(spec: ChartSpec, axes: _Axes) -> Iterator[str]:
    """The latest value beside its point, on the far side of the way to the target; the target at the right."""
    last = spec.last
    assert last is not None and last.value is not None
    if spec.path:
        end = spec.path[-1]
        target = f"måltal {format_number(end.value, spec.decimals)}"
        beside = f'x="{WIDTH - RIGHT + 6}" y="{axes.y(end.value) + 4}"'
        yield f'<text {beside} font-weight="600" fill="{MUTED}">{target}</text>'
    x, y = axes.x(last.day), axes.y(last.value)
    is_above = _is_above(spec, axes, last)
    at = y - AWAY + 5 if is_above else y + AWAY + 4
    if at < TOP - 2 or at > HEIGHT - BOTTOM + 2:
        at = y + AWAY + 4 if is_above else y - AWAY + 5
    words = format_number(last.value, spec.decimals)
    halo = f'<text x="{x}" y="{at:.1f}" text-anchor="middle" font-weight="700"'
    yield f'{halo} stroke="#fff" stroke-width="4" stroke-linejoin="round" fill="#fff" aria-hidden="true">{words}</text>'
    yield f'{halo} fill="{ACCENT}">{words}</text>'


def _is_above(spec: ChartSpec, axes: _Axes, last: Point) -> bool:
    """Whether the value lies above the way to the target on its day; above too where there is none."""
    ahead = [point for point in spec.path if point.day >= last.day]
    if not ahead or last.value is None:
        return True
    return axes.y(last.value) <= axes.y(ahead[0].value)
