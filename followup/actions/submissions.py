"""A unit's report on its way: entered, sent, taken up, returned, approved.

`followup.workflow` says what is possible. Every step but entering leaves a line in the history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from followup.actions.assessments import keep_lights
from followup.actions.measurements import CellOutcome, CellValue, save_values
from followup.actions.notices import tell_of_return
from followup.actions.standings import refresh_after_round, refresh_after_values
from followup.deviations import accounts_in
from followup.kinds import WAITING
from followup.models import DueValue, Measurement, Submission, SubmissionState
from followup.workflow import STEPS, Step, refusal
from organisation.actions.history import record
from organisation.models import Unit, User


class NotPossible(Exception):
    """Something stands in the way of the step. `key` names the sentence to show, `values` what it needs."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Stop:
    """What a report lacks before it can be sent: the key of the sentence, and how many."""

    key: str
    count: int


def _values_missing(submission: Submission, today: date) -> Stop | None:
    """Every value asked for must have a number or a reason."""
    count = submission.due_values.missing().count()
    return Stop("values_missing", count) if count else None


def _unexplained(submission: Submission, today: date) -> Stop | None:
    """What is off track must be explained, and acted on or accepted."""
    count = sum(1 for account in accounts_in(submission, today) if account.lacks)
    return Stop("unexplained", count) if count else None


# What is asked before a report is sent, in the order it is told.
STOPS: tuple[Callable[[Submission, date], Stop | None], ...] = (_values_missing, _unexplained)


def hold_for_entry(submission: Submission, *, by: User, now: datetime) -> Submission:
    """The report, held until the caller's transaction ends, if it is open for entry."""
    return _begin(Step.ENTER, submission, by=by, now=now)


@transaction.atomic
def enter_values(submission: Submission, cells: Sequence[CellValue], *, by: User, now: datetime) -> list[CellOutcome]:
    """Store a report's cells as drafts, if it is open for entry.

    Holds every report that asks for one of the values: none of them is sent or taken up while its numbers change.
    """
    held = _asking(submission, cells, by=by, now=now)
    _refuse(Step.ENTER, held.pop(submission.pk), by=by, now=now)
    sent = DueValue.objects.filter(submission__in=[one for one in held.values() if one.state in WAITING])
    if {cell.key for cell in cells} & set(sent.values_list("series", "period_end")):
        raise NotPossible("sent_elsewhere")
    return save_values(cells, by=by, now=now)


@transaction.atomic
def submit(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Send to approval, unless something stops it."""
    submission = _begin(Step.SUBMIT, submission, by=by, now=now)
    for check in STOPS:
        if stop := check(submission, timezone.localdate(now)):
            raise NotPossible(stop.key, count=stop.count)
    keep_lights(submission.round, accounts_in(submission, timezone.localdate(now)), now=now)
    submission.submitted_by, submission.submitted_at = by, now
    return _finish(Step.SUBMIT, submission, by=by, now=now)


@transaction.atomic
def withdraw(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Take back what was sent, so that it can be changed: until an approver has taken it up."""
    submission = _begin(Step.WITHDRAW, submission, by=by, now=now)
    return _finish(Step.WITHDRAW, submission, by=by, now=now)


@transaction.atomic
def take_up(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Begin to look at what was sent: from now on nobody changes it, and no other approver decides."""
    submission = _begin(Step.TAKE_UP, submission, by=by, now=now)
    submission.reviewed_by, submission.reviewed_at = by, now
    return _finish(Step.TAKE_UP, submission, by=by, now=now)


@transaction.atomic
def put_back(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Leave what was taken up, by oneself or by another approver, as it was sent."""
    submission = _begin(Step.PUT_BACK, submission, by=by, now=now)
    submission.reviewed_by = submission.reviewed_at = None
    return _finish(Step.PUT_BACK, submission, by=by, now=now)


@transaction.atomic
def send_back(submission: Submission, *, reason: str, by: User, now: datetime) -> Submission:
    """Return to the unit with a reason, which stays in the history and goes to its leaders by mail."""
    submission = _begin(Step.SEND_BACK, submission, by=by, now=now)
    submission.return_reason = reason
    submission.decided_by, submission.decided_at = by, now
    _finish(Step.SEND_BACK, submission, by=by, now=now, reason=reason)
    tell_of_return(submission, by=by, now=now)
    return submission


@transaction.atomic
def approve(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Approve: the values are locked and count in every light. Units below must be approved first."""
    submission = _begin(Step.APPROVE, submission, by=by, now=now)
    submission.decided_by, submission.decided_at = by, now
    _finish(Step.APPROVE, submission, by=by, now=now)
    keys = set(DueValue.objects.filter(submission=submission).values_list("series_id", "period_end"))
    Measurement.objects.filter(pk__in=_measurements_of(keys), approved_at__isnull=True).update(
        approved_at=now, approved_by=by, approved_in=submission
    )
    refresh_after_values(keys, now=now)
    return submission


@transaction.atomic
def give_late_exception(submission: Submission, *, until: date, reason: str, by: User, now: datetime) -> Submission:
    """Let one unit enter until a day, also after the round is ready. It is over by itself when the day is."""
    submission = _begin(Step.GIVE_LATE_EXCEPTION, submission, by=by, now=now)
    if until < max(timezone.localdate(now), submission.round.deadline_for(submission.unit.kind)):
        raise NotPossible("late_too_early")
    before = submission.late_until
    submission.late_until = submission.deadline = until
    submission.late_reason = reason
    submission.save(update_fields=["late_until", "late_reason", "deadline"])
    record(
        submission,
        "late_exception",
        authority=submission.round.authority,
        by=by,
        now=now,
        changes={"late_until": (before, until)},
        reason=reason,
    )
    refresh_after_round(submission.round, now=now)
    return submission


# ---- the one way through a step --------------------------------------------------------------------------------------


def _begin(step: Step, submission: Submission, *, by: User, now: datetime) -> Submission:
    """The report as it is now, held until the transaction ends, if it may take the step."""
    held = _held(step, by=by, now=now).get(pk=submission.pk)
    _refuse(step, held, by=by, now=now)
    return held


def _held(step: Step, *, by: User, now: datetime):
    """Reports as they are now, each with whether the person has the step's permission for its unit."""
    allowed = Unit.objects.allowing(STEPS[step].permission, by, timezone.localdate(now))
    return (
        Submission.objects.select_for_update(of=("self",))
        # Not the people: whoever waited for the lock would be given those of before.
        .select_related("round__authority", "unit")
        .annotate(is_allowed=Exists(allowed.filter(pk=OuterRef("unit"))))
    )


def _refuse(step: Step, submission: Submission, *, by: User, now: datetime) -> None:
    today = timezone.localdate(now)
    waiting = waiting_below(submission) if step is Step.APPROVE else []
    report = submission.as_report(has_waiting_below=bool(waiting))
    if key := refusal(step, report, by=by.pk, is_allowed=submission.is_allowed, today=today):
        raise NotPossible(key, submission=submission, units=waiting)


def _finish(step: Step, submission: Submission, *, by: User, now: datetime, reason: str = "") -> Submission:
    before, after = submission.state, STEPS[step].leads_to
    assert after is not None
    submission.state = after
    submission.save()
    record(
        submission,
        step.value if step in (Step.TAKE_UP, Step.PUT_BACK) else after.value,
        authority=submission.round.authority,
        by=by,
        now=now,
        changes={"state": (before, after.value)},
        reason=reason,
    )
    return submission


def waiting_below(submission: Submission) -> list[Unit]:
    """Units below that owe the same round and are not approved yet."""
    below = Unit.objects.below(submission.unit, strictly=True)
    waiting = Submission.objects.filter(round=submission.round, unit__in=below).exclude(state=SubmissionState.APPROVED)
    return [one.unit for one in waiting.select_related("unit")]


def _asking(submission: Submission, cells: Sequence[CellValue], *, by: User, now: datetime) -> dict[int, Submission]:
    """The report and the others that ask for the same values, held in one order."""
    due = DueValue.objects.filter(
        series__in={cell.series.pk for cell in cells}, period_end__in={cell.period.last for cell in cells}
    )
    asking = Q(pk=submission.pk) | Q(pk__in=due.values("submission"))
    return {one.pk: one for one in _held(Step.ENTER, by=by, now=now).filter(asking).order_by("pk")}


def _measurements_of(keys: set[tuple[int, date]]) -> list[int]:
    rows = Measurement.objects.filter(
        series__in={series for series, _ in keys}, period_end__in={end for _, end in keys}
    ).values_list("pk", "series_id", "period_end")
    return [pk for pk, series, end in rows if (series, end) in keys]
