"""What the goals have to say when a unit ends."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from goals.kinds import GoalState

if TYPE_CHECKING:  # registered before the models are there
    from organisation.models import Unit


def open_goals(unit: "Unit", day: date) -> str:
    """How many of the unit's goals are not closed; empty for none."""
    count = unit.goals.exclude(state=GoalState.CLOSED).count()
    return ngettext("%s mål er ikke afsluttet.", "%s mål er ikke afsluttet.", count) % count if count else ""
