"""What narrows and orders the dashboards; every choice stands in the address."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from followup.status import Light
from goals.labels import GOAL_KINDS
from goals.period_names import period_name
from goals.periods import Period, PeriodKind, parse_period
from organisation.models import UnitKind
from organisation.models.unit import BODY_KINDS
from organisation.templatetags.components import LIGHT_WORDS
from organisation.widgets import QuickSelect
from reports.heatmap import Sorting

Choices = Iterable[tuple[int, str]]
QUARTERS = 8  # how far back one may look


class _ChosenForm(forms.Form):
    """Choices in an address. What is not understood counts as not chosen."""

    all_optional = True  # so no field says that it is

    def fill(self, today: date) -> None:
        """The choices that are the same on every dashboard."""
        choices = {
            "art": [("", _("Alle")), *((kind.value, capfirst(word)) for kind, word in GOAL_KINDS.items())],
            "status": [("", _("Alle")), *LIGHT_WORDS.items()],
            "periode": [("", _("Nu")), *((code, period_name(code)) for code in _quarters(today))],
        }
        for name, found in choices.items():
            if name in self.fields:
                self.fields[name].choices = found

    def asked(self, name: str):
        """What was chosen, or None."""
        return self.cleaned_data.get(name) or None

    @property
    def light(self) -> Light | None:
        return Light(self.asked("status")) if self.asked("status") else None

    @property
    def period(self) -> Period | None:
        return parse_period(self.asked("periode")) if self.asked("periode") else None


class HeatMapForm(_ChosenForm):
    """Which goals and units, as of when, and in which order."""

    udvalg = forms.IntegerField(label=_("Udvalg"), required=False, widget=QuickSelect)
    niveau = forms.ChoiceField(label=_("Enheder"), required=False, widget=QuickSelect)
    art = forms.ChoiceField(label=_("Slags mål"), required=False, widget=QuickSelect)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=QuickSelect)
    periode = forms.ChoiceField(label=_("Periode"), required=False, widget=QuickSelect)
    orden = forms.ChoiceField(label=_("Rækkefølge"), required=False, widget=QuickSelect)
    enhed = forms.IntegerField(label=_("Fremhæv enhed"), required=False, widget=QuickSelect)
    maal = forms.IntegerField(label=_("Fremhæv mål"), required=False, widget=QuickSelect)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        levels = [(kind.value, capfirst(kind.label)) for kind in UnitKind if kind not in BODY_KINDS]
        self.fill(today)
        self.fields["niveau"].choices = [("", _("Alle niveauer")), *levels]
        orders = [(Sorting.DEVIATIONS.value, _("Flest afvigelser")), (Sorting.NAME.value, _("Navn"))]
        self.fields["orden"].choices = orders
        self.is_valid()

    @property
    def sorting(self) -> Sorting:
        return Sorting(self.asked("orden") or Sorting.DEVIATIONS)

    def name_choices(self, bodies: Choices, goals: Choices, units: Choices) -> None:
        """What may be chosen, known when the map is made."""
        self.fields["udvalg"].widget.choices = list(bodies)
        self.fields["maal"].widget.choices = [("", _("Ingen")), *goals]
        self.fields["enhed"].widget.choices = [("", _("Ingen")), *units]


class DashboardForm(_ChosenForm):
    """Whose goals, of which kind and with which light, as of when."""

    udvalg = forms.IntegerField(label=_("Udvalg"), required=False, widget=QuickSelect)
    enhed = forms.IntegerField(label=_("Eller enhed"), required=False, widget=QuickSelect)
    art = forms.ChoiceField(label=_("Slags mål"), required=False, widget=QuickSelect)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=QuickSelect)
    periode = forms.ChoiceField(label=_("Periode"), required=False, widget=QuickSelect)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fill(today)
        self.is_valid()

    def name_choices(self, bodies: Choices, units: Choices) -> None:
        """Whose goals may be chosen."""
        self.fields["udvalg"].widget.choices = list(bodies)
        self.fields["enhed"].widget.choices = [("", _("Ingen")), *units]


class DevelopmentForm(DashboardForm):
    """Whose goals are followed over the quarters, up to which, and whether those that serve them count too."""

    omfang = forms.ChoiceField(
        label=_("Omfang"),
        required=False,
        widget=QuickSelect,
        choices=[("", _("Egne mål")), ("bidrag", _("Også direkte bidrag"))],
    )
    periode = forms.ChoiceField(label=_("Til og med"), required=False, widget=QuickSelect)
    status = None
    field_order = ("udvalg", "enhed", "omfang", "art", "periode")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, today=today, **kwargs)
        self.fields["periode"].choices = [("", _("Seneste kvartal")), *self.fields["periode"].choices[1:]]
        self.last_ended = parse_period(_quarters(today)[0])

    @property
    def last(self) -> Period:
        """The last quarter that is shown."""
        return self.period or self.last_ended

    @property
    def with_serving(self) -> bool:
        return self.asked("omfang") == "bidrag"


class HighlightForm(_ChosenForm):
    """Which indicator of a goal, and which unit against the rest."""

    indikator = forms.IntegerField(label=_("Indikator"), required=False, widget=QuickSelect)
    enhed = forms.IntegerField(label=_("Fremhæv enhed"), required=False, widget=QuickSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    def name_choices(self, indicators: Choices, units: Choices) -> None:
        """What may be chosen, known when the page is made; there is no choice of one indicator."""
        indicators = list(indicators)
        self.fields["indikator"].widget.choices = indicators
        if len(indicators) < 2:
            del self.fields["indikator"]
        self.fields["enhed"].widget.choices = [("", _("Ingen")), *units]


def _quarters(today: date) -> list[str]:
    """The last quarters that have ended, newest first."""
    now = Period.containing(today, PeriodKind.QUARTER)
    return [now.shift(-back).code for back in range(1, QUARTERS + 1)]
