"""The unit lines of a file: each finds its unit by code, and makes or changes it."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.actions.history import differences
from organisation.actions.units import change_unit, create_unit, link_to_body
from organisation.models import Authority, BodyLink, Unit, UnitKind, User
from organisation.permissions import Permission
from organisation.setup_files import Line, nearest
from organisation.setup_lines import Change, LineRefused, change, check_days, check_length, day_of, word_of

KINDS = {str(kind.label): kind for kind in UnitKind}
NAMES = {
    "name": _("navn"),
    "kind": _("niveau"),
    "parent": _("hører under"),
    "valid_from": _("gælder fra"),
    "valid_to": _("gælder til"),
}


class UnitLines:
    """The units of the authority as they become, line by line. Everything stored is read once."""

    def __init__(self, lines: list[Line], *, authority: Authority, by: User, now: datetime, today: date) -> None:
        self.lines, self.authority, self.by, self.now, self.today = lines, authority, by, now, today
        units = Unit.objects.filter(authority=authority).select_related("authority").order_by("pk")
        self._by_code = {unit.code.casefold(): unit for unit in units}
        self._by_id = {unit.pk: unit for unit in self._by_code.values()}
        reached = Unit.objects.filter(authority=authority).allowing(Permission.MANAGE_PEOPLE, by, today)
        self._reached = set(reached.values_list("pk", flat=True))
        links = BodyLink.objects.filter(unit__authority=authority).valid(today).order_by("first_day")
        self._bodies = dict(links.values_list("unit_id", "body_id"))
        self._first_lines: dict[str, Line] = {}
        self._resembling: dict[str, list[str]] = {}

    def parents_first(self) -> list[Line]:
        """The lines in such an order that a new unit exists before what belongs under it."""
        by_code = {line.cell("code").casefold(): line for line in self.lines}
        depths: dict[str, int] = {}

        def depth(code: str) -> int:
            path: list[str] = []
            while code in by_code and code not in depths and code not in path:
                path.append(code)
                code = by_code[code].cell("parent").casefold()
            below = depths.get(code, 0)
            for step, one in enumerate(reversed(path), start=1):
                depths[one] = below + step
            return depths.get(path[0], 0) if path else below

        return sorted(self.lines, key=lambda line: depth(line.cell("code").casefold()))

    def find(self, text: str) -> Unit:
        """The unit with the code, somewhere the user may act."""
        unit = self._by_code.get(text.casefold())
        if unit is None:
            near = self._near(text)
            if near:
                raise LineRefused("unit_unknown_near", text=text, near=_either(near))
            raise LineRefused("unit_unknown", text=text)
        if unit.pk not in self._reached:
            raise LineRefused("unit_beyond", unit=unit)
        return unit

    def _near(self, text: str) -> list[str]:
        """The units that resemble the text; asked once for each text, since it takes milliseconds."""
        if text not in self._resembling:
            names = {unit.code: f"{unit.name} ({unit.code})" for unit in self._by_code.values()}
            names |= {unit.name: f"{unit.name} ({unit.code})" for unit in self._by_code.values()}
            self._resembling[text] = nearest(text, names)
        return self._resembling[text]

    def store(self, line: Line) -> tuple[bool, list[Change]]:
        """Make or change the line's unit: whether it is new, and what changed."""
        code = self._code(line)
        unit = self._by_code.get(code.casefold())
        if unit is not None and unit.pk not in self._reached:
            raise LineRefused("unit_beyond", unit=unit)
        values = self._values(line, unit)
        if unit is None:
            unit = self._create(code, values)
            self._link(line, unit, unit.valid_from)
            self._remember(unit)
            return True, []
        before = {name: getattr(unit, name) for name in values}
        changed = [change(NAMES[name], *pair) for name, pair in self._shown(differences(before, values))]
        # A copy, so that a refusal leaves what is remembered as it is stored.
        changed_unit = Unit(**{one.attname: getattr(unit, one.attname) for one in Unit._meta.concrete_fields})
        changed_unit._state.adding = False
        changed_unit.authority = self.authority
        changed_unit.parent = self._by_id.get(unit.parent_id)
        change_unit(changed_unit, values, by=self.by, now=self.now)
        changed.extend(self._link(line, changed_unit, self.today))
        self._remember(changed_unit)
        return False, changed

    def _remember(self, unit: Unit) -> None:
        self._by_code[unit.code.casefold()] = self._by_id[unit.pk] = unit
        self._reached.add(unit.pk)

    def _code(self, line: Line) -> str:
        code = line.cell("code")
        if not code:
            raise LineRefused("code_missing")
        if len(code) > Unit._meta.get_field("code").max_length:
            raise LineRefused("code_too_long")
        first = self._first_lines.setdefault(code.casefold(), line)
        if first is not line:
            raise LineRefused("line_repeats", number=first.number)
        return code

    def _values(self, line: Line, unit: Unit | None) -> dict[str, Any]:
        """The cells that are filled, read; with what a new unit needs."""
        values: dict[str, Any] = {}
        if line.cell("name"):
            values["name"] = check_length(line.cell("name"), Unit._meta.get_field("name").max_length)
        if line.cell("kind"):
            values["kind"] = word_of(KINDS, line.cell("kind"), "kind_unknown")
        parent_code = line.cell("parent")
        if parent_code and not self._is_parent(unit, parent_code):
            values["parent"] = self.find(parent_code)
        for name in ("valid_from", "valid_to"):
            day = day_of(line, name)
            if day is not None:
                values[name] = day
        if unit is None:
            values.setdefault("valid_from", self.today)
            for needed in ("name", "kind", "parent"):
                if needed not in values:
                    raise LineRefused(f"{needed}_missing")
        stored_days = (getattr(unit, "valid_from", None), getattr(unit, "valid_to", None))
        check_days(values.get("valid_from", stored_days[0]), values.get("valid_to", stored_days[1]))
        return values

    def _is_parent(self, unit: Unit | None, code: str) -> bool:
        """Whether the unit is under that code already: then the parent may be beyond the user's reach."""
        parent = self._by_id.get(unit.parent_id) if unit is not None else None
        return parent is not None and parent.code.casefold() == code.casefold()

    def _create(self, code: str, values: dict[str, Any]) -> Unit:
        return create_unit(Unit(authority=self.authority, code=code, **values), by=self.by, now=self.now)

    def _link(self, line: Line, unit: Unit, first_day: date) -> list[Change]:
        text = line.cell("body")
        if not text:
            return []
        body = self._by_code.get(text.casefold())
        if body is None or not body.is_body:
            raise LineRefused("body_unknown", text=text)
        before = self._by_id.get(self._bodies.get(unit.pk))
        if before is not None and before.pk == body.pk:
            return []
        link_to_body(unit, body, first_day=first_day, by=self.by, now=self.now)
        self._bodies[unit.pk] = body.pk
        return [change(_("udvalg"), before, body)]

    @staticmethod
    def _shown(changes: dict[str, tuple[Any, Any]]) -> list[tuple[str, tuple[Any, Any]]]:
        return [
            (name, tuple(UnitKind(one).label for one in pair) if name == "kind" else pair)
            for name, pair in changes.items()
        ]


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} eller {words[-1]}"
