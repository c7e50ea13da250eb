"""What a person owes: one place for the overview, the lists and the menu.

Each kind of task is one queryset. The rows a page shows and the counts of the menu are made from the same one, so
that they are always the same number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    CharField,
    Count,
    QuerySet,
    Value,
)
from django.urls import reverse

from followup.additions import added_tasks
from followup.kinds import EDITABLE, SENT, WAITING, MeetingState, SubmissionState
from followup.models import Action, BoardMeeting, Question, Submission
from goals.models import Decision
from organisation.addresses import address_of
from organisation.models import is_unit_of
from organisation.permissions import TABLE, Permission, Reach, Role, Viewer
from organisation.prepared import Prepared

MOST_REPORTS = 50  # in a list
HERE = (Reach.AUTHORITY, Reach.BELOW, Reach.UNIT)  # reaches that take in the unit of the role itself
AHEAD = timedelta(days=30)  # actions due later than this are not tasks yet
SOON = timedelta(days=7)


class TaskKind(StrEnum):
    """What is to be done; in the template the name of its icon and texts."""

    ENTER = "enter"
    APPROVE = "approve"
    ANSWER = "answer"
    ACT = "act"
    DECISION = "decision"
    BOARD = "board"
    REPLY = "reply"  # to the citizens whom a survey asked; added by `citizens`
    COMMIT = "commit"  # a unit is invited to own a cross-cutting goal; this and the next by `followup.shared_tasks`
    AGREE = "agree"  # a cross-cutting goal's proposed target waits for a unit
    TRANSLATE = "translate"  # a goal that was sent down to the person's unit
    ACCEPT = "accept"  # a unit's own goal for one that was sent down


# A rough guess of minutes, for planning the day: a quarter for a number, three for what came back.
MINUTES = {
    TaskKind.APPROVE: 4,
    TaskKind.ANSWER: 5,
    TaskKind.ACT: 2,
    TaskKind.DECISION: 2,
    TaskKind.BOARD: 15,
    TaskKind.REPLY: 20,
    TaskKind.COMMIT: 15,
    TaskKind.AGREE: 5,
    TaskKind.TRANSLATE: 15,
    TaskKind.ACCEPT: 3,
}
MINUTES_FOR_RETURNED = 3
# Where a task that is neither a report nor a meeting is done.
PAGES = {
    TaskKind.ANSWER: "followup:question_detail",
    TaskKind.ACT: "followup:action_detail",
    TaskKind.DECISION: "followup:decision_detail",
    TaskKind.REPLY: "citizens:answer_write",
    TaskKind.COMMIT: "followup:owner_commit",
    TaskKind.AGREE: "followup:proposal_answer",
    TaskKind.TRANSLATE: "goals:translation_detail",
    TaskKind.ACCEPT: "goals:translation_detail",
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
                return reverse("followup:board_meeting", args=[self.place, self.due])
        return address_of(PAGES[self.kind], self.pk)

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


def own_units(viewer: Viewer, permission: Permission | None = None) -> list[int]:
    """Units where the person has a role, one that gives the permission there. Directors owe for their own unit only."""
    roles = set(Role) if permission is None else {role for role, reach in TABLE[permission].items() if reach in HERE}
    return [grant.unit_id for grant in viewer.all_grants if grant.role in roles]


def reports_of(authority_id: int, viewer: Viewer, today: date) -> QuerySet[Submission]:
    """Reports of the person's own units under way, whatever has become of them."""
    mine = Submission.objects.filter(unit__in=own_units(viewer, Permission.ENTER_VALUES))
    return mine.under_way(today).filter(unit__authority=authority_id)


def owed_by(authority_id: int, viewer: Viewer, today: date, ahead: date) -> QuerySet[Submission]:
    """Those of them that can still be filled in and sent."""
    return reports_of(authority_id, viewer, today).filter(state__in=EDITABLE)


def waiting_for(authority_id: int, viewer: Viewer, today: date, ahead: date | None = None) -> QuerySet[Submission]:
    """Reports that wait for the person's approval."""
    return Submission.objects.approvable_by(viewer, today).filter(is_unit_of(authority_id), state__in=WAITING)


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
    return due.filter(board__unit__in=own_units(viewer, Permission.EDIT_ACTIONS))


TASKS: Mapping[TaskKind, Callable[[int, Viewer, date, date], QuerySet[Any]]] = {
    TaskKind.ENTER: owed_by,
    TaskKind.APPROVE: waiting_for,
    TaskKind.ANSWER: questions_for,
    TaskKind.ACT: actions_for,
    TaskKind.DECISION: decisions_for,
    TaskKind.BOARD: meetings_for,
}


def all_tasks() -> dict[TaskKind, Callable[[int, Viewer, date, date], QuerySet[Any]]]:
    """Every kind of task, those of later apps among them."""
    return {**TASKS, **{TaskKind(one.kind): one.query for one in added_tasks()}}


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
        for kind, query in all_tasks().items()
    )


COUNTS = Prepared(_counts)


def task_counts(authority_id: int, viewer: Viewer, today: date) -> dict[TaskKind, int]:
    """How many tasks of each kind the person has; one query."""
    return {TaskKind(kind): count for kind, count in COUNTS.rows(authority_id, viewer, today, today + AHEAD) if count}


def with_what_rows_say(reports: QuerySet[Submission]) -> QuerySet[Submission]:
    """The first reports in the order of their deadlines, with what a row of a list says of each."""
    found = reports.select_related("round__body", "unit", "decided_by", "submitted_by")
    return found.with_counts().order_by("deadline", "unit__name")[:MOST_REPORTS]


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
