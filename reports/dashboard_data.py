"""What the dashboards of a body or a unit ask the database: its goals in force, and what there is to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from followup.goal_views import GoalView, deviations_first, goal_views
from followup.models import Round
from followup.page_queries import HISTORY
from followup.status import Light
from goals.models import Goal
from goals.periods import Period, PeriodKind
from organisation.models import Unit, UnitKind
from organisation.models.unit import BODY_KINDS
from reports.over_time import QUARTERS, Quarter, quarters_of

MOST_GOALS = 50
MOST_SERVING = 200  # goals whose lights are followed over time


@dataclass(frozen=True, slots=True)
class Places:
    """The bodies, and the units with goals, to choose between; and the one that is shown."""

    bodies: Sequence[Unit]
    units: Sequence[Unit]
    chosen: Unit | None  # None: the authority has no council


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The goals of one body or unit, the worst first, as they stand on a day and stood on an earlier one."""

    views: Sequence[GoalView]
    before: date  # what they are compared with
    is_round: bool  # that day ended the period of a follow-up, else the last quarter but one
    is_cut: bool


def places_of(authority_id: int, body_id: int | None, unit_id: int | None, today: date) -> Places:
    """The unit asked for, else the body, else the council; never another authority's."""
    has_goals = Exists(Goal.objects.adopted().filter(owner_unit=OuterRef("pk")))
    found = list(
        Unit.objects.filter(Q(kind__in=BODY_KINDS) | Q(has_goals) | Q(pk=unit_id), authority=authority_id)
        .valid(today)
        .order_by("name", "pk")
    )
    kinds = list(UnitKind)
    bodies = sorted((one for one in found if one.is_body), key=lambda one: (kinds.index(one.kind), one.position))
    units = [one for one in found if not one.is_body]
    wanted = [one for one in units if one.pk == unit_id] + [one for one in bodies if one.pk == body_id]
    council = [one for one in bodies if one.kind == UnitKind.COUNCIL]
    return Places(bodies, units, next(iter([*wanted, *council]), None))


def dashboard_of(place: Unit, *, until: date, today: date, kind: str = "") -> Dashboard:
    """The goals in force of the place (of one `kind`), with the series that decide their lights."""
    goals = list(goals_of_place(place, kind)[: MOST_GOALS + 1])
    shown = goals[:MOST_GOALS]
    before, is_round = _before(place, until, today)
    views = goal_views(shown, until=until, today=today, history=HISTORY, before=before, brief=shown) if shown else []
    return Dashboard(deviations_first(views), before, is_round, len(goals) > MOST_GOALS)


def goals_of_place(place: Unit, kind: str = ""):
    """The goals in force of the body or unit, by rank, with what lists show of them."""
    goals = Goal.objects.filter(owner_unit=place).adopted().order_by("rank", "pk")
    goals = goals.select_related("owner_unit", "parent__owner_unit", "standing")
    return goals.filter(kind=kind) if kind else goals


def _before(place: Unit, until: date, today: date) -> tuple[date, bool]:
    """The end of the period of the last follow-up whose meeting is held; without one, of the last quarter but one."""
    held = Round.objects.filter(body=place, meeting_date__lt=today, period_end__lt=until)
    last = held.order_by("-period_end").values_list("period_end", flat=True).first()
    if last is not None:
        return last, True
    under_way = Period.containing(until + timedelta(days=1), PeriodKind.QUARTER)
    return under_way.shift(-2).last, False


@dataclass(frozen=True, slots=True)
class Development:
    """How the goals of a place stood at the end of each of the last quarters, oldest first."""

    quarters: tuple[Quarter, ...]
    total: int
    is_cut: bool


def development_of(
    place: Unit, *, last: Period, today: date, kind: str = "", with_serving: bool = False
) -> Development:
    """The goals in force now, up to the quarter `last`; `with_serving`: also those that serve them directly.

    A light is decided by the values up to the quarter's end; a number that was late then counts as the one before it.
    """
    goals = list(goals_of_place(place, kind)[: MOST_SERVING + 1])
    if with_serving and goals:
        serving = (
            Goal.objects.adopted()
            .going_up()
            .filter(parent__in=[goal.pk for goal in goals], authority=place.authority_id)
        )
        goals += (serving.filter(kind=kind) if kind else serving).order_by("rank", "pk")[: MOST_SERVING + 1]
    shown = goals[:MOST_SERVING]
    views = goal_views(shown, until=last.last, today=today, brief=shown, whole=shown) if shown else []
    ends = [last.shift(-back) for back in reversed(range(QUARTERS))]

    def lights_at(day: date) -> list[Light]:
        return [view.light_at(day) for view in views]

    quarters = quarters_of([(one.code, one.last) for one in ends], lights_at)
    return Development(quarters, len(shown), len(goals) > MOST_SERVING)
