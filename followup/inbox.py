"""What a person owes, and what is new since the last visit: one place for the overview, the lists and the menu.

Each kind of task is one queryset. The rows a page shows and the counts of the menu are made from the same one, so
that they are always the same number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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

from followup.kinds import EDITABLE, SENT, WAITING, MeetingState, RoundState, SubmissionState
from followup.models import Action, BoardMeeting, Question, Round, Submission, Visit
from goals.models import Decision
from organisation.addresses import address_of
from organisation.models import HistoryEntry, Unit, User
from organisation.permissions import Permission, Viewer
from organisation.prepared import Prepared

AHEAD = timedelta(days=30)  # actions due later than this are not tasks yet
SOON = timedelta(days=7)
MOST = 50


class TaskKind(StrEnum):
    """What is to be done; in the template the name of its icon and texts."""

    ENTER = "enter"
    APPROVE = "approve"
    ANSWER = "answer"
    ACT = "act"
    DECISION = "decision"
    BOARD = "board"


class NewsKind(StrEnum):
    """What happened since the last visit."""

    SENT_BACK = "sent_back"
    APPROVED = "approved"
    ANSWERED = "answered"
    DECIDED = "decided"
    READY = "ready"
    GIVEN = "given"


# A rough guess of minutes, for planning the day: a quarter for a number, three for what came back.
MINUTES = {TaskKind.APPROVE: 4, TaskKind.ANSWER: 5, TaskKind.ACT: 2, TaskKind.DECISION: 2, TaskKind.BOARD: 15}
MINUTES_FOR_RETURNED = 3
# Where a task or a piece of news that is not a report leads.
PAGES = {
    TaskKind.ANSWER: "question_detail",
    TaskKind.ACT: "action_detail",
    TaskKind.DECISION: "decision_detail",
    NewsKind.ANSWERED: "question_detail",
    NewsKind.DECIDED: "decision_detail",
    NewsKind.GIVEN: "action_detail",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a person is to do; `submission` where it is a report."""

    kind: TaskKind
    pk: int
    title: str
    where: str
    due: date | None
    said: str = ""
    said_by: str = ""
    place: int = 0  # the board of a board meeting
    is_late: bool = False
    submission: Submission | None = None

    @property
    def url(self) -> str:
        """Where it is done."""
        match self.kind:
            case TaskKind.ENTER | TaskKind.APPROVE if self.submission is not None:
                name = "entry_grid" if self.kind is TaskKind.ENTER else "submission_review"
                return address_of(f"followup:{name}", self.submission.round_id, self.submission.unit_id)
            case TaskKind.BOARD if self.due is not None:
                return address_of("followup:board_meeting", self.place, self.due.isoformat())
        return address_of(f"followup:{PAGES[self.kind]}", self.pk)

    @property
    def done_count(self) -> int:
        """How many of a report's numbers are in."""
        return self.submission.due_count - self.submission.missing_count if self.submission is not None else 0

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        if self.kind is not TaskKind.ENTER or self.submission is None:
            return MINUTES[self.kind]
        returned = MINUTES_FOR_RETURNED if self.is_returned else 0
        return max(1, round(self.submission.missing_count / 4 + returned))

    @property
    def is_returned(self) -> bool:
        """Whether it is a report that came back."""
        return self.submission is not None and self.submission.state == SubmissionState.RETURNED


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that fall due at about the same time: `now`, `soon` (within a week) or `later`."""

    key: str
    tasks: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)


# ---- what is to be done, a queryset a kind ---------------------------------------------------------------------------


def _own_units(viewer: Viewer) -> list[int]:
    """Units where the person has a role: directors owe for their own unit, not for everyone below."""
    return [grant.unit_id for grant in viewer.all_grants]


def owed_by(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Submission]:
    """Reports that the person's own units can still fill in and send."""
    mine = Submission.objects.editable_by(viewer, today).filter(unit__in=_own_units(viewer))
    return mine.under_way(today).filter(unit__authority=authority_id, state__in=EDITABLE)


def waiting_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Submission]:
    """Reports that wait for the person's approval."""
    return Submission.objects.approvable_by(viewer, today).filter(unit__authority=authority_id, state__in=WAITING)


def questions_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Question]:
    """Questions that the person is to answer."""
    return Question.objects.unanswered().filter(authority=authority_id, assigned_to=viewer.pk)


def actions_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Action]:
    """The person's own actions, overdue or due before `ahead`."""
    return Action.objects.open().filter(authority=authority_id, owner=viewer.pk, due_date__lte=ahead)


def decisions_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Decision]:
    """Decisions that the person sees through."""
    return Decision.objects.pending().filter(authority=authority_id, responsible=viewer.pk)


def meetings_for(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[BoardMeeting]:
    """Board meetings of the person's own units whose day has come."""
    due = BoardMeeting.objects.exclude(state=MeetingState.CLOSED).filter(
        board__authority=authority_id, board__is_active=True, day__lte=today
    )
    usable = Unit.objects.allowing(Permission.EDIT_ACTIONS, viewer, today)
    return due.filter(board__unit__in=_own_units(viewer)).filter(board__unit__in=usable.values("pk"))


TASKS: Mapping[TaskKind, Callable[[int, Viewer, date, date], QuerySet[Any]]] = {
    TaskKind.ENTER: owed_by,
    TaskKind.APPROVE: waiting_for,
    TaskKind.ANSWER: questions_for,
    TaskKind.ACT: actions_for,
    TaskKind.DECISION: decisions_for,
    TaskKind.BOARD: meetings_for,
}


def _union(queries: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    first, *rest = queries
    return first.union(*rest, all=True)


def _counts(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Any]:
    return _union(
        query(authority_id, viewer, today, ahead)
        .order_by()
        .annotate(task=Value(kind.value, CharField()))
        .values("task")
        .annotate(n=Count("pk"))
        .values_list("task", "n")
        for kind, query in TASKS.items()
    )


COUNTS = Prepared(_counts)


def task_counts(authority_id: int, viewer: Viewer, today: date) -> dict[TaskKind, int]:
    """How many tasks of each kind the person has; one query."""
    return {TaskKind(kind): count for kind, count in COUNTS.rows(authority_id, viewer, today, today + AHEAD) if count}


# ---- the tasks in full -----------------------------------------------------------------------------------------------


def _name(field: str) -> Concat:
    return Concat(F(f"{field}__first_name"), Value(" "), F(f"{field}__last_name"), output_field=TextField())


def _text(field: str) -> Cast:
    return Cast(F(field), TextField())


NO_DATE = Value(None, DateField())
NO_TEXT = Value("", TextField())
NO_PLACE = Value(0)
# A decision's title, else its reference.
HEADING = Case(When(title="", then=_text("reference")), default=_text("title"))


def _columns(query: QuerySet[Any], kind: str, **columns: Any) -> QuerySet[Any]:
    """The query as rows of one form, so that several can be asked as one."""
    made = {f"its_{name}": value for name, value in columns.items()}
    return query.order_by().annotate(its_kind=Value(kind, CharField()), **made).values_list("its_kind", "pk", *made)


def _rows(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Any]:
    questions, actions = (
        questions_for(authority_id, viewer, today, ahead),
        actions_for(authority_id, viewer, today, ahead),
    )
    decisions, meetings = (
        decisions_for(authority_id, viewer, today, ahead),
        meetings_for(authority_id, viewer, today, ahead),
    )
    return _union(
        [
            _columns(questions, TaskKind.ANSWER.value, title=_text("body__name"), where=_text("goal__short_name"),
                     due=F("due_date"), said=F("text"), said_by=_name("asked_by"), place=NO_PLACE),
            _columns(actions, TaskKind.ACT.value, title=_text("what"), where=_text("unit__name"),
                     due=F("due_date"), said=NO_TEXT, said_by=NO_TEXT, place=NO_PLACE),
            _columns(decisions, TaskKind.DECISION.value, title=HEADING, where=_text("body__name"),
                     due=NO_DATE, said=F("text"), said_by=NO_TEXT, place=NO_PLACE),
            _columns(meetings, TaskKind.BOARD.value, title=_text("board__name"), where=_text("board__unit__name"),
                     due=F("day"), said=NO_TEXT, said_by=NO_TEXT, place=F("board")),
        ]
    )  # fmt: skip


ROWS = Prepared(_rows)


def _reports(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Submission]:
    """Reports to fill in and to approve, with what their rows say."""
    owed, waiting = (
        owed_by(authority_id, viewer, today, ahead).values("pk"),
        waiting_for(authority_id, viewer, today, ahead).values("pk"),
    )
    found = Submission.objects.filter(Q(pk__in=owed) | Q(pk__in=waiting))
    found = found.select_related("round__body", "unit", "decided_by", "submitted_by")
    return found.with_counts().order_by("deadline", "unit__name")[:MOST]


REPORTS = Prepared(_reports)


def tasks_of(authority_id: int, viewer: Viewer, today: date) -> list[Task]:
    """Everything the person is to do, what is due first first; two queries."""
    ahead = today + AHEAD
    tasks = [report_task(one, today) for one in REPORTS.objects(authority_id, viewer, today, ahead)]
    for kind, pk, title, where, due, said, said_by, place in ROWS.rows(authority_id, viewer, today, ahead):
        is_late = due is not None and due < today
        tasks.append(Task(TaskKind(kind), pk, title, where or "", due, said, said_by.strip(), place, is_late))
    return sorted(tasks, key=lambda task: (not task.is_returned, task.due or date.max, task.kind, task.title, task.pk))


def report_task(one: Submission, today: date) -> Task:
    """A report (read `with_counts`) as something to fill in or to approve."""
    if one.state in SENT:
        due = one.round.approval_deadline
        return Task(
            TaskKind.APPROVE, one.pk, one.unit.name, one.round.body.name, due,
            said_by=str(one.submitted_by), is_late=due < today, submission=one,
        )  # fmt: skip
    is_back = one.state == SubmissionState.RETURNED
    return Task(
        TaskKind.ENTER, one.pk, one.unit.name, one.round.body.name, one.deadline,
        said=one.return_reason if is_back else "", said_by=str(one.decided_by) if is_back else "",
        is_late=one.deadline < today, submission=one,
    )  # fmt: skip


def grouped(tasks: Sequence[Task], today: date) -> list[TaskGroup]:
    """The tasks by when: what is late, came back or is due today or tomorrow; within a week; later."""
    groups: dict[str, list[Task]] = {"now": [], "soon": [], "later": []}
    for task in tasks:
        if task.is_returned or (task.due is not None and task.due <= today + timedelta(days=1)):
            groups["now"].append(task)
        else:
            groups["soon" if task.due is not None and task.due <= today + SOON else "later"].append(task)
    return [TaskGroup(key, tuple(found)) for key, found in groups.items() if found]


# ---- what is new -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened since the last visit."""

    kind: NewsKind
    pk: int
    title: str
    where: str
    day: date
    place: int  # the round of a report, the body of a round
    other: int  # the unit of a report

    @property
    def url(self) -> str:
        """Where it is to be read."""
        match self.kind:
            case NewsKind.SENT_BACK | NewsKind.APPROVED:
                return address_of("followup:entry_grid", self.place, self.other)
            case NewsKind.READY:
                return address_of("followup:body_detail", self.place)
        return address_of(f"followup:{PAGES[self.kind]}", self.pk)


def _news(authority_id: int, viewer: Viewer, today: date, since: date) -> QuerySet[Any]:
    mine = _own_units(viewer)
    decided = Submission.objects.filter(
        unit__authority=authority_id, unit__in=mine, decided_at__date__gte=since
    ).exclude(decided_by=viewer.pk)
    answered = Question.objects.filter(authority=authority_id, answered_at__date__gte=since).readable_by(viewer, today)
    made = Decision.objects.filter(authority=authority_id, date__gte=since, date__lte=today).readable_by(viewer, today)
    given = (
        Action.objects.open()
        .filter(authority=authority_id, owner=viewer.pk, created_at__date__gte=since)
        .exclude(created_by=viewer.pk)
    )
    return _union(
        [
            *(
                _columns(decided.filter(state=state), kind.value, title=_text("unit__name"),
                         where=_text("round__body__name"), day=TruncDate("decided_at"), place=F("round"),
                         other=F("unit"))
                for state, kind in (
                    (SubmissionState.RETURNED, NewsKind.SENT_BACK), (SubmissionState.APPROVED, NewsKind.APPROVED)
                )
            ),
            _columns(answered.filter(Q(body__in=mine) | Q(asked_by=viewer.pk)), NewsKind.ANSWERED.value,
                     title=F("text"), where=_text("body__name"), day=TruncDate("answered_at"), place=F("body"),
                     other=NO_PLACE),
            _columns(made.filter(Q(body__in=mine) | Q(goal__owner_unit__in=mine) | Q(responsible=viewer.pk)),
                     NewsKind.DECIDED.value, title=HEADING, where=_text("body__name"), day=F("date"),
                     place=F("body"), other=NO_PLACE),
            _columns(given, NewsKind.GIVEN.value, title=_text("what"), where=_text("unit__name"),
                     day=TruncDate("created_at"), place=NO_PLACE, other=NO_PLACE),
            _columns(_ready(authority_id, mine, since), NewsKind.READY.value, title=_text("period"),
                     where=_text("body__name"), day=F("ready_on"), place=F("body"), other=NO_PLACE),
        ]
    )  # fmt: skip


def _ready(authority_id: int, units: Sequence[int], since: date) -> QuerySet[Round]:
    """Rounds of the units, or that asked them for something, which have become ready for their meeting."""
    became = HistoryEntry.objects.filter(
        subject_kind="followup.round", subject_id=OuterRef("pk"), verb=RoundState.READY.value
    )
    day = Subquery(became.order_by("-at").values(day=TruncDate("at"))[:1])
    asked = Submission.objects.filter(round=OuterRef("pk"), unit__in=units)
    ready = Round.objects.filter(authority=authority_id, state=RoundState.READY).annotate(ready_on=day)
    return ready.filter(Q(body__in=units) | Exists(asked)).filter(ready_on__gte=since)


NEWS = Prepared(_news)


def news_of(authority_id: int, viewer: Viewer, today: date, since: date) -> list[News]:
    """What happened to the person's own matters from the day on, the newest first; one query."""
    rows = NEWS.rows(authority_id, viewer, today, since)
    found = [News(NewsKind(kind), pk, title, where, day, place, other)
             for kind, pk, title, where, day, place, other in rows]  # fmt: skip
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.kind, one.pk))


def last_visit(user: User, today: date) -> date | None:
    """The day of the visit before this one; today's is remembered. None at the first."""
    visit = Visit.objects.filter(user=user).first()
    if visit is None:
        Visit.objects.bulk_create([Visit(user=user, day=today)], ignore_conflicts=True)
        return None
    if visit.day != today:
        visit.before, visit.day = visit.day, today
        visit.save(update_fields=["before", "day"])
    return visit.before
