"""Writing strategies."""

from datetime import datetime

from django.db import transaction

from goals.actions.decisions import DecisionMade, decision_for
from goals.models import Strategy
from organisation.actions.history import differences, record
from organisation.models import User

FIELDS = ("name", "text", "owner_unit", "first_year", "last_year", "decision")


@transaction.atomic
def save_strategy(strategy: Strategy, *, decided: DecisionMade | None, by: User, now: datetime) -> Strategy:
    """Store a new or changed strategy; its owner gives its authority, `decided` the decision behind it."""
    before = Strategy.objects.select_for_update(of=("self",)).filter(pk=strategy.pk).first()
    strategy.authority_id = strategy.owner_unit.authority_id
    if decided is not None:
        strategy.decision = decision_for(decided)
    strategy.save()
    old = {field: getattr(before, field) for field in FIELDS} if before else {}
    changes = differences(old, {field: getattr(strategy, field) for field in FIELDS}) if before else {}
    if before is None or changes:
        verb = "changed" if before else "created"
        record(strategy, verb, authority=strategy.authority, by=by, now=now, changes=changes)
    return strategy
