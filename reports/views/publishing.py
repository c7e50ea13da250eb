"""A report's way to publication: written, approved, published, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from followup.kinds import READY_ROUNDS
from followup.models import Round
from goals.actions.versions import Stale
from goals.views.shared import answer, posted, show_stale
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission
from reports.actions import publishing as actions
from reports.actions.making import ask
from reports.actions.publishing import NotPossible, report_of
from reports.content import report_title
from reports.files import KINDS
from reports.job_kinds import PUBLISH
from reports.kinds import ReportState, ReportStep, refusal
from reports.making import worker_is_alive
from reports.models import Edition, EditionFile
from reports.publishing_forms import ReportForm, VersionForm, WithdrawForm
from reports.views.reading import file_response

HISTORY = 20
SHORT_CODE = 8  # letters of the control code that people compare


@requires(Permission.EDIT_REPORTS)
@never_cache
def report_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the highlights and the recommendation."""
    round_ = _round_for(request, pk, Permission.EDIT_REPORTS)
    report = report_of(round_)
    form = ReportForm(posted(request), instance=report)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.write_report(
                round_,
                highlights=said["highlights"],
                recommendation=said["recommendation"],
                version=said["version"],
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as error:
            return _told(request, error.key, pk)
        else:
            messages.success(request, _("Rapporten er gemt."))
            return redirect("reports:report_detail", pk)
    context = {"form": form, "round": round_, "report": report, "title": report_title(round_)}
    return render(request, "reports/report_write.html", context, status=answer(form))


@requires(Permission.PUBLISH_REPORTS)
@require_POST
def report_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the report as it is written."""
    round_ = _round_for(request, pk, Permission.PUBLISH_REPORTS)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return redirect("reports:report_detail", pk)

    def approve() -> str:
        actions.approve_report(round_, version=form.cleaned_data["version"], by=request.user, now=request.now)
        return _("Rapporten er godkendt og kan offentliggøres.")

    return _stepped(request, pk, approve)


@requires(Permission.PUBLISH_REPORTS)
@never_cache
def report_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what publishing means, and publish."""
    round_ = _round_for(request, pk, Permission.PUBLISH_REPORTS)
    report = report_of(round_)
    if key := refusal(ReportStep.PUBLISH, ReportState(report.state), is_ready=round_.state in READY_ROUNDS):
        return _told(request, key, pk)
    form = VersionForm(posted(request), initial={"version": report.version})
    if request.method == "POST" and form.is_valid() and worker_is_alive(request.now):
        asked = ask(round_, PUBLISH, by=request.user, now=request.now, version=form.cleaned_data["version"])
        return redirect("reports:making", pk, asked.pk)
    if request.method == "POST" and form.is_valid():

        def publish() -> str:
            version = form.cleaned_data["version"]
            edition = actions.publish_report(round_, version=version, by=request.user, now=request.now)
            return _("Offentliggjort. Kontrolkode %s…") % edition.sha256[:SHORT_CODE]

        return _stepped(request, pk, publish)
    context = {
        "form": form,
        "round": round_,
        "report": report,
        "title": report_title(round_),
        "closed_count": round_.agenda_items.filter(is_closed=True).count(),
    }
    return render(request, "reports/report_publish.html", context, status=answer(form))


@requires(Permission.PUBLISH_REPORTS)
@never_cache
def report_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published report back, with a reason."""
    round_ = _round_for(request, pk, Permission.PUBLISH_REPORTS)
    report = report_of(round_)
    if report.state != ReportState.PUBLISHED:
        messages.error(request, _("Rapporten er ikke offentliggjort."))
        return redirect("reports:report_detail", pk)
    form = WithdrawForm(posted(request), initial={"version": report.version})
    if request.method == "POST" and form.is_valid():

        def withdraw() -> str:
            said = form.cleaned_data
            actions.withdraw_edition(
                round_, reason=said["reason"], version=said["version"], by=request.user, now=request.now
            )
            return _("Rapporten er trukket tilbage. Udgaven er gemt, som den var.")

        return _stepped(request, pk, withdraw)
    context = {"form": form, "round": round_, "title": report_title(round_)}
    return render(request, "reports/report_withdraw.html", context, status=answer(form))


@requires(Permission.EDIT_REPORTS)
@never_cache
def report_editions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edition of the report, also those withdrawn, and what was done to it."""
    round_ = _round_for(request, pk, Permission.EDIT_REPORTS)
    report = report_of(round_)
    files = Prefetch("files", EditionFile.objects.defer("data").order_by("pk"))
    editions = Edition.objects.filter(report__round=round_).defer("content").prefetch_related(files)
    context = {
        "round": round_,
        "report": report,
        "title": report_title(round_),
        "editions": editions.select_related("published_by", "withdrawn_by"),
        "history": HistoryEntry.objects.about(report)[:HISTORY] if report.pk else [],
    }
    return render(request, "reports/report_editions.html", context)


@requires(Permission.EDIT_REPORTS)
@never_cache
def edition_file(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """A file of any edition, byte for byte."""
    round_ = _round_for(request, pk, Permission.EDIT_REPORTS)
    files = EditionFile.objects.filter(edition__report__round=round_, edition__number=number)
    file = get_object_or_404(files, kind=kind)
    return file_response(round_, bytes(file.data), KINDS[file.kind].media_type, f"-{number}.{file.kind}")


def _round_for(request: HttpRequest, pk: int, permission: Permission) -> Round:
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority", "plan")
    bodies = Unit.objects.allowing(permission, request.user, request.today)
    round_: Round = fetch(visible, Round.objects.filter(body__in=bodies), pk=pk)
    return round_


def _stepped(request: HttpRequest, pk: int, step: Callable[[], str]) -> HttpResponse:
    """The report's page after the step, with the receipt or why it could not be taken."""
    try:
        messages.success(request, step())
    except Stale:
        messages.error(request, _("En anden har ændret rapporten imens. Læs den igen, før du går videre."))
    except NotPossible as error:
        return _told(request, error.key, pk)
    return redirect("reports:report_detail", pk)


def _told(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    messages.error(request, _refusal_words(key))
    return redirect("reports:report_detail", pk)


def _refusal_words(key: str) -> str:
    words = {
        "is_draft": _("Rapporten er en kladde. Den skal godkendes først."),
        "is_approved": _("Rapporten er allerede godkendt. Intet er ændret."),
        "is_published": _("Rapporten er offentliggjort og kan ikke ændres. Træk den tilbage først."),
        "round_not_ready": _("Opfølgningen er ikke klar til mødet endnu. Når den er det, kan rapporten godkendes."),
    }
    return words[key]
