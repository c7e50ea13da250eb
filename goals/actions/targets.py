"""Setting and revising targets. A target is never changed: the new one supersedes it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from goals.actions.decisions import DecisionMade, decision_for
from goals.actions.events import goals_changed, goals_of_series
from goals.kinds import ProposalState
from goals.models import Decision, Goal, GoalSeries, Series, Target, TargetProposal
from goals.periods import Period, parse_period
from organisation.actions.history import record
from organisation.models import Authority, User


@dataclass(frozen=True, slots=True)
class TargetAsked:
    """The target somebody wants: a value, or a range for what must stay within."""

    period: Period
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def equals(self, target: Target) -> bool:
        """Whether the stored target says the same."""
        return (self.value, self.low, self.high) == (target.value, target.low, target.high)


class AlreadySet(Exception):
    """The period has another target in force than the person knew of. `target` is that one."""

    def __init__(self, target: Target) -> None:
        super().__init__(str(target))
        self.target = target


class Unchanged(AlreadySet):
    """The target in force says the same already."""


class NeedsDecision(Exception):
    """The target in force belongs to an adopted goal: only a decision changes it."""


class NeedsOwners(Exception):
    """The series measures a cross-cutting goal with several committed owners: only all of them together change it."""


@transaction.atomic
def set_target(
    series: Series,
    asked: TargetAsked,
    *,
    replaces: int | None,
    reason: str = "",
    decided: DecisionMade | Decision | None = None,
    agreed: bool = False,
    by: User,
    now: datetime,
) -> Target:
    """Store the target. `replaces` is the id of the target in force that the person saw, None for none.

    A first target of a period needs no decision; changing one of an adopted goal does. `agreed`: all owners of the
    cross-cutting goals it measures have said so (`goals.actions.proposals`); else `NeedsOwners` where that is asked.
    """
    # The series row is the lock: two persons may set the first target at once.
    Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    current = target_in_force(series, asked.period)
    if current is not None and asked.equals(current):
        raise Unchanged(current)
    if not agreed and takes_owners(series):
        raise NeedsOwners
    if current is not None and current.pk != replaces:
        raise AlreadySet(current)
    if current is not None and decided is None and takes_decision(series):
        raise NeedsDecision
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    target = Target.objects.create(
        series=series,
        period=asked.period.code,
        period_end=asked.period.last,
        value=asked.value,
        low=asked.low,
        high=asked.high,
        decision=decision_for(decided) if isinstance(decided, DecisionMade) else decided,
        reason=reason,
        set_at=now,
        set_by=by,
    )
    _drop_overtaken(series, asked.period, now)
    changes = {f"target {asked.period.code}": (words(current) if current else None, words(target))}
    record(series, "target_set", authority=series.authority, by=by, now=now, changes=changes, reason=reason)
    goals_changed(goals_of_series([series.pk]), now=now)
    return target


def target_in_force(series: Series, period: Period) -> Target | None:
    """The target that counts at the end of the period: 2028 and 2028K4 are the same."""
    return Target.objects.in_force().filter(series=series, period_end=period.last).first()


def takes_decision(series: Series) -> bool:
    """Whether a target of the series is changed by decision only: some goal in force is measured by it."""
    return Series.objects.of_adopted_goals().filter(pk=series.pk).exists()


def takes_owners(series: Series) -> bool:
    """Whether a target of the series is changed by all owners only: some cross-cutting goal has several committed."""
    return GoalSeries.objects.filter(series=series, goal__in=Goal.objects.owned_by_several().values("pk")).exists()


def series_of_several(authority: Authority) -> set[int]:
    """Ids of the authority's series whose targets only several owners together change."""
    links = GoalSeries.objects.filter(goal__in=Goal.objects.owned_by_several().filter(authority=authority).values("pk"))
    return set(links.values_list("series", flat=True))


def _drop_overtaken(series: Series, period: Period, now: datetime) -> None:
    """Proposals about a target that has just become another are no longer about anything."""
    for proposal in TargetProposal.objects.open().filter(series=series):
        if parse_period(proposal.period).last == period.last:
            proposal.state, proposal.ended_at = ProposalState.DROPPED, now
            proposal.version += 1
            proposal.save(update_fields=["state", "ended_at", "version"])
            record(proposal, "proposal_dropped", authority=series.authority, by=None, now=now)


def words(target: Target | TargetProposal | TargetAsked) -> str:
    """The bare number, or both ends of the range."""
    if target.value is not None:
        return _plain(target.value)
    return f"{_plain(target.low)}–{_plain(target.high)}"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f").replace(".", ",")
