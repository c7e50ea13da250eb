"""Goals that several authorities own together in a demo: owners, a target that waits, goals that pull apart, and
leaders' own goals. Through the same acts as people use."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from goals.actions.decisions import DecisionMade
from goals.actions.links import add_contribution
from goals.actions.owners import (
    Commitment,
    commit_owner,
    decline_owner,
    invite_owner,
    make_cross_cutting,
    withdraw_owner,
)
from goals.actions.proposals import answer_proposal, propose_target
from goals.actions.targets import TargetAsked, target_in_force
from goals.models import Goal, GoalOwner
from goals.periods import parse_period
from malstyring.demo import midtjylland_cluster as rows
from malstyring.demo.builder import Builder
from malstyring.demo.diverging import DivergingBuilder
from malstyring.demo.rows import OwnerRow
from organisation.models import User

# Days before today.
SHARED, INVITED, ANSWERED, LEFT, PROPOSED, AGREED = 210, 200, 180, 30, 9, 5


class ClusterBuilder:
    """Ties the authorities together; the first owns the goals that are shared."""

    def __init__(self, builders: list[Builder]) -> None:
        self.home = builders[0]
        self.all = {builder.authority.code: builder for builder in builders}
        self.owners: dict[tuple[str, str, str], GoalOwner] = {}  # goal, authority, unit

    def build(self) -> None:
        for row in rows.OWNERS:
            self._owner(row)
        for row in rows.OWNERS:
            if row.leaves == "withdrawn":
                owner = self.owners[row.goal, row.authority, row.unit]
                withdraw_owner(owner, reason=row.reason, version=owner.version, **self._by(row.responsible, LEFT))
        self._contribute()
        self._propose()
        for code, side in self.all.items():
            pulls = rows.PULLS if side is self.home else []
            DivergingBuilder(side, pulls, rows.PERSONAL.get(code, []), self.home.goals).build()

    def _owner(self, row: OwnerRow) -> None:
        """The goal's own unit is the first; the others are invited, and answer or not."""
        goal = Goal.objects.get(pk=self.home.goals[row.goal].pk)
        unit = self.all[row.authority].units[row.unit]
        if unit.pk == goal.owner_unit_id:
            owner = make_cross_cutting(goal, self._commitment(row), **self._by("", SHARED))
        else:
            owner = invite_owner(goal, unit, note=row.note, **self._by("", INVITED))
            if row.leaves == "declined":
                owner = decline_owner(
                    owner, reason=row.reason, version=owner.version, **self._by(row.responsible, ANSWERED)
                )
            elif row.contribution:
                owner = commit_owner(
                    owner, self._commitment(row), version=owner.version, **self._by(row.responsible, ANSWERED)
                )
        self.owners[row.goal, row.authority, row.unit] = owner

    def _commitment(self, row: OwnerRow) -> Commitment:
        side = self.all[row.authority]
        series = side.series[row.indicator, row.measured_at]
        return Commitment(
            contribution=row.contribution,
            resource=row.resource,
            series=series,
            responsible=side.people[row.responsible],
        )

    def _contribute(self) -> None:
        """What municipalities do for the region's goals."""
        for authority, code, to_goal, note in rows.CONTRIBUTIONS:
            side = self.all[authority]
            add_contribution(
                side.goals[code], self.home.goals[to_goal], note=note, by=side.consultant, now=self._at(ANSWERED)
            )

    def _propose(self) -> None:
        """A target that all but one have agreed to."""
        row, home = rows.PROPOSAL, self.home
        series, period = home.series[row.indicator, row.unit], parse_period(row.period)
        body = home.units[row.body]
        owner = self.owners[row.goal, home.authority.code, row.body]
        current = target_in_force(series, period)
        proposal = propose_target(
            owner,
            series,
            TargetAsked(period, value=Decimal(row.value)),
            replaces=current.pk if current else None,
            reason=row.reason,
            decided=DecisionMade(body, self._day(PROPOSED + 2), "punkt 7", "Regionsrådet vil nå længere inden 2029."),
            **self._by("", PROPOSED),
        )
        for authority, unit in row.agreed:
            owner = self.owners[row.goal, authority, unit]
            proposal = answer_proposal(proposal, owner, agrees=True, by=owner.responsible, now=self._at(AGREED))

    # ---- who and when ------------------------------------------------------------------------------------------------

    def _by(self, username: str, days_ago: int) -> dict[str, object]:
        """The person, the goal consultant of the region without a name, at a moment so many days ago."""
        return {"by": self._person(username) if username else self.home.consultant, "now": self._at(days_ago)}

    def _person(self, username: str) -> User:
        return next(side.people[username] for side in self.all.values() if username in side.people)

    def _day(self, days_ago: int) -> date:
        return self.home.today - timedelta(days=days_ago)

    def _at(self, days_ago: int) -> datetime:
        return timezone.make_aware(datetime.combine(self._day(days_ago), time(10, 20)))
