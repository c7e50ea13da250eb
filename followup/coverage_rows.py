"""The coverage matrices as ready rows, for the page and for a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.coverage import AreaCoverage, Cell, Division
from followup.goal_views import stored_light
from goals.coverage import Covered
from goals.models import Goal
from organisation.addresses import address_of
from organisation.models import Unit
from organisation.templatetags.components import LIGHT_WORDS, light, light_word, symbol


def goal_words(count: int) -> str:
    """`1 mål`, `3 mål`."""
    return ngettext("%d mål", "%d mål", count) % count


def _cell(cell: Cell | None, address: str, empty: str) -> SafeString:
    """A matrix cell: the worst light, how many goals, and where they are; the words are for those who hear it."""
    if cell is None or not cell.count:
        return format_html('<td><span class="sr-only">{}</span></td>', empty)
    return format_html(
        '<td><a href="{}">{}<span class="sr-only">{}: </span><b>{}</b></a></td>',
        address_of("followup:goal_detail", cell.a_goal) if cell.count == 1 else address,
        symbol(f"l-{cell.light}", f"m-light__sym m-light--{cell.light}"),
        LIGHT_WORDS[cell.light],
        goal_words(cell.count),
    )


def _goal_head(goal: Goal) -> dict[str, Any]:
    return {
        "pk": goal.pk,
        "url": address_of("followup:goal_detail", goal.pk),
        "name": goal.short_name,
        "title": goal.title,
        "light": light(stored_light(goal)),
    }


def _joined(cells: Sequence[SafeString]) -> SafeString:
    return SafeString("".join(cells))


def _listed(named: Sequence[tuple[str, Cell | None, str]]) -> list[dict[str, Any]]:
    """The cells of a row that are not empty, for phones."""
    return [
        {
            "name": name,
            "url": address_of("followup:goal_detail", cell.a_goal) if cell.count == 1 else address,
            "light": light(cell.light),
            "count": goal_words(cell.count),
        }
        for name, cell, address in named
        if cell is not None and cell.count
    ]


def division_rows(division: Division, goals: Sequence[Goal], bodies: Sequence[Unit]) -> Iterator[dict[str, Any]]:
    """An overall goal each, with a cell for each body."""
    empty = _("bidrager ikke")
    for goal in goals:
        row = division.cells.get(goal.pk, {})
        places = [
            (body.name, row.get(body.pk), address_of("followup:coverage_cell", goal.pk, body.pk)) for body in bodies
        ]
        cells = _joined([_cell(cell, address, empty) for _name, cell, address in places])
        total = sum(cell.count for cell in row.values())
        yield {**_goal_head(goal), "cells": cells, "listed": _listed(places), "total": total}


def area_rows(coverage: AreaCoverage, areas: Sequence[int], goals: Sequence[Goal]) -> Iterator[dict[str, Any]]:
    """A service area each, with its own goals and a cell for each overall goal."""
    empty, covered = _("intet mål om området"), coverage.covered()
    for pk in areas:
        area, row = coverage.areas[pk], coverage.cells.get(pk, {})
        url, own = address_of("followup:area_detail", pk), coverage.own.get(pk)
        places = [(goal.short_name, row.get(goal.pk), f"{url}?maal={goal.pk}") for goal in goals]
        yield {
            "pk": pk,
            "url": url,
            "code": area.code,
            "name": area.name,
            "depth": min(coverage.depths[pk], 4),
            "own": goal_words(own.count) if own else "",
            "light": light(own.light) if own else "",
            "words": covered_words(coverage, pk, covered[pk]),
            "is_missing": covered[pk] is Covered.NONE,
            "cells": _joined([_cell(cell, address, empty) for _name, cell, address in places]),
            "listed": _listed(places),
        }


def covered_words(coverage: AreaCoverage, pk: int, how: Covered) -> str:
    """How an area comes to a goal, in words."""
    match how:
        case Covered.OWN:
            return goal_words(coverage.own[pk].count)
        case Covered.ABOVE:
            above = coverage.named_above(pk)
            return _("under mål for %s") % (above.name if above is not None else "")
        case Covered.PARTS:
            return _("alle dele har mål")
        case Covered.SOME:
            return _("kun nogle dele har mål")
    return _("ikke målsat")


def goal_heads(goals: Sequence[Goal]) -> list[dict[str, Any]]:
    """Overall goals as heads of columns."""
    return [_goal_head(goal) for goal in goals]


# ---- as files --------------------------------------------------------------------------------------------------------


def _text(cell: Cell | None) -> str:
    return f"{goal_words(cell.count)}, {light_word(cell.light)}" if cell is not None and cell.count else ""


def division_table(division: Division) -> Iterator[list[str]]:
    """The division of labour, a line for each overall goal."""
    yield [_("Overordnet mål"), _("Status"), *(body.name for body in division.bodies), _("Bidrager i alt")]
    for goal in division.goals:
        row = division.cells.get(goal.pk, {})
        cells = [_text(row.get(body.pk)) for body in division.bodies]
        total = sum(cell.count for cell in row.values())
        yield [goal.title, light_word(stored_light(goal)), *cells, str(total)]


def area_table(coverage: AreaCoverage) -> Iterator[list[str]]:
    """The service areas, a line each."""
    yield [_("Kode"), _("Serviceområde"), _("Mål om området"), *(goal.title for goal in coverage.goals)]
    covered = coverage.covered()
    for pk, area in coverage.areas.items():
        own = _text(coverage.own.get(pk)) or covered_words(coverage, pk, covered[pk])
        row = coverage.cells.get(pk, {})
        yield [area.code, area.name, own, *(_text(row.get(goal.pk)) for goal in coverage.goals)]
