"""What a board meeting keeps of what was shown and said, in ready texts: it reads the same after any correction."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from followup.boards import BoardView, Tile
from followup.charts.run import TILE, run_svg, spec_from_json
from followup.models import Action
from organisation.danish import long_date


def kept_board(view: BoardView, started: Iterable[Action]) -> list[dict[str, Any]]:
    """One row for each indicator, then one for each action that was open; `started` are those of this meeting."""
    mine = {action.pk for action in started}
    rows = [_tile(tile, mine) for tile in view.tiles]
    return rows + [_action(action, mine) for action in view.actions]


def _tile(tile: Tile, started: set[int]) -> dict[str, Any]:
    figure = tile.figure
    return {
        "kind": "series",
        "series": tile.series.pk,
        "number": tile.number,
        "name": figure.name,
        "focus_area": tile.row.focus_area,
        "owner": str(tile.row.owner or ""),
        "light": tile.light.value,
        "value": figure.value,
        "unit": figure.unit,
        "target": tile.target,
        "period": figure.period,
        "reason": figure.reason,
        "signal": tile.signal_sentence if tile.has_signal else "",
        "note": tile.spec.note,
        "ring": tile.ring,
        "is_draft": tile.is_draft,
        "explanation": tile.point.explanation if tile.point else "",
        "acceptance": tile.acceptance.reason if tile.acceptance else "",
        "actions": [_action(action, started) for action in tile.actions],
        "chart": tile.spec.as_json(),
    }


def _action(action: Action, started: set[int]) -> dict[str, Any]:
    return {
        "kind": "action",
        "action": action.pk,
        "what": action.what,
        "owner": str(action.owner),
        "due": long_date(action.due_date),
        "about": action.series.indicator.name if action.series else "",
        "is_new": action.pk in started,
    }


def kept_chart(row: dict[str, Any]) -> SafeString:
    """The run chart of a kept row, drawn again."""
    return mark_safe(run_svg(spec_from_json(row["chart"]), TILE, f"serie-{row['series']}"))
