"""The heat map as ready texts: a page has five thousand cells, so a row is put together once and only printed."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from followup.presentation import value_words
from followup.status import DEVIATIONS, ORDER, Light
from organisation.addresses import address_of
from organisation.danish import NBSP
from organisation.templatetags.components import LIGHT_WORDS, light, symbol
from reports.heat_data import HeatMap
from reports.heatmap import Cell, Column, Grid, tally


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
            "cells": maker.cells(row, columns),
            "groups": maker.groups(row, columns),
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
    """Makes the cells of one page; the words between them are fetched once."""

    def __init__(self, heat: HeatMap, query: str) -> None:
        self.heat, self.query = heat, query
        self.empty = f'<td><span class="sr-only">{escape(_("bidrager ikke"))}</span></td>'
        self.some = f"%d{NBSP}{escape(_('af'))}{NBSP}%d"

    def cells(self, row: int, columns: Iterable[Column]) -> SafeString:
        """Every column's cell of the row."""
        shown = self.heat.grid.cells.get(row, {})
        made = [self.cell(row, one.unit, cell) if (cell := shown.get(one.unit)) else self.empty for one in columns]
        return mark_safe("".join(made))

    def cell(self, row: int, unit: int, cell: Cell) -> str:
        """The shape, the word for those who hear the page, the number, and the way to what it is made of."""
        words = self.words(cell)
        number = f"<b>{words}</b>" if words else ""
        return f'<td><a href="{self.address(row, unit, cell)}">{_shape(cell.light)}{number}</a></td>'

    def groups(self, row: int, columns: Iterable[Column]) -> list[dict[str, Any]]:
        """The units of the row by light, worst first, each a list of links ready to print."""
        found: dict[Light, list[str]] = {}
        shown = self.heat.grid.cells.get(row, {})
        for column in columns:
            if cell := shown.get(column.unit):
                words = f" ({number})" if (number := self.words(cell)) else ""
                address = self.address(row, column.unit, cell)
                link = f'<li><a href="{address}">{escape(self.heat.units[column.unit])}</a>{words}</li>'
                found.setdefault(cell.light, []).append(link)
        return [
            {
                "light": light(one),
                "count": len(links),
                "links": mark_safe("".join(links)),
                "deviates": one in DEVIATIONS,
            }
            for one, links in sorted(found.items(), key=lambda pair: ORDER[pair[0]])
        ]

    def address(self, row: int, unit: int, cell: Cell) -> str:
        """What the cell is made of: the goal, the series, or a page of all of them."""
        if len(cell.keys) > 1:
            return address_of("reports:heat_cell", row, unit) + self.query
        return address_of("followup:series_detail" if cell.is_series else "followup:goal_detail", cell.keys[0])

    def words(self, cell: Cell) -> str:
        """`2 af 3`: how many have the light; of one series its value; nothing for one goal."""
        if len(cell.keys) > 1:
            return self.some % (cell.having, len(cell.keys))
        return escape(value_words(self.heat.standings[cell.keys[0]])) if cell.is_series else ""


@lru_cache(maxsize=16)
def _shape(key: Light) -> SafeString:
    """The light's shape in its colour; the word is for those who hear the page."""
    return format_html(
        '{}<span class="sr-only">{}</span>', symbol(f"l-{key}", f"m-light__sym m-light--{key}"), LIGHT_WORDS[key]
    )
