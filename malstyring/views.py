"""Pages about the installation itself."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisation.access import public
from organisation.models import Authority
from organisation.words.speaking import speak_for


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database answers, for load balancers; no session, no page frame."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@public
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """On to the authority's own statement; until its address is set, a page saying whom to write to."""
    if settings.ACCESSIBILITY_STATEMENT_URL:
        return redirect(settings.ACCESSIBILITY_STATEMENT_URL)
    return render(request, "accessibility_statement.html", {"support_email": settings.SUPPORT_EMAIL})


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about whom, and for how long."""
    return render(request, "privacy.html", {"support_email": settings.SUPPORT_EMAIL})


@public
def word_list(request: HttpRequest) -> HttpResponse:
    """What the words on the pages mean. `m`: the authority whose public pages it is read from, in its words."""
    if request.authority is None and (code := request.GET.get("m", "")).isalnum():
        speak_for(Authority.objects.filter(code=code, is_portal_open=True).first())
    return render(request, "word_list.html")
