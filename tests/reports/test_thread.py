"""The red thread in plain values: what is folded, and a drawing in which nothing lies over anything else."""

import xml.etree.ElementTree as ET
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from followup.status import ORDER, Light
from reports.thread import REST, Branch, Edge, Fold, Key, Node, branches_of, counted, key_from
from reports.thread_svg import Card, Mark, Thread, thread_svg

SVG = "{http://www.w3.org/2000/svg}"


def node(goal: int, unit: int = 1, light: Light | None = Light.ON_TRACK, area: int | None = 100) -> Node:
    return Node(goal, f"Mål {goal}", 1, unit, area, light)


def thread(nodes: list[Node], *edges: Edge, opened=()) -> tuple[Branch, ...]:
    """What serves goal 0: the nodes, when no edges are given."""
    known = {one.goal: one for one in nodes}
    return branches_of(0, known, edges or [Edge(0, one.goal) for one in nodes], opened)


def names(branches: tuple[Branch, ...]) -> list:
    return [one.what.key if isinstance(one.what, Fold) else one.what.goal for one in branches]


def test_few_stand_by_themselves_the_worst_first():
    nodes = [node(1), node(2, light=Light.AT_RISK), node(3, light=Light.OFF_TRACK), node(4, light=None)]
    assert names(thread(nodes)) == [3, 2, 1, 4]


def test_many_of_one_unit_are_one_fold_that_counts_them():
    nodes = [node(n, 7, Light.AT_RISK if n < 4 else Light.ON_TRACK) for n in range(1, 10)]
    [only] = thread(nodes)
    assert only.what == Fold(Key(0, 7), 9, 1, is_of_unit=True, counts={Light.AT_RISK: 3, Light.ON_TRACK: 6})


def test_fifty_units_under_one_are_one_fold():
    [only] = thread([node(n, n) for n in range(1, 51)])
    assert (only.what.key, only.what.count, only.what.units) == (Key(0, 100), 50, 50)
    assert not only.what.is_of_unit


def test_what_has_no_place_in_common_is_the_rest_and_the_worst_stay():
    nodes = [node(n, n, Light.OFF_TRACK if n > 48 else Light.ON_TRACK, area=1000 + n) for n in range(1, 51)]
    found = names(thread(nodes))
    assert found[:2] == [49, 50]
    assert len(found) == 8
    assert found.count(Key(0, REST)) == 1


def test_an_unfolded_fold_is_followed_by_its_goals():
    nodes = [node(n, n) for n in range(1, 51)]
    found = names(thread(nodes, opened=[Key(0, 100)]))
    assert found == [Key(0, 100), *range(1, 51)]


def test_two_levels_and_no_more_and_no_circle():
    nodes = [node(n) for n in (1, 2, 3)]
    edges = [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(1, 0, is_across=True), Edge(2, 1)]
    [first] = thread([*nodes, node(0)], *edges)
    assert names(first.branches) == [2]
    assert first.branches[0].branches == ()


def test_help_across_is_drawn_where_it_helps():
    branches = thread([node(1), node(2)], Edge(0, 1), Edge(0, 2, is_across=True), Edge(1, 2))
    assert [(one.what.goal, one.is_across) for one in branches] == [(1, False), (2, True)]
    assert names(branches[0].branches) == [2]


def test_counts_are_of_what_serves_directly():
    nodes = {n: node(n, light=Light.AT_RISK if n == 1 else Light.ON_TRACK) for n in (1, 2, 3)}
    edges = [Edge(0, 1), Edge(0, 2, is_across=True), Edge(2, 3)]
    assert counted(0, nodes, edges) == (2, 1, {Light.AT_RISK: 1, Light.ON_TRACK: 1})


def test_keys_of_the_address():
    assert key_from("12-0") == Key(12, 0)
    assert [key_from(text) for text in ("", "12", "a-b", "1-2-3", "-1", "²-1", "9" * 50 + "-1")] == [None] * 7


nodes_drawn = st.lists(
    st.tuples(
        st.integers(1, 6), st.integers(50, 53) | st.none(), st.sampled_from(Light) | st.none(), st.integers(0, 3)
    ),
    max_size=60,
)


@settings(deadline=None)
@given(nodes_drawn)
def test_nothing_is_lost_in_folds_and_there_are_few_of_them(drawn):
    nodes = [Node(goal, "x", rank, unit, area, light) for goal, (unit, area, light, rank) in enumerate(drawn, 1)]
    branches = thread(nodes) if nodes else ()
    assert sum(one.what.count if isinstance(one.what, Fold) else 1 for one in branches) == len(nodes)
    assert len(branches) <= 8
    worst = [one.what.worst if isinstance(one.what, Fold) else ORDER.get(one.what.light, 9) for one in branches]
    assert worst == sorted(worst)


cards = st.recursive(
    st.builds(Card, st.text("abæ ø<&", min_size=1, max_size=90), st.just("/maal/1/"),
              owner=st.text("abc ", max_size=60),
              marks=st.lists(st.just(Mark("ontrack", "På rette vej")), max_size=4).map(tuple)),
    lambda inner: st.builds(Card, st.just("Læsning"), st.just("/m/2/"), below=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(cards, max_size=3), cards)
def test_boxes_lie_inside_the_drawing_and_apart(above, here):
    svg = ET.fromstring(thread_svg(Thread("Tråden", ("a", "b", "c", "d"), tuple(above), (), here), "/s.svg"))
    width, height = float(svg.get("width")), float(svg.get("height"))
    boxes = [tuple(float(one.get(name)) for name in ("x", "y", "width", "height")) for one in svg.iter(f"{SVG}rect")]
    for x, y, wide, high in boxes:
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
    for (ax, ay, aw, ah), (bx, by, bw, bh) in combinations(boxes, 2):
        assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay


def test_every_box_is_a_link_with_its_light_in_words_in_the_order_it_is_read():
    child = Card("Læsning", "/maal/3/", owner="Bakkeskolen", marks=(Mark("atrisk", "Kræver opmærksomhed"),))
    here = Card("Trivsel", "/maal/2/", is_here=True, below=(child, Card("Ro", "/maal/4/", across="På tværs")))
    svg = thread_svg(Thread("T", ("a", "b", "c", "d"), (Card("Skole", "/maal/1/"),), (), here), "/s.svg")
    links = ET.fromstring(svg).findall(f"{SVG}a")
    assert [one.get("href") for one in links] == ["/maal/1/", "/maal/2/", "/maal/3/", "/maal/4/"]
    assert "".join(links[2].itertext()) == "Kræver opmærksomhed Læsning Bakkeskolen "
    assert [one.get("aria-current") for one in links] == [None, "true", None, None]
    assert "style=" not in svg
    # One dashed tie and one dashed box: the help across.
    assert svg.count("stroke-dasharray") == 2
