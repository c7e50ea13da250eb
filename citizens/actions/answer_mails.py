"""Sending the answer to those who asked for it. Their addresses are apart from what they answered.

Each mail is handed over and its address deleted in one transaction: what the server has taken is kept nowhere, and
what it has not taken is tried again at the next run.
"""

import smtplib
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.comments import answer_count
from citizens.kinds import SurveyState
from citizens.loop import loop_of
from citizens.models import AnswerSubscriber, Survey
from followup.mails import site_url
from organisation.danish import NBSP
from organisation.models import Authority

TRIED_FOR = timedelta(days=30)  # after the answer is published
WAITED_FOR = timedelta(days=180)  # for an answer that never came, after the day it was promised
MOST_BROKEN = 3  # in a row, before the server counts as down


class Outcome(Enum):
    """How one attempt went."""

    DONE = "done"  # taken, or refused for good: either way the address is gone
    LATER = "later"  # refused for now
    BROKEN = "broken"  # the connection
    NONE_LEFT = "none left"


def send_answers(now: datetime) -> int:
    """Send the published answers to those who wait for them; how many addresses are done with. For `tick`."""
    clear_subscribers(now)
    waiting = Survey.objects.finished().filter(subscribers__isnull=False).distinct()
    if not settings.EMAIL_HOST or not waiting.exists():
        return 0
    connection = get_connection()
    try:
        connection.open()
        return sum(_send_all(survey, connection) for survey in waiting.select_related("authority").order_by("pk"))
    except (OSError, smtplib.SMTPException):
        return 0  # the server is down: the next run tries again
    finally:
        connection.close()


def _send_all(survey: Survey, connection: BaseEmailBackend) -> int:
    subject, text = letter_of(survey)
    done = broken = last = 0
    while broken < MOST_BROKEN:
        outcome, last = _send_next(survey, last, subject, text, connection)
        if outcome is Outcome.NONE_LEFT:
            break
        done += outcome is Outcome.DONE
        if outcome is Outcome.BROKEN:
            broken += 1
            connection.close()
            connection.open()
        else:
            broken = 0
    return done


@transaction.atomic
def _send_next(
    survey: Survey, after: int, subject: str, text: str, connection: BaseEmailBackend
) -> tuple[Outcome, int]:
    """Send to the next address that nobody else is sending to, and forget it; which it was."""
    rows = AnswerSubscriber.objects.select_for_update(skip_locked=True, of=("self",))
    one = rows.filter(survey=survey, pk__gt=after).order_by("pk").first()
    if one is None:
        return Outcome.NONE_LEFT, after
    outcome = _hand_over(one.address, subject, text, connection)
    at = one.pk
    if outcome is Outcome.DONE:
        one.delete()
    return outcome, at


def _hand_over(address: str, subject: str, text: str, connection: BaseEmailBackend) -> Outcome:
    headers = {"Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, to=[address], headers=headers, connection=connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return Outcome.DONE if code >= 500 else Outcome.LATER
    except smtplib.SMTPDataError as error:
        return Outcome.DONE if error.smtp_code >= 500 else Outcome.LATER
    except ValueError:
        return Outcome.DONE  # no such address can be sent to
    except (OSError, smtplib.SMTPException):
        return Outcome.BROKEN
    return Outcome.DONE


def letter_of(survey: Survey) -> tuple[str, str]:
    """Subject and text: what was heard and what is done, and where it is read. Nothing that a citizen wrote."""
    context = {
        "survey": survey,
        "pairs": loop_of(survey).pairs,
        "count": answer_count(survey),
        "url": public_address(survey) if survey.authority.is_portal_open else "",
    }
    text = render_to_string("citizens/mail/answer.txt", context).replace(NBSP, " ")
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    subject = _("Det hørte vi, og det gør vi: %s") % survey.title
    return " ".join(subject.split()), f"{lines}\n"


def public_address(survey: Survey) -> str:
    """Where everybody reads the answer, as a whole address."""
    authority = survey.authority
    if authority.host_name:
        return f"https://{authority.host_name}{reverse('citizens:public_survey', args=[survey.pk])}"
    is_alone = not Authority.objects.exclude(pk=authority.pk).exists()
    prefix = [] if is_alone else [authority.code]
    return site_url(reverse("citizens:public_survey", args=[*prefix, survey.pk]))


def clear_subscribers(now: datetime) -> int:
    """Forget addresses that no mail reached in a month, and those whose answer never came."""
    today = timezone.localdate(now)
    unreached = Q(survey__state=SurveyState.FINISHED, survey__finished_at__lt=now - TRIED_FOR)
    unanswered = ~Q(survey__state=SurveyState.FINISHED) & Q(survey__answer_by__lt=today - WAITED_FOR)
    return AnswerSubscriber.objects.filter(unreached | unanswered).delete()[0]
