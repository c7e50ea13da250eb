"""What several pages do with what they have asked for."""

from typing import Any

from django.http import Http404


def one_or_404(found: list[Any]) -> Any:
    """The only one of a query that may find none."""
    if not found:
        raise Http404
    return found[0]
