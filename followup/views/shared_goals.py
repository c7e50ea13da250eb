"""Cross-cutting goals as they are read: the list, and the page that all owners see, here and elsewhere."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup.goal_views import goal_views
from followup.page_queries import HISTORY, PAGE
from followup.presentation import figure_of, goal_reason
from followup.rows import figure_row
from followup.shared_goals import (
    history_of,
    left_of,
    list_rows,
    owner_rows,
    owners_of,
    proposal_rows,
    proposals_of,
    rights_of,
)
from followup.shared_tasks import invitations_for, proposals_for
from followup.views.series import chart_with_table
from goals.kinds import OwnerState
from goals.models import Goal, TargetProposal
from goals.owning import Act
from organisation.access import requires
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

# ---- reading --------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def shared_goal_list(request: HttpRequest) -> HttpResponse:
    """The authority's cross-cutting goals and those of others that it takes part in, and what waits for the reader."""
    viewer, today = request.user.as_viewer(request.today), request.today
    goals = (
        Goal.objects.owned_in(request.authority.pk)
        .shared_with(viewer, today)
        .select_related("owner_unit", "authority", "standing")
        .order_by("authority__name", "rank", "pk")
    )
    page = Paginator(goals, PAGE).get_page(request.GET.get("side"))
    asked = request.authority.pk, viewer, today, today
    invited = (
        invitations_for(*asked).select_related("unit", "goal__owner_unit", "goal__authority").order_by("invited_at")
    )
    waiting = proposals_for(*asked).select_related("goal", "series__indicator", "proposed_for__unit")
    context = {
        "page": page,
        "rows": list_rows(page.object_list, request.authority.pk, today),
        "invitations": list(invited[:PAGE]),
        "waiting": list(waiting.order_by("proposed_at")[:PAGE]),
        "left": left_of(request.authority.pk),
        "may_leave": answers_for_authority(request),
    }
    return render(request, "followup/shared_goal_list.html", context)


def answers_for_authority(request: HttpRequest) -> bool:
    """Whether the person registers adoption for the whole authority."""
    if not request.user.may_somewhere(Permission.ADOPT_GOALS, request.today):
        return False
    allowed = Unit.objects.allowing(Permission.ADOPT_GOALS, request.user, request.today)
    return allowed.filter(authority=request.authority, parent=None).exists()


def seen_goal(request: HttpRequest, pk: int) -> Goal:
    goals = Goal.objects.shared_with(request.user, request.today)
    found = goals.select_related(
        "owner_unit", "authority", "responsible", "adopted_by__body", "closed_by__body", "standing"
    )
    goal = get_object_or_404(found, pk=pk)
    speak_of(goal.owner_unit)
    return goal


@requires(Permission.SEE_AUTHORITY)
def shared_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One cross-cutting goal as all its owners see it: how it goes, who is bound to what, and what is proposed."""
    today, goal = request.today, seen_goal(request, pk)
    rights = rights_of(goal, request.user, today)
    (view,) = goal_views([goal], until=today, today=today, history=HISTORY, whole=[goal])
    owners, proposals = owners_of(goal), proposals_of(goal)
    rows = owner_rows(goal, owners, rights, today)
    told = proposal_rows(proposals, rights.parts)
    is_here = goal.authority_id in rights.authorities
    committed = [row for row in rows if row["is_committed"]]
    proposer = next((row for row in committed if Act.PROPOSE in row["acts"]), None)
    opened = {one.series_id for one in proposals if one.state == "open"}
    figures = []
    for standing, _prioritised in view.standings:
        row = figure_row(figure_of(standing, today))
        row["url"] = row["url"] if is_here else ""
        row["may_propose"] = proposer is not None and len(committed) > 1 and standing.series.pk not in opened
        row["series_id"] = standing.series.pk
        figures.append(row)
    context = {
        "goal": goal,
        "view": view,
        "is_here": is_here,
        "reason": goal_reason(figure_of(view.lead, today) if view.lead else None),
        "figures": figures,
        "chart": {**chart_with_table(view.lead, today), "may_explore": is_here} if view.lead else None,
        "owners": rows,
        "committed_count": len(committed),
        "invited_count": len(rows) - len(committed),
        "authority_count": len({row["authority"] for row in committed}),
        "proposer": proposer,
        "gone": [one for one in owners if one.state in (OwnerState.DECLINED, OwnerState.WITHDRAWN)],
        "open_proposals": [row for row in told if row["proposal"].state == "open"],
        "past_proposals": [row for row in told if row["proposal"].state != "open"],
        "history": history_of(goal, owners, proposals),
        "may_invite": rights.home and goal.is_open,
        "may_end": rights.home and goal.is_open and len(rows) == 1,
        "may_leave": _may_leave(rows, goal, request),
    }
    return render(request, "followup/shared_goal.html", context)


def _may_leave(rows: list[dict[str, Any]], goal: Goal, request: HttpRequest) -> bool:
    """Whether the person may let all units of the authority leave another authority's goal in one act."""
    if goal.authority_id == request.authority.pk or not goal.is_open:
        return False
    own = [row for row in rows if row["owner"].unit.authority_id == request.authority.pk]
    return len(own) > 1 and all({Act.WITHDRAW, Act.DECLINE} & row["acts"] for row in own)


@requires(Permission.SEE_AUTHORITY)
def shared_beside(request: HttpRequest, pk: int) -> HttpResponse:
    """On the goal's own page: who owns it together; where it is not shared, how to share it."""
    goal = get_object_or_404(
        Goal.objects.visible_to(request.user, request.today).select_related("owner_unit", "authority"), pk=pk
    )
    speak_of(goal.owner_unit)
    owners = list(goal.owners.taking_part().select_related("unit__authority")) if goal.is_cross_cutting else []
    may_share = goal.is_open and Goal.objects.adoptable_by(request.user, request.today).filter(pk=pk).exists()
    context = {
        "goal": goal,
        "committed": [one for one in owners if one.state == OwnerState.COMMITTED],
        "invited": [one for one in owners if one.state == OwnerState.INVITED],
        "open_count": TargetProposal.objects.open().filter(series__goal_series__goal=pk).count(),
        "may_share": may_share,
    }
    name = "followup/_shared_beside.html" if request.htmx else "followup/shared_beside.html"
    return render(request, name, context)
