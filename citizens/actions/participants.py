"""A participant's answers of a pseudonymous survey, corrected or deleted on request while the code still leads to them.

The history says that it was done and by whom, never whose answers they were or what they said.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from citizens.models import InvitedAddress, Participant, Response
from citizens.questionnaire import Answer
from organisation.actions.history import record
from organisation.models import User


@transaction.atomic
def correct_answers(participant: Participant, answers: Mapping[str, Answer], *, by: User, now: datetime) -> None:
    """Store checked answers in the place of the participant's; free text is kept apart and not touched."""
    response = Response.objects.select_for_update(of=("self",)).get(participant_link__participant=participant)
    response.answers = dict(answers)
    response.save(update_fields=["answers"])
    _record(participant, "participant_corrected", by, now)


@transaction.atomic
def delete_participant(participant: Participant, *, by: User, now: datetime) -> None:
    """Delete the answers, the code, and the address, so that nobody writes to it again."""
    Response.objects.filter(participant_link__participant=participant).delete()
    if participant.address:
        InvitedAddress.objects.filter(survey=participant.survey_id, address=participant.address).delete()
    _record(participant, "participant_deleted", by, now)
    participant.delete()


def _record(participant: Participant, verb: str, by: User, now: datetime) -> None:
    record(participant.survey, verb, authority=participant.survey.authority, by=by, now=now)
