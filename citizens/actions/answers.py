"""Storing what somebody answered, by whatever way it came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F, Window

from citizens.kinds import CommentState, Method, QuestionKind, SurveyState
from citizens.models import (
    AnswerGroup,
    AnswerSubscriber,
    Comment,
    Invitation,
    Participant,
    ParticipantResponse,
    Questionnaire,
    Response,
    Survey,
)
from citizens.personal import MASK, cleaned, mask_cpr, name_marks
from citizens.questionnaire import Answer

CPR_MARK = "cpr"


class AlreadyUsed(Exception):
    """The link has been answered with; nothing was stored."""


class NotOpen(Exception):
    """The survey takes no answers any more; nothing was stored."""


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
    masked, _count = mask_cpr(cleaned(text).strip())
    return Written(masked, [CPR_MARK] * (MASK in masked) + name_marks(masked.replace(MASK, "")))


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
    key: UUID | None = None,
) -> Response:
    """Store checked answers (`questionnaire.checked`), free text apart from the rest, and use up the link.

    `token_hash` names the invitation, in a pseudonymous survey the participant; `AlreadyUsed` when it is answered.
    `key`: the response's own, so that a form that is sent twice is stored once; random when it is not given.
    A pilot uses up no link. Prefetch `questionnaire.questions` where many are stored.
    """
    participant = _use(survey, token_hash) if token_hash and not is_pilot else None
    texts = {one.code for one in questionnaire.questions.all() if one.kind == QuestionKind.TEXT}
    response = Response.objects.create(
        id=key or uuid4(),
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


def receive_response(
    survey: Survey,
    questionnaire: Questionnaire,
    *,
    answers: Mapping[str, Answer],
    method: Method,
    group: AnswerGroup | None,
    language: str,
    day: date,
    token_hash: str = "",
) -> Response:
    """Store what somebody sent from the public form, unless the survey has closed since the page was read."""
    taking = Survey.objects.filter(pk=survey.pk, state__in=[SurveyState.OPEN, SurveyState.PILOT])
    state = taking.values_list("state", flat=True).first()
    if state is None:
        raise NotOpen
    return store_response(
        survey,
        questionnaire,
        answers=answers,
        method=method,
        group=group,
        language=language,
        day=day,
        is_pilot=state == SurveyState.PILOT,
        token_hash=token_hash,
    )


def subscribe(survey: Survey, *, address: str) -> None:
    """Remember who wants to hear when the answer is there; apart from every answer. Twice adds nothing."""
    AnswerSubscriber.objects.bulk_create([AnswerSubscriber(survey=survey, address=address)], ignore_conflicts=True)


def mark_repeated(survey: Survey) -> int:
    """Mark the answers over the open link that are the same as others on their day; how many were marked."""
    alike = Window(Count("pk"), partition_by=[F("day"), F("questionnaire"), F("answers")])
    over_link = survey.responses.filter(method=Method.LINK, is_pilot=False)
    repeated = over_link.annotate(alike=alike).filter(alike__gt=1, is_repeated=False)
    return survey.responses.filter(pk__in=list(repeated.values_list("pk", flat=True))).update(is_repeated=True)


def mark_repeated_now(now: datetime) -> int:
    """For `tick`: in every survey that is open."""
    surveys = Survey.objects.filter(state=SurveyState.OPEN, has_open_link=True)
    return sum(mark_repeated(survey) for survey in surveys)
