"""An effect chain as a drawing: columns of steps from left to right, or bands from above. Pure.

No script, no style attribute and nothing fetched: the shapes of the lights are drawn, so that the same picture stands
on a page, in a report that is kept and on paper. Arrows lie under the boxes; those that do not go to the next column
go round by a lane of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from followup.charts.spec import ACCENT, INK, LINE, MUTED
from followup.charts.text import cut, text_width, wrapped
from goals.kinds import StepKind, Strength

BAD = "#b3122f"
FONT = 'font-family="IBM Plex Sans, sans-serif"'
PAD, APART, ROW, LANE = 10, 12, 17, 12  # inside a box, between boxes, a line of text, between lanes
TEXT, SMALL = 14, 12.5
HEAD = 24
MOST_LINES = 4
WIDTHS = {Strength.WEAK: 1.2, Strength.MEDIUM: 2, Strength.STRONG: 3.2}
_WHITE = 'stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" fill="none"'
_RING = 'fill="none" stroke="{c}" stroke-width="2"'
# The shapes of VISUAL.md in a square of 20, as `symbols.svg` has them.
SHAPES = {
    "reached": (
        "#0a6b3d",
        '<circle cx="10" cy="10" r="9" fill="{c}"/><path d="m5.6 10.3 3 3 5.8-6.2" ' + _WHITE + "/>",
    ),
    "ontrack": ("#2e7d32", '<circle cx="10" cy="10" r="8.5" fill="{c}"/>'),
    "atrisk": (
        "#9f5200",
        '<path d="M10 1.2 19.6 18.4H.4z" fill="{c}"/><path d="M10 7.2v5.2M10 15.6v.1" ' + _WHITE + "/>",
    ),
    "offtrack": (
        BAD,
        '<rect x="1.5" y="1.5" width="17" height="17" rx="1.5" fill="{c}"/>'
        '<path d="m6.4 6.4 7.2 7.2m0-7.2-7.2 7.2" ' + _WHITE + "/>",
    ),
    "uncertain": (
        "#6a4c93",
        '<circle cx="10" cy="10" r="8" ' + _RING + '/><path d="M10 2a8 8 0 0 0 0 16z" fill="{c}"/>',
    ),
    "overdue": (BAD, '<circle cx="10" cy="10" r="8" ' + _RING + '/><path d="M10 5.2V10l3.2 2.4" ' + _RING + "/>"),
    "nodata": ("#5c6670", '<circle cx="10" cy="10" r="8" ' + _RING + "/>"),
    "notdue": ("#5c6670", '<circle cx="10" cy="10" r="8" stroke-dasharray="2.4 2.6" ' + _RING + "/>"),
    "notarget": ("#5c6670", '<path d="M4 10h12" stroke="{c}" stroke-width="2.6" stroke-linecap="round"/>'),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A light of a step: its key and word, and of which indicator for whom."""

    key: str
    word: str
    name: str
    series_id: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its number in the drawing and the table."""

    number: int
    pk: int
    kind: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """An assumption between two steps by their numbers."""

    pk: int
    start: int
    end: int
    text: str
    evidence: str
    strength: str
    strength_word: str
    is_feedback: bool
    weakened: str  # why it is weakened; empty when it is not
    weakened_on: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything the drawing and its table show. Texts are ready to print."""

    title: str
    alt: str
    heads: tuple[tuple[str, str], ...]  # kind of step, its heading
    weakened: str  # the words on arrows
    feedback: str
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]

    @property
    def columns(self) -> list[tuple[str, str, list[Step]]]:
        """The kinds that occur, with their heading and steps; external factors last."""
        found = [(kind, head, [step for step in self.steps if step.kind == kind]) for kind, head in self.heads]
        return [column for column in found if column[2]]

    @property
    def rows(self) -> list[tuple[str, Step]]:
        """Each step with the heading of its kind, for the table."""
        return [(head, step) for _kind, head, steps in self.columns for step in steps]

    @property
    def ties(self) -> list[tuple[Step, Step, Arrow]]:
        """Each arrow with its steps, for the table."""
        by_number = {step.number: step for step in self.steps}
        return [(by_number[one.start], by_number[one.end], one) for one in self.arrows]

    @property
    def weakened_ties(self) -> list[tuple[Step, Step, Arrow]]:
        """Those of them that are weakened."""
        return [tie for tie in self.ties if tie[2].weakened]


@dataclass(frozen=True, slots=True)
class ChainFrame:
    """A size, and whether the chain goes from left to right or from above."""

    kind: str
    width: int
    is_across: bool
    box: int = 200  # the least width of a box where they stand in rows


WIDE = ChainFrame("wide", 1140, True)
NARROW = ChainFrame("narrow", 350, False, 240)
PAPER = ChainFrame("paper", 642, False, 400)  # one below the other: an arrow never passes behind a box


@dataclass(frozen=True, slots=True)
class _Box:
    step: Step
    column: int
    x: float
    y: float
    width: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return 2 * PAD + ROW * (len(self.lines) + len(self.step.marks)) - 3

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)


def chain_svg(chain: Chain, frame: ChainFrame, name: str = "effektkaede") -> str:
    """The drawing as one `<svg>`."""
    lanes = _lanes(chain, frame)
    heads, boxes, bottom = _across(chain, frame, lanes) if frame.is_across else _down(chain, frame, lanes)
    by_number = {box.step.number: box for box in boxes}
    height = bottom + (LANE * lanes + 6 if frame.is_across else 0)
    anchor = f"{name}-{frame.kind}"
    routes = _routes(chain, by_number, frame, bottom)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-chain__svg m-chain__svg--{frame.kind}" role="img" '
            f'aria-labelledby="{anchor} {anchor}-d" width="{frame.width}" height="{height:.0f}" '
            f'viewBox="0 0 {frame.width} {height:.0f}" font-size="{TEXT}" {FONT}>'
            f'<title id="{anchor}">{escape(chain.title)}</title><desc id="{anchor}-d">{escape(chain.alt)}</desc>',
            *(_head(*head) for head in heads),
            *(_line(arrow, path) for arrow, path, _x, _y in routes),
            *(part for box in boxes for part in _drawn(box)),
            *(part for arrow, _path, x, y in routes for part in _label(chain, arrow, x, y, frame)),
            "</svg>",
        )
    )


# ---- where boxes stand -----------------------------------------------------------------------------------------------


def _made(step: Step, column: int, x: float, y: float, width: float) -> _Box:
    lines = wrapped(f"{step.number}. {step.text}", width - 2 * PAD, TEXT, most=MOST_LINES, bold=True)
    return _Box(step, column, round(x, 1), round(y, 1), round(width, 1), tuple(lines))


Head = tuple[float, float, str]


def _across(chain: Chain, frame: ChainFrame, lanes: int) -> tuple[list[Head], list[_Box], float]:
    """A column for each kind; what the chain does not steer in a row below. Arrows go round at both sides."""
    columns = [one for one in chain.columns if one[0] != StepKind.EXTERNAL]
    gap = 44
    left, right = (26, 40) if lanes else (1, 1)
    width = min(250.0, (frame.width - left - right - gap * max(len(columns) - 1, 0)) / max(len(columns), 1))
    heads: list[Head] = []
    boxes: list[_Box] = []
    bottom = float(HEAD)
    for column, (_kind, head, steps) in enumerate(columns):
        x, y = left + column * (width + gap), float(HEAD)
        heads.append((x, 14, cut(head, width + gap - 8, SMALL, bold=True)))
        for step in steps:
            boxes.append(_made(step, column, x, y, width))
            y = boxes[-1].y + boxes[-1].height + APART
        bottom = max(bottom, y)
    for _kind, head, steps in (one for one in chain.columns if one[0] == StepKind.EXTERNAL):
        bottom = _row(steps, head, len(columns), frame.width - right, 250, bottom + 8, heads, boxes)
    return heads, boxes, bottom


def _down(chain: Chain, frame: ChainFrame, lanes: int) -> tuple[list[Head], list[_Box], float]:
    """A band for each kind, with as many boxes beside each other as there is room for.

    Arrows have lanes at the right.
    """
    room = frame.width - (LANE * lanes + 10 if lanes else 0)
    heads: list[Head] = []
    boxes: list[_Box] = []
    y = 0.0
    for column, (_kind, head, steps) in enumerate(chain.columns):
        y = _row(steps, head, column, room, frame.box, y, heads, boxes) + 10
    return heads, boxes, y


def _row(
    steps: Sequence[Step],
    head: str,
    column: int,
    room: float,
    least: float,
    y: float,
    heads: list[Head],
    boxes: list[_Box],
) -> float:
    """Place a heading and the steps in rows; where the next may begin."""
    heads.append((1, y + 14, head))
    y += HEAD
    per_row = max(1, min(len(steps), int((room + APART) // (least + APART))))
    width = (room - 2 - APART * (per_row - 1)) / per_row
    for start in range(0, len(steps), per_row):
        row = [
            _made(step, column, 1 + at * (width + APART), y, width)
            for at, step in enumerate(steps[start : start + per_row])
        ]
        boxes += row
        y += max(box.height for box in row) + APART
    return y


# ---- where arrows go -------------------------------------------------------------------------------------------------


def _column_of(chain: Chain) -> dict[int, int]:
    return {step.number: at for at, (_kind, _head, steps) in enumerate(chain.columns) for step in steps}


def _is_straight(arrow: Arrow, columns: dict[int, int], frame: ChainFrame, last: int) -> bool:
    """Whether the arrow goes to the next column. From the row below, and downward, all go round."""
    is_next = columns[arrow.end] == columns[arrow.start] + 1
    return frame.is_across and is_next and columns[arrow.end] <= last


def _last(chain: Chain) -> int:
    return len([one for one in chain.columns if one[0] != StepKind.EXTERNAL]) - 1


def _lanes(chain: Chain, frame: ChainFrame) -> int:
    columns = _column_of(chain)
    return sum(not _is_straight(arrow, columns, frame, _last(chain)) for arrow in chain.arrows)


Route = tuple[Arrow, str, float, float]  # with where its words stand


def _routes(chain: Chain, boxes: dict[int, _Box], frame: ChainFrame, bottom: float) -> list[Route]:
    columns = _column_of(chain)
    out, into = _ports(chain, frame)
    routes: list[Route] = []
    lane = 0
    for at, arrow in enumerate(chain.arrows):
        start, end = boxes[arrow.start], boxes[arrow.end]
        leave, enter = _port(start, *out[at]), _port(end, *into[at])
        if _is_straight(arrow, columns, frame, _last(chain)):
            routes.append(_curve(arrow, start, end, leave, enter))
        elif frame.is_across:
            routes.append(_below(arrow, start, end, leave, enter, bottom + LANE * lane, lane))
            lane += 1
        else:
            routes.append(_beside(arrow, start, end, leave, enter, frame.width - 4 - LANE * lane))
            lane += 1
    return routes


Port = tuple[int, int]  # which of how many places on the edge of a box


def _ports(chain: Chain, frame: ChainFrame) -> tuple[list[Port], list[Port]]:
    """Where each arrow leaves and enters its boxes, so that no two touch the same place."""
    leaving: dict[int, list[int]] = defaultdict(list)
    entering: dict[int, list[int]] = defaultdict(list)
    for at, arrow in enumerate(chain.arrows):
        leaving[arrow.start].append(at)
        entering[arrow.end].append(at)
    if frame.is_across:
        out = {at: (place, len(those)) for those in leaving.values() for place, at in enumerate(those)}
        into = {at: (place, len(those)) for those in entering.values() for place, at in enumerate(those)}
    else:  # both on the right edge: what leaves above what enters
        out, into = {}, {}
        for number in {*leaving, *entering}:
            many = len(leaving[number]) + len(entering[number])
            into |= {at: (place, many) for place, at in enumerate(entering[number])}
            out |= {at: (len(entering[number]) + place, many) for place, at in enumerate(leaving[number])}
    return [out[at] for at in range(len(chain.arrows))], [into[at] for at in range(len(chain.arrows))]


def _port(box: _Box, place: int, of: int) -> float:
    return round(box.y + box.height * (place + 1) / (of + 1), 1)


def _curve(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float) -> Route:
    x, to = start.x + start.width, end.x - 2
    bend = (to - x) / 2
    path = f"M{x:.1f} {leave}C{x + bend:.1f} {leave} {to - bend:.1f} {enter} {to - 6:.1f} {enter}"
    return arrow, path + _point(to, enter, right=True), round((x + to) / 2, 1), round((leave + enter) / 2, 1)


def _below(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float, y: float, lane: int) -> Route:
    """Round the columns by a lane under them: out at the right, in from the left."""
    side = 6 + lane * 4 % 28
    out, back, to = start.x + start.width + side, max(end.x - side - 8, 0.5), end.x - 2
    path = f"M{start.x + start.width:.1f} {leave}H{out:.1f}V{y:.1f}H{back:.1f}V{enter}H{to - 6:.1f}"
    return arrow, path + _point(to, enter, right=True), round((out + back) / 2, 1), round(y, 1)


def _beside(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float, x: float) -> Route:
    """Down by a lane at the right: out and in at the right edges. Boxes beside each other hide what passes them."""
    to = end.x + end.width + 2
    path = f"M{start.x + start.width:.1f} {leave}H{x:.1f}V{enter}H{to + 6:.1f}"
    return arrow, path + _point(to, enter, right=False), x, round((leave + enter) / 2, 1)


def _point(x: float, y: float, *, right: bool) -> str:
    """The head of an arrow, its tip at x."""
    back = -8 if right else 8
    return f"M{x + back:.1f} {y - 4.5:.1f}L{x:.1f} {y}L{x + back:.1f} {y + 4.5:.1f}"


# ---- how they look ---------------------------------------------------------------------------------------------------


def _head(x: float, y: float, word: str) -> str:
    look = f'font-size="{SMALL}" font-weight="600" fill="{MUTED}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" {look}>{escape(word)} </text>'


def _line(arrow: Arrow, path: str) -> str:
    colour = BAD if arrow.weakened else ACCENT if arrow.is_feedback else MUTED
    dashes = ' stroke-dasharray="6 4"' if arrow.weakened else ' stroke-dasharray="2 4"' if arrow.is_feedback else ""
    width = WIDTHS[Strength(arrow.strength)]
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes} stroke-linejoin="round"/>'


def _drawn(box: _Box) -> Iterable[str]:
    x, y = box.x + PAD, box.y + PAD + 10
    yield (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4" fill="#fff" '
        f'stroke="{MUTED if box.step.kind != StepKind.EXTERNAL else LINE}"/>'
    )
    for at, line in enumerate(box.lines):
        words = escape(line)
        yield f'<text x="{x}" y="{y + ROW * at:.1f}" fill="{INK}" font-weight="600">{words} </text>'
    y += ROW * len(box.lines)
    for at, mark in enumerate(box.step.marks):
        yield from _mark(mark, x, y + ROW * at, box.width - 2 * PAD)


def _mark(mark: Mark, x: float, y: float, room: float) -> Iterable[str]:
    colour, shape = SHAPES[mark.key]
    words = escape(cut(mark.word, room - 20, SMALL))
    yield f'<g transform="translate({x} {y - 11:.1f}) scale(.7)">{shape.replace("{c}", colour)}</g>'
    yield f'<text x="{x + 20}" y="{y:.1f}" font-size="{SMALL}" fill="{INK}">{words} </text>'


def _label(chain: Chain, arrow: Arrow, x: float, y: float, frame: ChainFrame) -> Iterable[str]:
    """`svækket` or `virker tilbage` on white, kept inside the drawing."""
    words = chain.weakened if arrow.weakened else chain.feedback if arrow.is_feedback else ""
    if not words:
        return
    colour = BAD if arrow.weakened else ACCENT
    width = text_width(words, SMALL, bold=True) + 10
    left = round(min(max(x - width / 2, 1), frame.width - width - 1), 1)
    yield (
        f'<rect x="{left}" y="{y - 9:.1f}" width="{width:.1f}" height="18" rx="3" fill="#fff" stroke="{colour}"/>'
        f'<text x="{left + width / 2:.1f}" y="{y + 4.5:.1f}" font-size="{SMALL}" font-weight="600" '
        f'text-anchor="middle" fill="{colour}">{escape(words)}</text>'
    )
