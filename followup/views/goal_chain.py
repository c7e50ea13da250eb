"""The chain of one goal: up to the strategy, and down to all that serves it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.goal_chain import ChainPage
from organisation.access import requires
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def goal_chain(request: HttpRequest, pk: int) -> HttpResponse:
    """Who serves the goal, in whose words, with which indicator, and how it goes beside the goal itself."""
    viewer, today = request.user.as_viewer(request.today), request.today
    chain = ChainPage(pk, viewer, today, request.GET.get("side"))
    goal = chain.goal
    speak_of(goal.owner_unit)
    may = goal.owner_unit.permissions_of(viewer, today, goal.owner_path)
    context = {**chain.told(), "may_edit": goal.is_open and Permission.EDIT_GOALS in may}
    return render(request, "followup/goal_chain.html", context)
