"""Error pages. They say what happened, that nothing is lost, and what to do."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


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
    """No such page, or not one this person may know of."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without context, since whatever failed may fail again."""
    page = loader.get_template("500.html").render({"code": secrets.token_hex(2).upper()})
    return HttpResponse(page, status=500)
