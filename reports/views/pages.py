"""The list of reports, and one report in the browser and as PDF."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify

from followup.models import Round
from organisation.access import requires
from organisation.permissions import Permission, Role
from reports.content import report_content, report_title
from reports.rendering import report_pdf as pdf_of

PAGE = 50
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "/": "-", ":": "-"})


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
    round_ = _round(request, pk)
    if not _may_read(request, round_):
        return refused(request, round_)
    content = report_content(round_, now=request.now)
    return render(request, "reports/report_detail.html", {"round": round_, "content": content})


@requires(Permission.SEE_AUTHORITY)
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same report as a tagged PDF."""
    round_ = _round(request, pk)
    if not _may_read(request, round_):
        return refused(request, round_)
    response = HttpResponse(pdf_of(report_content(round_, now=request.now)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_filename(round_)}"'
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


def _filename(round_: Round) -> str:
    return f"{slugify(f'opfoelgning {round_.period} {round_.body.name}'.translate(_LETTERS))}.pdf"
