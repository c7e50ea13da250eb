"""A clinic's board in a demo: a year of fortnights behind each indicator, a meeting held and one that is due today."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from followup.actions.actions import start_action
from followup.actions.boards import (
    Chosen,
    Said,
    change_board,
    close_meeting,
    create_board,
    plan_meetings,
    save_point,
    start_meeting,
)
from followup.actions.standings import rebuild_standings
from followup.boards import read_board
from followup.models import Board, BoardMeeting, Measurement
from followup.runchart import Signal, run_chart
from followup.series import derive
from goals.kinds import Direction, ValueKind
from goals.models import GoalSeries, Series, Target
from goals.periods import Period, PeriodKind
from malstyring.demo.builder import Builder
from malstyring.demo.rows import BoardRow

FORTNIGHT = timedelta(days=14)
LENGTH, FEW, RUN = 26, 10, {"worse": 9, "better": 9}
TRIES = 2000
DRAFTS = 2  # of the newest values, those typed in and not approved yet


class BoardBuilder:
    """Plays the board of a model through the same actions as people use."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.model = builder, builder.model
        self.today, self.now = builder.today, builder.now
        self.newest = Period.containing(self.today, PeriodKind.FORTNIGHT).previous()
        self.random = Random(905)

    def build(self) -> None:
        """The series and their year, the board, the meeting of a fortnight ago, and the meetings to come."""
        series = {row.indicator: self._series(row) for row in self.model.BOARD_ROWS}
        self._values(series)
        rebuild_standings(self.it.authority, today=self.today)
        board = self._board(series)
        self._hold(board)
        plan_meetings(self.now, boards=[board])

    # ---- what is measured --------------------------------------------------------------------------------------------

    def _series(self, row: BoardRow) -> Series:
        unit = self.it.units[self.model.BOARD["unit"]]
        series = Series.objects.create(
            authority=self.it.authority,
            indicator=self.it.indicators[row.indicator],
            unit=unit,
            tolerance=Decimal(row.tolerance) if row.tolerance else None,
            source_note="Eksempeldata",
        )
        if row.goal:
            goal = self.it.goals[row.goal]
            GoalSeries.objects.create(goal=goal, series=series, rank=goal.goal_series.count() + 1)
        year = self.today.year
        for last_year, wanted in ((year + 1, row.now), (year + 3, row.later)):
            if wanted:
                self._target(series, date(last_year, 12, 31), wanted, row.high)
        return series

    def _target(self, series: Series, day: date, wanted: str, high: str) -> None:
        period = Period.containing(day, PeriodKind.FORTNIGHT).previous()
        numbers = {"low": Decimal(wanted), "high": Decimal(high)} if high else {"value": Decimal(wanted)}
        Target.objects.create(
            series=series,
            period=period.code,
            period_end=period.last,
            set_at=self._at(self.today - 30 * FORTNIGHT),
            set_by=self.it.consultant,
            **numbers,
        )

    # ---- a year of fortnights ----------------------------------------------------------------------------------------

    def _values(self, series: dict[str, Series]) -> None:
        stored: list[Measurement] = []
        drafts = [row.indicator for row in self.model.BOARD_ROWS if row.shape == "plain"][-DRAFTS:]
        for row in self.model.BOARD_ROWS:
            numbers = self._numbers(row, series[row.indicator])
            period, rows = self.newest, []
            for number in reversed(numbers):
                rows.append(self._measurement(series[row.indicator], period, number, row.size))
                period = period.previous()
            if row.shape == "missing":
                del rows[0]
            if row.indicator in drafts:
                rows[0].approved_at = rows[0].approved_by = None
            stored += rows
        Measurement.objects.bulk_create(stored)

    def _numbers(self, row: BoardRow, series: Series) -> list[Decimal]:
        """Numbers that end in the row's last and signal as its shape says: drawn anew until they do."""
        direction = Direction(series.indicator.direction)
        for _ in range(TRIES):
            numbers = self._drawn(row, series)
            found = run_chart(numbers, direction)
            only_run = found.signal is Signal.RUN and len(found.points) == found.run_length
            if row.shape == "few" or (row.shape not in RUN and found.signal is None and not found.is_too_short):
                return numbers
            if row.shape in RUN and only_run and found.is_better is (row.shape == "better"):
                return numbers
        raise AssertionError(f"no such numbers for {row.indicator}")

    def _drawn(self, row: BoardRow, series: Series) -> list[Decimal]:
        length, run = (FEW if row.shape == "few" else LENGTH), RUN.get(row.shape, 0)
        toward = 1 if row.last > row.middle else -1
        raw = [self.random.uniform(row.middle - row.spread, row.middle + row.spread) for _ in range(length - run)]
        shifted = row.middle + toward * 1.5 * row.spread
        raw += [self.random.uniform(shifted - row.spread / 3, shifted + row.spread / 3) for _ in range(run)]
        most = 100 if series.indicator.unit_of_measure == "pct." else 10**6
        return [self._rounded(min(max(number, 0), most), row, series) for number in (*raw[:-1], row.last)]

    @staticmethod
    def _rounded(number: float, row: BoardRow, series: Series) -> Decimal:
        if row.size:
            return Decimal(round(number * row.size / 100))  # how many of the whole
        return round(Decimal(repr(number)), series.indicator.decimals)

    def _measurement(self, series: Series, period: Period, number: Decimal, size: int) -> Measurement:
        is_pair = series.indicator.value_kind == ValueKind.RATIO
        whole = Decimal(size)
        entered = self._at(period.last + timedelta(days=1))
        return Measurement(
            authority=self.it.authority,
            series=series,
            period=period.code,
            period_end=period.last,
            value=derive(number, whole, series.indicator.factor) if is_pair else number,
            numerator=number if is_pair else None,
            denominator=whole if is_pair else None,
            is_example=True,
            entered_by=self.it.people[f"{self._prefix}medarbejder"],
            entered_at=entered,
            approved_by=self.it.director,
            approved_at=entered,
        )

    @property
    def _prefix(self) -> str:
        return f"{self.it.name}-"

    # ---- the board and its meetings ----------------------------------------------------------------------------------

    def _board(self, series: dict[str, Series]) -> Board:
        leader = self.it.leader_of(self.it.units[self.model.BOARD["unit"]])
        begun = self.today - 10 * FORTNIGHT
        board = create_board(
            Board(
                unit=self.it.units[self.model.BOARD["unit"]],
                name=self.model.BOARD["name"],
                rule="hver 14. dag",
                first_meeting=begun,
                meeting_time=time(13, 0),
            ),
            by=leader,
            now=self._at(self.today - FORTNIGHT),
        )
        chosen = [
            Chosen(series[row.indicator], row.focus_area, at * 10, self.it.people[row.owner])
            for at, row in enumerate(self.model.BOARD_ROWS, 1)
        ]
        return change_board(board, chosen, version=board.version, by=leader, now=self._at(self.today - FORTNIGHT))

    def _hold(self, board: Board) -> None:
        """The meeting of a fortnight ago: whatever stops it is explained, and acted on or accepted."""
        now, leader = self._at(self.today - FORTNIGHT), self.it.leader_of(board.unit)
        meeting = start_meeting(board, self.today - FORTNIGHT, by=leader, now=now)
        for code, (explanation, action, acceptance) in self.model.SAID.items():
            self._say(meeting, code, explanation, action, acceptance)
        for code, what, who, days in self.model.OTHER_ACTIONS:
            start_action(
                board.unit, what=what, owner=self.it.people[who], due_date=self.today + timedelta(days=days),
                series=self._of(board, code), meeting=meeting, by=leader, now=now,
            )  # fmt: skip
        view = read_board(board, today=self.today - FORTNIGHT, drafts=True, meeting=meeting)
        for tile in view.stopping:
            reason = "Vi venter og ser, om det var et enkelt udsving."
            said = Said(tile.series, explanation="Et enkelt udsving. Ingen kendt årsag.", acceptance=reason)
            save_point(meeting, said, by=leader, now=now)
        close_meeting(meeting, note=self.model.NOTE, by=leader, now=now)

    def _say(self, meeting: BoardMeeting, code: str, explanation: str, action, acceptance: str) -> None:
        what, who, days = action or ("", "", 0)
        said = Said(
            self._of(meeting.board, code),
            explanation=explanation,
            acceptance=acceptance,
            what=what,
            owner=self.it.people.get(who),
            due_date=self.today + timedelta(days=days),
        )
        save_point(meeting, said, by=self.it.leader_of(meeting.board.unit), now=self._at(meeting.day))

    @staticmethod
    def _of(board: Board, code: str) -> Series:
        return Series.objects.select_related("indicator", "unit").get(board_series__board=board, indicator__code=code)

    def _at(self, day: date) -> datetime:
        return min(timezone.make_aware(datetime.combine(day, time(13, 5))), self.now)
