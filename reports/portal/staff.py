"""The way from a page of those who work here to the same page as everybody sees it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from organisation.models import Authority, portal_of
from reports.portal.scope import public_goals


def public_goal_facts(request: HttpRequest) -> dict[str, Any]:
    """Which goal the link is about. Whether it is public is asked by the fragment: the page has no query to spare."""
    assert request.resolver_match is not None
    return {"goal_id": request.resolver_match.kwargs["pk"] if request.authority.is_portal_open else None}


def public_address(authority: Authority, goal_id: int) -> str:
    """The goal's public address; empty where it is not public."""
    is_public = authority.is_portal_open and public_goals(portal_of(authority)).filter(pk=goal_id).exists()
    return reverse("reports:portal_goal", args=[authority.code, goal_id]) if is_public else ""
