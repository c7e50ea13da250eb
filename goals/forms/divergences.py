"""Forms of goals that pull different ways."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.forms.shared import DecisionForm, VersionedForm, rows
from goals.models import Divergence, Goal

TEXT = gettext_lazy("Hvor mødes de?")
EXAMPLE = gettext_lazy("Fx: Hurtigere hjælp koster flere vikartimer.")


class NewDivergenceForm(forms.ModelForm):
    """The other goal, and where the two meet."""

    class Meta:
        model = Divergence
        fields = ["other", "text"]
        widgets = {"text": rows(3)}
        labels = {"text": TEXT}
        help_texts = {"text": EXAMPLE}

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = candidates
        self.fields["other"].error_messages |= {"required": _("Vælg et mål."), "invalid_choice": _("Vælg et mål.")}


class DivergenceForm(VersionedForm):
    """Where the two meet, in other words."""

    class Meta:
        model = Divergence
        fields = ["text"]
        widgets = {"text": rows(3)}
        labels = {"text": TEXT}
        help_texts = {"text": EXAMPLE}


class GoalNameField(forms.ModelChoiceField):
    """A goal, named with whose it is."""

    def label_from_instance(self, obj):
        return f"{obj.title} ({obj.owner_unit})"


class RankForm(DecisionForm, VersionedForm):
    """Which goes first, and the decision that says so."""

    first = GoalNameField(
        Goal.objects.none(),
        label=gettext_lazy("Hvilket mål går forud?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Vælg, hvilket mål der går forud.")},
    )
    field_order = ["first", "body", "decided_on", "reference", "text", "version"]

    class Meta:
        model = Divergence
        fields = ["first"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        pair = [self.instance.goal_id, self.instance.other_id]
        self.fields["first"].queryset = Goal.objects.filter(pk__in=pair).select_related("owner_unit")


class EndForm(forms.Form):
    """Why the two no longer pull different ways."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor er de ikke længere modsatrettede?"),
        help_text=gettext_lazy("Begrundelsen bliver i begge måls historik."),
        widget=rows(3),
        max_length=2000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
