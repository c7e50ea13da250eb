"""What is due at a moment: rounds that open and close, lights that time alone changes, and the day's mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from followup.actions.outbox import clear_outbox, send_waiting
from followup.actions.reminders import fill_outbox
from followup.actions.rounds import move_round, open_round
from followup.actions.standings import refresh_goals
from followup.models import DueValue, GoalStanding, Round, RoundState, Upload
from goals.models import Goal

UPLOADS_KEPT = timedelta(days=1)


@dataclass
class Done:
    """What one run did."""

    opened: int = 0
    to_approval: int = 0
    closed: int = 0
    lights: int = 0
    uploads: int = 0
    mails: int = 0
    sent: int = 0
    cleared: int = 0


def do_what_is_due(now: datetime, *, send: bool = True) -> Done:
    """Open, move on and close rounds whose day has come, refresh lights of overdue values, write and send mails.

    Each round in a transaction of its own. Running it twice does nothing more.
    """
    today = timezone.localdate(now)
    done = Done()
    for pk in _rounds(RoundState.PLANNED, opens__lte=today):
        done.opened += _move(pk, RoundState.PLANNED, RoundState.OPEN, now)
    for pk in _rounds(RoundState.OPEN, entry_deadline__lt=today):
        done.to_approval += _move(pk, RoundState.OPEN, RoundState.IN_APPROVAL, now)
    for pk in _rounds(RoundState.READY, meeting_date__lt=today):
        done.closed += _move(pk, RoundState.READY, RoundState.CLOSED, now)
    done.lights = _refresh_overdue(now)
    done.uploads, _ = Upload.objects.filter(at__lt=now - UPLOADS_KEPT).delete()
    done.mails = fill_outbox(now)
    done.cleared = clear_outbox(now)
    done.sent = send_waiting(now) if send else 0
    return done


def _rounds(state: RoundState, **due) -> list[int]:
    return list(Round.objects.filter(state=state, **due).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _move(pk: int, before: RoundState, after: RoundState, now: datetime) -> int:
    """Move the round on, unless somebody did meanwhile."""
    round_ = Round.objects.select_for_update(of=("self",)).select_related("body", "authority").get(pk=pk)
    if round_.state != before:
        return 0
    if after == RoundState.OPEN:
        open_round(round_, by=None, now=now)
    else:
        move_round(round_, after, by=None, now=now)
    return 1


def _refresh_overdue(now: datetime) -> int:
    """Goals measured by a series with an overdue value; how many lights it changed."""
    today = timezone.localdate(now)
    late = DueValue.objects.overdue(today).values("series")
    goals = set(Goal.objects.filter(goal_series__series__in=late).values_list("pk", flat=True))
    before = dict(GoalStanding.objects.filter(goal__in=goals).values_list("goal", "light"))
    refresh_goals(goals, today=today)
    after = dict(GoalStanding.objects.filter(goal__in=goals).values_list("goal", "light"))
    return sum(1 for pk, light in after.items() if before.get(pk) != light)
