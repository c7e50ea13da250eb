"""A goal's way through life: created, changed, moved, proposed, adopted, closed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from goals.actions.budgets import take_place
from goals.actions.decisions import DecisionMade, decision_for
from goals.actions.events import goals_changed
from goals.actions.owners import goal_closed, owners_follow
from goals.actions.versions import locked, store
from goals.guards import hold_the_chain
from goals.kinds import GoalState, Strength
from goals.models import Decision, Goal, GoalArea, GoalSeries, Promise, ServiceArea, Target
from goals.models.goal import SMART_FIELDS
from goals.smart import Lack, MeasuredBy, lacks_for_adoption
from organisation.actions.history import record
from organisation.models import User

FIELDS = (
    "title",
    "short_name",
    "description",
    "code",
    "owner_unit",
    "responsible",
    "strategy",
    "kind",
    "rank",
    *SMART_FIELDS,
)
LINK_FIELDS = ("parent", "assumption", "strength")


class NotPossible(Exception):
    """What the goal's state or place refuses.

    `key` is cycle, other_authority, not_invited, parent_closed, closed, already, not_draft, not_adopted, lacks, itself
    or below; of goals that pull different ways: diverges_itself, diverges_elsewhere, diverges_state or
    diverges_already.
    """

    def __init__(self, key: str, lacks: list[Lack] | None = None) -> None:
        super().__init__(key)
        self.key, self.lacks = key, lacks or []


@transaction.atomic
def create_goal(
    goal: Goal, *, areas: Iterable[ServiceArea] = (), promise: Promise | None = None, by: User, now: datetime
) -> Goal:
    """Store a new draft, about the service areas; its owner gives its authority.

    `promise`: what it is written to keep. The promise is told of once the goal is adopted.
    """
    goal.authority_id = goal.owner_unit.authority_id
    goal.state = GoalState.DRAFT
    if goal.parent is not None:
        hold_the_chain()
        _refuse_parent(goal, goal.parent)
    goal.save()
    GoalArea.objects.bulk_create(GoalArea(goal=goal, area=area) for area in areas)
    record(goal, "created", authority=goal.authority, by=by, now=now)
    if promise is not None:
        _keep_promise(goal, promise, by=by, now=now)
    goals_changed({goal.pk}, now=now)
    return goal


def _keep_promise(goal: Goal, promise: Promise, *, by: User, now: datetime) -> None:
    """Say on the goal what it comes from. The document's history is for all to read, and hears of no draft."""
    if promise.document.authority_id != goal.authority_id:
        raise NotPossible("other_authority")
    promise.goals.add(goal)
    record(goal, "changed", authority=goal.authority, by=by, now=now, changes={"promises": (None, promise)})


@transaction.atomic
def change_goal(goal: Goal, *, version: int, by: User, now: datetime) -> Goal:
    """Store the goal's changed fields. `version` is that of the goal the person began from.

    `Full` when a goal in force is moved to a unit that has as many as it may.
    """
    stored = locked(goal, version)
    _refuse_closed(stored)
    if stored.is_adopted and goal.owner_unit_id != stored.owner_unit_id:
        take_place(goal, now=now)
    if changes := store(goal, stored, FIELDS):
        record(goal, "changed", authority=goal.authority, by=by, now=now, changes=changes)
        if stored.is_cross_cutting and "owner_unit" in changes:
            owners_follow(goal, stored.owner_unit_id, by=by, now=now)
    return goal


@transaction.atomic
def move_goal(goal: Goal, parent: Goal | None, *, version: int, by: User, now: datetime) -> Goal:
    """Let the goal serve another goal of its authority, or none. Its own helpers come along.

    What is assumed of the link is stored with it; without a link nothing is.
    """
    hold_the_chain()
    stored = locked(goal, version)
    _refuse_closed(stored)
    if parent is not None:
        _refuse_parent(stored, parent)
    goal.parent = parent
    if parent is None:
        goal.assumption, goal.strength = "", Strength.MEDIUM
    if changes := store(goal, stored, LINK_FIELDS):
        record(goal, "moved", authority=goal.authority, by=by, now=now, changes=changes)
        goals_changed({goal.pk} | ({stored.parent_id} if stored.parent_id else set()), now=now)
    return goal


def _refuse_parent(goal: Goal, parent: Goal) -> None:
    if parent.authority_id != goal.authority_id:
        raise NotPossible("other_authority")
    if not parent.is_open:
        raise NotPossible("parent_closed")
    refuse_ring(goal, parent)


def refuse_ring(goal: Goal, above: Goal) -> None:
    """Refuse that the goal serves or helps one that in the end serves or helps it. The chain is held."""
    if goal.pk and Goal.objects.upward(above.pk).filter(pk=goal.pk).exists():
        raise NotPossible("cycle")


def _refuse_closed(goal: Goal) -> None:
    if not goal.is_open:
        raise NotPossible("closed")


@transaction.atomic
def propose_goal(goal: Goal, *, by: User, now: datetime) -> Goal:
    """Put a draft forward for adoption. It may still be incomplete."""
    stored = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if stored.state != GoalState.DRAFT:
        raise NotPossible("not_draft")
    return _into(stored, GoalState.PROPOSED, [], by=by, now=now)


@transaction.atomic
def adopt_goal(
    goal: Goal, made: DecisionMade, *, version: int, by: User, now: datetime, raised_by: Decision | None = None
) -> Goal:
    """Register that a body adopted the goal. Refused with what is missing (`NotPossible.lacks`).

    Above the unit's ceiling it takes the decision that raised it, else it is `Full`.
    """
    stored = locked(goal, version)
    if stored.state not in (GoalState.DRAFT, GoalState.PROPOSED):
        raise NotPossible("not_draft")
    if lacks := lacks_of(goal):
        raise NotPossible("lacks", lacks)
    take_place(goal, now=now, raised_by=raised_by)
    changes = store(goal, stored, [*SMART_FIELDS, "responsible"])
    if changes:
        record(goal, "changed", authority=goal.authority, by=by, now=now, changes=changes)
    goal.adopted_by = decision_for(made)
    return _into(goal, GoalState.ADOPTED, ["adopted_by"], by=by, now=now)


@transaction.atomic
def close_goal(goal: Goal, made: DecisionMade, *, reason: str, by: User, now: datetime) -> Goal:
    """Register that a body ended the goal. Values, targets and history stay."""
    stored = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if stored.state != GoalState.ADOPTED:
        raise NotPossible("not_adopted")
    stored.closed_by = decision_for(made)
    _into(stored, GoalState.CLOSED, ["closed_by"], by=by, now=now, reason=reason)
    if stored.is_cross_cutting:
        goal_closed(stored, by=by, now=now)
    return stored


@transaction.atomic
def replace_goal(
    goal: Goal, successor: Goal, made: DecisionMade, *, reason: str, by: User, now: datetime
) -> tuple[Goal, Goal]:
    """Register that a body put another goal in the place of an adopted one: one decision ends it and adopts the other.

    The successor may be in force already. One of another unit may be one too many there (`Full`). What served the old
    goal serves the new one from now on; the old one's values, targets and history stay.
    """
    hold_the_chain()  # as for any move
    pair = Goal.objects.select_for_update(of=("self",)).in_bulk([goal.pk, successor.pk])
    old, new = pair[goal.pk], pair[successor.pk]
    _refuse_successor(old, new)
    decision = decision_for(made)
    if not new.is_adopted:
        take_place(new, now=now, ended=old)
        new.adopted_by = decision
        _into(new, GoalState.ADOPTED, ["adopted_by"], by=by, now=now)
    moved = _move_to_successor(old, new, by=by, now=now)
    old.closed_by, old.replaced_by = decision, new
    _into(old, GoalState.CLOSED, ["closed_by", "replaced_by"], by=by, now=now, reason=reason)
    record(new, "replaces", authority=new.authority, by=by, now=now, reason=old.title)
    if old.is_cross_cutting:
        goal_closed(old, by=by, now=now)
    goals_changed({new.pk, *moved}, now=now)
    return old, new


def _refuse_successor(old: Goal, new: Goal) -> None:
    if old.pk == new.pk:
        raise NotPossible("itself")
    if old.state != GoalState.ADOPTED:
        raise NotPossible("not_adopted")
    if old.authority_id != new.authority_id:
        raise NotPossible("other_authority")
    _refuse_closed(new)
    if Goal.objects.below(old).filter(pk=new.pk).exists():
        raise NotPossible("below")
    if not new.is_adopted and (lacks := lacks_of(new)):
        raise NotPossible("lacks", lacks)


def _move_to_successor(old: Goal, new: Goal, *, by: User, now: datetime) -> set[int]:
    """Let what serves the old goal serve the new one; the ids. One that the new goal itself serves stays."""
    over = set(Goal.objects.upward(new.pk).values_list("pk", flat=True))
    serving = old.serving.exclude(state=GoalState.CLOSED).exclude(pk__in=over).select_for_update(of=("self",))
    moved = set()
    for goal in serving:
        goal.parent = new
        goal.version += 1
        goal.save(update_fields=["parent", "version"])
        record(goal, "moved", authority=goal.authority, by=by, now=now, changes={"parent": (old, new)})
        moved.add(goal.pk)
    return moved


def _into(goal: Goal, state: GoalState, fields: list[str], *, by: User, now: datetime, reason: str = "") -> Goal:
    stored_state = Goal.objects.values_list("state", flat=True).get(pk=goal.pk)
    goal.state = state
    goal.version += 1
    goal.save(update_fields=["state", "version", *fields])
    changes = {"state": (stored_state, state.value)} | {field: (None, getattr(goal, field)) for field in fields}
    record(goal, state.value, authority=goal.authority, by=by, now=now, changes=changes, reason=reason)
    goals_changed({goal.pk}, now=now)
    return goal


def lacks_of(goal: Goal) -> list[Lack]:
    """What the goal, as it is in hand, lacks before it can be adopted."""
    links = GoalSeries.objects.filter(goal=goal).select_related("series__indicator")
    series = [link.series for link in links]
    with_target = set(Target.objects.in_force().filter(series__in=series).values_list("series", flat=True))
    return lacks_for_adoption(
        {name: getattr(goal, name) for name in SMART_FIELDS},
        has_responsible=goal.responsible_id is not None,
        series=[
            MeasuredBy(
                has_unit_of_measure=bool(one.indicator.unit_of_measure.strip()),
                has_baseline=one.baseline_value is not None,
                has_target=one.pk in with_target,
            )
            for one in series
        ],
    )
