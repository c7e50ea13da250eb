"""Small accessible charts drawn on the server: no script, no style attribute, right on paper and on screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from itertools import pairwise

from followup.charts.placing import SINK, Box, Label, Segment, Spot, placed
from followup.charts.spec import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    ChartSpec,
    EarlierTarget,
    Point,
    axis,
    step_decimals,
    year_ticks,
)
from organisation.danish import format_number

FONT = 'font-family="IBM Plex Sans, sans-serif"'


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and the room round the plot, in pixels. Two are drawn; none is scaled."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    font: int
    ticks: int


WIDE = Frame(720, 290, 52, 130, 22, 30, 13, 9)
NARROW = Frame(340, 250, 44, 88, 20, 28, 12, 4)
EXPECTED_REACH = 44  # further away the text no longer says which place it means


class _Extent:
    """What a chart spans, whatever the frame: its axis, its days, and the text of its path."""

    def __init__(self, spec: ChartSpec) -> None:
        self.low, self.high, self.lines = axis(spec.values())
        self.first, self.last = spec.days()
        self.path_values = " ".join(f"{p.value:.8f}".rstrip("0").rstrip(".") for p in spec.path)


class _Scale:
    """From days and values to pixels."""

    def __init__(self, extent: _Extent, frame: Frame) -> None:
        self.extent, self.frame = extent, frame
        self.inner_width = frame.width - frame.left - frame.right
        self.inner_height = frame.height - frame.top - frame.bottom
        self.start = extent.first.toordinal()
        self.span = max(extent.last.toordinal() - self.start, 1)
        self.rise = extent.high - extent.low

    def x(self, day: date) -> float:
        return round(self.frame.left + self.inner_width * (day.toordinal() - self.start) / self.span, 1)

    def y(self, value: Decimal | float) -> float:
        return round(self.frame.top + self.inner_height * (self.extent.high - float(value)) / self.rise, 1)


def line_svg(spec: ChartSpec, frame: Frame = WIDE, name: str = "graf") -> str:
    """The chart as one `<svg>`; `name` makes its ids unique on the page."""
    return _drawn(spec, _Scale(_Extent(spec), frame), name)


def line_svgs(spec: ChartSpec, name: str) -> tuple[str, str]:
    """The chart for wide and for narrow screens."""
    extent = _Extent(spec)
    return _drawn(spec, _Scale(extent, WIDE), name), _drawn(spec, _Scale(extent, NARROW), name)


def _drawn(spec: ChartSpec, scale: _Scale, name: str) -> str:
    frame = scale.frame
    kind = "wide" if frame is WIDE else "narrow"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m-chart__svg m-chart__svg--{kind}" role="img" '
        f'aria-labelledby="{name}-{kind}" width="{frame.width}" height="{frame.height}" '
        f'viewBox="0 0 {frame.width} {frame.height}" font-size="{frame.font}" {FONT}>'
        f'<title id="{name}-{kind}">{escape(spec.alt)}</title>',
        *_grid(scale),
        *_expectation(spec, scale),
        *_actual(spec, scale),
        *_end_labels(spec, scale),
        "</svg>",
    ]
    return "".join(parts)


def _grid(scale: _Scale) -> Iterable[str]:
    frame, extent = scale.frame, scale.extent
    decimals = step_decimals(extent.lines)
    for line in extent.lines:
        y = scale.y(line)
        label = format_number(Decimal(repr(line)), decimals)
        yield f'<line x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y}" y2="{y}" stroke="{LINE}"/>'
        yield f'<text x="{frame.left - 8}" y="{y + 4}" text-anchor="end" fill="{MUTED}">{label}</text>'
    for day in year_ticks(extent.first, extent.last, frame.ticks):
        x = scale.x(day)
        yield f'<text x="{x}" y="{frame.height - 8}" text-anchor="middle" fill="{MUTED}">{day.year}</text>'


def _expectation(spec: ChartSpec, scale: _Scale) -> Iterable[str]:
    frame = scale.frame
    if spec.low is not None and spec.high is not None:
        top, height = scale.y(spec.high), scale.y(spec.low) - scale.y(spec.high)
        yield (
            f'<rect x="{frame.left}" y="{top}" width="{frame.width - frame.left - frame.right}" height="{height:.1f}" '
            f'fill="{MUTED}" fill-opacity="0.14"/>'
        )
    days = [scale.x(p.day) for p in spec.path]
    if len(spec.path) > 1 and spec.tolerance:
        upper = [(x, scale.y(p.value + spec.tolerance)) for x, p in zip(days, spec.path, strict=True)]
        lower = [(x, scale.y(p.value - spec.tolerance)) for x, p in zip(days, spec.path, strict=True)]
        yield f'<polygon points="{_points([*upper, *reversed(lower)])}" fill="{MUTED}" fill-opacity="0.14"/>'
    for target in spec.earlier:
        dotted = _points(_earlier(target, spec, scale))
        yield f'<polyline points="{dotted}" fill="none" stroke="{MUTED}" stroke-dasharray="1.5 4"/>'
    if spec.path:
        yield (
            f'<polyline points="{_points(_path(spec, scale))}" fill="none" stroke="{MUTED}" stroke-width="1.5" '
            f'stroke-dasharray="5 4" data-path="{scale.extent.path_values}"/>'
        )


def _actual(spec: ChartSpec, scale: _Scale) -> Iterable[str]:
    dots = {at: (scale.x(p.day), scale.y(p.value)) for at, p in enumerate(spec.points) if p.value is not None}
    for run in _runs(spec.points):
        line = _points(dots[at] for at in run)
        yield f'<polyline points="{line}" fill="none" stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"/>'
    # Dots only where they can be told apart.
    usual, last = 1.2 if len(dots) > 40 else 3.5, spec.last
    for at, (x, y) in dots.items():
        point = spec.points[at]
        radius = 5 if point is last else usual
        look = f'fill="#fff" stroke="{ACCENT}" stroke-width="1.5"' if point.is_example else f'fill="{ACCENT}"'
        yield f'<circle cx="{x}" cy="{y}" r="{radius}" {look} data-code="{point.code}" data-value="{point.value}"/>'
        if point.is_corrected:
            yield f'<circle cx="{x}" cy="{y}" r="8" fill="none" stroke="{INK}"/>'
    if spec.baseline is not None and spec.baseline.value is not None:
        x, y = scale.x(spec.baseline.day), scale.y(spec.baseline.value)
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="#fff" stroke="{ACCENT}" stroke-width="2"/>'


def _end_labels(spec: ChartSpec, scale: _Scale) -> Iterable[str]:
    """What stands at the ends of the lines, moved so that it lies over no line and no other label."""
    frame, last = scale.frame, spec.last
    labels: list[Label] = []  # the most important first
    expected, gone = [], []
    if last is not None and last.value is not None:
        at = scale.x(last.day), scale.y(last.value)
        labels.append(Label(at, 10, format_number(last.value, spec.decimals), ACCENT, is_bold=True, is_needed=True))
    if spec.path and spec.target_label:
        end = spec.path[-1]
        labels.append(Label((scale.x(end.day), scale.y(end.value)), 8, spec.target_label, INK, is_needed=True))
    for target in spec.earlier:
        labels.append(Label((scale.x(target.day), scale.y(target.value)), 8, target.label, MUTED))
    if last is not None and spec.expected_label and spec.path:
        wanted = min(spec.path, key=lambda point: abs((point.day - last.day).days))
        x, y = scale.x(last.day), scale.y(wanted.value)
        gone = [((x, scale.y(last.value or 0)), (x, y))]
        yield f'<line x1="{x}" x2="{x}" y1="{gone[0][0][1]}" y2="{y}" stroke="{MUTED}"/>'
        if frame is WIDE and x < frame.width - frame.right - 60:
            # Over the value what is over it, and under it what is under.
            up, down = (EXPECTED_REACH, 0) if y < gone[0][0][1] else (0, EXPECTED_REACH)
            expected = [Label((x, y), 10, spec.expected_label, MUTED, up=up, down=down)]
    room = Box(frame.left, frame.top, frame.width, frame.height - frame.bottom)
    lines, dots = [*_lines(spec, scale), *gone], list(_dots(spec, scale))
    for (x, y), label in placed([*labels, *expected], room=room, font=frame.font, lines=lines, dots=dots):
        weight = ' font-weight="700"' if label.is_bold else ""
        yield f'<text x="{x:.1f}" y="{y + SINK:.1f}" fill="{label.fill}"{weight}>{escape(label.text)}</text>'


def _lines(spec: ChartSpec, scale: _Scale) -> Iterable[Segment]:
    """Every line that is drawn of the figures: the values, the path, and what it was before."""
    values = [(scale.x(p.day), scale.y(p.value)) if p.value is not None else None for p in spec.points]
    yield from ((one, other) for one, other in pairwise(values) if one is not None and other is not None)
    yield from pairwise(_path(spec, scale))
    yield from (_earlier(target, spec, scale) for target in spec.earlier)


def _dots(spec: ChartSpec, scale: _Scale) -> Iterable[Box]:
    marked = [point for point in spec.points if point.value is not None]
    marked += [spec.baseline] if spec.baseline is not None and spec.baseline.value is not None else []
    for point in marked:
        x, y = scale.x(point.day), scale.y(point.value or 0)
        radius = 9 if point.is_corrected else 5
        yield Box(x - radius, y - radius, x + radius, y + radius)


def _path(spec: ChartSpec, scale: _Scale) -> list[Spot]:
    """The way to the target; a lone target is a level line from the chart's first day."""
    line = [(scale.x(p.day), scale.y(p.value)) for p in spec.path]
    return [(scale.frame.left, line[0][1]), *line] if len(line) == 1 else line


def _earlier(target: EarlierTarget, spec: ChartSpec, scale: _Scale) -> Segment:
    """The way to a target that was replaced."""
    end = scale.x(target.day), scale.y(target.value)
    if not spec.path:
        return (scale.x(target.day) - 20, end[1]), end
    start = spec.path[0]
    return (scale.x(start.day), scale.y(start.value)), end


def _runs(points: Sequence[Point]) -> list[list[int]]:
    """Places of stretches without a missing value: a line is never drawn across a gap."""
    runs: list[list[int]] = [[]]
    for at, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(at)
    return [run for run in runs if len(run) > 1]


def _points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in pairs)


def sparkline_svg(
    values: Sequence[Decimal | None], expected: Decimal | None, title: str, *, is_old: bool = False
) -> str:
    """The last values, 96 x 24, with the expected value dashed; a hollow last dot when a newer value is missing."""
    present = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    if not present:
        return ""
    everything = [value for _, value in present] + ([float(expected)] if expected is not None else [])
    low, high = min(everything), max(everything)
    height = (high - low) or 1.0
    wide = max(len(values) - 1, 1)

    def spot(at: int, value: float) -> tuple[float, float]:
        return round(4 + 88 * at / wide, 1), round(20 - 16 * (value - low) / height, 1)

    spots = [(at, "{},{}".format(*spot(at, value))) for at, value in present]
    line = "".join(
        f'<polyline class="m-spark__line" points="{a} {b}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'
        for (before, a), (at, b) in pairwise(spots)
        if at == before + 1
    )
    dashed = ""
    if expected is not None:
        y = spot(0, float(expected))[1]
        dashed = f'<line x1="0" x2="96" y1="{y}" y2="{y}" stroke="{MUTED}" stroke-dasharray="4 3"/>'
    x, y = spot(*present[-1])
    fill = "#fff" if is_old else ACCENT
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="m-spark" role="img" width="96" height="24" viewBox="0 0 96 24">'
        f'<title>{escape(title)}</title>{dashed}{line}<circle cx="{x}" cy="{y}" r="3" fill="{fill}" '
        f'stroke="{ACCENT}"/></svg>'
    )
