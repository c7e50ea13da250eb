"""The heat map: where it hurts, goals down and units across; and what one cell is made of."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from followup.goal_views import deviations_first, goal_views
from followup.page_queries import HISTORY
from followup.presentation import figure_of
from followup.rows import figure_row, goal_row
from followup.standing import standings_of
from followup.status import ORDER, Light, count_lights
from goals.models import Goal
from goals.period_names import period_name
from organisation.access import requires
from organisation.danish import join_words
from organisation.models import Unit
from organisation.permissions import Permission
from reports.dashboard_forms import HeatMapForm
from reports.heat_data import HeatMap, goals_in_cell, heat_map_of, series_in_cell
from reports.heat_rows import heat_columns, heat_rows
from reports.heatmap import Point, first, narrowed, place_of, point_of

MOST_UNITS = 100  # columns on a page
NAMED = 5  # units named in the sentence before "og 4 til"


@requires(Permission.SEE_AUTHORITY)
def heat_map(request: HttpRequest) -> HttpResponse:
    """A body's goals and the units that serve them: the worst light of each pair, as the address narrows it."""
    form = HeatMapForm(request.GET, today=request.today)
    asked = {
        "today": request.today,
        "until": form.period.last if form.period else None,
        "kind": form.asked("art") or "",
        "level": form.asked("niveau") or "",
        "sorting": form.sorting,
    }
    heat = heat_map_of(request.authority.pk, form.asked("udvalg"), **asked)
    if heat.body is None and form.asked("udvalg"):
        heat = heat_map_of(request.authority.pk, None, **asked)
    form.name_choices(
        ((one.pk, one.name) for one in heat.bodies),
        ((pk, goal.short_name) for pk, goal in heat.goals.items()),
        heat.units.items(),
    )
    return render(request, "reports/heat_map.html", {"form": form, "body": heat.body, **_shown(request, form, heat)})


def _shown(request: HttpRequest, form: HeatMapForm, heat: HeatMap) -> dict[str, Any]:
    grid = narrowed(heat.grid, form.light) if form.light else heat.grid
    lit_row, lit_unit = form.asked("maal"), form.asked("enhed")
    grid = first(grid, row=lit_row, unit=lit_unit)
    page = Paginator(grid.columns, MOST_UNITS).get_page(request.GET.get("side"))
    columns = list(page.object_list)
    query = "?" + urlencode({"periode": form.period.code}) if form.period else ""
    point = point_of(heat.grid)
    lights = {cell.light for row in grid.rows for cell in grid.cells.get(row, {}).values()}
    return {
        "columns": heat_columns(heat, columns, lit_unit),
        "rows": heat_rows(heat, grid, columns, query, lit_row),
        "page": page,
        "point": point,
        "named": _names(heat, point),
        "named_count": len(point.named),
        "worst_goal": _goal_words(heat, point),
        "lit": _lit_words(heat, lit_unit),
        "lights": [one for one in Light if one in lights],
        "is_cut": heat.is_cut,
        "period": period_name(form.period) if form.period else "",
        "is_narrowed": form.light is not None,
        "has_numbers": heat.has_numbers,
    }


def _goal_words(heat: HeatMap, point: Point) -> dict[str, Any] | None:
    if point.worst_goal is None:
        return None
    return {"goal": heat.goals[point.worst_goal.row], "tally": point.worst_goal}


def _names(heat: HeatMap, point: Point) -> str:
    """`Bakkeskolen, Elmeskolen og 4 til`."""
    names = [heat.units[column.unit] for column in point.named]
    more = len(names) - NAMED
    return join_words([*names[:NAMED], _("%d til") % more] if more > 0 else names)


def _lit_words(heat: HeatMap, unit: int | None) -> dict[str, Any] | None:
    column = next((one for one in heat.grid.columns if one.unit == unit), None)
    if column is None:
        return None
    place, total = place_of(heat.grid, column.unit), len(heat.grid.columns)
    return {"name": heat.units[column.unit], "column": column, "place": place, "total": total}


@requires(Permission.SEE_AUTHORITY)
def heat_cell(request: HttpRequest, goal_pk: int, unit_pk: int) -> HttpResponse:
    """What one cell is made of: the unit's goals that serve the goal, or its own series of the goal's indicators."""
    today = request.today
    visible = Goal.objects.visible_to(request.user, today).select_related("owner_unit")
    root = get_object_or_404(visible, pk=goal_pk)
    unit = get_object_or_404(Unit, authority=root.authority_id, pk=unit_pk)
    form = HeatMapForm(request.GET, today=today)
    until = form.period.last if form.period else today
    goals = list(goals_in_cell(root, unit))
    views = goal_views(goals, until=until, today=today, history=HISTORY, brief=goals) if goals else []
    series = [] if goals else series_in_cell(root, unit, until)
    standings = standings_of(series, until=until, today=today, history=HISTORY).values() if series else []
    context = {
        "root": root,
        "unit": unit,
        "rows": [goal_row(view, today) for view in deviations_first(views)],
        "figures": [figure_row(figure_of(one, today)) for one in sorted(standings, key=lambda one: ORDER[one.light])],
        "counts": count_lights(one.light for one in (*views, *standings)),
        "period": period_name(form.period) if form.period else "",
    }
    return render(request, "reports/heat_cell.html", context)
