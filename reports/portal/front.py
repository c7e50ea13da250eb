"""The front page: the council's few goals one by one. Eight questions, however many goals there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.text import capfirst

from citizens.said import Said, said_about
from followup.goal_views import GoalView, goal_views
from followup.status import Light, count_lights
from goals.models import Goal
from goals.period_names import period_name
from organisation.models import UnitKind
from organisation.words.speaking import speak_of, word_of
from organisation.words.terms import GOAL, Level, Word, genitive
from reports.portal.opened import Opened
from reports.portal.queries import (
    Row,
    action_rows,
    as_asked_for,
    asked,
    due_rows,
    edition_rows,
    goals_of,
    is_body,
    open_rows,
    unit_rows,
    written_rows,
)
from reports.portal.rows import Doing, article, corrected_rows, doing_of, missing_rows, short_row
from reports.portal.scope import told_view
from reports.portal.words import number_word, verdict

FEW = 12  # so many goals are shown one by one, with their charts
PAGE = 50
HISTORY = 14
SHORT = 6  # lines of a list that has a page of its own


def front_page(it: Opened, start: int = 0) -> dict[str, Any]:
    """Everything the front page shows; `start`: from which goal on, where there are more than a page."""
    goals, more = _goals(it, start)
    ids = [goal.pk for goal in goals]
    queries = [due_rows(ids, it.today), written_rows(ids, it.today), action_rows(ids)] if ids else []
    rows = asked(*queries, *open_rows(it.portal), edition_rows(it.portal), unit_rows(it.portal, it.today))
    few = len(goals) <= FEW and not start
    # In a list only what decides each light is read.
    views = seen_views(it, goals, rows.get("due", []), brief=() if few else goals)
    said = said_about(ids, today=it.today) if few and ids else {}
    doing = doing_of(ids, rows)
    missing = list(missing_rows(views))
    fixed = corrected_rows(views, it.today)
    units = sorted(rows.get("unit", []), key=lambda row: (int(row.further or 0), row.words))
    of_council = bool(goals) and goals[0].owner_unit.kind == UnitKind.COUNCIL
    if of_council:
        speak_of(goals[0].owner_unit)
    word = word_of(it.authority, GOAL, Level.COUNCIL if of_council else None)
    return {
        "of_council": of_council,
        "heading": _heading(it.authority.council, len(views), word) if of_council and not more and not start else "",
        "verdict": verdict([(view.light, view.goal.title) for view in views], word) if few else "",
        "counts": {} if more or start else count_lights(view.light for view in views),
        "few": few,
        "articles": _articles(views, said, doing, it.today) if few else [],
        "rows": [] if few else [short_row(view, it.today) for view in views],
        "start": start,
        "next": start + PAGE if more else None,
        "previous": max(start - PAGE, 0) if start else None,
        "period": _period(views),
        "missing": missing[:SHORT],
        "fixed": fixed[:SHORT],
        "surveys": rows.get("survey", []),
        "hearings": rows.get("hearing", []),
        "edition": _latest(rows.get("edition", []), it),
        "bodies": [row for row in units if is_body(row)],
        "units": [row for row in units if not is_body(row)],
    }


def _goals(it: Opened, start: int) -> tuple[list[Goal], bool]:
    """The council's goals; where it has none, those that serve no other. One question, and whether there are more."""
    goals = goals_of(it.portal).filter(parent=None).select_related("owner_unit__parent")
    # The council's before all others, so that one question finds whichever there are.
    first = F("owner_unit__parent_id").asc(nulls_first=True)
    found = list(goals.order_by(first, "rank", "pk")[start : start + PAGE + 1])
    own = [goal for goal in found if goal.owner_unit.parent_id is None]
    shown = own or found
    return shown[:PAGE], len(shown) > PAGE


def seen_views(it: Opened, goals: Sequence[Goal], due: Sequence[Row], **how: Any) -> list[GoalView]:
    """The goals as the public sees them, in three questions."""
    views = goal_views(goals, until=it.today, today=it.today, history=HISTORY, asked_for=as_asked_for(due), **how)
    return [told_view(view, it.today, it.hidden, it.left_out) for view in views]


def _articles(
    views: Sequence[GoalView], said: Mapping[int, Said], doing: Mapping[int, Doing], today: date
) -> list[dict[str, Any]]:
    return [
        article(view, number, said.get(view.goal.pk), doing.get(view.goal.pk), today)
        for number, view in enumerate(views, 1)
    ]


def _heading(council: str, count: int, goal: Word) -> str:
    whose = capfirst(genitive(council))
    return f"{whose} {goal.many}" if count in (0, 1) else f"{whose} {number_word(count)} {goal.many}"


def _period(views: Sequence[GoalView]) -> str:
    """The latest period that any goal's light is about."""
    lit = (view.lead.reading for view in views if view.lead is not None and view.light is not Light.OVERDUE)
    periods = [reading.period for reading in lit if reading is not None]
    return period_name(max(periods, key=lambda period: period.last)) if periods else ""


def _latest(rows: Sequence[Row], it: Opened) -> Row | None:
    """The council's latest report, else the latest of all."""
    by_day = sorted(rows, key=lambda row: row.day or date.min)
    return by_day[-1] if by_day else None
