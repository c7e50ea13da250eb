"""Keeping `GoalStanding` in step with the values. The only writer of it.

What an import calls makes no savepoint, for the reason given in `roll_ups`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from followup.actions.assumptions import weigh, weigh_after
from followup.actions.roll_ups import roll_up_above, roll_up_indicators
from followup.keys import Days, Key, by_series
from followup.models import DueValue, FiguresChanged, GoalStanding, Measurement, Round
from followup.standing import StoredSeries, counted, decided_by, late_series, standings_of
from followup.status import goal_light
from goals.kinds import GoalState
from goals.models import Assumption, Goal, GoalSeries, Series
from organisation.models import Authority

CHUNK = 500


@transaction.atomic(savepoint=False)
def refresh_after_values(keys: Iterable[Key], *, now: datetime) -> None:
    """After approved values changed: roll-ups above them, then goals' lights."""
    days = by_series(keys)
    changed = days | roll_up_above(days, now=now)  # what is rolled up is never entered
    refresh_goals(_measured_by(changed), today=timezone.localdate(now), after=changed)
    _say_changed(weigh_after(changed, now=now), timezone.localdate(now))


@transaction.atomic
def refresh_after_round(round_: Round, *, now: datetime) -> None:
    """After a round asked for values or its deadline moved: what is due or overdue decides lights."""
    series = DueValue.objects.filter(submission__round=round_).order_by().values_list("series", flat=True).distinct()
    refresh_goals(_measured_by(series), today=timezone.localdate(now))


def refresh_after_drafts(keys: Iterable[Key], *, now: datetime) -> None:
    """After drafts came in: one that was late is no longer overdue."""
    today = timezone.localdate(now)
    refresh_goals(_measured_by(late_series(by_series(keys), today)), today=today)


def _measured_by(series: Iterable[int]) -> set[int]:
    """The goals that are measured by any of the series."""
    return set(GoalSeries.objects.filter(series__in=list(series)).order_by().values_list("goal", flat=True))


@transaction.atomic(savepoint=False)
def refresh_goals(
    goal_ids: Collection[int], *, today: date, after: Days | None = None, by_time_alone: bool = False
) -> None:
    """Compute the goals' lights anew; where one changed, the counts of every goal above.

    The goals and all above are locked first: of two who change values at once, the second sees what the first did.
    With `after`, the values that changed, only those of the goals are computed whose lights they decide.
    `by_time_alone`: nobody changed a figure, so nothing is old unless a light turns.
    """
    if not goal_ids:
        return
    authority_of = dict(Goal.objects.above(*goal_ids).values_list("pk", "authority"))
    known = _locked_lights(authority_of)
    if after is not None:
        goal_ids = _measured_by(decided_by(after, today))
    new = {pk for pk, light in known.items() if not light}
    lights = goal_lights(sorted(known.keys() & set(goal_ids) | new), today=today)
    changed = {pk: light for pk, light in lights.items() if known[pk] != light}
    if changed:
        _write([GoalStanding(goal_id=pk, light=light) for pk, light in changed.items()], "light")
        refresh_counts_above(changed)
    if changed or not by_time_alone:
        _say_changed(authority_of.values(), today)


def _say_changed(authorities: Iterable[int], today: date) -> None:
    FiguresChanged.objects.bulk_create([FiguresChanged(authority_id=pk, day=today) for pk in sorted(set(authorities))])


def _locked_lights(goal_ids: Iterable[int]) -> dict[int, str]:
    """The stored lights of the goals, held in one order until the transaction ends; empty where there was none."""
    ids = sorted(goal_ids)
    there = set(GoalStanding.objects.filter(pk__in=ids).values_list("pk", flat=True))
    GoalStanding.objects.bulk_create(
        [GoalStanding(goal_id=pk, light="") for pk in ids if pk not in there], ignore_conflicts=True, batch_size=2000
    )
    held = GoalStanding.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return dict(held.values_list("pk", "light"))


def _write(standings: list[GoalStanding], *fields: str) -> None:
    """Store the fields of standings that are there."""
    GoalStanding.objects.bulk_create(
        standings, update_conflicts=True, unique_fields=["goal"], update_fields=fields, batch_size=2000
    )


@transaction.atomic
def goals_were_changed(goal_ids: set[int], now: datetime) -> None:
    """After goals were edited, adopted, closed or moved: their lights, and the counts of them and of all above."""
    refresh_goals(goal_ids, today=timezone.localdate(now))
    refresh_counts_above(goal_ids, strictly=False)
    weigh_after(GoalSeries.objects.filter(goal__in=goal_ids).values("series"), now=now)


@transaction.atomic
def chains_were_changed(goal_ids: set[int], now: datetime) -> None:
    """After steps or arrows of goals' effect chains were edited: which arrows are weakened."""
    weigh(Assumption.objects.filter(from_step__goal__in=goal_ids), now=now)
    authorities = Goal.objects.filter(pk__in=goal_ids).order_by().values_list("authority", flat=True)
    _say_changed(authorities, timezone.localdate(now))


@transaction.atomic
def rollups_were_changed(indicator_ids: set[int], now: datetime) -> None:
    """After series were added, or how they are added up was changed: every rolled-up value of the indicators anew."""
    roll_up_indicators(indicator_ids, now=now)
    rolled_up = Series.objects.filter(indicator__in=indicator_ids, is_rolled_up=True).order_by()
    refresh_goals(_measured_by(rolled_up.values_list("pk", flat=True)), today=timezone.localdate(now))


def series_have_values(series_ids: list[int]) -> bool:
    """Whether any of the series has a value, approved or not."""
    return Measurement.objects.filter(series__in=series_ids).exists()


def goal_lights(goal_ids: Sequence[int], *, today: date) -> dict[int, str]:
    """The computed light of each goal: the worst of its prioritised series."""
    links = GoalSeries.objects.filter(goal__in=goal_ids).order_by("rank", "pk")
    by_goal: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    series: dict[int, Series | StoredSeries] = {}
    for goal, pk, prioritised in links.values_list("goal", "series", "is_prioritised"):
        by_goal[goal].append((pk, prioritised))
    series_ids = sorted({pk for links_of_goal in by_goal.values() for pk, _ in links_of_goal})
    lights = {}
    for start in range(0, len(series_ids), CHUNK):
        chunk = Series.objects.filter(pk__in=series_ids[start : start + CHUNK]).select_related("indicator")
        for pk, standing in standings_of(list(chunk), until=today, today=today).items():
            lights[pk], series[pk] = standing.light, standing.series
    return {
        goal: goal_light(counted(((series[pk], prioritised) for pk, prioritised in by_goal[goal]), lights))[0].value
        for goal in goal_ids
    }


def refresh_counts_above(goal_ids: Iterable[int], *, strictly: bool = True) -> None:
    """Count anew, from their children upward, every goal above these (and these too unless `strictly`).

    Only goals that go up are counted above, and what is below them.

    Locks them in one order: no deadlock.
    """
    chain = Goal.objects.above(*goal_ids, strictly=strictly)
    parents = dict(chain.values_list("pk", "parent"))
    _locked_lights(parents)
    children = defaultdict(list)
    rows = Goal.objects.going_up().filter(parent__in=list(parents)).order_by()
    for pk, parent, state, light, stored in rows.values_list(
        "pk", "parent", "state", "standing__light", "standing__below"
    ):
        children[parent].append((pk, light if state == GoalState.ADOPTED else None, stored or {}))
    below: dict[int, dict[str, int]] = {}
    for level in reversed(_levels(parents)):
        for pk in level:
            counts: Counter[str] = Counter()
            for child, light, stored in children[pk]:
                counts.update([light] if light else [])
                counts.update(below.get(child, stored))
            below[pk] = dict(counts)
    _write([GoalStanding(goal_id=pk, below=counts) for pk, counts in below.items()], "below")


def _levels(parents: dict[int, int | None]) -> list[list[int]]:
    """The goals of a chain by depth, topmost first."""
    depth: dict[int, int] = {}

    def depth_of(pk: int) -> int:
        if pk not in depth:
            parent = parents[pk]
            depth[pk] = depth_of(parent) + 1 if parent in parents else 0
        return depth[pk]

    levels: dict[int, list[int]] = defaultdict(list)
    for pk in parents:
        levels[depth_of(pk)].append(pk)
    return [sorted(levels[at]) for at in sorted(levels)]


@transaction.atomic
def rebuild_standings(authority: Authority, *, today: date) -> None:
    """Compute every light and count of the authority anew: after a large import, and for `integrity`."""
    _locked_lights(authority.goals.values_list("pk", flat=True))
    rows = computed_standings(authority, today=today)
    _write(
        [GoalStanding(goal_id=pk, light=light, below=below) for pk, (light, below) in rows.items()], "light", "below"
    )
    _say_changed([authority.pk], today)


def computed_standings(authority: Authority, *, today: date) -> dict[int, tuple[str, dict[str, int]]]:
    """What every goal's stored light and counts ought to be."""
    rows = authority.goals.values_list("pk", "parent", "state", "goes_up")
    goals = {pk: (parent, state, goes_up) for pk, parent, state, goes_up in rows}
    lights: dict[int, str] = {}
    ids = list(goals)
    for start in range(0, len(ids), CHUNK):
        lights |= goal_lights(ids[start : start + CHUNK], today=today)
    below: dict[int, Counter[str]] = {pk: Counter() for pk in ids}
    for level in reversed(_levels({pk: parent for pk, (parent, _, _) in goals.items()})):
        for pk in level:
            parent, state, goes_up = goals[pk]
            if parent in below and goes_up:
                below[parent].update(below[pk])
                if state == GoalState.ADOPTED:
                    below[parent][lights[pk]] += 1
    return {pk: (lights[pk], dict(below[pk])) for pk in ids}
