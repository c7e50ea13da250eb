"""Finding or writing down the decision that goals and targets point to."""

from dataclasses import dataclass
from datetime import date

from goals.models import Decision
from organisation.models import Unit


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """What a body decided on a day, in plain values."""

    body: Unit
    date: date
    reference: str
    text: str = ""


def decision_for(made: DecisionMade) -> Decision:
    """The stored decision; one item on one agenda is stored once, however many goals it adopts."""
    fields = {"body": made.body, "date": made.date, "reference": made.reference, "text": made.text}
    known = Decision.objects.filter(**fields).first()
    return known or Decision.objects.create(authority_id=made.body.authority_id, **fields)
