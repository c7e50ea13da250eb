"""Planning and moving rounds."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from followup.actions.standings import refresh_after_round
from followup.actions.submissions import NotPossible
from followup.following import series_followed
from followup.models import DueValue, Round, RoundState, Submission, SubmissionState
from followup.workflow import ROUND_STEPS, RoundStep, round_refusal
from goals.models import Series
from goals.periods import Period, PeriodKind, periods_within
from organisation.actions.history import differences, record
from organisation.models import User

DATES = (
    "opens", "entry_deadline", "department_deadline", "directorate_deadline", "approval_deadline", "conclusion_date",
    "agenda_date", "material_date", "meeting_date",
)  # fmt: skip
# What planning may change: never the state, which may have moved since the page was fetched.
PLANNED_FIELDS = ("body", "plan", "period", *DATES, "meeting_time", "meeting_place")


def periods_asked(round_period: Period, kind: PeriodKind, lag_days: int) -> list[Period]:
    """The periods a round asks a series for: those whose last day plus the lag falls within the round's period."""
    lag = timedelta(days=lag_days)
    return periods_within(kind, round_period.first - lag, round_period.last - lag)


@transaction.atomic
def open_round(round_: Round, *, by: User | None, now: datetime) -> Round:
    """Open for entry: every followed series' periods become due values, one submission per unit. Twice adds nothing."""
    _ask(round_)
    refresh_after_round(round_, now=now)
    return move_round(round_, RoundState.OPEN, by=by, now=now)


@transaction.atomic
def ask_again(round_: Round, ended: Collection[int], *, now: datetime) -> None:
    """After units were merged or split in the middle of its period: ask for what is followed now.

    What is no longer asked of the series `ended`, and nobody has answered, goes; so do reports that then hold nothing.
    """
    due = DueValue.objects.filter(submission__round=round_, series__in=ended).missing()
    due.filter(period_end__gt=F("series__last_day")).delete()
    drafts = round_.submissions.filter(state=SubmissionState.DRAFT, due_values=None)
    drafts.filter(unit__in=Series.objects.filter(pk__in=ended).values("unit")).delete()
    _ask(round_)
    refresh_after_round(round_, now=now)


def _ask(round_: Round) -> None:
    asked = list(_asked(round_))
    submissions = _submissions(round_, asked)
    DueValue.objects.bulk_create(
        [
            DueValue(submission=submissions[series.unit_id], series=series, period=period.code, period_end=period.last)
            for series, period in asked
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _asked(round_: Round) -> Iterator[tuple[Series, Period]]:
    series = series_followed(round_.body, round_.period_end, round_.plan)
    by_rhythm: dict[tuple[str, int], list[Period]] = defaultdict(list)
    for one in series.select_related("indicator", "unit").order_by("pk"):
        rhythm = one.indicator.frequency, one.reporting_lag_days
        if rhythm not in by_rhythm:
            by_rhythm[rhythm] = periods_asked(round_.covers, PeriodKind(rhythm[0]), rhythm[1])
        for period in by_rhythm[rhythm]:
            # A series that ends is asked for its last whole period, also when that is reported later.
            if one.last_day is None or period.last <= one.last_day:
                yield one, period


def _submissions(round_: Round, asked: list[tuple[Series, Period]]) -> dict[int, Submission]:
    units = {series.unit_id: series.unit for series, _ in asked}
    Submission.objects.bulk_create(
        [
            Submission(round=round_, unit=unit, deadline=round_.deadline_for(unit.kind))
            for _pk, unit in sorted(units.items())
        ],
        ignore_conflicts=True,
    )
    return {one.unit_id: one for one in Submission.objects.filter(round=round_)}


@transaction.atomic
def take_round_step(round_: Round, step: RoundStep, *, by: User | None, now: datetime) -> Round:
    """Open the round, move it on or reopen it. `by` None: its day has come."""
    held = Round.objects.select_for_update(of=("self",)).select_related("body", "authority").get(pk=round_.pk)
    planned = Round.objects.filter(pk=held.pk)
    is_allowed = by is None or planned.plannable_by(by, timezone.localdate(now)).exists()
    if key := round_refusal(step, RoundState(held.state), is_allowed=is_allowed):
        raise NotPossible(key, round=held)
    if step is RoundStep.OPEN:
        return open_round(held, by=by, now=now)
    return move_round(held, ROUND_STEPS[step].leads_to, by=by, now=now)


def move_round(round_: Round, state: RoundState, *, by: User | None, now: datetime) -> Round:
    """Put the round in a state and record it; nothing when it is there already."""
    before = round_.state
    if before == state:
        return round_
    round_.state = state
    round_.save(update_fields=["state"])
    record(round_, state.value, authority=round_.authority, by=by, now=now, changes={"state": (before, state.value)})
    return round_


def _move_deadlines(round_: Round) -> bool:
    """Give the reports the round's deadlines, but for those with one of their own; whether any moved."""
    moved = []
    for submission in round_.submissions.filter(late_until=None).select_related("unit"):
        deadline = round_.deadline_for(submission.unit.kind)
        if submission.deadline != deadline:
            submission.deadline = deadline
            moved.append(submission)
    Submission.objects.bulk_update(moved, ["deadline"])
    return bool(moved)


@transaction.atomic
def plan_round(round_: Round, *, by: User, now: datetime) -> Round:
    """Store a new round or its moved dates; the body gives its authority, the period its last day."""
    is_new = round_.pk is None
    recorded = (*DATES, "meeting_time", "meeting_place")
    before = {} if is_new else Round.objects.filter(pk=round_.pk).values(*recorded)[0]
    round_.authority = round_.body.authority
    round_.period_end = round_.covers.last
    round_.save(update_fields=None if is_new else ["authority", "period_end", *PLANNED_FIELDS])
    changes = {} if is_new else differences(before, {field: getattr(round_, field) for field in recorded})
    if not is_new and _move_deadlines(round_):
        refresh_after_round(round_, now=now)
    record(round_, "created" if is_new else "changed", authority=round_.authority, by=by, now=now, changes=changes)
    return round_
