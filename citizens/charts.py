"""Drawings of answers: how they are spread, and how they went from one time to the next. Pure: no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from followup.charts.spec import ACCENT, INK, LINE, MUTED, axis, step_decimals
from organisation.danish import format_number

FONT = 'font-family="IBM Plex Sans, sans-serif"'
WHITE = "#ffffff"
# From the worst answer to the best: dark grey by way of light to dark blue, and the ink that can be read on each.
STEPS = (("#7d8890", INK), ("#b9c1c7", INK), ("#e6eaed", INK), ("#7fb0c4", INK), ("#0b4f6c", WHITE))
FOOT = 6  # units of width for one character of a number


def step_colours(count: int) -> list[tuple[str, str]]:
    """So many steps of the five, neighbours alike where there are more."""
    if count == 1:
        return [STEPS[-1]]
    return [STEPS[round(at * (len(STEPS) - 1) / (count - 1))] for at in range(count)]


def answer_bar(name: str, title: str, counts: Sequence[int], *, width: int = 380) -> str:
    """Answers of a scale as one bar of steps, worst first, with per cent where there is room.

    `name` makes its id unique on the page; `title` is read aloud.
    """
    total, gap, height = sum(counts), 1.5, 30
    parts, x = [], 0.0
    usable = width - gap * (sum(1 for count in counts if count) - 1)
    for count, (colour, ink) in zip(counts, step_colours(len(counts)), strict=True):
        if not count:
            continue
        wide = usable * count / total
        parts.append(f'<rect x="{x:.1f}" y="0" width="{wide:.1f}" height="{height}" fill="{colour}"/>')
        words = format_number(Decimal(100 * count) / total, 0)
        if wide >= FOOT * len(words) + 14:
            parts.append(
                f'<text x="{x + wide / 2:.1f}" y="20" text-anchor="middle" font-size="14" font-weight="600" '
                f'fill="{ink}" {FONT}>{words}</text>'
            )
        x += wide + gap
    return _svg(name, title, width, height, parts, "m-answers__bar")


def share_bar(name: str, title: str, share: Decimal, *, width: int = 220) -> str:
    """One share of all as a bar on a line."""
    wide = float(share) * width / 100
    parts = [
        f'<rect x="0" y="0" width="{width}" height="14" fill="#e6eaed"/>',
        f'<rect x="0" y="0" width="{wide:.1f}" height="14" fill="{ACCENT}"/>',
    ]
    return _svg(name, title, width, 14, parts, "m-answers__share")


def _svg(name: str, title: str, width: int, height: int, parts: Iterable[str], css: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" role="img" aria-labelledby="{name}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}"><title id="{name}">{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Wave:
    """What a question came to one time: None where it was not shown or was another question."""

    day: date
    label: str
    mean: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WaveFrame:
    """The size of the drawings, and the values and days that they all span."""

    low: float
    high: float
    lines: tuple[float, ...]
    first: date
    last: date

    WIDTH = 264
    HEIGHT = 170
    LEFT = 34
    RIGHT = 52
    TOP = 12
    BOTTOM = 26

    def x(self, day: date) -> float:
        room = self.WIDTH - self.LEFT - self.RIGHT
        return round(self.LEFT + 10 + (room - 10) * (day - self.first).days / max((self.last - self.first).days, 1), 1)

    def y(self, value: Decimal) -> float:
        room = self.HEIGHT - self.TOP - self.BOTTOM
        return round(self.TOP + room * (self.high - float(value)) / (self.high - self.low), 1)


def frame_of(series: Iterable[Sequence[Wave]], targets: Iterable[Decimal]) -> WaveFrame | None:
    """One frame for all the drawings of a page; None when there is nothing to draw."""
    waves = [wave for one in series for wave in one if wave.mean is not None]
    if not waves:
        return None
    edges = [edge for wave in waves for edge in (wave.mean, wave.low, wave.high) if edge is not None]
    low, high, lines = axis([float(value) for value in (*edges, *targets)])
    return WaveFrame(low, high, tuple(lines), min(wave.day for wave in waves), max(wave.day for wave in waves))


def wave_svg(
    name: str, title: str, waves: Sequence[Wave], frame: WaveFrame, target: Decimal | None, decimals: int
) -> str:
    """A question's means with their intervals, one time after the other, and the target as a dashed line."""
    parts = [*_grid(frame), *_labels(waves, frame)]
    if target is not None:
        y = frame.y(target)
        parts.append(
            f'<line x1="{frame.LEFT}" x2="{frame.WIDTH - frame.RIGHT}" y1="{y}" y2="{y}" stroke="{MUTED}" '
            f'stroke-width="1.5" stroke-dasharray="6 4"/>'
        )
    parts += [*_joined(waves, frame), *_points(waves, frame), *_end(waves, frame, decimals)]
    return _svg(name, title, frame.WIDTH, frame.HEIGHT, parts, "m-waves__svg")


def _grid(frame: WaveFrame) -> Iterable[str]:
    decimals = step_decimals(frame.lines)
    for line in frame.lines:
        value = Decimal(repr(line))
        y = frame.y(value)
        yield f'<line x1="{frame.LEFT}" x2="{frame.WIDTH - frame.RIGHT}" y1="{y}" y2="{y}" stroke="{LINE}"/>'
        yield (
            f'<text x="{frame.LEFT - 6}" y="{y + 4}" text-anchor="end" font-size="12" fill="{MUTED}" {FONT}>'
            f"{format_number(value, decimals)}</text>"
        )


def _labels(waves: Sequence[Wave], frame: WaveFrame) -> Iterable[str]:
    """The first and the last time below the axis."""
    ends = {waves[0].day: waves[0], waves[-1].day: waves[-1]}
    for at, wave in enumerate(ends.values()):
        anchor = "start" if at == 0 else "end"
        x = frame.LEFT if at == 0 else frame.WIDTH - frame.RIGHT + 8
        yield (
            f'<text x="{x}" y="{frame.HEIGHT - 6}" text-anchor="{anchor}" font-size="12" fill="{MUTED}" {FONT}>'
            f"{escape(wave.label)}</text>"
        )


def _joined(waves: Sequence[Wave], frame: WaveFrame) -> Iterable[str]:
    """Lines between neighbours; never across a time that is missing."""
    run: list[str] = []
    for wave in [*waves, None]:
        if wave is not None and wave.mean is not None:
            run.append(f"{frame.x(wave.day)},{frame.y(wave.mean)}")
            continue
        if len(run) > 1:
            yield f'<polyline points="{" ".join(run)}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'
        run = []


def _points(waves: Sequence[Wave], frame: WaveFrame) -> Iterable[str]:
    for wave in waves:
        if wave.mean is None:
            continue
        x = frame.x(wave.day)
        if wave.low is not None and wave.high is not None:
            low, high = frame.y(wave.low), frame.y(wave.high)
            yield (
                f'<path d="M{x} {low}V{high}M{x - 4} {low}h8M{x - 4} {high}h8" fill="none" stroke="{ACCENT}" '
                f'stroke-width="1.25"/>'
            )
        yield f'<circle cx="{x}" cy="{frame.y(wave.mean)}" r="3.5" fill="{ACCENT}" data-value="{wave.mean}"/>'


def _end(waves: Sequence[Wave], frame: WaveFrame, decimals: int) -> Iterable[str]:
    shown = [wave for wave in waves if wave.mean is not None]
    if shown and shown[-1].mean is not None:
        x, y = frame.x(shown[-1].day) + 9, frame.y(shown[-1].mean) + 4
        words = format_number(shown[-1].mean, decimals)
        yield f'<text x="{x}" y="{y}" font-size="14" font-weight="700" fill="{ACCENT}" {FONT}>{words}</text>'
