"""Asking for a report that takes a while, and the page on which one waits for it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organisation.access import requires
from organisation.permissions import Permission
from reports.actions import making as actions
from reports.content import report_title
from reports.editions import edition_in_force, file_of
from reports.files import KINDS
from reports.job_kinds import CAN_RETRY, IN_BACKGROUND, PUBLISH, JobState
from reports.making import fresh_file, worker_is_alive
from reports.models import Job
from reports.views.reading import may_read, refused, visible_round


@requires(Permission.SEE_AUTHORITY)
@require_POST
def report_make(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """To the file if it is ready or soon made, else to the page where one waits for it."""
    if kind not in KINDS:
        raise Http404
    round_ = visible_round(request, pk)
    if not may_read(request, round_):
        return refused(request, round_)
    edition = edition_in_force(round_)
    is_ready = (edition and file_of(edition, kind)) or fresh_file(round_, kind, now=request.now)
    if is_ready or kind not in IN_BACKGROUND or not worker_is_alive(request.now):
        return redirect(f"reports:report_{kind}", pk)
    job = actions.ask(round_, kind, by=request.user, now=request.now)
    return redirect("reports:making", pk, job.pk)


@requires(Permission.SEE_AUTHORITY)
@never_cache
def making(request: HttpRequest, pk: int, job_pk: int) -> HttpResponse:
    """How far the person's job is; asked for again every second while it is open."""
    job = _own_job(request, pk, job_pk)
    if not may_read(request, job.round):
        return refused(request, job.round)
    actions.was_seen(job, now=request.now)
    edition = edition_in_force(job.round) if job.kind == PUBLISH and job.state == JobState.DONE else None
    context = {
        "job": job,
        "round": job.round,
        "title": report_title(job.round),
        "edition": edition,
        "has_worker": not job.is_open or worker_is_alive(request.now),
        "can_retry": job.state == JobState.CANCELLED or job.error in CAN_RETRY,
        "support": settings.SUPPORT_EMAIL,
        "is_part": bool(request.htmx),
    }
    return render(request, "reports/_making.html" if request.htmx else "reports/making.html", context)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def making_cancel(request: HttpRequest, pk: int, job_pk: int) -> HttpResponse:
    """Stop the job."""
    job = _own_job(request, pk, job_pk)
    actions.cancel(job, now=request.now)
    return redirect("reports:making", pk, job.pk)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def making_retry(request: HttpRequest, pk: int, job_pk: int) -> HttpResponse:
    """Ask for the same once more, where that may help."""
    job = _own_job(request, pk, job_pk)
    if job.state == JobState.CANCELLED or job.error in CAN_RETRY:
        job = actions.ask(job.round, job.kind, by=request.user, now=request.now, version=job.version)
    return redirect("reports:making", pk, job.pk)


def _own_job(request: HttpRequest, pk: int, job_pk: int) -> Job:
    mine = Job.objects.filter(by=request.user, round=pk).select_related("round__body", "round__authority")
    job: Job = get_object_or_404(mine, pk=job_pk)
    return job
