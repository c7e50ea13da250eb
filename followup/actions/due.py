"""What is due at a moment: rounds planned, opened and closed, lights that time alone changes, and the day's mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from followup.actions.assumptions import put_weakened_on_agenda, weigh_everywhere
from followup.actions.boards import plan_meetings
from followup.actions.outbox import clear_outbox, send_waiting
from followup.actions.plans import plan_everywhere
from followup.actions.reminders import fill_outbox
from followup.actions.rounds import take_round_step
from followup.actions.standings import refresh_goals
from followup.actions.submissions import NotPossible
from followup.additions import do_added_work, send_added
from followup.models import DueValue, FiguresChanged, GoalStanding, Round, RoundState, Upload
from followup.status import Light
from followup.workflow import RoundStep
from goals.models import Goal

UPLOADS_KEPT = timedelta(days=1)
CHANGES_KEPT = timedelta(days=7)  # what is made of figures is made anew each day
# Lights of what was late before were brought up to date when it became so.
LATE_LOOKED_AT = timedelta(days=120)
CHUNK = 1000


@dataclass
class Done:
    """What one run did."""

    planned: int = 0
    opened: int = 0
    to_approval: int = 0
    closed: int = 0
    lights: int = 0
    uploads: int = 0
    mails: int = 0
    sent: int = 0
    cleared: int = 0
    meetings: int = 0
    weighed: int = 0
    on_agenda: int = 0
    further: int = 0


def do_what_is_due(now: datetime, *, send: bool = True) -> Done:
    """Plan, open, move on and close rounds whose day has come, refresh lights that time changes, write and send mails.

    Each round in a transaction of its own. Running it twice does nothing more.
    """
    today = timezone.localdate(now)
    done = Done(planned=plan_everywhere(now))
    for pk in _rounds(RoundState.PLANNED, opens__lte=today):
        done.opened += _move(pk, RoundStep.OPEN, now)
    for pk in _rounds(RoundState.OPEN, entry_deadline__lt=today):
        done.to_approval += _move(pk, RoundStep.TO_APPROVAL, now)
    for pk in _rounds(RoundState.READY, meeting_date__lt=today):
        done.closed += _move(pk, RoundStep.CLOSE, now)
    done.lights = _refresh_overdue(now)
    done.meetings = plan_meetings(now)
    done.weighed = weigh_everywhere(now)
    done.on_agenda = put_weakened_on_agenda(now)
    done.uploads, _ = Upload.objects.filter(at__lt=now - UPLOADS_KEPT).delete()
    FiguresChanged.objects.filter(day__lt=today - CHANGES_KEPT).delete()
    done.mails = fill_outbox(now)
    done.cleared = clear_outbox(now)
    done.further = do_added_work(now)
    done.sent = send_waiting(now) + send_added(now) if send else 0
    return done


def _rounds(state: RoundState, **due) -> list[int]:
    return list(Round.objects.filter(state=state, **due).order_by("pk").values_list("pk", flat=True))


def _move(pk: int, step: RoundStep, now: datetime) -> int:
    """Move the round on, unless somebody did meanwhile."""
    try:
        take_round_step(Round(pk=pk), step, by=None, now=now)
    except NotPossible:
        return 0
    return 1


def _refresh_overdue(now: datetime) -> int:
    """Goals measured by a series with a value that has become overdue; how many lights it changed.

    A goal that is overdue already stays so however the time goes: only what is late can turn later.
    """
    today = timezone.localdate(now)
    late = DueValue.objects.overdue(today).filter(submission__deadline__gte=today - LATE_LOOKED_AT)
    goals = Goal.objects.filter(goal_series__series__in=late.values("series")).exclude(standing__light=Light.OVERDUE)
    ids = list(goals.order_by("authority_id", "pk").values_list("pk", flat=True).distinct())
    return sum(_refresh(ids[start : start + CHUNK], now) for start in range(0, len(ids), CHUNK))


def _refresh(goals: list[int], now: datetime) -> int:
    """Bring some goals' lights up to date, in a transaction of their own; how many changed."""
    before = dict(GoalStanding.objects.filter(goal__in=goals).values_list("goal", "light"))
    refresh_goals(goals, today=timezone.localdate(now), by_time_alone=True)
    after = dict(GoalStanding.objects.filter(goal__in=goals).values_list("goal", "light"))
    return sum(1 for pk, light in after.items() if before.get(pk) != light)
