"""The council and its committees: the list, and how the few goals of each go."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup import page_queries as queries
from followup.goal_views import deviations_first, goal_views
from followup.models import Round
from followup.page_queries import HISTORY
from followup.rows import goal_row
from followup.status import count_lights
from followup.views.shared import one_or_404
from goals.kinds import GoalState
from goals.models.goal import authorities_of
from organisation.access import requires
from organisation.models import Unit, UnitKind
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def body_list(request: HttpRequest) -> HttpResponse:
    """The council and its committees, each with its next meeting and how many goals it has."""
    bodies = (
        Unit.objects.filter(authority=request.authority)
        .bodies()
        .valid(request.today)
        .annotate(goal_count=Count("goals", filter=Q(goals__state=GoalState.ADOPTED)))
        .order_by("position", "name")
    )
    coming = Round.objects.filter(authority=request.authority, meeting_date__gte=request.today)
    next_rounds = {round_.body_id: round_ for round_ in coming.order_by("-meeting_date")}
    rows = [{"body": body, "round": next_rounds.get(body.pk)} for body in bodies]
    rows.sort(key=lambda row: (list(UnitKind).index(row["body"].kind), row["body"].position))
    return render(request, "followup/body_list.html", {"rows": rows})


def body_context(body: Unit, request: HttpRequest, *, with_words: bool = True) -> dict[str, Any]:
    """What a body's page and the overview show: the few goals, what changed, and the meetings.

    `with_words`: also what leaders write about the goals.
    """
    today = request.today
    rounds = queries.ROUNDS_OF_BODY.objects(body.pk)
    held = [round_ for round_ in rounds if round_.meeting_date < today]
    coming = [round_ for round_ in rounds if round_.meeting_date >= today]
    last = held[-1] if held else None
    goals = queries.GOALS_OF_BODY.objects(request.authority.pk, body.pk, request.user.as_viewer(today), today)
    before = last.period_end if last else None
    views = deviations_first(goal_views(goals, until=today, today=today, history=HISTORY, before=before, brief=goals))
    shown = [goal.pk for goal in goals] if with_words else []
    written = {one.goal_id: one for one in queries.ASSESSMENTS.objects(shown)}
    rows = [{**goal_row(view, today), "assessment": written.get(view.goal.pk)} for view in views]
    return {
        "body": body,
        "rows": rows,
        "deviating": [row for row in rows if row["view"].deviates],
        "without_status": [row for row in rows if not row["view"].deviates and not row["view"].is_on_course],
        "on_course": [row for row in rows if row["view"].is_on_course],
        "changed": [row for row in rows if row["view"].has_changed],
        "counts": count_lights(view.light for view in views),
        "last_round": last,
        "next_round": coming[0] if coming else None,
    }


@requires(Permission.SEE_AUTHORITY)
def body_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A body's few goals: how they go, why, what changed since the last meeting, and when the next is."""
    body = one_or_404(queries.BODY.objects(pk, authorities_of(request.user, request.today)))
    speak_of(body)
    return render(request, "followup/body_detail.html", body_context(body, request))
