"""Committees and units: their goals in force, those closed since, and what is below."""

from typing import Any

from django.http import Http404

from followup.goal_views import deviations_first
from followup.status import count_lights
from goals.kinds import GoalState
from organisation.models import Unit
from organisation.models.unit import BODY_KINDS
from organisation.words.speaking import speak_of
from reports.portal.front import PAGE, seen_views
from reports.portal.opened import Opened
from reports.portal.queries import asked, due_rows, unit_rows
from reports.portal.rows import short_row
from reports.portal.scope import public_goals, public_units


def unit_page(it: Opened, pk: int, *, is_body: bool) -> dict[str, Any]:
    """Everything the page of the unit shows; 404 when it is not public. Seven questions."""
    kinds = public_units(it.portal).filter(kind__in=BODY_KINDS)
    units = kinds if is_body else public_units(it.portal).exclude(kind__in=BODY_KINDS)
    unit: Unit | None = units.select_related("parent").filter(pk=pk).first()
    if unit is None:
        raise Http404
    speak_of(unit)
    goals = list(
        public_goals(it.portal).filter(owner_unit=pk).select_related("owner_unit").order_by("rank", "pk")[: 2 * PAGE]
    )
    in_force = [goal for goal in goals if goal.state == GoalState.ADOPTED][:PAGE]
    rows = asked(due_rows([goal.pk for goal in in_force], it.today), unit_rows(it.portal, it.today, pk))
    views = deviations_first(seen_views(it, in_force, rows.get("due", [])))
    below = sorted(rows.get("unit", []), key=lambda row: (int(row.further or 0), row.words))
    return {
        "unit": unit,
        "parent": unit.parent if unit.parent is not None and _is_shown(it, unit.parent) else None,
        "counts": count_lights(view.light for view in views),
        "rows": [short_row(view, it.today) for view in views],
        "closed": [goal for goal in goals if goal.state == GoalState.CLOSED],
        "below": below,
    }


def _is_shown(it: Opened, unit: Unit) -> bool:
    return unit.kind in it.portal.kinds and unit.pk not in it.left_out
