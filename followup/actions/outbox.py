"""Sending what waits in the outbox, mail by mail, and clearing it of what is old.

Each mail is claimed, handed over and marked as sent in a transaction of its own. Killed in between, it waits as
before; only one that the server had accepted in that moment goes out once more, with the same Message-ID.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from followup.actions.handing_over import MOST_TRIES, Outcome, hand_over, pause_after, send_over_one_connection
from followup.kinds import MailState
from followup.models import Mail, Reminder

MOST_WORDS = 300
MAILS_KEPT = timedelta(days=90)
REMINDERS_KEPT = timedelta(days=2 * 365)


def send_waiting(now: datetime, limit: int = 10_000) -> int:
    """Send what is due over one connection; how many the server took. Without a mail server they are kept."""
    if not settings.EMAIL_HOST:
        Mail.objects.waiting().update(state=MailState.KEPT)
        return 0
    if not Mail.objects.due(now).exists():
        return 0
    return send_over_one_connection(
        lambda connection: _send_next(connection, now), lambda words: _postpone_all(words[:MOST_WORDS], now), limit
    )


@transaction.atomic
def _send_next(connection: BaseEmailBackend, now: datetime) -> Outcome:
    """Send the oldest that nobody else is sending, and keep how it went."""
    mail = Mail.objects.select_for_update(skip_locked=True, of=("self",)).due(now).first()
    if mail is None:
        return Outcome.NONE_LEFT
    outcome = _hand_over(mail, connection, now)
    mail.save(update_fields=["state", "sent_at", "error", "tries", "next_try_at"])
    return outcome


def _hand_over(mail: Mail, connection: BaseEmailBackend, now: datetime) -> Outcome:
    """Give the mail to the server and note what it answered."""
    mail.tries += 1
    mail.next_try_at = now + pause_after(mail.tries)
    attempt = hand_over(_message(mail, connection))
    mail.error = attempt.words[:MOST_WORDS]
    if attempt.outcome == Outcome.SENT:
        mail.state, mail.sent_at = MailState.SENT, now
    elif attempt.is_final or (attempt.outcome == Outcome.REFUSED and mail.tries >= MOST_TRIES):
        mail.state = MailState.GIVEN_UP
    return attempt.outcome


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.address], headers=headers, connection=connection)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _postpone_all(words: str, now: datetime) -> None:
    """Let everything that is due wait, longer each time."""
    due = Mail.objects.due(now).order_by()
    for tries in sorted(set(due.values_list("tries", flat=True))):
        due.filter(tries=tries).update(tries=tries + 1, next_try_at=now + pause_after(tries + 1), error=words)


def clear_outbox(now: datetime) -> int:
    """Delete mails 90 days after they were done with, and reminders after two years; how many mails."""
    old = now - MAILS_KEPT
    done = Mail.objects.filter(state__in=[MailState.SENT, MailState.KEPT, MailState.GIVEN_UP])
    removed = done.filter(created_at__lt=old).exclude(sent_at__gte=old).delete()[1].get("followup.Mail", 0)
    Reminder.objects.filter(day__lt=(now - REMINDERS_KEPT).date()).delete()
    return removed
