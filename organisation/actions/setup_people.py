"""The people lines of a file: each finds its person by user name, and makes or changes the person or one role."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organisation.actions.history import differences
from organisation.actions.people import PERSON_FIELDS, change_person, create_person, end_role, give_role
from organisation.actions.setup_units import UnitLines
from organisation.models import Authority, Membership, Unit, User
from organisation.models.person import ROLE_LABELS
from organisation.permissions import Role
from organisation.setup_files import Line
from organisation.setup_lines import Change, LineRefused, change, check_days, check_length, day_of, word_of

ROLES = {str(label): role for role, label in ROLE_LABELS.items()}
NAMES = {
    "username": _("brugernavn"),
    "first_name": _("fornavn"),
    "last_name": _("efternavn"),
    "email": _("mail"),
    "title": _("stilling"),
}
AT_A_TIME = 500


class PersonLines:
    """The people that the lines name, as they become, line by line. Everything stored is read once."""

    def __init__(
        self, lines: list[Line], *, units: UnitLines, authority: Authority, by: User, now: datetime, today: date
    ) -> None:
        self.lines, self.units = lines, units
        self.authority, self.by, self.now, self.today = authority, by, now, today
        self._people: dict[str, User] = {}
        self._emails: dict[str, int] = {}
        self._here: set[int] = set()
        self._reached: set[int] = set()
        self._wholly: set[int] = set()
        self._roles: dict[int, list[Membership]] = {}
        self._read_people()

    def _read_people(self) -> None:
        for names in _parts({line.cell("username").casefold() for line in self.lines}):
            found = list(User.objects.annotate(low=Lower("username")).filter(low__in=names))
            self._people |= {person.username.casefold(): person for person in found}
            ids = [person.pk for person in found]
            among = User.objects.filter(pk__in=ids)
            self._here.update(among.in_authority(self.authority).values_list("pk", flat=True))
            self._reached.update(among.manageable_by(self.by, self.today).values_list("pk", flat=True))
            self._wholly.update(among.wholly_manageable_by(self.by, self.today).values_list("pk", flat=True))
            for role in Membership.objects.filter(user__in=ids).select_related("unit__authority").order_by("first_day"):
                self._roles.setdefault(role.user_id, []).append(role)
        for emails in _parts({line.cell("email").casefold() for line in self.lines} - {""}):
            taken = User.objects.annotate(low=Lower("email")).filter(low__in=emails)
            self._emails |= {email.casefold(): pk for email, pk in taken.values_list("email", "pk")}

    def store(self, line: Line) -> tuple[bool, list[Change]]:
        """Make or change the line's person and role: whether the person is new, and what changed."""
        username = line.cell("username")
        if not username:
            raise LineRefused("username_missing")
        person = self._people.get(username.casefold())
        details = self._details(line, person)
        role = self._role(line)
        if person is None:
            return True, self._create(username, details, role)
        self._check_reach(person)
        before = {name: getattr(person, name) for name in details}
        news = differences(before, details)
        if news and person.pk not in self._wholly:
            raise LineRefused("details_beyond")
        changed = [change(NAMES[name], *pair) for name, pair in news.items()]
        if news:
            person = User.objects.get(pk=person.pk)
            change_person(person, details, authority=self.authority, by=self.by, now=self.now)
        given, role_changes = self._give(person, role) if role else (None, [])
        self._remember(person, given)
        return False, [*changed, *role_changes]

    def _create(self, username: str, details: dict[str, str], role: dict[str, Any] | None) -> list[Change]:
        if role is None:
            raise LineRefused("role_missing")
        if not details.get("first_name") and not details.get("last_name"):
            raise LineRefused("name_missing")
        try:
            User._meta.get_field("username").run_validators(username)
        except ValidationError as error:
            raise LineRefused("username_wrong", text=username[:40]) from error
        person = create_person({"username": username, **details}, authority=self.authority, by=self.by, now=self.now)
        given, changes = self._give(person, role)
        for known in (self._here, self._reached, self._wholly):
            known.add(person.pk)
        self._remember(person, given)
        return changes

    def _check_reach(self, person: User) -> None:
        if person.pk not in self._here:
            raise LineRefused("username_taken")
        if person.pk not in self._reached:
            raise LineRefused("person_beyond")

    def _remember(self, person: User, given: Membership | None) -> None:
        self._people[person.username.casefold()] = person
        if person.email:
            self._emails[person.email.casefold()] = person.pk
        if given is not None:
            roles = self._roles.setdefault(person.pk, [])
            self._roles[person.pk] = [*(one for one in roles if one.pk != given.pk), given]

    def _details(self, line: Line, person: User | None) -> dict[str, str]:
        """The filled cells about the person, checked."""
        details = {}
        for name in PERSON_FIELDS[1:]:
            text = line.cell(name)
            if text:
                details[name] = check_length(text, User._meta.get_field(name).max_length)
        email = details.get("email")
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise LineRefused("email_wrong", text=email) from error
            owner = self._emails.get(email.casefold())
            if owner is not None and (person is None or owner != person.pk):
                raise LineRefused("email_taken")
        return details

    def _role(self, line: Line) -> dict[str, Any] | None:
        """The role in the line, None where there is none."""
        if not line.cell("role"):
            return None
        role = word_of(ROLES, line.cell("role"), "role_unknown")
        if not line.cell("unit"):
            raise LineRefused("unit_missing")
        first, last = day_of(line, "first_day"), day_of(line, "last_day")
        check_days(first, last)
        return {"role": role, "unit": self.units.find(line.cell("unit")), "first": first, "last": last}

    def _give(self, person: User, asked: dict[str, Any]) -> tuple[Membership | None, list[Change]]:
        """Give the role, or move the last day of the one that is held; no first day means the one held today."""
        role, unit, first, last = asked["role"], asked["unit"], asked["first"], asked["last"]
        held = self._held(person, role, unit, first)
        words = f"{ROLE_LABELS[Role(role)]}, {unit}"
        if held is None:
            first = first or self.today
            check_days(first, last)
            made = give_role(person, unit, role, first_day=first, last_day=last, by=self.by, now=self.now)
            return made, [change(_("rolle"), None, words)]
        if last is None or last == held.last_day:
            return None, []
        fresh = Membership.objects.select_related("user", "unit__authority").get(pk=held.pk)
        end_role(fresh, last, by=self.by, now=self.now)
        return fresh, [change(f"{words}, {_('til og med')}", held.last_day, last)]

    def _held(self, person: User, role: Role, unit: Unit, first: date | None) -> Membership | None:
        same = [one for one in self._roles.get(person.pk, []) if one.role == role and one.unit_id == unit.pk]
        if first is not None:
            return next((one for one in same if one.first_day == first), None)
        lasting = [one for one in same if one.last_day is None or one.last_day >= self.today]
        return lasting[0] if lasting else None


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(texts)
    for at in range(0, len(ordered), AT_A_TIME):
        yield ordered[at : at + AT_A_TIME]
