"""An effect chain as a drawing: columns of steps from left to right, or bands from above. Pure.

No script, no style attribute and nothing fetched: the shapes of the lights are drawn, so that the same picture stands
on a page, in a report that is kept and on paper. Arrows lie under the boxes. One goes straight to the next column or
to the step right below; the others go round by lanes, the shortest nearest to the boxes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from followup.charts.chain_spec import Arrow, Chain, Mark, Step
from followup.charts.spec import ACCENT, INK, LINE, MUTED
from followup.charts.text import text_width, wrapped
from goals.kinds import StepKind, Strength

BAD = "#b3122f"
FONT = 'font-family="IBM Plex Sans, sans-serif"'
PAD, APART, ROW, LANE = 9, 12, 17, 12  # inside a box, between boxes, a line of text, between lanes
BETWEEN = 60  # columns: room for the word on an arrow
DOWN = 20  # more between two boxes, where an arrow goes from one to the other
DOWN_AT = 0.72  # of a box's width: to the right of the headings that the arrow passes
TEXT, SMALL, LABEL = 13.5, 12.5, 11.5
HEAD = 24
MOST_LINES = 5
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
class ChainFrame:
    """A size, and whether the chain goes from left to right or from above."""

    kind: str
    width: int
    is_across: bool


WIDE = ChainFrame("wide", 1138, True)
NARROW = ChainFrame("narrow", 350, False)
PAPER = ChainFrame("paper", 642, False)  # one below the other: an arrow never passes behind a box


@dataclass(frozen=True, slots=True)
class _Box:
    step: Step
    column: int
    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    marks: tuple[tuple[Mark, tuple[str, ...]], ...]  # with the lines of their words

    @property
    def height(self) -> float:
        return 2 * PAD + ROW * (len(self.lines) + sum(len(words) for _mark, words in self.marks)) - 3


def chain_svg(chain: Chain, frame: ChainFrame, name: str = "effektkaede") -> str:
    """The drawing as one `<svg>`."""
    lanes = _lanes(chain, frame)
    plan = (_across if frame.is_across else _down)(chain, frame, lanes)
    routes = _routes(chain, plan, frame, lanes)
    anchor = f"{name}-{frame.kind}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="m-chain__svg m-chain__svg--{frame.kind}" role="img" '
            f'aria-labelledby="{anchor} {anchor}-d" width="{frame.width}" height="{plan.height:.0f}" '
            f'viewBox="0 0 {frame.width} {plan.height:.0f}" font-size="{TEXT}" {FONT}>'
            f'<title id="{anchor}">{escape(_title(chain, frame))}</title>',
            f'<desc id="{anchor}-d">{escape(chain.alt)}</desc>',
            *(_head(*head) for head in plan.heads),
            *(part for route in routes for part in _line(route)),
            *(part for box in plan.boxes for part in _drawn(box)),
            *_labels(chain, routes, frame, plan),
            "</svg>",
        )
    )


def _title(chain: Chain, frame: ChainFrame) -> str:
    """On paper the title is all that a reader hears."""
    return f"{chain.title}. {chain.alt}" if frame == PAPER else chain.title


# ---- where boxes stand -----------------------------------------------------------------------------------------------

Head = tuple[float, float, str]


@dataclass(slots=True)
class _Plan:
    """Headings and boxes with their places; `bottom`: of the columns, where lanes begin."""

    heads: list[Head]
    boxes: list[_Box]
    bottom: float = 0
    height: float = 0


def _made(step: Step, column: int, x: float, y: float, width: float) -> _Box:
    lines = wrapped(f"{step.number}. {step.text}", width - 2 * PAD, TEXT, most=MOST_LINES, bold=True)
    marks = ((mark, tuple(wrapped(mark.word, width - 2 * PAD - 20, SMALL))) for mark in step.marks)
    return _Box(step, column, round(x, 1), round(y, 1), round(width, 1), tuple(lines), tuple(marks))


def _count(lanes: Mapping[int, int]) -> int:
    return max(lanes.values(), default=-1) + 1


def _across(chain: Chain, frame: ChainFrame, lanes: Mapping[int, int]) -> _Plan:
    """A column for each kind, lanes under them, and below those what the chain does not steer."""
    plan, count = _Plan([], []), _count(lanes)
    columns = [one for one in chain.columns if one[0] != StepKind.EXTERNAL]
    left, right = _margins(chain, len(columns) - 1, lanes)
    width = (frame.width - left - right - BETWEEN * max(len(columns) - 1, 0)) / max(len(columns), 1)
    width = min(250.0, width)
    words = [wrapped(head, width + BETWEEN - 10, SMALL, bold=True) for _kind, head, _steps in columns]
    top = HEAD + ROW * (max((len(lines) for lines in words), default=1) - 1)
    plan.bottom = float(top)
    for column, (_kind, _head, steps) in enumerate(columns):
        x, y = left + column * (width + BETWEEN), float(top)
        plan.heads += [(x, 14 + ROW * at, line) for at, line in enumerate(words[column])]
        for step in steps:
            plan.boxes.append(_made(step, column, x, y, width))
            y += plan.boxes[-1].height + APART + _room_below(step, chain, frame)
        plan.bottom = max(plan.bottom, y)
    plan.height = plan.bottom + (LANE * count + 4 if count else 0)
    for _kind, head, steps in (one for one in chain.columns if one[0] == StepKind.EXTERNAL):
        plan.height = _row(plan, steps, head, len(columns), left, frame.width - right, 250, plan.height)
    return plan


def _margins(chain: Chain, last: int, lanes: Mapping[int, int]) -> tuple[int, int]:
    """Room for what goes round to the first column, and out of the last."""
    columns = _column_of(chain)
    round_about = [chain.arrows[at] for at in lanes]
    left = any(columns[arrow.end] == 0 for arrow in round_about)
    right = any(columns[arrow.start] == last for arrow in round_about)
    return 34 if left else 1, 40 if right else 1


def _room_below(step: Step, chain: Chain, frame: ChainFrame) -> float:
    is_needed = any(arrow.start == step.number and _is_down(arrow, chain, frame) for arrow in chain.arrows)
    return DOWN if is_needed else 0


def _down(chain: Chain, frame: ChainFrame, lanes: Mapping[int, int]) -> _Plan:
    """A band for each kind, the boxes one below the other; lanes at the right."""
    count = _count(lanes)
    room = frame.width - (LANE * count + 14 if count else 1)
    plan = _Plan([], [])
    for column, (_kind, head, steps) in enumerate(chain.columns):
        plan.heads.append((1, plan.height + 14, head))
        y = plan.height + HEAD
        for step in steps:
            plan.boxes.append(_made(step, column, 1, y, room - 1))
            is_last = step is steps[-1]  # the next heading makes room itself
            y += plan.boxes[-1].height + APART + (0 if is_last else _room_below(step, chain, frame))
        plan.height = y + 10
    return plan


def _row(
    plan: _Plan, steps: Sequence[Step], head: str, column: int, left: float, right: float, least: float, y: float
) -> float:
    """Place a heading and the steps in rows; where the next may begin."""
    plan.heads.append((left, y + 14, head))
    y += HEAD
    per_row = max(1, min(len(steps), int((right - left + APART) // (least + APART))))
    width = (right - left - APART * (per_row - 1)) / per_row
    for start in range(0, len(steps), per_row):
        here = enumerate(steps[start : start + per_row])
        row = [_made(step, column, left + at * (width + APART), y, width) for at, step in here]
        plan.boxes += row
        y += max(box.height for box in row) + APART
    return y


# ---- where arrows go -------------------------------------------------------------------------------------------------


def _column_of(chain: Chain) -> dict[int, int]:
    return {step.number: at for at, (_kind, _head, steps) in enumerate(chain.columns) for step in steps}


def _is_straight(arrow: Arrow, chain: Chain, frame: ChainFrame) -> bool:
    """Whether the arrow goes to the next column. What comes from the row below, and all in bands, goes round."""
    columns = _column_of(chain)
    external = {step.number for step in chain.steps if step.kind == StepKind.EXTERNAL}
    is_next = columns[arrow.end] == columns[arrow.start] + 1
    return frame.is_across and is_next and not external & {arrow.start, arrow.end}


def _is_down(arrow: Arrow, chain: Chain, frame: ChainFrame) -> bool:
    """Whether the arrow goes to the step right below its own: of the same column, or the next of all in bands."""
    columns = _column_of(chain)
    is_below = not frame.is_across or columns[arrow.start] == columns[arrow.end]
    return is_below and arrow.end == arrow.start + 1


def _lanes(chain: Chain, frame: ChainFrame) -> dict[int, int]:
    """The lane of each arrow that goes round, by its place among the arrows: the shortest in the nearest lane.

    Two share one where they do not meet.
    """
    numbered = enumerate(chain.arrows)
    round_about = [at for at, one in numbered if not (_is_straight(one, chain, frame) or _is_down(one, chain, frame))]
    spans = {at: _span(chain.arrows[at], chain, frame) for at in round_about}
    lanes: dict[int, int] = {}
    taken: list[list[tuple[float, float]]] = []
    for at in sorted(round_about, key=lambda one: (spans[one][1] - spans[one][0], spans[one])):
        first, last = spans[at]
        apart = (all(end <= first or last <= start for start, end in lane) for lane in taken)
        lanes[at] = next((lane for lane, is_free in enumerate(apart) if is_free), len(taken))
        if lanes[at] == len(taken):
            taken.append([])
        taken[lanes[at]].append((first, last))
    return lanes


def _span(arrow: Arrow, chain: Chain, frame: ChainFrame) -> tuple[float, float]:
    """From where to where the arrow takes its lane: by columns, or by steps from above."""
    if frame.is_across and any(s.number == arrow.start and s.kind == StepKind.EXTERNAL for s in chain.steps):
        return -1, len(chain.columns)
    columns = _column_of(chain)
    start, end = (columns[arrow.start], columns[arrow.end]) if frame.is_across else (arrow.start, arrow.end)
    return (start, end) if start < end else (end - 0.5, start + 0.5)


@dataclass(frozen=True, slots=True)
class _Route:
    """An arrow's line, the tip it ends with, and where its word stands."""

    arrow: Arrow
    path: str
    tip: tuple[float, float, int]  # x, y, and 1 to the right, -1 to the left, 0 down
    x: float
    y: float


def _routes(chain: Chain, plan: _Plan, frame: ChainFrame, lanes: dict[int, int]) -> list[_Route]:
    boxes = {box.step.number: box for box in plan.boxes}
    out, into = _ports(chain, frame, lanes)
    routes: list[_Route] = []
    for at, arrow in enumerate(chain.arrows):
        start, end = boxes[arrow.start], boxes[arrow.end]
        if _is_down(arrow, chain, frame):
            routes.append(_straight_down(arrow, start, end))
            continue
        leave, enter = _port(start, *out[at]), _port(end, *into[at])
        if at not in lanes and (out[at][1], into[at][1]) == (1, 1) and start.y == end.y:
            leave = enter = min(leave, enter)  # side by side and alone: level
        if at not in lanes:
            routes.append(_curve(arrow, start, end, leave, enter))
        elif frame.is_across:
            below = start.step.kind == StepKind.EXTERNAL
            leave = round(start.x + start.width * (out[at][0] + 1) / (out[at][1] + 1), 1) if below else leave
            routes.append(_below(arrow, start, end, leave, enter, plan.bottom + LANE * lanes[at], lanes[at]))
        else:
            outside = _count(lanes) - 1 - lanes[at]
            routes.append(_beside(arrow, start, end, leave, enter, frame.width - 4 - LANE * outside))
    return routes


Port = tuple[int, int]  # which of how many places on the edge of a box


def _ports(chain: Chain, frame: ChainFrame, lanes: Mapping[int, int]) -> tuple[dict[int, Port], dict[int, Port]]:
    """Where each arrow leaves and enters its boxes, so that no two touch the same place, and few cross."""
    leaving: dict[int, list[int]] = defaultdict(list)
    entering: dict[int, list[int]] = defaultdict(list)
    for at, arrow in enumerate(chain.arrows):
        if not _is_down(arrow, chain, frame):
            leaving[arrow.start].append(at)
            entering[arrow.end].append(at)

    def is_up(at: int) -> bool:
        return chain.arrows[at].end < chain.arrows[at].start

    def first_out(at: int) -> tuple[int, int]:
        if frame.is_across:
            return (1, -lanes[at]) if at in lanes else (0, chain.arrows[at].end)
        return (0, lanes[at]) if is_up(at) else (1, -lanes[at])

    def first_in(at: int) -> tuple[int, int]:
        if frame.is_across:
            return (1, -lanes[at]) if at in lanes else (0, chain.arrows[at].start)
        return (1, -lanes[at]) if is_up(at) else (0, lanes[at])

    out: dict[int, Port] = {}
    into: dict[int, Port] = {}
    for number in {*leaving, *entering}:
        ins, outs = sorted(entering[number], key=first_in), sorted(leaving[number], key=first_out)
        # In bands both are on the right edge: what enters above what leaves.
        before, more = (0, 0) if frame.is_across else (len(ins), len(outs))
        into |= {at: (place, len(ins) + more) for place, at in enumerate(ins)}
        out |= {at: (before + place, before + len(outs)) for place, at in enumerate(outs)}
    return out, into


def _port(box: _Box, place: int, of: int) -> float:
    return round(box.y + box.height * (place + 1) / (of + 1), 1)


def _curve(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float) -> _Route:
    x, to = start.x + start.width, end.x - 2
    bend = (to - x) / 2
    path = f"M{x:.1f} {leave}C{x + bend:.1f} {leave} {to - bend:.1f} {enter} {to - 7:.1f} {enter}"
    return _Route(arrow, path, (to, enter, 1), (start.x + start.width + end.x) / 2, min(leave, enter) - 15)


def _straight_down(arrow: Arrow, start: _Box, end: _Box) -> _Route:
    """From the lower edge of one box to the upper edge of the next."""
    x, y, to = round(start.x + start.width * DOWN_AT, 1), round(start.y + start.height, 1), round(end.y - 2, 1)
    return _Route(arrow, f"M{x} {y}V{to - 7:.1f}", (x, to, 0), x, (y + to) / 2 - 3)


def _below(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float, y: float, lane: int) -> _Route:
    """Round the columns by a lane under them: out at the right, in from the left; from the row below, straight up."""
    side = 6 + lane * 4 % 28
    out, back, to = start.x + start.width + side, max(end.x - side - 8, 0.5), end.x - 2
    first = f"M{start.x + start.width:.1f} {leave}H{out:.1f}"
    if start.step.kind == StepKind.EXTERNAL:
        out, first = leave, f"M{leave} {start.y}"
    path = f"{first}V{y:.1f}H{back:.1f}V{enter}H{to - 7:.1f}"
    return _Route(arrow, path, (to, enter, 1), (out + back) / 2, y)


def _beside(arrow: Arrow, start: _Box, end: _Box, leave: float, enter: float, x: float) -> _Route:
    """By a lane at the right: out and in at the right edges. Boxes beside each other hide what passes them."""
    to = end.x + end.width + 2
    path = f"M{start.x + start.width:.1f} {leave}H{x:.1f}V{enter}H{to + 7:.1f}"
    return _Route(arrow, path, (to, enter, -1), x, (leave + enter) / 2)


# ---- how they look ---------------------------------------------------------------------------------------------------


def _head(x: float, y: float, word: str) -> str:
    look = f'font-size="{SMALL}" font-weight="600" fill="{MUTED}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" {look}>{escape(word)} </text>'


def _line(route: _Route) -> Iterable[str]:
    arrow, (x, y, way) = route.arrow, route.tip
    colour = BAD if arrow.weakened else ACCENT if arrow.is_feedback else MUTED
    dashes = ' stroke-dasharray="6 4"' if arrow.weakened else ' stroke-dasharray="2 4"' if arrow.is_feedback else ""
    look = f'stroke="{colour}" stroke-width="{WIDTHS[Strength(arrow.strength)]}"{dashes} stroke-linejoin="round"'
    yield f'<path d="{route.path}" fill="none" {look}/>'
    back = x - 9 * way
    points = f"{back:.1f},{y - 5:.1f} {x:.1f},{y} {back:.1f},{y + 5:.1f}"
    if not way:
        points = f"{x - 5:.1f},{y - 9:.1f} {x:.1f},{y} {x + 5:.1f},{y - 9:.1f}"
    yield f'<polygon points="{points}" fill="{colour}"/>'


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
    for mark, lines in box.marks:
        colour, shape = SHAPES[mark.key]
        yield f'<g transform="translate({x} {y - 11:.1f}) scale(.7)">{shape.replace("{c}", colour)}</g>'
        for line in lines:
            yield f'<text x="{x + 20}" y="{y:.1f}" font-size="{SMALL}" fill="{INK}">{escape(line)} </text>'
            y += ROW


Area = tuple[float, float, float, float]  # left, top, right, bottom


def _labels(chain: Chain, routes: Sequence[_Route], frame: ChainFrame, plan: _Plan) -> Iterable[str]:
    """`svækket` or `virker tilbage` on white, inside the drawing, apart from each other, from tips and from boxes."""
    tips = [_around_tip(*route.tip) for route in routes]
    boxes = [(box.x + PAD, box.y, box.x + box.width - PAD, box.y + box.height) for box in plan.boxes]
    taken: list[Area] = []
    for route in routes:
        words = chain.weakened if route.arrow.weakened else chain.feedback if route.arrow.is_feedback else ""
        if not words:
            continue
        width = text_width(words, LABEL, bold=True) + 8
        left = min(max(route.x - width / 2, 1), frame.width - width - 1)
        # Away from everything where there is room for that near by; never on another word.
        y = _free(left, width, route.y, plan.height, [*taken, *tips, *boxes], 48) or _free(
            left, width, route.y, 1e6, taken, 1e6
        )
        assert y is not None
        taken.append((left, y - 10, left + width, y + 10))
        yield _label(words, BAD if route.arrow.weakened else ACCENT, left, y, width)


def _around_tip(x: float, y: float, way: int) -> Area:
    return (x - 5, y - 9, x + 5, y) if not way else (min(x, x - 9 * way), y - 5, max(x, x - 9 * way), y + 5)


def _free(left: float, width: float, y: float, most: float, taken: Sequence[Area], far: float) -> float | None:
    """The height nearest to `y` where a word covers nothing of these; None where there is none so near."""
    away = 0.0
    while away <= far:
        for at in (y + away, y - away):
            is_free = all(
                right <= left or left + width <= x or at + 9 <= top or bottom <= at - 9
                for x, top, right, bottom in taken
            )
            if is_free and 10 <= at <= most - 10:
                return at
        away += 2
    return None


def _label(words: str, colour: str, left: float, y: float, width: float) -> str:
    return (
        f'<rect x="{left:.1f}" y="{y - 9:.1f}" width="{width:.1f}" height="18" rx="3" fill="#fff" stroke="{colour}"/>'
        f'<text x="{left + width / 2:.1f}" y="{y + 4:.1f}" font-size="{LABEL}" font-weight="600" '
        f'text-anchor="middle" fill="{colour}">{escape(words)}</text>'
    )
