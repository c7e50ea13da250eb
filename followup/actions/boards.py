"""Boards and their meetings: arranged, planned ahead, held, and ended with what they showed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from followup.actions.actions import start_action
from followup.actions.measurements import CellOutcome, CellValue, save_values
from followup.actions.standings import refresh_after_values
from followup.boards import BoardView, read_board
from followup.kept import kept_board
from followup.kinds import MeetingState
from followup.models import Acceptance, Action, Board, BoardMeeting, BoardPoint, BoardSeries, DueValue, Measurement
from followup.recurrence import occurrences, parse_recurrence
from goals.actions.versions import locked, store
from goals.models import Series
from organisation.actions.history import record
from organisation.models import Unit, User
from organisation.permissions import Permission

AHEAD = timedelta(days=56)  # how far ahead meetings are planned
FIELDS = ("name", "rule", "first_meeting", "meeting_time", "is_active")


class NotPossible(Exception):
    """What a meeting's state refuses. `key` is not_open, other_open, too_early, stale or stops.

    `meeting` is how it stands now; `view` the board where something stops it.
    """

    def __init__(self, key: str, meeting: BoardMeeting, view: BoardView | None = None) -> None:
        super().__init__(key)
        self.key, self.meeting, self.view = key, meeting, view


# ---- the board -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """That a board shows a series: where, and who looks after it."""

    series: Series
    focus_area: str
    position: int
    owner: User | None = None


@transaction.atomic
def create_board(board: Board, *, by: User, now: datetime) -> Board:
    """Store a new board; its unit gives its authority."""
    board.authority = board.unit.authority
    board.save()
    record(board, "created", authority=board.authority, by=by, now=now)
    plan_meetings(now, boards=[board])
    return board


@transaction.atomic
def change_board(board: Board, chosen: Sequence[Chosen], *, version: int, by: User, now: datetime) -> Board:
    """Store what the board is called, when it meets and what it shows; those it no longer shows leave it."""
    stored = locked(board, version)
    changes = store(board, stored, FIELDS)
    before = contents(board)
    board.board_series.exclude(series__in=[one.series for one in chosen]).delete()
    BoardSeries.objects.bulk_create(
        [
            BoardSeries(
                board=board,
                series=one.series,
                focus_area=one.focus_area,
                position=one.position,
                owner=one.owner,
            )
            for one in chosen
        ],
        update_conflicts=True,
        unique_fields=["board", "series"],
        update_fields=["focus_area", "position", "owner"],
    )
    if (after := contents(board)) != before:
        changes["board_series"] = (before, after)
        if board.version == stored.version:
            board.version += 1
            board.save(update_fields=["version"])
    if changes:
        record(board, "changed", authority=board.authority, by=by, now=now, changes=changes)
    if "rule" in changes or "first_meeting" in changes:
        today = timezone.localdate(now)
        board.meetings.filter(state=MeetingState.PLANNED, day__gte=today).delete()
    plan_meetings(now, boards=[board])
    return board


def contents(board: Board) -> str:
    """What the board shows, in words, for the history."""
    rows = board.board_series.select_related("series__indicator", "series__unit").order_by("position", "pk")
    return " · ".join(f"{row.focus_area}: {row.series.indicator.name}, {row.series.unit.name}" for row in rows)


def plan_meetings(now: datetime, *, boards: Iterable[Board] | None = None) -> int:
    """Make the meetings of the coming weeks by each board's rule; how many. Running it twice makes no more."""
    today = timezone.localdate(now)
    active = [one for one in (Board.objects.all() if boards is None else boards) if one.is_active]
    known = BoardMeeting.objects.filter(board__in=active, day__gte=today).values_list("board", "day")
    there = set(known)
    made = [
        BoardMeeting(board=board, day=day)
        for board in active
        for day in occurrences(parse_recurrence(board.rule), board.first_meeting, today, today + AHEAD)
        if (board.pk, day) not in there
    ]
    BoardMeeting.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


# ---- a meeting -------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_meeting(board: Board, day: date, *, by: User, now: datetime) -> BoardMeeting:
    """Open the day's meeting, also one that nobody planned; of two who start it the second finds it open."""
    if day > timezone.localdate(now):
        raise NotPossible("too_early", BoardMeeting(board=board, day=day))
    BoardMeeting.objects.get_or_create(board=board, day=day)
    meeting = _held(board, day)
    if meeting.is_open:
        return meeting
    if meeting.is_closed:
        raise NotPossible("not_open", meeting)
    meeting.state, meeting.opened_by, meeting.opened_at = MeetingState.OPEN, by, now
    try:
        with transaction.atomic():
            meeting.save(update_fields=["state", "opened_by", "opened_at"])
    except IntegrityError:
        raise NotPossible("other_open", board.meetings.get(state=MeetingState.OPEN)) from None
    record(meeting, "open", authority=board.authority, by=by, now=now)
    return meeting


def _held(board: Board, day: date) -> BoardMeeting:
    """The meeting, held until the transaction ends."""
    return board.meetings.select_for_update(of=("self",)).select_related("closed_by").get(day=day)


def _under_way(meeting: BoardMeeting) -> BoardMeeting:
    """The meeting as it stands now, held; refused when it is not open."""
    stored = _held(meeting.board, meeting.day)
    if not stored.is_open:
        raise NotPossible("not_open", stored)
    return stored


@transaction.atomic
def save_meeting_values(
    meeting: BoardMeeting, cells: Sequence[CellValue], *, by: User, now: datetime
) -> list[CellOutcome]:
    """Store what was written at the meeting, as drafts."""
    _under_way(meeting)
    return save_values(cells, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Said:
    """What a meeting says about one indicator. An action needs what, who and when; all the rest may be empty."""

    series: Series
    explanation: str
    acceptance: str = ""
    what: str = ""
    owner: User | None = None
    due_date: date | None = None
    seen: str = ""  # the explanation the person began from


@transaction.atomic
def save_point(meeting: BoardMeeting, said: Said, *, by: User, now: datetime) -> None:
    """Store the explanation and the acceptance, and start the action. Refused when somebody else wrote meanwhile."""
    meeting = _under_way(meeting)
    _explain(meeting, said, by=by, now=now)
    _accept(meeting, said, by=by, now=now)
    if said.what and said.owner and said.due_date:
        start_action(
            meeting.board.unit, what=said.what, owner=said.owner, due_date=said.due_date, series=said.series,
            meeting=meeting, by=by, now=now,
        )  # fmt: skip


def _explain(meeting: BoardMeeting, said: Said, *, by: User, now: datetime) -> None:
    point = BoardPoint.objects.filter(meeting=meeting, series=said.series).first()
    before = point.explanation if point else ""
    if before == said.explanation:
        return
    if before != said.seen:
        raise NotPossible("stale", meeting)
    if not said.explanation:
        BoardPoint.objects.filter(meeting=meeting, series=said.series).delete()
    else:
        fields = {"explanation": said.explanation, "written_by": by, "written_at": now}
        BoardPoint.objects.update_or_create(meeting=meeting, series=said.series, defaults=fields)
    _record_word(meeting, said.series, "explanation", before, said.explanation, by=by, now=now)


def _accept(meeting: BoardMeeting, said: Said, *, by: User, now: datetime) -> None:
    found = Acceptance.objects.filter(meeting=meeting, series=said.series)
    accepted = found.first()
    before = accepted.reason if accepted else ""
    if before == said.acceptance:
        return
    if not said.acceptance:
        found.delete()
    else:
        fields = {"authority": meeting.board.authority, "reason": said.acceptance, "by": by, "at": now}
        Acceptance.objects.update_or_create(meeting=meeting, series=said.series, defaults=fields)
    _record_word(meeting, said.series, "acceptance", before, said.acceptance, by=by, now=now)


def _record_word(
    meeting: BoardMeeting, series: Series, kind: str, before: str, after: str, *, by: User, now: datetime
) -> None:
    changes: dict[str, tuple[Any, Any]] = {kind: (before, after), "series": ("", series.indicator.name)}
    record(meeting, "changed", authority=meeting.board.authority, by=by, now=now, changes=changes)


@transaction.atomic
def close_meeting(meeting: BoardMeeting, *, note: str = "", by: User, now: datetime) -> BoardMeeting:
    """End the meeting and keep what the board showed. Refused while a deviation is unanswered or an action is late."""
    meeting = _under_way(meeting)
    today = timezone.localdate(now)
    view = read_board(meeting.board, today=today, drafts=True, meeting=meeting)
    if view.has_stops:
        raise NotPossible("stops", meeting, view)
    meeting.shown = kept_board(view, Action.objects.filter(meeting=meeting).select_related("owner"))
    meeting.state, meeting.closed_by, meeting.closed_at, meeting.note = MeetingState.CLOSED, by, now, note
    meeting.save()
    _approve(view, by=by, now=now)
    record(meeting, "closed", authority=meeting.board.authority, by=by, now=now)
    return meeting


def _approve(view: BoardView, *, by: User, now: datetime) -> None:
    """Approve drafts no round asks for, where the person may and did not enter them; the rest stay drafts."""
    series = [tile.series.pk for tile in view.tiles]
    asked = DueValue.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
    units = Unit.objects.allowing(Permission.APPROVE, by, timezone.localdate(now))
    drafts = Measurement.objects.filter(~Exists(asked), series__in=series, series__unit__in=units, approved_at=None)
    drafts = drafts.exclude(entered_by=by).select_for_update(of=("self",)).order_by("pk")
    keys = list(drafts.values_list("pk", "series", "period_end"))
    Measurement.objects.filter(pk__in=[pk for pk, _series, _end in keys]).update(approved_by=by, approved_at=now)
    if keys:
        refresh_after_values([(pk, end) for _pk, pk, end in keys], now=now)
