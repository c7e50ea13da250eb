"""Whose data an address may show, and what every answer carries: limit, ETag, CORS, problems."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja.errors import HttpError

from citizens.limits import Limiter, address_of
from organisation.access import View
from organisation.models import Authority
from organisation.public import public_page
from reports.api.problems import MEDIA_TYPE, problem

MOST, A_SECOND = 60, 1.0
limiter = Limiter(MOST, A_SECOND)
WAIT = 10  # seconds


class ChooseAuthority(HttpError):
    """There are several authorities, and the address names none."""

    def __init__(self) -> None:
        super().__init__(404, "authority")


def authorities_at(request: HttpRequest) -> list[Authority]:
    """Those that the address may show: at a host name of its own only that authority, else all that are open."""
    host = request.get_host().lower()
    host = host.rpartition(":")[0] or host
    asked = Authority.objects.filter(Q(is_portal_open=True) | Q(host_name=host))
    found = list(asked.order_by("code"))
    here = [one for one in found if one.host_name == host] or found
    return [one for one in here if one.is_portal_open]


def authority_at(request: HttpRequest, code: str = "") -> Authority:
    """The one that the code names, or the only one there is."""
    found = authorities_at(request)
    if code:
        found = [one for one in found if one.code == code]
    if not found:
        raise Http404
    if len(found) > 1:
        raise ChooseAuthority
    return found[0]


def problem_response(kind: int | str, *, status: int = 0, **facts: Any) -> HttpResponse:
    """A problem as an answer."""
    made = problem(kind, status=status, **facts)
    return JsonResponse(made, status=made["status"], content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def api_page(view: Callable[..., HttpResponse]) -> View:
    """An address of the API: read only, limited by address, cacheable, open to pages of other sites."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})
        if request.method not in ("GET", "HEAD"):
            refused = problem_response(405)
            refused.headers["Allow"] = "GET, HEAD, OPTIONS"
            return refused
        if not limiter.take(address_of(request)):
            refused = problem_response(429, most=MOST, seconds=WAIT)
            refused.headers["Retry-After"] = str(WAIT)
            return refused
        asked = request.method
        request.method = "GET"  # of HEAD the server leaves out the body
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = asked

    page = public_page(limited)

    @wraps(page)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = page(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, Retry-After"
        return response

    return answered
