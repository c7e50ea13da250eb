"""Asking for another committee's material."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisation.access import requires
from organisation.actions.access import request_access
from organisation.danish import table_date
from organisation.models import Unit
from organisation.permissions import Permission


@requires(Permission.SEE_BODY_MATERIAL)
@require_POST
def access_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a body's material for 30 days; the request is recorded. Then back to where `next` says."""
    body = get_object_or_404(Unit.objects.filter(authority=request.authority).bodies(), pk=pk)
    asked = request_access(request.user, body, now=request.now)
    words = {"body": body, "day": table_date(asked.last_day)}
    messages.success(request, _("Du har adgang til %(body)s til og med %(day)s. Anmodningen er registreret.") % words)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return redirect(target)
