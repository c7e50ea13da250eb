"""Actions as a report tells of them: those under way at the meeting, and what came of those that have ended since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.kinds import ActionState
from followup.models import Action, Round
from organisation.danish import long_date
from organisation.models import Unit
from reports.parts import ActionLine

LATE_NAMED = 10


@dataclass(frozen=True, slots=True)
class Actions:
    """What the report's goals and the body's units do."""

    by_goal: Mapping[int, tuple[ActionLine, ...]]
    overdue: tuple[ActionLine, ...]
    more_overdue: int


def actions_of(
    round_: Round, goals: Sequence[int], series: Mapping[int, Sequence[int]], *, since: date | None, today: date
) -> Actions:
    """The actions about the goals or their series (goal ids by series id), in one query.

    Overdue ones of every unit that reports to the body come along: they follow their owner to the next report.
    """
    about = Q(goal__in=goals) | Q(series__in=series)
    units = Unit.objects.reporting_to(round_.body, today)
    rows = Action.objects.filter(about | Q(unit__in=units, due_date__lt=today)).filter(authority=round_.authority_id)
    rows = rows.filter(created_at__date__lte=today).filter(_still_told(since))
    by_goal: dict[int, list[ActionLine]] = defaultdict(list)
    late: list[ActionLine] = []
    for action in rows.select_related("owner", "unit", "goal").order_by("due_date", "pk"):
        line = _line(action, today)
        for goal in _goals_of(action, set(goals), series):
            by_goal[goal].append(line)
        if line.is_late:
            late.append(line)
    told = {goal: tuple(lines) for goal, lines in by_goal.items()}
    return Actions(told, tuple(late[:LATE_NAMED]), max(len(late) - LATE_NAMED, 0))


def _still_told(since: date | None) -> Q:
    """Under way, or ended after the last meeting."""
    return Q(ended_at__isnull=True) | (Q(ended_at__date__gt=since) if since is not None else Q())


def _goals_of(action: Action, goals: set[int], series: Mapping[int, Sequence[int]]) -> Iterable[int]:
    own = {action.goal_id} & goals
    return sorted(own | set(series.get(action.series_id, ())) if action.series_id else own)


def _line(action: Action, today: date) -> ActionLine:
    """The action as it stood on the day: what ended later was still under way."""
    is_over = action.ended_at is not None and timezone.localdate(action.ended_at) <= today
    is_late = not is_over and action.due_date < today
    return ActionLine(
        what=action.what,
        owner=f"{action.owner}, {action.unit.name}",
        due=_("senest %s") % long_date(action.due_date),
        goal=action.goal.short_name if action.goal is not None else "",
        state=_state(action) if is_over else _("forsinket") if is_late else _("i gang"),
        result=action.result if is_over else "",
        is_late=is_late,
    )


def _state(action: Action) -> str:
    if action.state == ActionState.DONE:
        return f"{action.get_state_display()}: {action.get_worked_display()}"
    return action.get_state_display()
