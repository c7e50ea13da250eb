"""The way from a page of those who work here to the same page as everybody sees it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from organisation.models import portal_of
from reports.portal.scope import public_goals


def public_goal_facts(request: HttpRequest) -> dict[str, Any]:
    """The public address of the page's goal; empty where it is not public."""
    assert request.resolver_match is not None
    pk, authority = request.resolver_match.kwargs["pk"], request.authority
    is_public = authority.is_portal_open and public_goals(portal_of(authority)).filter(pk=pk).exists()
    return {"address": reverse("reports:portal_goal", args=[authority.code, pk]) if is_public else ""}
