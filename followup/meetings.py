"""What a body reads before and at a meeting: how its goals go, what is to be decided, and what became of the last.

Lights are those of the round's last day, as in the report. What is late is told as of the meeting, so that an old
meeting's page does not grow older.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case, F, Q, When

from followup.following import goals_followed_by
from followup.goal_views import GoalView, deviations_first, goal_views
from followup.kinds import ActionState
from followup.models import Action, Assessment, Question, Round
from followup.presentation import figure_of, goal_reason
from followup.rows import goal_row
from goals.continuity import Continuity, GoalLife, continuity
from goals.kinds import GoalState, LeadsTo
from goals.models import Decision, Goal
from organisation.models import Unit

MOST = 50
HISTORY = 10


def meeting_content(round_: Round, previous: Round | None, *, user, today: date) -> dict[str, Any]:
    """Everything the meeting's page says, in the same few queries however much there is."""
    as_of = min(today, round_.meeting_date)
    items = list(round_.agenda_items.select_related("decision", "recommended_in__body").with_readable(user, today))
    goals = list(_goals(round_)[:MOST])
    views = deviations_first(
        goal_views(
            goals,
            until=round_.period_end,
            today=as_of,
            history=HISTORY,
            before=previous.period_end if previous is not None else None,
        )
    )
    decisions = list(_decisions(round_, previous, user, today)[:MOST])
    decisions.sort(key=lambda decision: not decision.is_pending)
    readable = [decision for decision in decisions if decision.is_readable]
    own = [view for view in views if view.goal.owner_unit_id == round_.body_id]
    of_others = [view for view in views if view.goal.owner_unit_id != round_.body_id]
    of_goal, of_decision = _actions([view.goal for view in own], readable)
    rows = _rows(own, round_, of_goal, as_of)
    return {
        "for_decision": [item for item in items if item.is_for_decision],
        "for_information": [item for item in items if not item.is_for_decision],
        "rows": rows,
        "deviating": [row for row in rows if row["view"].deviates],
        "on_course": [row for row in rows if row["view"].is_on_course],
        "without_status": [row for row in rows if not row["view"].deviates and not row["view"].is_on_course],
        "followed": [goal_row(view, as_of) for view in of_others],
        "followed_deviating": sum(1 for view in of_others if view.deviates),
        "most": MOST if len(goals) == MOST else None,
        "decided_here": [_decision_row(one, of_decision) for one in decisions if one.date == round_.meeting_date],
        "from_before": [_decision_row(one, of_decision) for one in decisions if one.date < round_.meeting_date],
        "questions": list(_questions(round_, previous).for_lists(user, today)[:MOST]),
        "as_of": as_of,
    }


def _goals(round_: Round):
    """The goals the body follows, its own first: those in force, and its own that were closed after the meeting."""
    followed = goals_followed_by(round_.body, round_.period_end, plan=round_.plan)
    closed_since = Q(owner_unit=round_.body_id, state=GoalState.CLOSED, closed_by__date__gt=round_.meeting_date)
    return (
        Goal.objects.filter(Q(pk__in=followed.order_by().values("pk")) | closed_since)
        .select_related("owner_unit", "parent__owner_unit", "responsible", "standing")
        .order_by(Case(When(owner_unit=round_.body_id, then=0), default=1), "rank", "pk")
    )


def _decisions(round_: Round, previous: Round | None, user, today: date):
    """Those of this and the last meeting, and older ones that asked for something not done before the last.

    That a closed one asked for something is told only to those who may read it.
    """
    since = previous.meeting_date if previous is not None else round_.meeting_date
    unfinished = ~Q(leads_to=LeadsTo.NOTHING) & Q(done_on__isnull=True)
    decisions = Decision.objects.with_readable(user, today)
    return (
        decisions.filter(
            Q(date__gte=since) | Q(unfinished | Q(done_on__gt=since), is_readable=True),
            body=round_.body_id,
            date__lte=round_.meeting_date,
        )
        .select_related("responsible")
        .order_by(F("done_on").desc(nulls_first=True), "-date", "-pk")
    )


def _questions(round_: Round, previous: Round | None):
    """Those asked before the meeting was over and not answered before the last one."""
    asked = Question.objects.filter(body=round_.body_id, asked_at__date__lte=round_.meeting_date)
    asked = asked.order_by(F("answered_at").desc(nulls_first=True), "due_date", "pk")
    if previous is None:
        return asked
    return asked.filter(Q(answered_at__isnull=True) | Q(answered_at__date__gte=previous.meeting_date))


def _actions(
    goals: Sequence[Goal], decisions: Sequence[Decision]
) -> tuple[dict[int, list[Action]], dict[int, list[Action]]]:
    """Open actions of each goal, and every action of each decision."""
    wanted = Q(goal__in=goals, state=ActionState.OPEN) | Q(decision__in=decisions)
    known = {goal.pk for goal in goals}
    of_goal: dict[int, list[Action]] = defaultdict(list)
    of_decision: dict[int, list[Action]] = defaultdict(list)
    for action in Action.objects.filter(wanted).select_related("owner"):
        if action.is_open and action.goal_id in known:
            of_goal[action.goal_id].append(action)
        if action.decision_id is not None:
            of_decision[action.decision_id].append(action)
    return of_goal, of_decision


def _rows(
    views: Sequence[GoalView], round_: Round, actions: dict[int, list[Action]], as_of: date
) -> list[dict[str, Any]]:
    written = Assessment.objects.filter(round=round_, goal__in=[view.goal for view in views])
    assessments = {one.goal_id: one for one in written.select_related("judged_by")}
    return [_row(view, assessments.get(view.goal.pk), actions[view.goal.pk], as_of) for view in views]


def _row(view: GoalView, assessment: Assessment | None, actions: list[Action], as_of: date) -> dict[str, Any]:
    figure = figure_of(view.lead, as_of) if view.lead else None
    return {
        "goal": view.goal,
        "view": view,
        "figure": figure,
        "reason": goal_reason(figure),
        "below": view.below,
        "below_count": view.below_count,
        "assessment": assessment,
        "actions": actions,
        "late": sum(1 for action in actions if action.is_overdue(as_of)),
    }


def _decision_row(decision: Decision, actions: dict[int, list[Action]]) -> dict[str, Any]:
    return {"decision": decision, "actions": actions[decision.pk]}


def continuity_of(body: Unit, today: date) -> dict[str, Any]:
    """What became of the goals the body had a year ago: the figures, and the goals with the decisions behind them."""
    shown = ("adopted_by", "closed_by", "replaced_by")
    goals = {
        goal.pk: goal
        for goal in body.goals.filter(state__in=[GoalState.ADOPTED, GoalState.CLOSED]).select_related(*shown)
    }
    since = today - relativedelta(years=1)
    found = continuity(map(_life, goals.values()), since=since, today=today)
    return {"since": since, "found": found, **_named(found, goals)}


def _life(goal: Goal) -> GoalLife:
    assert goal.adopted_by is not None
    closed = goal.closed_by.date if goal.closed_by is not None else None
    return GoalLife(goal.pk, goal.adopted_by.date, closed, goal.replaced_by_id)


def _named(found: Continuity, goals: dict[int, Goal]) -> dict[str, list[Goal]]:
    return {
        "replaced": [goals[pk] for pk in found.replaced],
        "ended": [goals[pk] for pk in found.closed],
        "added": [goals[pk] for pk in found.new],
    }
