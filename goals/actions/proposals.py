"""A new target of a cross-cutting goal: proposed by one owner, in force when all who are committed have agreed.

Whoever acts on the owners or proposals of a goal holds the goals that share its series, then the series: one at a
time decides whether all have agreed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from goals.actions.decisions import DecisionMade, decision_for
from goals.actions.events import OwnersNews, tell_owners
from goals.actions.targets import (
    AlreadySet,
    NeedsDecision,
    TargetAsked,
    Unchanged,
    set_target,
    takes_decision,
    takes_owners,
    target_in_force,
    words,
)
from goals.kinds import OwnerState, ProposalState
from goals.models import Goal, GoalOwner, GoalSeries, ProposalAnswer, Series, TargetProposal
from goals.owning import Act, outcome, refusal
from goals.periods import parse_period
from organisation.actions.history import record
from organisation.models import User


class OwnersRefused(Exception):
    """What the state of a cross-cutting goal or of one of its owners refuses.

    `key` is one of `goals.owning.refusal`, or not_shared, not_measured, alone, answered, ended, no_reason, other_unit,
    other_series, other_person, other_authority, has_owners.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class AlreadyProposed(Exception):
    """Another owner was first with a proposal for the series. `proposal` is that one."""

    def __init__(self, proposal: TargetProposal) -> None:
        super().__init__(str(proposal))
        self.proposal = proposal


@transaction.atomic
def propose_target(
    owner: GoalOwner,
    series: Series,
    asked: TargetAsked,
    *,
    replaces: int | None,
    reason: str,
    decided: DecisionMade | None = None,
    by: User,
    now: datetime,
) -> TargetProposal:
    """Propose a target to all owners on behalf of one, who agrees by proposing. One at a time of a series.

    `replaces` is the id of the target in force that the person saw, None for none. Refused as `set_target` is, with
    `AlreadyProposed` when another was first, and as `OwnersRefused("alone")` where no other owner needs to be asked.
    """
    hold_series([series.pk])
    owner = _standing(owner, Act.PROPOSE)
    if not GoalSeries.objects.filter(goal=owner.goal_id, series=series).exists():
        raise OwnersRefused("not_measured")
    if (first := TargetProposal.objects.open().filter(series=series).select_related("proposed_by").first()) is not None:
        raise AlreadyProposed(first)
    if not takes_owners(series):
        raise OwnersRefused("alone")
    current = target_in_force(series, asked.period)
    if current is not None and asked.equals(current):
        raise Unchanged(current)
    if current is not None and current.pk != replaces:
        raise AlreadySet(current)
    if current is not None and decided is None and takes_decision(series):
        raise NeedsDecision
    if not reason.strip():
        raise OwnersRefused("no_reason")
    proposal = TargetProposal.objects.create(
        goal=owner.goal, series=series, period=asked.period.code, value=asked.value, low=asked.low, high=asked.high,
        replaces=current, reason=reason, decision=decision_for(decided) if decided else None,
        proposed_by=by, proposed_for=owner, proposed_at=now,
    )  # fmt: skip
    changes = {"value": (words(current) if current else None, words(asked))}
    _record(proposal, "target_proposed", by=by, now=now, changes=changes, reason=reason)
    _store_answer(proposal, owner, agrees=True, reason="", by=by, now=now)
    _tell(proposal, "target_proposed", by=by, now=now)
    return _settle(proposal, by=by, now=now)


@transaction.atomic
def answer_proposal(
    proposal: TargetProposal, owner: GoalOwner, *, agrees: bool, reason: str = "", by: User, now: datetime
) -> TargetProposal:
    """Say what one owner says, once. The last to agree sets the target; one who does not ends the proposal."""
    hold_series([proposal.series_id])
    stored = TargetProposal.objects.select_related("goal", "series").get(pk=proposal.pk)
    if stored.state != ProposalState.OPEN:
        raise OwnersRefused("ended")
    owner = _standing(owner, Act.ANSWER)
    bound = GoalOwner.objects.binding_targets_of([stored.series_id])
    if not bound.filter(pk=owner.pk).exists():
        raise OwnersRefused("not_measured")
    if stored.answers.filter(owner__in=bound, owner__unit=owner.unit_id).exists():
        raise OwnersRefused("answered")
    if not agrees and not reason.strip():
        raise OwnersRefused("no_reason")
    _store_answer(stored, owner, agrees=agrees, reason=reason, by=by, now=now)
    return _settle(stored, by=by, now=now)


@transaction.atomic
def drop_proposal(proposal: TargetProposal, *, by: User, now: datetime) -> TargetProposal:
    """The owner who proposed it takes it back; the target stays as it is."""
    hold_series([proposal.series_id])
    stored = TargetProposal.objects.select_related("goal", "series", "proposed_for").get(pk=proposal.pk)
    if stored.state != ProposalState.OPEN:
        raise OwnersRefused("ended")
    return _end(stored, ProposalState.DROPPED, by=by, now=now)


def owners_waited_for(proposals: Sequence[TargetProposal]) -> dict[int, list[GoalOwner]]:
    """The committed owners that each open proposal still waits for, with unit and authority, by the proposal's key."""
    bound = bound_to(proposals)
    answers = ProposalAnswer.objects.filter(proposal__in=[one.pk for one in proposals]).select_related("owner")
    said: dict[int, set[int]] = defaultdict(set)
    for answer in answers:
        if answer.owner in bound[answer.proposal_id]:
            said[answer.proposal_id].add(answer.owner.unit_id)
    return {pk: [owner for owner in owners if owner.unit_id not in said[pk]] for pk, owners in bound.items()}


def bound_to(proposals: Sequence[TargetProposal]) -> dict[int, list[GoalOwner]]:
    """The owners who are to agree to each proposal now, in the order they came, by the proposal's key."""
    series = {one.series_id for one in proposals}
    owners = GoalOwner.objects.binding_targets_of(series).select_related("unit__authority", "goal").order_by("pk")
    measured = defaultdict(set)
    for one, goal in GoalSeries.objects.filter(series__in=series).values_list("series", "goal"):
        measured[one].add(goal)
    found = list(owners)
    return {one.pk: [owner for owner in found if owner.goal_id in measured[one.series_id]] for one in proposals}


# ---- when owners come and go ----------------------------------------------------------------------------------------


def hold_series(series_ids: Collection[int]) -> None:
    """Hold the cross-cutting goals that the series measure, then the series, in the order of their keys."""
    goals = Goal.objects.filter(is_cross_cutting=True, goal_series__series__in=series_ids).order_by().values("pk")
    hold_goals(list(goals.values_list("pk", flat=True)))
    series = Series.objects.filter(pk__in=series_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(series.values_list("pk", flat=True))


def hold_goals(goal_ids: Collection[int]) -> None:
    """Only one at a time acts on the owners of these goals. The keys stay free for those who refer to them."""
    goals = Goal.objects.filter(pk__in=goal_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(goals.values_list("pk", flat=True))


def hold_around(goal_ids: Collection[int]) -> list[int]:
    """Hold the goals and those that share a series with them; the ids of the series."""
    series = sorted(set(GoalSeries.objects.filter(goal__in=goal_ids).values_list("series", flat=True)))
    sharing = Goal.objects.filter(is_cross_cutting=True, goal_series__series__in=series).order_by()
    hold_goals({*goal_ids, *sharing.values_list("pk", flat=True)})
    return series


def settle_proposals(series_ids: Collection[int], *, by: User | None, now: datetime) -> None:
    """Owners have gone, or no longer count: what waits for the rest of them may be agreed now. Call it holding them."""
    for proposal in TargetProposal.objects.open().filter(series__in=series_ids).select_related("goal", "series"):
        _settle(proposal, by=by, now=now)


def _settle(proposal: TargetProposal, *, by: User | None, now: datetime) -> TargetProposal:
    """End the proposal if the answers of those committed now decide it."""
    current = target_in_force(proposal.series, parse_period(proposal.period))
    if (current.pk if current is not None else None) != proposal.replaces_id:
        return _end(proposal, ProposalState.DROPPED, by=by, now=now)
    bound = dict(GoalOwner.objects.binding_targets_of([proposal.series_id]).values_list("pk", "unit"))
    rows = proposal.answers.filter(owner__in=bound).values_list("owner", "agrees")
    state = outcome(set(bound.values()), {bound[owner]: agrees for owner, agrees in rows})
    if state is ProposalState.OPEN:
        return proposal
    if state is ProposalState.AGREED and not _has_set(proposal, now=now):
        state = ProposalState.DROPPED
    return _end(proposal, state, by=by, now=now)


def _has_set(proposal: TargetProposal, *, now: datetime) -> bool:
    """Set the target in the words of whoever proposed it; not when it needs a decision that nobody referred to."""
    proposal.state = ProposalState.AGREED  # so that it is not dropped as one that this target overtakes
    proposal.ended_at = now
    proposal.save(update_fields=["state", "ended_at"])
    asked = TargetAsked(parse_period(proposal.period), proposal.value, proposal.low, proposal.high)
    try:
        set_target(
            proposal.series, asked, replaces=proposal.replaces_id, reason=proposal.reason, decided=proposal.decision,
            agreed=True, by=proposal.proposed_by, now=now,
        )  # fmt: skip
    except (AlreadySet, NeedsDecision):
        return False
    return True


def _end(proposal: TargetProposal, state: ProposalState, *, by: User | None, now: datetime) -> TargetProposal:
    proposal.state, proposal.ended_at = state, now
    proposal.version += 1
    proposal.save(update_fields=["state", "ended_at", "version"])
    verb = f"proposal_{state.value}"
    _record(proposal, verb, by=by, now=now)
    _tell(proposal, verb, by=by, now=now)
    return proposal


def _standing(owner: GoalOwner, act: Act) -> GoalOwner:
    """The owner as stored, when it may do the act."""
    stored = GoalOwner.objects.select_related("goal", "unit__authority").get(pk=owner.pk)
    if key := refusal(act, OwnerState(stored.state), is_open=stored.goal.is_open):
        raise OwnersRefused(key)
    return stored


def _store_answer(
    proposal: TargetProposal, owner: GoalOwner, *, agrees: bool, reason: str, by: User, now: datetime
) -> None:
    ProposalAnswer.objects.create(
        proposal=proposal, owner=owner, agrees=agrees, reason=reason, answered_by=by, answered_at=now
    )
    if owner.pk != proposal.proposed_for_id:  # who proposes agrees by it
        verb = "proposal_agreed_to" if agrees else "proposal_refused"
        record(owner, verb, authority=owner.unit.authority, by=by, now=now, reason=reason)


def _record(proposal: TargetProposal, verb: str, *, by: User | None, now: datetime, **said) -> None:
    record(proposal, verb, authority=proposal.goal.authority, by=by, now=now, **said)


def _tell(proposal: TargetProposal, verb: str, *, by: User | None, now: datetime) -> None:
    bound = GoalOwner.objects.binding_targets_of([proposal.series_id]).select_related("unit__authority", "goal")
    tell_owners(OwnersNews(verb, proposal.goal, tuple(bound), by, now, owner=proposal.proposed_for, proposal=proposal))
