"""Run charts drawn on the server: dots, a thin line, the median, and rings round the points of a signal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from html import escape
from typing import Any

from followup.charts.spec import ACCENT, INK, LINE, MUTED, axis, step_decimals
from followup.charts.words import median_number
from organisation.danish import format_number

FONT = 'font-family="IBM Plex Sans, sans-serif"'
BETTER, WORSE = "#2e7d32", "#b3122f"
RINGS = {"better": BETTER, "worse": WORSE, "neither": INK}


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One period: its Danish name, its value, and the signal it belongs to, if any: better, worse or neither."""

    label: str
    value: Decimal | None
    ring: str = ""
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything one run chart shows. Texts are ready to print; numbers are not rounded."""

    alt: str
    decimals: int
    unit: str
    points: tuple[RunPoint, ...]
    median: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""  # "For få målinger: 8 af 12"

    def values(self) -> list[float]:
        """Every number the axis must hold."""
        lines = (self.median, self.target, self.low, self.high)
        known = [point.value for point in self.points if point.value is not None]
        return [float(value) for value in (*known, *(line for line in lines if line is not None))]

    def as_json(self) -> dict[str, Any]:
        """The chart as a meeting keeps it: drawn again from it, it is the same picture."""
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
            if name != "points"
        } | {"points": [[p.label, None if p.value is None else str(p.value), p.ring, p.is_draft] for p in self.points]}


def spec_from_json(kept: Mapping[str, Any]) -> RunSpec:
    """What `as_json` wrote."""
    lines = {name: _decimal(kept[name]) for name in ("median", "target", "low", "high")}
    points = tuple(RunPoint(label, _decimal(value), ring, draft) for label, value, ring, draft in kept["points"])
    return RunSpec(kept["alt"], kept["decimals"], kept["unit"], points, note=kept["note"], **lines)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True, slots=True)
class RunFrame:
    """The size of a drawing and the room round the plot, in pixels; how big dots and rings are."""

    kind: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    dot: float
    ring: float


TILE = RunFrame("tile", 210, 78, 6, 8, 7, 7, 2.2, 3.8)
WIDE = RunFrame("wide", 430, 200, 40, 100, 12, 28, 2.8, 5)


class _Place:
    """From places in the row of points, and values, to pixels."""

    def __init__(self, spec: RunSpec, frame: RunFrame) -> None:
        self.frame, self.count = frame, max(len(spec.points) - 1, 1)
        values = spec.values()
        self.low, self.high, self.lines = axis(values)
        if frame is TILE and values:
            self.low, self.high = min(values), max(values)

    def x(self, at: int) -> float:
        return round(self.frame.left + (self.frame.width - self.frame.left - self.frame.right) * at / self.count, 1)

    def y(self, value: Decimal | float) -> float:
        inner = self.frame.height - self.frame.top - self.frame.bottom
        span = self.high - self.low
        share = (self.high - float(value)) / span if span else 0.5
        return round(self.frame.top + inner * share, 1)


def run_svg(spec: RunSpec, frame: RunFrame = TILE, name: str = "serie") -> str:
    """The chart as one `<svg>`; `name` makes its id unique on the page."""
    place = _Place(spec, frame)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="m-run m-run--{frame.kind}" role="img" '
        f'aria-labelledby="{name}-{frame.kind}" width="{frame.width}" height="{frame.height}" '
        f'viewBox="0 0 {frame.width} {frame.height}" font-size="13" {FONT}>'
        f'<title id="{name}-{frame.kind}">{escape(spec.alt)}</title>',
        *(_axes(spec, place) if frame is WIDE else ()),
        *_levels(spec, place),
        *_line(spec, place),
        *_dots(spec, place),
        "</svg>",
    ]
    return "".join(parts)


def _axes(spec: RunSpec, place: _Place) -> Iterable[str]:
    frame, decimals = place.frame, step_decimals(place.lines)
    for line in place.lines:
        y, label = place.y(line), format_number(Decimal(repr(line)), decimals)
        yield f'<line x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y}" y2="{y}" stroke="{LINE}"/>'
        yield f'<text x="{frame.left - 8}" y="{y + 4}" text-anchor="end" fill="{MUTED}">{label}</text>'
    if spec.points:
        y = frame.height - 8
        yield f'<text x="{frame.left}" y="{y}" fill="{MUTED}">{escape(spec.points[0].label)}</text>'
    if len(spec.points) > 1:
        x = frame.width - frame.right
        yield f'<text x="{x}" y="{y}" text-anchor="end" fill="{MUTED}">{escape(spec.points[-1].label)}</text>'


def _levels(spec: RunSpec, place: _Place) -> Iterable[str]:
    """The range, the target dashed and the median, with their names at the end of the wide chart."""
    frame = place.frame
    right = frame.width - (frame.right if frame is WIDE else 0)
    left = frame.left if frame is WIDE else 0
    if spec.low is not None and spec.high is not None:
        top = place.y(spec.high)
        height = round(place.y(spec.low) - top, 1)
        width = right - left
        yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{MUTED}" fill-opacity="0.14"/>'
    names = []
    if spec.target is not None:
        y = place.y(spec.target)
        yield f'<path d="M{left} {y}H{right}" stroke="{MUTED}" stroke-dasharray="5 4"/>'
        names.append((y, f"måltal {format_number(spec.target, spec.decimals)}", MUTED))
    if spec.median is not None:
        y = place.y(spec.median)
        yield f'<path d="M{left} {y}H{right}" stroke="{INK}" stroke-width="1.5"/>'
        names.append((y, f"median {median_number(spec.median, spec.decimals)}", INK))
    if frame is WIDE:
        for y, (text, fill) in _apart(names):
            yield f'<text x="{right + 10}" y="{y + 4}" fill="{fill}">{escape(text)}</text>'


def _apart(names: Sequence[tuple[float, str, str]]) -> list[tuple[float, tuple[str, str]]]:
    """The names, the upper first, each a line's height below the one before."""
    placed: list[tuple[float, tuple[str, str]]] = []
    for y, text, fill in sorted(names):
        placed.append((max(y, placed[-1][0] + 16) if placed else y, (text, fill)))
    return placed


def _line(spec: RunSpec, place: _Place) -> Iterable[str]:
    """A thin line; never drawn across a missing value."""
    run: list[str] = []
    for at, point in enumerate((*spec.points, RunPoint("", None))):
        if point.value is not None:
            run.append(f"{place.x(at)},{place.y(point.value)}")
            continue
        if len(run) > 1:
            yield f'<polyline points="{" ".join(run)}" fill="none" stroke="{ACCENT}" stroke-width="0.9"/>'
        run = []


def _dots(spec: RunSpec, place: _Place) -> Iterable[str]:
    last = max((at for at, point in enumerate(spec.points) if point.value is not None), default=-1)
    for at, point in enumerate(spec.points):
        if point.value is None:
            continue
        spot = f'cx="{place.x(at)}" cy="{place.y(point.value)}"'
        if point.ring:
            yield f'<circle {spot} r="{place.frame.ring}" fill="#fff" stroke="{RINGS[point.ring]}" stroke-width="2"/>'
        elif point.is_draft:
            yield f'<circle {spot} r="{place.frame.ring}" fill="#fff" stroke="{ACCENT}" stroke-width="1.2"/>'
        if not point.ring:
            radius = place.frame.dot * (2 if at == last and not point.is_draft else 1)
            yield f'<circle {spot} r="{radius}" fill="{ACCENT}"/>'
