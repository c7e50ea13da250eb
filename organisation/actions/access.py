"""Asking for another body's material."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organisation.actions.history import record
from organisation.models import AccessRequest, Unit, User

OPEN_DAYS = 30


@transaction.atomic
def request_access(user: User, body: Unit, *, now: datetime) -> AccessRequest:
    """Open the body's material to the user for 30 days, and record it; asked twice, the open request stays."""
    today = timezone.localdate(now)
    already = AccessRequest.objects.open(today).filter(user=user, body=body).order_by("-last_day").first()
    if already is not None:
        return already
    asked = AccessRequest.objects.create(user=user, body=body, asked_at=now, last_day=today + timedelta(days=OPEN_DAYS))
    record(
        asked,
        "access_requested",
        authority=body.authority,
        by=user,
        now=now,
        changes={"body": (None, body.name), "last_day": (None, asked.last_day)},
    )
    return asked
