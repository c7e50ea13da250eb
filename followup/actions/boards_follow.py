"""Boards when units are merged or split: they go on with the series that follow after those that end.

A board moves with its meetings to the first of the new units; a meeting that was held keeps what it showed. In a split
the others get a board like it for what goes on with them, without the meetings.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from followup.actions.boards import contents, create_board
from followup.kinds import MeetingState
from followup.models import Board, BoardMeeting, BoardSeries, DueValue, Measurement
from goals.models import Series
from organisation.actions.history import record
from organisation.models import Unit, User

LONGEST = Board._meta.get_field("name").max_length or 100
COPIED = ("name", "rule", "first_meeting", "meeting_time")
Heirs = Mapping[int, Sequence[Series]]  # by the id of the series that ends, in the order of the new units


def concerned(old: Iterable[Unit]) -> QuerySet[Board]:
    """The boards in use that hang in the units or show their series, in a fixed order."""
    units = list(old)
    shows = BoardSeries.objects.filter(board=OuterRef("pk"), series__unit__in=units)
    return Board.objects.filter(Q(unit__in=units) | Exists(shows), is_active=True).order_by("unit", "name", "pk")


def open_meeting(old: Iterable[Unit]) -> BoardMeeting | None:
    """A meeting under way in front of one of these boards: what it has said is about the series it sees."""
    found = BoardMeeting.objects.filter(board__in=concerned(old), state=MeetingState.OPEN)
    return found.select_related("board").order_by("day", "pk").first()


def names_together(boards: Iterable[Board], taken: Iterable[str] = ()) -> dict[int, str]:
    """What each board is called when all hang in one unit: the second of a name says where it came from."""
    used, names = set(taken), {}
    for board in boards:
        name = board.name
        if name in used:
            name = f"{board.name}, {board.unit.name}"[:LONGEST]
        at = 2
        while name in used:
            name, at = f"{board.name[: LONGEST - 5]} {at}", at + 1
        used.add(name)
        names[board.pk] = name
    return names


def boards_follow(old: Sequence[Unit], new: Sequence[Unit], heirs: Heirs, *, by: User, now: datetime) -> None:
    """Move the old units' boards, and let every board in use show the series that follow."""
    boards = list(concerned(old).select_related("unit", "authority").select_for_update(of=("self",)))
    moving = [board for board in boards if board.unit in old]
    before = {board.pk: contents(board) for board in boards}
    rows = _rows(boards, heirs)
    waiting = _waiting(heirs)
    _move(moving, new[0], by=by, now=now)
    for board in boards:
        if board in moving:
            for unit in new[1:]:
                _copy(board, unit, rows[board.pk], heirs, by=by, now=now)
            shown = {new[0].pk}
        else:
            shown = set(Unit.objects.below(board.unit).values_list("pk", flat=True))
        _renew(board, rows[board.pk], heirs, shown, waiting)
        if (after := contents(board)) != before[board.pk]:
            board.version += 1
            board.save(update_fields=["version"])
            changes = {"board_series": (before[board.pk], after)}
            record(board, "changed", authority=board.authority, by=by, now=now, changes=changes)


def _rows(boards: Sequence[Board], heirs: Heirs) -> dict[int, list[BoardSeries]]:
    """Of each board the rows with a series that ends now."""
    found: dict[int, list[BoardSeries]] = {board.pk: [] for board in boards}
    for row in BoardSeries.objects.filter(board__in=boards, series__in=list(heirs)).order_by("position", "pk"):
        found[row.board_id].append(row)
    return found


def _waiting(heirs: Heirs) -> set[int]:
    """Series with a number that only the board's next meeting can approve."""
    asked = DueValue.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
    drafts = Measurement.objects.filter(~Exists(asked), series__in=list(heirs), approved_at=None)
    return set(drafts.values_list("series", flat=True))


def _move(boards: Sequence[Board], unit: Unit, *, by: User, now: datetime) -> None:
    names = names_together(boards, Board.objects.filter(unit=unit).values_list("name", flat=True))
    for board in boards:
        changes: dict[str, tuple[Any, Any]] = {"unit": (board.unit, unit)}
        if names[board.pk] != board.name:
            changes["name"] = (board.name, names[board.pk])
        board.unit, board.name, board.version = unit, names[board.pk], board.version + 1
        board.save(update_fields=["unit", "name", "version"])
        record(board, "changed", authority=board.authority, by=by, now=now, changes=changes)


def _copy(board: Board, unit: Unit, rows: Iterable[BoardSeries], heirs: Heirs, *, by: User, now: datetime) -> None:
    """A board like it at the unit, for what goes on there; none for nothing."""
    there = {row.pk: [one for one in heirs[row.series_id] if one.unit_id == unit.pk] for row in rows}
    if any(there.values()):
        made = create_board(Board(unit=unit, **{name: getattr(board, name) for name in COPIED}), by=by, now=now)
        for row in rows:
            _show(made, row, there[row.pk])


def _renew(
    board: Board, rows: Iterable[BoardSeries], heirs: Heirs, units: Collection[int], waiting: Collection[int]
) -> None:
    """Put the series that follow in the places of those that end.

    Only those of units at or below the board's own: whoever reads a board may read drafts of all it shows.
    """
    for row in rows:
        _show(board, row, [one for one in heirs[row.series_id] if one.unit_id in units])
        if row.series_id not in waiting:
            row.delete()


def _show(board: Board, row: BoardSeries, series: Iterable[Series]) -> None:
    """Two that are followed by one stand where the first of them stood."""
    for one in series:
        place = {"focus_area": row.focus_area, "position": row.position, "owner_id": row.owner_id}
        BoardSeries.objects.get_or_create(board=board, series=one, defaults=place)
