"""What the pages of goals, series, units and bodies ask the database, each compiled once (`organisation.prepared`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from followup.models import Assessment, Measurement, Question, Revision, Round
from followup.standing import VALUE_FIELDS, StoredValue
from goals.kinds import GoalState
from goals.models import Contribution, Decision, Goal, GoalQuerySet, Series, Target
from organisation.models import HistoryEntry, Unit, person_name
from organisation.permissions import Viewer
from organisation.prepared import Prepared, Row
from organisation.trees import path_text

PAGE = 50
HISTORY = 10
FEW = 5
MOST_WAITING = 60
# After the value itself, in the order of `ValueSource`.
SOURCE_FIELDS = (
    "comment",
    "batch__filename",
    "batch_line",
    "approved_at",
    *(f"{who}__{name}" for who in ("entered_by", "approved_by") for name in ("first_name", "last_name", "username")),
)


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where a value comes from. Names are empty where nobody is known."""

    comment: str
    filename: str | None
    line: int | None
    approved_at: datetime | None
    entered_by: str
    approved_by: str


def values_of_series(pk: int, viewer: Viewer, today: date) -> list[tuple[StoredValue, ValueSource]]:
    """Every value of the series that the person sees, oldest first, each with where it comes from."""
    own = len(VALUE_FIELDS)
    return [(StoredValue(*row[:own]), _source(row[own:])) for row in VALUES_OF_SERIES.rows(pk, viewer, today)]


def _source(row: Sequence[Any]) -> ValueSource:
    return ValueSource(*row[:4], _name(row[4:7]), _name(row[7:]))


def _name(parts: Sequence[str | None]) -> str:
    first, last, username = parts
    return person_name(first or "", last or "", username or "")


# ---- lists of goals --------------------------------------------------------------------------------------------------


def goals_for_list(authority_id: int, viewer: Viewer, today: date) -> GoalQuerySet:
    """Goals of the authority with what every list of goals shows."""
    return (
        Goal.objects.filter(authority=authority_id)
        .visible_to(viewer, today)
        .select_related("owner_unit", "parent__owner_unit", "standing")
    )


def goals_for_tree(authority_id: int, viewer: Viewer, today: date) -> GoalQuerySet:
    """The same, with how many goals in force serve each."""
    serving = Goal.objects.filter(parent=OuterRef("pk")).adopted().order_by().values("parent")
    return goals_for_list(authority_id, viewer, today).annotate(
        serving_count=Coalesce(Subquery(serving.annotate(n=Count("pk")).values("n")), 0)
    )


GOALS_OF_BODY = Prepared(
    lambda authority_id, body_id, viewer, today: (
        goals_for_list(authority_id, viewer, today).filter(owner_unit=body_id).adopted()[:PAGE]
    )
)
GOALS_OF_UNIT = Prepared(
    lambda authority_id, unit_id, viewer, today: (
        goals_for_list(authority_id, viewer, today).filter(owner_unit=unit_id).exclude(state=GoalState.CLOSED)[:PAGE]
    )
)
ROOT_IDS = Prepared(
    lambda authority_id, viewer, today: (
        Goal.objects.filter(authority=authority_id, parent=None, state=GoalState.ADOPTED)
        .visible_to(viewer, today)
        .order_by("owner_unit__parent_id", "rank", "pk")
        .values_list("pk")
    )
)
GOALS_IN_TREE = Prepared(
    lambda authority_id, ids, viewer, today: goals_for_tree(authority_id, viewer, today).filter(pk__in=ids)
)
GOALS_SERVING = Prepared(
    lambda authority_id, ids, viewer, today: (
        goals_for_tree(authority_id, viewer, today).filter(parent__in=ids).adopted().order_by("rank", "pk")[:200]
    )
)


def in_tree(ids: Sequence[int], authority_id: int, viewer: Viewer, today: date) -> list[Goal]:
    """The goals in the order of their ids."""
    found = {goal.pk: goal for goal in GOALS_IN_TREE.objects(authority_id, ids, viewer, today)}
    return [found[pk] for pk in ids if pk in found]


# ---- bodies and units ------------------------------------------------------------------------------------------------


def _sides_of_unit() -> QuerySet[Any, Any]:
    """How many sides of the steering triangle the unit has series on."""
    on_side = Series.objects.filter(unit=OuterRef("pk")).exclude(indicator__side="").order_by()
    return on_side.values("unit").annotate(n=Count("indicator__side", distinct=True)).values("n")


BODY = Prepared(lambda pk, authority_ids: Unit.objects.bodies().filter(authority__in=authority_ids, pk=pk))
ROUNDS_OF_BODY = Prepared(lambda body_id: Round.objects.filter(body=body_id).order_by("meeting_date"))
ASSESSMENTS = Prepared(
    lambda goal_ids: (
        Assessment.objects.published()
        .filter(goal__in=goal_ids)
        .select_related("written_by", "judged_by")
        .order_by("round__period_end")
    )
)
UNIT = Prepared(
    lambda pk, authority_ids: (
        Unit.objects.filter(authority__in=authority_ids, pk=pk)
        .select_related("parent")
        .annotate(
            path=path_text("organisation_unit", "organisation_unit.id"),
            side_count=Coalesce(Subquery(_sides_of_unit()), 0),
        )
    )
)
# What stands on a side of the unit's steering triangle, but for what is no longer measured.
SERIES_WITH_SIDE = Prepared(
    lambda unit_id, today: (
        Series.objects.filter(Q(last_day=None) | Q(last_day__gte=today), unit=unit_id)
        .exclude(indicator__side="")
        .select_related("indicator", "unit")
        .order_by("indicator__name", "pk")
    )
)
CHILDREN = Prepared(
    lambda unit_id, today: Unit.objects.filter(parent=unit_id).valid(today)[:PAGE].values_list("pk", "name")
)


# ---- one goal --------------------------------------------------------------------------------------------------------


def _family(pk: int, viewer: Viewer, today: date) -> GoalQuerySet:
    """The goal, those it serves and those that serve it, with whether the person sees each; its own owner's path."""
    # Not of the others too: a walk for each was most of the query.
    own_path = When(pk=pk, then=path_text("organisation_unit", "goals_goal.owner_unit_id"))
    return (
        Goal.objects.family(pk, PAGE)
        .with_visibility(viewer, today)
        .with_ties(today)
        .select_related(
            "owner_unit", "strategy", "responsible", "adopted_by__body", "closed_by__body", "replaced_by", "standing"
        )
        .annotate(owner_path=Case(own_path, default=Value(""), output_field=TextField()))
        .order_by("rank", "pk")
    )


def _contributions(goal_id: int, viewer: Viewer, today: date):
    """Help across to and from the goal; only goals in force, here or elsewhere, and those the person sees."""
    seen = Goal.objects.visible_to(viewer, today).values("pk")
    from_here = Q(goal=goal_id) & (Q(to_goal__state=GoalState.ADOPTED) | Q(to_goal__in=seen))
    to_here = Q(to_goal=goal_id) & (Q(goal__state=GoalState.ADOPTED) | Q(goal__in=seen))
    return Contribution.objects.filter(from_here | to_here).select_related(
        "goal__owner_unit", "goal__authority", "goal__standing", "to_goal__owner_unit", "to_goal__authority"
    )


FAMILY = Prepared(_family)
CONTRIBUTIONS = Prepared(_contributions)
LAST_ASSESSMENT = Prepared(
    lambda goal_id: (
        Assessment.objects.published()
        .filter(goal=goal_id)
        .select_related("round__body", "written_by", "judged_by")
        .order_by("-round__period_end")[:1]
    )
)
HISTORY_OF_GOAL = Prepared(lambda goal_id: HistoryEntry.objects.about(Goal(pk=goal_id))[:HISTORY])


# ---- one series ------------------------------------------------------------------------------------------------------

SERIES = Prepared(
    lambda pk, viewer, today: (
        Series.objects.visible_to(viewer, today)
        .filter(pk=pk)
        .select_related("indicator", "unit")
        .annotate(unit_path=path_text("organisation_unit", "goals_series.unit_id"))
    )
)
VALUES_OF_SERIES = Prepared(
    lambda pk, viewer, today: (
        Measurement.objects.filter(series=pk)
        .visible_to(viewer, today)
        .order_by("period_end")
        .values_list(*VALUE_FIELDS, *SOURCE_FIELDS)
    )
)
REVISIONS = Prepared(
    lambda measurement_ids, corrections_only: (
        Revision.objects.filter(measurement__in=measurement_ids, **({"was_approved": True} if corrections_only else {}))
        .select_related("by", "measurement")
        .order_by("-at", "-pk")[:PAGE]
    )
)
TARGETS_OF_SERIES = Prepared(
    lambda series_id: Target.objects.filter(series=series_id).select_related("decision__body", "set_by")
)
GOALS_OF_SERIES = Prepared(
    lambda series_id, viewer, today: (
        Goal.objects.visible_to(viewer, today)
        .filter(goal_series__series=series_id)
        .values_list("pk", "title", "owner_unit__name")
    )
)


# ---- a body's questions and decisions --------------------------------------------------------------------------------


def waiting_in(body_id: int, viewer: Viewer, today: date) -> tuple[list[Row], list[Row]]:
    """The body's unanswered questions and the decisions that are followed, a few of each: id, words and day."""
    rows = WAITING_IN.rows(body_id, viewer, today)
    questions, decisions = ([row[1:] for row in rows if row[0] == sort][:FEW] for sort in ("question", "decision"))
    return questions, decisions


def _waiting_in(body_id: int, viewer: Viewer, today: date) -> QuerySet[Any, Any]:
    """Of a closed question others read the public title; of a closed decision they do not learn that it is followed."""
    questions = Question.objects.filter(body=body_id).unanswered()
    readable = questions.readable(viewer, today)
    asked = questions.annotate(
        sort=Value("question"),
        words=Case(When(readable, then=F("text")), default=F("public_title"), output_field=TextField()),
        day=F("due_date"),
    )
    followed = (
        Decision.objects.filter(body=body_id)
        .pending()
        .readable_by(viewer, today)
        .annotate(
            sort=Value("decision"),
            words=Case(When(title="", then=F("reference")), default=F("title"), output_field=TextField()),
            day=F("date"),
        )
    )
    fields = ("sort", "pk", "words", "day")
    both = asked.order_by().values_list(*fields).union(followed.order_by().values_list(*fields), all=True)
    return both.order_by("sort", "day", "pk")[:MOST_WAITING]


WAITING_IN = Prepared(_waiting_in)
