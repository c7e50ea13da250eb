"""Sending invitations and the one reminder, mail by mail.

A mail holds the link, so it is never stored: it is written, handed over and forgotten in one transaction, which also
empties the token. The outbox (ADR 0013) keeps its mails and is not used here. Killed in between, the address waits as
before; only a mail that the server had accepted in that moment goes out once more, with the same Message-ID.
"""

import smtplib
from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.utils import timezone

from citizens.kinds import SurveyState
from citizens.mails import SurveyLetter, invitation_letter, reminder_letter
from citizens.models import Invitation, InvitedAddress, Participant
from citizens.tokens import hash_of
from followup.actions.outbox import MOST_BROKEN, MOST_TRIES, Outcome, pause_after

MOST_WORDS = 200
LIMIT = 5000  # mails in one run; the next goes on


def send_invitations(now: datetime, limit: int = LIMIT) -> int:
    """Send what is due over one connection; how many the server took. Without a mail server they wait."""
    forget_unsent()
    today = timezone.localdate(now)
    if not settings.EMAIL_HOST or not InvitedAddress.objects.due(now, today).exists():
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
                if broken == MOST_BROKEN:
                    raise smtplib.SMTPServerDisconnected
                connection.close()
                connection.open()
    except (OSError, smtplib.SMTPException):
        _postpone_all(now)
    finally:
        connection.close()
    return sent


def forget_unsent() -> int:
    """Empty the tokens of surveys that nobody can answer any more; how many."""
    ended = InvitedAddress.objects.unsent().filter(survey__state__in=[SurveyState.CLOSED, SurveyState.FINISHED])
    return ended.update(token="")


@transaction.atomic
def _send_next(connection: BaseEmailBackend, now: datetime) -> Outcome:
    """Write to the next that nobody else is writing to. The key is random, so the order of sending says nothing."""
    today = timezone.localdate(now)
    due = InvitedAddress.objects.select_for_update(skip_locked=True, of=("self",)).due(now, today)
    one = due.select_related("survey__authority", "survey__responsible").order_by("pk").first()
    if one is None:
        return Outcome.NONE_LEFT
    is_invitation = bool(one.token)
    letter = invitation_letter(one.survey, one.token) if is_invitation else reminder_letter(one.survey, one.invited_on)
    outcome = _hand_over(one, letter, connection)
    if outcome == Outcome.SENT:
        _mark_sent(one, is_invitation, now)
    else:
        one.tries += 1
        one.next_try_at = now + pause_after(one.tries)
        if one.fault or one.tries >= MOST_TRIES:
            _give_up(one)
    one.save(update_fields=["token", "invited_on", "reminded_on", "tries", "next_try_at", "fault"])
    return outcome


def _mark_sent(one: InvitedAddress, is_invitation: bool, now: datetime) -> None:
    today = timezone.localdate(now)
    if is_invitation:
        one.token, one.invited_on = "", today
    else:
        one.reminded_on = today
    one.tries, one.next_try_at = 0, None


def _give_up(one: InvitedAddress) -> None:
    """The address cannot be written to. Its link never reached anybody, so nobody was invited by it."""
    one.fault = one.fault or "tries"
    if one.token:
        token_hash = hash_of(one.token)
        Invitation.objects.filter(token_hash=token_hash, is_used=False).delete()
        Participant.objects.filter(token_hash=token_hash, answered=None).delete()
        one.token = ""


def _hand_over(one: InvitedAddress, letter: SurveyLetter, connection: BaseEmailBackend) -> Outcome:
    """Give the mail to the server; `fault` is set when it never will take it."""
    try:
        _message(one, letter, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refused(one, code, words)
    except smtplib.SMTPDataError as error:
        return _refused(one, error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError):
        one.fault = "address"
        return Outcome.REFUSED
    except (OSError, smtplib.SMTPException):
        return Outcome.BROKEN
    return Outcome.SENT


def _message(one: InvitedAddress, letter: SurveyLetter, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    kind = "invitation" if one.token else "paamindelse"
    headers = {
        "Message-ID": f"<{kind}-{one.pk.hex}@{DNS_NAME.get_fqdn()}>",  # the same at every try
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(
        letter.subject, letter.text, to=[one.address], headers=headers, connection=connection
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def _refused(one: InvitedAddress, code: int, words: bytes | str) -> Outcome:
    """What the server said to this one mail: 5xx is for good, 4xx for now."""
    if code >= 500:
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        one.fault = f"{code} {said}"[:MOST_WORDS]
    return Outcome.REFUSED


def _postpone_all(now: datetime) -> None:
    """Let everything that is due wait, longer each time."""
    due = InvitedAddress.objects.due(now, timezone.localdate(now)).order_by()
    by_tries = defaultdict(list)
    for pk, tries in due.values_list("pk", "tries"):
        by_tries[tries].append(pk)
    for tries, keys in by_tries.items():
        waiting = InvitedAddress.objects.filter(pk__in=keys)
        waiting.update(tries=tries + 1, next_try_at=now + pause_after(tries + 1))
