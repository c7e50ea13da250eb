"""A goal that two units of one authority and one of another own together."""

from decimal import Decimal
from types import SimpleNamespace

from goals.actions.owners import Commitment, commit_owner, invite_owner, make_cross_cutting
from goals.actions.targets import TargetAsked
from goals.models import Goal, GoalOwner, Series
from goals.periods import parse_period
from organisation.models import Unit, User
from tests import factories
from tests.factories import NOW


def commitment(at: Unit, leader: User, **fields) -> Commitment:
    """A written one, measured by a series of the unit's own that is made here unless given."""
    if "series" not in fields:
        fields["series"] = factories.series(factories.indicator(at.authority), at)
    written = {"contribution": f"{at} ringer hjem samme dag", "resource": "2 årsværk", "responsible": leader}
    return Commitment(**{**written, **fields})


def committed(goal: Goal, at: Unit, leader: User, by: User) -> GoalOwner:
    """A unit invited and committed."""
    owner = invite_owner(goal, at, by=by, now=NOW)
    return commit_owner(owner, commitment(at, leader), version=owner.version, by=by, now=NOW)


def shared_goal(owners: int = 3) -> SimpleNamespace:
    """The school's goal, owned with the region's school and the other school as far as `owners` goes.

    Its series has one target in force, 10 in 2027.
    """
    it = SimpleNamespace(
        town=factories.municipality(), region=factories.municipality(), outside=factories.municipality()
    )
    it.goal = factories.goal(it.town.school, title="Færre genindlæggelser", short_name="Genindlæggelser")
    it.series = factories.series(
        factories.indicator(it.town.authority, name="Genindlagte", direction="lower", frequency="year"),
        it.town.school, it.goal, baseline_period="2025", baseline_value=Decimal(14),
    )  # fmt: skip
    it.target = factories.target(it.series, "2027", 10)
    own = factories.series(factories.indicator(it.town.authority, name="Opkald"), it.town.school)
    it.own = make_cross_cutting(
        it.goal, commitment(it.town.school, it.town.manager, series=own), by=it.town.director, now=NOW
    )
    it.theirs = it.other = None
    if owners > 1:
        it.theirs = committed(it.goal, it.region.school, it.region.manager, it.region.director)
    if owners > 2:
        it.other = committed(it.goal, it.town.other_school, it.town.other_manager, it.town.director)
    it.owners = [one for one in (it.own, it.theirs, it.other) if one is not None]
    return it


def asked(value: int = 9, period: str = "2027") -> TargetAsked:
    return TargetAsked(parse_period(period), Decimal(value))


def in_force(series: Series) -> list[tuple[str, Decimal]]:
    """Period and value of the targets that count."""
    return list(series.targets.in_force().order_by("period_end").values_list("period", "value"))
