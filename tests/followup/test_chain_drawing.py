"""The drawing of an effect chain: what it says, that boxes keep apart, and that it keeps within its size."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.charts.chain import NARROW, PAPER, SHAPES, WIDE, chain_svg
from followup.charts.chain_spec import Arrow, Chain, Mark, Step
from goals.kinds import StepKind, Strength

SVG = "{http://www.w3.org/2000/svg}"
HEADS = tuple((kind.value, kind.name.title()) for kind in StepKind)
FRAMES = [WIDE, NARROW, PAPER]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)


def arrow(start: int, end: int, **fields) -> Arrow:
    defaults = {"text": "", "evidence": "", "strength": Strength.MEDIUM, "strength_word": "nogen"}
    rest = {"is_feedback": False, "weakened": "", "weakened_on": ""}
    return Arrow(pk=start * 100 + end, start=start, end=end, **{**defaults, **rest, **fields})


def chain(steps: list[tuple[StepKind, str, int]], arrows: list[Arrow]) -> Chain:
    keys = list(SHAPES)
    order = sorted(steps, key=lambda one: list(StepKind).index(one[0]))
    made = tuple(
        Step(at, at, kind, text, tuple(Mark(keys[n % 9], f"Ord {n}", "Indikator", n) for n in range(marks)))
        for at, (kind, text, marks) in enumerate(order, 1)
    )
    return Chain("Effektkæde: x", "alt", HEADS, "svækket", "virker tilbage", made, tuple(arrows))


@st.composite
def chains(draw) -> Chain:
    steps = draw(st.lists(st.tuples(st.sampled_from(StepKind), TEXTS, st.integers(0, 4)), min_size=1, max_size=14))
    ends = st.tuples(st.integers(1, len(steps)), st.integers(1, len(steps))).filter(lambda two: two[0] != two[1])
    pairs = draw(st.lists(ends, unique=True, max_size=8)) if len(steps) > 1 else []
    order = sorted(kind.value for kind, _text, _marks in steps)
    first_external = len(steps) - order.count(StepKind.EXTERNAL) + 1  # nothing leads to what is not steered
    pairs = [(a, b) for a, b in pairs if b < first_external]
    return chain(steps, [arrow(a, b, weakened=draw(st.sampled_from(["", "svag"]))) for a, b in pairs])


def rectangles(svg: str, kind: str) -> list[tuple[float, ...]]:
    root = ElementTree.fromstring(svg)
    found = [one for one in root.findall(f"{SVG}rect") if (one.get("rx") == "4") == (kind == "box")]
    return [tuple(float(one.get(name)) for name in ("x", "y", "width", "height")) for one in found]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.kind)
@given(chains())
@settings(max_examples=60, deadline=None)
def test_every_box_stands_alone_inside_the_drawing(frame, drawn):
    svg = chain_svg(drawn, frame)
    root = ElementTree.fromstring(svg)
    height = float(root.get("height"))
    boxes = rectangles(svg, "box")
    assert len(boxes) == len(drawn.steps)
    for x, y, width, tall in boxes:
        assert x >= 0 and x + width <= frame.width and y >= 0 and y + tall <= height + 0.5 and width > 60
    for (x, y, width, tall), (u, v, wide, high) in combinations(boxes, 2):
        assert x + width <= u or u + wide <= x or y + tall <= v or v + high <= y
    lines = root.findall(f"{SVG}path")
    assert len(lines) == len(drawn.arrows)
    for line in lines:
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", line.get("d"))]
        assert min(numbers) >= 0 and max(numbers) <= max(frame.width, height) + 1


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.kind)
def test_it_is_told_in_words_and_not_by_colour_alone(frame):
    drawn = chain(
        [(StepKind.ACTIVITY, "Besøg <b>", 1), (StepKind.LONG, "Job", 1)],
        [arrow(1, 2, weakened="ja", strength=Strength.STRONG), arrow(2, 1, is_feedback=True)],
    )
    svg = chain_svg(drawn, frame, "her")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-labelledby") == f"her-{frame.kind} her-{frame.kind}-d"
    title = "Effektkæde: x. alt" if frame == PAPER else "Effektkæde: x"
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == (title, "alt")
    words = [one.text.strip() for one in root.findall(f"{SVG}text")]
    assert {"1. Besøg <b>", "2. Job", "svækket", "virker tilbage", "Ord 0"} <= set(words)
    weak, back = root.findall(f"{SVG}path")
    assert (weak.get("stroke"), weak.get("stroke-dasharray"), weak.get("stroke-width")) == ("#b3122f", "6 4", "3.2")
    assert back.get("stroke") != weak.get("stroke") and back.get("stroke-dasharray")
    assert "style=" not in svg and "<use" not in svg and "href" not in svg


def labels_and_tips(svg: str) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """The white plates behind the words on arrows, and the tips of arrows: left, top, right, bottom."""
    plates = [(x, y, x + width, y + tall) for x, y, width, tall in rectangles(svg, "label")]
    tips = []
    for one in ElementTree.fromstring(svg).findall(f"{SVG}polygon"):
        xs, ys = zip(*[map(float, point.split(",")) for point in one.get("points").split()], strict=True)
        tips.append((min(xs), min(ys), max(xs), max(ys)))
    return plates, tips


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


CROWDED = chain(
    [(kind, f"Led {at}", 1) for at, kind in enumerate(list(StepKind)[:4])],
    [arrow(1, 2, weakened="ja"), arrow(2, 3, weakened="ja"), arrow(1, 3, weakened="ja"), arrow(2, 4, weakened="ja")],
)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.kind)
def test_the_words_on_arrows_hide_no_tip_and_no_other_word(frame):
    plates, tips = labels_and_tips(chain_svg(CROWDED, frame))
    assert (len(plates), len(tips)) == (4, 4)
    assert not any(meet(one, other) for one, other in combinations(plates, 2))
    assert not any(meet(plate, tip) for plate in plates for tip in tips)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.kind)
@given(chains())
@settings(max_examples=40, deadline=None)
def test_no_word_covers_another(frame, drawn):
    plates, _tips = labels_and_tips(chain_svg(drawn, frame))
    assert len(plates) == sum(bool(one.weakened) for one in drawn.arrows)
    assert not any(meet(one, other) for one, other in combinations(plates, 2))
    assert all(x >= 0 and right <= frame.width for x, _y, right, _bottom in plates)


def paths_of(steps: list[StepKind], arrows: list[Arrow], frame) -> list[str]:
    svg = chain_svg(chain([(kind, "Led", 0) for kind in steps], arrows), frame)
    return [one.get("d") for one in ElementTree.fromstring(svg).findall(f"{SVG}path")]


def test_an_arrow_to_the_step_right_below_goes_straight_down():
    kinds = [StepKind.ACTIVITY, StepKind.ACTIVITY, StepKind.OUTPUT]
    arrows = [arrow(1, 2), arrow(2, 1, is_feedback=True), arrow(2, 3)]
    for frame, straight in ((WIDE, [True, False, False]), (NARROW, [True, False, True]), (PAPER, [True, False, True])):
        found = [re.fullmatch(r"M[\d.]+ [\d.]+V[\d.]+", path) is not None for path in paths_of(kinds, arrows, frame)]
        assert found == straight, frame.kind


def test_the_shorter_way_round_is_nearer_to_the_boxes():
    kinds = list(StepKind)[:5]
    short, long = paths_of(kinds, [arrow(2, 4), arrow(1, 5)], NARROW)
    lane = [float(re.search(r"H(\S+?)V", path).group(1)) for path in (short, long)]
    assert lane[0] < lane[1]
    down = [float(re.search(r"V(\S+?)H", path).group(1)) for path in paths_of(kinds, [arrow(2, 4), arrow(1, 5)], WIDE)]
    assert down[0] < down[1]


def test_only_the_arrow_to_the_next_column_is_straight():
    steps = [
        (StepKind.ACTIVITY, "A", 0),
        (StepKind.OUTPUT, "B", 0),
        (StepKind.LONG, "C", 0),
        (StepKind.EXTERNAL, "D", 0),
    ]
    svg = chain_svg(chain(steps, [arrow(1, 2), arrow(1, 3), arrow(4, 2)]), WIDE)
    paths = [one.get("d") for one in ElementTree.fromstring(svg).findall(f"{SVG}path")]
    assert ["C" in path for path in paths] == [True, False, False]
    lanes = [re.findall(r"V(\S+?)H", path)[0] for path in paths[1:]]
    assert len(set(lanes)) == 2  # each its own
