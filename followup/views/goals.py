"""Goals with how they go: the tree, and each with its figures and red thread. A page asks `goal_views` once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from followup import page_queries as queries
from followup.additions import panels_of
from followup.chain_rule import BEHIND, holds, share_of
from followup.entry import posted_ids_in
from followup.forms import GoalFilterForm
from followup.goal_views import GoalView, deviations_first, goal_views, stored_light
from followup.inbox import TaskKind, task_counts
from followup.page_queries import HISTORY, PAGE
from followup.presentation import figure_of, goal_reason
from followup.rows import figure_rows, goal_row, node_row, strategy_of
from followup.status import ON_COURSE
from followup.views.series import chart_with_table
from goals.broken_links import Broken, broken_links
from goals.chain_links import ties_of
from goals.models import Contribution, Goal
from goals.models.goal import authorities_of
from organisation.access import requires
from organisation.permissions import Permission, Viewer
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def goal_list(request: HttpRequest) -> HttpResponse:
    """The goal tree: the few at the top, opened step by step; with words or a filter, a flat list."""
    form = GoalFilterForm(request.GET, authority=request.authority)
    asked = request.authority.pk, request.user.as_viewer(request.today), request.today
    opened = posted_ids_in(request.GET.getlist("aaben"))[:20]
    request.task_counts = counts = task_counts(*asked)  # the menu need not ask again
    if form.is_narrowing():
        goals = form.narrow(queries.goals_for_tree(*asked)).order_by("rank", "pk")
        page = Paginator(goals, PAGE).get_page(request.GET.get("side"))
        tree = [(0, goal) for goal in page.object_list]
    else:
        page = Paginator([pk for (pk,) in queries.ROOT_IDS.rows(*asked)], PAGE).get_page(request.GET.get("side"))
        roots = queries.in_tree(page.object_list, *asked)
        below = queries.GOALS_SERVING.objects(asked[0], opened, *asked[1:]) if opened else []
        tree = list(_tree(roots, below))
    goals = [goal for _depth, goal in tree]
    views = goal_views(goals, until=request.today, today=request.today, brief=goals)
    rows = [
        {
            **goal_row(view, request.today),
            "depth": min(depth, 4),
            "is_open": goal.pk in opened,
            "serving_count": goal.serving_count,
        }
        for (depth, goal), view in zip(tree, views, strict=True)
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "opened": opened,
        "is_tree": not form.is_narrowing(),
        "may_create": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
        "translation_count": counts.get(TaskKind.TRANSLATE, 0) + counts.get(TaskKind.ACCEPT, 0),
        "sees_translations": request.user.may_somewhere(Permission.SEE_DRAFTS, request.today),
    }
    return render(request, "followup/goal_list.html", context)


def _tree(roots: list[Goal], below: list[Goal]):
    children: dict[int, list[Goal]] = {}
    for goal in below:
        children.setdefault(goal.parent_id, []).append(goal)
    stack = [(0, goal) for goal in reversed(roots)]
    while stack:
        depth, goal = stack.pop()
        yield depth, goal
        stack.extend((depth + 1, child) for child in reversed(children.get(goal.pk, [])))


@requires(Permission.SEE_AUTHORITY)
def goal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal: its light and why, its figures, what the leader writes, and its red thread up and down."""
    viewer, today = request.user.as_viewer(request.today), request.today
    goal, above, below, parent = _family(pk, viewer, today)
    speak_of(goal.owner_unit)
    helping = queries.CONTRIBUTIONS.objects(goal.pk, viewer, today)
    others = [*above, *below]
    shown = goal_views([goal, *others], until=today, today=today, history=HISTORY, brief=others, whole=[goal])
    view, above_it, below_it = shown[0], shown[1 : 1 + len(above)], shown[1 + len(above) :]
    going_up = [one for one in below_it if one.goal.goes_up]
    written = queries.LAST_ASSESSMENT.objects(goal.pk)
    context = {
        "goal": goal,
        "view": view,
        "reason": goal_reason(figure_of(view.lead, today) if view.lead else None),
        "below": view.below,
        "below_count": view.below_count,
        "figures": figure_rows((standing for standing, _prioritised in view.standings), today),
        "side_count": len({one.series.indicator.side for one, _prioritised in view.standings} - {""}),
        "chart": chart_with_table(view.lead, today) if view.lead else None,
        "assessment": written[0] if written else None,
        "strategy": strategy_of(goal, above),
        "above": [node_row(one) for one in above_it],
        "here": node_row(view),
        "serving": [node_row(one) for one in deviations_first(going_up)],
        "staying": len(below_it) - len(going_up),
        **_held(view, going_up, helping, is_whole=len(below) < PAGE),
        "contributions": [link for link in helping if link.goal_id == goal.pk],
        "helped_by": [link for link in helping if link.to_goal_id == goal.pk and link.goal.goes_up],
        "my_authorities": authorities_of(request.user, request.today),
        "history": queries.HISTORY_OF_GOAL.objects(goal.pk),
        "panels": panels_of("followup:goal_detail", request),
        **_broken(goal, parent, helping, is_served=bool(below)),
        "may_edit": Permission.EDIT_GOALS in goal.owner_unit.permissions_of(viewer, today, goal.owner_path),
        "may_ask": viewer.may_somewhere(Permission.ASK_QUESTIONS, today),
    }
    return render(request, "followup/goal_detail.html", context)


def _broken(goal: Goal, parent: str | None, helping: Sequence[Contribution], *, is_served: bool) -> dict[str, Any]:
    """What of the goal's own links is broken: `broken` is what kind of break there is above, empty for none."""
    helps = [link.to_goal.state for link in helping if link.goal_id == goal.pk]
    helped = any(link.to_goal_id == goal.pk and link.goal.is_adopted for link in helping)
    ties = ties_of(goal, parent=parent, helps=helps, is_served=is_served or helped)
    found = broken_links(ties) if goal.is_open else []
    return {
        "broken": next((one.value for one in found if one in (Broken.PARENT_CLOSED, Broken.LOOSE)), ""),
        "is_untranslated": Broken.UNSERVED in found,
    }


def _family(pk: int, viewer: Viewer, today: date) -> tuple[Goal, list[Goal], list[Goal], str | None]:
    """The goal, those it serves (topmost first), those that serve it, and the state of the one it serves itself.

    One query; 404 when it is not visible.
    """
    found = {one.pk: one for one in queries.FAMILY.objects(pk, viewer, today)}
    if pk not in found or not found[pk].is_visible:
        raise Http404
    above, at = [], found[pk].parent_id
    parent = found[at].state if at in found else None
    while at in found:
        above.append(found[at])
        at = found[at].parent_id
    shown = [one for one in reversed(above) if one.is_visible]
    return found[pk], shown, [one for one in found.values() if one.parent_id == pk], parent


def _held(
    view: GoalView, going_up: Sequence[GoalView], helping: Sequence[Contribution], *, is_whole: bool
) -> dict[str, Any]:
    """The goal beside those that serve it directly; nothing when there are more of them than the page reads."""
    own = view.goal.authority_id
    across = [
        link.goal
        for link in helping
        if link.to_goal_id == view.goal.pk and link.goal.goes_up and link.goal.authority_id == own
    ]
    lights = [one.light for one in going_up] + [stored_light(goal) for goal in across if goal.is_adopted]
    if not is_whole or not lights:
        return {"share": None}
    return {
        "share": share_of(lights),
        "holds": holds(view.light, lights),
        "is_on_course": view.light in ON_COURSE,
        "is_behind": view.light in BEHIND,
    }
