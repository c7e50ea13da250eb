"""Asking for a report that takes a while, and the page on which one waits for it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organisation.access import requires
from organisation.permissions import Permission
from reports.actions import making as actions
from reports.editions import edition_in_force, file_of
from reports.files import KINDS
from reports.job_kinds import CAN_RETRY, IN_BACKGROUND, PUBLISH, JobState
from reports.keys import ReportKey
from reports.making import fresh_file, worker_is_alive
from reports.models import Job
from reports.views.reading import may_read, refused, visible_report


@requires(Permission.SEE_AUTHORITY)
@require_POST
def report_make(request: HttpRequest, key: ReportKey, kind: str) -> HttpResponse:
    """To the file if it is ready or soon made, else to the page where one waits for it."""
    if kind not in KINDS:
        raise Http404
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    edition = edition_in_force(subject)
    is_ready = (edition and file_of(edition, kind)) or fresh_file(subject, kind, now=request.now)
    if is_ready or kind not in IN_BACKGROUND or not worker_is_alive(request.now):
        return redirect(f"reports:report_{kind}", key)
    job = actions.ask(subject, kind, by=request.user, now=request.now)
    return redirect("reports:making", key, job.pk)


@requires(Permission.SEE_AUTHORITY)
@never_cache
def making(request: HttpRequest, key: ReportKey, pk: int) -> HttpResponse:
    """How far the person's job is; asked for again every second while it is open."""
    job = _own_job(request, key, pk)
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    actions.was_seen(job, now=request.now)
    edition = edition_in_force(subject) if job.kind == PUBLISH and job.state == JobState.DONE else None
    context = {
        "job": job,
        "subject": subject,
        "edition": edition,
        "has_worker": not job.is_open or worker_is_alive(request.now),
        "can_retry": job.state == JobState.CANCELLED or job.error in CAN_RETRY,
        "support": settings.SUPPORT_EMAIL,
        "is_part": bool(request.htmx),
    }
    return render(request, "reports/_making.html" if request.htmx else "reports/making.html", context)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def making_cancel(request: HttpRequest, key: ReportKey, pk: int) -> HttpResponse:
    """Stop the job."""
    job = _own_job(request, key, pk)
    actions.cancel(job, now=request.now)
    return redirect("reports:making", key, job.pk)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def making_retry(request: HttpRequest, key: ReportKey, pk: int) -> HttpResponse:
    """Ask for the same once more, where that may help."""
    job = _own_job(request, key, pk)
    if job.state == JobState.CANCELLED or job.error in CAN_RETRY:
        job = actions.ask(visible_report(request, key), job.kind, by=request.user, now=request.now, version=job.version)
    return redirect("reports:making", key, job.pk)


def _own_job(request: HttpRequest, key: ReportKey, pk: int) -> Job:
    job: Job = get_object_or_404(Job, by=request.user, report=str(key), pk=pk)
    return job
