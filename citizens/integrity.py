"""Promises to those who answer, checked by `manage.py integrity`: one line per fault."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef

from citizens.kinds import Anonymity
from citizens.models import Comment, Invitation, InvitedAddress, Participant, ParticipantResponse, Response, Survey

# The day itself is the day on which it is deleted: on the day after nothing may be left.
WHO = (InvitedAddress, Invitation, Participant)
WHAT = (Response, Comment)


def promises(today: date) -> Iterator[str]:
    """Nothing is kept past its day, and no anonymous answer is linked to anybody."""
    for models, until in ((WHO, "addresses_until"), (WHAT, "answers_until")):
        for model in models:
            kept = Exists(model.objects.filter(survey=OuterRef("pk")))
            for survey in Survey.objects.filter(kept, **{f"{until}__lt": today}).order_by("pk"):
                day = getattr(survey, until)
                yield f"survey {survey.pk}: {model._meta.label} kept past {day:%d-%m-%Y}"
    anonymous = Survey.objects.filter(anonymity=Anonymity.ANONYMOUS).order_by("pk")
    linked = ParticipantResponse.objects.filter(participant__survey=OuterRef("pk"))
    for survey in anonymous.filter(Exists(linked)):
        yield f"survey {survey.pk} is anonymous, and answers of it are linked to participants"
    for survey in anonymous.filter(Exists(Participant.objects.filter(survey=OuterRef("pk")))):
        yield f"survey {survey.pk} is anonymous, and it has participants"
