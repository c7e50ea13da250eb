"""Forms of the follow-up pages."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from followup.actions.measurements import CellValue
from goals.broken_links import Broken
from goals.forms.fields import DanishDecimalField
from goals.kinds import GoalState, ValueKind
from goals.labels import GOAL_STATES, MISSING_REASONS, choices
from goals.models import SteeringDocument
from goals.periods import parse_period
from organisation.models import Unit
from organisation.models.unit import BODY_KINDS
from organisation.templatetags.components import LIGHT_WORDS
from organisation.widgets import QuickSelect


class GoalFilterForm(forms.Form):
    """What narrows the goal list. The form owns the queryset."""

    all_optional = True  # so no field says that it is

    q = forms.CharField(label=_("Søg"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=QuickSelect)
    enhed = forms.ModelChoiceField(
        label=_("Udvalg"), queryset=Unit.objects.none(), required=False, empty_label=_("Alle"), widget=QuickSelect
    )
    tilstand = forms.ChoiceField(label=_("Tilstand"), required=False, widget=QuickSelect)

    def __init__(self, *args, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", _("Alle")), *LIGHT_WORDS.items()]
        self.fields["tilstand"].choices = [("", _("Vedtagne")), *((k.value, v) for k, v in GOAL_STATES.items())]
        self.fields["enhed"].queryset = Unit.objects.filter(authority=authority).bodies()

    def is_narrowing(self) -> bool:
        """Whether anything is asked for; else the tree is shown."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, goals):
        """The goals that fit."""
        asked = self.cleaned_data
        goals = goals.filter(state=asked["tilstand"] or GoalState.ADOPTED)
        if asked["q"]:
            goals = goals.search(asked["q"])
        if asked["status"]:
            goals = goals.filter(standing__light=asked["status"])
        if asked["enhed"]:
            goals = goals.filter(Q(owner_unit=asked["enhed"]) | Q(parent__owner_unit=asked["enhed"]))
        return goals


BROKEN_LINKS = {
    Broken.LATE: _("Ikke oversat inden fristen"),
    Broken.PARENT_CLOSED: _("Målet ovenover er afsluttet"),
    Broken.LOOSE: _("Bidrager ikke til noget"),
    Broken.UNSERVED: _("Ingen har oversat målet"),
    Broken.HELPS_CLOSED: _("Hjælper et afsluttet mål"),
}


class BrokenFilterForm(forms.Form):
    """What narrows the broken links: a body with the units it follows, a unit with those below it, and the kind."""

    all_optional = True  # so no field says that it is

    udvalg = forms.ModelChoiceField(
        label=_("Udvalg"), queryset=Unit.objects.none(), required=False, empty_label=_("Alle"), widget=QuickSelect
    )
    enhed = forms.ModelChoiceField(
        label=_("Enhed"), queryset=Unit.objects.none(), required=False, empty_label=_("Alle"), widget=QuickSelect
    )
    slags = forms.ChoiceField(label=_("Hvad er galt?"), required=False, widget=QuickSelect)

    def __init__(self, *args, authority, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        units = Unit.objects.filter(authority=authority).valid(today)
        self.fields["udvalg"].queryset = units.bodies()
        self.fields["enhed"].queryset = units.exclude(kind__in=BODY_KINDS)
        self.fields["slags"].choices = [("", _("Alt")), *((kind.value, words) for kind, words in BROKEN_LINKS.items())]

    def _asked(self, name: str):
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def is_narrowing(self) -> bool:
        """Whether anything is asked for."""
        return any(self._asked(name) for name in self.fields)

    def kind(self) -> Broken | None:
        """The kind asked for; None for all."""
        asked = self._asked("slags")
        return Broken(asked) if asked else None

    def place(self) -> str:
        """The body or unit asked for, as it stands in an address."""
        for name in ("udvalg", "enhed"):
            if (unit := self._asked(name)) is not None:
                return f"?{name}={unit.pk}"
        return ""

    def units(self) -> set[int] | None:
        """The units asked for; None for all."""
        body, unit = self._asked("udvalg"), self._asked("enhed")
        found = None
        if body is not None:
            found = set(Unit.objects.reporting_to(body, self.today).values_list("pk", flat=True))
        if unit is not None:
            below = set(Unit.objects.below(unit).values_list("pk", flat=True))
            found = below if found is None else found & below
        return found


class PromiseFilterForm(forms.Form):
    """What narrows the promises. The form owns the queryset."""

    all_optional = True  # so no field says that it is

    q = forms.CharField(label=_("Søg"), required=False, max_length=100)
    dokument = forms.ModelChoiceField(
        label=_("Dokument"), queryset=SteeringDocument.objects.none(), required=False, empty_label=_("Alle")
    )
    blev = forms.ChoiceField(
        label=_("Blev til"),
        required=False,
        choices=[("", _("Alle")), ("uden", _("ikke et mål endnu")), ("med", _("et mål"))],
    )

    def __init__(self, *args, promises, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.promises = promises
        self.fields["dokument"].queryset = SteeringDocument.objects.filter(authority=authority).defer("file")

    def is_narrowing(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self):
        """The promises that fit."""
        asked, found = (self.cleaned_data if self.is_valid() else {}), self.promises
        if asked.get("q"):
            found = found.filter(Q(text__icontains=asked["q"]) | Q(document__title__icontains=asked["q"]))
        if asked.get("dokument"):
            found = found.filter(document=asked["dokument"])
        if asked.get("blev") == "uden":
            found = found.without_goals()
        elif asked.get("blev"):
            found = found.exclude(pk__in=self.promises.without_goals().values("pk"))
        return found


class ReturnForm(forms.Form):
    """Why a report is sent back."""

    reason = forms.CharField(
        label=_("Hvad skal ændres?"),
        help_text=_("Begrundelsen bliver i historikken."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class LateExceptionForm(forms.Form):
    """Until when one unit may enter, and why."""

    until = forms.DateField(
        label=_("Må indberette til og med"),
        help_text=_("Hele dagen tæller med. Bagefter lukker den af sig selv."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("Begrundelse"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300)


class CorrectionForm(forms.Form):
    """A new value for an approved one, and why."""

    value = DanishDecimalField(label=_("Nyt tal"), required=False)
    numerator = DanishDecimalField(label=_("Tæller"), required=False)
    denominator = DanishDecimalField(label=_("Nævner"), required=False)
    missing = forms.ChoiceField(
        label=_("Intet tal, fordi"), choices=[("", "–"), *choices(MISSING_REASONS)], required=False
    )
    reason = forms.CharField(label=_("Begrundelse"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, measurement, **kwargs):
        self.measurement = measurement
        names = ("value", "numerator", "denominator", "missing", "version")
        super().__init__(*args, initial={name: getattr(measurement, name) for name in names}, **kwargs)
        pair = measurement.series.indicator.value_kind == ValueKind.RATIO
        for name in ("value",) if pair else ("numerator", "denominator"):
            del self.fields[name]
        self.number_fields = ("numerator", "denominator") if pair else ("value",)

    def clean_denominator(self):
        if self.cleaned_data["denominator"] == 0:
            raise forms.ValidationError(_("Nævneren er 0, så andelen kan ikke beregnes."))
        return self.cleaned_data["denominator"]

    def clean(self):
        cleaned = super().clean()
        empty = [name for name in self.number_fields if name not in self.errors and cleaned.get(name) is None]
        if cleaned.get("missing"):
            if len(empty) < len(self.number_fields) and not self._is_stored_number(cleaned):
                self.add_error("missing", _("Her står både et tal og en årsag. Behold det ene."))
        else:
            for name in empty:
                self.add_error(name, _("Skriv et tal, eller vælg, hvorfor det mangler."))
        top, bottom = cleaned.get("numerator"), cleaned.get("denominator")
        is_share = self.measurement.series.indicator.unit_of_measure == "pct."
        if is_share and top is not None and bottom is not None and top > bottom:
            self.add_error("denominator", _("Andelen kan ikke være over 100 pct. Er tæller og nævner byttet om?"))
        return cleaned

    def _is_stored_number(self, cleaned) -> bool:
        """Whether the number still stands as it was when a reason was chosen: then the reason is meant."""
        return all(cleaned.get(name) == getattr(self.measurement, name) for name in self.number_fields)

    def cell(self) -> CellValue:
        """The correction in the words of the action."""
        asked = self.cleaned_data
        return CellValue(
            self.measurement.series,
            parse_period(self.measurement.period),
            value=asked.get("value"),
            numerator=asked.get("numerator"),
            denominator=asked.get("denominator"),
            missing=asked["missing"],
            version=asked["version"],
        )

    def from_stored(self, measurement) -> "CorrectionForm":
        """The same words, begun anew from what somebody else stored meanwhile."""
        return CorrectionForm(self.data.dict() | {"version": measurement.version}, measurement=measurement)
