"""What leaders write about a goal in a round, and the deviations they let be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from followup.deviations import Account
from followup.models import ASSESSMENT_FIELDS, Acceptance, Assessment, Round
from goals.models import Goal
from organisation.actions.history import differences, record
from organisation.models import User

JUDGEMENT = ("own_light", "own_reason")


@dataclass(frozen=True, slots=True)
class SavedAssessment:
    """What is stored now, and the texts that were refused because somebody else had written meanwhile."""

    assessment: Assessment
    refused: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_assessment(
    round_: Round, goal: Goal, *, texts: Mapping[str, str], version: int, by: User, now: datetime
) -> SavedAssessment:
    """Store the texts by field name; the old ones stay in the history. Fields not named are left alone.

    `version` is that of the assessment begun from, 0 for none; another's writing since then is a conflict. A light of
    the leader's own comes with its reason.
    """
    asked = {name: texts[name] for name in ASSESSMENT_FIELDS if name in texts}
    if not any(asked.values()) and not Assessment.objects.filter(round=round_, goal=goal).exists():
        return SavedAssessment(Assessment(round=round_, goal=goal, written_at=now, version=0))
    assessment = _held(round_, goal, now=now)
    changes = differences({name: getattr(assessment, name) for name in asked}, asked)
    # One's own words from a moment ago are no conflict: a script and a button may save at once.
    if changes and assessment.version != version and assessment.written_by_id != by.pk:
        return SavedAssessment(assessment, refused=asked)
    if not changes:
        return SavedAssessment(assessment)
    for name in changes:
        setattr(assessment, name, asked[name])
    if any(name in changes for name in JUDGEMENT):
        assessment.judged_by = by if assessment.own_light else None
    assessment.written_by, assessment.written_at = by, now
    assessment.version += 1
    assessment.save()
    record(assessment, "changed", authority=round_.authority, by=by, now=now, changes=changes)
    return SavedAssessment(assessment)


def _held(round_: Round, goal: Goal, *, now: datetime) -> Assessment:
    """The goal's assessment in the round, locked; an empty one (version 0) when there is none yet."""
    made, _created = Assessment.objects.get_or_create(
        round=round_, goal=goal, defaults={"written_at": now, "version": 0}
    )
    return Assessment.objects.select_for_update(of=("self",)).get(pk=made.pk)


def keep_lights(round_: Round, accounts: Iterable[Account], *, now: datetime) -> None:
    """Keep the computed light of each goal beside what its leader wrote, as it is when the report is sent."""
    Assessment.objects.bulk_create(
        [
            Assessment(round=round_, goal=one.goal, computed_light=one.light.value, written_at=now, version=0)
            for one in accounts
        ],
        update_conflicts=True,
        unique_fields=["round", "goal"],
        update_fields=["computed_light"],
    )


@transaction.atomic
def accept_deviation(round_: Round, goal: Goal, *, reason: str, by: User, now: datetime) -> Acceptance | None:
    """Record why nobody does more about the goal's deviation in this round; without a reason, take it back."""
    stored = Acceptance.objects.select_for_update(of=("self",)).filter(round=round_, goal=goal).first()
    before = stored.reason if stored is not None else ""
    if before == reason:
        return stored
    if stored is not None and not reason:
        stored.delete()
        accepted = None
    else:
        accepted, _created = Acceptance.objects.update_or_create(
            round=round_, goal=goal, defaults={"authority": round_.authority, "reason": reason, "by": by, "at": now}
        )
    # In the goal's own history: an acceptance that is taken back has none of its own any more.
    verb = "accepted" if reason else "acceptance_withdrawn"
    record(goal, verb, authority=round_.authority, by=by, now=now, reason=reason or before)
    return accepted
