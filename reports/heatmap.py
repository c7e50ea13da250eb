"""The heat map of goals and units in plain values: its cells, their order, and what its sentence says. Pure: no Django.

A cell is made of the unit's goals that serve the goal of the row; without any, of the unit's own series of what the
goal is measured by. It has the worst light among them, never an average. No cell: the unit does not serve the goal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from followup.status import DEVIATIONS, ORDER, Light

MANY = 2  # deviations from which a unit is named


class Sorting(StrEnum):
    """How the columns stand; the values are those of the address."""

    DEVIATIONS = "afvigelser"
    NAME = "navn"


class Piece(NamedTuple):
    """What a cell is made of: one goal of the unit, or one series."""

    row: int
    unit: int
    light: Light
    key: int


class Cell(NamedTuple):
    """The worst light, how many of the pieces have it, and the pieces."""

    light: Light
    having: int
    keys: tuple[int, ...]
    is_series: bool

    @property
    def deviates(self) -> bool:
        return self.light in DEVIATIONS


Cells = Mapping[int, Mapping[int, Cell]]  # row -> unit -> cell


class Column(NamedTuple):
    """One unit: how many of the goals it serves deviate there, and how many it serves."""

    unit: int
    deviations: int
    served: int


class Tally(NamedTuple):
    """One goal: in how many of the units that serve it, it deviates."""

    row: int
    deviations: int
    served: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns in the order they are shown."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    cells: Cells


@dataclass(frozen=True, slots=True)
class Point:
    """What the sentence says: how many units have `least` deviations or more, and which; where most units deviate.

    `least` is two; one when no unit has two; zero when none deviates.
    """

    units: int
    least: int
    named: tuple[Column, ...]
    worst_goal: Tally | None


def cells_of(serving: Iterable[Piece], own: Iterable[Piece]) -> dict[int, dict[int, Cell]]:
    """The cells, of goals that serve and, where there are none, of the unit's own series."""
    found = _worst(serving, is_series=False)
    for row, cells in _worst(own, is_series=True).items():
        found[row] = cells | found.get(row, {})
    return found


def _worst(pieces: Iterable[Piece], *, is_series: bool) -> dict[int, dict[int, Cell]]:
    places: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for piece in pieces:
        places[piece[:2]].append(piece)
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, unit), these in places.items():
        # Mostly one: nothing to order.
        one = Cell(these[0].light, 1, (these[0].key,), is_series)
        found[row][unit] = one if len(these) == 1 else _cell(these, is_series)
    return dict(found)


def _cell(pieces: list[Piece], is_series: bool) -> Cell:
    ordered = sorted(pieces, key=lambda piece: (ORDER[piece.light], piece.key))
    light = ordered[0].light
    having = sum(piece.light is light for piece in pieces)
    return Cell(light, having, tuple(piece.key for piece in ordered), is_series)


def grid_of(rows: Sequence[int], units: Sequence[int], cells: Cells, sorting: Sorting) -> Grid:
    """The grid of the rows as they are given and of those `units`, given by name, that serve any of them."""
    counts: dict[int, Counter[Light]] = defaultdict(Counter)
    for row in rows:
        for unit, cell in cells.get(row, {}).items():
            counts[unit][cell.light] += 1
    columns = [
        Column(unit, sum(counts[unit][light] for light in DEVIATIONS), counts[unit].total())
        for unit in units
        if unit in counts
    ]
    if sorting is Sorting.DEVIATIONS:
        # Of two with as many, the one with more of the worst; the sort keeps the names' order.
        columns.sort(key=lambda one: (-one.deviations, *(-counts[one.unit][light] for light in DEVIATIONS)))
    return Grid(tuple(rows), tuple(columns), cells)


def tally(grid: Grid, row: int) -> Tally:
    """How many of the units that serve the goal it deviates in."""
    shown = grid.cells.get(row, {})
    present = [shown[column.unit] for column in grid.columns if column.unit in shown]
    return Tally(row, sum(cell.deviates for cell in present), len(present))


def narrowed(grid: Grid, light: Light) -> Grid:
    """Only the goals and units that have the light somewhere; their other cells come along."""
    columns = {column.unit for column in grid.columns}
    hit = {
        (row, unit)
        for row in grid.rows
        for unit, cell in grid.cells.get(row, {}).items()
        if cell.light is light and unit in columns
    }
    rows, units = {row for row, _unit in hit}, {unit for _row, unit in hit}
    return replace(
        grid,
        rows=tuple(row for row in grid.rows if row in rows),
        columns=tuple(column for column in grid.columns if column.unit in units),
    )


def first(grid: Grid, *, row: int | None = None, unit: int | None = None) -> Grid:
    """The goal and the unit asked for before the rest, which keep their order."""
    return replace(
        grid,
        rows=tuple(sorted(grid.rows, key=lambda one: one != row)),
        columns=tuple(sorted(grid.columns, key=lambda one: one.unit != unit)),
    )


def point_of(grid: Grid) -> Point:
    """The numbers of the sentence over the map."""
    ordered = sorted(grid.columns, key=lambda column: -column.deviations)
    most = ordered[0].deviations if ordered else 0
    least = min(most, MANY)
    named = tuple(column for column in ordered if least and column.deviations >= least)
    tallies = [tally(grid, row) for row in grid.rows]
    worst = max(tallies, key=lambda one: one.deviations, default=None)
    return Point(len(grid.columns), least, named, worst if worst is not None and worst.deviations else None)


def place_of(grid: Grid, unit: int) -> int | None:
    """The unit's place when most deviations come first: one more than how many have more; None when it is not there."""
    own = next((column for column in grid.columns if column.unit == unit), None)
    return None if own is None else 1 + sum(column.deviations > own.deviations for column in grid.columns)
