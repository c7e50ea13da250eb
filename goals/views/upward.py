"""Which of a unit's goals the levels above it follow."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from goals.actions.links import choose_upward
from goals.kinds import GoalState
from goals.models import Goal
from goals.models.goal import authorities_of
from goals.views.shared import PAGE, chosen_id, saved
from organisation.access import fetch, requires
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.EDIT_GOALS)
def unit_upward(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's goals with a box each; only what the person turned is stored, so two at once lose nothing."""
    units = Unit.objects.filter(authority__in=authorities_of(request.user, request.today))
    unit = fetch(units, Unit.objects.allowing(Permission.EDIT_GOALS, request.user, request.today), pk=pk)
    speak_of(unit)
    if request.method == "POST":
        wanted, before = _ids(request, "goal"), _ids(request, "before")
        choose_upward(unit, up=wanted - before, staying=before - wanted, by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("goals:unit_upward", pk)
    goals = Goal.objects.filter(owner_unit=unit).exclude(state=GoalState.CLOSED)
    shown = goals.select_related("parent__owner_unit").order_by("rank", "pk")
    every = list(goals.values_list("goes_up", flat=True))
    context = {
        "unit": unit,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("side")),
        "every": len(every),
        "going_up": sum(every),
    }
    return render(request, "goals/unit_upward.html", context)


def _ids(request: HttpRequest, name: str) -> set[int]:
    return {pk for text in request.POST.getlist(name) if (pk := chosen_id(text)) is not None}
