"""Rounds around today in a demo: one held, one running with reports in every state, one planned."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from followup.actions.measurements import CellValue, correct_value, save_values
from followup.actions.rounds import move_round, open_round
from followup.actions.submissions import approve, give_late_exception, send_back, submit, take_up
from followup.models import Measurement, Round, RoundState, Submission, SubmissionState
from goals.kinds import ValueKind
from goals.periods import Period, PeriodKind, parse_period
from malstyring.demo.actions import ActionBuilder
from malstyring.demo.builder import Builder
from organisation.models import Unit

FRIDAY, WEDNESDAY = 4, 2
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
        """Committees follow quarters; the council follows half-years and meets soon."""
        council = self.it.units[self.it.model.UNITS[0].code]
        bodies = [unit for unit in self.it.units.values() if unit.is_body and unit != council]
        current = self.it.current
        for body in bodies:
            self._held(body, current.previous())
            self._running(body, current)
            self._planned(body, current.next())
        half = Period.containing(self.it.approved_until + timedelta(days=1), PeriodKind.HALF_YEAR).previous()
        self._held(council, half.previous())
        self._ready_for_meeting(council, half)
        self._planned(council, half.next())
        self.actions.build()
        self._corrected()

    # ---- the rounds --------------------------------------------------------------------------------------------------

    def _round(self, body: Unit, period: Period, *, opens: date, dates: tuple[date, date, date]) -> Round:
        entry, approval, meeting = dates
        return Round.objects.create(
            authority=self.it.authority,
            body=body,
            period=period.code,
            period_end=period.last,
            opens=opens,
            entry_deadline=entry,
            approval_deadline=approval,
            meeting_date=meeting,
        )

    def _held(self, body: Unit, period: Period) -> None:
        """A round whose meeting is over: everything approved."""
        after = period.last
        dates = after + timedelta(days=20), after + timedelta(days=27), _next(after + timedelta(days=45), WEDNESDAY)
        round_ = self._round(body, period, opens=after + timedelta(days=1), dates=dates)
        open_round(round_, by=self.consultant, now=self._at(round_.opens))
        sent, decided = self._at(dates[0]), self._at(dates[1])
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
        move_round(round_, RoundState.CLOSED, by=self.consultant, now=self._at(dates[2]))

    def _running(self, body: Unit, period: Period) -> None:
        entry = _next(self.today + timedelta(days=3), FRIDAY)
        meeting = _next(self.today + timedelta(days=15), WEDNESDAY)
        opens = min(period.last + timedelta(days=1), self.today)
        round_ = self._round(body, period, opens=opens, dates=(entry, entry + timedelta(days=5), meeting))
        open_round(round_, by=self.consultant, now=self._at(opens))
        plans = PLANS.get(body.code, {})
        submissions = round_.submissions.select_related("unit", "round")
        # The lowest first: a unit is approved only after those below it.
        for submission in sorted(submissions, key=lambda one: -len(one.unit.path_ids())):
            self._play(submission, plans.get(submission.unit.code, plans.get("*", "draft")))
        if body.code in READY_BODIES:
            move_round(round_, RoundState.READY, by=self.consultant, now=self.now)

    def _ready_for_meeting(self, council: Unit, period: Period) -> None:
        meeting = _next(self.today + timedelta(days=6), WEDNESDAY)
        dates = self.today - timedelta(days=14), self.today - timedelta(days=7), meeting
        round_ = self._round(council, period, opens=self.today - timedelta(days=35), dates=dates)
        open_round(round_, by=self.consultant, now=self._at(round_.opens))
        for submission in round_.submissions.select_related("unit", "round"):
            self._play(submission, "approved")
        move_round(round_, RoundState.READY, by=self.consultant, now=self.now)

    def _planned(self, body: Unit, period: Period) -> None:
        after = period.last
        dates = after + timedelta(days=20), after + timedelta(days=27), _next(after + timedelta(days=45), WEDNESDAY)
        self._round(body, period, opens=after + timedelta(days=1), dates=dates)

    # ---- the reports -------------------------------------------------------------------------------------------------

    def _play(self, submission: Submission, plan: str) -> None:
        """Fill in and move one report: empty, draft (two thirds), sent, taken up, returned or approved."""
        share = {"empty": 0.0, "draft": 0.66, "late": 0.66}.get(plan, 1.0)
        self._fill(submission, share)
        if plan == "late":
            until = submission.deadline + timedelta(days=3)
            give_late_exception(submission, until=until, reason=LATE_REASON, by=self.consultant, now=self.now)
        if share < 1:
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
        held = Measurement.objects.approved().filter(
            authority=self.it.authority, series__unit=self.it.units["SOL"], value__isnull=False, parts_expected=None
        )
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


# Body -> unit -> how far its report has come; `*` for the rest.
PLANS = {
    "BSU": {"BAK": "draft", "ELM": "submitted", "AAS": "returned", "SOL": "approved", "SKV": "in_review", "*": "draft"},
    "EBU": {"*": "approved"},
    "SSU": {"PLE": "submitted", "HJE": "late", "TRA": "empty", "*": "draft"},
    "OKU": {"*": "draft"},
}
READY_BODIES = {"EBU"}
