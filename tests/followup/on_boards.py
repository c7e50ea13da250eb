"""What people do on a board and in its meetings."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from followup.actions.actions import start_action
from followup.actions.boards import (
    Chosen,
    NotPossible,
    Said,
    change_board,
    close_meeting,
    create_board,
    save_point,
    start_meeting,
)
from followup.boards import read_board
from followup.models import Action, Board, BoardMeeting, Measurement
from goals.periods import parse_period
from tests import factories
from tests.factories import NOW, TODAY

NEWEST = "2026U30F"  # the fortnight that ended on Sunday 2 August; today is Monday the 10th
FORTNIGHT = timedelta(days=14)


def fortnights(values: list[int], of, until: str = NEWEST) -> None:
    """Approved values in the fortnights up to and with `until`, oldest first."""
    period = parse_period(until)
    for value in reversed(values):
        factories.measurement(of, period.code, value)
        period = period.previous()


def series_of(town, name: str, values: list[int], *, at=None, target: int = 10, **fields):
    """A fortnightly series of the school where lower is better."""
    indicator = factories.indicator(
        town.authority, name=name, name_in_sentence=name, frequency="fortnight", decimals=0, direction="lower", **fields
    )
    made = factories.series(indicator, at or town.school, tolerance=Decimal(1))
    factories.target(made, "2027U01F", target)
    fortnights(values, made)
    return made


def school_board(town):
    """The school's board: one indicator off track, one as it should be, and today's meeting under way."""
    it = SimpleNamespace(town=town)
    it.off = series_of(town, "Uro", [9, 9, 20])
    it.fine = series_of(town, "Fravær", [9, 9, 8])
    board = Board(unit=town.school, name="Tavle", rule="hver 14. dag", first_meeting=TODAY - FORTNIGHT)
    it.board = create_board(board, by=town.manager, now=NOW)
    chosen = [Chosen(it.off, "Ro", 1, town.professional), Chosen(it.fine, "Fremmøde", 2)]
    change_board(it.board, chosen, version=it.board.version, by=town.manager, now=NOW)
    it.meeting = start_meeting(it.board, TODAY, by=town.manager, now=NOW)
    return it


def url(it, name: str = "board_meeting", *more) -> str:
    return reverse(f"followup:{name}", args=[it.board.pk, it.meeting.day, *more])


def as_draft(series, value: int, **fields) -> Measurement:
    """The newest value written anew, not approved yet."""
    Measurement.objects.filter(series=series, period=NEWEST).delete()
    return factories.measurement(series, NEWEST, value, approved_at=None, **fields)


def view_of(it, *, drafts: bool = True):
    return read_board(it.board, today=TODAY, drafts=drafts)


def tile_of(it, series):
    return next(tile for tile in view_of(it).tiles if tile.series == series)


def say(it, series, **words) -> None:
    save_point(it.meeting, Said(series, **{"explanation": "Ny elev.", **words}), by=it.town.manager, now=NOW)


def act(it, series, **fields) -> Action:
    due = fields.pop("due_date", TODAY + FORTNIGHT)
    return start_action(
        it.board.unit, what="Ring hjem", owner=it.town.manager, due_date=due, series=series, by=it.town.manager,
        now=NOW, **fields,
    )  # fmt: skip


def close(it, **fields) -> BoardMeeting:
    return close_meeting(it.meeting, by=fields.pop("by", it.town.manager), now=NOW, **fields)


def stops(it) -> list[str]:
    """What stops the meeting, by indicator and action."""
    with pytest.raises(NotPossible) as refused:
        close(it)
    assert refused.value.key == "stops"
    view = refused.value.view
    return [tile.series.indicator.name for tile in view.stopping] + [one.what for one in view.overdue_actions]
