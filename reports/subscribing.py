"""Who follows which bodies and units, and is told of their reports.

A member follows the body, and a leader the unit, until the person says otherwise; anybody in the authority may follow
any of its bodies.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from organisation.models import Authority, Membership, Unit, User
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Grant, Role
from reports.models import Subscription

FOLLOWING = (Role.POLITICIAN, Role.MANAGER, Role.DIRECTOR)


def followed_by_role(grants: Iterable[Grant], day: date) -> set[int]:
    """The units that the roles of the day alone let a person follow."""
    return {grant.unit_id for grant in grants if grant.role in FOLLOWING and grant.holds_on(day)}


def followed(by_role: set[int], chosen: Mapping[int, bool]) -> set[int]:
    """What is followed: by role, but for what the person has chosen away, and what the person has chosen."""
    return {unit for unit in by_role if chosen.get(unit, True)} | {unit for unit, wanted in chosen.items() if wanted}


def units_followed(person: User, day: date) -> set[int]:
    """The units that the person follows. One query."""
    chosen = dict(Subscription.objects.filter(user=person).values_list("unit", "is_wanted"))
    return followed(followed_by_role(person.all_grants, day), chosen)


def units_to_follow(person: User, authority: Authority, day: date) -> list[Unit]:
    """What the person may follow: every body of the authority, and the units where the person has a role."""
    own = [grant.unit_id for grant in person.all_grants if grant.holds_on(day)]
    units = Unit.objects.filter(authority=authority).valid(day)
    found = units.bodies() | units.filter(pk__in=own)
    return sorted(found, key=lambda unit: (_place(unit), unit.position, unit.name))


def _place(unit: Unit) -> int:
    return BODY_KINDS.index(unit.kind) if unit.kind in BODY_KINDS else len(BODY_KINDS)


def subscribers_of(unit: Unit, day: date) -> list[User]:
    """Everybody who follows the body and has a role in its authority today: they may read what is ready. Three queries.

    `Round.objects.readable_by` is the same rule for one person; a test holds the two together.
    """
    chosen = dict(Subscription.objects.filter(unit=unit).values_list("user", "is_wanted"))
    current = Membership.objects.current(day)
    by_role = set(current.filter(unit=unit, role__in=FOLLOWING).values_list("user", flat=True))
    inside = current.filter(unit__authority=unit.authority_id, user__in=followed(by_role, chosen))
    return list(User.objects.filter(is_active=True, pk__in=inside.values("user")).order_by("pk"))
