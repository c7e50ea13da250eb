"""What later apps add to pages, tasks, mails, `tick` and `integrity` here. Filled in `malstyring.additions`:
the project is the only place that knows every app.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

# A promise of the database: from the day to a line per fault.
Check = Callable[[date], Iterator[str]]
# What the template is given as `panel`.
Facts = Callable[[HttpRequest], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page: its template, and what it shows."""

    template: str
    facts: Facts


_panels: dict[str, list[Panel]] = defaultdict(list)
_work: list[Callable[[datetime], int]] = []
_sending: list[Callable[[datetime], int]] = []
_news: list[Callable[..., Any]] = []
_checks: list[Check] = []
_tasks: list["AddedTask"] = []
_reminders: list["AddedReminder"] = []
_front: list[Callable[[HttpRequest], HttpResponse | None]] = []


def add_panel(page: str, panel: Panel) -> None:
    """Show the panel on the page of this route."""
    if panel not in _panels[page]:
        _panels[page].append(panel)


def panels_of(page: str, request: HttpRequest) -> list[dict[str, Any]]:
    """The page's panels: each a template and its context."""
    return [{"template": panel.template, **panel.facts(request)} for panel in _panels[page]]


def add_work(do: Callable[[datetime], int]) -> None:
    """Let `tick` do this too: from the moment to how much was done. Twice adds nothing."""
    if do not in _work:
        _work.append(do)


def do_added_work(now: datetime) -> int:
    """The due work of later apps; how much was done."""
    return sum(do(now) for do in _work)


def add_sending(send: Callable[[datetime], int]) -> None:
    """Let `tick` send this too, unless it sends no mail: from the moment to how many went out. Twice adds nothing."""
    if send not in _sending:
        _sending.append(send)


def send_added(now: datetime) -> int:
    """The mails of later apps that are not in the outbox; how many went out."""
    return sum(send(now) for send in _sending)


def set_front(view: Callable[[HttpRequest], HttpResponse | None]) -> None:
    """Show strangers this first page; `view` gives None where it has nothing to show."""
    _front[:] = [view]


def added_front(request: HttpRequest) -> HttpResponse | None:
    """The first page of a later app for somebody who is not signed in."""
    return _front[0](request) if _front else None


def add_news(ask: Callable[..., Any]) -> None:
    """Show these news on the overview too; `ask` is as those of `followup.overview`. Twice adds nothing."""
    if ask not in _news:
        _news.append(ask)


def added_news() -> list[Callable[..., Any]]:
    """The news of later apps."""
    return list(_news)


@dataclass(frozen=True, slots=True)
class AddedTask:
    """A kind of task: its rows, asked for as `followup.inbox.TASKS` are, and which of their columns is which."""

    kind: str  # a `followup.inbox.TaskKind`
    query: Callable[..., Any]
    columns: Mapping[str, Any]


def add_task(task: AddedTask) -> None:
    """Show these tasks on the overview and count them in the menu. Twice adds nothing."""
    if task not in _tasks:
        _tasks.append(task)


def added_tasks() -> tuple[AddedTask, ...]:
    """The tasks of later apps."""
    return tuple(_tasks)


@dataclass(frozen=True, slots=True)
class AddedReminder:
    """What else the daily mail reminds of.

    `things`: from the day to those that have reached a stage, as `followup.owed.Thing`. `told`: from their keys and
    the day to what the mail says of each: its part, and where and in which line a manager hears of it.
    """

    kind: str  # a `followup.kinds.ReminderKind`
    things: Callable[[date], Iterator[Any]]
    told: Callable[[Collection[int], date], Mapping[int, tuple[Any, str, str]]]


def add_reminder(reminder: AddedReminder) -> None:
    """Let the daily mail remind of this too. Twice adds nothing."""
    if reminder not in _reminders:
        _reminders.append(reminder)


def added_reminders() -> tuple[AddedReminder, ...]:
    """The reminders of later apps."""
    return tuple(_reminders)


def add_check(check: Check) -> None:
    """Let `manage.py integrity` check this too. Twice adds nothing."""
    if check not in _checks:
        _checks.append(check)


def added_checks() -> tuple[Check, ...]:
    """The checks of later apps."""
    return tuple(_checks)
