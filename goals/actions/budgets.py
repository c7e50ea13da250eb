"""The ceiling over a body's or unit's goals: set, kept when goals are adopted, and exceeded by decision only."""

from datetime import datetime

from django.db import transaction

from goals.actions.versions import Stale
from goals.budget import Meter, ceiling_of
from goals.models import BudgetException, Decision, Goal, GoalBudget
from organisation.actions.history import record
from organisation.models import Unit, UnitKind, User


class Full(Exception):
    """One goal more goes over the ceiling, and no decision raises it."""

    def __init__(self, meter: Meter) -> None:
        super().__init__(f"{meter.used} of {meter.most}")
        self.meter = meter


def meter_of(unit: Unit) -> Meter:
    """The unit's goals in force and its ceiling."""
    budget = GoalBudget.objects.filter(unit=unit).first()
    most = ceiling_of(
        budget.most if budget else None, is_set=budget is not None, is_council=unit.kind == UnitKind.COUNCIL
    )
    return Meter(Goal.objects.adopted().filter(owner_unit=unit).count(), most)


def take_place(goal: Goal, *, now: datetime, raised_by: Decision | None = None, ended: Goal | None = None) -> None:
    """Let the goal be one more in force at its unit, in the transaction that makes it so.

    `ended` goes out of force by the same act. `Full` when it takes a decision and there is none.
    """
    # Two goals adopted at once must not both take the last place. The key itself stays free for those who refer to it.
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=goal.owner_unit_id)
    meter = meter_of(unit)
    is_exchange = ended is not None and ended.owner_unit_id == unit.pk
    if not meter.needs_decision(added=1, ended=int(is_exchange)):
        return
    if raised_by is None:
        raise Full(meter)
    BudgetException.objects.update_or_create(
        goal=goal, defaults={"decision": raised_by, "number": meter.used + 1, "most": meter.most, "at": now}
    )


@transaction.atomic
def set_ceiling(unit: Unit, most: int | None, *, version: int, by: User, now: datetime) -> GoalBudget:
    """Set how many goals the unit may have; None is no ceiling. `version` is 0 where none was set before."""
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    budget = GoalBudget.objects.filter(unit=unit).first() or GoalBudget(unit=unit, version=0)
    if budget.version != version:
        raise Stale(budget)
    before, budget.most, budget.version = budget.most, most, version + 1
    budget.save()
    record(budget, "ceiling_set", authority=unit.authority, by=by, now=now, changes={"most": (before, most)})
    return budget
