"""Goals and figures as flat rows of ready texts: a template prints them several times faster than it works them out.

The words around them stay in the templates, fetched once for all rows.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.text import capfirst

from followup.goal_views import GoalView
from followup.presentation import NO_VALUE, Figure, figure_of, goal_reason, value_words
from followup.standing import Standing
from goals.kinds import GoalState
from organisation.addresses import address_of
from organisation.models import UnitKind
from organisation.templatetags.components import light, trend

# Of a figure, what lists and cards print as it is.
PRINTED = ("name", "value", "prices", "expected", "target", "interval", "period", "basis", "corrected_from",
           "last_seen", "sparkline", "is_example", "coming")  # fmt: skip


def figure_row(figure: Figure) -> dict[str, Any]:
    """One series as cards and lists print it."""
    row = {name: getattr(figure, name) for name in PRINTED}
    row["url"] = address_of("followup:series_detail", figure.series_id)
    row["unit"] = figure.unit if figure.value != NO_VALUE else ""
    row["light"] = light(figure.light)
    row["trend"] = trend(figure.trend, figure.way)
    return row


def figure_rows(standings: Iterable[Standing], today: date) -> list[dict[str, Any]]:
    """The series of one goal, each with its unit where several measure the same, as after a merger of units."""
    standings = list(standings)
    names = Counter(one.series.indicator.pk for one in standings)
    rows = [figure_row(figure_of(one, today)) for one in standings]
    for one, row in zip(standings, rows, strict=True):
        if names[one.series.indicator.pk] > 1:
            row["name"] = f"{row['name']}, {one.series.unit.name}"
    return rows


def node_row(view: GoalView) -> dict[str, Any]:
    """One goal as the red thread prints it."""
    goal, lead = view.goal, view.lead
    value = value_words(lead) if lead else ""
    return {
        "goal": goal,
        "url": address_of("followup:goal_detail", goal.pk),
        "title": goal.title,
        "level": capfirst(str(UnitKind(goal.owner_unit.kind).label)),
        "owner": goal.owner_unit.name,
        "light": light(view.light),
        "value": value,
        "unit": lead.series.indicator.unit_of_measure if lead and value != NO_VALUE else "",
    }


def goal_row(view: GoalView, today: date) -> dict[str, Any]:
    """One goal as lists print it, with the figure that decides its light."""
    goal, parent = view.goal, view.goal.parent
    figure = figure_of(view.lead, today) if view.lead else None
    serves = parent is not None and parent.state in (GoalState.ADOPTED, GoalState.CLOSED)
    return {
        **(figure_row(figure) if figure else {}),
        "goal": goal,
        "view": view,
        "has_figure": figure is not None,
        "pk": goal.pk,
        "url": address_of("followup:goal_detail", goal.pk),
        "title": goal.title,
        "short_name": goal.short_name,
        "rank": str(goal.rank),
        "owner": goal.owner_unit.name,
        "state": "" if goal.is_adopted else goal.get_state_display(),
        "light": light(view.light),
        "reason": goal_reason(figure),
        "serves_url": address_of("followup:goal_detail", parent.pk) if serves else "",
        "serves_unit": parent.owner_unit.name if serves else "",
        "serves_title": parent.title if serves else "",
        "below": view.below,
        "below_count": view.below_count,
        "before": light(view.before) if view.before is not None else "",
        "has_changed": view.has_changed,
    }
