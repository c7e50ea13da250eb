"""Handing mails to the server: many over one connection, and what the server says to each.

Whoever sends claims a mail, hands it over and notes how it went in one transaction; what is noted is its own affair.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)
MOST_TRIES = 20  # of an address that the server will not take for now
MOST_BROKEN = 3  # in a row, before the server counts as down


class Outcome(Enum):
    """How one attempt went."""

    SENT = "sent"
    REFUSED = "refused"  # this mail, by the server
    BROKEN = "broken"  # the connection
    NONE_LEFT = "none left"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of handing one mail over. `code` is the server's answer to this mail, None where it gave none."""

    outcome: Outcome
    words: str = ""
    code: int | None = None
    is_final: bool = False  # refused for good: trying again is of no use


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many failures: 10 minutes, doubled each time, at most 6 hours."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)


def hand_over(message: EmailMessage) -> Attempt:
    """Give the mail to the server."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(*next(iter(error.recipients.values())))
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        # The address or the text cannot be sent at all.
        return Attempt(Outcome.REFUSED, words_of(error), is_final=True)
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Outcome.BROKEN, words_of(error))
    return Attempt(Outcome.SENT)


def send_over_one_connection(
    send_next: Callable[[BaseEmailBackend], Outcome], postpone: Callable[[str], None], limit: int
) -> int:
    """Send until none is left; how many the server took. When it is down, what is due is postponed, told why."""
    sent = broken = 0
    connection = get_connection()
    try:
        connection.open()
        for _attempt in range(limit):
            outcome = send_next(connection)
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
        postpone(words_of(error))
    finally:
        connection.close()
    return sent


def words_of(error: BaseException) -> str:
    """The error as it is kept and shown."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _refused(code: int, words: bytes | str) -> Attempt:
    """What the server said to this one mail: 5xx is for good, 4xx for now."""
    return Attempt(Outcome.REFUSED, f"{code} {_text(words)}", code, is_final=code >= 500)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
