"""Making a report's files, and keeping them until something changes."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import F, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, TruncDate

from followup.overview import NewsKind
from organisation.permissions import Viewer
from reports.editions import content_of
from reports.files import KINDS
from reports.freshness import fingerprint
from reports.job_kinds import JobState, JobStep
from reports.models import Edition, Job, MadeFile, Worker
from reports.models.making import STALE
from reports.own_words import words_of_report
from reports.progress import Tell, hearing, tell_nobody
from reports.subject import Subject

LOG = logging.getLogger("reports.making")
DISK_FULL = "53100"  # as PostgreSQL says it


def worker_is_alive(now: datetime) -> bool:
    """Whether somebody takes jobs."""
    return Worker.objects.filter(heartbeat__gt=now - STALE).exists()


def fresh_file(subject: Subject, kind: str, *, now: datetime) -> MadeFile | None:
    """The file as it was made, if nothing has changed since."""
    return _kept(subject, kind, fingerprint(subject, now=now))


def _kept(subject: Subject, kind: str, mark: str) -> MadeFile | None:
    return MadeFile.objects.filter(report=str(subject.key), kind=kind, fingerprint=mark).first()


def made_file(
    subject: Subject,
    kind: str,
    *,
    now: datetime,
    edition: Edition | None = None,
    mark: str = "",
    tell: Tell = tell_nobody,
) -> MadeFile:
    """The file made anew, not stored. What changes while it is made makes it old at once.

    `edition`: the one in force. `mark`: the fingerprint, where it was asked for just now.
    """
    mark = mark or fingerprint(subject, now=now)
    before = None
    if tell is not tell_nobody:
        before = MadeFile.objects.filter(report=str(subject.key), kind=kind).values_list("pages", flat=True).first()
    tell(JobStep.READING, 0, None)
    with words_of_report(subject, edition):
        content = content_of(subject, edition, now=now)
        with hearing(tell, before) as heard:
            data = KINDS[kind].made(content)
    return MadeFile(
        round=subject.round,
        report=str(subject.key),
        kind=kind,
        fingerprint=mark,
        data=data,
        pages=heard.pages or None,
        made_at=now,
    )


def keep(file: MadeFile) -> None:
    """Store the file in the place of the one before."""
    MadeFile.objects.bulk_create(
        [file],
        update_conflicts=True,
        unique_fields=["report", "kind"],
        update_fields=["fingerprint", "data", "pages", "made_at"],
    )


def file_now(subject: Subject, kind: str, *, now: datetime, edition: Edition | None = None) -> bytes:
    """The file as it was made, else made on the spot. It is given out also where it cannot be kept."""
    mark = fingerprint(subject, now=now)
    if kept := _kept(subject, kind, mark):
        return bytes(kept.data)
    file = made_file(subject, kind, now=now, edition=edition, mark=mark)
    try:
        keep(file)
    except DatabaseError as error:
        if not is_disk_full(error):
            raise
        LOG.warning("there is no room to keep a report: %s", error)
    return file.data


def is_disk_full(error: BaseException) -> bool:
    """Whether there was no room: on the disk, in the quota, or for the database."""
    return any(
        (isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT))
        or getattr(one, "sqlstate", None) == DISK_FULL
        or getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        for one in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def news_of_made(authority_id: int, viewer: Viewer, since: Subquery) -> tuple[QuerySet[Any], NewsKind, dict[str, Any]]:
    """For the overview: reports the person asked for, left before they were ready, and has not seen."""
    made = Job.objects.filter(by=viewer.pk, round__authority=authority_id, state=JobState.DONE, seen_at=None)
    columns = {
        "title": Cast(F("round__period"), TextField()),
        "where": Cast(F("round__body__name"), TextField()),
        "day": TruncDate("ended_at"),
        "place": F("round"),
    }
    return made.filter(ended_at__date__gte=since), NewsKind.MADE, columns
