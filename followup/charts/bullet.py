"""A bullet chart: where a number is on its way from the baseline to the target, and where it ought to be now. Pure.

Better is always to the right, so that charts of falling and of rising numbers can be read down a page. A number that
is to lie between two others has its axis as numbers go. Every mark has a shape of its own: it is read without colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from followup.charts.spec import ACCENT, INK, LINE, MUTED
from followup.charts.text import text_width
from goals.kinds import Direction
from organisation.danish import format_number

WIDTH, HEIGHT = 320, 64
EDGE = 14  # room beside the outermost marks
TRACK, BAR = 30, 8  # where the line lies, and how thick the bar is
SIZE = 12
FONT = f'font-family="IBM Plex Sans, sans-serif" font-size="{SIZE}"'


@dataclass(frozen=True, slots=True)
class BulletSpec:
    """Everything one bullet chart shows. The text is ready to print; numbers are not rounded."""

    alt: str
    decimals: int
    direction: Direction
    value: Decimal | None = None
    expected: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    low: Decimal | None = None  # the range to lie in
    high: Decimal | None = None

    @property
    def is_drawable(self) -> bool:
        """Whether there is a number, and something to hold it against."""
        return self.value is not None and (self.target is not None or self.band is not None)

    @property
    def band(self) -> tuple[Decimal, Decimal] | None:
        """What is close enough to what is expected now; of a range, the range itself."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.expected is None or not self.tolerance:
            return None
        worse = self.tolerance if self.direction is Direction.LOWER else -self.tolerance
        return min(self.expected, self.expected + worse), max(self.expected, self.expected + worse)

    def values(self) -> list[Decimal]:
        """Every number the axis must hold."""
        marks = (self.value, self.expected, self.target, self.baseline, *(self.band or ()))
        return [value for value in marks if value is not None]


class _Scale:
    """From values to pixels; the better way is to the right."""

    def __init__(self, spec: BulletSpec) -> None:
        values = [float(value) for value in spec.values()]
        self.low, self.high = min(values), max(values)
        self.is_turned = spec.direction is Direction.LOWER

    def x(self, value: Decimal) -> float:
        span = self.high - self.low
        share = (float(value) - self.low) / span if span else 0.5
        return round(EDGE + (WIDTH - 2 * EDGE) * (1 - share if self.is_turned else share), 1)


def bullet_svg(spec: BulletSpec, name: str) -> str:
    """The chart as one `<svg>`; empty when there is nothing to draw. `name` makes its id unique on the page."""
    if not spec.is_drawable:
        return ""
    scale = _Scale(spec)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-bullet" role="img" aria-labelledby="{name}" '
            f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>'
            f'<title id="{name}">{escape(spec.alt)}</title>',
            *_background(spec, scale),
            *_marks(spec, scale),
            *_labels(spec, scale),
            "</svg>",
        )
    )


def _background(spec: BulletSpec, scale: _Scale) -> Iterable[str]:
    yield f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{TRACK}" y2="{TRACK}" stroke="{LINE}" stroke-width="2"/>'
    if spec.band is not None:
        left, right = sorted(scale.x(edge) for edge in spec.band)
        yield (
            f'<rect class="m-bullet__band" x="{left}" y="{TRACK - 11}" width="{max(right - left, 1):.1f}" height="22" '
            f'fill="{MUTED}" fill-opacity="0.14"/>'
        )


def _marks(spec: BulletSpec, scale: _Scale) -> Iterable[str]:
    assert spec.value is not None
    at = scale.x(spec.value)
    if spec.baseline is not None:
        start = scale.x(spec.baseline)
        left, width = min(start, at), round(abs(at - start), 1)
        yield f'<rect x="{left}" y="{TRACK - BAR / 2}" width="{width}" height="{BAR}" fill="{ACCENT}"/>'
    if spec.target is not None:
        x = scale.x(spec.target)
        yield f'<path d="M{x} {TRACK - 12}V{TRACK + 12}" stroke="{INK}" stroke-width="4" data-mark="target"/>'
    if spec.expected is not None:
        x = scale.x(spec.expected)
        yield (
            f'<path d="M{x} {TRACK - 12}V{TRACK + 12}" stroke="{INK}" stroke-width="1.5" stroke-dasharray="3 2.5" '
            'data-mark="expected"/>'
        )
    if spec.baseline is not None:
        x = scale.x(spec.baseline)
        yield f'<circle cx="{x}" cy="{TRACK}" r="4.5" fill="#fff" stroke="{ACCENT}" stroke-width="2"/>'
    yield f'<circle cx="{at}" cy="{TRACK}" r="6.5" fill="{ACCENT}" stroke="#fff" data-mark="value"/>'


def _labels(spec: BulletSpec, scale: _Scale) -> Iterable[str]:
    """The value over its dot; under the line where it began and what it is to reach, apart from each other."""
    assert spec.value is not None
    words = format_number(spec.value, spec.decimals)
    [(x, _text)] = _apart([(scale.x(spec.value), words)], bold=True)
    yield f'<text x="{x}" y="13" text-anchor="middle" font-weight="700" fill="{ACCENT}">{words}</text>'
    ends = (spec.low, spec.high) if spec.low is not None and spec.high is not None else (spec.baseline, spec.target)
    labels = sorted((scale.x(end), format_number(end, spec.decimals)) for end in ends if end is not None)
    for x, text in _apart(labels):
        yield f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="middle" fill="{MUTED}">{text}</text>'


def _apart(labels: Sequence[tuple[float, str]], *, bold: bool = False) -> list[tuple[float, str]]:
    """Labels by their middles, moved until each is inside the frame and none lies over another."""
    halves = [text_width(text, SIZE, bold=bold) / 2 for _x, text in labels]
    places = [x for x, _text in labels]
    floor = 0.0
    for at, half in enumerate(halves):
        places[at] = max(places[at], floor + half)
        floor = places[at] + half + 6
    ceiling = float(WIDTH)
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], ceiling - halves[at])
        ceiling = places[at] - halves[at] - 6
    return [(round(x, 1), text) for x, (_x, text) in zip(places, labels, strict=True)]
