"""Forms of indicators, series and targets."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.actions.events import series_have_values
from goals.actions.targets import TargetAsked, takes_decision
from goals.forms.fields import DanishDecimalField, PeriodField
from goals.forms.shared import DecisionForm, UnitChoiceField, VersionedForm, date_input, rows
from goals.kinds import Direction, TimeRollup, ToleranceKind, UnitRollup, ValueKind
from goals.models import Indicator, Series, Target
from goals.models.indicator import INDICATOR_FIELDS
from goals.models.series import SERIES_FIELDS
from goals.periods import PeriodError, PeriodKind, last_of, parse_period
from goals.price_names import price_words
from goals.prices import PriceFault, price_fault

# What to do about prices that are not well said.
PRICE_FAULTS = {
    PriceFault.NEEDS_LEVEL: gettext_lazy("Måleenheden er penge. Vælg, om beløbet er i løbende eller faste priser."),
    PriceFault.NEEDS_YEAR: gettext_lazy("Skriv, hvilket års priser beløbet er i, fx 2026."),
    PriceFault.HAS_YEAR: gettext_lazy("Kun faste priser har et prisår. Vælg faste priser, eller slet året."),
    PriceFault.ODD_YEAR: gettext_lazy("Skriv årstallet med fire cifre, fx 2026."),
    PriceFault.NOT_MONEY: gettext_lazy("Kun beløb har et prisniveau. Skriv måleenheden i kr., eller vælg intet."),
}


def period_fault(code: str, frequency: str) -> str:
    """Why a series of that frequency cannot use the period; empty when it can."""
    try:
        last_of(PeriodKind(frequency), parse_period(code))
    except PeriodError:
        return _("Perioden passer ikke til, hvor tit indikatoren opgøres.")
    return ""


class IndicatorSearchForm(forms.Form):
    """Words that find indicators. The form owns the queryset."""

    q = forms.CharField(label=gettext_lazy("Søg efter navn eller kode"), required=False, max_length=100)

    def narrow(self, indicators):
        """The indicators whose name, code or definition holds the words."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        found = Q(name__icontains=words) | Q(code__icontains=words) | Q(definition__icontains=words)
        return indicators.filter(found) if words else indicators


class HttpsField(forms.URLField):
    """An address; https is meant when nothing is said."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, assume_scheme="https", **kwargs)


class IndicatorForm(VersionedForm):
    """What is measured, and how. What stored values rest on can no longer be changed."""

    # The name before its code, and which kroner beside the unit of measure.
    field_order = ["name", "code", "name_in_sentence", "definition", "unit_of_measure", "price_level", "price_year"]

    class Meta:
        model = Indicator
        fields = ["code", *INDICATOR_FIELDS]
        widgets = {"definition": rows(3)}
        field_classes = {"source_url": HttpsField}

    def __init__(self, *args, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        for name, none in (("side", _("ikke med i trekanten")), ("price_level", _("ikke et beløb"))):
            field = self.fields[name]
            field.choices = [("", none), *field.choices[1:]]
        if self.instance.pk:
            self._lock_what_is_used()

    def _lock_what_is_used(self):
        series = list(self.instance.series.values_list("pk", "baseline_period"))
        targets = Target.objects.filter(series__in=[pk for pk, _baseline in series])
        has_values = series_have_values([pk for pk, _baseline in series])
        if has_values or any(baseline for _pk, baseline in series) or targets.exists():
            self._lock("frequency", _("Kan ikke ændres: der er tal, udgangspunkter eller måltal."))
        if has_values:
            self._lock("value_kind", _("Kan ikke ændres: der er indberettet tal."))
            self._lock("factor", _("Kan ikke ændres: der er indberettet tal."))
            self._lock_prices()
        self.has_targets = targets.exists()

    def _lock_prices(self):
        """Numbers of one year's kroner do not become another's by a new label; what nobody has said can be said."""
        indicator = self.instance
        if indicator.price_level:
            said = price_words(indicator.price_level, indicator.price_year)
            why = _("Kan ikke ændres: der er indberettet tal i %s. Andre priser kræver en ny indikator.") % said
            self._lock("price_level", why)
            self._lock("price_year", _("Kan ikke ændres: der er indberettet tal."))

    def _lock(self, name, why):
        self.fields[name].disabled = True
        self.fields[name].help_text = why

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        taken = Indicator.objects.filter(authority=self.authority, code=code).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("Koden bruges allerede af en anden indikator."))
        return code

    def clean_factor(self):
        if self.cleaned_data["factor"] == 0:
            raise forms.ValidationError(_("Skriv mindst 1."))
        return self.cleaned_data["factor"]

    def clean_unit_rollup(self):
        wanted = self.cleaned_data["unit_rollup"]
        if wanted == UnitRollup.NONE and self.instance.pk and self.instance.series.filter(is_rolled_up=True).exists():
            raise forms.ValidationError(_("Der er serier, som beregnes af underliggende enheder."))
        return wanted

    def clean_direction(self):
        wanted = self.cleaned_data["direction"]
        before = self.initial.get("direction")
        turned = Direction.RANGE in (wanted, before) and wanted != before
        if self.instance.pk and self.has_targets and turned:
            raise forms.ValidationError(_("Der er måltal, som ikke passer til retningen. Opret en ny indikator."))
        return wanted

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("value_kind") == ValueKind.NUMBER:
            for name, ratio in (("unit_rollup", UnitRollup.RATIO), ("time_rollup", TimeRollup.RATIO)):
                if cleaned.get(name) == ratio:
                    self.add_error(name, _("Kræver, at tallet indberettes som tæller og nævner."))
        self._check_prices(cleaned)
        return cleaned

    def _check_prices(self, cleaned):
        asked = [cleaned.get(name) for name in ("unit_of_measure", "price_level", "price_year")]
        if {"unit_of_measure", "price_level", "price_year"} & set(self.errors):
            return
        if fault := price_fault(*asked):
            field, why = fault
            # A locked field cannot be put right: what does not fit it is.
            self.add_error("unit_of_measure" if self.fields[field].disabled else field, PRICE_FAULTS[why])


class SeriesForm(VersionedForm):
    """Where a unit's figures begin, and how far off they may be."""

    baseline_period = PeriodField(
        label=gettext_lazy("Udgangspunktets periode"), required=False, help_text=gettext_lazy("Fx 2024K4 eller 2024")
    )
    baseline_value = DanishDecimalField(label=gettext_lazy("Udgangspunkt"), required=False)
    tolerance = DanishDecimalField(
        label=gettext_lazy("Tolerance"),
        required=False,
        help_text=gettext_lazy("Hvor langt fra det forventede tallet må være. En andel skrives mellem 0 og 1."),
    )

    class Meta:
        model = Series
        fields = SERIES_FIELDS
        widgets = {"last_day": date_input()}

    def indicator(self) -> Indicator | None:
        """The indicator the series is of, once it is known."""
        return self.instance.indicator

    def clean(self):
        cleaned = super().clean()
        self._check_baseline(cleaned)
        self._check_tolerance(cleaned)
        indicator = self.indicator()
        if cleaned.get("is_rolled_up") and indicator and indicator.unit_rollup == UnitRollup.NONE:
            self.add_error("is_rolled_up", _("Indikatorens tal lægges ikke sammen. Ret det på indikatoren først."))
        elif "is_rolled_up" in self.changed_data and self.instance.pk and series_have_values([self.instance.pk]):
            self.add_error("is_rolled_up", _("Kan ikke ændres: serien har tal. Opret en ny serie for en anden enhed."))
        return cleaned

    def _check_baseline(self, cleaned):
        if "baseline_period" in self.errors or "baseline_value" in self.errors:
            return
        period, value = cleaned["baseline_period"], cleaned["baseline_value"]
        if period and value is None:
            self.add_error("baseline_value", _("Skriv også tallet."))
        if value is not None and not period:
            self.add_error("baseline_period", _("Skriv også perioden."))
        indicator = self.indicator()
        if period and indicator and (fault := period_fault(period, indicator.frequency)):
            self.add_error("baseline_period", fault)

    def _check_tolerance(self, cleaned):
        tolerance, indicator = cleaned.get("tolerance"), self.indicator()
        is_share = cleaned.get("tolerance_kind") == ToleranceKind.SHARE
        if tolerance is not None and tolerance < 0:
            self.add_error("tolerance", _("Tolerancen kan ikke være negativ."))
        elif tolerance is not None and is_share and tolerance > 1:
            self.add_error("tolerance", _("En andel skrives mellem 0 og 1, fx 0,1."))
        if is_share and indicator and indicator.direction == Direction.RANGE:
            self.add_error("tolerance_kind", _("Når tallet skal ligge mellem to grænser, er tolerancen i måleenheden."))


class NewSeriesForm(SeriesForm):
    """A series of an indicator for a unit that has none yet."""

    unit = UnitChoiceField(label=gettext_lazy("Enhed"))
    field_order = ["indicator", "unit"]

    class Meta(SeriesForm.Meta):
        fields = ["indicator", "unit", *SeriesForm.Meta.fields]

    def __init__(self, *args, units, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["indicator"].queryset = indicators

    def indicator(self):
        return self.cleaned_data.get("indicator")

    def clean(self):
        cleaned = super().clean()
        indicator, unit = cleaned.get("indicator"), cleaned.get("unit")
        if indicator and unit and Series.objects.filter(indicator=indicator, unit=unit).exists():
            self.add_error("unit", _("Enheden har allerede en serie af indikatoren."))
        return cleaned


class TargetForm(DecisionForm):
    """A dated target: a number, or a range for what must stay within."""

    period = PeriodField(label=gettext_lazy("Periode"), help_text=gettext_lazy("Fx 2028 eller 2027K4"))
    value = DanishDecimalField(label=gettext_lazy("Måltal"))
    low = DanishDecimalField(label=gettext_lazy("Mindst"))
    high = DanishDecimalField(label=gettext_lazy("Højst"))
    reason = forms.CharField(label=gettext_lazy("Begrundelse"), required=False, max_length=300)
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["period", "value", "low", "high", "reason", "body", "decided_on", "reference", "text"]

    def __init__(self, *args, series, **kwargs):
        super().__init__(*args, decision_required=False, **kwargs)
        self.series = series
        is_range = series.indicator.direction == Direction.RANGE
        for name in ("value",) if is_range else ("low", "high"):
            del self.fields[name]

    def clean_period(self):
        code = self.cleaned_data["period"]
        if fault := period_fault(code, self.series.indicator.frequency):
            raise forms.ValidationError(fault)
        return code

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and high < low:
            self.add_error("high", _("”Højst” skal være mindst så stort som ”mindst”."))
        if cleaned.get("replaces") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor måltallet ændres. Det gamle bliver stående."))
        if cleaned.get("replaces") and not cleaned.get("body") and takes_decision(self.series):
            self.ask_for_decision()
        return cleaned

    def ask_for_decision(self) -> None:
        """The target belongs to an adopted goal: say who must have changed it."""
        self.add_error("body", _("Måltallet hører til et vedtaget mål. Skriv den beslutning, der ændrer det."))

    def asked(self) -> TargetAsked:
        """The target in the words of the action."""
        asked = self.cleaned_data
        return TargetAsked(parse_period(asked["period"]), asked.get("value"), asked.get("low"), asked.get("high"))

    def show_taken(self, target, said: str) -> None:
        """Another target is in force for the period: say which, and let saving again supersede it."""
        self.data = self.data.copy()
        self.data["replaces"] = str(target.pk)
        self.add_error("reason", said)
