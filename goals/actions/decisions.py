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
    """The stored decision; one item on one agenda is stored once, however many goals it adopts.

    Without a text of its own it is the one recorded under the reference, whatever that says.
    """
    place = {"body": made.body, "date": made.date, "reference": made.reference}
    said = {"text": made.text} if made.text else {}
    known = Decision.objects.filter(**place, **said).order_by("pk").first()
    return known or Decision.objects.create(authority_id=made.body.authority_id, **place, text=made.text)
