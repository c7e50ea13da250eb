"""Storing a file of units and people. The preview is the same work, undone: it can promise nothing else.

A line that is refused leaves the others alone. A blank cell never changes what is stored, so a file may hold fewer
columns than the page shows; storing the same file twice changes nothing the second time.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from organisation.actions.people import PersonRefused
from organisation.actions.setup_people import PersonLines
from organisation.actions.setup_units import UnitLines
from organisation.actions.units import LinkRefused, UnitRefused
from organisation.danish import table_date
from organisation.models import Authority, User
from organisation.setup_files import FileKind, Line
from organisation.setup_lines import Change, LineRefused
from organisation.setup_messages import sentence


class Result(StrEnum):
    """What storing does, or did, with a line."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineResult:
    """One line with what comes of it: what changes, or why it is refused."""

    line: Line
    result: Result
    changes: Sequence[Change] = ()
    reason: str = ""

    @property
    def subject(self) -> str:
        """Whom or what the line is about."""
        cells = ("name", "code") if self.line.kind is FileKind.UNIT else ("first_name", "last_name", "username")
        return " ".join(text for text in (self.line.cell(name) for name in cells) if text)


@dataclass(frozen=True, slots=True)
class FileResult:
    """The whole file, line by line."""

    lines: Sequence[LineResult]
    counts: Mapping[Result, int] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[LineResult]) -> "FileResult":
        """With the lines counted."""
        lines = list(lines)
        return cls(lines, {result: sum(one.result is result for one in lines) for result in Result})

    @property
    def has_news(self) -> bool:
        """Whether storing changes anything."""
        return bool(self.counts[Result.CREATED] or self.counts[Result.CHANGED])

    def fingerprint(self) -> str:
        """The same for two runs that do the same."""
        told = "\n".join(f"{one.line.sheet}:{one.line.number}:{one.result}:{one.reason}" for one in self.lines)
        return hashlib.sha256(told.encode()).hexdigest()


class StaleFile(Exception):
    """What is stored has changed since the preview; `result` is what the file would do now."""

    def __init__(self, result: FileResult) -> None:
        super().__init__("stale")
        self.result = result


def preview_lines(lines: Sequence[Line], *, authority: Authority, by: User, now: datetime, today: date) -> FileResult:
    """What `store_lines` would do; nothing is kept."""
    with transaction.atomic():
        result = _work_through(lines, authority=authority, by=by, now=now, today=today)
        transaction.set_rollback(True)
    return result


@transaction.atomic
def store_lines(
    lines: Sequence[Line], *, expected: str, authority: Authority, by: User, now: datetime, today: date
) -> FileResult:
    """Store every line that is not refused; StaleFile, and nothing stored, when that is not what the preview said."""
    result = _work_through(lines, authority=authority, by=by, now=now, today=today)
    if result.fingerprint() != expected:
        raise StaleFile(result)
    return result


def _work_through(lines: Sequence[Line], **context: Any) -> FileResult:
    units = UnitLines([line for line in lines if line.kind is FileKind.UNIT], **context)
    results = {id(line): _attempt(line, units.store) for line in units.parents_first()}
    people = PersonLines([line for line in lines if line.kind is FileKind.PERSON], units=units, **context)
    results |= {id(line): _attempt(line, people.store) for line in people.lines}
    return FileResult.of(results[id(line)] for line in lines)


def _attempt(line: Line, store: Callable[[Line], tuple[bool, list[Change]]]) -> LineResult:
    try:
        with transaction.atomic():
            is_new, changes = store(line)
    except LineRefused as refusal:
        return LineResult(line, Result.REFUSED, reason=sentence(refusal.key, refusal.values))
    except UnitRefused as refusal:
        return LineResult(line, Result.REFUSED, reason=sentence(refusal.key))
    except (LinkRefused, PersonRefused) as refusal:
        return LineResult(line, Result.REFUSED, reason=refusal_sentence(refusal))
    if is_new:
        return LineResult(line, Result.CREATED, changes)
    return LineResult(line, Result.CHANGED if changes else Result.UNCHANGED, changes)


def refusal_sentence(refusal: LinkRefused | PersonRefused) -> str:
    """Why a link or a role cannot be as asked, in words."""
    if isinstance(refusal, LinkRefused):
        values = {"body": refusal.link.body, "first_day": table_date(refusal.link.first_day)}
        return sentence("body_linked", values)
    role = refusal.membership
    return sentence(refusal.key, {"unit": role.unit, "first_day": table_date(role.first_day)})
