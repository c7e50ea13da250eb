"""What every response passes through."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from malstyring.logs import ANSWER_PAGES

GetResponse = Callable[[HttpRequest], HttpResponse]
VOTES_SPENT = "vaerksted_"  # as `citizens.views.workshops` names its cookies
TRANSACTION_WORDS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class ContentSecurityPolicyMiddleware:
    """Sets the one strict policy (settings.CONTENT_SECURITY_POLICY) on every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response


class NobodyAnswersMiddleware:
    """Takes the cookies off requests for the citizen's form: an employee who answers is a stranger there too.

    What a workshop counts of a browser's votes stays: it is signed, and tells nobody apart.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ANSWER_PAGES.match(request.path_info):
            cookies = request.META.pop("HTTP_COOKIE", "").split(";")
            if spent := [one.strip() for one in cookies if one.strip().startswith(VOTES_SPENT)]:
                request.META["HTTP_COOKIE"] = "; ".join(spent)
        return self.get_response(request)


class AskedHtmxDetails(HtmxDetails):
    """`request.htmx`, which remembers whether anybody asked."""

    was_asked = False

    def __bool__(self) -> bool:
        self.was_asked = True
        return super().__bool__()


class HtmxMiddleware:
    """Sets `request.htmx`, and `Vary: HX-Request` where the view asks it: no cache gives a part for the page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.htmx = asked = AskedHtmxDetails(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked.was_asked:
            patch_vary_headers(response, ["HX-Request"])
        return response


class LargestKeyMiddleware:
    """404 for a number in the address that no row can have, before the database is asked and refuses it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Refuse it."""
        if any(isinstance(value, int) and value > BigIntegerField.MAX_BIGINT for value in kwargs.values()):
            raise Http404


class ServerTimingMiddleware:
    """Adds `Server-Timing` with the milliseconds of the whole, of the database, and the number of queries.

    Beginning and ending transactions takes time but is no query.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.SHOW_SERVER_TIMING:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries, database = 0, 0.0

        def measure(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
            nonlocal queries, database
            began = time.perf_counter()
            try:
                return execute(sql, *args)
            finally:
                queries += not sql.startswith(TRANSACTION_WORDS)
                database += time.perf_counter() - began

        began = time.perf_counter()
        with connection.execute_wrapper(measure):
            response = self.get_response(request)
        total = time.perf_counter() - began
        response.headers["Server-Timing"] = (
            f'app;dur={total * 1000:.1f}, db;dur={database * 1000:.1f}, queries;desc="{queries}"'
        )
        return response
