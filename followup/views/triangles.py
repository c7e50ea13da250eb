"""The steering triangle of a goal and of a unit: economy, activity and quality beside each other, now and over time."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from followup import page_queries as queries
from followup.charts.triangle import triangle_svg
from followup.presentation import figure_of
from followup.rows import figure_row
from followup.standing import Standing, StoredSeries, links_of, standings_of
from followup.status import ORDER
from followup.triangles import HISTORY, triangle_of
from goals.models import Goal, Series
from goals.models.goal import authorities_of
from organisation.access import requires
from organisation.addresses import address_of
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

MOST = 24  # cards of a side; the light counts them all
MOST_IN_COLUMN = 2  # cards of a side under one another; with more each side has the whole width


@requires(Permission.SEE_AUTHORITY)
def goal_triangle(request: HttpRequest, pk: int) -> HttpResponse:
    """The series that the goal is measured by, side by side; the goal's page fetches the drawing to show it there."""
    visible = Goal.objects.visible_to(request.user, request.today).select_related("owner_unit")
    goal = get_object_or_404(visible, pk=pk)
    speak_of(goal.owner_unit)
    series = [link.series for link in links_of([goal.pk])[goal.pk]]
    context = {
        "goal": goal,
        "owner": goal.owner_unit.name,
        "back": address_of("followup:goal_detail", goal.pk),
        "address": address_of("followup:goal_triangle", goal.pk),
    }
    return _shown(request, goal.short_name, series, context)


@requires(Permission.SEE_AUTHORITY)
def unit_triangle(request: HttpRequest, pk: int) -> HttpResponse:
    """All series of the unit that are on a side; the unit's page fetches the drawing to show it there."""
    found = queries.UNIT.objects(pk, authorities_of(request.user, request.today))
    if not found:
        raise Http404
    [unit] = found
    speak_of(unit)
    context = {
        "unit": unit,
        "owner": unit.name,
        "back": address_of("followup:unit_detail", unit.pk),
        "address": address_of("followup:unit_triangle", unit.pk),
    }
    return _shown(request, unit.name, queries.SERIES_WITH_SIDE.objects(unit.pk, request.today), context)


def _shown(
    request: HttpRequest, name: str, series: Sequence[Series | StoredSeries], context: dict[str, Any]
) -> HttpResponse:
    today = request.today
    with_side = [one for one in series if one.indicator.side]
    standings = list(standings_of(with_side, until=today, today=today, history=HISTORY).values())
    triangle = triangle_of(name, standings, now=_("Nu"))
    context |= {
        "name": name,
        "triangle": triangle,
        "drawing": mark_safe(triangle_svg(triangle)),
    }
    if request.htmx:
        return render(request, "followup/_triangle.html", context)
    sides = [_side(corner, standings, request) for corner in triangle.corners]
    context |= {
        "sides": sides,
        "is_long": any(len(side["cards"]) > MOST_IN_COLUMN for side in sides),
        "may_edit": request.user.may_somewhere(Permission.EDIT_INDICATORS, today),
    }
    return render(request, "followup/triangle.html", context)


def _side(corner: Any, standings: Sequence[Standing], request: HttpRequest) -> dict[str, Any]:
    """A side's series as cards, deviations first."""
    own = [one for one in standings if one.series.indicator.side == corner.side]
    own.sort(key=lambda one: (ORDER[one.light], one.series.indicator.name, one.series.pk))
    cards = [{**figure_row(figure_of(one, request.today)), "of_unit": one.series.unit.name} for one in own[:MOST]]
    return {"corner": corner, "cards": cards, "more": len(own) - len(cards)}
