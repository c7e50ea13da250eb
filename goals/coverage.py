"""Which service areas have a goal, and which have none. Pure: no Django."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Parents = Mapping[int, int | None]  # area -> the area it lies under


class Covered(StrEnum):
    """How an area comes to a goal."""

    OWN = "own"  # a goal names it
    ABOVE = "above"  # a goal names an area it lies under
    PARTS = "parts"  # every area under it is covered
    SOME = "some"  # only some of them are
    NONE = "none"  # there is no goal for it or for any part of it


@dataclass(frozen=True, slots=True)
class Gap:
    """An area without any goal, and how many areas lie under it."""

    area: int
    below: int


def coverage(parents: Parents, named: Collection[int]) -> dict[int, Covered]:
    """How each area is covered by the areas that goals name."""
    found: dict[int, Covered] = dict.fromkeys(parents, Covered.NONE)
    children = _children(parents)
    order = _topmost_first(parents)
    for area in order:
        if area in named:
            found[area] = Covered.OWN
        elif _of_above(found, parents, area) in (Covered.OWN, Covered.ABOVE):
            found[area] = Covered.ABOVE
    for area in reversed(order):
        parts = [found[part] for part in children[area]]
        if found[area] is Covered.NONE and any(part is not Covered.NONE for part in parts):
            is_whole = not any(part in (Covered.NONE, Covered.SOME) for part in parts)
            found[area] = Covered.PARTS if is_whole else Covered.SOME
    return found


def named_above(parents: Parents, named: Collection[int], area: int) -> int | None:
    """The nearest area that a goal names: the area itself, or one it lies under."""
    seen: set[int] = set()
    at: int | None = area
    while at is not None and at not in seen and at in parents:
        if at in named:
            return at
        seen.add(at)
        at = parents[at]
    return None


def gaps(parents: Parents, named: Collection[int]) -> list[Gap]:
    """The areas for which no goal is set at all, only the topmost of those that lie under each other."""
    found = coverage(parents, named)
    below = dict.fromkeys(parents, 0)
    for area in reversed(_topmost_first(parents)):
        if (parent := _known(parents, area)) is not None:
            below[parent] += 1 + below[area]
    return [
        Gap(area, below[area])
        for area in parents
        if found[area] is Covered.NONE and _of_above(found, parents, area) is not Covered.NONE
    ]


def _of_above(found: Mapping[int, Covered], parents: Parents, area: int) -> Covered | None:
    """How the area it lies under is covered; None at the top."""
    above = _known(parents, area)
    return found[above] if above is not None else None


def _known(parents: Parents, area: int) -> int | None:
    """The area it lies under, unless that is not on the list."""
    parent = parents[area]
    return parent if parent in parents else None


def _children(parents: Parents) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    for area in parents:
        found[_known(parents, area)].append(area)
    return found


def _topmost_first(parents: Parents) -> list[int]:
    """Every area after the one it lies under; what lies in a ring is left out."""
    children = _children(parents)
    order: list[int] = list(children[None])
    for area in order:
        order.extend(children[area])
    return order


def in_order(parents: Parents) -> Iterable[tuple[int, int]]:
    """(area, depth) as in a table of contents; those beside each other stay in the order given."""
    children = _children(parents)
    stack = [(area, 0) for area in reversed(children[None])]
    while stack:
        area, depth = stack.pop()
        yield area, depth
        stack.extend((child, depth + 1) for child in reversed(children[area]))
