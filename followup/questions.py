"""Whom a question goes to, and when the answer is due."""

from datetime import date, timedelta

from followup.kinds import EventKind
from followup.models import FollowUpSettings, Round, YearEvent
from goals.models import Goal, Series
from organisation.leaders import leaders_of
from organisation.models import Membership, Unit, User
from organisation.permissions import TABLE, Permission, Role

WITHOUT_MEETING = timedelta(days=14)


def answerer_of(body: Unit, goal: Goal | None, series: Series | None, today: date) -> User | None:
    """Who is to answer: the goal's responsible, else the nearest leader, else a director or the goal consultant."""
    if goal is not None and goal.responsible is not None and _may_answer(goal.responsible, body, today):
        return goal.responsible
    unit = goal.owner_unit if goal is not None else series.unit if series is not None else body
    nearest = leaders_of([unit], today)[unit.pk]
    return nearest[0] if nearest else _top_of(body, today)


def _may_answer(person: User, body: Unit, today: date) -> bool:
    roles = Membership.objects.current(today).filter(user=person, unit__authority=body.authority_id)
    return person.is_active and roles.filter(role__in=TABLE[Permission.ANSWER_QUESTIONS]).exists()


def _top_of(body: Unit, today: date) -> User | None:
    """An elected body has no leader of its own."""
    roles = Membership.objects.current(today).filter(unit__authority=body.authority_id, user__is_active=True)
    for role in (Role.DIRECTOR, Role.GOAL_CONSULTANT):
        if found := roles.filter(role=role).select_related("user").order_by("first_day", "pk").first():
            return found.user
    return None


def due_date_of(body: Unit, today: date) -> date:
    """So many hverdage before the body's next meeting; without one to come in time, 14 days from today."""
    settings = FollowUpSettings.objects.of(body.authority)
    meeting = _next_meeting(body, today)
    due = settings.workdays.before(meeting, settings.answer_days) if meeting else today
    return due if meeting and due >= today else today + WITHOUT_MEETING


def _next_meeting(body: Unit, today: date) -> date | None:
    """The body's next meeting, with or without a follow-up."""
    rounds = Round.objects.filter(body=body, meeting_date__gt=today).order_by("meeting_date")
    others = YearEvent.objects.filter(body=body, kind=EventKind.MEETING, day__gt=today).order_by("day")
    days = [*rounds.values_list("meeting_date", flat=True)[:1], *others.values_list("day", flat=True)[:1]]
    return min(days, default=None)
