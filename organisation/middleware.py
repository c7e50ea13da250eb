"""Puts the day, the person's authority and the person's memberships on the request."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from organisation.models import Authority
from organisation.words.speaking import heard, speak_for

GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Sets `request.now`, `request.today` (Copenhagen) and `request.authority` (None for strangers).

    A person with roles in several authorities stays in the one last chosen, else the first. Of the public pages
    (`organisation.public.public_page`) it does not ask who reads them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = timezone.localdate(request.now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Here the view is known."""
        request.authority = None if getattr(view, "knows_nobody", False) else current_authority(request)
        speak_for(request.authority)


class OwnWordsMiddleware:
    """Ends what is said in an authority's own words with the request, whoever began it.

    Outside the messages', which turns lazy texts into words when the answer is on its way.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with heard():
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
