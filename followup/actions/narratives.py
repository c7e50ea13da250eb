"""What leaders write about a goal in a round."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from followup.models import Assessment, Round
from goals.models import Goal
from organisation.actions.history import record
from organisation.models import User


@dataclass(frozen=True, slots=True)
class SavedNarrative:
    """What is stored now, and the text that was refused because somebody else had written meanwhile."""

    assessment: Assessment
    refused: str = ""


@transaction.atomic
def save_narrative(round_: Round, goal: Goal, *, text: str, version: int, by: User, now: datetime) -> SavedNarrative:
    """Store the text; the old one stays in the history. `version` is that of the text begun from, 0 for none."""
    assessment, _created = Assessment.objects.get_or_create(
        round=round_, goal=goal, defaults={"written_at": now, "version": 0}
    )
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.version != version:
        return SavedNarrative(assessment, refused=text)
    if assessment.what_happened == text:
        return SavedNarrative(assessment)
    before, assessment.what_happened = assessment.what_happened, text
    assessment.written_by, assessment.written_at = by, now
    assessment.version += 1
    assessment.save()
    record(assessment, "changed", authority=round_.authority, by=by, now=now, changes={"what_happened": (before, text)})
    return SavedNarrative(assessment)
