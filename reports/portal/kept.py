"""Pages that were just made, kept in the memory of the process until something is changed.

A page is the same for everybody, so it is made once after each change: `Opened.changes` is another after every act.
What may change without an act (a survey that opens by its day) is seen after `FRESH` seconds, as in any cache outside.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.http import HttpRequest, HttpResponse

from organisation.public import FRESH
from reports.portal.opened import Opened

MOST = 200  # pages
LARGEST = 300_000  # bytes of one
# Who asks for anything else than a page of a list gets a page made for it.
PAGES = {"fra", "side"}

_pages: OrderedDict[Hashable, tuple[float, bytes, dict[str, str]]] = OrderedDict()
_lock = Lock()


def kept(request: HttpRequest, it: Opened, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it was last made, if nothing has changed since; else made now."""
    if request.method != "GET" or not PAGES.issuperset(request.GET):
        return make()
    # The scheme and host stand in the page's addresses.
    key = (request.scheme, request.get_host(), request.get_full_path(), it.authority.pk, *it.changes)
    if (found := _taken(key)) is not None:
        content, headers = found
        return HttpResponse(content, headers=headers)
    response = make()
    if response.status_code == 200 and not response.streaming and len(response.content) <= LARGEST:
        _put(key, response)
    return response


def forget() -> None:
    """Let every page be made anew."""
    with _lock:
        _pages.clear()


def _taken(key: Hashable) -> tuple[bytes, dict[str, str]] | None:
    with _lock:
        found = _pages.get(key)
        if found is None or found[0] < time.monotonic():
            return None
        _pages.move_to_end(key)
    return found[1], found[2]


def _put(key: Hashable, response: HttpResponse) -> None:
    with _lock:
        _pages[key] = (time.monotonic() + FRESH, response.content, dict(response.headers))
        while len(_pages) > MOST:
            _pages.popitem(last=False)
