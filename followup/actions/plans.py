"""The year wheel: plans, the rounds they make ahead, and dates moved one by one."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from followup.actions.rounds import DATES, plan_round
from followup.deadlines import Deadlines, deadlines
from followup.following import follows_up
from followup.models import FollowUpSettings, Plan, Round, RoundState
from followup.recurrence import occurrences, parse_recurrence, words
from goals.actions.versions import locked, store
from goals.models import Series
from goals.periods import Period, PeriodKind
from organisation.actions.history import record
from organisation.models import Authority, Unit, User

AHEAD = relativedelta(months=15)
FIELDS = (
    "period_kind", "rule", "first_meeting", "meeting_time", "meeting_place", "follows", "most_below", "entry_days",
    "department_days", "directorate_days", "approval_days", "conclusion_days", "is_active",
)  # fmt: skip


class DateRefused(Exception):
    """A date that cannot be moved so. `key` is too_early, too_late, is_open or is_closed; `field` the date beside."""

    def __init__(self, key: str, field: str = "") -> None:
        super().__init__(f"{key}: {field}")
        self.key, self.field = key, field


@transaction.atomic
def save_plan(
    plan: Plan, *, series: Iterable[Series] | None = None, version: int | None = None, by: User, now: datetime
) -> Plan:
    """Store a new or changed plan, its rule in canonical words, and make the rounds that it lacks."""
    plan.rule = words(parse_recurrence(plan.rule))
    plan.authority_id = plan.body.authority_id
    if plan.pk is None:
        verb, changes = "created", {}
        plan.save()
    else:
        verb, changes = "changed", store(plan, locked(plan, version or plan.version), FIELDS)
    changes |= _choose(plan, series)
    if verb == "created" or changes:
        record(plan, verb, authority=plan.authority, by=by, now=now, changes=changes)
    plan_ahead(plan.authority, now=now, by=by)
    return plan


def _choose(plan: Plan, series: Iterable[Series] | None) -> dict[str, tuple[object, object]]:
    if series is None:
        return {}
    before, after = set(plan.series.values_list("pk", flat=True)), {one.pk for one in series}
    if before == after:
        return {}
    plan.series.set(after)
    return {"series": (len(before), len(after))}


# ---- rounds made ahead -----------------------------------------------------------------------------------------------


def plan_ahead(authority: Authority, *, now: datetime, by: User | None = None) -> int:
    """Make the rounds that the authority's plans lack in the coming 15 months; how many.

    What exists, or was moved by hand, is left alone: a body has one round for a period.
    """
    return _make(Plan.objects.filter(authority=authority), now=now, by=by)


def plan_everywhere(now: datetime) -> int:
    """The same for every authority. Two queries when nothing is lacking."""
    return _make(Plan.objects.all(), now=now, by=None)


def _make(plans: QuerySet[Plan], *, now: datetime, by: User | None) -> int:
    active = plans.filter(is_active=True).select_related("body", "authority__followup_settings").order_by("pk")
    there = set(Round.objects.filter(body__in=active.order_by().values("body")).values_list("body", "period"))
    lacking = [
        round_
        for plan in active
        for round_ in rounds_of(plan, timezone.localdate(now))
        if (round_.body_id, round_.period) not in there
    ]
    return sum(_store(round_, by=by, now=now) for round_ in lacking)


@transaction.atomic
def _store(round_: Round, *, by: User | None, now: datetime) -> bool:
    """Store the round unless somebody else did meanwhile."""
    wanted = {name: getattr(round_, name) for name in _MADE}
    stored, is_new = Round.objects.get_or_create(body=round_.body, period=round_.period, defaults=wanted)
    if is_new:
        record(stored, "created", authority=round_.authority, by=by, now=now)
    return is_new


_MADE = ("authority", "plan", "period_end", *DATES, "meeting_time", "meeting_place")


def rounds_of(plan: Plan, today: date) -> Iterator[Round]:
    """The plan's rounds of the coming 15 months, not stored: for each period the first meeting that can follow it up.

    A meeting so near that its units' deadline has passed makes none.
    """
    plan.body.authority = plan.authority
    if not follows_up(plan.body):
        return
    last = today + AHEAD
    seen: set[str] = set()
    for meeting in occurrences(parse_recurrence(plan.rule), plan.first_meeting, today, last):
        period, dates = dates_for(plan, meeting)
        has_body = plan.body.valid_to is None or meeting <= plan.body.valid_to
        if has_body and dates.entry >= today and period.code not in seen:
            seen.add(period.code)
            yield _round(plan, period, dates)


def dates_for(plan: Plan, meeting: date) -> tuple[Period, Deadlines]:
    """The period a meeting follows up, the latest that is over when the units report, and the deadlines before it."""
    settings = FollowUpSettings.objects.of(plan.authority)
    distances, workdays = plan.distances(settings), settings.workdays
    entry = workdays.before(meeting, distances.entry)
    period = Period.containing(entry, PeriodKind(plan.period_kind)).previous()
    return period, deadlines(meeting, distances, workdays, period_end=period.last)


def proposed_dates(body: Unit, period: Period, meeting: date) -> Deadlines:
    """The deadlines before a meeting that somebody plans by hand: by the body's plan of that rhythm, else the usual."""
    plan = plan_for(body, period) or Plan(body=body)
    settings = FollowUpSettings.objects.of(body.authority)
    return deadlines(meeting, plan.distances(settings), settings.workdays, period_end=period.last)


def plan_for(body: Unit, period: Period) -> Plan | None:
    """The body's plan in use that follows up such periods."""
    return Plan.objects.filter(body=body, period_kind=period.kind, is_active=True).first()


def set_dates(round_: Round, dates: Deadlines) -> None:
    """Give the round every date of the deadlines."""
    for name, day in zip(DATES, dates.in_order(), strict=True):
        setattr(round_, name, day)


def _round(plan: Plan, period: Period, dates: Deadlines) -> Round:
    round_ = Round(
        authority=plan.authority,
        body=plan.body,
        plan=plan,
        period=period.code,
        period_end=period.last,
        meeting_time=plan.meeting_time,
        meeting_place=plan.meeting_place,
    )
    set_dates(round_, dates)
    return round_


# ---- one date at a time ----------------------------------------------------------------------------------------------


@transaction.atomic
def move_date(round_: Round, field: str, day: date, *, by: User, now: datetime) -> Round:
    """Move one of the round's dates; DateRefused when the order would break or the round is past it."""
    stored = Round.objects.select_for_update(of=("self",)).select_related("body__authority").get(pk=round_.pk)
    at = DATES.index(field)
    if stored.state == RoundState.CLOSED:
        raise DateRefused("is_closed")
    if field == "opens" and stored.state != RoundState.PLANNED:
        raise DateRefused("is_open")
    for other, key, is_wrong in (
        *((name, "too_early", day.__lt__) for name in reversed(DATES[:at])),
        *((name, "too_late", day.__gt__) for name in DATES[at + 1 :]),
    ):
        beside = getattr(stored, other)
        if beside is not None and is_wrong(beside):
            raise DateRefused(key, other)
    setattr(stored, field, day)
    return plan_round(stored, by=by, now=now)
