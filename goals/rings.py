"""Which things stand in a ring, where each points to what is above it. Pure: no Django."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def in_rings(above: Mapping[Node, Collection[Node]]) -> dict[Node, int]:
    """The nodes that by some way upward come back to themselves; those of one knot carry the same number.

    Tarjan's algorithm without recursion: a chain may be thousands of steps long.
    """
    number: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_nodes: dict[Node, None] = {}
    found: dict[Node, int] = {}
    for start in above:
        if start in number:
            continue
        path: list[tuple[Node, Iterator[Node]]] = []
        _enter(start, above, path, number, lowest, open_nodes)
        while path:
            node, steps = path[-1]
            for step in steps:
                if step not in number:
                    _enter(step, above, path, number, lowest, open_nodes)
                    break
                if step in open_nodes:
                    lowest[node] = min(lowest[node], number[step])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    knot = _taken_to(node, open_nodes)
                    if len(knot) > 1 or node in above.get(node, ()):
                        found |= dict.fromkeys(knot, number[node])
    return found


def _enter(
    node: Node,
    above: Mapping[Node, Collection[Node]],
    path: list[tuple[Node, Iterator[Node]]],
    number: dict[Node, int],
    lowest: dict[Node, int],
    open_nodes: dict[Node, None],
) -> None:
    number[node] = lowest[node] = len(number)
    open_nodes[node] = None
    path.append((node, iter(above.get(node, ()))))


def _taken_to(node: Node, open_nodes: dict[Node, None]) -> list[Node]:
    """The open nodes from the last one back to this one, closed."""
    knot: list[Node] = []
    while not knot or knot[-1] != node:
        knot.append(open_nodes.popitem()[0])
    return knot
