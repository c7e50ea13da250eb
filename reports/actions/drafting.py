"""The draft of a report makes itself when its round is ready, and those who write it are told."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.kinds import MailTopic, RoundState
from followup.models import Round
from organisation.leaders import people_who_may
from organisation.permissions import Permission
from reports.models import Report
from reports.subject import ordinary


def draft_ready(now: datetime) -> int:
    """A draft for every round that is ready for its meeting and has none; how many. Twice makes nothing more."""
    drafted = Report.objects.ordinary().values("round")
    ready = Round.objects.filter(state=RoundState.READY, meeting_date__gte=timezone.localdate(now))
    rounds = ready.exclude(pk__in=drafted).select_related("authority", "body")
    return sum(_draft(round_, now) for round_ in rounds.order_by("pk"))


@transaction.atomic
def _draft(round_: Round, now: datetime) -> int:
    subject = ordinary(round_)
    report, is_new = Report.objects.get_or_create(**subject.identity)
    if not is_new:
        return 0
    title = f"{subject.title}, {round_.body.name}"
    notify(
        people_who_may(Permission.EDIT_REPORTS, round_.body, timezone.localdate(now)),
        authority=round_.authority,
        key=f"drafted:{report.pk}",
        subject=_("Kladden til rapporten er klar: %s") % title,
        template="report_drafted",
        context={"title": title, "meeting": round_.meeting_date, "body": round_.body.name},
        path=reverse("reports:report_write", args=[subject.key]),
        now=now,
        topic=MailTopic.REPORTS,
    )
    return 1
