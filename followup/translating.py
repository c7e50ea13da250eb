"""Goals sent down: as tasks, as lines in the daily mail, and as mails about what has just happened."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.additions import AddedReminder, AddedTask
from followup.inbox import TaskKind, own_units
from followup.kinds import ReminderKind
from followup.mail_parts import TEXT
from followup.mails import Part, shortened, site_url, some_of
from followup.owed import Thing
from followup.reminding import ON_THE_DAY, horizon, stage_due
from goals.actions.translations import ASKED
from goals.kinds import TranslationState
from goals.models import Translation
from goals.translating import Step
from organisation.danish import days_away, weekday_date
from organisation.leaders import leaders_of, people_who_may
from organisation.models import Unit, User
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Permission, Viewer

PLACE = 2  # among what falls due on the same day

# ---- tasks -----------------------------------------------------------------------------------------------------------


def _theirs(field: str, units: Sequence[int]) -> Q:
    """Of the person's own units, and of the bodies beneath them: a body has no leader of its own to do it."""
    of_body = Q(**{f"{field}__kind__in": BODY_KINDS, f"{field}__parent__in": units})
    return Q(**{f"{field}__in": units}) | of_body


def to_translate(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Translation]:
    """Goals that the person's units are to put in their own words."""
    mine = own_units(viewer, Permission.EDIT_GOALS)
    return Translation.objects.with_unit(today).filter(_theirs("unit", mine), goal__authority=authority_id)


def to_accept(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Translation]:
    """Units' own goals that the person is to accept: for goals of their units, and those they sent down themselves."""
    mine = own_units(viewer, Permission.EDIT_GOALS)
    waiting = Translation.objects.to_decide(today).filter(goal__authority=authority_id)
    if not viewer.may_somewhere(Permission.EDIT_GOALS, today):
        return waiting.filter(pk__in=[])
    edited = Unit.objects.allowing(Permission.EDIT_GOALS, viewer, today).values("pk")
    return waiting.filter(_theirs("goal__owner_unit", mine) | Q(asked_by=viewer.pk, goal__owner_unit__in=edited))


_WORDS = {"title": Cast(F("goal__title"), TextField())}
TRANSLATE = AddedTask(
    TaskKind.TRANSLATE.value,
    to_translate,
    {
        **_WORDS,
        "where": Cast(F("unit__name"), TextField()),
        "day": F("due_date"),
        "said": F("reason"),
    },
)
ACCEPT = AddedTask(
    TaskKind.ACCEPT.value,
    to_accept,
    {**_WORDS, "where": Cast(F("unit__name"), TextField()), "said": Cast(F("answer__title"), TextField())},
)


# ---- the daily mail --------------------------------------------------------------------------------------------------


def _waiting(today: date) -> Iterator[Thing]:
    """Goals that wait for a unit. What was said when they were sent, or sent back, is not said again at that stage."""
    rows = Translation.objects.with_unit(today).filter(due_date__lte=horizon(today)).order_by("pk")
    fields = "pk", "goal__authority", "unit", "due_date", "state", "asked_at", "decided_at"
    for pk, authority, unit, due, state, asked_at, decided_at in rows.values_list(*fields):
        said_at = decided_at if state == TranslationState.RETURNED else asked_at
        since = timezone.localdate(said_at)
        stage = stage_due(due, today, since=since)
        if stage is None or (stage <= ON_THE_DAY and stage == stage_due(due, since, since=since)):
            continue
        yield Thing(ReminderKind.TRANSLATE, pk, authority, unit, due, stage)


def _told(ids: Collection[int], today: date) -> dict[int, tuple[Part, str, str]]:
    found = Translation.objects.select_related("unit", "goal__owner_unit").in_bulk(ids)
    return {pk: (_part(one, today), one.unit.name, _line(one)) for pk, one in found.items()}


def _part(one: Translation, today: date) -> Part:
    days = (one.due_date - today).days
    heading = _("%(unit)s skal oversætte ”%(goal)s”") % {"unit": one.unit.name, "goal": one.goal.short_name}
    when = _("Frist overskredet") if days < 0 else days_away(one.due_date, today).capitalize()
    return Part(
        rank=(days, PLACE),
        subject=f"{when}: {heading}" if days <= 6 else heading,
        heading=heading,
        template="translation_waiting",
        url=_address(one),
        context={**_facts(one), "is_late": days < 0, "reason": shortened(one.reason, TEXT)},
    )


def _line(one: Translation) -> str:
    values = {"unit": one.unit.name, "goal": one.goal.short_name, "when": weekday_date(one.due_date)}
    return _("%(unit)s: målet ”%(goal)s” skulle være oversat %(when)s") % values


def _address(one: Translation) -> str:
    return site_url(_path(one))


def _path(one: Translation) -> str:
    return reverse("goals:translation_detail", args=[one.pk])


def _facts(one: Translation) -> dict[str, object]:
    return {
        "goal": one.goal.title,
        "above": one.goal.owner_unit.name,
        "unit": one.unit.name,
        "deadline": one.due_date,
    }


REMINDER = AddedReminder(ReminderKind.TRANSLATE.value, _waiting, _told)


# ---- what has just happened ------------------------------------------------------------------------------------------


def tell_of_translations(step: str, translations: Sequence[Translation], by: User, now: datetime) -> None:
    """Write to those who are to do something now, in the transaction of the act itself."""
    today = timezone.localdate(now)
    if step in (ASKED, Step.SEND_BACK, Step.WITHDRAW):
        _tell_units(step, translations, by, now)
    elif step in (Step.ANSWER, Step.DECLINE):
        for one in translations:
            _tell_above(step, one, by, now)
    elif step == Step.ACCEPT:
        for one in translations:
            people = {user.pk: user for user in [*leaders_of([one.unit], today)[one.unit_id], one.answered_by] if user}
            subject = _("Godkendt: %(unit)s har oversat ”%(goal)s”")
            _tell(step, [one], people, subject, by, now)


def _tell_units(step: str, translations: Sequence[Translation], by: User, now: datetime) -> None:
    """To the leaders of the units: one mail each, however many of their units it is about."""
    leaders = leaders_of([one.unit for one in translations], timezone.localdate(now))
    of_person: dict[int, list[Translation]] = defaultdict(list)
    people: dict[int, User] = {}
    for one in translations:
        for leader in leaders[one.unit_id] or people_who_may(Permission.EDIT_GOALS, one.unit, timezone.localdate(now)):
            people[leader.pk] = leader
            of_person[leader.pk].append(one)
    subjects = {
        ASKED: _("%(unit)s skal oversætte ”%(goal)s”"),
        Step.SEND_BACK: _("%(unit)s: oversættelsen af ”%(goal)s” er sendt tilbage"),
        Step.WITHDRAW: _("%(unit)s skal ikke længere oversætte ”%(goal)s”"),
    }
    for pk, theirs in of_person.items():
        _tell(step, theirs, {pk: people[pk]}, subjects[step], by, now)


def _tell_above(step: str, one: Translation, by: User, now: datetime) -> None:
    """To whoever sent it and the leaders of the unit above."""
    leaders = leaders_of([one.goal.owner_unit], timezone.localdate(now))[one.goal.owner_unit_id]
    people = {user.pk: user for user in [*leaders, one.asked_by]}
    answered = step == Step.ANSWER
    subject = _("%(unit)s har oversat ”%(goal)s”") if answered else _("%(unit)s siger nej til ”%(goal)s”")
    _tell(step, [one], people, subject, by, now)


def _tell(
    step: str, translations: Sequence[Translation], people: dict[int, User], subject: str, by: User, now: datetime
) -> None:
    first = translations[0]
    units = some_of([one.unit.name for one in translations])
    notify(
        [user for pk, user in people.items() if pk != by.pk],
        authority=first.goal.authority,
        key=f"translation:{step}:{first.pk}:{first.version}",
        subject=subject % {"unit": units, "goal": first.goal.short_name},
        template=f"translation_{step}",
        context={
            **_facts(first),
            "units": units,
            "count": len(translations),
            "by": by,
            "note": shortened(first.note, TEXT),
            "reason": shortened(first.reason, TEXT),
            "own": first.answer.title if first.answer is not None else "",
        },
        path=_path(first) if len(translations) == 1 else reverse("goals:translation_list"),
        now=now,
    )
