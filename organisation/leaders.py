"""Who leads a unit: the nearest people with responsibility for it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from organisation.models import Membership, Unit, User
from organisation.permissions import TABLE, Permission, Reach, Role
from organisation.trees import placeholders

LEADING = (Role.MANAGER, Role.DIRECTOR)


def leaders_of(units: Iterable[Unit], today: date, *, roles: Collection[Role] = LEADING) -> dict[int, list[User]]:
    """The managers and directors of each unit today, by the unit's key: its own, else those of the nearest unit above.

    `roles`: others than these are looked for. People who may not sign in do not count. A unit that nobody leads has an
    empty list. One query for all units.
    """
    ids = sorted({unit.pk for unit in units})
    leaders: dict[int, list[User]] = {pk: [] for pk in ids}
    sql = (
        "WITH RECURSIVE walk(unit, at, depth) AS ("
        f"SELECT id, id, 0 FROM organisation_unit WHERE id IN ({placeholders(ids)})"
        " UNION ALL SELECT walk.unit, node.parent_id, walk.depth + 1"
        " FROM walk JOIN organisation_unit node ON node.id = walk.at WHERE node.parent_id IS NOT NULL),"
        " ranked(unit, user_id, place) AS ("
        "SELECT walk.unit, held.user_id, rank() OVER (PARTITION BY walk.unit ORDER BY walk.depth)"
        " FROM walk JOIN organisation_membership held ON held.unit_id = walk.at"
        " JOIN organisation_user person ON person.id = held.user_id AND person.is_active"
        f" WHERE held.role IN ({placeholders(roles)})"
        " AND held.first_day <= %s AND (held.last_day IS NULL OR held.last_day >= %s))"
        " SELECT DISTINCT ranked.unit AS leads, person.* FROM ranked"
        " JOIN organisation_user person ON person.id = ranked.user_id WHERE ranked.place = 1"
        " ORDER BY person.first_name, person.last_name, person.id"
    )
    for person in User.objects.raw(sql, [*ids, *roles, today, today]):
        leaders[person.leads].append(person)
    return leaders


def people_who_may(permission: Permission, unit: Unit, today: date) -> list[User]:
    """Everybody who has the permission for the unit today, by name: whom to ask. One query."""
    reached = {
        Reach.AUTHORITY: Q(unit__authority=unit.authority_id),
        Reach.BELOW: Q(unit__in=Unit.objects.above(unit)),
        Reach.STRICTLY_BELOW: Q(unit__in=Unit.objects.above(unit, strictly=True)),
        Reach.UNIT: Q(unit=unit),
    }
    holds = Q(pk__in=[])
    for role, reach in TABLE[permission].items():
        holds |= Q(role=role) & reached[reach]
    held = Membership.objects.current(today).filter(holds)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")))
