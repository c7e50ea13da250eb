"""Where the labels of a drawing stand: near what they name, never over a line, a dot or each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from followup.charts.text import text_width

Spot = tuple[float, float]
Segment = tuple[Spot, Spot]

ASCENT, DESCENT = 0.78, 0.24  # of the font's size, above and below the line a text stands on
SINK = 4  # how far below its place a text stands, so that its middle is there
CLEAR = 2.0  # pixels kept free round a label
LEFT_COSTS = 20.0  # to the left of its place only when that saves so many pixels of moving up or down


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the drawing."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text, and the place on the drawing that it names: the end of a line, or a dot."""

    at: Spot
    gap: float  # pixels from there to the text
    text: str
    fill: str
    is_bold: bool = False
    is_needed: bool = False  # rather over a line than not there
    up: float = 1000.0  # how far it may be moved up, and down
    down: float = 1000.0


def placed(
    labels: Sequence[Label], *, room: Box, font: int, lines: Sequence[Segment], dots: Sequence[Box]
) -> list[tuple[Spot, Label]]:
    """Where each label begins, the first named the first to choose; one that has no place without harm is left out.

    `room` is where the middle of a label may be from top to bottom, and where all of it is to be from left to right.
    """
    taken: list[Box] = []
    found = []
    for label in labels:
        spot = _free(label, room, font, lines, [*dots, *taken])
        if spot is None and label.is_needed:
            spot = _free(label, room, font, [], taken)
        if spot is not None:
            (x, y), width = spot, text_width(label.text, font, bold=label.is_bold)
            taken.append(Box(x, y + SINK - font * ASCENT, x + width, y + SINK + font * DESCENT))
            found.append((spot, label))
    return found


def _free(label: Label, room: Box, font: int, lines: Sequence[Segment], boxes: Sequence[Box]) -> Spot | None:
    """The nearest place where the label is clear of the lines and boxes."""
    x, y = label.at
    wanted = min(max(y, room.top), room.bottom)
    top, bottom = max(room.top, wanted - label.up), min(room.bottom, wanted + label.down)
    width = text_width(label.text, font, bold=label.is_bold)
    above, below = font * ASCENT - SINK + CLEAR, font * DESCENT + SINK + CLEAR
    sides = ((x + label.gap, 0.0), (x - label.gap - width, LEFT_COSTS))
    inside = [(side, cost) for side, cost in sides if side >= room.left and side + width <= room.right]
    spots = []
    for side, cost in inside or sides[:1]:  # none holds a text wider than the drawing
        crossed = _crossed(side - CLEAR, side + width + CLEAR, lines, boxes)
        shut = [(high - below, low + above) for high, low in crossed]
        spots += [(abs(at - wanted) + cost, (side, at)) for at in _open(wanted, shut) if top <= at <= bottom]
    return min(spots)[1] if spots else None


def _crossed(
    left: float, right: float, lines: Iterable[Segment], boxes: Iterable[Box]
) -> Iterator[tuple[float, float]]:
    """From where to where each line and box stands, from its highest point down, between two verticals."""
    for (x, y), (x_end, y_end) in lines:
        if x > x_end:
            x, y, x_end, y_end = x_end, y_end, x, y
        if x_end < left or right < x:
            continue
        slope = (y_end - y) / (x_end - x) if x_end > x else 0.0
        begin = y + slope * (left - x) if x < left else y
        end = y + slope * (right - x) if right < x_end else y_end
        yield min(begin, end), max(begin, end)
    for box in boxes:
        if box.left < right and left < box.right:
            yield box.top, box.bottom


def _open(wanted: float, shut: Iterable[tuple[float, float]]) -> list[float]:
    """The height that is wanted if it is not shut off, else the nearest above and below."""
    above = below = wanted
    stretches = sorted(shut)
    for begin, end in stretches:
        if begin < below < end:
            below = end
    for begin, end in sorted(stretches, key=lambda one: -one[1]):
        if begin < above < end:
            above = begin
    return [wanted] if above == wanted else [above, below]
