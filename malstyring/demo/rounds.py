"""Rounds around today in a demo: one held, one running with reports in every state; the plans make those ahead."""

from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from followup.actions.measurements import CellValue, correct_value, save_values
from followup.actions.plans import set_dates
from followup.actions.rounds import move_round, open_round, plan_round
from followup.actions.submissions import approve, give_late_exception, send_back, submit, take_up
from followup.deadlines import Deadlines, Distances, deadlines
from followup.models import Measurement, Plan, Round, RoundState, Submission, SubmissionState
from followup.workdays import Workdays
from goals.kinds import ValueKind
from goals.periods import Period, PeriodKind, parse_period
from malstyring.demo.actions import ActionBuilder
from malstyring.demo.builder import Builder
from malstyring.demo.calendar import WEDNESDAY, held_period, meeting_after
from organisation.models import UnitKind

FRIDAY = 4
SHORT = Distances(entry=10, department=8, directorate=7, approval=6, conclusion=5)
LATE_REASON = "Det nye omsorgssystem giver først tallene i næste uge."
CORRECTION_REASON = "Et barn var glemt i optællingen."
RETURN_REASON = "Fraværet er højere end sidste år. Skriv, hvad der er sket, og hvad I gør."


class RoundBuilder:
    """Plays the rounds of a model through the same actions as people use."""

    def __init__(self, builder: Builder) -> None:
        self.it = builder
        self.today, self.now = builder.today, builder.now
        self.actions = ActionBuilder(builder)
        self.consultant, self.director = builder.consultant, builder.director

    def build(self) -> None:
        """Committees follow quarters; the council follows half-years and meets soon. The plans made the rest."""
        plans = Plan.objects.filter(authority=self.it.authority).select_related("body")
        for plan in sorted(plans, key=lambda plan: plan.body.kind == UnitKind.COUNCIL):
            held = held_period(self.it, PeriodKind(plan.period_kind))
            self._held(plan, held)
            if plan.body.kind == UnitKind.COUNCIL:
                self._ready_for_meeting(plan, held.next())
            else:
                self._running(plan, held.next())
        self.actions.build()
        self._corrected()

    # ---- the rounds --------------------------------------------------------------------------------------------------

    def _round(self, plan: Plan, period: Period, dates: Deadlines) -> Round:
        """A round of the plan with dates around today: one that the plan made already is moved."""
        body = self.it.units[plan.body.code]
        round_ = Round.objects.filter(body=body, period=period.code).first() or Round(body=body, period=period.code)
        round_.plan, round_.meeting_time, round_.meeting_place = plan, plan.meeting_time, plan.meeting_place
        set_dates(round_, dates)
        return plan_round(round_, by=self.consultant, now=self._at(dates.opens))

    def _held(self, plan: Plan, period: Period) -> None:
        """A round whose meeting is over: everything approved."""
        dates = deadlines(meeting_after(period), Distances(), Workdays(), period_end=period.last)
        round_ = self._round(plan, period, dates)
        open_round(round_, by=self.consultant, now=self._at(round_.opens))
        sent, decided = self._at(dates.entry), self._at(dates.approval)
        for submission in round_.submissions.select_related("unit"):
            self.actions.make_ready(submission, by=self.it.leader_of(submission.unit), now=sent)
            submission.state = SubmissionState.APPROVED
            submission.submitted_by, submission.submitted_at = self.it.leader_of(submission.unit), sent
            submission.decided_by, submission.decided_at = self._approver(submission), decided
            submission.save()
            series = submission.due_values.values("series")
            ends = submission.due_values.values("period_end")
            values = Measurement.objects.filter(series__in=series, period_end__in=ends)
            values.update(approved_in=submission, approved_by=submission.decided_by, approved_at=decided)
        move_round(round_, RoundState.CLOSED, by=self.consultant, now=self._at(dates.meeting))

    def _running(self, plan: Plan, period: Period) -> None:
        body, entry = plan.body, _next(self.today + timedelta(days=3), FRIDAY)
        meeting = _next(self.today + timedelta(days=15), WEDNESDAY)
        round_ = self._round(
            plan, period, self._close(meeting, entry, min(period.last + timedelta(days=1), self.today))
        )
        open_round(round_, by=self.consultant, now=self._at(round_.opens))
        plans = self.it.model.REPORTED.get(body.code, {})
        submissions = round_.submissions.select_related("unit", "round")
        # The lowest first: a unit is approved only after those below it.
        for submission in sorted(submissions, key=lambda one: -len(one.unit.path_ids())):
            self._play(submission, plans.get(submission.unit.code, plans.get("*", "draft")))
        if body.code in self.it.model.READY_BODIES:
            move_round(round_, RoundState.READY, by=self.consultant, now=self.now)

    def _ready_for_meeting(self, plan: Plan, period: Period) -> None:
        meeting = _next(self.today + timedelta(days=6), WEDNESDAY)
        opens, entry, department, directorate, approval = (self.today - timedelta(days=n) for n in (35, 14, 11, 9, 7))
        dates = self._close(meeting, entry, opens)
        dates = replace(dates, department=department, directorate=directorate, approval=approval)
        round_ = self._round(plan, period, dates)
        open_round(round_, by=self.consultant, now=self._at(round_.opens))
        for submission in round_.submissions.select_related("unit", "round"):
            self._play(submission, "approved")
        move_round(round_, RoundState.READY, by=self.consultant, now=self.now)

    @staticmethod
    def _close(meeting: date, entry: date, opens: date) -> Deadlines:
        """The days from a given deadline to a meeting soon after; none of them before the deadline."""
        wanted = deadlines(meeting, SHORT, Workdays(), period_end=opens)
        rest = {name: max(day, entry) for name, day in asdict(wanted).items() if name not in ("opens", "entry")}
        return Deadlines(opens=opens, entry=entry, **rest)

    # ---- the reports -------------------------------------------------------------------------------------------------

    def _play(self, submission: Submission, plan: str) -> None:
        """Fill in and move one report: empty, draft (two thirds), filled in, sent, taken up, returned or approved."""
        share = {"empty": 0.0, "draft": 0.66, "late": 0.66}.get(plan, 1.0)
        self._fill(submission, share)
        if plan == "late":
            until = submission.deadline + timedelta(days=3)
            give_late_exception(submission, until=until, reason=LATE_REASON, by=self.consultant, now=self.now)
        if share < 1 or plan == "filled":
            return
        leader, earlier = self.it.leader_of(submission.unit), self.now - timedelta(days=1)
        self.actions.make_ready(submission, by=leader, now=earlier)
        submission = submit(submission, by=leader, now=earlier)
        if plan == "approved":
            approve(submission, by=self._approver(submission), now=self.now)
        elif plan == "in_review":
            take_up(submission, by=self.director, now=self.now)
        elif plan == "returned":
            send_back(submission, reason=RETURN_REASON, by=self.director, now=self.now)

    def _fill(self, submission: Submission, share: float) -> None:
        due = list(submission.due_values.select_related("series__indicator").order_by("series", "period_end"))
        coming = {(one.series_id, one.period_end): one for rows in self.it.coming.values() for one in rows}
        stored = set(
            Measurement.objects.filter(series__in=[one.series_id for one in due]).values_list("series", "period_end")
        )
        cells = []
        for one in due[: round(len(due) * share)]:
            value = coming.get((one.series_id, one.period_end))
            if value is None or (one.series_id, one.period_end) in stored:
                continue
            numbers = (
                {"numerator": value.numerator, "denominator": value.denominator}
                if one.series.indicator.value_kind == ValueKind.RATIO
                else {"value": value.value}
            )
            cells.append(CellValue(one.series, parse_period(one.period), is_confirmed=True, **numbers))
        save_values(cells, by=self.it.leader_of(submission.unit), now=self.now - timedelta(days=2))
        keys = {(cell.series.pk, cell.period.last) for cell in cells}
        mine = Measurement.objects.filter(series__in={pk for pk, _ in keys}, period_end__in={end for _, end in keys})
        mine.filter(approved_at=None).update(is_example=True)

    def _approver(self, submission: Submission):
        leader = self.it.leader_of(submission.unit)
        return self.consultant if leader == self.director else self.director

    def _corrected(self) -> None:
        """A number that was put right after it was approved."""
        unit = self.it.units[self.it.model.CORRECTED]
        held = Measurement.objects.approved().filter(series__unit=unit, value__isnull=False, parts_expected=None)
        wrong = held.select_related("series__indicator", "series__unit").order_by("-period_end", "pk").first()
        if wrong is None:
            return
        right = {"value": wrong.value + 1}
        if wrong.numerator is not None:
            right = {"numerator": wrong.numerator + 1, "denominator": wrong.denominator}
        cell = CellValue(wrong.series, parse_period(wrong.period), version=wrong.version, **right)
        correct_value(cell, reason=CORRECTION_REASON, by=self.consultant, now=self.now)

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, time(10, 5))), self.now)


def _next(day: date, weekday: int) -> date:
    """The first such weekday from the day on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)
