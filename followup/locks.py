"""Why a report's fields are locked, and whom to ask: keys and people for `_lock.html`, which has the sentences."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from followup.models import Submission
from followup.workflow import STEPS, Step, refusal
from organisation.danish import join_words
from organisation.leaders import people_who_may
from organisation.permissions import Permission

NAMED = 3


@dataclass(frozen=True, slots=True)
class Lock:
    """What locks a report, and who can open it; empty where the person can."""

    key: str
    ask: str = ""


# Which step opens what is locked by the state of the report or the round. A sent report opens by its unit's own step.
OPENED_BY = {
    "is_approved": Step.CORRECT,
    "round_ready": Step.GIVE_LATE_EXCEPTION,
    "round_closed": Step.GIVE_LATE_EXCEPTION,
}


def lock_of(submission: Submission, rights: Container[Permission], today: date) -> Lock | None:
    """Why nobody can enter values today; None while the report is open."""
    key = refusal(Step.ENTER, submission.as_report(), by=None, is_allowed=True, today=today)
    if key is None:
        return None
    opened_by = OPENED_BY.get(key)
    if opened_by is None or STEPS[opened_by].permission in rights:
        return Lock(key)
    people = people_who_may(STEPS[opened_by].permission, submission.unit, today)
    return Lock(key, join_words([str(person) for person in people[:NAMED]], _("eller")))
