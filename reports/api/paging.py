"""Parts of lists: `?limit=&offset=`, and the addresses of the parts beside."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

MOST = 500


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most")
    offset: int = Field(0, ge=0, le=10_000_000, description="How many to pass over")


def page_of(
    request: HttpRequest, found: QuerySet[Any], paging: Paging, told: Callable[[list[Any]], Sequence[Any]]
) -> dict[str, Any]:
    """The part asked for; `told` makes what is answered of its rows."""
    count = found.count()
    rows = list(found[paging.offset : paging.offset + paging.limit])
    after, before = paging.offset + paging.limit, paging.offset - paging.limit
    return {
        "items": told(rows),
        "count": count,
        "limit": paging.limit,
        "offset": paging.offset,
        "next": _address(request, after) if after < count else None,
        "previous": _address(request, max(0, before)) if paging.offset > 0 else None,
    }


def _address(request: HttpRequest, offset: int) -> str:
    query = urlencode({**request.GET.dict(), "offset": offset})
    return request.build_absolute_uri(f"{request.path}?{query}")
