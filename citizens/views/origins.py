"""What a goal came from, on its page and alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from citizens.came_from import came_from
from goals.models import Goal
from organisation.access import requires
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


def origin_facts(request: HttpRequest) -> dict[str, Any]:
    """The goal that the page's address names: what it came from is fetched by itself, the page asks nothing more."""
    assert request.resolver_match is not None
    return {"goal_id": request.resolver_match.kwargs["pk"]}


@requires(Permission.SEE_AUTHORITY)
def goal_origin(request: HttpRequest, pk: int) -> HttpResponse:
    """The hearing's themes behind a goal; nothing where there was none. To htmx the section alone."""
    goals = Goal.objects.visible_to(request.user, request.today).select_related("owner_unit")
    goal = get_object_or_404(goals, pk=pk)
    speak_of(goal.owner_unit)
    template = "citizens/_came_from.html" if request.htmx else "citizens/goal_origin.html"
    return render(request, template, {"goal": goal, "origins": came_from([pk]).get(pk, [])})
