"""Storing what somebody answered, by whatever way it came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from citizens.kinds import CommentState, Method, QuestionKind
from citizens.models import (
    AnswerGroup,
    Comment,
    Invitation,
    Participant,
    ParticipantResponse,
    Questionnaire,
    Response,
    Survey,
)
from citizens.personal import cleaned, mask_cpr, name_marks
from citizens.questionnaire import Answer

CPR_MARK = "cpr"


class AlreadyUsed(Exception):
    """The link has been answered with; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Written:
    """A free text as it is stored."""

    text: str
    marks: list[str] = field(default_factory=list)

    @property
    def state(self) -> CommentState:
        """Held until somebody has looked when it may name a person."""
        return CommentState.HELD if self.marks else CommentState.READABLE


def written(text: str) -> Written:
    """The text cleaned and masked, and why it is held."""
    masked, numbers = mask_cpr(cleaned(text).strip())
    return Written(masked, [CPR_MARK] * bool(numbers) + name_marks(masked))


@transaction.atomic
def store_response(
    survey: Survey,
    questionnaire: Questionnaire,
    *,
    answers: Mapping[str, Answer],
    method: Method,
    group: AnswerGroup | None,
    language: str,
    day: date,
    is_pilot: bool = False,
    token_hash: str = "",
) -> Response:
    """Store checked answers (`questionnaire.checked`), free text apart from the rest, and use up the link.

    `token_hash` names the invitation, in a pseudonymous survey the participant; `AlreadyUsed` when it is answered.
    A pilot uses up no link. Prefetch `questionnaire.questions` where many are stored.
    """
    participant = _use(survey, token_hash) if token_hash and not is_pilot else None
    texts = {one.code for one in questionnaire.questions.all() if one.kind == QuestionKind.TEXT}
    response = Response.objects.create(
        survey=survey,
        questionnaire=questionnaire,
        group=group,
        method=method,
        language=language,
        day=day,
        answers={code: answer for code, answer in answers.items() if code not in texts},
        is_pilot=is_pilot,
    )
    if participant is not None:
        _join(participant, response)
    _store_comments(survey, {code: str(answers[code]) for code in answers if code in texts}, group, is_pilot)
    return response


def _use(survey: Survey, token_hash: str) -> Participant | None:
    """Use up the link: of many at once, exactly one passes."""
    if survey.is_anonymous:
        unused = Invitation.objects.filter(token_hash=token_hash, survey=survey, is_used=False)
        if not unused.update(is_used=True):
            raise AlreadyUsed
        return None
    participant = Participant.objects.select_for_update().filter(token_hash=token_hash, survey=survey).first()
    if participant is None or ParticipantResponse.objects.filter(participant=participant).exists():
        raise AlreadyUsed
    return participant


def _join(participant: Participant, response: Response) -> None:
    ParticipantResponse.objects.create(participant=participant, response=response)


def _store_comments(survey: Survey, texts: Mapping[str, str], group: AnswerGroup | None, is_pilot: bool) -> None:
    rows = [(code, written(text)) for code, text in texts.items()]
    Comment.objects.bulk_create(
        Comment(
            survey=survey,
            question_code=code,
            group=group,
            text=one.text,
            state=one.state,
            marks=one.marks,
            is_pilot=is_pilot,
        )
        for code, one in rows
        if one.text
    )
