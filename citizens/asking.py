"""What the citizen's form reads of a survey. Kept by the process for some seconds, since many answer at once."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from citizens.kinds import Method, SurveyState
from citizens.models import AnswerGroup, Invitation, Participant, PublishedAnswer, Questionnaire, Survey
from citizens.specs import current_questionnaire
from citizens.tokens import hash_of, looks_like_token
from organisation.public import public_authority

MOST_KEPT = 1000
_LONGEST_SLUG = Survey._meta.get_field("slug").max_length


class Standing(StrEnum):
    """Whether a survey takes answers on a day."""

    OPEN = "open"
    PILOT = "pilot"
    EARLY = "early"
    CLOSED = "closed"
    HIDDEN = "hidden"  # nobody may know of it


@dataclass(frozen=True, slots=True)
class Asking:
    """A survey with its newest questions, its groups, and what came of the last one."""

    survey: Survey
    questionnaire: Questionnaire
    groups: dict[str, AnswerGroup]
    heard: list[PublishedAnswer]

    @property
    def languages(self) -> list[str]:
        """Danish first."""
        return ["da", *(code for code in self.survey.languages if code != "da")]


@dataclass(frozen=True, slots=True)
class Door:
    """By which link somebody came in."""

    asking: Asking
    method: Method
    group: AnswerGroup | None = None
    token_hash: str = ""
    is_used: bool = False

    @property
    def survey(self) -> Survey:
        return self.asking.survey

    @property
    def is_personal(self) -> bool:
        """A link that works once."""
        return bool(self.token_hash)


class _Kept:
    """Values that a process keeps for `settings.ANSWERING_KEPT_SECONDS`."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, tuple[float, Any]] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        now = time.monotonic()
        found = self._rows.get(key)
        if found is not None and now < found[0]:
            return found[1]
        value = make()
        if settings.ANSWERING_KEPT_SECONDS:
            if len(self._rows) >= MOST_KEPT:
                self._rows = {}
            self._rows[key] = (now + settings.ANSWERING_KEPT_SECONDS, value)
        return value

    def clear(self) -> None:
        self._rows = {}


kept = _Kept()


def standing(survey: Survey, today: date) -> Standing:
    """Whether it takes answers; its last day counts whole, also before `tick` has closed it."""
    if survey.state == SurveyState.PILOT:
        return Standing.PILOT
    if survey.state == SurveyState.DRAFT:
        return Standing.HIDDEN
    if survey.state != SurveyState.OPEN or today > survey.closes_on:
        return Standing.CLOSED
    return Standing.EARLY if today < survey.opens_on else Standing.OPEN


def door_of(request: HttpRequest, token: str, kode: str = "", *, is_kiosk: bool = False) -> Door | None:
    """Where the link leads; None when it leads nowhere."""
    if looks_like_token(token) and not is_kiosk:
        door = _invited(hash_of(token))
        if door is not None:
            return door
    asking = _named(request, token, kode)
    # A survey that is tried out is tried by its short name, however it will be asked.
    is_tried = asking is not None and asking.survey.state == SurveyState.PILOT
    if asking is None or not (is_kiosk or is_tried or asking.survey.has_open_link):
        return None
    method = Method.KIOSK if is_kiosk else Method.LINK
    return Door(asking, method, asking.groups.get(request.GET.get("g", "")))


def _invited(token_hash: str) -> Door | None:
    invitation = Invitation.objects.filter(token_hash=token_hash).values_list("survey", "group__code", "is_used")
    found = invitation.first() or _participant(token_hash)
    asking = _asking(found[0]) if found else None
    if found is None or asking is None:
        return None
    return Door(asking, Method.INVITATION, asking.groups.get(found[1] or ""), token_hash, found[2])


def _participant(token_hash: str) -> tuple[int, str | None, bool] | None:
    participants = Participant.objects.filter(token_hash=token_hash)
    found = participants.values_list("survey", "group__code", "answered").first()
    return (found[0], found[1], found[2] is not None) if found else None


def _named(request: HttpRequest, slug: str, kode: str) -> Asking | None:
    """The survey that a short name in the address means, with the authority that the address means."""
    if not slug.isprintable() or len(slug) > _LONGEST_SLUG:  # nothing the database should be asked
        return None
    key = ("slug", request.get_host(), kode, slug)
    survey: int | None = kept.get(key, lambda: _survey_of(request, slug, kode))
    return _asking(survey) if survey else None


def _survey_of(request: HttpRequest, slug: str, kode: str) -> int | None:
    surveys = Survey.objects.filter(authority=public_authority(request, kode), slug=slug).exclude(slug="")
    return surveys.values_list("pk", flat=True).first()


def _asking(survey: int) -> Asking | None:
    return kept.get(("survey", survey), lambda: _read(survey))


def _read(pk: int) -> Asking | None:
    survey = Survey.objects.select_related("authority", "unit", "previous").filter(pk=pk).first()
    questionnaire = current_questionnaire(survey) if survey else None
    if survey is None or questionnaire is None:
        return None
    prefetch_related_objects([questionnaire], "questions")
    previous = survey.previous
    is_told = previous is not None and previous.state == SurveyState.FINISHED
    return Asking(
        survey,
        questionnaire,
        {group.code: group for group in survey.groups.all()},
        list(previous.published_answers.exclude(doing="")) if is_told else [],
    )


def questionnaire_of(asking: Asking, pk: int) -> Questionnaire:
    """The version that a page was made from, even if there is a newer one; else the newest."""
    if pk == asking.questionnaire.pk:
        return asking.questionnaire
    key = ("questionnaire", asking.survey.pk, pk)
    found = kept.get(key, lambda: asking.survey.questionnaires.prefetch_related("questions").filter(pk=pk).first())
    return found or asking.questionnaire
