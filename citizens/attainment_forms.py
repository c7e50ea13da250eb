"""Forms for persons' own goals: set up by staff, filled in by the person."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.attaining import is_code, read_code
from citizens.models import AttainmentForm
from citizens.personal import cleaned, mask_cpr, name_marks
from goals.forms.shared import UnitChoiceField, VersionedForm, rows
from goals.kinds import ValueKind
from goals.models import Series

MOST_CATEGORIES, LONGEST = 12, 120
STEPS = [(str(step), str(step)) for step in range(11)]


class SeriesChoiceField(forms.ModelChoiceField):
    """A series, named with its unit and how often it is measured."""

    def label_from_instance(self, obj):
        return f"{obj.indicator.name}, {obj.unit.name} ({obj.indicator.get_frequency_display()})"


class AttainmentSetupForm(VersionedForm):
    """A unit's form: its name, the categories to choose among, and what is counted as reached."""

    category_lines = forms.CharField(
        label=gettext_lazy("Kategorier"),
        widget=rows(6),
        help_text=gettext_lazy(
            "Én på hver linje, fx ”Klare mig selv i hjemmet”. Brede nok til, at ingen kan genkendes."
        ),
    )
    field_order = ["unit", "name", "category_lines", "least_rise", "series"]

    class Meta:
        model = AttainmentForm
        fields = ["unit", "name", "least_rise", "series"]
        field_classes = {"unit": UnitChoiceField, "series": SeriesChoiceField}
        labels = {"series": gettext_lazy("Tæl op til indikatoren"), "least_rise": gettext_lazy("Målet er nået ved")}
        help_texts = {
            "series": gettext_lazy("En andel med tæller og nævner. Tallet skrives, når perioden er slut."),
            "least_rise": gettext_lazy("Så mange trin skal personen være rykket op."),
        }

    def __init__(self, *args, units, series, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["least_rise"].min_value = 1
        self.fields["series"].queryset = series
        self.initial["category_lines"] = "\n".join(self.instance.categories)
        if self.instance.pk is None:
            self.fields["unit"].queryset = units
        else:
            del self.fields["unit"]

    def clean_least_rise(self):
        steps = self.cleaned_data["least_rise"]
        if not 1 <= steps <= 10:
            raise forms.ValidationError(_("Skriv et tal fra 1 til 10."))
        return steps

    def clean_category_lines(self):
        lines = [cleaned(line).strip() for line in self.cleaned_data["category_lines"].splitlines()]
        lines = list(dict.fromkeys(line for line in lines if line))
        if not 2 <= len(lines) <= MOST_CATEGORIES:
            raise forms.ValidationError(
                _("Skriv 2 til %(most)s kategorier, én på hver linje.") % {"most": MOST_CATEGORIES}
            )
        for line in lines:
            if len(line) > LONGEST:
                raise forms.ValidationError(_("”%(line)s…” er for lang.") % {"line": line[:40]})
            # A single word may be an ordinary one: "Tage en uddannelse".
            if mask_cpr(line)[1] or len(name_marks(line)) > 1:
                raise forms.ValidationError(_("”%(line)s” ligner en person. Skriv en kategori.") % {"line": line[:40]})
        return lines

    def save(self, commit=True):
        self.instance.categories = self.cleaned_data["category_lines"]
        return super().save(commit=commit)


def series_for(units):
    """Series of the units that take numerator and denominator, and that nobody below fills."""
    ratios = Series.objects.filter(indicator__value_kind=ValueKind.RATIO, is_rolled_up=False)
    return ratios.filter(unit__in=units).select_related("indicator", "unit")


# ---- what the person fills in ----------------------------------------------------------------------------------------


class Steps(forms.ChoiceField):
    """A number from 0 to 10, as eleven buttons."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs):
        missing = gettext_lazy("Vælg et tal fra 0 til 10.")
        super().__init__(choices=STEPS, error_messages={"required": missing, "invalid_choice": missing}, **kwargs)

    def clean(self, value):
        return int(super().clean(value))


class BeginForm(forms.Form):
    """What the goal is about, and where the person is now. Nothing is written in words."""

    category = forms.ChoiceField(
        label=gettext_lazy("Hvad handler dit mål om?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vælg det, der passer bedst.")},
    )
    start = Steps(label=gettext_lazy("Hvor tæt er du på dit mål i dag?"))

    def __init__(self, *args, categories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(name, name) for name in categories]


class EndForm(forms.Form):
    """The code of the slip, and where the person is now."""

    code = forms.CharField(
        label=gettext_lazy("Koden på din seddel"),
        max_length=60,
        help_text=gettext_lazy("12 tegn, fx K7QM-2XPA-9TRD. Store og små bogstaver er det samme."),
        error_messages={"required": gettext_lazy("Skriv koden fra din seddel.")},
    )
    end = Steps(label=gettext_lazy("Hvor tæt er du på dit mål i dag?"))

    def clean_code(self):
        code = read_code(self.cleaned_data["code"])
        if not is_code(code):
            raise forms.ValidationError(_("Koden er på 12 tegn. Tjek, at den er skrevet rigtigt af."))
        return code
