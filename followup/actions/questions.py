"""A member's question on its way: asked, passed on, answered once. Of a closed one nobody gets a mail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.kinds import MailTopic
from followup.mail_parts import TEXT, question_path
from followup.mails import shortened
from followup.models import Question
from organisation.actions.history import record
from organisation.danish import long_date
from organisation.models import User
from organisation.permissions import Role


class AlreadyAnswered(Exception):
    """Somebody else answered meanwhile. `question` is how it stands now."""

    def __init__(self, question: Question) -> None:
        super().__init__(str(question.pk))
        self.question = question


@transaction.atomic
def ask_question(question: Question, *, by: User, now: datetime) -> Question:
    """Store a new question; the body gives its authority."""
    question.authority_id = question.body.authority_id
    question.asked_by, question.asked_at = by, now
    question.save()
    record(question, "asked", authority=question.authority, by=by, now=now)
    _tell_answerer(question, now)
    return question


@transaction.atomic
def answer_question(question: Question, *, by: User, now: datetime) -> Question:
    """Store the answer in hand, and whether it closes the item. A question is answered once."""
    _unanswered(question)
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["answer", "answered_by", "answered_at", "is_closed", "closed_reason", "public_title"])
    record(question, "answered", authority=question.authority, by=by, now=now)
    _tell_members(question, now)
    return question


@transaction.atomic
def pass_on(question: Question, to: User, *, by: User, now: datetime) -> Question:
    """Let somebody else answer. The deadline stays."""
    stored = _unanswered(question)
    changes = {"assigned_to": (stored.assigned_to, to)}
    question.assigned_to = to
    question.save(update_fields=["assigned_to"])
    record(question, "passed_on", authority=question.authority, by=by, now=now, changes=changes)
    _tell_answerer(question, now)
    return question


def _unanswered(question: Question) -> Question:
    """The stored question, locked; refused when it has an answer."""
    stored = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if stored.is_answered:
        raise AlreadyAnswered(stored)
    return stored


def _tell_answerer(question: Question, now: datetime) -> None:
    if question.is_closed:
        return
    notify(
        [question.assigned_to],
        authority=question.authority,
        key=f"question-asked:{question.pk}",
        subject=_("Spørgsmål fra %(body)s: svar senest %(date)s")
        % {"body": question.body, "date": long_date(question.due_date)},
        template="question_asked",
        context={
            "asker": question.asked_by,
            "about": _about(question),
            "text": shortened(question.text, TEXT),
            "deadline": question.due_date,
            "body": question.body,
        },
        path=question_path(question),
        now=now,
    )


def _tell_members(question: Question, now: datetime) -> None:
    if question.is_closed:
        return
    notify(
        _members(question, now),
        authority=question.authority,
        key=f"question-answered:{question.pk}",
        subject=_("Svar på spørgsmål om %s") % _about(question),
        template="question_answered",
        context={
            "about": _about(question),
            "text": shortened(question.text, TEXT),
            "answerer": question.answered_by,
            "answer": shortened(question.answer, TEXT),
        },
        path=question_path(question),
        now=now,
        topic=MailTopic.ANSWERS,
    )


def _members(question: Question, now: datetime) -> list[User]:
    roles = question.body.memberships.current(timezone.localdate(now)).filter(role=Role.POLITICIAN)
    return [role.user for role in roles.select_related("user")]


def _about(question: Question) -> str:
    if question.goal is not None:
        return question.goal.short_name
    return question.series.indicator.name if question.series is not None else question.body.name
