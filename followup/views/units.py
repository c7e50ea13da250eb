"""The administration: the tree of units, and the goals of each."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup import page_queries as queries
from followup.additions import panels_of
from followup.goal_views import deviations_first, goal_views
from followup.page_queries import HISTORY, PAGE
from followup.rows import goal_row
from followup.status import count_lights
from followup.views.shared import one_or_404
from goals.kinds import GoalState
from goals.models.goal import authorities_of
from organisation.access import requires
from organisation.addresses import address_of
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def unit_list(request: HttpRequest) -> HttpResponse:
    """The administration as a tree, 50 units a page, with the number of goals of each."""
    units = list(
        Unit.objects.filter(authority=request.authority)
        .valid(request.today)
        .annotate(goal_count=Count("goals", filter=Q(goals__state=GoalState.ADOPTED)))
        .order_by("position", "name")
    )
    page = Paginator(list(_depth_first(units)), PAGE).get_page(request.GET.get("side"))
    return render(request, "followup/unit_list.html", {"page": page})


def _depth_first(units: list[Unit]):
    """(depth, unit) in the order of a table of contents."""
    children: dict[int | None, list[Unit]] = {}
    known = {unit.pk for unit in units}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    stack = [(0, unit) for unit in reversed(children.get(None, []))]
    while stack:
        depth, unit = stack.pop()
        yield {"depth": min(depth, 5), "unit": unit}
        stack.extend((depth + 1, child) for child in reversed(children.get(unit.pk, [])))


@requires(Permission.SEE_AUTHORITY)
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit: its goals with status, and the units below."""
    viewer, today = request.user.as_viewer(request.today), request.today
    unit = one_or_404(queries.UNIT.objects(pk, authorities_of(request.user, request.today)))
    speak_of(unit)
    goals = queries.GOALS_OF_UNIT.objects(request.authority.pk, unit.pk, viewer, today)
    views = deviations_first(goal_views(goals, until=today, today=today, history=HISTORY, brief=goals))
    context = {
        "unit": unit,
        "rows": [goal_row(view, today) for view in views],
        "counts": count_lights(view.light for view in views if view.goal.is_adopted),
        "panels": panels_of("followup:unit_detail", request),
        "children": [
            {"url": address_of("followup:unit_detail", pk), "name": name}
            for pk, name in queries.CHILDREN.rows(unit.pk, today)
        ],
        "may_edit": Permission.EDIT_GOALS in unit.permissions_of(viewer, today, unit.path),
    }
    return render(request, "followup/unit_detail.html", context)
