"""Small accessible charts drawn on the server: no script, no style attribute, right on paper and on screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from itertools import pairwise
from math import inf

from followup.charts.placing import SINK, Box, Label, Segment, Spot, placed
from followup.charts.spec import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    ChartSpec,
    EarlierTarget,
    PathPoint,
    Point,
    axis,
    step_decimals,
    year_ticks,
)
from organisation.danish import format_number

Figure = tuple[int, float]  # the day, counted from the year 1, and the number
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
UNSEEN = 1000  # a bend of less than this part of the plot's height is not drawn: a quarter of a pixel
EXPECTED_REACH = 44  # further away the text no longer says which place it means


class _Extent:
    """What a chart spans, whatever the frame: its axis, its days, and its figures as days and plain numbers."""

    def __init__(self, spec: ChartSpec) -> None:
        self.low, self.high, self.lines = axis(spec.values())
        self.first, self.last = spec.days()
        self.points = [_figure(point) for point in spec.points if point.value is not None]
        self.path = bends([_figure(point) for point in spec.path], (self.high - self.low) / UNSEEN)
        self.path_values = " ".join(f"{value:.8f}".rstrip("0").rstrip(".") for _day, value in self.path)


def bends(line: Sequence[Figure], off: float) -> list[Figure]:
    """The points of a line, its days in order, that are enough to draw it.

    A straight path has a point for each period; it is drawn by its ends. Each stretch goes on as long as one slope
    passes all that it leaves out within `off`, up or down. Of two on a day both are kept: the line is upright there.
    """
    kept = list(line[:1])
    least, most = -inf, inf
    for before, point in pairwise(line):
        if _is_upright(kept[-1], point) or not least <= _slope(kept[-1], point) <= most:
            if before != kept[-1]:
                kept.append(before)
            least, most = -inf, inf
            if _is_upright(before, point):
                kept.append(point)
                continue
        (start, at), (day, value) = kept[-1], point
        least = max(least, (value - off - at) / (day - start))
        most = min(most, (value + off - at) / (day - start))
    return kept if kept[-1:] == line[-1:] else [*kept, line[-1]]


def _is_upright(start: Figure, end: Figure) -> bool:
    return start[0] == end[0]


def _slope(start: Figure, end: Figure) -> float:
    return (end[1] - start[1]) / (end[0] - start[0])


def _figure(point: Point | PathPoint) -> Figure:
    assert point.value is not None
    return point.day.toordinal(), float(point.value)


class _Drawing:
    """A chart in one frame: from days and values to pixels, and where all that has a figure lies."""

    def __init__(self, spec: ChartSpec, extent: _Extent, frame: Frame) -> None:
        self.spec, self.extent, self.frame = spec, extent, frame
        self.start = extent.first.toordinal()
        self.of_a_day = (frame.width - frame.left - frame.right) / max(extent.last.toordinal() - self.start, 1)
        self.of_one = (frame.height - frame.top - frame.bottom) / (extent.high - extent.low)
        self.points = self._spots(extent.points)
        self.path = self._spots(extent.path)
        self.earlier = [self._earlier(target) for target in spec.earlier]
        if len(self.path) == 1:  # a lone target is a level line from the chart's first day
            self.path.insert(0, (frame.left, self.path[0][1]))
        self.baseline = None
        if spec.baseline is not None and spec.baseline.value is not None:
            self.baseline = self.x(spec.baseline.day), self.y(spec.baseline.value)

    def x(self, day: date) -> float:
        return round(self.frame.left + self.of_a_day * (day.toordinal() - self.start), 1)

    def y(self, value: Decimal | float) -> float:
        return round(self.frame.top + self.of_one * (self.extent.high - float(value)), 1)

    def path_off_by(self, difference: float) -> list[Spot]:
        """The path, so much higher."""
        return self._spots([(day, value + difference) for day, value in self.extent.path])

    def _spots(self, figures: Sequence[Figure]) -> list[Spot]:
        # A chart has hundreds, so that what is the same for all is looked up once.
        left, start, of_a_day = self.frame.left, self.start, self.of_a_day
        top, high, of_one = self.frame.top, self.extent.high, self.of_one
        return [
            (round(left + of_a_day * (day - start), 1), round(top + of_one * (high - value), 1))
            for day, value in figures
        ]

    def _earlier(self, target: EarlierTarget) -> Segment:
        """The way to a target that was replaced."""
        x, y = self.x(target.day), self.y(target.value)
        return (self.path[0] if self.spec.path else (x - 20, y)), (x, y)


def line_svg(spec: ChartSpec, frame: Frame = WIDE, name: str = "graf") -> str:
    """The chart as one `<svg>`; `name` makes its ids unique on the page."""
    return _drawn(_Drawing(spec, _Extent(spec), frame), name)


def line_svgs(spec: ChartSpec, name: str) -> tuple[str, str]:
    """The chart for wide and for narrow screens."""
    extent = _Extent(spec)
    return _drawn(_Drawing(spec, extent, WIDE), name), _drawn(_Drawing(spec, extent, NARROW), name)


def _drawn(drawing: _Drawing, name: str) -> str:
    frame = drawing.frame
    kind = "wide" if frame is WIDE else "narrow"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m-chart__svg m-chart__svg--{kind}" role="img" '
        f'aria-labelledby="{name}-{kind}" width="{frame.width}" height="{frame.height}" '
        f'viewBox="0 0 {frame.width} {frame.height}" font-size="{frame.font}" {FONT}>'
        f'<title id="{name}-{kind}">{escape(drawing.spec.alt)}</title>',
        *_grid(drawing),
        *_expectation(drawing),
        *_actual(drawing),
        *_end_labels(drawing),
        "</svg>",
    ]
    return "".join(parts)


def _grid(drawing: _Drawing) -> Iterable[str]:
    frame, extent = drawing.frame, drawing.extent
    decimals = step_decimals(extent.lines)
    for line in extent.lines:
        y = drawing.y(line)
        label = format_number(Decimal(repr(line)), decimals)
        yield f'<line x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y}" y2="{y}" stroke="{LINE}"/>'
        yield f'<text x="{frame.left - 8}" y="{y + 4}" text-anchor="end" fill="{MUTED}">{label}</text>'
    for day in year_ticks(extent.first, extent.last, frame.ticks):
        x = drawing.x(day)
        yield f'<text x="{x}" y="{frame.height - 8}" text-anchor="middle" fill="{MUTED}">{day.year}</text>'


def _expectation(drawing: _Drawing) -> Iterable[str]:
    spec, frame = drawing.spec, drawing.frame
    if spec.low is not None and spec.high is not None:
        top, height = drawing.y(spec.high), drawing.y(spec.low) - drawing.y(spec.high)
        yield (
            f'<rect x="{frame.left}" y="{top}" width="{frame.width - frame.left - frame.right}" height="{height:.1f}" '
            f'fill="{MUTED}" fill-opacity="0.14"/>'
        )
    if len(spec.path) > 1 and spec.tolerance:
        tolerance = float(spec.tolerance)
        upper, lower = drawing.path_off_by(tolerance), drawing.path_off_by(-tolerance)
        yield f'<polygon points="{_points([*upper, *reversed(lower)])}" fill="{MUTED}" fill-opacity="0.14"/>'
    for segment in drawing.earlier:
        yield f'<polyline points="{_points(segment)}" fill="none" stroke="{MUTED}" stroke-dasharray="1.5 4"/>'
    if spec.path:
        yield (
            f'<polyline points="{_points(drawing.path)}" fill="none" stroke="{MUTED}" stroke-width="1.5" '
            f'stroke-dasharray="5 4" data-path="{drawing.extent.path_values}"/>'
        )


def _actual(drawing: _Drawing) -> Iterable[str]:
    spec = drawing.spec
    for run in _stretches(drawing):
        yield (
            f'<polyline points="{_points(run)}" fill="none" stroke="{ACCENT}" stroke-width="2" '
            'stroke-linejoin="round"/>'
        )
    # Dots only where they can be told apart.
    usual, last = 1.2 if len(drawing.points) > 40 else 3.5, spec.last
    for point, (x, y) in _with_spots(drawing):
        radius = 5 if point is last else usual
        look = f'fill="#fff" stroke="{ACCENT}" stroke-width="1.5"' if point.is_example else f'fill="{ACCENT}"'
        yield f'<circle cx="{x}" cy="{y}" r="{radius}" {look} data-code="{point.code}" data-value="{point.value}"/>'
        if point.is_corrected:
            yield f'<circle cx="{x}" cy="{y}" r="8" fill="none" stroke="{INK}"/>'
    if drawing.baseline is not None:
        x, y = drawing.baseline
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="#fff" stroke="{ACCENT}" stroke-width="2"/>'


def _end_labels(drawing: _Drawing) -> Iterable[str]:
    """What stands at the ends of the lines, moved so that it lies over no line and no other label."""
    spec, frame, last = drawing.spec, drawing.frame, drawing.spec.last
    labels: list[Label] = []  # the most important first
    expected: list[Label] = []
    lines = list(_segments(drawing))
    if last is not None and last.value is not None:
        text = format_number(last.value, spec.decimals)
        labels.append(Label(drawing.points[-1], 10, text, ACCENT, is_bold=True, is_needed=True))
    if spec.path and spec.target_label:
        labels.append(Label(drawing.path[-1], 8, spec.target_label, INK, is_needed=True))
    for target, (_start, end) in zip(spec.earlier, drawing.earlier, strict=True):
        labels.append(Label(end, 8, target.label, MUTED))
    if last is not None and spec.expected_label and spec.path:
        wanted = min(spec.path, key=lambda point: abs((point.day - last.day).days))
        (x, from_y), y = drawing.points[-1], drawing.y(wanted.value)
        lines.append(((x, from_y), (x, y)))
        yield f'<line x1="{x}" x2="{x}" y1="{from_y}" y2="{y}" stroke="{MUTED}"/>'
        if frame is WIDE and x < frame.width - frame.right - 60:
            # Over the value what is over it, and under it what is under.
            up, down = (EXPECTED_REACH, 0) if y < from_y else (0, EXPECTED_REACH)
            expected = [Label((x, y), 10, spec.expected_label, MUTED, up=up, down=down)]
    room = Box(frame.left, frame.top, frame.width, frame.height - frame.bottom)
    dots = list(_dots(drawing))
    for (x, y), label in placed([*labels, *expected], room=room, font=frame.font, lines=lines, dots=dots):
        weight = ' font-weight="700"' if label.is_bold else ""
        yield f'<text x="{x:.1f}" y="{y + SINK:.1f}" fill="{label.fill}"{weight}>{escape(label.text)}</text>'


def _segments(drawing: _Drawing) -> Iterable[Segment]:
    """Every line that is drawn of the figures: the values, the path, and what it was before."""
    for run in _stretches(drawing):
        yield from pairwise(run)
    yield from pairwise(drawing.path)
    yield from drawing.earlier


def _dots(drawing: _Drawing) -> Iterable[Box]:
    """The room that each dot takes, and the ring round one that was corrected."""
    for point, (x, y) in _with_spots(drawing):
        radius = 9 if point.is_corrected else 5
        yield Box(x - radius, y - radius, x + radius, y + radius)
    if drawing.baseline is not None:
        x, y = drawing.baseline
        yield Box(x - 5, y - 5, x + 5, y + 5)


def _with_spots(drawing: _Drawing) -> Iterable[tuple[Point, Spot]]:
    marked = (point for point in drawing.spec.points if point.value is not None)
    return zip(marked, drawing.points, strict=True)


def _stretches(drawing: _Drawing) -> list[list[Spot]]:
    return _runs((point.value for point in drawing.spec.points), drawing.points)


def _runs(values: Iterable[Decimal | None], spots: Iterable[Spot]) -> list[list[Spot]]:
    """Stretches without a missing value, of the places of those that are there: no line is drawn across a gap."""
    runs: list[list[Spot]] = [[]]
    rest = iter(spots)
    for value in values:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(next(rest))
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

    line = "".join(
        f'<polyline class="m-spark__line" points="{_points(run)}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'
        for run in _runs(values, (spot(at, value) for at, value in present))
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
