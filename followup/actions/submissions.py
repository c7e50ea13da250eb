"""A unit's report on its way: sent, withdrawn, returned, approved. Each step leaves a line in the history."""

from datetime import datetime

from django.db import transaction

from followup.actions.standings import refresh_after_values
from followup.kinds import WAITING
from followup.models import DueValue, Measurement, Submission, SubmissionState
from organisation.actions.history import record
from organisation.models import Unit, User


class NotPossible(Exception):
    """The state does not allow the step. `key` names the sentence to show, `values` what it needs."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@transaction.atomic
def submit(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Send to approval. Every value asked for must have a number or a reason."""
    submission = _locked(submission)
    if not submission.is_editable:
        raise NotPossible("not_editable")
    missing = submission.due_values.missing().count()
    if missing:
        raise NotPossible("values_missing", count=missing)
    submission.submitted_by, submission.submitted_at = by, now
    return _move(submission, SubmissionState.SUBMITTED, by=by, now=now)


@transaction.atomic
def withdraw(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Take back what was sent, so that it can be changed: while the round is open for entry."""
    submission = _locked(submission)
    if submission.state != SubmissionState.SUBMITTED:
        raise NotPossible("not_submitted")
    if not submission.round.is_open_for_entry:
        raise NotPossible("round_locked")
    return _move(submission, SubmissionState.DRAFT, by=by, now=now)


@transaction.atomic
def send_back(submission: Submission, *, reason: str, by: User, now: datetime) -> Submission:
    """Return to the unit with a reason, which stays in the history."""
    submission = _locked(submission)
    if submission.state not in WAITING:
        raise NotPossible("not_submitted")
    submission.return_reason = reason
    submission.decided_by, submission.decided_at = by, now
    return _move(submission, SubmissionState.RETURNED, by=by, now=now, reason=reason)


@transaction.atomic
def approve(submission: Submission, *, by: User, now: datetime) -> Submission:
    """Approve: the values are locked and count in every light. Units below must be approved first."""
    submission = _locked(submission)
    if submission.state not in WAITING:
        raise NotPossible("not_submitted")
    if submission.submitted_by_id == by.pk:
        raise NotPossible("own_submission")
    waiting = _waiting_below(submission)
    if waiting:
        raise NotPossible("approve_children", units=waiting)
    submission.decided_by, submission.decided_at = by, now
    _move(submission, SubmissionState.APPROVED, by=by, now=now)
    keys = list(DueValue.objects.filter(submission=submission).values_list("series_id", "period_end"))
    Measurement.objects.filter(pk__in=_measurements_of(submission), approved_at__isnull=True).update(
        approved_at=now, approved_by=by, approved_in=submission
    )
    refresh_after_values(keys, now=now)
    return submission


def _measurements_of(submission: Submission) -> list[int]:
    wanted = set(DueValue.objects.filter(submission=submission).values_list("series_id", "period_end"))
    rows = Measurement.objects.filter(
        series__in={series for series, _ in wanted}, period_end__in={end for _, end in wanted}
    ).values_list("pk", "series_id", "period_end")
    return [pk for pk, series, end in rows if (series, end) in wanted]


def _waiting_below(submission: Submission) -> list[Unit]:
    below = Unit.objects.below(submission.unit, strictly=True)
    waiting = Submission.objects.filter(round=submission.round, unit__in=below).exclude(state=SubmissionState.APPROVED)
    return [one.unit for one in waiting.select_related("unit")]


def _locked(submission: Submission) -> Submission:
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("round__authority", "unit")
        .get(pk=submission.pk)
    )


def _move(submission: Submission, state: SubmissionState, *, by: User, now: datetime, reason: str = "") -> Submission:
    before, submission.state = submission.state, state
    submission.save()
    record(
        submission,
        state.value,
        authority=submission.round.authority,
        by=by,
        now=now,
        changes={"state": (before, state.value)},
        reason=reason,
    )
    return submission
