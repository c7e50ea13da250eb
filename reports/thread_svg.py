"""The red thread as a drawing whose boxes are links: columns from what the goal serves to what serves it. Pure.

No script and no style attribute. Boxes stand in the order they are drawn in, each followed by what serves it, so that
the Tab key walks them as they are read. A link's name is its text, so each text ends with a blank.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from followup.charts.spec import ACCENT, INK, MUTED
from followup.charts.text import cut, wrapped

BAD = "#b3122f"
BOX, GAP, APART, PAD = 254, 36, 10, 12  # width of a box, between columns, between boxes, inside
HEAD = 30  # the headings of the columns
LINE, NAME, SMALL = 19, 15, 13
FONT = 'font-family="IBM Plex Sans, sans-serif"'


@dataclass(frozen=True, slots=True)
class Mark:
    """A light: the name of its symbol and style, and its word or count."""

    key: str
    word: str


@dataclass(frozen=True, slots=True)
class Card:
    """One box in ready texts, and the boxes of what serves it. The list beside the drawing is made of the same."""

    name: str
    url: str = ""  # where the box leads; none: it is not a link
    anchor: str = ""  # of a fold, once on the page: where one comes back to
    owner: str = ""
    marks: tuple[Mark, ...] = ()
    action: str = ""  # "Vis dem": what the link of a fold does
    is_here: bool = False
    is_broken: bool = False
    is_fold: bool = False
    across: str = ""  # "På tværs", where the goal helps beside the goal it serves
    below: tuple["Card", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Thread:
    """What one drawing shows."""

    title: str
    headings: tuple[str, str, str, str]  # above the goal, the goal, below it, below that
    above: tuple[Card, ...]  # topmost first, each serves the one before
    beside: tuple[Card, ...]  # what the goal helps across
    here: Card


@dataclass(frozen=True, slots=True)
class Box:
    """A card with its place."""

    card: Card
    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        card = self.card
        rows = len(self.lines) + len(card.marks) + bool(card.owner or card.across) + bool(card.action)
        return 2 * PAD - 6 + LINE * rows

    @property
    def middle(self) -> float:
        return self.y + min(self.height / 2, 36)


@dataclass(frozen=True, slots=True)
class Tie:
    """A line from a box to one that serves it."""

    above: Box
    below: Box
    is_vertical: bool = False


class _Drawing:
    """The boxes and ties of a thread, placed."""

    def __init__(self, thread: Thread) -> None:
        self.boxes: list[Box] = []
        self.ties: list[Tie] = []
        first = 1 if thread.above or thread.beside else 0
        y = float(HEAD)
        chain: list[Box] = []
        for card in (*thread.above, *thread.beside):
            chain.append(_box(card, 0, y))
            y += chain[-1].height + APART + 6
        self.boxes += chain
        here = _box(thread.here, first, HEAD)
        served = chain[: len(thread.above)]
        self.ties += [Tie(one, other, is_vertical=True) for one, other in pairwise(served)]
        if served:
            self.ties.append(Tie(served[-1], here))
        self.ties += [Tie(one, here) for one in chain[len(served) :]]
        self.columns = first + 1
        floor = self._place(here, first)
        self.width = self.columns * (BOX + GAP) - GAP + 2
        self.height = max(floor, y) + 2
        self.headings = thread.headings[1 - first :][: self.columns]

    def _place(self, box: Box, column: int) -> float:
        """Put the box and all below it down; the y where the next may begin."""
        self.boxes.append(box)
        self.columns = max(self.columns, column + 1)
        y = box.y
        for card in box.card.below:
            child = _box(card, column + 1, y)
            self.ties.append(Tie(box, child))
            y = self._place(child, column + 1)
        return max(y, box.y + box.height + APART)


def _box(card: Card, column: int, y: float) -> Box:
    lines = wrapped(card.name, BOX - 2 * PAD, NAME, most=3 if card.is_broken else 2, bold=True)
    return Box(card, column * (BOX + GAP) + 1, y, tuple(lines))


def thread_svg(thread: Thread, sprite: str) -> str:
    """The drawing as one `<svg>`; `sprite` is the address of the symbols."""
    drawing = _Drawing(thread)
    width, height = round(drawing.width), round(drawing.height)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-walk__svg" role="group" aria-labelledby="walk-title" '
            f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" {FONT}>'
            f'<title id="walk-title">{escape(thread.title)}</title>',
            *_headings(drawing.headings),
            *(_tie(one) for one in drawing.ties),
            *(_drawn(one, sprite) for one in drawing.boxes),
            "</svg>",
        )
    )


def _headings(words: Sequence[str]) -> Iterable[str]:
    for column, text in enumerate(words):
        x = column * (BOX + GAP) + 1
        yield f'<text x="{x}" y="16" font-size="{SMALL}" font-weight="600" fill="{MUTED}">{escape(text)}</text>'


def _tie(tie: Tie) -> str:
    one, other = tie.above, tie.below
    look = f'stroke="{ACCENT}" stroke-width="2"'
    if one.card.is_broken or other.card.is_broken:
        look = f'stroke="{BAD}" stroke-width="2" stroke-dasharray="6 4"'
    elif other.card.across or (one.card.across and other.card.is_here):
        look = f'stroke="{ACCENT}" stroke-width="1.5" stroke-dasharray="5 4"'
    turn = other.x - GAP / 2
    path = f"M{one.x + BOX} {one.middle}H{turn}V{other.middle}H{other.x}"
    if tie.is_vertical:
        path = f"M{one.x + 24} {one.y + one.height}V{other.y}"
    return f'<path d="{path}" fill="none" {look} stroke-linejoin="round"/>'


def _drawn(box: Box, sprite: str) -> str:
    card = box.card
    edge = f'stroke="{ACCENT if card.is_here else "#7b858e"}" stroke-width="{2.5 if card.is_here else 1}"'
    if card.across:
        edge += ' stroke-dasharray="5 4"'
    if card.is_broken:
        edge = f'stroke="{BAD}" stroke-width="1.5" stroke-dasharray="6 4"'
    fill = "#f5f7f8" if card.is_fold else "#fff"
    inside = "".join(
        (
            f'<rect x="{box.x}" y="{box.y}" width="{BOX}" height="{box.height}" rx="4" fill="{fill}" {edge}/>',
            *_texts(box, sprite),
        )
    )
    if not card.url:
        return f"<g>{inside}</g>"
    more = ' aria-current="true"' if card.is_here else f' id="boks-{card.anchor}"' if card.anchor else ""
    url = f"{card.url}#boks-{card.anchor}" if card.anchor else card.url
    return f'<a href="{escape(url)}"{more}>{inside}</a>'


def _texts(box: Box, sprite: str) -> Iterable[str]:
    card, x, y = box.card, box.x + PAD, box.y + PAD + 11
    name = [_text(x, y + LINE * at, line, NAME, INK, bold=True) for at, line in enumerate(box.lines)]
    if card.is_fold:  # what it is comes before how it goes
        yield from name
        y += LINE * len(name)
    for mark in card.marks:
        yield (
            f'<g class="m-light--{mark.key}"><use href="{escape(sprite)}#l-{mark.key}" x="{x}" y="{y - 12.5}" '
            f'width="15" height="15"/><text x="{x + 22}" y="{y}" font-size="{SMALL + 1}" font-weight="600" '
            f'fill="currentColor">{escape(mark.word)} </text></g>'
        )
        y += LINE
    if not card.is_fold:
        for at, line in enumerate(box.lines):
            yield _text(x, y + LINE * at, line, NAME, BAD if card.is_broken else INK, bold=True)
        y += LINE * len(name)
    foot = ": ".join(word for word in (card.across, card.owner) if word)
    if foot:
        yield _text(x, y, cut(foot, BOX - 2 * PAD, SMALL), SMALL, MUTED)
        y += LINE
    if card.action:
        yield _text(x, y, card.action, SMALL + 1, ACCENT, underlined=True)


def _text(x: float, y: float, words: str, size: int, fill: str, *, bold: bool = False, underlined: bool = False) -> str:
    look = (' font-weight="600"' if bold else "") + (' text-decoration="underline"' if underlined else "")
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{look}>{escape(words)} </text>'
