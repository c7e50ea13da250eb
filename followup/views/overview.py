"""The first page: what a person is to do, what is new, and how one's own goals go."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.additions import added_front
from followup.calendar_feed import nearest_body
from followup.inbox import SOON, grouped
from followup.overview import overview_of, remember_visit
from followup.views.bodies import body_context
from goals.models import Goal
from organisation.access import public
from organisation.models import BodyLink, Unit, UnitKind
from organisation.permissions import Role
from organisation.words.speaking import speak_of


@public
def overview(request: HttpRequest) -> HttpResponse:
    """Signed in: what this person needs first. Anonymous: the public front page."""
    if not request.user.is_authenticated and (front := added_front(request)) is not None:
        return front
    if request.authority is None:
        return render(request, "followup/front.html", {"signed_in": request.user.is_authenticated})
    own = _own_place(request)
    body = _with_goals(own, request.today) if own is not None and not own.is_body else own
    if body is not None:
        speak_of(body)
    context = body_context(body, request, with_words=False) if body else {"body": None, "rows": []}
    context["without_goals"] = own if own != body else None
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


def _with_goals(place: Unit, today: date) -> Unit:
    """The unit; if it has no goals of its own, the body it reports to, if that has any. One query."""
    above = Unit.objects.above(place)
    links = BodyLink.objects.valid(today).order_by("-first_day")
    linked = links.filter(unit__in=above.values("pk")).values("body")
    units = Unit.objects.filter(Q(pk__in=above.values("pk")) | Q(pk__in=linked)).annotate(
        reports_to=Subquery(links.filter(unit=OuterRef("pk")).values("body")[:1]),
        has_goals=Exists(Goal.objects.adopted().filter(owner_unit=OuterRef("pk"))),
    )
    known = {unit.pk: unit for unit in units}
    if known[place.pk].has_goals:
        return place
    parents = {pk: unit.parent_id for pk, unit in known.items()}
    links = {pk: unit.reports_to for pk, unit in known.items() if unit.reports_to is not None}
    council = next((pk for pk, unit in known.items() if unit.kind == UnitKind.COUNCIL), None)
    body = known.get(nearest_body(place, parents, links) or council)
    return body if body is not None and body.has_goals else place


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
