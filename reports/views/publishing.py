"""A report's way to publication: written, approved, published, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from followup.kinds import READY_ROUNDS
from goals.actions.versions import Stale
from goals.views.shared import answer, posted, show_stale
from organisation.access import requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission
from reports.actions import publishing as actions
from reports.actions.making import ask
from reports.actions.publishing import NotPossible
from reports.files import KINDS
from reports.job_kinds import PUBLISH
from reports.keys import ReportKey
from reports.kinds import ReportState, ReportStep, refusal
from reports.making import worker_is_alive
from reports.models import Edition, EditionFile, Report
from reports.publishing_forms import ReportForm, VersionForm, WithdrawForm
from reports.subject import Subject
from reports.views.reading import file_response, visible_report

HISTORY = 20
SHORT_CODE = 8  # letters of the control code that people compare


@requires(Permission.EDIT_REPORTS)
@never_cache
def report_write(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Write the highlights and the recommendation."""
    subject = _subject_for(request, key, Permission.EDIT_REPORTS)
    report = subject.report
    form = ReportForm(posted(request), instance=report)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.write_report(
                subject,
                highlights=said["highlights"],
                recommendation=said["recommendation"],
                version=said["version"],
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as error:
            return _told(request, error.key, key)
        else:
            messages.success(request, _("Rapporten er gemt."))
            return redirect("reports:report_detail", key)
    context = {"form": form, "subject": subject, "report": report}
    return render(request, "reports/report_write.html", context, status=answer(form))


@requires(Permission.PUBLISH_REPORTS)
@require_POST
def report_approve(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Approve the report as it is written."""
    subject = _subject_for(request, key, Permission.PUBLISH_REPORTS)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return redirect("reports:report_detail", key)

    def approve() -> str:
        actions.approve_report(subject, version=form.cleaned_data["version"], by=request.user, now=request.now)
        return _("Rapporten er godkendt og kan offentliggøres.")

    return _stepped(request, key, approve)


@requires(Permission.PUBLISH_REPORTS)
@never_cache
def report_publish(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Say what publishing means, and publish."""
    subject = _subject_for(request, key, Permission.PUBLISH_REPORTS)
    report = subject.report
    is_ready = subject.round.state in READY_ROUNDS
    if why := refusal(ReportStep.PUBLISH, ReportState(report.state), is_ready=is_ready, is_outdated=report.is_outdated):
        return _told(request, why, key)
    form = VersionForm(posted(request), initial={"version": report.version})
    if request.method == "POST" and form.is_valid() and worker_is_alive(request.now):
        asked = ask(subject, PUBLISH, by=request.user, now=request.now, version=form.cleaned_data["version"])
        return redirect("reports:making", key, asked.pk)
    if request.method == "POST" and form.is_valid():

        def publish() -> str:
            version = form.cleaned_data["version"]
            edition = actions.publish_report(subject, version=version, by=request.user, now=request.now)
            return _("Offentliggjort. Kontrolkode %s…") % edition.sha256[:SHORT_CODE]

        return _stepped(request, key, publish)
    context = {
        "form": form,
        "subject": subject,
        "report": report,
        "closed_count": subject.round.agenda_items.filter(is_closed=True).count(),
    }
    return render(request, "reports/report_publish.html", context, status=answer(form))


@requires(Permission.PUBLISH_REPORTS)
@never_cache
def report_withdraw(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Take a published report back, with a reason."""
    subject = _subject_for(request, key, Permission.PUBLISH_REPORTS)
    report = subject.report
    if report.state != ReportState.PUBLISHED:
        messages.error(request, _("Rapporten er ikke offentliggjort."))
        return redirect("reports:report_detail", key)
    form = WithdrawForm(posted(request), initial={"version": report.version})
    if request.method == "POST" and form.is_valid():

        def withdraw() -> str:
            said = form.cleaned_data
            actions.withdraw_edition(
                subject, reason=said["reason"], version=said["version"], by=request.user, now=request.now
            )
            return _("Rapporten er trukket tilbage. Udgaven er gemt, som den var.")

        return _stepped(request, key, withdraw)
    context = {"form": form, "subject": subject}
    return render(request, "reports/report_withdraw.html", context, status=answer(form))


@requires(Permission.EDIT_REPORTS)
@never_cache
def report_editions(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Every edition of the report, also those withdrawn, and what was done to it."""
    subject = _subject_for(request, key, Permission.EDIT_REPORTS)
    report = subject.report
    files = Prefetch("files", EditionFile.objects.defer("data").order_by("pk"))
    editions = (
        Edition.objects.filter(report__in=Report.objects.filter(**subject.identity))
        .defer("content")
        .prefetch_related(files)
    )
    context = {
        "subject": subject,
        "report": report,
        "editions": editions.select_related("published_by", "withdrawn_by"),
        "history": HistoryEntry.objects.about(report)[:HISTORY] if report.pk else [],
    }
    return render(request, "reports/report_editions.html", context)


@requires(Permission.EDIT_REPORTS)
@never_cache
def edition_file(request: HttpRequest, key: ReportKey, number: int, kind: str) -> HttpResponse:
    """A file of any edition, byte for byte."""
    subject = _subject_for(request, key, Permission.EDIT_REPORTS)
    files = EditionFile.objects.filter(
        edition__report__in=Report.objects.filter(**subject.identity), edition__number=number
    )
    file = get_object_or_404(files, kind=kind)
    return file_response(subject, bytes(file.data), KINDS[file.kind].media_type, f"-{number}.{file.kind}")


def _subject_for(request: HttpRequest, key: ReportKey, permission: Permission) -> Subject:
    subject = visible_report(request, key)
    bodies = Unit.objects.allowing(permission, request.user, request.today)
    if not bodies.filter(pk=subject.round.body_id).exists():
        raise PermissionDenied
    return subject


def _stepped(request: HttpRequest, key: ReportKey, step: Callable[[], str]) -> HttpResponse:
    """The report's page after the step, with the receipt or why it could not be taken."""
    try:
        messages.success(request, step())
    except Stale:
        messages.error(request, _("En anden har ændret rapporten imens. Læs den igen, før du går videre."))
    except NotPossible as error:
        return _told(request, error.key, key)
    return redirect("reports:report_detail", key)


def _told(request: HttpRequest, why: str, key: ReportKey) -> HttpResponse:
    messages.error(request, _refusal_words(why))
    return redirect("reports:report_detail", key)


def _refusal_words(why: str) -> str:
    words = {
        "is_draft": _("Rapporten er en kladde. Den skal godkendes først."),
        "is_approved": _("Rapporten er allerede godkendt. Intet er ændret."),
        "is_published": _("Rapporten er offentliggjort og kan ikke ændres. Træk den tilbage først."),
        "conclusion_changed": _(
            "Konklusionen er skrevet om, efter at rapporten blev godkendt. Læs den, og godkend rapporten igen."
        ),
        "round_not_ready": _("Opfølgningen er ikke klar til mødet endnu. Når den er det, kan rapporten godkendes."),
    }
    return words[why]
