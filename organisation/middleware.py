"""Puts the day, the person's authority and the person's memberships on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from organisation.models import Authority

GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Sets `request.now`, `request.today` (Copenhagen) and `request.authority` (None for strangers).

    A person with roles in several authorities stays in the one last chosen, else the first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        request.authority = current_authority(request)
        return self.get_response(request)


def current_authority(request: HttpRequest) -> Authority | None:
    """The authority in which the person has a role today, by choice or the first."""
    if not request.user.is_authenticated:
        return None
    mine = [
        membership.unit.authority
        for membership in request.user.all_memberships
        if membership.as_grant().holds_on(request.today)
    ]
    chosen = request.session.get("authority")
    return next((authority for authority in mine if authority.pk == chosen), mine[0] if mine else None)
