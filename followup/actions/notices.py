"""Mails about what has just happened, written in the transaction of the act itself."""

from collections import Counter
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.kinds import MailTopic
from followup.mail_parts import TEXT
from followup.mails import shortened
from followup.models import GoalStanding, Round, Submission
from goals.kinds import GoalState
from organisation.danish import long_date
from organisation.leaders import leaders_of
from organisation.models import User
from organisation.permissions import Role
from organisation.templatetags.components import distribution_words


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


def tell_of_report(round_: Round, now: datetime) -> int:
    """To the members of the body: that the report to their meeting is ready, and how its goals stand."""
    today = timezone.localdate(now)
    members = User.objects.filter(
        pk__in=round_.body.memberships.current(today).filter(role=Role.POLITICIAN).values("user")
    )
    goals = GoalStanding.objects.filter(goal__owner_unit=round_.body, goal__state=GoalState.ADOPTED)
    lights = Counter(goals.values_list("light", flat=True))
    return notify(
        members,
        authority=round_.authority,
        key=f"report:{round_.pk}",
        subject=_("Opfølgningsrapport til mødet %s") % long_date(round_.meeting_date),
        template="report_ready",
        context={
            "body": round_.body.name,
            "meeting_date": round_.meeting_date,
            "goal_count": sum(lights.values()),
            "lights": distribution_words(lights),
            "to_decide": round_.agenda_items.open_items().filter(is_for_decision=True, decision=None).count(),
        },
        path=reverse("followup:body_detail", args=[round_.body_id]),
        now=now,
        topic=MailTopic.REPORTS,
    )
