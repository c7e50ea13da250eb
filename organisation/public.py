"""Whose public pages are asked for: by host name, under `/m/KODE/`, or the only authority there is."""

from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse

from organisation.models import Authority


def public_routes(patterns: list[URLPattern]) -> list[URLPattern | URLResolver]:
    """The patterns, and the same with the same names under `/m/KODE/`; their views take `kode=""`."""
    return [*patterns, path("m/<slug:kode>/", include(patterns))]


def public_authority(request: HttpRequest, kode: str = "") -> Authority:
    """The authority whose public pages the address names; 404 when it names none or several.

    The request remembers whether the address was prefixed, so that links on the page stay so.
    """
    request.is_public_prefixed = bool(kode)
    at_host = _by_host(request)
    if kode:
        named = Authority.objects.filter(code=kode).first()
        # A host name of its own shows nobody else.
        if named is None or (at_host is not None and at_host != named):
            raise Http404
        return named
    if at_host is not None:
        return at_host
    only = list(Authority.objects.order_by("pk")[:2])
    if len(only) != 1:
        raise Http404
    return only[0]


def public_path(request: HttpRequest, authority: Authority, route: str, *args: object) -> str:
    """The path of a public page of the authority, from a public page or from one of the staff's."""
    prefixed = getattr(request, "is_public_prefixed", None)
    if prefixed is None:
        prefixed = _by_host(request) != authority and Authority.objects.exclude(pk=authority.pk).exists()
        request.is_public_prefixed = prefixed
    return reverse(route, args=[authority.code, *args] if prefixed else args)


def _by_host(request: HttpRequest) -> Authority | None:
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return Authority.objects.filter(host_name=host.lower()).exclude(host_name="").first()
