"""Error pages. They say what happened, that nothing is lost, and what to do."""

import re
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from organisation.models import Authority
from organisation.public import open_authority

# Below these addresses everybody reads; `/m/KODE/` stands before them where there are several authorities.
PUBLIC = ("/m/", "/aabne-maal/", "/data/", "/svar/")
PREFIXED = re.compile(r"/m/([-\w]+)/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request could not be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Visible, but not allowed."""
    return render(request, "403.html", {"support_email": settings.SUPPORT_EMAIL}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another page, or one left open too long."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not one this person may know of. Below the public pages it keeps their way on."""
    is_public = request.path.startswith(PUBLIC)
    if is_public:
        request.public_authority = _open_authority(request)
    return render(request, "404_public.html" if is_public else "404.html", status=404)


def _open_authority(request: HttpRequest) -> Authority | None:
    """The authority that the address names, where its portal is open."""
    named = PREFIXED.match(request.path)
    try:
        return open_authority(request, named[1] if named else "")
    except Http404:
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without context, since whatever failed may fail again."""
    page = loader.get_template("500.html").render({"code": secrets.token_hex(2).upper()})
    return HttpResponse(page, status=500)
