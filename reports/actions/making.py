"""Jobs: asked for, taken, told of, ended. A job belongs to the worker whose token is in it; no other ends it.

What a job makes and that it is done are stored in one transaction, so that a job killed at any point has made nothing
or is done.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from followup.actions.reminders import notify
from followup.kinds import MailTopic
from followup.models import Round
from goals.actions.versions import Stale
from organisation.models import Unit, User
from organisation.permissions import Permission
from organisation.words.speaking import words_of
from reports.actions.publishing import NotPossible, freeze_report, to_publish
from reports.editions import edition_in_force
from reports.job_kinds import ENDED_JOBS, PUBLISH, JobError, JobState, JobStep
from reports.making import fresh_file, is_disk_full, keep, made_file
from reports.models import Job, MadeFile, Worker
from reports.models.making import MOST_TRIES, STALE
from reports.progress import Tell, hearing
from reports.subject import Subject, subject_of

LOG = logging.getLogger("reports.making")
# Who looks at the page hears within a second; who has not by now has left it.
LEFT_AFTER = timedelta(minutes=1)
FILES_KEPT = timedelta(days=2)  # a file holds for a day
JOBS_KEPT = timedelta(days=30)


class Gone(Exception):
    """The job is no longer this worker's: it was cancelled, or taken up by another."""


class NotAllowed(Exception):
    """Whoever asked may not any more."""


# ---- asking ----------------------------------------------------------------------------------------------------------


def ask(subject: Subject, kind: str, *, by: User, now: datetime, version: int | None = None) -> Job:
    """Ask for a file or for publication; the person's job that is under way already, if there is one."""
    same = {"report": str(subject.key), "kind": kind, "by": by}
    for _attempt in range(2):
        if found := Job.objects.open().filter(**same).first():
            return found
        try:
            with transaction.atomic():
                return Job.objects.create(**same, round=subject.round, version=version, made_at=now)
        except IntegrityError:  # asked for twice at once
            continue
    return Job.objects.open().get(**same)


def cancel(job: Job, *, now: datetime) -> bool:
    """Stop the job. False when it had ended; then what it made stands."""
    return bool(Job.objects.open().filter(pk=job.pk).update(state=JobState.CANCELLED, ended_at=now))


def was_seen(job: Job, *, now: datetime) -> None:
    """Whoever asked has seen how it ended, and need not be told."""
    if not job.is_open and job.seen_at is None:
        Job.objects.filter(pk=job.pk).update(seen_at=now)


# ---- the worker ------------------------------------------------------------------------------------------------------


def take(token: str, *, now: datetime) -> Job | None:
    """The next job, now this worker's. One that was tried too often is ended on the way."""
    # A question first: on SQLite the transaction alone would hold everybody who writes.
    while Job.objects.to_take(now).exists():
        with transaction.atomic():
            job = Job.objects.select_for_update(skip_locked=True, of=("self",)).to_take(now).first()
            if job is None:
                return None
            found = Job.objects.to_take(now).filter(pk=job.pk, token=job.token, tries=job.tries)
            if job.tries >= MOST_TRIES:
                code = _code()
                LOG.error("%s job %s was left by its worker %s times", code, job.pk, job.tries)
                found.update(state=JobState.FAILED, error=JobError.CRASHED, code=code, ended_at=now)
            elif found.update(
                state=JobState.RUNNING, token=token, tries=job.tries + 1, heartbeat=now, step=JobStep.READING, done=0,
                total=None,
            ):  # fmt: skip
                return Job.objects.get(pk=job.pk)
    return None


def tell_progress(job: Job, step: str, done: int, total: int | None, *, now: datetime) -> bool:
    """How far it is, and that its worker lives. False when the job is no longer this worker's."""
    total = None if total is not None and total < done else total
    held = Job.objects.held_by(job.pk, job.token)
    return bool(held.update(step=step, done=done, total=total, heartbeat=now))


def put_back(job: Job) -> None:
    """The worker stops: another takes the job, as if it had not been begun."""
    Job.objects.held_by(job.pk, job.token).update(state=JobState.WAITING, token="", tries=F("tries") - 1)


def died(job: Job, *, now: datetime) -> None:
    """Its process ended without a word: once more, unless that was the last time."""
    held = Job.objects.held_by(job.pk, job.token)
    if job.tries < MOST_TRIES:
        held.update(state=JobState.WAITING, token="")
    else:
        fail(job, JobError.CRASHED, now=now)


def fail(job: Job, error: JobError, *, now: datetime, cause: BaseException | None = None) -> None:
    """End the job with the reason, and write the fault to the log under the code that the person is shown."""
    code = _code()
    if Job.objects.held_by(job.pk, job.token).update(state=JobState.FAILED, error=error, code=code, ended_at=now):
        LOG.error("%s job %s (%s of report %s): %s", code, job.pk, job.kind, job.report, error, exc_info=cause)


def beat(token: str, *, now: datetime) -> None:
    """The worker lives."""
    Worker.objects.update_or_create(token=token, defaults={"heartbeat": now})


def leave(token: str) -> None:
    """The worker stops."""
    Worker.objects.filter(token=token).delete()


def _code() -> str:
    return secrets.token_hex(2).upper()


# ---- the work itself, in the worker's child --------------------------------------------------------------------------


def perform(job: Job, tell: Tell) -> None:
    """Do the job and end it. Nothing is stored unless the job is still this worker's when it is done."""
    try:
        if job.kind == PUBLISH:
            _publish(job, tell)
        else:
            _make(job, tell)
    except Gone:
        return
    except Exception as error:
        fail(job, error_of(error), now=timezone.now(), cause=error)


def error_of(error: BaseException) -> JobError:
    """What the fault is to the person who asked."""
    match error:
        case Stale():
            return JobError.CHANGED
        case NotPossible():
            return JobError.NOT_POSSIBLE
        case NotAllowed():
            return JobError.NOT_ALLOWED
    return JobError.DISK_FULL if is_disk_full(error) else JobError.BROKEN


def _make(job: Job, tell: Tell) -> None:
    now = timezone.now()
    if not Round.objects.readable_by(job.by, timezone.localdate(now)).filter(pk=job.round_id).exists():
        raise NotAllowed
    subject = subject_of_job(job)
    file = fresh_file(subject, job.kind, now=now)
    made = file is None
    if file is None:
        file = made_file(subject, job.kind, now=now, edition=edition_in_force(subject), tell=tell)
    tell(JobStep.STORING, 0, None)
    with transaction.atomic():
        _finish(job)
        if made:
            keep(file)


def _publish(job: Job, tell: Tell) -> None:
    assert job.version is not None
    now = timezone.now()
    _may_publish(job, now)
    subject = subject_of_job(job)
    with hearing(tell, None):
        text, files = to_publish(subject, now=now, tell=tell)
    tell(JobStep.STORING, 0, None)
    with transaction.atomic():
        _finish(job)
        _may_publish(job, now)
        freeze_report(subject, text, files, version=job.version, by=job.by, now=now)


def subject_of_job(job: Job) -> Subject:
    """The report that is asked for; NotAllowed when what it is about is there no more."""
    subject = subject_of(job.round, job.key)
    if subject is None:
        raise NotAllowed
    return subject


def _may_publish(job: Job, now: datetime) -> None:
    by = User.objects.get(pk=job.by_id)
    allowed = Unit.objects.allowing(Permission.PUBLISH_REPORTS, by, timezone.localdate(now))
    if not by.is_active or not allowed.filter(pk=job.round.body_id).exists():
        raise NotAllowed


def _finish(job: Job) -> None:
    """The job is done, if it still is this worker's; held until what it made is stored."""
    if not Job.objects.held_by(job.pk, job.token).update(state=JobState.DONE, ended_at=timezone.now()):
        raise Gone


# ---- telling and clearing, by `tick` and by the worker ---------------------------------------------------------------


def tell_unheard(now: datetime) -> int:
    """A mail to everybody whose report is ready, or could not be made, and who has left the page; how many."""
    ended = Job.objects.unheard(now - LEFT_AFTER).select_related("round__authority", "round__body", "by")
    return sum(_tell(job, now) for job in ended.order_by("pk"))


@transaction.atomic
def _tell(job: Job, now: datetime) -> int:
    if not Job.objects.unheard(now).filter(pk=job.pk).update(told_at=now):
        return 0
    with words_of(job.round.authority):
        return _told(job, now)


def _told(job: Job, now: datetime) -> int:
    is_done, is_published = job.state == JobState.DONE, job.kind == PUBLISH
    subject = subject_of(job.round, job.key)
    if subject is None:
        return 0
    title = f"{subject.title}, {job.round.body.name}"
    words = _("Rapporten blev ikke færdig: %s")
    if is_done:
        words = _("Rapporten er offentliggjort: %s") if is_published else _("Rapporten er klar: %s")
    path = reverse("reports:report_detail", args=[job.key])
    return notify(
        [job.by],
        authority=job.round.authority,
        key=f"made:{job.pk}",
        subject=words % title,
        template="report_made",
        context={"title": title, "is_done": is_done, "is_published": is_published},
        path=path if is_done else reverse("reports:making", args=[job.key, job.pk]),
        now=now,
        topic=MailTopic.REPORTS,
    )


def clear_made(now: datetime) -> int:
    """Delete files of days gone by, jobs that ended long ago, and workers that have died; how many files and jobs."""
    files = MadeFile.objects.filter(made_at__lt=now - FILES_KEPT).delete()[0]
    jobs = Job.objects.filter(state__in=ENDED_JOBS, ended_at__lt=now - JOBS_KEPT).delete()[0]
    Worker.objects.filter(heartbeat__lt=now - 20 * STALE).delete()
    return files + jobs
