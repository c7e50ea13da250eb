"""What will become of boards and ceilings when units are merged or split, for the page that asks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from followup.actions.boards_follow import concerned, names_together
from followup.models import Board
from goals.budget import Meter
from goals.budget_data import counted, meter_in
from goals.carrying import carried_ceiling
from goals.kinds import GoalState
from goals.models import Goal, Series
from organisation.models import Membership, Unit


@dataclass(frozen=True, slots=True)
class Ending:
    """One of the units that end: its goals against its ceiling, and its boards."""

    unit: Unit
    meter: Meter
    boards: list[Board]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What changes hands, and what the new unit is proposed to be allowed."""

    units: list[Ending]
    goal_count: int  # open ones
    adopted_count: int
    series_count: int
    role_count: int
    moving: list[Board]
    renamed: list[tuple[Board, str]]
    elsewhere: list[Board]  # boards of other units that show the series
    most: int | None

    @property
    def is_over(self) -> bool:
        """Whether the new unit has more goals in force from the start than is proposed."""
        return self.most is not None and self.adopted_count > self.most

    @property
    def has_ceiling(self) -> bool:
        """Whether any of the units has one."""
        return any(one.meter.most is not None for one in self.units)


def foreseen(units: Sequence[Unit], today: date) -> Foreseen:
    """Five queries, however many units."""
    boards = list(concerned(units).select_related("unit"))
    moving = [board for board in boards if board.unit in units]
    names = names_together(moving)
    hanging: dict[int, list[Board]] = defaultdict(list)
    for board in moving:
        hanging[board.unit_id].append(board)
    endings = [
        Ending(unit, meter_in(unit), hanging[unit.pk])
        for unit in counted(Unit.objects.filter(pk__in=[one.pk for one in units]))
    ]
    goals = Goal.objects.filter(owner_unit__in=units).exclude(state=GoalState.CLOSED)
    counts = goals.aggregate(all=Count("pk"), adopted=Count("pk", filter=Q(state=GoalState.ADOPTED)))
    return Foreseen(
        units=endings,
        goal_count=counts["all"],
        adopted_count=counts["adopted"],
        series_count=Series.objects.filter(unit__in=units).active(today).count(),
        role_count=Membership.objects.filter(unit__in=units).not_over(today).count(),
        moving=moving,
        renamed=[(board, names[board.pk]) for board in moving if names[board.pk] != board.name],
        elsewhere=[board for board in boards if board.unit not in units],
        most=carried_ceiling(one.meter.most for one in endings),
    )
