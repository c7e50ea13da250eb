"""Goals as pages show them: each with its light, the series behind it, and where it stood before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from followup.standing import Link, Standing, links_of, standing_at, standings_of
from followup.status import DEVIATIONS, ON_COURSE, ORDER, Kept, Light, deciding, goal_light, in_turn
from goals.models import Goal
from organisation.prepared import Row

LIGHTS = {light.value: light for light in Light}


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal and how it stands."""

    goal: Goal
    light: Light
    counts: dict[Light, int]
    standings: tuple[tuple[Standing, bool], ...]  # with whether the series is prioritised, in the goal's own order
    before: Light | None  # where it stood on the earlier day asked for

    @property
    def lead(self) -> Standing | None:
        """The series that decides the light: the first with that light among those that count."""
        those = deciding(_in_turn(self.standings))
        return next((one for one in those if one.light is self.light), those[0] if those else None)

    @property
    def below(self) -> dict[str, int]:
        """How many goals below have each light."""
        standing = getattr(self.goal, "standing", None)
        return standing.below if standing is not None else {}

    @property
    def below_count(self) -> int:
        return sum(self.below.values())

    def light_at(self, day: date) -> Light:
        """The light on an earlier day, by the same rule, from the values at hand. What was late then is not known."""
        then = [(standing_at(standing, day), counts) for standing, counts in self.standings]
        return light_of(then)[0]

    @property
    def deviates(self) -> bool:
        return self.light in DEVIATIONS

    @property
    def is_on_course(self) -> bool:
        return self.light in ON_COURSE

    @property
    def has_changed(self) -> bool:
        """Whether the light is another than on the earlier day."""
        return self.before is not None and self.before is not self.light


def goal_views(
    goals: Sequence[Goal],
    *,
    until: date,
    today: date,
    history: int = 2,
    before: date | None = None,
    brief: Collection[Goal] = (),
    whole: Collection[Goal] = (),
    asked_for: Iterable[Row] | None = None,
) -> list[GoalView]:
    """The goals in the order given, in four queries however many they are.

    `before`: also the light on that day. `brief`: goals of which only the series that decide the light come along.
    `whole`: goals whose series come with every value, for charts. `asked_for`: as in `standings_of`, one query less.
    """
    by_goal = links_of([goal.pk for goal in goals])
    for goal in brief:
        by_goal[goal.pk] = deciding((link, link.is_prioritised) for link in by_goal[goal.pk])
    series = {link.series.pk: link.series for links in by_goal.values() for link in links}
    charted = {link.series.pk for goal in whole for link in by_goal[goal.pk]}
    standings = standings_of(
        list(series.values()), until=until, today=today, history=history, whole=charted, asked_for=asked_for
    )
    return [_view(goal, by_goal[goal.pk], standings, before) for goal in goals]


def light_of(standings: Sequence[tuple[Standing, bool]]) -> tuple[Light, dict[Light, int]]:
    """A goal's light from how its series stand, each with whether it is prioritised, and the counts behind it."""
    return goal_light([(standing.light, prioritised) for standing, prioritised in _in_turn(standings)])


def _in_turn(standings: Sequence[tuple[Standing, bool]]) -> list[tuple[Standing, bool]]:
    kept = [Kept(one.series.indicator_id, one.series.last_day, one.light) for one, _prioritised in standings]
    return [standings[place] for place in in_turn(kept)]


def _view(goal: Goal, links: list[Link], standings: dict[int, Standing], before: date | None) -> GoalView:
    pairs = tuple((standings[link.series.pk], link.is_prioritised) for link in links)
    light, counts = light_of(pairs)
    view = GoalView(goal, light, counts, pairs, None)
    return replace(view, before=view.light_at(before)) if before is not None and pairs else view


def deviations_first(views: Sequence[GoalView]) -> list[GoalView]:
    """The one order used everywhere: worst light first, then the body's own rank."""
    return sorted(views, key=lambda view: (ORDER[view.light], view.goal.rank, view.goal.pk))


def stored_light(goal: Goal) -> Light:
    """The goal's light as last computed; its `standing` is loaded."""
    return LIGHTS.get(getattr(getattr(goal, "standing", None), "light", ""), Light.NO_DATA)
