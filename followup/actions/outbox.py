"""Sending what waits in the outbox, mail by mail, and clearing it of what is old.

Each mail is claimed, handed over and marked as sent in a transaction of its own. Killed in between, it waits as
before; only one that the server had accepted in that moment goes out once more, with the same Message-ID.
"""

import smtplib
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from followup.kinds import MailState
from followup.models import Mail, Reminder

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)
MOST_TRIES = 20  # of an address that the server will not take for now
MOST_BROKEN = 3  # in a row, before the server counts as down
MOST_WORDS = 300
MAILS_KEPT = timedelta(days=90)
REMINDERS_KEPT = timedelta(days=2 * 365)


class Outcome(Enum):
    """How one attempt went."""

    SENT = "sent"
    REFUSED = "refused"  # this mail, by the server
    BROKEN = "broken"  # the connection
    NONE_LEFT = "none left"


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many failures: 10 minutes, doubled each time, at most 6 hours."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)


def send_waiting(now: datetime, limit: int = 10_000) -> int:
    """Send what is due over one connection; how many the server took. Without a mail server they are kept."""
    if not settings.EMAIL_HOST:
        Mail.objects.waiting().update(state=MailState.KEPT)
        return 0
    if not Mail.objects.due(now).exists():
        return 0
    sent = broken = 0
    connection = get_connection()
    try:
        connection.open()
        for _attempt in range(limit):
            outcome = _send_next(connection, now)
            if outcome == Outcome.NONE_LEFT:
                break
            sent += outcome == Outcome.SENT
            broken = broken + 1 if outcome == Outcome.BROKEN else 0
            if outcome == Outcome.BROKEN:
                # It may have been this one mail; after a few in a row it is the server.
                if broken == MOST_BROKEN:
                    raise smtplib.SMTPServerDisconnected(_("Forbindelsen blev afbrudt"))
                connection.close()
                connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _postpone_all(_words(error), now)
    finally:
        connection.close()
    return sent


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
    try:
        _message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(mail, code, words)
    except smtplib.SMTPDataError as error:
        return _refused(mail, error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # The address or the text cannot be sent at all.
        mail.state, mail.error = MailState.GIVEN_UP, _words(error)
        return Outcome.REFUSED
    except (OSError, smtplib.SMTPException) as error:
        mail.error = _words(error)
        return Outcome.BROKEN
    mail.state, mail.sent_at, mail.error = MailState.SENT, now, ""
    return Outcome.SENT


def _message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.address], headers=headers, connection=connection)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _refused(mail: Mail, code: int, words: bytes | str) -> Outcome:
    """What the server said to this one mail: 5xx is for good, 4xx for now."""
    mail.error = f"{code} {_text(words)}"[:MOST_WORDS]
    if code >= 500 or mail.tries >= MOST_TRIES:
        mail.state = MailState.GIVEN_UP
    return Outcome.REFUSED


def _postpone_all(words: str, now: datetime) -> None:
    """Let everything that is due wait, longer each time."""
    due = Mail.objects.due(now).order_by()
    for tries in sorted(set(due.values_list("tries", flat=True))):
        due.filter(tries=tries).update(tries=tries + 1, next_try_at=now + pause_after(tries + 1), error=words)


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"[:MOST_WORDS]
    return (str(error) or type(error).__name__)[:MOST_WORDS]


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def clear_outbox(now: datetime) -> int:
    """Delete mails 90 days after they were done with, and reminders after two years; how many mails."""
    old = now - MAILS_KEPT
    done = Mail.objects.filter(state__in=[MailState.SENT, MailState.KEPT, MailState.GIVEN_UP])
    removed = done.filter(created_at__lt=old).exclude(sent_at__gte=old).delete()[1].get("followup.Mail", 0)
    Reminder.objects.filter(day__lt=(now - REMINDERS_KEPT).date()).delete()
    return removed
