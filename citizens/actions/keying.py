"""Keying in what somebody answered on paper or in an interview, and taking the last one back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from citizens.actions.answers import store_response, written
from citizens.kinds import Method, SurveyState
from citizens.models import AnswerGroup, Comment, Participant, Questionnaire, Response, Survey
from citizens.questionnaire import Answer

KEYED = (Method.PAPER, Method.INTERVIEW)


class NotPossible(Exception):
    """`key` is closed, stored (this form already is) or gone (nothing to take back)."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def key_in(
    survey: Survey,
    questionnaire: Questionnaire,
    *,
    answers: Mapping[str, Answer],
    method: Method,
    group: AnswerGroup | None,
    participant: Participant | None,
    key: UUID,
    day: date,
) -> Response:
    """Store one form under the key that its page was given; the same page sent again stores nothing.

    Nothing beside the answer says who keyed it. `AlreadyUsed` when the participant has answered.
    """
    if survey.state not in (SurveyState.OPEN, SurveyState.PILOT):
        raise NotPossible("closed")
    if Response.objects.filter(pk=key).exists():
        raise NotPossible("stored")
    try:
        return store_response(
            survey,
            questionnaire,
            answers=answers,
            method=method,
            group=group,
            language="da",
            day=day,
            is_pilot=survey.state == SurveyState.PILOT,
            token_hash=participant.token_hash if participant is not None else "",
            key=key,
        )
    except IntegrityError as error:
        # Sent twice in the same moment.
        raise NotPossible("stored") from error


@transaction.atomic
def take_back(survey: Survey, *, key: UUID, texts: Mapping[str, str]) -> None:
    """Delete the form that was keyed last, and what was written on it.

    Comments have no key to the form: of several with the same words it does not matter which goes.
    """
    deleted, _by_kind = Response.objects.filter(pk=key, survey=survey, method__in=KEYED, is_shuffled=False).delete()
    if not deleted:
        raise NotPossible("gone")
    for code, text in texts.items():
        same = Comment.objects.filter(survey=survey, question_code=code, text=written(text).text, is_shuffled=False)
        if found := same.order_by("pk").first():
            found.delete()
