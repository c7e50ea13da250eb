"""How many goals had each light, quarter by quarter: stacked columns, and the same as a Plotly figure. Pure.

Goals on course stand at the bottom, so that their number can be read; deviations lie over them, the worst on top. Each
light has a pattern beside its colour, and its shape and number where there is room: it is read in grey too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from followup.charts.spec import INK, LINE, MUTED, axis
from followup.status import Light
from organisation.danish import format_number

FONT = 'font-family="IBM Plex Sans, sans-serif"'
# From the bottom of a column to its top.
UPWARD = (
    Light.REACHED, Light.ON_TRACK, Light.NO_TARGET, Light.NO_DATA, Light.NOT_DUE, Light.UNCERTAIN, Light.AT_RISK,
    Light.OVERDUE, Light.OFF_TRACK,
)  # fmt: skip
COLOURS = {
    Light.OFF_TRACK: "#b3122f", Light.OVERDUE: "#b3122f", Light.AT_RISK: "#9f5200", Light.UNCERTAIN: "#6a4c93",
    Light.ON_TRACK: "#2e7d32", Light.REACHED: "#0a6b3d", Light.NOT_DUE: "#5c6670", Light.NO_DATA: "#5c6670",
    Light.NO_TARGET: "#5c6670",
}  # fmt: skip
# What is drawn in a tile of 8 × 8 over the colour or, of an outline, over white; and Plotly's name for the like.
PATTERNS = {
    Light.OFF_TRACK: ("M0 0 8 8M8 0 0 8", "x"),
    Light.AT_RISK: ("M0 8 8 0", "/"),
    Light.UNCERTAIN: ("M4 0V8", "|"),
    Light.OVERDUE: ("M0 4H8", "-"),
    Light.NOT_DUE: ("M0 0 8 8", "\\"),
    Light.NO_DATA: ("M3 4H5", "."),
    Light.NO_TARGET: ("M0 4H8M4 0V8", "+"),
}
OUTLINED = (Light.OVERDUE, Light.NOT_DUE, Light.NO_DATA, Light.NO_TARGET)
ROOM = 18  # how high a part is that shows its number


@dataclass(frozen=True, slots=True)
class Column:
    """One quarter: its names, in full and short, and how many goals had each light."""

    label: str
    short: str
    counts: Mapping[Light, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class StackedSpec:
    """Everything the chart shows. Texts are ready to print."""

    alt: str
    subtitle: str
    columns: tuple[Column, ...]
    words: Mapping[Light, str]  # what the lights are called

    @property
    def lights(self) -> list[Light]:
        """Those that occur, from the bottom up."""
        return [light for light in UPWARD if any(column.counts.get(light) for column in self.columns)]


@dataclass(frozen=True, slots=True)
class StackedFrame:
    """The size of a drawing and the room round the plot, in pixels."""

    kind: str
    width: int
    height: int
    left: int
    top: int
    bottom: int


WIDE = StackedFrame("wide", 1140, 340, 44, 12, 30)
NARROW = StackedFrame("narrow", 350, 330, 30, 12, 52)


def stacked_svg(spec: StackedSpec, frame: StackedFrame, sprite: str, name: str = "fordeling") -> str:
    """The chart as one `<svg>`; `sprite` is the address of the lights' symbols."""
    _low, high, lines = axis([0.0, float(max((column.total for column in spec.columns), default=0)) or 1.0])
    plot = frame.height - frame.top - frame.bottom
    step = (frame.width - frame.left) / max(len(spec.columns), 1)

    def y(count: float) -> float:
        return round(frame.top + plot * (1 - count / high), 1)

    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-chart__svg m-chart__svg--{frame.kind}" role="img" '
            f'aria-labelledby="{name}-{frame.kind}" width="{frame.width}" height="{frame.height}" '
            f'viewBox="0 0 {frame.width} {frame.height}" font-size="12.5" {FONT}>'
            f'<title id="{name}-{frame.kind}">{escape(spec.alt)}</title>',
            f"<defs>{''.join(_pattern(light, f'{name}-{frame.kind}') for light in spec.lights)}</defs>",
            *_grid(frame, lines, y),
            *(
                part
                for at, column in enumerate(spec.columns)
                for part in _column(column, frame, round(frame.left + step * at, 1), round(step, 1), y, sprite, name)
            ),
            "</svg>",
        )
    )


def _pattern(light: Light, name: str) -> str:
    path = PATTERNS.get(light, ("", ""))[0]
    is_outlined = light in OUTLINED
    ground, ink = ("#fff", COLOURS[light]) if is_outlined else (COLOURS[light], "#fff")
    return (
        f'<pattern id="{name}-{light}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{ground}"/>'
        f'<path d="{path}" stroke="{ink}" stroke-opacity="{1 if is_outlined else 0.5}" fill="none"/></pattern>'
    )


def _grid(frame: StackedFrame, lines: Iterable[float], y: Any) -> Iterable[str]:
    for line in lines:
        if line != int(line):
            continue  # there are no half goals
        at = y(line)
        yield f'<line x1="{frame.left}" x2="{frame.width}" y1="{at}" y2="{at}" stroke="{LINE}"/>'
        words = format_number(Decimal(int(line)), 0)
        yield f'<text x="{frame.left - 8}" y="{at + 4}" text-anchor="end" fill="{MUTED}">{words}</text>'


def _column(
    column: Column, frame: StackedFrame, x: float, step: float, y: Any, sprite: str, name: str
) -> Iterable[str]:
    width = round(step * 0.72, 1)
    left = round(x + (step - width) / 2, 1)
    middle = round(x + step / 2, 1)
    done = 0
    for light in UPWARD:
        count = column.counts.get(light, 0)
        if not count:
            continue
        top, floor = y(done + count), y(done)
        height = round(floor - top, 1)
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="url(#{name}-{frame.kind}-{light})" '
            f'stroke="{COLOURS[light] if light in OUTLINED else "#fff"}" data-light="{light}" data-count="{count}"/>'
        )
        if height >= ROOM:
            yield from _number(light, count, middle, round(top + height / 2, 1), sprite)
        done += count
    base = frame.height - frame.bottom
    if frame is WIDE:
        yield f'<text x="{middle}" y="{base + 20}" text-anchor="middle" fill="{INK}">{escape(column.short)}</text>'
    else:  # `3. kvt. 2026` in three lines
        for at, word in enumerate(column.short.replace("\u00a0", " ").split(" ")):
            y_at = base + 16 + 15 * at
            yield f'<text x="{middle}" y="{y_at}" text-anchor="middle" fill="{INK}">{escape(word)}</text>'


def _number(light: Light, count: int, x: float, y: float, sprite: str) -> Iterable[str]:
    """The light's shape and how many, on white."""
    words = str(count)
    width = 19 + 8 * len(words)
    left = round(x - width / 2, 1)
    yield f'<rect x="{left}" y="{y - 8:.1f}" width="{width}" height="16" rx="3" fill="#fff"/>'
    yield (
        f'<use href="{escape(sprite)}#l-{light}" class="m-light--{light}" x="{left + 2:.1f}" y="{y - 6:.1f}" '
        f'width="12" height="12"/>'
        f'<text x="{left + 17:.1f}" y="{y + 4.5:.1f}" fill="{INK}" font-weight="600">{words}</text>'
    )


def stacked_figure(spec: StackedSpec) -> dict[str, Any]:
    """The same columns as a Plotly figure of JSON values."""
    traces = [
        {
            "type": "bar",
            "name": spec.words[light],
            "x": ["<br>".join(column.short.rsplit("\u00a0", 1)) for column in spec.columns],
            "y": [column.counts.get(light, 0) for column in spec.columns],
            "text": [column.label for column in spec.columns],
            "textposition": "none",
            "hovertemplate": "%{y}",
            "marker": {
                "color": "#fff" if light in OUTLINED else COLOURS[light],
                "line": {"color": COLOURS[light] if light in OUTLINED else "#fff", "width": 1},
                "pattern": {
                    "shape": PATTERNS.get(light, ("", ""))[1],
                    "fgcolor": COLOURS[light] if light in OUTLINED else "#fff",
                    "size": 8,
                    "solidity": 0.2,
                    "fillmode": "overlay",
                },
            },
        }
        for light in spec.lights
    ]
    layout = {
        "font": {"family": "IBM Plex Sans, sans-serif", "size": 14, "color": INK},
        "margin": {"l": 44, "r": 16, "t": 16, "b": 40},
        "height": 380,
        "barmode": "stack",
        "bargap": 0.28,
        "hovermode": "x unified",
        "separators": ",.",
        "plot_bgcolor": "#fff",
        "paper_bgcolor": "#fff",
        "legend": {"orientation": "h", "y": -0.22, "traceorder": "reversed"},
        "xaxis": {"type": "category", "showgrid": False, "tickangle": 0, "tickfont": {"size": 11}},
        "yaxis": {"rangemode": "tozero", "gridcolor": LINE, "zeroline": False, "tickformat": "d"},
    }
    return {"data": traces, "layout": layout}
