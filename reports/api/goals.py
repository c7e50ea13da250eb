"""Authorities, goals, decisions and reports."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Path, Query, Router, Schema

from goals.models import Contribution, Goal
from organisation.models import Authority
from reports.api.access import authorities_at, authority_at
from reports.api.paging import Paging, page_of
from reports.api.schemas import LARGEST, AuthorityOut, DecisionOut, GoalOut, Page, Problem, ReportOut
from reports.api.telling import Told, authority_told, decision_told, goal_told, report_told, whole
from reports.models import EditionFile
from reports.opendata.lights import measured_goals
from reports.opendata.public import public_decisions, public_editions, public_goals

router = Router()
ERRORS: dict[Any, Any] = {(404, 422, 429): Problem}
Key = Path(ge=1, le=LARGEST)


class Chosen(Schema):
    """Whose data."""

    authority: str = Field("", max_length=10, description="The authority's code; needed where there are several")


class GoalFilter(Chosen):
    """Which goals."""

    unit: int | None = Field(None, ge=1, le=LARGEST, description="The unit whose goals they are")
    parent: int | None = Field(None, ge=1, le=LARGEST, description="The goal they serve")
    q: str = Field("", max_length=100, description="A word in the title")


class DecisionFilter(Chosen):
    """Which decisions."""

    body: int | None = Field(None, ge=1, le=LARGEST, description="The body that decided")


@router.get("/authorities", response={200: list[AuthorityOut], **ERRORS}, summary="Authorities")
def authority_list(request: HttpRequest) -> list[Told]:
    """All that show their goals at this address."""
    return [authority_told(request, one) for one in authorities_at(request)]


@router.get("/authorities/{code}", response={200: AuthorityOut, **ERRORS}, summary="One authority")
def authority_detail(request: HttpRequest, code: str = Path(min_length=1, max_length=10)) -> Told:
    """By Statistics Denmark's code."""
    return authority_told(request, authority_at(request, code))


@router.get("/goals", response={200: Page[GoalOut], **ERRORS}, summary="Goals")
def goal_list(request: HttpRequest, chosen: Query[GoalFilter], paging: Query[Paging]) -> dict[str, Any]:
    """Public goals with their lights, by the body's own order."""
    authority = authority_at(request, chosen.authority)
    goals = public_goals(authority)
    if chosen.unit is not None:
        goals = goals.filter(owner_unit=chosen.unit)
    if chosen.parent is not None:
        goals = goals.filter(parent=chosen.parent)
    if chosen.q:
        goals = goals.filter(title__icontains=chosen.q.replace("\x00", ""))
    found = _with_all(goals).order_by("owner_unit__position", "owner_unit__name", "rank", "pk")
    return page_of(request, found, paging, lambda rows: _goals_told(request, authority, rows))


@router.get("/goals/{pk}", response={200: GoalOut, **ERRORS}, summary="One goal")
def goal_detail(request: HttpRequest, pk: int = Key) -> Told:
    """With its light, the goal it serves and those it helps."""
    authority = authority_of(request, Goal, pk)
    goal = get_object_or_404(_with_all(public_goals(authority)), pk=pk)
    return _goals_told(request, authority, [goal])[0]


def _with_all(goals: Any) -> Any:
    return goals.select_related("owner_unit", "adopted_by", "closed_by")


def _goals_told(request: HttpRequest, authority: Authority, goals: list[Goal]) -> list[Told]:
    ids = [goal.pk for goal in goals]
    public = public_goals(authority).order_by()
    pairs = Contribution.objects.filter(goal__in=ids, to_goal__in=public.values("pk"))
    helped = defaultdict(list)
    for goal_id, to_goal in pairs.order_by("to_goal").values_list("goal", "to_goal"):
        helped[goal_id].append(to_goal)
    parents = {goal.parent_id for goal in goals if goal.parent_id}
    shown = set(public.filter(pk__in=parents).values_list("pk", flat=True))
    measured = measured_goals(authority, goals, request.today)
    return [
        goal_told(
            authority,
            goal,
            measured[goal.pk],
            goal.parent_id if goal.parent_id in shown else None,
            helped[goal.pk],
            whole(request, authority, "reports:portal_goal", goal.pk),
        )
        for goal in goals
    ]


@router.get("/decisions", response={200: Page[DecisionOut], **ERRORS}, summary="Decisions")
def decision_list(request: HttpRequest, chosen: Query[DecisionFilter], paging: Query[Paging]) -> dict[str, Any]:
    """The open part of the register, latest first."""
    authority = authority_at(request, chosen.authority)
    found = public_decisions(authority, request.today).order_by("-date", "-pk")
    if chosen.body is not None:
        found = found.filter(body=chosen.body)

    def told(rows: list[Any]) -> list[Told]:
        about = {row.goal_id for row in rows if row.goal_id}
        public = set(public_goals(authority).filter(pk__in=about).values_list("pk", flat=True))
        return [decision_told(authority, row, public) for row in rows]

    return page_of(request, found, paging, told)


@router.get("/reports", response={200: Page[ReportOut], **ERRORS}, summary="Published reports")
def report_list(request: HttpRequest, chosen: Query[Chosen], paging: Query[Paging]) -> dict[str, Any]:
    """Those in force, latest first."""
    authority = authority_at(request, chosen.authority)
    found = public_editions(authority, request.today)

    def told(rows: list[Any]) -> list[Told]:
        files = defaultdict(list)
        kept = EditionFile.objects.filter(edition__in=[row.pk for row in rows]).order_by("kind")
        for edition, kind, code in kept.values_list("edition", "kind", "sha256"):
            files[edition].append((kind, code))
        return [report_told(request, authority, row, files[row.pk]) for row in rows]

    return page_of(request, found, paging, told)


def authority_of(request: HttpRequest, model: Any, pk: int) -> Authority:
    """Whose it is, among those that the address may show."""
    code = get_object_or_404(model.objects.filter(pk=pk).values_list("authority__code", flat=True))
    return authority_at(request, code)
