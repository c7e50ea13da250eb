"""What the page of a goal's chain asks the database: the same few queries however much serves the goal."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.http import Http404
from django.utils.text import capfirst

from followup.chain_rule import BEHIND, Branch, Link, Share, all_below, holds, share_of, unfold
from followup.goal_views import LIGHTS, GoalView, goal_views
from followup.rows import node_row, strategy_of
from followup.status import ON_COURSE, ORDER, Light
from goals.kinds import GoalState
from goals.labels import STRENGTHS
from goals.models import Contribution, Goal
from goals.models.goal import authorities_of
from goals.walks import downward
from organisation.addresses import address_of
from organisation.models import Unit, UnitKind
from organisation.permissions import Permission, Viewer
from organisation.trees import path_text

PAGE = 50
MOST_SHOWN = 60  # goals on a page: at least a page of those that serve directly, and some below them
LEVELS = list(UnitKind)
STRENGTH_WORDS = {strength.value: word for strength, word in STRENGTHS.items()}
# Only goals in force of the same authority that go up are followed further down.
FOLLOWED = "goal.state = %s AND goal.authority_id = %s AND goal.goes_up"
FIELDS = ("pk", "owner_unit__kind", "owner_unit__position", "owner_unit__name", "rank", "standing__light", "goes_up")


@dataclass(slots=True)
class Skeleton:
    """What serves what below a goal: links in reading order, and the light of every goal as last computed."""

    below: dict[int, list[Link]] = field(default_factory=lambda: defaultdict(list))
    staying: Counter[int] = field(default_factory=Counter)  # of each goal above: those in force that stay in their unit
    lights: dict[int, Light] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)

    def lights_below(self, goal: int) -> list[Light]:
        """Those of the goals that serve it directly."""
        return [self.lights[link.goal] for link in self.below.get(goal, ())]

    def counts(self, goals: Iterable[int]) -> dict[Light, int]:
        """How many of the goals have each light."""
        return dict(Counter(self.lights[goal] for goal in goals))


def chain_above(pk: int, viewer: Viewer, today: date) -> tuple[Goal, list[Goal]]:
    """The goal and those it serves, topmost first, in one query; 404 when it is not visible."""
    found = {
        goal.pk: goal
        for goal in Goal.objects.above(pk)
        .with_visibility(viewer, today)
        .select_related("owner_unit", "strategy", "responsible", "standing")
        .annotate(owner_path=path_text("organisation_unit", "goals_goal.owner_unit_id"))
    }
    if pk not in found or not found[pk].is_visible:
        raise Http404
    above, at = [], found[pk].parent_id
    while at in found:
        above.append(found[at])
        at = found[at].parent_id
    return found[pk], [goal for goal in reversed(above) if goal.is_visible]


def skeleton_of(goal: Goal) -> Skeleton:
    """All that serves the goal, in one query; where it serves by parent and across, both."""
    walked = downward([goal.pk], FOLLOWED, [GoalState.ADOPTED.value, goal.authority_id])
    own = Goal.objects.adopted().filter(authority=goal.authority_id)
    served = own.filter(parent__in=walked).annotate(above=F("parent"), is_across=Value(0))
    helped = own.filter(contributions__to_goal__in=walked).annotate(
        above=F("contributions__to_goal"), is_across=Value(1)
    )
    columns = ("is_across", "above", *FIELDS)
    rows = list(served.order_by().values_list(*columns).union(helped.order_by().values_list(*columns), all=True))
    # The one order of lights everywhere: the worst of each level first.
    rows.sort(key=lambda row: (LEVELS.index(row[3]), ORDER[_light(row[7])], row[4:7], row[2]))
    found = Skeleton()
    for is_across, above, pk, kind, _position, _name, _rank, light, goes_up in rows:
        if not goes_up:
            found.staying[above] += 1
            continue
        found.below[above].append(Link(pk, bool(is_across)))
        found.lights[pk] = _light(light)
        found.levels[pk] = kind
    return found


def _light(stored: str | None) -> Light:
    return LIGHTS.get(stored or "", Light.NO_DATA)


def help_of(goal: Goal, shown: Iterable[int], viewer: Viewer, today: date) -> list[Contribution]:
    """The contributions that the page tells of: those into the goal and the goals shown, and out of the goal."""
    seen = Goal.objects.visible_to(viewer, today).order_by().values("pk")
    shared = Goal.objects.shared_with(viewer, today).order_by().values("pk")
    out = Q(goal=goal.pk) & (Q(to_goal__state=GoalState.ADOPTED) | Q(to_goal__in=seen))
    into = Q(goal__state=GoalState.ADOPTED) & (
        Q(to_goal=goal.pk) & ~Q(goal__authority=goal.authority_id) | Q(goal__in=list(shown))
    )
    return list(
        Contribution.objects.filter(out | into)
        .select_related("goal__owner_unit", "goal__authority", "to_goal__owner_unit", "to_goal__authority")
        .annotate(is_shared=Case(When(to_goal__in=shared, then=True), default=False))
        .order_by("pk")
    )


def goals_shown(ids: Iterable[int], viewer: Viewer, today: date) -> QuerySet[Goal]:
    """The goals with what the page prints of each, and whether the person may edit it."""
    goals = Goal.objects.filter(pk__in=list(ids)).select_related("owner_unit", "responsible", "standing")
    if not viewer.may_somewhere(Permission.EDIT_GOALS, today):
        return goals.annotate(is_editable=Case(When(pk__in=[], then=True), default=False))
    units = Unit.objects.allowing(Permission.EDIT_GOALS, viewer, today).values("pk")
    return goals.annotate(is_editable=Case(When(owner_unit__in=units, then=True), default=False))


class ChainPage:
    """A goal's chain as its page shows it: up to the strategy, and down as far as can be read."""

    def __init__(self, pk: int, viewer: Viewer, today: date, side: str | None = None) -> None:
        self.goal, self.above = chain_above(pk, viewer, today)
        self.skeleton = skeleton_of(self.goal)
        self.direct = self.skeleton.below.get(pk, [])
        self.page = Paginator(self.direct, PAGE).get_page(side)
        self.branches = unfold(list(self.page), self.skeleton.below, MOST_SHOWN)
        shown = list(dict.fromkeys(_goals_in(self.branches)))
        self.help = help_of(self.goal, shown, viewer, today)
        goals = list(goals_shown(shown, viewer, today))
        everything = [self.goal, *self.above, *goals]
        views = goal_views(everything, until=today, today=today, brief=everything)
        self.views: dict[int, GoalView] = {view.goal.pk: view for view in views}
        # What is computed for the page is newer than what is stored.
        self.skeleton.lights |= {view.goal.pk: view.light for view in views if view.goal.pk in self.skeleton.lights}
        self.notes = {(link.goal_id, link.to_goal_id): link for link in self.help}
        self.own_authorities = authorities_of(viewer, today)

    @property
    def light(self) -> Light:
        return self.views[self.goal.pk].light

    @property
    def share(self) -> Share:
        """Of those that serve it directly and go up, in its own authority."""
        return share_of(self.skeleton.lights_below(self.goal.pk))

    @property
    def every(self) -> set[int]:
        """All that serve it, through others too."""
        return all_below([self.goal.pk], self.skeleton.below)

    def told(self) -> dict[str, Any]:
        """What the template prints."""
        pk = self.goal.pk
        every = self.every
        staying = self.skeleton.staying[pk]
        return {
            "goal": self.goal,
            "strategy": strategy_of(self.goal, self.above),
            "page": self.page,
            "light": self.light,
            "is_on_course": self.light in ON_COURSE,
            "is_behind": self.light in BEHIND,
            "share": self.share,
            "holds": holds(self.light, self.skeleton.lights_below(pk)),
            "above": [self._row(self.views[goal.pk]) for goal in self.above],
            "here": self._row(self.views[pk]),
            "levels": self._levels(),
            "every": len(every),
            "every_counts": self.skeleton.counts(every),
            "direct": len(self.direct),
            "staying": staying,
            "direct_and_staying": len(self.direct) + staying,
            "helps": [self._across(link.to_goal, link) for link in self.help if link.goal_id == pk],
            "foreign": [
                self._across(link.goal, link)
                for link in self.help
                if link.to_goal_id == pk and link.goal.authority_id != self.goal.authority_id
            ],
        }

    def _row(self, view: GoalView) -> dict[str, Any]:
        goal, lead = view.goal, view.lead
        return {
            **node_row(view),
            "pk": goal.pk,
            "chain_url": address_of("followup:goal_chain", goal.pk),
            "indicator": lead.series.indicator.name if lead else "",
            "responsible": goal.responsible,
            "assumption": goal.assumption,
            "strength": STRENGTH_WORDS[goal.strength],
        }

    def _levels(self) -> list[dict[str, Any]]:
        """The branches by level of their unit, with how all goals of the level stand, those of other pages too."""
        by_level: dict[str, list[Branch]] = defaultdict(list)
        for branch in self.branches:
            by_level[self.skeleton.levels[branch.goal]].append(branch)
        every: dict[str, list[int]] = defaultdict(list)
        for link in self.direct:
            every[self.skeleton.levels[link.goal]].append(link.goal)
        return [
            {
                "name": capfirst(str(UnitKind(kind).label)),
                "count": len(every[kind]),
                "counts": self.skeleton.counts(every[kind]),
                "rows": [self._branch_row(branch, self.goal.pk) for branch in branches],
            }
            for kind, branches in by_level.items()
        ]

    def _branch_row(self, branch: Branch, above: int) -> dict[str, Any]:
        row = self._row(self.views[branch.goal])
        lights = self.skeleton.lights_below(branch.goal)
        note = self.notes.get((branch.goal, above)) if branch.link.is_across else None
        if branch.link.is_across:
            row["assumption"] = note.note if note else ""
            row["strength"] = STRENGTH_WORDS[note.strength] if note else ""
        return row | {
            "is_across": branch.link.is_across,
            "is_editable": self.views[branch.goal].goal.is_editable,
            "is_repeated": branch.is_repeated,
            "folded": branch.folded,
            "below": [self._branch_row(one, branch.goal) for one in branch.below],
            "serving": len(lights),
            "staying": self.skeleton.staying[branch.goal],
            "share": share_of(lights),
            "holds": holds(self.skeleton.lights[branch.goal], lights),
        }

    def _across(self, goal: Goal, link: Contribution) -> dict[str, Any]:
        url = ""
        if goal.authority_id in self.own_authorities:
            url = address_of("followup:goal_chain", goal.pk)
        elif goal.pk == link.to_goal_id and link.is_shared:
            url = address_of("followup:shared_goal", goal.pk)
        return {
            "title": goal.title,
            "url": url,
            "owner": goal.owner_unit.name,
            "authority": goal.authority.name if goal.authority_id != self.goal.authority_id else "",
            "assumption": link.note,
            "strength": STRENGTH_WORDS[link.strength],
        }


def _goals_in(branches: Iterable[Branch]) -> Iterable[int]:
    for branch in branches:
        yield branch.goal
        yield from _goals_in(branch.below)
