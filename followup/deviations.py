"""What a unit's report says about each goal: its light from the draft values, what is written, and what is lacking.

The entry grid, its stops and the act of sending ask here, so that the page and the refusal never disagree.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from followup.entry import Cell, Group, cells_of, groups_of
from followup.explaining import Stop, stops
from followup.models import Acceptance, Action, Assessment, Submission
from followup.standing import counted, standings_of
from followup.status import Light, goal_light, worst
from goals.models import Goal, GoalSeries


@dataclass
class Account:
    """One goal in one unit's report."""

    goal: Goal
    light: Light  # computed, with the report's drafts in the place of approved values
    cells: list[Cell]  # the latest of each series that the report asks for under this goal
    assessment: Assessment | None = None  # this round's
    last: Assessment | None = None  # that of the round before
    actions: list[Action] = field(default_factory=list)  # open, about the goal or its series here
    acceptance: Acceptance | None = None

    @property
    def off_track(self) -> list[Cell]:
        """The cells that are off track."""
        return [cell for cell in self.cells if cell.light is Light.OFF_TRACK]

    @property
    def lacks(self) -> tuple[Stop, ...]:
        """What keeps the report from being sent."""
        return stops(
            worst(cell.light for cell in self.cells),
            is_explained=self.assessment is not None and self.assessment.is_explained,
            has_action=self.is_acted_on,
            is_accepted=self.acceptance is not None,
        )

    @property
    def is_acted_on(self) -> bool:
        """Whether there is an open action for the goal itself, or for every series that is off track."""
        if any(action.goal_id == self.goal.pk for action in self.actions):
            return True
        acted_on = {action.series_id for action in self.actions}
        return bool(self.off_track) and all(cell.due.series_id in acted_on for cell in self.off_track)


def accounts_of(submission: Submission, groups: Sequence[Group], today: date) -> list[Account]:
    """The report's goals in the order of the grid, in a number of queries that does not depend on how many."""
    goals = [group.goal for group in groups if group.goal is not None]
    lights = _lights(goals, groups, until=submission.round.period_end, today=today)
    this, last = _assessments(submission, goals)
    cells = {group.goal.pk: _latest(group.cells) for group in groups if group.goal is not None}
    actions = _actions(goals, cells)
    accepted = {one.goal_id: one for one in Acceptance.objects.filter(round=submission.round_id, goal__in=goals)}
    return [
        Account(
            goal,
            lights[goal.pk],
            cells[goal.pk],
            assessment=this.get(goal.pk),
            last=last.get(goal.pk),
            actions=actions[goal.pk],
            acceptance=accepted.get(goal.pk),
        )
        for goal in goals
    ]


def accounts_in(submission: Submission, today: date) -> list[Account]:
    """The same, read from the start: for whoever has no grid at hand."""
    due = submission.due_values.for_grid().order_by("series__indicator__name", "period_end", "pk")
    return accounts_of(submission, groups_of(submission, cells_of(list(due), today)), today)


def _latest(cells: Iterable[Cell]) -> list[Cell]:
    """Of each series the last cell with a value or a reason; the last of all where there is none."""
    found: dict[int, Cell] = {}
    for cell in sorted(cells, key=lambda cell: cell.due.period_end):
        if cell.measurement is not None or cell.due.series_id not in found:
            found[cell.due.series_id] = cell
    return list(found.values())


def _lights(goals: Sequence[Goal], groups: Sequence[Group], *, until: date, today: date) -> dict[int, Light]:
    """Each goal's light over all its series: the report's by their drafts, others as they stand."""
    draft = {cell.due.series_id: cell.light for cell in _latest(cell for group in groups for cell in group.cells)}
    links: dict[int, list[GoalSeries]] = {goal.pk: list(goal.goal_series.all()) for goal in goals}
    others = {link.series_id for found in links.values() for link in found} - set(draft)
    standing = _standing_lights(others, until=until, today=today)
    return {
        pk: goal_light(counted(((link.series, link.is_prioritised) for link in found), draft | standing))[0]
        for pk, found in links.items()
    }


def _standing_lights(ids: Collection[int], *, until: date, today: date) -> dict[int, Light]:
    if not ids:
        return {}
    links = GoalSeries.objects.filter(series__in=ids).select_related("series__indicator", "series__unit")
    series = {link.series_id: link.series for link in links}
    found = standings_of(list(series.values()), until=until, today=today)
    return {pk: standing.light for pk, standing in found.items()}


def _assessments(submission: Submission, goals: Sequence[Goal]) -> tuple[dict[int, Assessment], dict[int, Assessment]]:
    """What is written in this round, and in the last one before it where anything was, by goal."""
    round_ = submission.round
    rows = Assessment.objects.filter(
        goal__in=goals, round__body=round_.body_id, round__period_end__lte=round_.period_end
    )
    this, last = {}, {}
    for one in rows.select_related("round", "written_by", "judged_by").order_by("round__period_end", "round"):
        if one.round_id == round_.pk:
            this[one.goal_id] = one
        elif one.texts:
            last[one.goal_id] = one
    return this, last


def _actions(goals: Sequence[Goal], cells: dict[int, list[Cell]]) -> dict[int, list[Action]]:
    """Open actions for each goal, or for one of its series in this report."""
    goal_of = {cell.due.series_id: goal for goal, found in cells.items() for cell in found}
    found: dict[int, list[Action]] = defaultdict(list)
    rows = Action.objects.open().filter(Q(goal__in=goals) | Q(series__in=goal_of)).select_related("owner")
    own = {goal.pk for goal in goals}
    for action in rows:
        found[action.goal_id if action.goal_id in own else goal_of[action.series_id]].append(action)
    return found
