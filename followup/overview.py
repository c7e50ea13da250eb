"""What the first page asks: the person's tasks, their counts, and what is new since the last visit; two queries.

The rows of several tables are asked as one: a page is held to few queries, and these are small.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, TruncDate

from followup.additions import added_news, added_tasks
from followup.inbox import AHEAD, TASKS, Task, TaskKind, all_tasks, own_units, report_task, with_what_rows_say
from followup.kinds import RoundState, SubmissionState
from followup.models import Action, Question, Round, Submission, Visit
from goals.models import Decision
from organisation.addresses import address_of
from organisation.models import HistoryEntry, User
from organisation.permissions import Viewer
from organisation.prepared import Prepared

# The rows, what they are, and which of their columns is which.
Asked = tuple[QuerySet[Any], "NewsKind", Mapping[str, Any]]
# The kinds of rows in the one query.
COUNT, TASK, NEWS, VISIT = "count", "task", "news", "visit"
SEEN = "seen"  # the visit is today's


class NewsKind(StrEnum):
    """What happened since the last visit."""

    SENT_BACK = "sent_back"
    APPROVED = "approved"
    ANSWERED = "answered"
    DECIDED = "decided"
    READY = "ready"
    GIVEN = "given"
    MADE = "made"  # a report the person asked for
    HEARD = "heard"  # what citizens said in a survey, and what is done about it
    OWNER = "owner"  # a unit committed to a cross-cutting goal; `place` is the goal, as of the next two
    LEFT = "left"  # a unit withdrew from one
    RAISED = "raised"  # all owners have changed a target


PAGES = {
    NewsKind.ANSWERED: "question_detail",
    NewsKind.DECIDED: "decision_detail",
    NewsKind.GIVEN: "action_detail",
}


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened since the last visit."""

    kind: NewsKind
    pk: int
    title: str
    where: str
    day: date
    place: int  # the round of a report, else the body
    unit: int  # of a report

    @property
    def url(self) -> str:
        """Where it is to be read."""
        match self.kind:
            case NewsKind.SENT_BACK | NewsKind.APPROVED:
                return address_of("followup:entry_grid", self.place, self.unit)
            case NewsKind.READY:
                return address_of("followup:body_detail", self.place)
            case NewsKind.MADE:
                return address_of("reports:report_detail", self.place)
            case NewsKind.OWNER | NewsKind.LEFT | NewsKind.RAISED:
                return address_of("followup:shared_goal", self.place)
            case NewsKind.HEARD:
                return address_of("citizens:survey_detail", self.pk)
        return address_of(f"followup:{PAGES[self.kind]}", self.pk)


@dataclass(frozen=True, slots=True)
class Overview:
    """A person's tasks, what is due first first, with how many there are of each kind, and the news, newest first."""

    tasks: tuple[Task, ...]
    counts: dict[TaskKind, int]
    news: tuple[News, ...]
    seen_on: date | None  # the last visit, which may be today
    since: date | None  # the day of the visit before this one


def overview_of(authority_id: int, viewer: Viewer, today: date) -> Overview:
    """Everything the first page says of the person's own work; two queries."""
    ahead = today + AHEAD
    tasks = [report_task(one, today) for one in REPORTS.objects(authority_id, viewer, today, ahead)]
    counts, news, seen_on, since = {}, [], None, None
    for which, kind, pk, title, where, day, said, said_by, place, unit in ROWS.rows(authority_id, viewer, today, ahead):
        if which == COUNT and pk:
            counts[TaskKind(kind)] = pk
        elif which == TASK:
            is_late = day is not None and day < today
            tasks.append(Task(TaskKind(kind), pk, title, where or "", day, said, said_by.strip(), place, is_late))
        elif which == NEWS:
            news.append(News(NewsKind(kind), pk, title, where, day, place, unit))
        elif which == VISIT:
            seen_on, since = (today, day) if kind == SEEN else (day, day)
    tasks.sort(key=lambda task: (not task.is_returned, task.due or date.max, task.kind, task.title, task.pk))
    news.sort(key=lambda one: (-one.day.toordinal(), one.kind, one.pk))
    return Overview(tuple(tasks), counts, tuple(news), seen_on, since)


def remember_visit(user: User, own: Overview, today: date) -> None:
    """The first page is seen today; the day it was seen before is kept beside. Writes once a day."""
    if own.seen_on != today:
        visit = Visit(user=user, day=today, before=own.seen_on)
        fields = {"unique_fields": ["user"], "update_fields": ["day", "before"]}
        Visit.objects.bulk_create([visit], update_conflicts=True, **fields)


# ---- the one query ---------------------------------------------------------------------------------------------------


def _name(field: str) -> Concat:
    return Concat(F(f"{field}__first_name"), Value(" "), F(f"{field}__last_name"), output_field=TextField())


def _text(field: str) -> Cast:
    return Cast(F(field), TextField())


# In the order of the columns after what row it is, its kind and its key.
EMPTY = {
    "title": Value("", TextField()),
    "where": Value("", TextField()),
    "day": Value(None, DateField()),
    "said": Value("", TextField()),
    "said_by": Value("", TextField()),
    "place": Value(0),
    "unit": Value(0),
}
# A decision's title, else its reference.
HEADING = Case(When(title="", then=_text("reference")), default=_text("title"))


def _columns(query: QuerySet[Any], which: str, kind: str, *, pk: str = "pk", **columns: Any) -> QuerySet[Any]:
    """The query as rows of one form, so that several can be asked as one."""
    made = {f"its_{name}": columns.get(name, empty) for name, empty in EMPTY.items()}
    named = query.order_by().annotate(which=Value(which, CharField()), its_kind=Value(kind, CharField()), **made)
    return named.values_list("which", "its_kind", pk, *made)


def _rows(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Any]:
    asked = {kind: query(authority_id, viewer, today, ahead) for kind, query in all_tasks().items()}
    seen = Visit.objects.filter(user=viewer.pk).annotate(
        since=Case(When(day=today, then=F("before")), default=F("day"))
    )
    since = Subquery(seen.values("since")[:1])
    first, *rest = [
        _columns(seen.filter(day=today), VISIT, SEEN, pk="user_id", day=F("since")),
        _columns(seen.exclude(day=today), VISIT, VISIT, pk="user_id", day=F("since")),
        *_tasks(asked),
        *_news(authority_id, viewer, today, since),
        *(_counted(kind, query) for kind, query in asked.items()),
    ]
    return first.union(*rest, all=True)


def _counted(kind: TaskKind, query: QuerySet[Any]) -> QuerySet[Any]:
    counted = query.order_by().values(its=Value(1)).annotate(n=Count("pk"))
    return _columns(counted, COUNT, kind.value, pk="n")


def _tasks(asked: dict[TaskKind, QuerySet[Any]]) -> Iterable[QuerySet[Any]]:
    """The tasks that are no reports."""
    yield _columns(asked[TaskKind.ANSWER], TASK, TaskKind.ANSWER.value, title=_text("body__name"),
                   where=_text("goal__short_name"), day=F("due_date"), said=F("text"),
                   said_by=_name("asked_by"))  # fmt: skip
    yield _columns(asked[TaskKind.ACT], TASK, TaskKind.ACT.value, title=_text("what"), where=_text("unit__name"),
                   day=F("due_date"))  # fmt: skip
    yield _columns(asked[TaskKind.DECISION], TASK, TaskKind.DECISION.value, title=HEADING, where=_text("body__name"),
                   said=F("text"))  # fmt: skip
    yield _columns(asked[TaskKind.BOARD], TASK, TaskKind.BOARD.value, title=_text("board__name"),
                   where=_text("board__unit__name"), day=F("day"), place=F("board"))  # fmt: skip
    for one in added_tasks():
        yield _columns(asked[TaskKind(one.kind)], TASK, one.kind, **one.columns)


def _news(authority_id: int, viewer: Viewer, today: date, since: Subquery) -> Iterable[QuerySet[Any]]:
    mine = own_units(viewer)
    decided = Submission.objects.filter(unit__authority=authority_id, unit__in=mine, decided_at__date__gte=since)
    for state, kind in ((SubmissionState.RETURNED, NewsKind.SENT_BACK), (SubmissionState.APPROVED, NewsKind.APPROVED)):
        yield _columns(decided.filter(state=state).exclude(decided_by=viewer.pk), NEWS, kind.value,
                       title=_text("unit__name"), where=_text("round__body__name"), day=TruncDate("decided_at"),
                       place=F("round"), unit=F("unit"))  # fmt: skip
    answered = Question.objects.filter(authority=authority_id, answered_at__date__gte=since).readable_by(viewer, today)
    yield _columns(answered.filter(Q(body__in=mine) | Q(asked_by=viewer.pk)), NEWS, NewsKind.ANSWERED.value,
                   title=F("text"), where=_text("body__name"), day=TruncDate("answered_at"))  # fmt: skip
    made = Decision.objects.filter(authority=authority_id, date__gte=since, date__lte=today).readable_by(viewer, today)
    yield _columns(made.filter(Q(body__in=mine) | Q(goal__owner_unit__in=mine) | Q(responsible=viewer.pk)), NEWS,
                   NewsKind.DECIDED.value, title=HEADING, where=_text("body__name"), day=F("date"))  # fmt: skip
    given = Action.objects.open().filter(authority=authority_id, owner=viewer.pk, created_at__date__gte=since)
    yield _columns(given.exclude(created_by=viewer.pk), NEWS, NewsKind.GIVEN.value, title=_text("what"),
                   where=_text("unit__name"), day=TruncDate("created_at"))  # fmt: skip
    yield _columns(_ready(authority_id, mine, since), NEWS, NewsKind.READY.value, title=_text("period"),
                   where=_text("body__name"), day=F("ready_on"), place=F("body"))  # fmt: skip

    for asked in added_news():
        query, kind, columns = asked(authority_id, viewer, since)
        yield _columns(query, NEWS, kind.value, **columns)


def _ready(authority_id: int, units: Sequence[int], since: Subquery) -> QuerySet[Round]:
    """Rounds of the units, or that asked them for something, which have become ready for their meeting."""
    became = HistoryEntry.objects.filter(
        subject_kind="followup.round", subject_id=OuterRef("pk"), verb=RoundState.READY.value
    )
    day = Subquery(became.order_by("-at").values(day=TruncDate("at"))[:1])
    asked = Submission.objects.filter(round=OuterRef("pk"), unit__in=units)
    ready = Round.objects.filter(authority=authority_id, state=RoundState.READY).annotate(ready_on=day)
    return ready.filter(Q(body__in=units) | Exists(asked)).filter(ready_on__gte=since)


def _reports(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Submission]:
    """Reports to fill in and to approve, with what their rows say."""
    owed, waiting = (TASKS[kind](authority_id, viewer, today, ahead) for kind in (TaskKind.ENTER, TaskKind.APPROVE))
    # Not `owed or waiting`: SQLite would work both out twice.
    keys = owed.order_by().values("pk").union(waiting.order_by().values("pk"))
    found = Submission.objects.filter(pk__in=keys)
    return with_what_rows_say(found)


ROWS = Prepared(_rows)
REPORTS = Prepared(_reports)
