"""Guards for views. Every view carries exactly one of them; a test walks the URLs and finds those without.

`requires` asks whether the person has the permission anywhere: it decides who sees the page at all. Which objects
the page may touch is decided by fetching through `visible_to` or `editable_by`, never here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from organisation.permissions import Permission

View = Callable[..., HttpResponse]


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for people who have the permission somewhere today; others get 403, strangers the sign-in page.

    A fragment asked for after the session ended gets 401 and a sentence, so that what was typed stays on the page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.authority is None or not request.user.may_somewhere(permission, request.today):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        to_sign_in = login_required(guarded)

        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.headers.get("HX-Request") and not request.user.is_authenticated:
                return render(request, "organisation/_signed_out.html", status=401)
            return to_sign_in(request, *args, **kwargs)

        answered.access = permission
        return answered

    return decorate


def public(view: View) -> View:
    """For everybody, signed in or not."""
    view.access = "public"
    return view


def fetch(visible, allowed, **lookup) -> Any:
    """The object that `lookup` names: 404 when not in `visible`, 403 when visible but not in `allowed`."""
    found = get_object_or_404(visible, **lookup)
    if not allowed.filter(pk=found.pk).exists():
        raise PermissionDenied
    return found
