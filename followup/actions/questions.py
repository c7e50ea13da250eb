"""A member's question on its way: asked, passed on, answered once."""

from datetime import datetime

from django.db import transaction

from followup.models import Question
from organisation.actions.history import record
from organisation.models import User


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
    return question


@transaction.atomic
def answer_question(question: Question, *, by: User, now: datetime) -> Question:
    """Store the answer in hand, and whether it closes the item. A question is answered once."""
    _unanswered(question)
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["answer", "answered_by", "answered_at", "is_closed", "closed_reason", "public_title"])
    record(question, "answered", authority=question.authority, by=by, now=now)
    return question


@transaction.atomic
def pass_on(question: Question, to: User, *, by: User, now: datetime) -> Question:
    """Let somebody else answer. The deadline stays."""
    stored = _unanswered(question)
    changes = {"assigned_to": (stored.assigned_to, to)}
    question.assigned_to = to
    question.save(update_fields=["assigned_to"])
    record(question, "passed_on", authority=question.authority, by=by, now=now, changes=changes)
    return question


def _unanswered(question: Question) -> Question:
    """The stored question, locked; refused when it has an answer."""
    stored = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if stored.is_answered:
        raise AlreadyAnswered(stored)
    return stored
