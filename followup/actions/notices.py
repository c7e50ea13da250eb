"""Mails about what has just happened, written in the transaction of the act itself."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.mail_parts import TEXT
from followup.mails import shortened
from followup.models import Submission
from organisation.leaders import leaders_of
from organisation.models import User


def tell_of_return(submission: Submission, *, by: User, now: datetime) -> int:
    """To the leaders of the unit and whoever sent it: that the report came back, and why."""
    leaders = leaders_of([submission.unit], timezone.localdate(now))[submission.unit_id]
    people = {one.pk: one for one in [*leaders, submission.submitted_by] if one is not None and one != by}
    return notify(
        people.values(),
        authority=submission.round.authority,
        key=f"returned:{submission.pk}:{now.timestamp():.0f}",
        subject=_("%s: indberetningen er sendt tilbage") % submission.unit.name,
        template="returned",
        context={
            "returned_by": by,
            "reason": shortened(submission.return_reason, TEXT),
            "deadline": max(submission.deadline, timezone.localdate(now)),
        },
        path=reverse("followup:entry_grid", args=[submission.round_id, submission.unit_id]),
        now=now,
    )
