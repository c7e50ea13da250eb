"""The list of reports, and one report in the browser and as PDF."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup.models import Round, RoundState
from organisation.access import requires
from organisation.permissions import Permission, Role, allows
from reports.actions.publishing import READY, report_of
from reports.content import report_content, report_title
from reports.editions import corrected_after, edition_in_force, file_of
from reports.files import filename
from reports.frozen import thawed
from reports.kinds import ReportState, ReportStep, open_steps
from reports.models import Report
from reports.rendering import report_pdf as pdf_of

PAGE = 50


@requires(Permission.SEE_AUTHORITY)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report of the authority, the latest meeting first, and whether it may be read yet."""
    rounds = Round.objects.filter(authority=request.authority).exclude(state=RoundState.PLANNED)
    rounds = rounds.select_related("body", "report")
    page = Paginator(rounds, PAGE).get_page(request.GET.get("side"))
    shown = [round_.pk for round_ in page.object_list]
    readable = set(
        Round.objects.readable_by(request.user, request.today).filter(pk__in=shown).values_list("pk", flat=True)
    )
    return render(request, "reports/report_list.html", {"page": page, "readable": readable})


@requires(Permission.SEE_AUTHORITY)
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report in the browser: as it was published, with what was corrected since, or as it stands now."""
    round_ = _round(request, pk)
    if not _may_read(request, round_):
        return refused(request, round_)
    edition = edition_in_force(round_)
    content = thawed(edition.content) if edition else report_content(round_, now=request.now)
    report = edition.report if edition else report_of(round_)
    context = {
        "round": round_,
        "content": content,
        "report": report,
        "edition": edition,
        "corrections": corrected_after(content, since=edition.published_at) if edition else [],
        "steps": _steps(request, round_, report),
    }
    return render(request, "reports/report_detail.html", context)


def _steps(request: HttpRequest, round_: Round, report: Report) -> set[str]:
    """What the person can do to the report now."""
    path = round_.body.path_ids()
    able = open_steps(ReportState(report.state), is_ready=round_.state in READY)

    def may(permission: Permission) -> bool:
        return allows(
            permission,
            request.user.all_grants,
            authority_id=round_.authority_id,
            unit_path=path,
            on=request.today,
        )

    writes = may(Permission.EDIT_REPORTS)
    steps = {step.value for step in able if (writes if step is ReportStep.WRITE else may(Permission.PUBLISH_REPORTS))}
    return steps | ({"see_editions"} if writes and report.pk else set())


@requires(Permission.SEE_AUTHORITY)
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same report as a tagged PDF: of a published one the very file that was published."""
    round_ = _round(request, pk)
    if not _may_read(request, round_):
        return refused(request, round_)
    edition = edition_in_force(round_)
    kept = file_of(edition, "pdf") if edition else None
    data = bytes(kept.data) if kept else pdf_of(report_content(round_, now=request.now))
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{filename(round_)}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _round(request: HttpRequest, pk: int) -> Round:
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority")
    return get_object_or_404(visible, pk=pk)


def _may_read(request: HttpRequest, round_: Round) -> bool:
    return Round.objects.readable_by(request.user, request.today).filter(pk=round_.pk).exists()


def refused(request: HttpRequest, round_: Round) -> HttpResponse:
    """403: whose material it is, when everybody may read it, and for members of other bodies the way to ask."""
    context: dict[str, Any] = {
        "round": round_,
        "title": report_title(round_),
        "may_ask": Role.POLITICIAN in request.user.roles(request.today),
    }
    return render(request, "reports/report_refused.html", context, status=403)
