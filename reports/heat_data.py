"""What the heat map asks the database: the goals, what serves them where, and the lights; few queries, however many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Case, Q, When

from followup.goal_views import light_of
from followup.standing import Link, Standing, links_of, standings_of
from followup.status import Light, deciding
from goals.kinds import GoalState
from goals.models import Goal, GoalQuerySet, Series
from organisation.models import Unit, UnitKind
from organisation.models.unit import BODY_KINDS, UnitQuerySet
from organisation.trees import path_text, placeholders
from reports.heatmap import Cells, Grid, Piece, Sorting, cells_of, grid_of

Serving = tuple[int, int, int, str | None]  # goal above, goal, its unit, its stored light
LIGHTS = {light.value: light for light in Light}
MOST_GOALS = 50  # rows on a page; a body has five to fifteen goals


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The grid of a body, with what its goals, units and series are called."""

    body: Unit | None  # None: the authority has no such body
    bodies: Sequence[Unit]  # all there are to choose
    grid: Grid
    goals: Mapping[int, Goal]
    lights: Mapping[int, Light]  # of the goals themselves
    units: Mapping[int, str]  # by name
    standings: Mapping[int, Standing]  # of the series that are cells, and others
    is_cut: bool  # there are more goals than the first fifty

    @property
    def has_numbers(self) -> bool:
        """Whether any cell is a unit's own number."""
        return any(cell.is_series for row in self.grid.cells.values() for cell in row.values())


def heat_map_of(
    authority_id: int,
    body_id: int | None,
    *,
    today: date,
    until: date | None = None,
    kind: str = "",
    level: str = "",
    sorting: Sorting = Sorting.DEVIATIONS,
) -> HeatMap:
    """The map of the body's goals in force (of one `kind`) and the units below it (of one `level`); else the council's.

    Lights are the stored ones; with `until`, those of the values up to that day.
    """
    found = list(goals_of(authority_id, body_id, kind)[: MOST_GOALS + 1])
    goals = {goal.pk: goal for goal in found[:MOST_GOALS]}
    cells, lights, standings = {}, {}, {}
    if goals:
        body = found[0].owner_unit
        serving = serving_goals(list(goals), body)
        judged = [*goals, *dict.fromkeys(pk for _root, pk, _unit, _light in serving)] if until else []
        links = links_of(judged or list(goals))
        own = _own_series(body, {goal: links[goal] for goal in goals}, serving, until or today, level)
        standings = _standings(own, (links[pk] for pk in judged), until or today, today)
        lights = _lights_at(judged, links, standings) if until else _stored_lights(goals, serving)
        pieces = [Piece(root, unit, lights[pk], pk) for root, pk, unit, _light in serving]
        cells = cells_of(pieces, [Piece(row, one.unit_id, standings[one.pk].light, one.pk) for row, one in own])
    units = _units(authority_id, cells)
    bodies = [unit for unit in units if unit.is_body and unit.valid_from <= today <= (unit.valid_to or today)]
    shown = {unit for row in cells.values() for unit in row}
    names = {unit.pk: unit.name for unit in units if unit.pk in shown and level in ("", unit.kind)}
    if len(names) < len(shown):
        cells = {row: {unit: cell for unit, cell in those.items() if unit in names} for row, those in cells.items()}
    return HeatMap(
        body=_body(bodies, body_id),
        bodies=sorted(bodies, key=lambda one: (list(UnitKind).index(UnitKind(one.kind)), one.position)),
        grid=grid_of(list(goals), list(names), cells, sorting),
        goals=goals,
        lights={pk: lights[pk] for pk in goals},
        units=names,
        standings=standings,
        is_cut=len(found) > MOST_GOALS,
    )


def goals_of(authority_id: int, body_id: int | None, kind: str = "") -> GoalQuerySet:
    """The goals in force of the body, else of the council, by rank."""
    owner = {"owner_unit": body_id, "owner_unit__kind__in": BODY_KINDS}
    council = {"owner_unit__kind": UnitKind.COUNCIL}
    goals = Goal.objects.filter(authority=authority_id, **(council if body_id is None else owner)).adopted()
    goals = goals.select_related("owner_unit", "standing").order_by("rank", "pk")
    return goals.filter(kind=kind) if kind else goals


def serving_goals(roots: Sequence[int], body: Unit) -> list[Serving]:
    """Goals in force of the authority's other units that go up to the roots, through others or across."""
    sql = (
        "WITH RECURSIVE walk(root, id) AS ("
        f"SELECT id, id FROM goals_goal WHERE id IN ({placeholders(roots)})"
        " UNION SELECT walk.root, edge.child FROM walk JOIN ("
        "SELECT id AS child, parent_id AS above FROM goals_goal WHERE parent_id IS NOT NULL AND goes_up"
        " UNION ALL SELECT help.goal_id, help.to_goal_id FROM goals_contribution help"
        " JOIN goals_goal helper ON helper.id = help.goal_id AND helper.goes_up"
        ") edge ON edge.above = walk.id)"
        " SELECT walk.root, goal.id, goal.owner_unit_id, standing.light FROM walk"
        " JOIN goals_goal goal ON goal.id = walk.id"
        " LEFT JOIN followup_goalstanding standing ON standing.goal_id = goal.id"
        " WHERE goal.state = %s AND goal.authority_id = %s AND goal.owner_unit_id <> %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*roots, GoalState.ADOPTED.value, body.authority_id, body.pk])
        return cursor.fetchall()


def goals_in_cell(root: Goal, unit: Unit) -> GoalQuerySet:
    """The unit's goals in force that serve the goal: what its cell is made of."""
    found = [pk for _root, pk, owner, _light in serving_goals([root.pk], root.owner_unit) if owner == unit.pk]
    return Goal.objects.filter(pk__in=found).select_related("owner_unit", "parent__owner_unit", "standing")


def series_in_cell(root: Goal, unit: Unit, day: date) -> list[Series]:
    """The unit's own series of the indicators that decide the goal's light."""
    found = measuring_series(root.owner_unit, links_of([root.pk]), day)
    return [one for _goal, one in found if one.unit_id == unit.pk]


def measuring_series(owner: Unit, links: Mapping[int, Sequence[Link]], day: date) -> list[tuple[int, Series]]:
    """Pairs of a goal and a series kept on the day of an indicator that decides the goal's light, by unit's name.

    Of the units whose work the body follows, or that belong under the unit; the council follows them all. And of the
    units that the goal itself is measured in, with what is below them: another body's may be asked too.
    """
    measured: dict[int, dict[int, set[int]]] = {}  # indicator -> goal -> units it is measured in
    for goal, those in links.items():
        for link in deciding_links(those):
            measured.setdefault(link.series.indicator.pk, {}).setdefault(goal, set()).add(link.series.unit.pk)
    series = (
        Series.objects.filter(authority=owner.authority_id, indicator__in=list(measured))
        .active(day)
        .select_related("indicator", "unit")
        .annotate(
            is_under=Case(When(unit__in=_under(owner, day).values("pk"), then=True), default=False),
            unit_path=path_text("organisation_unit", "goals_series.unit_id"),
        )
        .order_by("unit__name", "pk")
    )
    return [
        (goal, one)
        for one in series
        for goal, units in measured[one.indicator_id].items()
        if one.is_under or not units.isdisjoint(map(int, one.unit_path.split(",")))
    ]


def _under(owner: Unit, day: date) -> UnitQuerySet:
    if owner.kind == UnitKind.COUNCIL:
        return Unit.objects.filter(authority=owner.authority_id)
    return Unit.objects.reporting_to(owner, day) if owner.is_body else Unit.objects.below(owner)


def deciding_links(links: Sequence[Link]) -> list[Link]:
    """Those that decide the goal's light."""
    return deciding((link, link.is_prioritised) for link in links)


def _own_series(
    body: Unit, links: Mapping[int, Sequence[Link]], serving: Iterable[Serving], day: date, level: str
) -> list[tuple[int, Series]]:
    """The units' own series of what the goals are measured by, where no goal of theirs serves."""
    found = measuring_series(body, links, day)
    taken = {(root, unit) for root, _pk, unit, _light in serving} if found else set()
    return [
        (row, one)
        for row, one in found
        if one.unit_id != body.pk and (row, one.unit_id) not in taken and level in ("", one.unit.kind)
    ]


def _standings(
    own: Iterable[tuple[int, Series]], links: Iterable[Sequence[Link]], until: date, today: date
) -> dict[int, Standing]:
    """How the cells' own series stand, and those that decide the goals' lights: asked for together."""
    series = {link.series.pk: link.series for those in links for link in deciding_links(those)}
    series |= {one.pk: one for _row, one in own}
    return standings_of(list(series.values()), until=until, today=today) if series else {}


def _stored_lights(goals: Mapping[int, Goal], serving: Iterable[Serving]) -> dict[int, Light]:
    stored = {pk: light for _root, pk, _unit, light in serving}
    stored |= {pk: getattr(getattr(goal, "standing", None), "light", None) for pk, goal in goals.items()}
    return {pk: LIGHTS.get(light, Light.NO_DATA) for pk, light in stored.items()}


def _lights_at(
    goals: Iterable[int], links: Mapping[int, Sequence[Link]], standings: Mapping[int, Standing]
) -> dict[int, Light]:
    return {pk: light_of([(standings[link.series.pk], True) for link in deciding_links(links[pk])])[0] for pk in goals}


def _units(authority_id: int, cells: Cells) -> list[Unit]:
    """The bodies and the units of the cells, by name."""
    wanted = Q(kind__in=BODY_KINDS) | Q(pk__in={unit for row in cells.values() for unit in row})
    return list(Unit.objects.filter(wanted, authority=authority_id).order_by("name", "pk"))


def _body(bodies: Iterable[Unit], body_id: int | None) -> Unit | None:
    return next(
        (one for one in bodies if one.pk == body_id or (body_id is None and one.kind == UnitKind.COUNCIL)), None
    )
