"""What people owe and who hears of it today, set by set for all authorities at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from followup.additions import added_reminders
from followup.kinds import EDITABLE, WAITING, MailTopic, ReminderKind, RoundState
from followup.models import Action, Mail, MailOptOut, Question, Reminder, Submission
from followup.reminding import FIRST, ON_THE_DAY, horizon, is_copied, stage_due
from organisation.leaders import leaders_of
from organisation.models import Authority, Membership, Unit, User
from organisation.permissions import Role

OPEN_ROUNDS = (RoundState.OPEN, RoundState.IN_APPROVAL)
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a deadline at a unit, and the stage it has reached. `person`: whose it is, if one person's."""

    kind: ReminderKind
    pk: int
    authority: int
    unit: int | None
    deadline: date
    stage: int
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """That one person hears of a thing today; a copy tells the manager above about somebody else's."""

    thing: Thing
    user: int
    is_copy: bool = False

    @property
    def key(self) -> tuple[str, int, int, date, int]:
        """What makes a reminder this one."""
        return self.thing.kind.value, self.thing.pk, self.user, self.thing.deadline, self.thing.stage


@dataclass(frozen=True, slots=True)
class Owing:
    """Everything that people hear of today, with the people, and whom each authority's mail says to write to."""

    owed: list[Owed]
    people: dict[int, User]
    authorities: dict[int, Authority]
    consultants: dict[int, User]


class Chain:
    """The leaders of every unit of some authorities today, and the way upward."""

    def __init__(self, authorities: Collection[int], today: date) -> None:
        units = list(Unit.objects.filter(authority__in=authorities).only("pk", "parent_id"))
        self._parents = {unit.pk: unit.parent_id for unit in units}
        self._leaders = {pk: [one.pk for one in found] for pk, found in leaders_of(units, today).items()}

    def of(self, unit: int | None) -> list[int]:
        """Those who lead the unit: its own, else the nearest above."""
        return self._leaders.get(unit, []) if unit is not None else []

    def above(self, unit: int | None, but: Collection[int]) -> list[int]:
        """The nearest leaders above the unit other than these."""
        at = self._parents.get(unit) if unit is not None else None
        while at is not None:
            others = [pk for pk in self.of(at) if pk not in but]
            if others:
                return others
            at = self._parents.get(at)
        return []


def owed_today(now: datetime, authority: Authority | None = None) -> Owing:
    """What is to be said today and has not been said: nothing to people who have had their mail of the day."""
    today = timezone.localdate(now)
    things = [thing for thing in _things(today) if authority is None or thing.authority == authority.pk]
    authorities = {thing.authority for thing in things}
    consultants = consultants_of(authorities, today)
    found = list(_recipients(things, consultants, today)) if things else []
    people = reachable({one.user for one in found})
    silent = _opted_out(people)
    done, served = _reminded(things), _served(authorities, now)
    owed = [
        one
        for one in found
        if one.user in people
        and one.key not in done
        and (one.thing.authority, one.user) not in served
        and (one.thing.stage >= ON_THE_DAY or one.user not in silent)
    ]
    return Owing(
        owed,
        people,
        Authority.objects.in_bulk({one.thing.authority for one in owed}),
        {pk: found[0] for pk, found in consultants.items() if found},
    )


# ---- things ----------------------------------------------------------------------------------------------------------


def _things(today: date) -> Iterator[Thing]:
    """Everything that has reached a stage. What is closed to the public is in no mail."""
    yield from _submissions(today)
    yield from _approvals(today)
    yield from _questions(today)
    yield from _actions(today)
    for added in added_reminders():
        yield from added.things(today)


def _submissions(today: date) -> Iterator[Thing]:
    rows = Submission.objects.under_way(today).filter(state__in=EDITABLE, deadline__lte=horizon(today)).order_by("pk")
    fields = "pk", "round__authority", "unit", "deadline"
    for pk, authority, unit, deadline in rows.values_list(*fields):
        # An open round asks from today on at the latest, whatever day it was planned to open.
        stage = stage_due(deadline, today, since=today)
        if stage is not None:
            yield Thing(ReminderKind.SUBMISSION, pk, authority, unit, deadline, stage)


def _approvals(today: date) -> Iterator[Thing]:
    """Reports that wait for approval: heard of when they come, and again as the deadline comes near and passes."""
    rows = Submission.objects.filter(round__state__in=OPEN_ROUNDS, state__in=WAITING).order_by("pk")
    fields = "pk", "round__authority", "unit", "round__approval_deadline", "submitted_at", "submitted_by"
    for pk, authority, unit, deadline, sent_at, sent_by in rows.values_list(*fields):
        sent = timezone.localdate(sent_at) if sent_at else today
        if sent <= today:
            yield Thing(ReminderKind.APPROVAL, pk, authority, unit, sent, ON_THE_DAY, sent_by)
        stage = stage_due(deadline, today, since=sent)
        if stage is not None and stage > FIRST:
            yield Thing(ReminderKind.APPROVAL, pk, authority, unit, deadline, stage, sent_by)


def _questions(today: date) -> Iterator[Thing]:
    rows = Question.objects.open_items().unanswered().filter(due_date__lte=horizon(today)).order_by("pk")
    unit = Coalesce("goal__owner_unit", "series__unit")
    fields = "pk", "authority", "about", "due_date", "asked_at", "assigned_to"
    for pk, authority, about, due, asked_at, person in rows.annotate(about=unit).values_list(*fields):
        stage = stage_due(due, today, since=timezone.localdate(asked_at))
        # The first stage was said when the question was asked.
        if stage is not None and stage > FIRST:
            yield Thing(ReminderKind.QUESTION, pk, authority, about, due, stage, person)


def _actions(today: date) -> Iterator[Thing]:
    rows = Action.objects.open().filter(due_date__lte=horizon(today)).exclude(decision__is_closed=True).order_by("pk")
    fields = "pk", "authority", "unit", "due_date", "created_at", "owner"
    for pk, authority, unit, due, created_at, person in rows.values_list(*fields):
        stage = stage_due(due, today, since=timezone.localdate(created_at))
        if stage is not None:
            yield Thing(ReminderKind.ACTION, pk, authority, unit, due, stage, person)


# ---- people ----------------------------------------------------------------------------------------------------------


def _recipients(things: Iterable[Thing], consultants: Mapping[int, list[User]], today: date) -> Iterator[Owed]:
    """Who hears of each thing, and from the seventh day who hears of it from below."""
    things = list(things)
    chain = Chain({thing.authority for thing in things}, today)
    present = _present({thing.person for thing in things if thing.person is not None}, today)
    for thing in things:
        helpers = [one.pk for one in consultants.get(thing.authority, [])]
        own = _own(thing, chain, present) or helpers[:1]
        yield from (Owed(thing, user) for user in own)
        if thing.kind != ReminderKind.APPROVAL and is_copied(thing.stage):
            yield from (Owed(thing, user, is_copy=True) for user in _managers(thing, chain, own))


def _own(thing: Thing, chain: Chain, present: Collection[tuple[int, int]]) -> list[int]:
    """Those whose it is. What belongs to somebody who has left goes to the leader of the unit."""
    match thing.kind:
        case ReminderKind.SUBMISSION:
            return chain.of(thing.unit)
        case ReminderKind.APPROVAL:
            return chain.above(thing.unit, but=[thing.person] if thing.person else [])
    if thing.person is not None and (thing.person, thing.authority) in present:
        return [thing.person]
    return chain.of(thing.unit)


def _managers(thing: Thing, chain: Chain, own: Collection[int]) -> list[int]:
    """The leaders of the unit if they are others, else those above them."""
    return [pk for pk in chain.of(thing.unit) if pk not in own] or chain.above(thing.unit, but=own)


def _present(people: Collection[int], today: date) -> set[tuple[int, int]]:
    """(person, authority) where the person has a role today."""
    pairs: set[tuple[int, int]] = set()
    for some in _chunks(people):
        held = Membership.objects.current(today).filter(user__in=some, user__is_active=True)
        pairs.update(held.values_list("user", "unit__authority"))
    return pairs


def consultants_of(authorities: Collection[int], today: date) -> dict[int, list[User]]:
    """The goal consultants of each authority, those at the top first."""
    found: dict[int, list[User]] = defaultdict(list)
    held = Membership.objects.current(today).filter(
        unit__authority__in=authorities, role=Role.GOAL_CONSULTANT, user__is_active=True
    )
    for membership in held.select_related("user", "unit").order_by(F("unit__parent").asc(nulls_first=True), "pk"):
        found[membership.unit.authority_id].append(membership.user)
    return found


def reachable(people: Collection[int]) -> dict[int, User]:
    """Those who may sign in and have an address."""
    found: dict[int, User] = {}
    for some in _chunks(people):
        found.update(User.objects.filter(is_active=True).exclude(email="").in_bulk(some))
    return found


def _opted_out(people: Collection[int]) -> set[int]:
    """Those who do without what is still ahead."""
    silent = MailOptOut.objects.filter(topic=MailTopic.AHEAD)
    return set(silent.values_list("user", flat=True)) & set(people)


# ---- what has been said ----------------------------------------------------------------------------------------------


def _reminded(things: Iterable[Thing]) -> set[tuple[Any, ...]]:
    """Keys of the reminders that were given of the things."""
    by_kind: dict[ReminderKind, list[int]] = defaultdict(list)
    for thing in things:
        by_kind[thing.kind].append(thing.pk)
    found: set[tuple[Any, ...]] = set()
    for kind, ids in by_kind.items():
        for some in _chunks(ids):
            found |= reminder_keys(Q(kind=kind, object_id__in=some))
    return found


def reminder_keys(condition: Q) -> set[tuple[Any, ...]]:
    """`Owed.key` of the reminders given at a stage."""
    rows = Reminder.objects.filter(condition, stage__isnull=False)
    return set(rows.values_list("kind", "object_id", "user", "counted_from", "stage"))


def daily_key(authority: int, user: int, today: date) -> str:
    """What makes the mail of the day this one: a person's items of two authorities are never in one mail."""
    return f"daily:{authority}:{user}:{today}"


def _served(authorities: Collection[int], now: datetime) -> set[tuple[int, int]]:
    """(authority, person) of those who have had their mail of the day."""
    today = timezone.localdate(now)
    midnight = timezone.make_aware(datetime.combine(today, time()))
    mails = Mail.objects.filter(authority__in=authorities, created_at__gte=midnight).order_by()
    rows = mails.values_list("authority", "to", "key")
    return {(authority, user) for authority, user, key in rows if key == daily_key(authority, user, today)}


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """As many as a statement takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
