"""Division of labour and coverage: what serves what, what nobody serves, and the areas nobody has set a goal for."""

import csv
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup import coverage as data
from followup.coverage_rows import area_rows, area_table, division_rows, division_table, goal_heads
from followup.goal_views import deviations_first, goal_views
from followup.page_queries import HISTORY, PAGE
from followup.rows import goal_row
from followup.status import count_lights
from goals.models import Goal, ServiceArea, listed_by
from goals.views.shared import chosen_id
from organisation.access import requires
from organisation.permissions import Permission
from organisation.spreadsheets import guarded

COLUMNS = 50  # overall goals across, on a page
FEW = 10  # of each list, on the first page
LISTS = ("maal", "omraader", "traad")


@requires(Permission.SEE_AUTHORITY)
def coverage(request: HttpRequest) -> HttpResponse:
    """Overall goals and the committees whose goals serve them, and what is missing."""
    division = data.division_of(request.authority.pk, request.today)
    page = Paginator(division.goals, PAGE).get_page(request.GET.get("side"))
    context = {
        "page": page,
        "rows": list(division_rows(division, page.object_list, division.bodies)),
        "bodies": division.bodies,
        "goal_count": len(division.goals),
        "unserved_count": division.unserved_count,
        "area_count": ServiceArea.objects.filter(authority=request.authority).in_use(request.today).count(),
        "loose_count": data.loose_goals(request.authority.pk).count(),
    }
    return render(request, "followup/coverage.html", context)


@requires(Permission.SEE_AUTHORITY)
def coverage_areas(request: HttpRequest) -> HttpResponse:
    """Service areas and the overall goals that the goals about them serve."""
    found = _areas(request)
    page = Paginator(list(found.areas), PAGE).get_page(request.GET.get("side"))
    across = Paginator(found.goals, COLUMNS).get_page(request.GET.get("maalside"))
    context = {
        "page": page,
        "across": across,
        "rows": list(area_rows(found, page.object_list, across.object_list)),
        "goals": goal_heads(across.object_list),
        "uncovered_count": found.uncovered_count,
        "may_list": request.authority.pk in listed_by(request.user, request.today),
    }
    return render(request, "followup/coverage_areas.html", context)


def _areas(request: HttpRequest) -> data.AreaCoverage:
    here = request.authority.pk
    return data.area_coverage(here, request.today, list(data.overall_goals(here)))


@requires(Permission.SEE_AUTHORITY)
def coverage_missing(request: HttpRequest) -> HttpResponse:
    """What is missing, as lists with what to do; `?liste=` shows all of one."""
    here = request.authority.pk
    goals = list(data.overall_goals(here))
    areas = data.area_coverage(here, request.today, goals)
    lists: dict[str, Any] = {
        "maal": data.unserved(here, goals),
        "omraader": areas.gaps,
        "traad": data.loose_goals(here),
    }
    chosen = request.GET.get("liste")
    context: dict[str, Any] = {
        "chosen": chosen if chosen in LISTS else "",
        "may_edit": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
        "uncovered_count": areas.uncovered_count,
    }
    for name, found in lists.items():
        page = Paginator(found, PAGE if chosen == name else FEW)
        context[name] = page.get_page(request.GET.get("side") if chosen == name else 1)
        context[f"{name}_count"] = page.count
    context["page"] = context[chosen] if chosen in LISTS else None
    return render(request, "followup/coverage_missing.html", context)


@requires(Permission.SEE_AUTHORITY)
def coverage_cell(request: HttpRequest, goal_pk: int, body_pk: int) -> HttpResponse:
    """The goals of a body and the units it follows that serve an overall goal."""
    visible = Goal.objects.visible_to(request.user, request.today).select_related("owner_unit")
    root = get_object_or_404(visible, pk=goal_pk)
    body, goals = data.serving_of_body(root, body_pk, request.today)
    if body is None:
        raise Http404
    found = Paginator(goals, PAGE).get_page(request.GET.get("side"))
    context = {"root": root, "body": body, "page": found, **_shown(list(found.object_list), request)}
    return render(request, "followup/coverage_cell.html", context)


@requires(Permission.SEE_AUTHORITY)
def area_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A service area: the goals about it, or that there is none; `?maal=` those that serve an overall goal."""
    areas = ServiceArea.objects.visible_to(request.user, request.today).select_related("parent", "authority")
    area = get_object_or_404(areas, pk=pk)
    root = data.overall_goals(area.authority_id).filter(pk=chosen_id(request.GET.get("maal"))).first()
    goals = data.goals_about(area)
    if root is not None:
        goals = goals.filter(pk__in=[root.pk, *data.serving(root).values_list("pk", flat=True)])
    found = Paginator(goals, PAGE).get_page(request.GET.get("side"))
    covering = data.area_coverage(area.authority_id, request.today, [])
    above = covering.named_above(area.pk) if area.pk in covering.areas else None
    context = {
        "area": area,
        "root": root,
        "page": found,
        "above": above if above is not None and above.pk != area.pk else None,
        "parts": [one for one in covering.areas.values() if one.parent_id == area.pk],
        "may_edit": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
        **_shown(list(found.object_list), request),
    }
    return render(request, "followup/area_detail.html", context)


def _shown(goals: list[Goal], request: HttpRequest) -> dict[str, Any]:
    today = request.today
    views = goal_views(goals, until=today, today=today, history=HISTORY, brief=goals) if goals else []
    return {
        "rows": [goal_row(view, today) for view in deviations_first(views)],
        "counts": count_lights(view.light for view in views),
    }


# ---- as files --------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def coverage_file(request: HttpRequest) -> HttpResponse:
    """The division of labour as CSV."""
    return _csv("daekning", division_table(data.division_of(request.authority.pk, request.today)))


@requires(Permission.SEE_AUTHORITY)
def coverage_areas_file(request: HttpRequest) -> HttpResponse:
    """The service areas and their goals as CSV."""
    return _csv("serviceomraader", area_table(_areas(request)))


def _csv(name: str, rows: Iterable[list[str]]) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return response
