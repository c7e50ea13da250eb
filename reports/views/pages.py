"""The list of reports, and one report in the browser and as PDF."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.models import Round
from organisation.access import requires
from organisation.permissions import Permission
from reports.content import report_content
from reports.rendering import report_pdf as pdf_of
from reports.views.reading import file_response, may_read, refused, visible_round

PAGE = 50


@requires(Permission.SEE_AUTHORITY)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report of the authority, the latest meeting first, and whether it may be read yet."""
    rounds = Round.objects.filter(authority=request.authority).select_related("body")
    page = Paginator(rounds, PAGE).get_page(request.GET.get("side"))
    shown = [round_.pk for round_ in page.object_list]
    readable = set(
        Round.objects.readable_by(request.user, request.today).filter(pk__in=shown).values_list("pk", flat=True)
    )
    return render(request, "reports/report_list.html", {"page": page, "readable": readable})


@requires(Permission.SEE_AUTHORITY)
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report in the browser: overview, a section for each goal, and where the numbers come from."""
    round_ = visible_round(request, pk)
    if not may_read(request, round_):
        return refused(request, round_)
    content = report_content(round_, now=request.now)
    return render(request, "reports/report_detail.html", {"round": round_, "content": content})


@requires(Permission.SEE_AUTHORITY)
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same report as a tagged PDF."""
    round_ = visible_round(request, pk)
    if not may_read(request, round_):
        return refused(request, round_)
    pdf = pdf_of(report_content(round_, now=request.now))
    return file_response(round_, pdf, "application/pdf", ".pdf", shown=True)
