"""The heat map as ready texts: a page has five thousand cells, so a row is put together once and only printed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from followup.presentation import value_words
from followup.status import DEVIATIONS, ORDER, Light
from organisation.addresses import address_of, pattern_of
from organisation.danish import NBSP
from organisation.templatetags.components import LIGHT_WORDS, light, symbol
from reports.heat_data import HeatMap
from reports.heatmap import Cell, Column, Grid, tally

FEW = 12  # more than these are opened by whoever wants them


def heat_rows(heat: HeatMap, grid: Grid, columns: Sequence[Column], query: str, lit_row: int | None) -> list[dict]:
    """One row for each goal: its name, in how many units it deviates, its cells, and for phones its units by light.

    `query` is put after the address of a cell made of several goals: the period it is seen at.
    """
    maker = _Maker(heat, query)
    return [
        {
            "pk": row,
            "goal": heat.goals[row],
            "url": address_of("followup:goal_detail", row),
            "units_url": address_of("reports:goal_units", row),
            "light": light(heat.lights[row]),
            "tally": tally(grid, row),
            "is_lit": row == lit_row,
            **maker.row(row, columns),
        }
        for row in grid.rows
    ]


def heat_columns(heat: HeatMap, columns: Iterable[Column], lit_unit: int | None) -> list[dict[str, Any]]:
    """One head for each unit."""
    return [
        {
            "pk": column.unit,
            "url": address_of("followup:unit_detail", column.unit),
            "name": heat.units[column.unit],
            "deviations": column.deviations,
            "served": column.served,
            "is_lit": column.unit == lit_unit,
        }
        for column in columns
    ]


class _Maker:
    """Makes the cells of one page; the words, names and addresses between them are fetched once."""

    def __init__(self, heat: HeatMap, query: str) -> None:
        self.heat = heat
        self.names = {unit: escape(name) for unit, name in heat.units.items()}
        self.goal, self.series = (pattern_of(f"followup:{page}_detail", 1) for page in ("goal", "series"))
        self.many = pattern_of("reports:heat_cell", 2)
        self.query = escape(query)
        self.empty = f'<td><span class="sr-only">{escape(_("bidrager ikke"))}</span></td>'
        self.some = f"%d{NBSP}{escape(_('af'))}{NBSP}%d"

    def row(self, row: int, columns: Iterable[Column]) -> dict[str, SafeString]:
        """Every column's cell, and the same as a list of units by light, worst first, for phones."""
        shown = self.heat.grid.cells.get(row, {})
        cells, links = [], defaultdict[Light, list[str]](list)
        for column in columns:
            unit = column.unit
            cell = shown.get(unit)
            if cell is None:
                cells.append(self.empty)
                continue
            begin = f'<a href="{self.address(row, unit, cell)}">'
            if words := self.words(cell):
                cells.append(f"<td>{begin}{_shape(cell.light)}<b>{words}</b></a></td>")
                links[cell.light].append(f"<li>{begin}{self.names[unit]}</a> ({words})</li>")
            else:
                cells.append(f"<td>{begin}{_shape(cell.light)}</a></td>")
                links[cell.light].append(f"<li>{begin}{self.names[unit]}</a></li>")
        groups = (_group(one, links[one]) for one in sorted(links, key=ORDER.__getitem__))
        return {"cells": mark_safe("".join(cells)), "groups": mark_safe("".join(groups))}

    def address(self, row: int, unit: int, cell: Cell) -> str:
        """What the cell is made of: the goal, the series, or a page of all of them."""
        if len(cell.keys) > 1:
            return self.many % (row, unit) + self.query
        return (self.series if cell.is_series else self.goal) % cell.keys

    def words(self, cell: Cell) -> str:
        """`2 af 3`: how many have the light; of one series its value; nothing for one goal."""
        if len(cell.keys) > 1:
            return self.some % (cell.having, len(cell.keys))
        return escape(value_words(self.heat.standings[cell.keys[0]])) if cell.is_series else ""


def _group(one: Light, links: Sequence[str]) -> str:
    """The units with one light; a few that deviate stand open."""
    head, units = f'{light(one)} <span class="m-small">{len(links)}</span>', "".join(links)
    if one in DEVIATIONS and len(links) <= FEW:
        return f'<div class="m-heat__group"><p>{head}</p><ul>{units}</ul></div>'
    return f'<details class="m-heat__group"><summary>{head}</summary><ul>{units}</ul></details>'


@lru_cache(maxsize=16)
def _shape(key: Light) -> SafeString:
    """The light's shape in its colour; the word is for those who hear the page."""
    return format_html(
        '{}<span class="sr-only">{}</span>', symbol(f"l-{key}", f"m-light__sym m-light--{key}"), LIGHT_WORDS[key]
    )
