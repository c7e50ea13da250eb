"""Forms for merging and splitting units. Which units may be chosen is given by the view."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.actions.reorganising import Refused
from followup.models import BoardMeeting, Measurement
from goals.budget import LEAST, MOST
from organisation.danish import long_date
from organisation.forms import UnitChoice, day_field
from organisation.models import Unit

MOST_OTHERS, MOST_PARTS = 3, 4
NAME, CODE = Unit._meta.get_field("name"), Unit._meta.get_field("code")


def refusal_sentence(refused: Refused) -> str:
    """Why the units stay as they are, and what to do."""
    what = refused.what
    match refused.key:
        case "has_values" if isinstance(what, Measurement):
            said = {"unit": what.series.unit, "day": long_date(what.period_end)}
            return _("%(unit)s har allerede et tal for en periode, der slutter %(day)s. Vælg en senere dag.") % said
        case "has_children":
            return _("Flyt eller afslut først de enheder, der hører under %s.") % what
        case "not_valid":
            return _("%s findes ikke den dag. Måske har en anden ændret den, mens du skrev.") % what
        case "body":
            return _("%s er et politisk organ og kan ikke lægges sammen eller deles her.") % what
        case "under_ended":
            return _("%s kan ikke høre under en enhed, der slutter.") % what
        case "not_placed":
            return _("Vælg en enhed til målet ”%s”.") % what
        case "last_manager":
            return _("%s er den eneste, der kan styre enheder og personer. Giv en anden rollen først.") % what
        case "meeting_open" if isinstance(what, BoardMeeting):
            said = {"board": what.board, "day": long_date(what.day)}
            return _("Tavlemødet %(day)s ved %(board)s er i gang. Afslut mødet først.") % said
        case "ahead":
            return _("Vælg en dag, der er kommet: mål og roller skifter hænder med det samme.")
        case "other_authority":
            return _("Vælg enheder fra samme myndighed.")
    return _("Vælg mindst to enheder.")


def ceiling_field(label, **options) -> forms.IntegerField:
    """How many goals a new unit may have."""
    return forms.IntegerField(label=label, min_value=LEAST, max_value=MOST, required=False, **options)


class NewUnitsForm(forms.Form):
    """What both forms share: the day, and where the new units belong."""

    day = day_field(
        gettext_lazy("Fra hvilken dag?"),
        help_text=gettext_lazy("Den første dag i den nye enhed. De gamle enheder slutter dagen før."),
    )
    parent = UnitChoice(label=gettext_lazy("Den nye enhed hører under"), queryset=Unit.objects.none())

    def __init__(self, *args, unit, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["parent"].queryset = units.exclude(pk=unit.pk).order_by("position", "name")
        self.fields["parent"].initial = unit.parent_id

    def checked_code(self, name: str) -> str:
        """The code typed in the field, unless another unit has it."""
        code = self.cleaned_data.get(name, "").strip()
        same = Unit.objects.filter(authority=self.unit.authority_id, code__iexact=code).first() if code else None
        if same is not None:
            self.add_error(name, _("Koden bruges af %(unit)s.") % {"unit": same})
        return code

    def new_unit(self, name: str, code: str, position: int = 0) -> Unit:
        """The unit asked for, not stored."""
        return Unit(
            authority=self.unit.authority,
            parent=self.cleaned_data["parent"],
            kind=self.unit.kind,
            name=name,
            code=code,
            position=self.unit.position + position,
            valid_from=self.cleaned_data["day"],
        )


class MergeForm(NewUnitsForm):
    """Which other units become one with this, and what the new one is called.

    `seen` says of which units the person has seen what will happen; with it comes the field of the ceiling.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    name = forms.CharField(label=gettext_lazy("Den nye enheds navn"), max_length=NAME.max_length)
    code = forms.CharField(
        label=gettext_lazy("Kode"),
        max_length=CODE.max_length,
        help_text=gettext_lazy("Kendes igen, når der indlæses filer"),
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(1, MOST_OTHERS + 1):
            self.fields[f"other_{n}"] = UnitChoice(
                label=_("Læg sammen med") if n == 1 else _("og med"),
                queryset=others,
                required=n == 1,
                empty_label=_("Vælg enhed"),
            )
        if self.data.get("seen"):
            self.fields["most"] = ceiling_field(
                _("Målloft for den nye enhed"),
                help_text=_("Lad feltet stå tomt, hvis der ikke skal være noget loft."),
            )
        self.order_fields([f"other_{n}" for n in range(1, MOST_OTHERS + 1)] + ["name", "code", "parent", "day"])

    def clean(self):
        self.chosen = []
        cleaned = super().clean()
        self.checked_code("code")
        chosen = [cleaned[name] for name in self.fields if name.startswith("other_") and cleaned.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error("other_2", _("Vælg hver enhed én gang."))
        self.chosen = chosen
        return cleaned

    @property
    def units(self) -> list[Unit]:
        """Those that become one."""
        return [self.unit, *self.chosen]

    @property
    def has_seen(self) -> bool:
        """Whether the person has seen what will happen to just these units."""
        return self.cleaned_data.get("seen") == self._told

    @property
    def _told(self) -> str:
        return "-".join(str(pk) for pk in sorted(unit.pk for unit in self.units))

    def told(self, most: int | None) -> dict[str, Any]:
        """What was typed, with the ceiling that is proposed, for the form on the page that tells what will happen."""
        return {**self.data.dict(), "seen": self._told, "most": "" if most is None else str(most)}

    def into(self) -> Unit:
        """The new unit, not stored."""
        return self.new_unit(self.cleaned_data["name"], self.cleaned_data["code"].strip())


class SplitForm(NewUnitsForm):
    """What the new units are called, and which of them gets each goal."""

    def __init__(self, *args, goals, most: int | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].label = _("De nye enheder hører under")
        for n in range(1, MOST_PARTS + 1):
            is_needed = n <= 2
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Enhed %d: navn") % n, max_length=NAME.max_length, required=is_needed
            )
            self.fields[f"code_{n}"] = forms.CharField(
                label=_("Enhed %d: kode") % n, max_length=CODE.max_length, required=is_needed
            )
            self.fields[f"most_{n}"] = ceiling_field(_("Enhed %d: målloft") % n, initial=most)
        places = [("", _("Vælg enhed")), *((str(n), _("Enhed %d") % n) for n in range(1, MOST_PARTS + 1))]
        self.goals = list(goals)
        for goal in self.goals:
            self.fields[f"goal_{goal.pk}"] = forms.ChoiceField(label=goal.title, choices=places)
        self.order_fields(
            [f"{part}_{n}" for n in range(1, MOST_PARTS + 1) for part in ("name", "code")] + ["parent", "day"]
        )

    def clean(self):
        cleaned = super().clean()
        codes = [self.checked_code(f"code_{n}") for n in range(1, MOST_PARTS + 1)]
        used = []
        for n, code in enumerate(codes, 1):
            if code and code.lower() in used:
                self.add_error(f"code_{n}", _("To enheder kan ikke have samme kode."))
            used.append(code.lower())
            if n > 2 and bool(code) != bool(cleaned.get(f"name_{n}")):
                self.add_error(f"code_{n}" if not code else f"name_{n}", _("Skriv både navn og kode."))
        named = {str(n) for n in range(1, MOST_PARTS + 1) if cleaned.get(f"name_{n}")}
        for goal in self.goals:
            place = cleaned.get(f"goal_{goal.pk}")
            if place and place not in named:
                self.add_error(f"goal_{goal.pk}", _("Enhed %s har ikke noget navn.") % place)
        return cleaned

    @property
    def parts(self) -> list[int]:
        """The numbers of the new units that have a name."""
        return [n for n in range(1, MOST_PARTS + 1) if self.cleaned_data.get(f"name_{n}")]

    def into(self) -> list[Unit]:
        """The new units, not stored."""
        asked = self.cleaned_data
        return [self.new_unit(asked[f"name_{n}"], asked[f"code_{n}"].strip(), n - 1) for n in self.parts]

    def most(self) -> list[int | None]:
        """The ceiling of each of `into`."""
        return [self.cleaned_data[f"most_{n}"] for n in self.parts]

    def ceiling_fields(self):
        """The bound fields of the new units' ceilings."""
        return [self[f"most_{n}"] for n in range(1, MOST_PARTS + 1)]

    def placed(self) -> dict[int, int]:
        """To which of `into` each goal goes, by the goal's id."""
        place_of = {n: place for place, n in enumerate(self.parts)}
        return {goal.pk: place_of[int(self.cleaned_data[f"goal_{goal.pk}"])] for goal in self.goals}

    def goal_fields(self):
        """The bound field of each goal."""
        return [self[f"goal_{goal.pk}"] for goal in self.goals]

    def part_fields(self):
        """The bound fields of the new units: name and code of each."""
        return [self[f"{part}_{n}"] for n in range(1, MOST_PARTS + 1) for part in ("name", "code")]
