"""Boards: the list, one on the wall, what it shows, and its meetings held, written in and read back."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from followup.actions import actions as steps
from followup.actions.boards import (
    NotPossible,
    change_board,
    close_meeting,
    create_board,
    save_meeting_values,
    save_point,
    start_meeting,
)
from followup.board_forms import BoardForm, BoardRows, CloseForm, NewBoardForm, PointForm, StepForm, people_of
from followup.boards import BoardView, read_board
from followup.entry import Cell, CellError, read_cell, take_outcomes
from followup.kept import kept_chart
from followup.models import Action, Board, BoardMeeting
from goals.actions.versions import Stale
from goals.labels import MISSING_REASONS, choices
from goals.views.shared import answer, posted, saved, show_stale, units_for
from organisation.access import requires
from organisation.models import Unit
from organisation.permissions import Permission

PAGE = 50
LAYOUTS = {"vaeg": "followup/board_wall.html", "tabel": "followup/board_table.html"}


def _boards(request: HttpRequest):
    visible = Board.objects.visible_to(request.user, request.today).select_related("unit", "authority")
    return visible.with_rights(request.user, request.today)


@requires(Permission.SEE_AUTHORITY)
def board_list(request: HttpRequest) -> HttpResponse:
    """Every board of the authority, with its next meeting."""
    boards = Board.objects.filter(authority=request.authority).select_related("unit")
    boards = boards.with_next_meeting(request.today).order_by("-is_active", "unit__position", "unit__name", "name")
    context = {
        "page": Paginator(boards, PAGE).get_page(request.GET.get("side")),
        "may_create": request.user.may_somewhere(Permission.EDIT_BOARDS, request.today),
    }
    return render(request, "followup/board_list.html", context)


@requires(Permission.SEE_AUTHORITY)
def board_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A board as it hangs on the wall; `?vis=vaeg` without the frame, `?vis=tabel` in words."""
    board = get_object_or_404(_boards(request), pk=pk)
    view = read_board(board, today=request.today, drafts=board.sees_drafts)
    template = LAYOUTS.get(request.GET.get("vis", ""), "followup/board_detail.html")
    return render(request, template, {"board": board, "view": view})


# ---- arranging -------------------------------------------------------------------------------------------------------


@requires(Permission.EDIT_BOARDS)
def board_create(request: HttpRequest) -> HttpResponse:
    """A new board; what it shows is chosen next."""
    form = NewBoardForm(posted(request), units=units_for(request, Permission.EDIT_BOARDS))
    if request.method == "POST" and form.is_valid():
        board = create_board(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _("Tavlen er oprettet. Vælg de indikatorer, I vil følge."))
        return redirect("followup:board_edit", board.pk)
    return render(request, "followup/board_create.html", {"form": form}, status=answer(form))


@requires(Permission.EDIT_BOARDS)
def board_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What a board is called, when it meets, and which indicators it shows in which order."""
    board = get_object_or_404(_boards(request), pk=pk)
    if not board.may_edit:
        raise PermissionDenied
    form, rows = BoardForm(posted(request), instance=board), BoardRows(board, posted(request))
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        changed, version = form.save(commit=False), form.cleaned_data["version"]
        try:
            change_board(changed, rows.chosen(), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:board_detail", pk)
    is_refused = form.errors or any(one.errors for one in rows.forms)
    context = {"board": board, "form": form, "rows": rows}
    return render(request, "followup/board_edit.html", context, status=422 if is_refused else 200)


# ---- meetings --------------------------------------------------------------------------------------------------------


def _own_board(request: HttpRequest, pk: int, *, to_run: bool = False) -> Board:
    """The board, for those who see its drafts (else 404) and, to run its meetings, may do that (else 403)."""
    board = get_object_or_404(_boards(request).filter(sees_drafts=True), pk=pk)
    if to_run and not board.may_run:
        raise PermissionDenied
    return board


def _meeting(board: Board, day: date) -> BoardMeeting:
    meeting = get_object_or_404(BoardMeeting.objects.select_related("opened_by", "closed_by"), board=board, day=day)
    meeting.board = board
    return meeting


def _to(meeting: BoardMeeting, anchor: str = "") -> HttpResponse:
    return redirect(reverse("followup:board_meeting", args=[meeting.board_id, meeting.day]) + anchor)


@requires(Permission.SEE_DRAFTS)
def board_meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """The board's meetings, the latest first."""
    board = _own_board(request, pk)
    rows = board.meetings.without_what_was_shown().select_related("closed_by").order_by("-day")
    page = Paginator(rows, PAGE).get_page(request.GET.get("side"))
    return render(request, "followup/board_meetings.html", {"board": board, "page": page})


@requires(Permission.SEE_DRAFTS)
def board_meeting(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """One meeting: to come, under way, or as it was when it ended."""
    board = _own_board(request, pk)
    meeting = _meeting(board, day)
    if not meeting.is_closed:
        return _render_meeting(request, board, meeting)
    rows = [row | {"svg": kept_chart(row)} for row in meeting.shown if row["kind"] == "series"]
    context = {
        "board": board,
        "meeting": meeting,
        "agenda": sorted((row for row in rows if row["number"]), key=lambda row: row["number"]),
        "rest": [row for row in rows if not row["number"]],
        "actions": [row for row in meeting.shown if row["kind"] == "action"],
    }
    return render(request, "followup/board_meeting_closed.html", context)


def _render_meeting(
    request: HttpRequest,
    board: Board,
    meeting: BoardMeeting,
    *,
    view: BoardView | None = None,
    refused: PointForm | StepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The meeting page; `view` and `refused` carry what was typed and could not be stored."""
    view = view or read_board(board, today=request.today, drafts=True, meeting=meeting)
    people = {str(one.pk): one for one in people_of(board.unit)} if meeting.is_open else {}
    is_of = refused.tile.series.pk if isinstance(refused, PointForm) else None
    about = refused.action.pk if isinstance(refused, StepForm) else None
    points = [
        {
            "tile": tile,
            "form": refused if tile.series.pk == is_of else PointForm(people=people, tile=tile, today=request.today),
        }
        for tile in view.agenda
    ]
    actions = [
        {
            "action": action,
            "is_late": action.is_overdue(request.today),
            "form": refused if action.pk == about else StepForm(action=action, today=request.today),
        }
        for action in view.actions
    ]
    context = {
        "board": board,
        "meeting": meeting,
        "view": view,
        "points": points,
        "actions": actions,
        "reasons": choices(MISSING_REASONS),
        "form": CloseForm(),
        "may_run": board.may_run,
        "is_ahead": meeting.day > request.today,
    }
    return render(request, "followup/board_meeting.html", context, status=status)


def _refusal(error: NotPossible) -> str:
    match error.key:
        case "too_early":
            return _("Mødet kan tidligst begynde på dagen.")
        case "other_open":
            return _("Et andet møde er i gang. Afslut det først.")
        case "stale":
            return _("En anden skrev en forklaring imens. Begge tekster står her. Gem igen, hvis din skal gælde.")
        case "stops":
            return _("Mødet kan ikke afsluttes. Se herunder, hvad der mangler.")
    who = error.meeting.closed_by
    return _("%s har afsluttet mødet imens. Det, du skrev, er ikke gemt.") % (who or _("En anden"))


@requires(Permission.EDIT_ACTIONS)
@require_POST
def board_meeting_start(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """Begin the day's meeting, planned or not."""
    board = _own_board(request, pk, to_run=True)
    try:
        meeting = start_meeting(board, day, by=request.user, now=request.now)
    except NotPossible as error:
        messages.error(request, _refusal(error))
        return redirect("followup:board_detail", pk) if error.key == "too_early" else _to(error.meeting)
    return _to(meeting)


@requires(Permission.EDIT_ACTIONS)
@require_POST
def board_meeting_values(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """Write the values that the meeting asks for."""
    board = _own_board(request, pk, to_run=True)
    meeting = _meeting(board, day)
    view = read_board(board, today=request.today, drafts=True, meeting=meeting)
    allowed = Unit.objects.allowing(Permission.ENTER_VALUES, request.user, request.today)
    mine = set(allowed.filter(pk__in={tile.series.unit_id for tile in view.tiles}).values_list("pk", flat=True))
    cells = [cell for cell in view.due_cells if cell.due.series.unit_id in mine]
    try:
        _store(cells, meeting, request)
    except NotPossible as error:
        messages.error(request, _refusal(error))
        return _to(error.meeting)
    if any(cell.is_rejected for cell in cells):
        return _render_meeting(request, board, meeting, view=view, status=422)
    messages.success(request, _("Tallene er gemt."))
    return _to(meeting, "#tal" if any(cell.measurement is None or cell.far for cell in cells) else "#droeftes")


def _store(cells: list[Cell], meeting: BoardMeeting, request: HttpRequest) -> None:
    """Read what was typed and store what can be; the cells carry the outcome."""
    values = []
    for cell in cells:
        try:
            value = read_cell(request.POST, cell)
        except CellError as error:
            cell.error = str(error)
            continue
        if value is not None:
            values.append(value)
    take_outcomes(cells, save_meeting_values(meeting, values, by=request.user, now=request.now))


@requires(Permission.EDIT_ACTIONS)
@require_POST
def board_meeting_point(request: HttpRequest, pk: int, day: date, series_id: int) -> HttpResponse:
    """What the meeting says about one indicator; then on to the next that lacks something."""
    board = _own_board(request, pk, to_run=True)
    meeting = _meeting(board, day)
    view = read_board(board, today=request.today, drafts=True, meeting=meeting)
    tile = next((tile for tile in view.tiles if tile.series.pk == series_id), None)
    if tile is None:
        raise Http404
    people = {str(one.pk): one for one in people_of(board.unit)}
    form = PointForm(request.POST, people=people, tile=tile, today=request.today)
    if not form.is_valid():
        return _render_meeting(request, board, meeting, view=view, refused=form, status=422)
    try:
        save_point(meeting, form.said(), by=request.user, now=request.now)
    except NotPossible as error:
        if error.key != "stale":
            messages.error(request, _refusal(error))
            return _to(error.meeting)
        form.data = form.data.copy() | {"seen": tile.point.explanation if tile.point else ""}
        form.add_error("explanation", _refusal(error))
        return _render_meeting(request, board, meeting, view=view, refused=form, status=409)
    messages.success(request, _("Gemt: %s.") % tile.figure.name)
    return _to(meeting, _next_anchor(board, meeting, request.today))


def _next_anchor(board: Board, meeting: BoardMeeting, today: date) -> str:
    view = read_board(board, today=today, drafts=True, meeting=meeting)
    return f"#punkt-{view.stopping[0].series.pk}" if view.stopping else "#handlinger"


@requires(Permission.EDIT_ACTIONS)
@require_POST
def board_meeting_action(request: HttpRequest, pk: int, day: date, action_id: int) -> HttpResponse:
    """Move an open action's day, or end it."""
    board = _own_board(request, pk, to_run=True)
    meeting = _meeting(board, day)
    editable = Action.objects.editable_by(request.user, request.today).select_related("authority", "owner", "series")
    action = get_object_or_404(editable, pk=action_id)
    form = StepForm(request.POST, action=action, today=request.today)
    if not form.is_valid():
        return _render_meeting(request, board, meeting, refused=form, status=422)
    try:
        _take(form, action, request)
    except (Stale, steps.NotPossible):
        messages.error(request, _("En anden ændrede handlingen imens. Se, hvor den er nu."))
    else:
        messages.success(request, _("Gemt: %s.") % action.what)
    return _to(meeting, "#handlinger")


def _take(form: StepForm, action: Action, request: HttpRequest) -> None:
    asked: dict[str, Any] = form.cleaned_data
    common: dict[str, Any] = {"version": asked["version"], "by": request.user, "now": request.now}
    match asked["step"]:
        case "move":
            action.due_date = asked["due_date"]
            steps.change_action(action, reason=asked["text"], **common)
        case "drop":
            steps.drop_action(action, why=asked["text"], **common)
        case _:
            steps.finish_action(action, worked=form.worked, result=asked["text"], **common)


@requires(Permission.EDIT_ACTIONS)
@require_POST
def board_meeting_close(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """End the meeting, when nothing stops it."""
    board = _own_board(request, pk, to_run=True)
    meeting = _meeting(board, day)
    form = CloseForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        close_meeting(meeting, note=note, by=request.user, now=request.now)
    except NotPossible as error:
        if error.key == "stops":
            return _render_meeting(request, board, meeting, view=error.view, status=422)
        messages.error(request, _refusal(error))
        return _to(error.meeting)
    messages.success(request, _("Mødet er afsluttet."))
    return _to(meeting)
