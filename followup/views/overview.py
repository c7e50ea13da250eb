"""The first page: what a person is to do, what is new, and how one's own goals go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.additions import added_front
from followup.inbox import SOON, grouped
from followup.overview import overview_of, remember_visit
from followup.views.bodies import body_context
from organisation.access import public
from organisation.models import Unit, UnitKind
from organisation.permissions import Role
from organisation.words.speaking import speak_of


@public
def overview(request: HttpRequest) -> HttpResponse:
    """Signed in: what this person needs first. Anonymous: the public front page."""
    if not request.user.is_authenticated and (front := added_front(request)) is not None:
        return front
    if request.authority is None:
        return render(request, "followup/front.html", {"signed_in": request.user.is_authenticated})
    body = _own_place(request)
    if body is not None:
        speak_of(body)
    context = body_context(body, request, with_words=False) if body else {"body": None, "rows": []}
    context["is_politician"] = Role.POLITICIAN in request.user.roles(request.today)
    return render(request, "followup/overview.html", {**context, **_own_work(request)})


def _own_place(request: HttpRequest) -> Unit | None:
    """Whose goals come first: the politician's body, the leader's or professional's unit, else the council."""
    bodies = [UnitKind.COMMITTEE, UnitKind.COUNCIL, UnitKind.FINANCE_COMMITTEE]
    mine = [one for one in request.user.all_memberships if one.as_grant().holds_on(request.today)]
    mine = [one for one in mine if one.unit.authority_id == request.authority.pk]
    political = [one.unit for one in mine if one.role == Role.POLITICIAN and one.unit.kind in bodies]
    if political:
        return min(political, key=lambda unit: bodies.index(unit.kind))
    daily = [one.unit for one in mine if one.role in (Role.MANAGER, Role.PROFESSIONAL)]
    if daily:
        return daily[0]
    council = next((one.unit for one in mine if one.unit.kind == UnitKind.COUNCIL), None)
    return council or Unit.objects.filter(authority=request.authority, kind=UnitKind.COUNCIL).first()


def _own_work(request: HttpRequest) -> dict[str, Any]:
    """The person's tasks by when they are due, and what is new since the visit before."""
    today = request.today
    own = overview_of(request.authority.pk, request.user.as_viewer(today), today)
    request.task_counts = own.counts  # the menu need not ask again
    remember_visit(request.user, own, today)
    return {
        "groups": grouped(own.tasks, today),
        "task_count": sum(own.counts.values()),
        "minutes": sum(task.minutes for task in own.tasks),
        "late_count": sum(1 for task in own.tasks if task.is_late or task.is_returned),
        "soon_day": today + SOON,
        "since": own.since,
        "news": own.news,
    }
