"""The red thread round one goal in plain values: what it serves, what serves it, and what is folded. Pure: no Django.

Two levels below the goal are shown. Where more goals serve one goal than can be read, those of one unit are folded
together, then those of the units under one unit, and at last the rest; nothing is left out, a fold says how many.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from followup.status import ORDER, Light

ROOM = (8, 4)  # how many stand by themselves under one goal: on the first level, on the second
LEVELS = 2
REST = 0  # the place of a fold of several units


class Node(NamedTuple):
    """One goal. `area` is the unit above its unit; another authority's goal has no light that we know."""

    goal: int
    name: str
    rank: int
    unit: int
    area: int | None
    light: Light | None


class Edge(NamedTuple):
    """That a goal serves the one above; `is_across`: as a contribution beside the goal it serves."""

    above: int
    goal: int
    is_across: bool = False


class Key(NamedTuple):
    """Which fold: under which goal, and of which unit."""

    above: int
    place: int

    def __str__(self) -> str:
        return f"{self.above}-{self.place}"


@dataclass(frozen=True, slots=True)
class Fold:
    """Several goals that serve the same goal, as one."""

    key: Key
    count: int
    units: int
    is_of_unit: bool  # all are the unit's own; else they are of units under it
    counts: Mapping[Light, int]
    is_open: bool = False

    @property
    def worst(self) -> int:
        return min((ORDER[light] for light in self.counts), default=len(ORDER))


@dataclass(frozen=True, slots=True)
class Branch:
    """A goal or a fold, and what serves it."""

    what: Node | Fold
    is_across: bool = False
    branches: tuple["Branch", ...] = field(default=())


def key_from(text: str) -> Key | None:
    """A fold named in an address; None when it names none."""
    above, _, place = text.partition("-")
    is_key = above.isascii() and above.isdigit() and place.isascii() and place.isdigit()
    return Key(int(above), int(place)) if is_key and len(text) < 40 else None


def branches_of(
    goal: int, nodes: Mapping[int, Node], edges: Iterable[Edge], opened: Collection[Key]
) -> tuple[Branch, ...]:
    """What serves the goal, the worst first, two levels of it."""
    below: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.goal in nodes:
            below[edge.above].append(edge)
    return _under(goal, below, nodes, opened, (goal,))


def _under(
    goal: int,
    below: Mapping[int, Sequence[Edge]],
    nodes: Mapping[int, Node],
    opened: Collection[Key],
    way: tuple[int, ...],
) -> tuple[Branch, ...]:
    """`way`: the goals from the first to this one; a goal that helps one of its own is not drawn again."""
    if len(way) > LEVELS:
        return ()
    found = sorted(
        (edge for edge in below.get(goal, ()) if edge.goal not in way),
        key=lambda edge: (_order(nodes[edge.goal]), nodes[edge.goal].rank, edge.goal),
    )

    def branch(edge: Edge) -> Branch:
        return Branch(nodes[edge.goal], edge.is_across, _under(edge.goal, below, nodes, opened, (*way, edge.goal)))

    shown: list[tuple[int, list[Branch]]] = []
    for place, group in folded([(edge, nodes[edge.goal]) for edge in found], ROOM[len(way) - 1]):
        if place is None:
            shown.append((_order(nodes[group[0].goal]), [branch(group[0])]))
            continue
        fold = _fold(Key(goal, place), [nodes[edge.goal] for edge in group], opened)
        members = [branch(edge) for edge in group] if fold.is_open else []
        shown.append((fold.worst, [Branch(fold, all(edge.is_across for edge in group)), *members]))
    shown.sort(key=lambda one: one[0])
    return tuple(one for _worst, those in shown for one in those)


def _order(node: Node) -> int:
    return ORDER[node.light] if node.light is not None else len(ORDER)


def folded(those: Sequence[tuple[Edge, Node]], room: int) -> list[tuple[int | None, list[Edge]]]:
    """The goals in their order, (None, [one]) for each by itself and (unit, several) for a fold."""
    places: dict[int, int | None] = {edge.goal: None for edge, _node in those}
    for of in (_unit_of, _area_of):
        if _entries(places) <= room:
            break
        alone = {edge.goal: at for edge, node in those if places[edge.goal] is None and (at := of(node)) is not None}
        several = Counter(alone.values())
        joined = set(places.values())
        places |= {goal: at for goal, at in alone.items() if several[at] > 1 or at in joined}
    if _entries(places) > room:
        single = [edge.goal for edge, _node in those if places[edge.goal] is None]
        spare = max(room - len(set(places.values()) - {None}) - 1, 0)
        if len(single) - spare > 1:
            places |= dict.fromkeys(single[spare:], REST)
    groups: dict[tuple[int | None, int], list[Edge]] = defaultdict(list)
    for edge, _node in those:
        at = places[edge.goal]
        groups[at, 0 if at is not None else edge.goal].append(edge)
    return [(at, group) for (at, _one), group in groups.items()]


def _unit_of(node: Node) -> int | None:
    return node.unit


def _area_of(node: Node) -> int | None:
    return node.area


def _entries(places: Mapping[int, int | None]) -> int:
    """How many boxes they take."""
    return sum(at is None for at in places.values()) + len(set(places.values()) - {None})


def _fold(key: Key, nodes: Sequence[Node], opened: Collection[Key]) -> Fold:
    counts = Counter(node.light for node in nodes if node.light is not None)
    return Fold(
        key=key,
        count=len(nodes),
        units=len({node.unit for node in nodes}),
        is_of_unit={node.unit for node in nodes} == {key.place},
        counts={light: counts[light] for light in Light if counts[light]},
        is_open=key in opened,
    )


def counted(goal: int, nodes: Mapping[int, Node], edges: Iterable[Edge]) -> tuple[int, int, Mapping[Light, int]]:
    """How many goals serve it directly, how many of them across, and how many have each light."""
    serving = [edge for edge in edges if edge.above == goal and edge.goal in nodes]
    lights = Counter(nodes[edge.goal].light for edge in serving)
    return len(serving), sum(edge.is_across for edge in serving), {one: lights[one] for one in Light if lights[one]}
