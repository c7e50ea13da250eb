"""Whose public pages are asked for: by host name, under `/m/KODE/`, or the only authority there is.

A public page knows nobody: it reads no session and no user, sets no cookie, and the same address gives everybody the
same bytes, so that any cache may keep it.
"""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import sha256
from typing import Any

from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse
from django.utils.cache import get_conditional_response

from organisation.access import public
from organisation.models import Authority, AuthorityQuerySet
from organisation.words.speaking import speak_for

View = Callable[..., HttpResponse]
# How long a cache may show a page without asking: what is corrected or taken back is gone after so many seconds.
FRESH = 300


def public_routes(patterns: list[URLPattern]) -> list[URLPattern | URLResolver]:
    """The patterns, and the same with the same names under `/m/KODE/`; their views take `kode=""`."""
    return [*patterns, path("m/<slug:kode>/", include(patterns))]


def public_page(view: View) -> View:
    """A page for everybody, signed in or not, that caches may keep: with an ETag, and 304 to those who have it.

    `PersonMiddleware` leaves its requests alone: there is no `request.authority`, and `request.user` is not asked.
    What is posted, and every answer but 200, is not kept.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        response.headers.setdefault("Cache-Control", f"public, max-age={FRESH}")
        if not response.streaming and "ETag" not in response.headers:
            response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
        return get_conditional_response(request, etag=response.headers.get("ETag"), response=response) or response

    answered.knows_nobody = True
    return public(answered)


class SeveralAuthorities(Http404):
    """The address names none of the authorities in particular."""


def public_authority(request: HttpRequest, kode: str = "", *, among: AuthorityQuerySet | None = None) -> Authority:
    """The authority whose public pages the address names; 404 when it names none, `SeveralAuthorities` when it could
    be any.

    The request remembers the authority, and whether the address was prefixed, so that links on the page stay so. From
    here on the page speaks in the authority's words.
    `among`: every authority, with more read along.
    """
    host = _host(request)
    at_host = Case(When(Q(host_name=host) & ~Q(host_name=""), then=Value(1)), default=Value(0))
    every = Authority.objects.all() if among is None else among
    named = every.select_related("portal").annotate(is_at_host=at_host).order_by("-is_at_host", "pk")
    if kode:
        named = named.filter(Q(code=kode) | Q(is_at_host=1))
    found = list(named[:2])
    # A host name of its own shows nobody else.
    if not found or (found[0].is_at_host and kode not in ("", found[0].code)):
        raise Http404
    if not kode and len(found) > 1 and not found[0].is_at_host:
        raise SeveralAuthorities
    request.is_public_prefixed = bool(kode)
    request.public_authority = found[0]
    speak_for(found[0])
    return found[0]


def portal_is_open(authority: Authority) -> bool:
    """Whether the authority shows the public its goals. Until then its public pages are not found."""
    return authority.is_portal_open


def open_authority(request: HttpRequest, kode: str = "", *, among: AuthorityQuerySet | None = None) -> Authority:
    """`public_authority`, 404 as long as its portal is not open."""
    authority = public_authority(request, kode, among=among)
    if not portal_is_open(authority):
        raise Http404
    return authority


def public_path(request: HttpRequest, authority: Authority, route: str, *args: object) -> str:
    """The path of a public page of the authority, from a public page or from one of the staff's."""
    prefixed = getattr(request, "is_public_prefixed", None)
    if prefixed is None:
        is_at_host = authority.host_name != "" and authority.host_name == _host(request)
        prefixed = not is_at_host and Authority.objects.exclude(pk=authority.pk).exists()
        request.is_public_prefixed = prefixed
    return reverse(route, args=[authority.code, *args] if prefixed else args)


@cache
def is_made(route: str) -> bool:
    """Whether there is such a page: apps that come later may add it."""
    namespace, _colon, name = route.partition(":")
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    return name in resolver.reverse_dict


def _host(request: HttpRequest) -> str:
    host = request.get_host()
    return (host.rpartition(":")[0] or host).lower()
