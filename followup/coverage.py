"""What the coverage pages ask: what serves what, what nobody serves, what serves nothing, and areas without a goal.

Only goals in force count, and only chains of them: through a draft or a closed goal nothing is served. Lights are the
stored ones. Few questions, however much there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from followup.status import ORDER, Light
from goals.coverage import Covered, Gap, coverage, gaps, in_order, named_above
from goals.kinds import GoalState
from goals.models import Contribution, Goal, GoalQuerySet, ServiceArea
from organisation.models import BodyLink, Unit, UnitKind
from organisation.models.unit import BODY_KINDS

LIGHTS = {light.value: light for light in Light}
ADOPTED = GoalState.ADOPTED.value
# From each overall goal of an authority to every goal in force that serves it, directly or through others.
_WALK = (
    "WITH RECURSIVE walk(root, id) AS ("
    "SELECT goal.id, goal.id FROM goals_goal goal JOIN organisation_unit unit ON unit.id = goal.owner_unit_id"
    " WHERE goal.authority_id = %s AND goal.state = %s AND unit.kind = %s"
    " UNION SELECT walk.root, edge.child FROM walk JOIN ("
    "SELECT id AS child, parent_id AS above FROM goals_goal"
    " WHERE authority_id = %s AND state = %s AND parent_id IS NOT NULL"
    " UNION ALL SELECT link.goal_id, link.to_goal_id FROM goals_contribution link"
    " JOIN goals_goal goal ON goal.id = link.goal_id WHERE goal.authority_id = %s AND goal.state = %s"
    ") edge ON edge.above = walk.id)"
)


def _asked(authority_id: int) -> list[int | str]:
    return [authority_id, ADOPTED, UnitKind.COUNCIL.value, authority_id, ADOPTED, authority_id, ADOPTED]


@dataclass(slots=True)
class Cell:
    """The goals of a row that serve a column: how many have each light, and one of them."""

    lights: dict[Light, int] = field(default_factory=dict)
    a_goal: int = 0

    def add(self, light: str | None, count: int, a_goal: int) -> None:
        key = LIGHTS.get(light or "", Light.NO_DATA)
        self.lights[key] = self.lights.get(key, 0) + count
        self.a_goal = a_goal

    @property
    def count(self) -> int:
        return sum(self.lights.values())

    @property
    def light(self) -> Light:
        """The worst; never an average."""
        return min(self.lights, key=ORDER.__getitem__, default=Light.NO_DATA)


Cells = Mapping[int, Mapping[int, Cell]]


# ---- overall goals and committees ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Division:
    """Overall goals down, bodies across; a unit's goals count for the body that follows its work."""

    goals: list[Goal]
    bodies: list[Unit]
    cells: Cells  # goal -> body

    @property
    def unserved_count(self) -> int:
        """How many overall goals no goal serves."""
        return sum(not self.cells.get(goal.pk) for goal in self.goals)


def overall_goals(authority_id: int) -> GoalQuerySet:
    """The council's goals in force, by rank."""
    found = Goal.objects.filter(authority=authority_id, owner_unit__kind=UnitKind.COUNCIL).adopted()
    return found.select_related("owner_unit", "standing").order_by("rank", "pk")


def division_of(authority_id: int, today: date) -> Division:
    """The whole division of labour of an authority, in four questions."""
    goals = list(overall_goals(authority_id))
    units = {unit.pk: unit for unit in Unit.objects.filter(authority=authority_id).order_by("position", "name")}
    body_of = bodies_of(units, today)
    cells: dict[int, dict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
    for root, unit, light, count, a_goal in _serving_by_unit(authority_id):
        cells[root][body_of[unit]].add(light, count, a_goal)
    used = {body for row in cells.values() for body in row}
    return Division(goals, [unit for unit in units.values() if _is_column(unit, used, today)], cells)


def _is_column(unit: Unit, used: Iterable[int], today: date) -> bool:
    """The committees there are today, and whatever else has a cell."""
    is_committee = unit.is_body and unit.kind != UnitKind.COUNCIL
    return unit.pk in used or (is_committee and unit.valid_from <= today <= (unit.valid_to or today))


def _serving_by_unit(authority_id: int) -> list[tuple[int, int, str | None, int, int]]:
    sql = (
        f"{_WALK} SELECT walk.root, goal.owner_unit_id, standing.light, COUNT(*), MIN(goal.id) FROM walk"
        " JOIN goals_goal goal ON goal.id = walk.id AND goal.id <> walk.root"
        " LEFT JOIN followup_goalstanding standing ON standing.goal_id = goal.id"
        " GROUP BY walk.root, goal.owner_unit_id, standing.light"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _asked(authority_id))
        return cursor.fetchall()


def bodies_of(units: Mapping[int, Unit], today: date) -> dict[int, int]:
    """The body each unit's work belongs to: itself, where its link or that of the nearest above says, else the top."""
    links = BodyLink.objects.valid(today).filter(unit__authority__in={unit.authority_id for unit in units.values()})
    linked = dict(links.values_list("unit", "body"))
    found: dict[int, int] = {}
    for pk in units:
        path, at = [], pk
        while at not in found:
            path.append(at)
            unit = units[at]
            if unit.kind in BODY_KINDS or at in linked or unit.parent_id is None:
                found[at] = at if unit.kind in BODY_KINDS else linked.get(at, at)
            else:
                at = unit.parent_id
        found |= dict.fromkeys(path, found[at])
    return found


def serving_of_body(root: Goal, body_id: int, today: date) -> tuple[Unit | None, GoalQuerySet]:
    """The body of a cell of the division, None when the authority has no such unit, and the goals of the cell."""
    units = {unit.pk: unit for unit in Unit.objects.filter(authority=root.authority_id)}
    those = [unit for unit, at in bodies_of(units, today).items() if at == body_id]
    return units.get(body_id), serving(root).filter(owner_unit__in=those)


def serving(root: Goal) -> GoalQuerySet:
    """The goals in force that serve an overall goal."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_WALK} SELECT id FROM walk WHERE root = %s", [*_asked(root.authority_id), root.pk])
        found = [pk for (pk,) in cursor.fetchall() if pk != root.pk]
    goals = Goal.objects.filter(pk__in=found).select_related("owner_unit", "parent__owner_unit", "standing")
    return goals.order_by("rank", "pk")


def unserved(authority_id: int, goals: Iterable[Goal]) -> list[Goal]:
    """Those of the overall goals that no goal serves."""
    served = {root for root, *_rest in _serving_by_unit(authority_id)}
    return [goal for goal in goals if goal.pk not in served]


def loose_goals(authority_id: int) -> GoalQuerySet:
    """Goals in force, below the council, that serve no goal in force: `goals.broken_links.is_loose` in SQL."""
    helped = Contribution.objects.filter(goal=OuterRef("pk"), to_goal__state=ADOPTED)
    goals = Goal.objects.filter(authority=authority_id).adopted().exclude(owner_unit__kind=UnitKind.COUNCIL)
    loose = goals.filter(Q(parent__isnull=True) | ~Q(parent__state=ADOPTED), ~Exists(helped))
    return loose.select_related("owner_unit", "standing").order_by("owner_unit__name", "rank", "pk")


# ---- service areas and goals -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """Service areas down, overall goals across; `own` holds each area's goals, whatever they serve."""

    areas: Mapping[int, ServiceArea]  # in the order of a table of contents
    depths: Mapping[int, int]
    parents: Mapping[int, int | None]
    goals: list[Goal]
    cells: Cells  # area -> overall goal
    own: Mapping[int, Cell]

    @property
    def gaps(self) -> list[tuple[ServiceArea, Gap]]:
        """The areas without any goal."""
        return [(self.areas[gap.area], gap) for gap in gaps(self.parents, self.own)]

    @property
    def uncovered_count(self) -> int:
        """How many areas have none, those under one without any too."""
        return sum(1 + gap.below for _area, gap in self.gaps)

    def covered(self) -> dict[int, Covered]:
        """How each area comes to a goal."""
        return coverage(self.parents, self.own)

    def named_above(self, pk: int) -> ServiceArea | None:
        """The nearest area, itself included, that a goal names."""
        found = named_above(self.parents, self.own, pk)
        return self.areas[found] if found is not None else None


def area_coverage(authority_id: int, today: date, goals: list[Goal]) -> AreaCoverage:
    """Every area in use with the goals that name it and which of the overall `goals` these serve, in two questions."""
    areas = {area.pk: area for area in ServiceArea.objects.filter(authority=authority_id).in_use(today)}
    cells: dict[int, dict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
    own: dict[int, Cell] = defaultdict(Cell)
    counted: set[tuple[int, int]] = set()
    for area, goal, light, root in _named_goals(authority_id):
        if area not in areas:
            continue
        if (area, goal) not in counted:
            counted.add((area, goal))
            own[area].add(light, 1, goal)
        if root is not None:
            cells[area][root].add(light, 1, goal)
    depths = dict(in_order({pk: area.parent_id for pk, area in areas.items()}))
    shown = {pk: areas[pk] for pk in depths}
    parents = {pk: area.parent_id for pk, area in shown.items()}
    return AreaCoverage(shown, depths, parents, goals, cells, {**own})


def _named_goals(authority_id: int) -> list[tuple[int, int, str | None, int | None]]:
    """(area, goal in force that names it, its light, an overall goal it serves or is; None where it serves none)."""
    sql = (
        f"{_WALK} SELECT named.area_id, goal.id, standing.light, walk.root FROM goals_goalarea named"
        " JOIN goals_goal goal ON goal.id = named.goal_id"
        " LEFT JOIN followup_goalstanding standing ON standing.goal_id = goal.id"
        " LEFT JOIN walk ON walk.id = goal.id WHERE goal.authority_id = %s AND goal.state = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_asked(authority_id), authority_id, ADOPTED])
        return cursor.fetchall()


def goals_about(area: ServiceArea) -> GoalQuerySet:
    """The goals in force that name the area."""
    goals = Goal.objects.filter(goal_areas__area=area).adopted()
    return goals.select_related("owner_unit", "parent__owner_unit", "standing").order_by("rank", "pk")
