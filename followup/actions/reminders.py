"""Filling the outbox: the mail of the day, reminders by hand, and notices of what has just happened.

A mail and the reminders it gives are stored together; sending is `followup.actions.outbox`. Whatever runs at the same
time, or is killed and runs again, each person gets one mail a day and hears of each stage once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from followup.kinds import EDITABLE, MailTopic, ReminderKind
from followup.mail_parts import Facts, facts_of, parts_of, read_reports, submission_part
from followup.mails import Letter, Part, letter, site_url
from followup.models import Mail, MailOptOut, Reminder, Submission
from followup.owed import Owed, consultants_of, daily_key, owed_today, reachable, reminder_keys
from organisation.leaders import leaders_of
from organisation.models import Authority, Unit, User
from organisation.words.speaking import words_of

BATCH = 500  # mails written in one transaction


@dataclass(slots=True)
class Draft:
    """A mail that is not stored yet, and the reminders it gives."""

    mail: Mail
    owed: list[Owed] = field(default_factory=list)
    by_hand: list[int] = field(default_factory=list)


def fill_outbox(now: datetime, authority: Authority | None = None) -> int:
    """One mail to each person (of one authority) with everything to be heard of today; how many. Twice adds nothing."""
    owing = owed_today(now, authority)
    if not owing.owed:
        return 0
    today = timezone.localdate(now)
    facts = facts_of(owing.owed, owing.people, today)
    by_person: dict[tuple[int, int], list[Owed]] = defaultdict(list)
    for one in owing.owed:
        by_person[one.thing.authority, one.user].append(one)

    def draft(authority: int, user: int) -> Draft:
        owed, consultant = by_person[authority, user], owing.consultants.get(authority)
        with words_of(owing.authorities[authority]):
            parts = parts_of(owed, facts, consultant, today)
            written = letter(owing.people[user], owing.authorities[authority], consultant, parts)
        mail = new_mail(owing.people[user], authority, daily_key(authority, user, today), written, now)
        return Draft(mail, owed)

    return sum(_store([draft(*key) for key in some], now) for some in _batches(sorted(by_person)))


def _batches(keys: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def new_mail(to: User, authority: int, key: str, written: Letter, now: datetime) -> Mail:
    """A mail that waits from now on. Its Message-ID is chosen here, so that it is the same at every try."""
    return Mail(
        authority_id=authority,
        to=to,
        address=to.email,
        key=key,
        message_id=f"<{uuid4()}@{_domain()}>",
        subject=written.subject,
        text=written.text,
        html=written.html,
        created_at=now,
        next_try_at=now,
    )


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


@transaction.atomic
def _store(drafts: Sequence[Draft], now: datetime) -> int:
    """Store the mails with their reminders, but for those that somebody else stored since they were written."""
    _hold({draft.mail.authority_id for draft in drafts})
    there = set(Mail.objects.filter(key__in=[draft.mail.key for draft in drafts]).values_list("key", flat=True))
    given = reminder_keys(
        Q(
            object_id__in={one.thing.pk for draft in drafts for one in draft.owed},
            user__in={draft.mail.to_id for draft in drafts},
        )
    )
    kept = [
        draft for draft in drafts if draft.mail.key not in there and not any(one.key in given for one in draft.owed)
    ]
    Mail.objects.bulk_create([draft.mail for draft in kept])
    Reminder.objects.bulk_create([row for draft in kept for row in _reminders(draft, now)])
    return len(kept)


def _hold(authorities: Collection[int]) -> None:
    """Only one at a time writes to these authorities' outboxes; the next sees what the first wrote."""
    held = Authority.objects.select_for_update(no_key=True).filter(pk__in=authorities).order_by("pk")
    list(held.values_list("pk", flat=True))


def _reminders(draft: Draft, now: datetime) -> Iterator[Reminder]:
    today = timezone.localdate(now)
    for one in draft.owed:
        yield Reminder(
            kind=one.thing.kind,
            object_id=one.thing.pk,
            user_id=one.user,
            counted_from=one.thing.deadline,
            stage=one.thing.stage,
            day=today,
            mail=draft.mail,
        )


# ---- by hand ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def remind_now(submissions: Iterable[Submission], *, by: User, now: datetime) -> int:
    """Remind the leaders of units that have not sent, once a day for each report; how many people were written to."""
    today = timezone.localdate(now)
    wanted = Submission.objects.filter(pk__in=[one.pk for one in submissions], state__in=EDITABLE)
    rows = list(wanted.select_related("unit__authority").order_by("pk"))
    _hold({one.unit.authority_id for one in rows})
    said = set(
        Reminder.objects.filter(
            kind=ReminderKind.SUBMISSION, object_id__in=[one.pk for one in rows], stage__isnull=True, day=today
        ).values_list("object_id", "user")
    )
    leaders = leaders_of([one.unit for one in rows], today)
    people = reachable({leader.pk for found in leaders.values() for leader in found})
    by_person: dict[int, list[Submission]] = defaultdict(list)
    for one in rows:
        for leader in leaders[one.unit_id]:
            if leader.pk in people and leader.pk != by.pk and (one.pk, leader.pk) not in said:
                by_person[leader.pk].append(one)
    if not by_person:
        return 0
    facts = Facts()
    read_reports(facts, {one.pk for owed in by_person.values() for one in owed}, with_values=True)
    consultants = consultants_of({one.unit.authority_id for one in rows}, today)
    mails, reminders = [], []
    for pk, owed in sorted(by_person.items()):
        authority = owed[0].unit.authority
        consultant = next(iter(consultants.get(authority.pk, [])), None)
        with words_of(authority):
            parts = [submission_part(facts, one.pk, consultant, today, asked_by=by) for one in owed]
            written = letter(people[pk], authority, consultant, parts)
        mail = new_mail(people[pk], authority.pk, f"by-hand:{owed[0].pk}:{pk}:{today}", written, now)
        mails.append(mail)
        reminders += [
            Reminder(kind=ReminderKind.SUBMISSION, object_id=one.pk, user_id=pk, day=today, by=by, mail=mail)
            for one in owed
        ]
    Mail.objects.bulk_create(mails)
    Reminder.objects.bulk_create(reminders)
    return len(mails)


# ---- notices ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    authority: Authority,
    key: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    path: str,
    now: datetime,
    topic: MailTopic | None = None,
    about: Unit | None = None,
) -> int:
    """Put a mail about something that has just happened in the outbox of each; how many.

    `key` names the event: the same key twice adds nothing. `about`: whose goal it is about. People who do without the
    topic get none. Call it in the transaction of the act, and never about what is closed.
    """
    people = reachable({user.pk for user in users})
    silent = MailOptOut.objects.filter(user__in=people, topic=topic).values_list("user", flat=True) if topic else ()
    consultant = next(iter(consultants_of({authority.pk}, timezone.localdate(now)).get(authority.pk, [])), None)
    part = Part((0,), subject, "", template, context, site_url(path))
    with words_of(authority, about):
        mails = [
            new_mail(person, authority.pk, f"{key}:{pk}", letter(person, authority, consultant, [part]), now)
            for pk, person in sorted(people.items())
            if pk not in set(silent)
        ]
    before = set(Mail.objects.filter(key__in=[mail.key for mail in mails]).values_list("key", flat=True))
    Mail.objects.bulk_create([mail for mail in mails if mail.key not in before], ignore_conflicts=True)
    return len(mails) - len(before)


@transaction.atomic
def put_in_outbox(mails: Sequence[Mail]) -> int:
    """Store the mails, but for those whose key is there already; how many."""
    _hold({mail.authority_id for mail in mails})
    there = set(Mail.objects.filter(key__in=[mail.key for mail in mails]).values_list("key", flat=True))
    return len(Mail.objects.bulk_create([mail for mail in mails if mail.key not in there]))
