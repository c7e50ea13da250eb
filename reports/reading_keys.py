"""What binds the reports kept on a tablet to one sign-in: a key of its own, and the moment they can no longer be read.

See docs/adr/0019-reading-offline.md. The key says nothing about the person or the session.
"""

from datetime import timedelta
from secrets import token_urlsafe
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SESSION_KEY = "reading"


def begin_reading(sender: object, request: HttpRequest, **_rest: object) -> None:
    """At every sign-in: a new key, so that nothing kept before is found by it."""
    until = timezone.now() + timedelta(minutes=settings.READING_MINUTES)
    request.session[SESSION_KEY] = {"key": token_urlsafe(16), "until": int(until.timestamp())}


def may_be_kept(request: HttpRequest, response: HttpResponse, *, title: str = "") -> HttpResponse:
    """Let the worker keep the page for this sign-in; nothing else may keep it."""
    response.headers["Cache-Control"] = "private, no-store"
    if reading := request.session.get(SESSION_KEY):
        response.headers["Reading-Key"] = reading["key"]
        response.headers["Reading-Until"] = str(reading["until"])
        response.headers["Reading-Title"] = quote(title)
    return response
