"""The people of a synthetic installation: the accounts of the demo, and a leader for every institution."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from malstyring.scale.shape import Plan
from organisation.models import Membership, Unit, User
from organisation.permissions import Role

# username -> first name, last name, title, role
ACCOUNTS = {
    "borgmester": ("Birgitte", "Lund", "Borgmester", Role.POLITICIAN),
    "udvalgsformand": ("Henrik", "Ravn", "Udvalgsformand", Role.POLITICIAN),
    "politiker": ("Aisha", "Karimi", "Medlem af udvalget", Role.POLITICIAN),
    "direktoer": ("Mette", "Holm", "Direktør", Role.DIRECTOR),
    "leder": ("Lise", "Andersen", "Leder", Role.MANAGER),
    "leder2": ("Jonas", "Friis", "Leder", Role.MANAGER),
    "medarbejder": ("Omar", "Saleh", "Medarbejder", Role.PROFESSIONAL),
    "konsulent": ("Karen", "Ø. Berg", "Målkonsulent", Role.GOAL_CONSULTANT),
    "administrator": ("Søren", "Dahl", "Systemadministrator", Role.ADMINISTRATOR),
    "laeser": ("Pia", "Vinther", "Revisor", Role.READER),
}


def store_accounts(plan: Plan, units: list[Unit], *, password: str, since: date) -> dict[str, User]:
    """The demo's people at this authority; those who are there already keep their password and get a role more."""
    hashed = make_password(password)
    people = {}
    for name, (first, last, title, role) in ACCOUNTS.items():
        fields = {"first_name": first, "last_name": last, "title": title, "password": hashed}
        person, _ = User.objects.get_or_create(username=name, defaults={**fields, "email": f"{name}@example.dk"})
        Membership.objects.create(user=person, unit=units[_place(name, plan)], role=role, first_day=since)
        people[name] = person
    return people


def _place(name: str, plan: Plan) -> int:
    """The unit of an account; in the smallest installations a leader may be of a department."""
    kinds = [unit.kind for unit in plan.units]
    own = [*plan.institutions(), *[at for at, kind in enumerate(kinds) if kind == "department"]]
    committees = [at for at, kind in enumerate(kinds) if kind == "committee"]
    return {
        "udvalgsformand": committees[0],
        "politiker": committees[-1],
        "direktoer": kinds.index("executive_board"),
        "leder": own[0],
        "medarbejder": own[0],
        "leder2": own[min(1, len(own) - 1)],
    }.get(name, 0)


def store_leaders(plan: Plan, units: list[Unit], prefix: str, *, since: date) -> dict[int, User]:
    """A leader for each institution but those with an account; nobody can sign in as them. By place of the unit."""
    places = plan.institutions()[2:]
    leaders = User.objects.bulk_create(
        [
            User(
                username=f"{prefix}-leder-{number}".lower(),
                first_name="Leder",
                last_name=str(number),
                title="Leder",
                password=UNUSABLE_PASSWORD_PREFIX,
            )
            for number, _ in enumerate(places, 3)
        ],
        batch_size=1000,
    )
    Membership.objects.bulk_create(
        [
            Membership(user=leader, unit=units[place], role=Role.MANAGER, first_day=since)
            for place, leader in zip(places, leaders, strict=True)
        ],
        batch_size=1000,
    )
    return dict(zip(places, leaders, strict=True))
