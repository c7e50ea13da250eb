"""A person's own calendar as iCalendar text: deadlines, meetings and actions, each a whole day.

Only what is the person's own, and nothing that is treated behind closed doors: the address is read by other
people's servers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from followup.kinds import READY_ROUNDS, SENT, EventKind, RoundState
from followup.models import Action, Round, Submission, YearEvent
from goals.period_names import period_name
from organisation.models import BodyLink, Unit, UnitKind, User
from organisation.permissions import TABLE, Permission, Role

BACK, AHEAD = relativedelta(months=3), relativedelta(months=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole day: `uid` stays the same when the day moves."""

    uid: str
    day: date
    title: str
    path: str
    text: str = ""
    place: str = ""
    last_day: date | None = None


def calendar_of(user: User, *, now: datetime, address: Callable[[str], str]) -> bytes:
    """The person's calendar; `address` makes a path of the site absolute."""
    calendar = Calendar()
    calendar.add("prodid", "-//Målstyring//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _("Målstyring"))
    calendar.add("x-wr-calname", _("Målstyring"))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for entry in sorted(_entries(user, timezone.localdate(now)), key=lambda one: (one.day, one.uid)):
        calendar.add_component(_event(entry, now, address))
    return calendar.to_ical()


def _event(entry: Entry, now: datetime, address: Callable[[str], str]) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@maalstyring")
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("dtend", (entry.last_day or entry.day) + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("transp", "TRANSPARENT")
    event.add("url", address(entry.path))
    for name, value in (("description", entry.text), ("location", entry.place)):
        if value:
            event.add(name, value)
    return event


def _entries(user: User, today: date) -> Iterator[Entry]:
    held = [one for one in user.all_memberships if one.as_grant().holds_on(today)]
    authorities = {one.unit.authority_id for one in held}
    entering = [one.unit for one in held if Role(one.role) in TABLE[Permission.ENTER_VALUES] and not one.unit.is_body]
    bodies = {one.unit_id for one in held if one.unit.is_body}
    yield from _deadlines(entering, today)
    yield from _meetings(bodies, today)
    yield from _actions(user, authorities, today)


# ---- deadlines -------------------------------------------------------------------------------------------------------


def _deadlines(units: list[Unit], today: date) -> Iterator[Entry]:
    """Reports that the units still owe, and those they will owe in rounds that are planned."""
    owed = Submission.objects.filter(unit__in=units).exclude(state__in=SENT).exclude(round__state__in=READY_ROUNDS)
    for submission in owed.select_related("round__body", "unit"):
        path = reverse("followup:entry_grid", args=[submission.round_id, submission.unit_id])
        yield _deadline(submission.round, submission.unit, submission.deadline, path)
    planned = Round.objects.filter(state=RoundState.PLANNED, opens__lte=today + AHEAD).select_related("body")
    bodies = bodies_of(units, today)
    by_body = list(planned.filter(body__in=set(bodies.values())))
    for unit in units:
        for round_ in by_body:
            if round_.body_id == bodies[unit.pk]:
                path = reverse("followup:round_detail", args=[round_.pk])
                yield _deadline(round_, unit, round_.deadline_for(unit.kind), path)


def _deadline(round_: Round, unit: Unit, day: date, path: str) -> Entry:
    words = {"unit": unit.name, "period": period_name(round_.period)}
    title = _("Frist: %(unit)s indberetter for %(period)s") % words
    text = _("Opfølgning til %(body)s. Hele dagen tæller med.") % {"body": round_.body.name}
    return Entry(f"frist-{round_.pk}-{unit.pk}", day, title, path, text)


def bodies_of(units: list[Unit], today: date) -> dict[int, int | None]:
    """The body that each unit reports to: by the nearest link upward, else the council."""
    above = Unit.objects.above(*units)
    parents = dict(above.values_list("pk", "parent"))
    links = dict(BodyLink.objects.valid(today).filter(unit__in=list(parents)).values_list("unit", "body"))
    councils = dict(above.filter(kind=UnitKind.COUNCIL).values_list("authority", "pk"))
    return {unit.pk: nearest_body(unit, parents, links) or councils.get(unit.authority_id) for unit in units}


def nearest_body(unit: Unit, parents: dict[int, int | None], links: dict[int, int]) -> int | None:
    """The body of the nearest link upward, by the parent and the linked body of each unit."""
    at: int | None = unit.pk
    while at is not None:
        if at in links:
            return links[at]
        at = parents.get(at)
    return None


# ---- meetings and actions --------------------------------------------------------------------------------------------


def _meetings(bodies: set[int], today: date) -> Iterator[Entry]:
    around = (today - BACK, today + AHEAD)
    for round_ in Round.objects.filter(body__in=bodies, meeting_date__range=around).select_related("body"):
        words = {"body": round_.body.name, "period": period_name(round_.period)}
        title = _("Møde i %(body)s: opfølgning på %(period)s") % words
        text = _("Kl. %s.") % f"{round_.meeting_time:%H.%M}" if round_.meeting_time else ""
        path = reverse("followup:body_detail", args=[round_.body_id])
        yield Entry(f"moede-{round_.pk}", round_.meeting_date, title, path, text, round_.meeting_place)
    events = YearEvent.objects.filter(body__in=bodies, kind=EventKind.MEETING, day__range=around)
    for event in events.select_related("body"):
        title = event.title or _("Møde i %s") % event.body.name
        path = reverse("followup:body_detail", args=[event.body_id])
        yield Entry(f"dag-{event.pk}", event.day, title, path, last_day=event.last_day)


def _actions(user: User, authorities: set[int], today: date) -> Iterator[Entry]:
    """Own actions that are open; what follows from a closed decision is never named."""
    mine = Action.objects.open().filter(owner=user, authority__in=authorities, due_date__lte=today + AHEAD)
    for action in mine.exclude(decision__is_closed=True).select_related("unit"):
        path = reverse("followup:unit_detail", args=[action.unit_id])
        yield Entry(f"handling-{action.pk}", action.due_date, _("Handling: %s") % action.what, path, action.unit.name)
