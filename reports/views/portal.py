"""The public pages: what the authority shows everybody. No session, no user, no cookie (`organisation.public`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from organisation.models import Authority, portal_of
from organisation.public import SeveralAuthorities, public_page, public_path
from reports.files import KINDS
from reports.keys import ReportKey
from reports.models import EditionFile
from reports.names import in_file_name
from reports.portal.front import front_page
from reports.portal.goal import goal_page
from reports.portal.kept import kept
from reports.portal.lists import decisions_page, missing_page, public_editions, reports_page, search_page
from reports.portal.opened import Opened, opened
from reports.portal.series import series_page
from reports.portal.units import unit_page

# How long a cache may keep a published file: it never changes, but it may be taken back.
KEPT = 3600


def shown(request: HttpRequest, template: str, it: Opened, context: dict[str, Any], **how: Any) -> HttpResponse:
    """The page with what all of them need."""
    return render(request, f"reports/{template}.html", {"portal": it.portal, "today": it.today, **context}, **how)


View = Callable[..., HttpResponse]


def portal_page(view: View) -> View:
    """A public page of one authority's portal, which the view is given as `it`; kept until something is changed."""

    @wraps(view)
    def answered(request: HttpRequest, *, kode: str = "", **kwargs: Any) -> HttpResponse:
        it = opened(request, kode)
        return kept(request, it, lambda: view(request, it, **kwargs))

    return public_page(answered)


@public_page
def portal(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The authority's front page; where the address could be any authority's, those whose portal is open."""
    try:
        it = opened(request, kode)
    except SeveralAuthorities:
        return _authorities(request)
    return kept(request, it, lambda: shown(request, "portal", it, front_page(it, _start(request))))


def first_page(request: HttpRequest) -> HttpResponse | None:
    """The same at `/`, for whoever is not signed in, with the way in; None where no portal is open."""
    try:
        it = opened(request)
    except SeveralAuthorities:
        is_any_open = Authority.objects.filter(is_portal_open=True).exists()
        return _authorities(request, is_first=True) if is_any_open else None
    except Http404:
        request.public_authority = None
        return None
    return kept(
        request, it, lambda: shown(request, "portal", it, {**front_page(it, _start(request)), "is_first": True})
    )


def _authorities(request: HttpRequest, *, is_first: bool = False) -> HttpResponse:
    authorities = list(Authority.objects.filter(is_portal_open=True).order_by("name"))
    if not authorities:
        raise Http404
    rows = [{"name": one.name, "url": _address_of(request, one)} for one in authorities]
    return render(request, "reports/portal_authorities.html", {"rows": rows, "is_first": is_first})


def _address_of(request: HttpRequest, authority: Authority) -> str:
    """Its front page, at the host name of its own where it has one."""
    if authority.host_name:
        return f"{request.scheme}://{authority.host_name}/aabne-maal/"
    request.is_public_prefixed = True
    return public_path(request, authority, "reports:portal")


def _start(request: HttpRequest) -> int:
    text = request.GET.get("fra", "")
    return min(int(text), 100_000) if text.isdecimal() and len(text) < 7 else 0


@portal_page
def portal_goal(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """One goal: its light and why, its figures, what is done, what citizens say, and what it serves."""
    card = request.build_absolute_uri(public_path(request, it.authority, "reports:portal_card", pk))
    return shown(request, "portal_goal", it, {**goal_page(it, pk), "card": card})


@portal_page
def portal_body(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """A committee's goals."""
    return shown(request, "portal_unit", it, unit_page(it, pk, is_body=True))


@portal_page
def portal_unit(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """A unit's goals, and the units below."""
    return shown(request, "portal_unit", it, unit_page(it, pk, is_body=False))


@portal_page
def portal_series(request: HttpRequest, it: Opened, pk: int) -> HttpResponse:
    """A series: chart, every value, and what was corrected."""
    return shown(request, "portal_series", it, series_page(it, pk, request.GET.get("side")))


@portal_page
def portal_search(request: HttpRequest, it: Opened) -> HttpResponse:
    """Goals, figures and units by words."""
    return shown(request, "portal_search", it, search_page(it, request.GET.get("q", "")))


@portal_page
def portal_missing(request: HttpRequest, it: Opened) -> HttpResponse:
    """What is not reported yet."""
    return shown(request, "portal_missing", it, missing_page(it, request.GET.get("side")))


@portal_page
def portal_reports(request: HttpRequest, it: Opened) -> HttpResponse:
    """The published reports with their files."""
    return shown(request, "portal_reports", it, reports_page(it, request.GET.get("side")))


@portal_page
def portal_report_file(request: HttpRequest, it: Opened, key: ReportKey, number: int, kind: str) -> HttpResponse:
    """A file of a published report, byte for byte as it was published."""
    about = {"report__round": key.round_id, "report__template": key.template, "number": number}
    editions = public_editions(it).filter(**about)
    file = get_object_or_404(
        EditionFile.objects.filter(edition__in=editions.order_by(), kind=kind).select_related(
            "edition__report__round__body"
        )
    )
    if file.edition.report.key != key:
        raise Http404
    round_ = file.edition.report.round
    name = in_file_name(f"rapport {round_.period} {round_.body.name} {number}")
    response = HttpResponse(bytes(file.data), content_type=KINDS[file.kind].media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{file.kind}"'
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.headers["ETag"] = f'"{file.sha256}"'
    return response


@portal_page
def portal_decisions(request: HttpRequest, it: Opened) -> HttpResponse:
    """The register of decisions; of closed ones the public title and what may be published."""
    return shown(request, "portal_decisions", it, decisions_page(it, request.GET.get("side")))


@portal_page
def portal_about(request: HttpRequest, it: Opened) -> HttpResponse:
    """How goals, figures and lights come about, and what is shown."""
    return shown(request, "portal_about", it, {"depth": portal_of(it.authority).get_depth_display()})
