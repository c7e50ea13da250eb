"""A person's secret calendar address: made, used and revoked."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from followup.models import CalendarFeed
from organisation.models import User

TOKEN_BYTES = 24  # 192 bits


def hash_of(token: str) -> str:
    """What is stored of a token: who reads the database cannot read calendars."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(user: User, *, now: datetime) -> str:
    """A new address for the person, and the end of the old one. The token is told here and never again."""
    revoke_feed(user, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.create(user=user, token_hash=hash_of(token), created_at=now)
    return token


def revoke_feed(user: User, *, now: datetime) -> int:
    """Shut the address in use; how many there were."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def owner_of(token: str) -> User | None:
    """Whose calendar the token opens; None when it opens none, or no longer."""
    feeds = CalendarFeed.objects.filter(token_hash=hash_of(token), revoked_at=None, user__is_active=True)
    feed = feeds.select_related("user").first()
    return feed.user if feed else None
