"""What the public pages ask the database beside the figures, several things in one question.

A page may ask eight questions. So everything that is words and a day, or a few numbers, comes in one union, in rows of
the same shape (`Row`); `sort` says what a row is.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, TruncDate

from citizens.kinds import HearingState, SurveyState
from citizens.models import Hearing, HearingTheme, Survey
from followup.kinds import ActionState
from followup.models import Action, Assessment
from followup.standing import asked_of
from goals.kinds import GoalState
from goals.models import Goal, Series
from organisation.models import Portal, Unit
from organisation.models.unit import BODY_KINDS
from reports.models import Edition
from reports.portal.scope import public_goals, shown_units

FIELDS = ("sort", "a", "b", "words", "more", "further", "day")
NO_DAY = Value(None, DateField())


class Row(NamedTuple):
    """One row of a union: two keys, three texts and a day. What they are, the query of its sort says."""

    sort: str
    a: int | None
    b: int | None
    words: str
    more: str
    further: str
    day: Any  # a date, in feeds a moment


def asked(*queries: QuerySet[Any, Any]) -> dict[str, list[Row]]:
    """The rows of the queries by sort, in one question; each in its own order."""
    if not queries:
        return {}
    first, *others = queries
    found: dict[str, list[Row]] = defaultdict(list)
    for row in first.union(*others, all=True) if others else first:
        found[row[0]].append(Row(*row))
    return found


def shaped(queryset: QuerySet[Any, Any], sort: str, **fields: Any) -> QuerySet[Any, Any]:
    """The queryset as rows; what is not given is empty."""
    texts = {"words", "more", "further"}
    empty = {
        "a": Value(None, BigIntegerField()),
        "b": Value(None, BigIntegerField()),
        **dict.fromkeys(texts, Value("", TextField())),
    }
    given = {**empty, **{name: F(one) if isinstance(one, str) else one for name, one in fields.items()}}
    # Each under a name that no model has, cast alike: the parts of a union have one type.
    shaped = {
        f"_{name}": Cast(one, TextField() if name in texts else BigIntegerField())
        for name, one in given.items()
        if name != "day"
    }
    return queryset.annotate(_sort=Value(sort, CharField()), **shaped, _day=given["day"]).values_list(
        *(f"_{name}" for name in FIELDS)
    )


# ---- about goals -----------------------------------------------------------------------------------------------------


def due_rows(goals: Collection[int], today: date) -> QuerySet[Any, Any]:
    """What rounds ask of the goals' series: series and deadline, the period in `words`."""
    series = Series.objects.filter(goal_series__goal__in=goals).order_by().values("pk")
    due = asked_of(series, today, today).order_by()
    return shaped(due, "due", a="series_id", words="period", day="submission__deadline")


def as_asked_for(rows: Sequence[Row]) -> list[tuple[int | None, str, date | None]]:
    """The rows as `goal_views` takes them, earliest period first."""
    return sorted(((row.a, row.words, row.day) for row in rows), key=lambda row: (row[2] or date.min, row[1]))


def written_rows(goals: Collection[int], today: date) -> QuerySet[Any, Any]:
    """What leaders wrote of each goal for the last meeting that was held: what happened, why, and what we do."""
    held = Assessment.objects.published().filter(round__meeting_date__lte=today).order_by()
    held = held.exclude(what_happened="", why="", what_we_do="").select_related(None)
    latest = held.filter(goal=OuterRef("goal")).order_by("-round__period_end", "-pk").values("pk")[:1]
    return shaped(
        held.filter(goal__in=goals, pk=Subquery(latest)),
        "written",
        a="goal_id",
        words="what_happened",
        more="why",
        further="what_we_do",
        day="round__meeting_date",
    )


def action_rows(goals: Collection[int]) -> QuerySet[Any, Any]:
    """What is being done about the goals; not what boards agreed among themselves, nor what a closed item led to."""
    actions = Action.objects.filter(goal__in=goals, state=ActionState.OPEN, meeting=None).order_by()
    actions = actions.filter(Q(decision=None) | Q(decision__is_closed=False))
    return shaped(actions, "action", a="goal_id", b="pk", words="what", day="due_date")


def serving_rows(portal: Portal, goal_id: int) -> QuerySet[Any, Any]:
    """The public goals that serve the goal directly, with the light that is kept of each."""
    serving = public_goals(portal).going_up().filter(parent=goal_id, state=GoalState.ADOPTED).order_by()
    return shaped(
        serving,
        "serving",
        a="pk",
        b="rank",
        words="title",
        more="standing__light",
        further="owner_unit__name",
        day=NO_DAY,
    )


def came_from_rows(goal_id: int) -> QuerySet[Any, Any]:
    """The themes of answered hearings that the goal came of: what was heard, and what was answered."""
    themes = HearingTheme.objects.filter(goal=goal_id, hearing__state=HearingState.ANSWERED).order_by()
    return shaped(
        themes,
        "came_from",
        a="hearing_id",
        b="position",
        words="heard",
        more="answer",
        further="hearing__title",
        day="hearing__closes_on",
    )


# ---- about the authority ---------------------------------------------------------------------------------------------


def edition_rows(portal: Portal) -> QuerySet[Any, Any]:
    """The bodies' reports in force that are there as PDF: body, period, and the day of publication."""
    editions = Edition.objects.filter(
        report__round__authority=portal.authority_id, report__template="", withdrawn_at=None, files__kind="pdf"
    )
    shown = editions.filter(shown_units(portal, "report__round__body__")).order_by()
    return shaped(
        shown,
        "edition",
        a="report__round_id",
        b="number",
        words="report__round__body__name",
        more="report__round__period",
        day=TruncDate("published_at"),
    )


def open_rows(portal: Portal) -> list[QuerySet[Any, Any]]:
    """What everybody may say something to now: surveys and hearings, with the last day."""
    surveys = Survey.objects.filter(authority=portal.authority_id, state=SurveyState.OPEN).order_by()
    hearings = Hearing.objects.filter(authority=portal.authority_id, state=HearingState.OPEN).order_by()
    return [
        shaped(surveys, "survey", a="pk", words="title", day="closes_on"),
        shaped(hearings, "hearing", a="pk", words="title", day="closes_on"),
    ]


def unit_rows(portal: Portal, today: date, parent: int | None = None) -> QuerySet[Any, Any]:
    """The public units directly below, with how many goals in force each has itself.

    Without `parent`: those below the council, committees among them.
    """
    units = Unit.objects.filter(shown_units(portal), authority=portal.authority_id).valid(today).order_by()
    units = units.filter(parent=parent) if parent else units.filter(parent__parent=None, parent__isnull=False)
    counted = units.annotate(goal_count=Count("goals", filter=Q(goals__state=GoalState.ADOPTED)))
    return shaped(counted, "unit", a="pk", b="goal_count", words="name", more="kind", further="position", day=NO_DAY)


def is_body(row: Row) -> bool:
    """Whether a row of `unit_rows` is a committee."""
    return row.more in BODY_KINDS


def goals_of(portal: Portal) -> QuerySet[Goal]:
    """The public goals in force with what the pages print of each."""
    return public_goals(portal).filter(state=GoalState.ADOPTED).select_related("owner_unit").order_by("rank", "pk")
