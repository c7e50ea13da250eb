"""Making and changing people, and giving and ending their roles."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from organisation.actions.history import differences, record
from organisation.models import Authority, Membership, Unit, User
from organisation.permissions import TABLE, Permission, Role

PERSON_FIELDS = ("username", "first_name", "last_name", "email", "title")
MANAGING_ROLES = tuple(TABLE[Permission.MANAGE_PEOPLE])


class PersonRefused(Exception):
    """The change is not made. `key` is last_manager, role_overlaps or ends_before_start."""

    def __init__(self, key: str, membership: Membership) -> None:
        super().__init__(key)
        self.key, self.membership = key, membership


@transaction.atomic
def create_person(values: Mapping[str, Any], *, authority: Authority, by: User, now: datetime) -> User:
    """Store a new person without a password and without roles; give a role right after, else nobody can find them."""
    person = User(**{"is_active": True, **values})
    person.set_unusable_password()
    person.save(force_insert=True)
    _record_person(person, "created", {}, authority=authority, by=by, now=now)
    return person


@transaction.atomic
def change_person(person: User, values: Mapping[str, Any], *, authority: Authority, by: User, now: datetime) -> bool:
    """Give the person other values (of PERSON_FIELDS); whether anything differed."""
    before = {field: getattr(person, field) for field in values}
    changed = differences(before, values)
    if not changed:
        return False
    for field in changed:
        setattr(person, field, values[field])
    person.save(update_fields=list(changed))
    if "email" in changed:
        # Signing in and new passwords go by these; the old address must open nothing any more.
        EmailAddress.objects.filter(user=person).delete()
    _record_person(person, "changed", before, authority=authority, by=by, now=now)
    return True


@transaction.atomic
def deactivate_person(person: User, *, authority: Authority, by: User, now: datetime) -> None:
    """Shut the person out. Roles and everything they did stay; refused when nobody else could manage people."""
    if not person.is_active:
        return
    today = timezone.localdate(now)
    for membership in person.memberships.not_over(today).select_related("unit"):
        if not _somebody_else_manages(membership, today, besides=person):
            raise PersonRefused("last_manager", membership)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(person, "deactivated", authority=authority, by=by, now=now, changes={"is_active": (True, False)})


@transaction.atomic
def activate_person(person: User, *, authority: Authority, by: User, now: datetime) -> None:
    """Let the person in again."""
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(person, "activated", authority=authority, by=by, now=now, changes={"is_active": (False, True)})


def record_password_link(person: User, *, authority: Authority, by: User, now: datetime) -> None:
    """Keep that somebody was handed a link with which the person's password can be chosen."""
    record(person, "password_link", authority=authority, by=by, now=now)


# ---- roles -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_role(
    person: User, unit: Unit, role: Role, *, first_day: date, last_day: date | None = None, by: User, now: datetime
) -> Membership:
    """Give the person a role at a unit between two days; refused where the same role is held on any of them."""
    held = person.memberships.not_over(first_day).filter(unit=unit, role=role).order_by("first_day")
    if last_day is not None:
        held = held.filter(first_day__lte=last_day)
    already = held.first()
    if already is not None:
        raise PersonRefused("role_overlaps", already)
    made = Membership.objects.create(user=person, unit=unit, role=role, first_day=first_day, last_day=last_day)
    changes = {
        "role": (None, role),
        "unit": (None, unit.name),
        "first_day": (None, first_day),
        "last_day": (None, last_day),
    }
    record(person, "role_given", authority=unit.authority, by=by, now=now, changes=changes)
    return made


@transaction.atomic
def end_role(membership: Membership, last_day: date | None, *, by: User, now: datetime) -> bool:
    """Let the role count to the end of a day (None: open again); whether that differed. Never deleted."""
    before = membership.last_day
    if before == last_day:
        return False
    if last_day is not None:
        if last_day < membership.first_day:
            raise PersonRefused("ends_before_start", membership)
        day = max(last_day + timedelta(days=1), timezone.localdate(now))
        if not _somebody_else_manages(membership, day):
            raise PersonRefused("last_manager", membership)
    later = _later_same(membership)
    if later is not None and (last_day is None or later.first_day <= last_day):
        raise PersonRefused("role_overlaps", later)
    membership.last_day = last_day
    membership.save(update_fields=["last_day"])
    changes = {
        "role": (membership.role, membership.role),
        "unit": (membership.unit.name, membership.unit.name),
        "last_day": (before, last_day),
    }
    record(membership.user, "role_ended", authority=membership.unit.authority, by=by, now=now, changes=changes)
    return True


def _later_same(membership: Membership) -> Membership | None:
    """The next time the person holds the same role at the same unit."""
    same = membership.user.memberships.filter(unit=membership.unit_id, role=membership.role)
    return same.filter(first_day__gt=membership.first_day).order_by("first_day").first()


def _somebody_else_manages(membership: Membership, day: date, *, besides: User | None = None) -> bool:
    """Whether the membership's unit has a manager on the day without it, and without `besides`."""
    if membership.role not in MANAGING_ROLES:
        return True
    others = Membership.objects.current(day).filter(
        user__is_active=True,
        role__in=MANAGING_ROLES,
        unit__in=Unit.objects.above(membership.unit).values("pk"),
    )
    if besides is not None:
        others = others.exclude(user=besides)
    return others.exclude(pk=membership.pk).exists()


def _record_person(
    person: User, verb: str, before: Mapping[str, Any], *, authority: Authority, by: User, now: datetime
) -> None:
    after = {field: getattr(person, field) for field in (before or PERSON_FIELDS)}
    record(person, verb, authority=authority, by=by, now=now, changes=differences(before, after))
