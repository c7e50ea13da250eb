"""The owners of a cross-cutting goal: invited, committed in writing, gone again. Every act is told to all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goals.actions.budgets import take_place
from goals.actions.events import OwnersNews, goals_changed, tell_owners
from goals.actions.proposals import OwnersRefused, hold_around, hold_goals, settle_proposals
from goals.actions.versions import locked
from goals.kinds import OwnerState
from goals.models import Goal, GoalOwner, Series
from goals.models.goal import TAKING_PART
from goals.owning import Act, after, refusal
from organisation.actions.history import record
from organisation.models import Authority, Membership, Unit, User

WRITTEN = ("contribution", "resource", "series", "responsible")


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a unit binds itself to in writing: what it does, with what, by which of its own indicators, and who leads.

    `series` and `responsible` belong to the unit's own authority.
    """

    contribution: str
    resource: str
    series: Series
    responsible: User


@transaction.atomic
def make_cross_cutting(goal: Goal, commitment: Commitment, *, by: User, now: datetime) -> GoalOwner:
    """Let several units own the goal; its own is the first, committed in writing. Gives that owner."""
    hold_goals([goal.pk])
    stored = Goal.objects.get(pk=goal.pk)
    if not stored.is_open:
        raise OwnersRefused("closed")
    if stored.is_cross_cutting:
        raise OwnersRefused("already")
    _set_cross_cutting(stored, True, by=by, now=now)
    goal.is_cross_cutting, goal.version = True, stored.version
    owner = GoalOwner(goal=stored, unit=stored.owner_unit, invited_by=by, invited_at=now)
    return _commit(owner, commitment, by=by, now=now)


@transaction.atomic
def invite_owner(goal: Goal, unit: Unit, *, note: str = "", by: User, now: datetime) -> GoalOwner:
    """Ask a unit, of any authority, to own the goal too. One that has left may be asked again."""
    hold_goals([goal.pk])
    stored = Goal.objects.select_related("authority").get(pk=goal.pk)
    if not stored.is_open:
        raise OwnersRefused("closed")
    if not stored.is_cross_cutting:
        raise OwnersRefused("not_shared")
    if stored.owners.taking_part().filter(unit=unit).exists():
        raise OwnersRefused("already")
    if unit.valid_to is not None and unit.valid_to < timezone.localdate(now):
        raise OwnersRefused("other_unit")
    owner = GoalOwner.objects.create(goal=stored, unit=unit, note=note, invited_by=by, invited_at=now)
    _record(owner, "owner_invited", by=by, now=now, reason=note)
    _tell(owner, "owner_invited", by=by, now=now)
    return owner


@transaction.atomic
def commit_owner(owner: GoalOwner, commitment: Commitment, *, version: int, by: User, now: datetime) -> GoalOwner:
    """An invited unit binds itself in writing. `version` is that of the owner the person began from."""
    return _commit(_ready(owner, Act.COMMIT, version), commitment, by=by, now=now)


@transaction.atomic
def change_commitment(owner: GoalOwner, commitment: Commitment, *, version: int, by: User, now: datetime) -> GoalOwner:
    """Another wording, resource, indicator or leader of what the unit is bound to; what it was stays in the history."""
    stored = _ready(owner, Act.CHANGE, version)
    _check(stored, commitment, now)
    before = {name: getattr(stored, name) for name in WRITTEN}
    changes = {name: (before[name], getattr(commitment, name)) for name in WRITTEN}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        _write(stored, commitment)
        _save(stored, "owner_changed", by=by, now=now, changes=changes)
    return stored


@transaction.atomic
def decline_owner(owner: GoalOwner, *, reason: str, version: int, by: User, now: datetime) -> GoalOwner:
    """An invited unit says no."""
    return _leave(_ready(owner, Act.DECLINE, version), Act.DECLINE, reason, by=by, now=now)


@transaction.atomic
def recall_invitation(owner: GoalOwner, *, reason: str, version: int, by: User, now: datetime) -> GoalOwner:
    """Whoever answers for the goal takes an invitation back."""
    return _leave(_ready(owner, Act.RECALL, version), Act.RECALL, reason, by=by, now=now)


@transaction.atomic
def withdraw_owner(owner: GoalOwner, *, reason: str, version: int, by: User, now: datetime) -> GoalOwner:
    """A committed unit withdraws: recorded, and told to all owners. What it was bound to stays on record.

    The unit that the goal belongs to withdraws only when another has taken over (`OwnersRefused("home")`). Proposed
    targets wait for the rest from now on, and are set if they have all agreed.
    """
    series = hold_around([owner.goal_id])
    left = _leave(_ready(owner, Act.WITHDRAW, version), Act.WITHDRAW, reason, by=by, now=now)
    settle_proposals(series, by=by, now=now)
    return left


@transaction.atomic
def take_over(owner: GoalOwner, *, version: int, by: User, now: datetime) -> Goal:
    """Let the goal belong to another committed owner of the same authority, whose leader answers for it from now on.

    One more goal in force there may be one too many (`goals.actions.budgets.Full`).
    """
    stored = _ready(owner, Act.TAKE_OVER, version)
    goal = Goal.objects.select_related("owner_unit", "responsible").get(pk=stored.goal_id)
    if stored.unit.authority_id != goal.authority_id:
        raise OwnersRefused("other_authority")
    changes = {"owner_unit": (goal.owner_unit, stored.unit), "responsible": (goal.responsible, stored.responsible)}
    goal.owner_unit, goal.responsible = stored.unit, stored.responsible
    if goal.is_adopted:
        take_place(goal, now=now)
    goal.version += 1
    goal.save(update_fields=["owner_unit", "responsible", "version"])
    record(goal, "taken_over", authority=goal.authority, by=by, now=now, changes=changes)
    _tell(stored, "owner_took_over", by=by, now=now)
    goals_changed({goal.pk}, now=now)
    return goal


@transaction.atomic
def end_cross_cutting(goal: Goal, *, reason: str, by: User, now: datetime) -> Goal:
    """The goal is its own unit's alone again. Refused as long as others are committed or invited."""
    series = hold_around([goal.pk])
    stored = Goal.objects.get(pk=goal.pk)
    if not stored.is_cross_cutting:
        raise OwnersRefused("not_shared")
    if stored.owners.taking_part().exclude(unit=stored.owner_unit_id).exists():
        raise OwnersRefused("has_owners")
    for owner in stored.owners.taking_part().select_related("unit__authority", "goal"):
        _out(owner, OwnerState.WITHDRAWN, reason, by=by, now=now)
    _set_cross_cutting(stored, False, by=by, now=now)
    goal.is_cross_cutting, goal.version = False, stored.version
    settle_proposals(series, by=by, now=now)
    return stored


@transaction.atomic
def leave_authority(goal: Goal, authority: Authority, *, reason: str, by: User, now: datetime) -> list[GoalOwner]:
    """All of an authority's units leave the goal in one act: committed ones withdraw, invited ones decline.

    The authority that the goal belongs to cannot leave it (`OwnersRefused("home")`).
    """
    if goal.authority_id == authority.pk:
        raise OwnersRefused("home")
    series = hold_around([goal.pk])
    gone = _all_leave(goal.owners.filter(unit__authority=authority), reason, by=by, now=now)
    settle_proposals(series, by=by, now=now)
    return gone


@transaction.atomic
def leave_all(authority: Authority, *, reason: str, by: User, now: datetime) -> list[GoalOwner]:
    """The authority leaves the cooperation: its units leave others' goals, and others' units are let go from its own.

    Goals, figures, past periods and published reports stay what they are; its own goals stay its own.
    """
    theirs = GoalOwner.objects.taking_part().filter(unit__authority=authority).exclude(goal__authority=authority)
    own = GoalOwner.objects.taking_part().filter(goal__authority=authority).exclude(unit__authority=authority)
    goals = {*theirs.values_list("goal", flat=True), *own.values_list("goal", flat=True)}
    series = hold_around(goals)
    gone = [*_all_leave(theirs, reason, by=by, now=now), *_all_leave(own, reason, by=by, now=now)]
    settle_proposals(series, by=by, now=now)
    return gone


@transaction.atomic
def hand_over_commitments(unit: Unit, to: Unit, *, by: User, now: datetime) -> None:
    """A unit of the same authority takes the place of one that ends: its commitments and invitations are the new one's.

    Where the new unit takes part in a goal already, the old one's part ends there. Past periods stay.
    """
    if unit.authority_id != to.authority_id:
        raise OwnersRefused("other_authority")
    parts = GoalOwner.objects.taking_part().filter(unit=unit)
    series = hold_around(set(parts.values_list("goal", flat=True)))
    for owner in parts.select_related("unit__authority", "goal"):
        _move(owner, to, by=by, now=now)
    settle_proposals(series, by=by, now=now)


def goal_closed(goal: Goal, *, by: User | None, now: datetime) -> None:
    """A cross-cutting goal has just been ended: its owners are told, and proposed targets no longer wait for them."""
    settle_proposals(hold_around([goal.pk]), by=by, now=now)
    told = goal.owners.taking_part().select_related("unit__authority", "goal")
    tell_owners(OwnersNews("closed", goal, tuple(told), by, now))


def owners_follow(goal: Goal, before: int, *, by: User | None, now: datetime) -> None:
    """The goal has been moved from the unit with the id `before` to another: the commitment moves along."""
    owner = goal.owners.taking_part().filter(unit=before).select_related("unit__authority", "goal").first()
    if owner is not None and not goal.owners.taking_part().filter(unit=goal.owner_unit_id).exists():
        _move(owner, goal.owner_unit, by=by, now=now)


# ---- parts of the acts ----------------------------------------------------------------------------------------------


def _ready(owner: GoalOwner, act: Act, version: int) -> GoalOwner:
    """The owner as stored, held with its goal, when the act can be done; `Stale` when it has changed meanwhile."""
    hold_goals([owner.goal_id])
    state = GoalOwner.objects.select_related("goal").get(pk=owner.pk)
    is_home = state.unit_id == state.goal.owner_unit_id
    if key := refusal(act, OwnerState(state.state), is_open=state.goal.is_open, is_home=is_home):
        raise OwnersRefused(key)
    locked(owner, version)
    return GoalOwner.objects.select_related(
        "goal__authority", "goal__owner_unit", "unit__authority", "series__indicator", "series__unit", "responsible"
    ).get(pk=owner.pk)


def _commit(owner: GoalOwner, commitment: Commitment, *, by: User, now: datetime) -> GoalOwner:
    _check(owner, commitment, now)
    _write(owner, commitment)
    owner.state, owner.committed_by, owner.committed_at = after(Act.COMMIT), by, now
    changes = {name: (None, getattr(commitment, name)) for name in WRITTEN}
    return _save(owner, "owner_committed", by=by, now=now, changes=changes)


def _check(owner: GoalOwner, commitment: Commitment, now: datetime) -> None:
    if not commitment.contribution.strip() or not commitment.resource.strip():
        raise OwnersRefused("not_written")
    if commitment.series.authority_id != owner.unit.authority_id:
        raise OwnersRefused("other_series")
    held = Membership.objects.current(timezone.localdate(now)).filter(unit__authority=owner.unit.authority_id)
    if not held.filter(user=commitment.responsible).exists():
        raise OwnersRefused("other_person")


def _write(owner: GoalOwner, commitment: Commitment) -> None:
    for name in WRITTEN:
        setattr(owner, name, getattr(commitment, name))


def _leave(owner: GoalOwner, act: Act, reason: str, *, by: User, now: datetime) -> GoalOwner:
    if not reason.strip():
        raise OwnersRefused("no_reason")
    verb = {Act.DECLINE: "owner_declined", Act.RECALL: "owner_recalled"}.get(act, "owner_withdrew")
    return _out(owner, after(act), reason, verb=verb, by=by, now=now)


def _all_leave(owners: Iterable[GoalOwner], reason: str, *, by: User, now: datetime) -> list[GoalOwner]:
    """Committed ones withdraw, invited ones decline."""
    if not reason.strip():
        raise OwnersRefused("no_reason")
    gone = []
    for owner in owners.filter(state__in=TAKING_PART).select_related("unit__authority", "goal__authority"):
        act = Act.WITHDRAW if owner.state == OwnerState.COMMITTED else Act.DECLINE
        gone.append(_leave(owner, act, reason, by=by, now=now))
    return gone


def _out(
    owner: GoalOwner, state: OwnerState, reason: str, *, verb: str = "owner_withdrew", by: User | None, now: datetime
) -> GoalOwner:
    owner.state, owner.reason, owner.left_by, owner.left_at = state, reason, by, now
    # Its authority may not see the goal from now on: what it left is kept as it was called that day.
    return _save(owner, verb, by=by, now=now, reason=reason, changes={"goal": (None, owner.goal.title)})


def _move(owner: GoalOwner, to: Unit, *, by: User | None, now: datetime) -> None:
    if owner.goal.owners.taking_part().filter(unit=to).exists():
        _out(owner, OwnerState.WITHDRAWN, _("Er nu en del af %s") % to, by=by, now=now)
        return
    changes = {"unit": (owner.unit, to)}
    owner.unit = to
    _save(owner, "owner_changed", by=by, now=now, changes=changes)


def _save(owner: GoalOwner, verb: str, *, by: User | None, now: datetime, **said) -> GoalOwner:
    """Store the owner as a new version, write it in the history and tell all owners."""
    if owner.pk is not None:
        owner.version += 1
    owner.save()
    _record(owner, verb, by=by, now=now, **said)
    _tell(owner, verb, by=by, now=now)
    return owner


def _record(owner: GoalOwner, verb: str, *, by: User | None, now: datetime, **said) -> None:
    """In the history of the owner's authority; an owner of another authority is in that of the goal too."""
    record(owner, verb, authority=owner.unit.authority, by=by, now=now, **said)


def _tell(owner: GoalOwner, verb: str, *, by: User | None, now: datetime) -> None:
    told = owner.goal.owners.taking_part().select_related("unit__authority", "goal")
    others = tuple(one for one in told if one.pk != owner.pk)
    tell_owners(OwnersNews(verb, owner.goal, (owner, *others), by, now, owner=owner))


def _set_cross_cutting(goal: Goal, is_so: bool, *, by: User, now: datetime) -> None:
    goal.is_cross_cutting = is_so
    goal.version += 1
    goal.save(update_fields=["is_cross_cutting", "version"])
    verb = "shared" if is_so else "unshared"
    record(goal, verb, authority=goal.authority, by=by, now=now)
