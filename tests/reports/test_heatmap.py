"""The heat map's grid, from plain pieces: known grids, and a slow second implementation."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.status import Light
from reports.heatmap import (
    Cell,
    Column,
    Piece,
    Point,
    Sorting,
    Tally,
    cells_of,
    first,
    grid_of,
    narrowed,
    place_of,
    point_of,
    tally,
)

OFF, LATE, RISK, UNSURE, ON, REACHED = list(Light)[:6]
NO_DATA = Light.NO_DATA
# Units by name: 1 Ask, 2 Birk, 3 Ceder. Goals by rank: 10, 20.
ROWS, UNITS = (10, 20), (1, 2, 3)
SERVING = [
    Piece(10, 1, ON, 101),
    Piece(10, 1, OFF, 102),
    Piece(10, 1, OFF, 103),
    Piece(10, 2, RISK, 104),
    Piece(20, 2, LATE, 105),
    Piece(20, 3, REACHED, 106),
]
OWN = [Piece(20, 1, UNSURE, 901), Piece(10, 2, OFF, 902)]


@pytest.fixture
def cells():
    return cells_of(SERVING, OWN)


@pytest.fixture
def grid(cells):
    return grid_of(ROWS, UNITS, cells, Sorting.DEVIATIONS)


def test_a_cell_has_the_worst_light_and_says_how_many_have_it(cells):
    assert cells[10][1] == Cell(OFF, 2, (102, 103, 101), is_series=False)


def test_own_series_count_only_where_no_goal_serves(cells):
    assert cells[20][1] == Cell(UNSURE, 1, (901,), is_series=True)
    assert cells[10][2] == Cell(RISK, 1, (104,), is_series=False)


def test_a_unit_that_does_not_serve_has_no_cell(cells):
    assert 3 not in cells[10]


def test_columns_with_most_deviations_first_and_of_two_alike_the_worse(grid):
    # Birk: at risk and late. Ask: off track and uncertain, which is worse. Ceder: none.
    assert grid.columns == (Column(1, 2, 2), Column(2, 2, 2), Column(3, 0, 1))


def test_columns_by_name(cells):
    units = [column.unit for column in grid_of(ROWS, (3, 1, 2), cells, Sorting.NAME).columns]
    assert units == [3, 1, 2]


def test_units_that_serve_none_of_the_goals_are_left_out(cells):
    assert [column.unit for column in grid_of((10,), UNITS, cells, Sorting.NAME).columns] == [1, 2]


def test_a_goal_counts_its_units(grid):
    assert tally(grid, 10) == Tally(10, 2, 2)
    assert tally(grid, 20) == Tally(20, 2, 3)


def test_the_point_names_units_with_two_or_more(grid):
    assert point_of(grid) == Point(3, 2, (Column(1, 2, 2), Column(2, 2, 2)), Tally(10, 2, 2))


@pytest.mark.parametrize(
    ("lights", "least", "named"),
    [
        ({1: RISK, 2: ON}, 1, [1]),
        ({1: ON, 2: REACHED}, 0, []),
        ({1: NO_DATA}, 0, []),
        ({}, 0, []),
    ],
)
def test_the_point_when_no_unit_has_two(lights, least, named):
    cells = cells_of([Piece(10, unit, light, unit) for unit, light in lights.items()], [])
    point = point_of(grid_of((10,), UNITS, cells, Sorting.DEVIATIONS))
    assert (point.units, point.least, [column.unit for column in point.named]) == (len(lights), least, named)
    assert (point.worst_goal is not None) == (least > 0)


def test_narrowing_keeps_goals_and_units_with_the_light_and_their_other_cells(grid):
    few = narrowed(grid, LATE)
    assert few.rows == (20,)
    assert few.columns == (Column(2, 2, 2),)
    assert few.cells is grid.cells
    assert narrowed(grid, NO_DATA).columns == ()


def test_the_highlighted_come_first(grid):
    shown = first(grid, row=20, unit=3)
    assert shown.rows == (20, 10)
    assert [column.unit for column in shown.columns] == [3, 1, 2]
    assert first(grid, row=999, unit=None) == grid


def test_places_are_shared(grid):
    assert [place_of(grid, unit) for unit in (1, 2, 3, 4)] == [1, 1, 3, None]


PIECES = st.lists(
    st.builds(Piece, st.integers(1, 4), st.integers(1, 5), st.sampled_from(list(Light)), st.integers(1, 99)),
    max_size=30,
    unique=True,
)
BAD = {"offtrack", "overdue", "atrisk", "uncertain"}  # VISUAL.md: these are deviations, worst first
SEVERITY = ["offtrack", "overdue", "atrisk", "uncertain", "ontrack", "reached", "notdue", "nodata", "notarget"]


@given(PIECES, PIECES, st.permutations([1, 2, 3, 4, 5]), st.sampled_from(Sorting))
def test_against_asking_each_cell_by_itself(serving, own, units, sorting):
    rows = (1, 2, 3, 4)
    cells = cells_of(serving, own)
    grid = grid_of(rows, units, cells, sorting)
    lights = {}
    for row in rows:
        for unit in units:
            here = [p for p in serving if p.row == row and p.unit == unit]
            here = here or [p for p in own if p.row == row and p.unit == unit]
            cell = cells.get(row, {}).get(unit)
            assert (cell is None) == (not here)
            if cell is None:
                continue
            for word in SEVERITY:
                if any(p.light.value == word for p in here):
                    lights[row, unit] = word
                    break
            assert cell.light.value == lights[row, unit]
            assert cell.having == len([p for p in here if p.light.value == lights[row, unit]])
            assert Counter(cell.keys) == Counter(p.key for p in here)
            assert all(p in own for p in here) or not cell.is_series
    for column in grid.columns:
        mine = [word for (_row, unit), word in lights.items() if unit == column.unit]
        assert (column.deviations, column.served) == (len([word for word in mine if word in BAD]), len(mine))
    shown = [column.unit for column in grid.columns]
    assert sorted(shown) == sorted({unit for _row, unit in lights})
    for left, right in zip(grid.columns, grid.columns[1:], strict=False):
        if sorting is Sorting.NAME:
            assert units.index(left.unit) < units.index(right.unit)
        else:
            assert left.deviations >= right.deviations
    point = point_of(grid)
    counts = [column.deviations for column in grid.columns]
    assert len(point.named) == (len([n for n in counts if n >= point.least]) if point.least else 0)
    assert point.least == min(2, max(counts, default=0))
    for row in rows:
        deviating = [unit for (at, unit), word in lights.items() if at == row and word in BAD]
        assert tally(grid, row).deviations == len(deviating)
        assert point.worst_goal is None or len(deviating) <= point.worst_goal.deviations
