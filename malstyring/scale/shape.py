"""The shape of a synthetic municipality of any size: units, goals and series, before anything is stored.

The council, its committees and the departments have four goals each, one for each goal above; an institution has
twenty: four that serve the department's, and sixteen that serve those four. So a page shows as much at every size,
and only what lies behind it grows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

BODY_GOALS = 4
INSTITUTION_GOALS = 20
MOST = 8  # committees, and departments under each


@dataclass(frozen=True, slots=True)
class Size:
    """How much an authority is to hold."""

    goals: int
    series: int
    periods: int


@dataclass(slots=True)
class UnitPlan:
    """A unit: its level, the unit above by place in the list, and the committee it reports to."""

    kind: str
    above: int | None
    number: int
    reports_to: int | None = None


@dataclass(slots=True)
class SeriesPlan:
    """A series: of which indicator and unit, on which goal, and where it comes from and goes to.

    Numbers are whole; of a ratio, `start` and `end` are numerators. `parts` are places of the series it is made of.
    """

    indicator: str
    unit: int
    goal: int
    rank: int
    is_ratio: bool
    is_lower_better: bool
    start: int = 0
    end: int = 0
    denominator: int = 0
    pace: float = 1.0
    parts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class GoalPlan:
    """A goal: its unit, the goal above by place in the list, and its number within the unit."""

    unit: int
    above: int | None
    number: int


@dataclass(slots=True)
class Plan:
    """An authority in lists whose places refer to each other."""

    units: list[UnitPlan]
    goals: list[GoalPlan]
    series: list[SeriesPlan]
    indicators: dict[str, bool]  # code -> whether it is a ratio

    def institutions(self) -> list[int]:
        """Places of the institutions, in order."""
        return [at for at, unit in enumerate(self.units) if unit.kind == "institution"]


def plan_of(size: Size, random: Random) -> Plan:
    """A whole authority; the same for the same numbers."""
    units = _units(size.goals)
    goals = list(_goals(units, size.goals))
    series = _series(size, units, goals, random)
    _roll_up(units, series)
    indicators = {one.indicator: one.is_ratio for one in series}
    return Plan(units, goals, series, indicators)


def _units(goals: int) -> list[UnitPlan]:
    committees = min(max(goals // 1000, 1), MOST)
    departments = min(max(goals // (committees * 150), 1), MOST)
    above_institutions = BODY_GOALS * (1 + committees + committees * departments)
    institutions = max(-(-(goals - above_institutions) // INSTITUTION_GOALS), 0)
    units = [UnitPlan("council", None, 0), UnitPlan("executive_board", 0, 0)]
    units += [UnitPlan("committee", 0, number) for number in range(committees)]
    places = []
    for number in range(committees):
        directorate = len(units)
        units.append(UnitPlan("directorate", 1, number, reports_to=2 + number))
        for _ in range(departments):
            places.append(len(units))
            units.append(UnitPlan("department", directorate, len(places) - 1))
    for number in range(institutions):
        units.append(UnitPlan("institution", places[number % len(places)], number))
    return units


def _goals(units: list[UnitPlan], count: int) -> Iterator[GoalPlan]:
    """Goals from the council downward until there are enough."""
    first: dict[int, int] = {}  # unit -> place of its first goal
    made = 0
    for at, unit in enumerate(units):
        if unit.kind in ("executive_board", "directorate"):
            continue
        first[at] = made
        serves = _served(units, at)
        for number in range(INSTITUTION_GOALS if unit.kind == "institution" else BODY_GOALS):
            if made == count:
                return
            above = None if serves is None else first[serves] + number
            if number >= BODY_GOALS:
                above = first[at] + (number - BODY_GOALS) // BODY_GOALS
            yield GoalPlan(at, above, number)
            made += 1


def _served(units: list[UnitPlan], at: int) -> int | None:
    """The unit whose goals this one's goals serve: institution, department, committee, council."""
    unit = units[at]
    match unit.kind:
        case "council":
            return None
        case "committee":
            return 0
        case "department":
            return units[unit.above or 0].reports_to
    return unit.above


def _series(size: Size, units: list[UnitPlan], goals: list[GoalPlan], random: Random) -> list[SeriesPlan]:
    """The series spread evenly over the goals. A committee has indicators of its own; the rest share theirs."""
    series = []
    for place, goal in enumerate(goals):
        count = (place + 1) * size.series // len(goals) - place * size.series // len(goals)
        for rank in range(count):
            letter = "U" if units[goal.unit].kind == "committee" else "I"
            is_ratio = (goal.number + rank) % 2 == 1
            one = SeriesPlan(
                f"{letter}{goal.number + 1}-{rank + 1}", goal.unit, place, rank + 1, is_ratio, goal.number % 3 == 0
            )
            _draw(one, random)
            series.append(one)
    return series


def _draw(one: SeriesPlan, random: Random) -> None:
    """Where the series starts, where it is to end, and how fast it really goes (1: as planned)."""
    one.denominator = random.randint(120, 480) if one.is_ratio else 0
    least, most = (one.denominator // 3, one.denominator // 2) if one.is_ratio else (400, 900)
    one.start = random.randint(least, most)
    change = max(one.start // 5, 4)
    one.end = one.start - change if one.is_lower_better else one.start + change
    one.pace = random.choice((1.3, 1.2, 1.1, 1.1, 1.05, 1.0, 0.95, 0.5))


def _roll_up(units: list[UnitPlan], series: list[SeriesPlan]) -> None:
    """Make departments' series of their institutions', and the council's of the departments', where both have them."""
    by_key = {(one.unit, one.indicator): place for place, one in enumerate(series)}
    children = defaultdict(list)
    for at, unit in enumerate(units):
        if unit.kind == "institution":
            children[unit.above].append(at)
    departments = [at for at, unit in enumerate(units) if unit.kind == "department"]
    for above, below in [*((at, children[at]) for at in departments), (0, departments)]:
        for one in (one for one in series if one.unit == above):
            one.parts = [by_key[at, one.indicator] for at in below if (at, one.indicator) in by_key]
            if one.parts:
                one.start = sum(series[part].start for part in one.parts)
                one.end = sum(series[part].end for part in one.parts)
                one.denominator = sum(series[part].denominator for part in one.parts)
