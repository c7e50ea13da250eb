"""Inviting: addresses taken from a list, links for letters, the one reminder, and who may link a code to a person.

Only the hash of a link is stored. An address has its link's token until the mail is sent; nothing else leads from one
to the other: invitations are stored in shuffled order, so that not even the order of rows does.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from citizens.declared import LINKERS
from citizens.invited_lists import Invitee
from citizens.kinds import SurveyState
from citizens.models import AnswerGroup, Invitation, InvitedAddress, Participant, Survey
from citizens.tokens import hash_of, new_token
from organisation.actions.history import record
from organisation.models import User

BATCH = 500
MOST_LINKS = 5000  # printed at a time
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 6
_random = random.SystemRandom()

__all__ = ["MOST_LINKS", "Link", "NotPossible", "ask_for_reminder", "invite", "make_links", "name_linkers"]


class NotPossible(Exception):
    """What the survey's state refuses.

    `key` is closed, deleted, undeclared, too_few, known, nobody, reminded, not_open or two_linkers.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works once, in the moment that it is made: the token is not stored."""

    token: str
    group: AnswerGroup | None = None
    code: str = ""


def _locked(survey: Survey) -> Survey:
    """The survey as stored, while it may still invite."""
    stored = Survey.objects.select_for_update(of=("self",)).select_related("authority").get(pk=survey.pk)
    if stored.state in (SurveyState.CLOSED, SurveyState.FINISHED):
        raise NotPossible("closed")
    if stored.addresses_deleted_on is not None:
        raise NotPossible("deleted")
    if stored.addresses_until is None:
        raise NotPossible("undeclared")
    return stored


@transaction.atomic
def invite(survey: Survey, invitees: Sequence[Invitee], *, by: User, now: datetime) -> int:
    """Store the addresses and a link for each; how many. `tick` sends the mails while the survey is open.

    Of an anonymous survey so many are invited at a time that nobody stands alone.
    """
    stored = _locked(survey)
    known = set(stored.invited_addresses.values_list("address", flat=True))
    new = [one for one in invitees if one.address not in known]
    if not new:
        raise NotPossible("known")
    if stored.is_anonymous and len(new) < stored.least_shown:
        raise NotPossible("too_few")
    groups = {group.code: group for group in stored.groups.all()}
    links = [Link(new_token(), groups.get(one.group), one.code) for one in new]
    InvitedAddress.objects.bulk_create(
        (
            InvitedAddress(survey=stored, address=one.address, token=link.token)
            for one, link in _shuffled(zip(new, links, strict=True))
        ),
        BATCH,
    )
    _store_links(stored, links, [one.address for one in new])
    _record(stored, "survey_invited", len(new), by=by, now=now)
    return len(new)


@transaction.atomic
def make_links(
    survey: Survey, counts: Sequence[tuple[AnswerGroup | None, int]], *, by: User, now: datetime
) -> list[Link]:
    """Links for letters, so many for each group. They can be printed now and never again."""
    stored = _locked(survey)
    links = [Link(new_token(), group) for group, count in counts for _one in range(count)]
    if not links or len(links) > MOST_LINKS:
        raise NotPossible("nobody")
    if stored.is_anonymous and len(links) < stored.least_shown:
        raise NotPossible("too_few")
    links = _store_links(stored, links, [""] * len(links))
    _record(stored, "survey_links_printed", len(links), by=by, now=now)
    return links


def _store_links(survey: Survey, links: Sequence[Link], addresses: Sequence[str]) -> list[Link]:
    """Store what a link needs to be answered with: an invitation, or the participant it stands for."""
    if survey.is_anonymous:
        Invitation.objects.bulk_create(
            (Invitation(survey=survey, group=link.group, token_hash=hash_of(link.token)) for link in _shuffled(links)),
            BATCH,
        )
        return list(links)
    taken = set(survey.participants.values_list("code", flat=True)) | {link.code for link in links if link.code}
    coded = [Link(link.token, link.group, link.code or _free_code(taken)) for link in links]
    Participant.objects.bulk_create(
        (
            Participant(
                survey=survey, code=link.code, address=address, token_hash=hash_of(link.token), group=link.group
            )
            for link, address in zip(coded, addresses, strict=True)
        ),
        BATCH,
    )
    return coded


def _free_code(taken: set[str]) -> str:
    while True:
        code = "".join(_random.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if code not in taken:
            taken.add(code)
            return code


def _shuffled(rows: Iterable[Any]) -> list[Any]:
    mixed = list(rows)
    _random.shuffle(mixed)
    return mixed


@transaction.atomic
def ask_for_reminder(survey: Survey, *, by: User, now: datetime) -> int:
    """Let `tick` write once more to all who were invited: nobody knows who has answered. How many that is."""
    stored = _locked(survey)
    if stored.state != SurveyState.OPEN:
        raise NotPossible("not_open")
    if stored.reminder_asked_on is not None:
        raise NotPossible("reminded")
    count = stored.invited_addresses.exclude(invited_on=None).filter(fault="").count()
    if not count:
        raise NotPossible("nobody")
    stored.reminder_asked_on = survey.reminder_asked_on = timezone.localdate(now)
    stored.save(update_fields=["reminder_asked_on"])
    _record(stored, "survey_reminded", count, by=by, now=now)
    return count


@transaction.atomic
def name_linkers(survey: Survey, linkers: Sequence[User], *, by: User, now: datetime) -> None:
    """Name the two who may see which answers are whose. Named to those who answer, so before the survey opens."""
    stored = _locked(survey)
    if stored.is_anonymous or len(set(linkers)) != LINKERS:
        raise NotPossible("two_linkers")
    if stored.state == SurveyState.OPEN and stored.linkers.exists():
        raise NotPossible("not_open")
    before = ", ".join(sorted(map(str, stored.linkers.all())))
    stored.linkers.set(linkers)
    changes = {"linkers": (before, ", ".join(sorted(map(str, linkers))))}
    record(stored, "changed", authority=stored.authority, by=by, now=now, changes=changes)


def _record(survey: Survey, verb: str, count: int, *, by: User, now: datetime) -> None:
    """How many, never who."""
    record(survey, verb, authority=survey.authority, by=by, now=now, changes={"count": (None, count)})
