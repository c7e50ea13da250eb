"""A public goal: its light and why, its figures over time, what is done, what citizens said, and its red thread."""

from typing import Any

from django.http import Http404

from citizens.said import said_about
from followup.presentation import figure_of, goal_reason
from followup.rows import figure_row
from goals.kinds import GoalState
from goals.models import Goal
from organisation.templatetags.components import light
from organisation.words.speaking import speak_of
from reports.portal.figures import TABLE, chart, value_rows
from reports.portal.front import seen_views
from reports.portal.opened import Opened
from reports.portal.queries import action_rows, asked, came_from_rows, due_rows, serving_rows, written_rows
from reports.portal.rows import goal_text
from reports.portal.scope import public_goals


def goal_page(it: Opened, pk: int) -> dict[str, Any]:
    """Everything the page of the goal shows; 404 when it is not public. Eight questions at most."""
    goal = public_goal(it, pk)
    rows = asked(
        due_rows([pk], it.today),
        written_rows([pk], it.today),
        action_rows([pk]),
        serving_rows(it.portal, pk),
        came_from_rows(pk),
    )
    view = seen_views(it, [goal], rows.get("due", []), whole=[goal])[0]
    lead = view.lead
    figure = figure_of(lead, it.today) if lead is not None else None
    serving = sorted(rows.get("serving", []), key=lambda row: (row.b or 0, row.a or 0))
    return {
        "goal": goal,
        "is_closed": goal.state == GoalState.CLOSED,
        "light": light(view.light, "large"),
        "text": goal_text(view),
        "reason": goal_reason(figure),
        "period": figure.period if figure else "",
        "figures": [
            {**figure_row(figure_of(standing, it.today)), "series": standing.series.pk}
            for standing, _prioritised in view.standings
        ],
        "chart": chart(lead) if lead is not None else None,
        "values": list(value_rows(lead, reversed(lead.values[-TABLE:]), it)) if lead is not None else [],
        "lead": lead.series.pk if lead is not None else None,
        "written": next(iter(rows.get("written", [])), None),
        "actions": sorted(rows.get("action", []), key=lambda row: row.day or it.today),
        "said": said_about([pk], today=it.today)[pk],
        "came_from": sorted(rows.get("came_from", []), key=lambda row: (row.day or it.today, row.b or 0)),
        "serves": serves(it, goal),
        "serving": [{"row": row, "light": light(row.more) if row.more else ""} for row in serving],
    }


def public_goal(it: Opened, pk: int) -> Goal:
    """The goal with what its page prints."""
    shown = ("owner_unit", "parent__owner_unit", "strategy", "adopted_by__body", "closed_by__body", "replaced_by")
    goal = public_goals(it.portal).select_related(*shown).filter(pk=pk).first()
    if goal is None:
        raise Http404
    speak_of(goal.owner_unit)
    return goal


def serves(it: Opened, goal: Goal) -> Goal | None:
    """The goal that it serves, if that is public."""
    parent = goal.parent
    if parent is None or parent.state not in (GoalState.ADOPTED, GoalState.CLOSED):
        return None
    is_shown = parent.owner_unit.kind in it.portal.kinds and parent.owner_unit_id not in it.left_out
    return parent if is_shown and parent.authority_id == it.authority.pk else None
