"""What an authority shows the public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from goals.actions.versions import Stale
from organisation.actions.history import differences, record
from organisation.models import Authority, Portal, User
from organisation.models.portal import PORTAL_FIELDS

AUTHORITY_FIELDS = ("is_portal_open", "host_name")


@transaction.atomic
def save_portal(
    authority: Authority,
    *,
    portal: Mapping[str, Any],
    is_open: bool,
    host_name: str,
    version: int,
    by: User,
    now: datetime,
) -> Portal:
    """Store what is shown and whether anything is; Stale when somebody else was quicker."""
    held = Authority.objects.select_for_update().get(pk=authority.pk)
    stored = Portal.objects.filter(authority=held).first() or Portal(authority=held, version=0)
    if stored.version != version:
        raise Stale(stored)
    before = _told(held, stored)
    for field in PORTAL_FIELDS:
        setattr(stored, field, portal[field])
    held.is_portal_open, held.host_name = is_open, host_name
    stored.version = version + 1
    stored.save()
    held.save(update_fields=AUTHORITY_FIELDS)
    record(stored, "changed", authority=held, by=by, now=now, changes=differences(before, _told(held, stored)))
    return stored


def _told(authority: Authority, portal: Portal) -> dict[str, Any]:
    """What the history says of it."""
    return {
        **{field: getattr(authority, field) for field in AUTHORITY_FIELDS},
        **{field: getattr(portal, field) for field in PORTAL_FIELDS},
    }
