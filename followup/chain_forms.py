"""Forms of an effect chain: a step, and an arrow between two."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.effect_chain import KINDS
from goals.forms.shared import VersionedForm, rows
from goals.kinds import StepKind
from goals.labels import STEP_KINDS, choices
from goals.models import Assumption, ChainStep, Goal, Series

MOST_OFFERED = 60

REFUSALS = {
    "closed": _("Målet er afsluttet og kan ikke ændres."),
    "full": _("Effektkæden har allerede 60 led. Saml nogle af dem, før der kommer flere."),
    "other_authority": _("Vælg indikatorer fra samme myndighed."),
    "other_goal": _("Vælg to led fra samme effektkæde."),
    "two_kinds": _("En indikator hører til én slags led. Den bruges allerede ved et led af en anden slags."),
    "itself": _("Et led kan ikke føre til sig selv."),
    "external": _("Ydre forhold er det, vi ikke styrer. Intet led kan føre til dem."),
    "already": _("Der er allerede en antagelse mellem de to led. Ret den i stedet."),
    "ring": _("Pilen går i ring. Sæt kryds ved ”Virker tilbage”, hvis det er meningen."),
}
# The field a refusal stands beside; the rest concern the whole form.
PLACES = {
    "other_authority": "series",
    "two_kinds": "series",
    "other_goal": "to_step",
    "itself": "to_step",
    "external": "to_step",
    "already": "to_step",
    "ring": "is_feedback",
}


def show_refusal(form: forms.Form, key: str) -> None:
    """Put a refusal beside its field, above the form when the field is not in it."""
    place = PLACES.get(key)
    form.add_error(place if place in form.fields else None, REFUSALS[key])


class SeriesChoices(forms.ModelMultipleChoiceField):
    """Series by indicator and unit."""

    def label_from_instance(self, obj):
        return f"{obj.indicator.name}, {obj.unit.name}"


def series_for(goal: Goal, step: ChainStep | None = None):
    """What a step may be measured by: the series of the goal, of those that serve it, and those chosen already."""
    near = Series.objects.filter(goal_series__goal=goal) | Series.objects.filter(goal_series__goal__parent=goal)
    own = Series.objects.filter(unit=goal.owner_unit_id, authority=goal.authority_id)
    ids = [*near.order_by("indicator__name", "pk").values_list("pk", flat=True), *own.values_list("pk", flat=True)]
    chosen = list(step.series.values_list("pk", flat=True)) if step is not None and step.pk else []
    offered = [*chosen, *list(dict.fromkeys(ids))[:MOST_OFFERED]]
    found = Series.objects.filter(pk__in=offered).select_related("indicator", "unit")
    return found.order_by("indicator__name", "unit__name", "pk")


class StepForm(VersionedForm):
    """A step: its kind, its words, and what shows how it goes."""

    kind = forms.ChoiceField(label=_("Slags led"), choices=choices(STEP_KINDS))
    series = SeriesChoices(
        label=_("Indikatorer"),
        queryset=Series.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Vælg de tal, der viser, hvordan det går med leddet."),
    )

    class Meta:
        model = ChainStep
        fields = ["kind", "text", "series"]
        labels = {"text": _("Hvad er leddet?")}
        widgets = {"text": rows(2)}

    def __init__(self, *args, goal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series_for(goal, self.instance)

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())

    def show_stale(self, stored, entry=None) -> None:
        """As every form, but the series are compared by nobody: they stand as the person chose them."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)
        self.add_error(None, self._who_changed(entry))


class StepChoice(forms.ModelChoiceField):
    """A step named with its kind."""

    def label_from_instance(self, obj):
        return f"{STEP_KINDS[StepKind(obj.kind)]}: {obj.text}"


class AssumptionForm(VersionedForm):
    """An arrow: from where to where, why it is thought, on what evidence."""

    from_step = StepChoice(label=_("Fra"), queryset=ChainStep.objects.none())
    to_step = StepChoice(label=_("Fører til"), queryset=ChainStep.objects.none())

    class Meta:
        model = Assumption
        fields = ["from_step", "to_step", "text", "evidence", "strength", "is_feedback"]
        labels = {"text": _("Vi tror at …"), "evidence": _("Kilde"), "strength": _("Hvor sikkert er det?")}
        help_texts = {
            "evidence": _("Fx en undersøgelse, en evaluering eller egne erfaringer"),
            "is_feedback": _("Pilen må gå tilbage i kæden. Den bliver ikke vurderet som svækket."),
        }
        widgets = {"text": rows(2)}

    def __init__(self, *args, goal, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["from_step"], self.fields["to_step"]
            return
        steps = goal.chain_steps.in_order()
        self.fields["from_step"].queryset = steps
        self.fields["to_step"].queryset = steps.exclude(kind=StepKind.EXTERNAL)

    def _get_validation_exclusions(self):
        """The database's own words about two arrows alike say less than ours: the action refuses them."""
        return super()._get_validation_exclusions() | {"from_step", "to_step"}


class PlaceForm(forms.Form):
    """Where a step is moved to: a kind, and a place from 0 among its steps."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in KINDS])
    place = forms.IntegerField(min_value=0, max_value=1000)
