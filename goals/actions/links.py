"""What ties a goal to others: contributions to further goals, and the series it is measured by."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from goals.actions.events import goals_changed
from goals.actions.goals import NotPossible, refuse_ring
from goals.actions.proposals import hold_series, settle_proposals
from goals.actions.versions import locked
from goals.guards import hold_the_chain
from goals.kinds import GoalState, Strength
from goals.models import Contribution, Goal, GoalSeries, Series
from organisation.actions.history import differences, record
from organisation.models import Unit, User


@transaction.atomic
def add_contribution(
    goal: Goal, to_goal: Goal, *, note: str = "", strength: str = Strength.MEDIUM, by: User, now: datetime
) -> Contribution:
    """Let the goal help a further one; one of another authority when that shares it with a unit of the goal's.

    Refused where it would go in a ring.
    """
    hold_the_chain()
    if not goal.is_open or not to_goal.is_open:
        raise NotPossible("closed")
    if to_goal.pk == goal.parent_id or Contribution.objects.filter(goal=goal, to_goal=to_goal).exists():
        raise NotPossible("already")
    if goal.pk == to_goal.pk:
        raise NotPossible("cycle")
    refuse_ring(goal, to_goal)
    if not Goal.objects.helpable_from(goal.authority_id).filter(pk=to_goal.pk).exists():
        raise NotPossible("not_invited")
    link = Contribution.objects.create(goal=goal, to_goal=to_goal, note=note, strength=strength)
    record(goal, "changed", authority=goal.authority, by=by, now=now, changes={"contributes_to": (None, to_goal)})
    return link


@transaction.atomic
def remove_contribution(link: Contribution, *, by: User, now: datetime) -> None:
    """The goal no longer helps the other; its history says that it did."""
    goal = link.goal
    record(goal, "changed", authority=goal.authority, by=by, now=now, changes={"contributes_to": (link.to_goal, None)})
    link.delete()


@transaction.atomic
def change_links(goal: Goal, contributions: Iterable[Contribution], *, version: int, by: User, now: datetime) -> Goal:
    """Store what is thought of the links upward: the goal's own to its parent, and the changed contributions.

    `version` is that of the goal the person began from; the goal has a new one whichever link changed.
    """
    stored = locked(goal, version)
    if not stored.is_open:
        raise NotPossible("closed")
    changes = differences(_told_of(stored), _told_of(goal))
    before = {link.pk: link for link in stored.contributions.select_related("to_goal")}
    for link in contributions:
        was = before.get(link.pk)
        if was is not None and (was.note, was.strength) != (link.note, link.strength):
            changes[str(was.to_goal)] = (_thought(was), _thought(link))
            link.save(update_fields=["note", "strength"])
    if changes:
        goal.version = stored.version + 1
        goal.save(update_fields=["assumption", "strength", "version"])
        record(goal, "changed", authority=goal.authority, by=by, now=now, changes=changes)
    return goal


def _told_of(goal: Goal) -> dict[str, object]:
    return {"assumption": goal.assumption, "strength": goal.strength}


def _thought(link: Contribution) -> str:
    return f"{link.note} ({link.get_strength_display()})"


@transaction.atomic
def choose_upward(unit: Unit, *, up: Iterable[int], staying: Iterable[int], by: User, now: datetime) -> list[Goal]:
    """Let these of the unit's open goals be followed by the levels above, and those not; the goals that changed."""
    wanted = dict.fromkeys(staying, False) | dict.fromkeys(up, True)
    goals = Goal.objects.filter(pk__in=wanted, owner_unit=unit).exclude(state=GoalState.CLOSED)
    changed = []
    for goal in goals.select_for_update(of=("self",)).order_by("pk"):
        if goal.goes_up != wanted[goal.pk]:
            goal.goes_up, goal.version = wanted[goal.pk], goal.version + 1
            goal.save(update_fields=["goes_up", "version"])
            changes = {"goes_up": (not goal.goes_up, goal.goes_up)}
            record(goal, "changed", authority=goal.authority, by=by, now=now, changes=changes)
            changed.append(goal)
    goals_changed({goal.pk for goal in changed}, now=now)
    return changed


@transaction.atomic
def attach_series(goal: Goal, series: Series, *, by: User, now: datetime) -> GoalSeries:
    """Measure the goal by one more series, last in order. Twice changes nothing."""
    if not goal.is_open:
        raise NotPossible("closed")
    if series.authority_id != goal.authority_id:
        raise NotPossible("other_authority")
    last = goal.goal_series.order_by("-rank").values_list("rank", flat=True).first() or 0
    link, is_new = GoalSeries.objects.get_or_create(goal=goal, series=series, defaults={"rank": last + 1})
    if is_new:
        record(goal, "changed", authority=goal.authority, by=by, now=now, changes={"series": (None, series)})
        goals_changed({goal.pk}, now=now)
    return link


@transaction.atomic
def change_goal_series(
    goal: Goal, *, kept: Iterable[GoalSeries], removed: Iterable[GoalSeries], by: User, now: datetime
) -> None:
    """Store order and weight of the goal's series, and take some off. The series themselves stay."""
    if not goal.is_open:
        raise NotPossible("closed")
    changes: dict[str, tuple[object, object]] = {}
    removed = list(removed)
    if goal.is_cross_cutting:
        hold_series([link.series_id for link in removed])
    stored = {link.pk: link for link in goal.goal_series.select_for_update(of=("self",)).select_related("series")}
    for link in kept:
        before = stored[link.pk]
        if (before.rank, before.is_prioritised) != (link.rank, link.is_prioritised):
            changes[str(before.series)] = (_words(before), _words(link))
            link.save(update_fields=["rank", "is_prioritised"])
    for link in removed:
        changes[str(link.series)] = (_words(stored[link.pk]), None)
        link.delete()
    if changes:
        record(goal, "changed", authority=goal.authority, by=by, now=now, changes=changes)
        goals_changed({goal.pk}, now=now)
    if goal.is_cross_cutting:
        settle_proposals([link.series_id for link in removed], by=by, now=now)


def _words(link: GoalSeries) -> str:
    return f"{link.rank}{' *' if link.is_prioritised else ''}"
