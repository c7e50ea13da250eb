"""The mails of the last weeks in a demo: written as they would have been, and kept, never sent."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from followup.actions.reminders import fill_outbox
from followup.kinds import MailState
from followup.models import Mail
from organisation.models import Authority

DAYS = 15


def keep_mails(authority: Authority, *, now: datetime) -> None:
    """Fill the outbox as tick would have done each morning. Nobody owns the addresses: they are never to be sent."""
    today = timezone.localdate(now)
    for back in range(DAYS, -1, -1):
        morning = timezone.make_aware(datetime.combine(today - timedelta(days=back), time(6)))
        fill_outbox(min(morning, now), authority)
    Mail.objects.filter(authority=authority, state=MailState.WAITING).update(state=MailState.KEPT)
