"""Making, changing and ending units, and the links from the administration to the elected bodies."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from organisation.actions.history import differences, record
from organisation.models import BodyLink, Unit, UnitKind, User

UNIT_FIELDS = ("code", "name", "kind", "parent", "position", "valid_from", "valid_to")


class UnitRefused(Exception):
    """The tree would no longer hold together. `key` is cycle, under_committee, body_place or council_place."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def check_place(kind: str, parent: Unit | None, *, unit_id: int | None, above_parent: list[int]) -> None:
    """Raise UnitRefused when a unit of this kind cannot stand under the parent; `above_parent` is its `path_ids`."""
    if unit_id is not None and unit_id in above_parent:
        raise UnitRefused("cycle")
    if (kind == UnitKind.COUNCIL) != (parent is None):
        raise UnitRefused("council_place")
    if parent is None:
        return
    if kind in (UnitKind.COMMITTEE, UnitKind.FINANCE_COMMITTEE):
        if parent.kind != UnitKind.COUNCIL:
            raise UnitRefused("body_place")
    elif parent.kind in (UnitKind.COMMITTEE, UnitKind.FINANCE_COMMITTEE):
        raise UnitRefused("under_committee")


@transaction.atomic
def create_unit(unit: Unit, *, by: User, now: datetime) -> Unit:
    """Store a new unit below its parent."""
    unit.authority = unit.parent.authority
    _check(unit)
    unit.save(force_insert=True)
    _record(unit, "created", {}, by=by, now=now)
    return unit


@transaction.atomic
def change_unit(unit: Unit, values: Mapping[str, Any], *, by: User, now: datetime) -> bool:
    """Give the unit other values (of UNIT_FIELDS); whether anything differed."""
    before = {field: getattr(unit, field) for field in values}
    changed = differences(before, values)
    if not changed:
        return False
    for field in changed:
        setattr(unit, field, values[field])
    _check(unit)
    unit.save(update_fields=list(changed))
    _record(unit, "changed", before, by=by, now=now)
    return True


@transaction.atomic
def end_unit(unit: Unit, last_day: date, *, by: User, now: datetime) -> None:
    """Let the unit exist to the end of a day. Nothing is deleted."""
    before = {"valid_to": unit.valid_to}
    if unit.valid_to == last_day:
        return
    unit.valid_to = last_day
    unit.save(update_fields=["valid_to"])
    _record(unit, "ended", before, by=by, now=now)


def _check(unit: Unit) -> None:
    above = unit.parent.path_ids() if unit.parent is not None else []
    check_place(unit.kind, unit.parent, unit_id=unit.pk, above_parent=above)


def _record(unit: Unit, verb: str, before: Mapping[str, Any], *, by: User, now: datetime) -> None:
    after = {field: getattr(unit, field) for field in (before or UNIT_FIELDS)}
    record(unit, verb, authority=unit.authority, by=by, now=now, changes=differences(before, after))


# ---- links to the bodies ---------------------------------------------------------------------------------------------


class LinkRefused(Exception):
    """The unit reports to a body on those days already; `link` says which."""

    def __init__(self, link: BodyLink) -> None:
        super().__init__(str(link))
        self.link = link


@transaction.atomic
def link_to_body(
    unit: Unit, body: Unit, *, first_day: date, last_day: date | None = None, by: User, now: datetime
) -> BodyLink:
    """Let the unit, and what is below it, report to the body from a day on; an earlier link ends the day before."""
    for link in unit.body_links.select_related("body").order_by("first_day"):
        if link.first_day < first_day and (link.last_day is None or link.last_day >= first_day):
            end_body_link(link, first_day - timedelta(days=1), by=by, now=now)
        elif link.first_day >= first_day and (last_day is None or link.first_day <= last_day):
            raise LinkRefused(link)
    made = BodyLink.objects.create(unit=unit, body=body, first_day=first_day, last_day=last_day)
    changes = {"body": (None, body.name), "first_day": (None, first_day), "last_day": (None, last_day)}
    record(unit, "body_linked", authority=unit.authority, by=by, now=now, changes=changes)
    return made


@transaction.atomic
def end_body_link(link: BodyLink, last_day: date, *, by: User, now: datetime) -> None:
    """Let the link count to the end of a day; LinkRefused when that is after the next one begins."""
    before = link.last_day
    if before == last_day:
        return
    later = link.unit.body_links.filter(first_day__gt=link.first_day, first_day__lte=last_day).first()
    if later is not None:
        raise LinkRefused(later)
    link.last_day = last_day
    link.save(update_fields=["last_day"])
    changes = {"body": (link.body.name, link.body.name), "last_day": (before, last_day)}
    record(link.unit, "body_link_ended", authority=link.unit.authority, by=by, now=now, changes=changes)
