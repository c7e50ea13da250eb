"""What is common to pages that citizens write on: no sign-in, no cookie, nothing that tells on them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from organisation.access import View, public

# A free text of a megabyte, in which every letter may take six bytes, is read and refused beside its field.
LARGEST_BODY = 8 * 1024 * 1024


def citizens_write(*, is_kept: bool = True) -> Callable[[View], View]:
    """For pages with a form for everybody.

    No cookie tells who somebody is, so there is nothing a foreign page could misuse: exempt from CSRF. (A workshop
    counts the votes a browser has spent; to vote with it one must have the link.) Not indexed, and no
    address is passed on. `is_kept` False: the browser keeps no copy, for screens that many use.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = _unreadable(request) or view(request, *args, **kwargs)
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Referrer-Policy"] = "no-referrer"
            patch_cache_control(response, private=True, **({"no_cache": True} if is_kept else {"no_store": True}))
            return response

        return csrf_exempt(public(guarded))

    return decorate


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """The answer to a post that is too large or that cannot be read; None for all others."""
    if request.method != "POST":
        return None
    try:
        is_large = int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY
    except ValueError:
        is_large = True
    try:
        if not is_large:
            request.POST  # noqa: B018  read now, so that a fault shows here
            return None
    except (RequestDataTooBig, TooManyFieldsSent):
        pass
    except (MultiPartParserError, UnicodeError):
        return render(request, "citizens/answer_unreadable.html", {"is_large": False}, status=400)
    return render(request, "citizens/answer_unreadable.html", {"is_large": True}, status=413)
