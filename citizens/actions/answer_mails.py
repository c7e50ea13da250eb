"""Sending the answer to those who asked for it. Their addresses are apart from what they answered.

Each mail is handed over and its address deleted in one transaction: what the server has taken is kept nowhere, and
what it has not taken is tried again at the next run.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.comments import answer_count
from citizens.kinds import SurveyState
from citizens.loop import loop_of
from citizens.models import AnswerSubscriber, Survey
from citizens.public_addresses import heard_address, public_base
from followup.actions.handing_over import Outcome, hand_over, send_over_one_connection
from organisation.danish import NBSP

TRIED_FOR = timedelta(days=30)  # after the answer is published
WAITED_FOR = timedelta(days=180)  # for an answer that never came, after the day it was promised
LIMIT = 5000  # mails in one run; the next goes on


def send_answers(now: datetime) -> int:
    """Send the published answers to those who wait for them; how many addresses are done with. For `tick`."""
    clear_subscribers(now)
    if not settings.EMAIL_HOST or not _waiting().exists():
        return 0
    # What the server does not take, or not now, stands as it is until the next run.
    return send_over_one_connection(_Round().send_next, lambda _words: None, LIMIT)


def _waiting() -> QuerySet[AnswerSubscriber]:
    return AnswerSubscriber.objects.filter(survey__state=SurveyState.FINISHED)


class _Round:
    """One run through the addresses: each is tried once, and each survey's letter is written once."""

    def __init__(self) -> None:
        self.last = 0
        self.letters: dict[int, tuple[str, str]] = {}

    @transaction.atomic
    def send_next(self, connection: BaseEmailBackend) -> Outcome:
        """Send to the next address that nobody else is sending to, and forget it."""
        rows = _waiting().select_for_update(skip_locked=True, of=("self",)).select_related("survey__authority")
        one = rows.filter(pk__gt=self.last).order_by("pk").first()
        if one is None:
            return Outcome.NONE_LEFT
        self.last = one.pk
        if one.survey_id not in self.letters:
            self.letters[one.survey_id] = letter_of(one.survey)
        attempt = hand_over(_message(one.address, *self.letters[one.survey_id], connection))
        if attempt.outcome == Outcome.SENT or attempt.is_final:
            one.delete()
            return Outcome.SENT  # done with: the address is gone
        return attempt.outcome


def _message(address: str, subject: str, text: str, connection: BaseEmailBackend) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, to=[address], headers=headers, connection=connection)


def letter_of(survey: Survey) -> tuple[str, str]:
    """Subject and text: what was heard and what is done, and where it is read. Nothing that a citizen wrote."""
    context = {
        "survey": survey,
        "pairs": loop_of(survey).pairs,
        "count": answer_count(survey),
        "url": heard_address(public_base(survey.authority), survey) if survey.authority.is_portal_open else "",
    }
    text = render_to_string("citizens/mail/answer.txt", context).replace(NBSP, " ")
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    subject = _("Det hørte vi, og det gør vi: %s") % survey.title
    return " ".join(subject.split()), f"{lines}\n"


def clear_subscribers(now: datetime) -> int:
    """Forget addresses that no mail reached in a month, and those whose answer never came."""
    today = timezone.localdate(now)
    unreached = Q(survey__state=SurveyState.FINISHED, survey__finished_at__lt=now - TRIED_FOR)
    unanswered = ~Q(survey__state=SurveyState.FINISHED) & Q(survey__answer_by__lt=today - WAITED_FOR)
    return AnswerSubscriber.objects.filter(unreached | unanswered).delete()[0]
