"""What the red thread of one goal asks the database: the same few queries whatever hangs on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.http import Http404

from followup.status import Light
from goals.broken_links import Ties
from goals.chain_links import ties_of
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from goals.models.goal import authorities_of
from organisation.permissions import Viewer
from reports.heat_data import LIGHTS
from reports.thread import Edge, Node

FIELDS = (
    "pk", "short_name", "rank", "authority", "authority__name", "standing__light", "owner_unit", "owner_unit__name",
    "owner_unit__parent", "owner_unit__parent__name",
)  # fmt: skip


@dataclass(slots=True)
class ThreadData:
    """A goal, what it serves and what serves it, with what the units are called."""

    goal: Goal
    above: list[Goal]  # topmost first
    beside: list[int] = field(default_factory=list)  # what it helps across
    nodes: dict[int, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)
    foreign: dict[int, str] = field(default_factory=dict)  # goals of authorities that are not the person's own
    ties: Ties = field(default_factory=lambda: Ties(is_top=True))


def thread_of(pk: int, viewer: Viewer, today: date) -> ThreadData:
    """The goal's thread: all it serves, what it helps across, and two levels of goals in force that serve it."""
    chain = Goal.objects.above(pk).with_visibility(viewer, today).with_ties(today)
    chain = chain.select_related("owner_unit", "standing", "strategy")
    found = {goal.pk: goal for goal in chain}
    if pk not in found or not found[pk].is_visible:
        raise Http404
    data = ThreadData(found[pk], _upwards(found, pk))
    own = set(authorities_of(viewer, today))
    seen = Q(to_goal__state=GoalState.ADOPTED) | Q(to_goal__in=Goal.objects.visible_to(viewer, today).values("pk"))
    helped = Contribution.objects.filter(seen, goal=pk).order_by("to_goal__rank", "to_goal")
    helps = []
    for state, *row in helped.values_list("to_goal__state", *_of("to_goal")):
        helps.append(state)
        data.beside.append(_add(data, row, own))
    level: Sequence[int] = [pk]
    for _level in range(2):
        level = _add_level(data, level, own)
    above = found.get(data.goal.parent_id)
    is_served = any(edge.above == pk for edge in data.edges)
    data.ties = ties_of(data.goal, parent=above.state if above else None, helps=helps, is_served=is_served)
    return data


def _upwards(found: Mapping[int, Goal], pk: int) -> list[Goal]:
    above, at = [], found[pk].parent_id
    while at in found:
        above.append(found[at])
        at = found[at].parent_id
    return [goal for goal in reversed(above) if goal.is_visible]


def _add_level(data: ThreadData, above: Sequence[int], own: set[int]) -> list[int]:
    """Goals in force that go up to these: their own children, and help across, also from other authorities."""
    children = Goal.objects.adopted().going_up().filter(parent__in=above).order_by().values_list("parent", *FIELDS)
    helping = Goal.objects.adopted().going_up().values("pk")
    across = Contribution.objects.filter(to_goal__in=above, goal__in=helping).order_by()
    below = []
    for is_across, rows in ((False, children), (True, across.values_list("to_goal", *_of("goal")))):
        for to, *row in rows:
            goal = _add(data, row, own)
            data.edges.append(Edge(to, goal, is_across))
            below.append(goal)
    return list(dict.fromkeys(below))


def _of(relation: str) -> list[str]:
    return [f"{relation}__{name}" for name in FIELDS]


def _add(data: ThreadData, row: Iterable, own: set[int]) -> int:
    pk, name, rank, authority, authority_name, light, unit, unit_name, area, area_name = row
    if authority not in own:
        data.foreign[pk] = authority_name
    data.nodes[pk] = Node(pk, name, rank, unit, area, LIGHTS.get(light, Light.NO_DATA) if authority in own else None)
    data.units[unit] = unit_name
    if area is not None:
        data.units[area] = area_name
    return pk
