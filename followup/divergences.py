"""Goals that pull different ways, as pages show them, and which pairs the figures point at."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from followup.goal_views import goal_views
from followup.opposing import MOST_STEPS, Opposed, Steps, opposed
from followup.standing import Standing
from followup.status import Trend, trend
from goals.models import Divergence, Goal
from goals.periods import parse_period

MOST_COMPARED = 200  # goals looked at for one
MOST_HINTS = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """A goal whose figures went the other way than those of the one asked about."""

    goal: Goal
    how: Opposed


def hints_for(goal: Goal, others: Sequence[Goal], today: date) -> list[Hint]:
    """Which of the goals have moved the other way, the plainest first; a handful, in four queries.

    Each goal speaks by the series that decides its light.
    """
    views = goal_views([goal, *others], until=today, today=today, history=MOST_STEPS + 1, brief=[goal, *others])
    if views[0].lead is None:
        return []
    own = steps_of(views[0].lead)
    found = [
        Hint(view.goal, how)
        for view in views[1:]
        if view.lead is not None and (how := opposed(own, steps_of(view.lead))) is not None
    ]
    return sorted(found, key=lambda hint: (hint.how.steps - hint.how.opposite, -hint.how.opposite))[:MOST_HINTS]


def steps_of(standing: Standing) -> Steps:
    """From each number to the next: whether it became better, by the rule of trends."""
    known = [value for value in standing.values if value.value is not None and not value.is_provisional]
    steps: dict[tuple[date, date], Trend] = {}
    for before, now in pairwise(known):
        steps[before.period_end, now.period_end] = trend(
            standing.rule, now.value, before.value, parse_period(now.period)
        )
    return steps


def rows_of(
    divergences: Iterable[Divergence], editable: Container[int], rankable: Container[int]
) -> list[dict[str, Any]]:
    """Each with its goals, the one that goes first before the other, and what the person may do."""
    return [
        {
            "divergence": one,
            "pair": sorted((one.goal, one.other), key=lambda goal: (goal.pk != one.first_id, goal.rank, goal.pk)),
            "may_edit": one.pk in editable,
            "may_rank": one.pk in rankable,
        }
        for one in divergences
    ]
