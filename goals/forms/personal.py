"""Forms of a leader's personal goals."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.kinds import PersonalState
from goals.labels import PERSONAL_STATES, choices
from goals.models import Goal, PersonalGoal

MOST_TYPED = 4000


class GoalOfUnitField(forms.ModelChoiceField):
    """A goal, named with whose it is."""

    def label_from_instance(self, obj):
        return f"{obj.title} ({obj.owner_unit})"


class PersonalGoalForm(VersionedForm):
    """What the leader wants, by when, and which goal of the authority's it serves."""

    unit = UnitChoiceField(
        label=gettext_lazy("Som leder af"),
        help_text=gettext_lazy("Din leder er den, der leder den nærmeste enhed over."),
    )
    goal = GoalOfUnitField(
        Goal.objects.none(),
        label=gettext_lazy("Hører til målet"),
        required=False,
        empty_label=gettext_lazy("Intet bestemt mål"),
        help_text=gettext_lazy("Et tværgående mål, du er med i, eller et mål for din enhed."),
    )
    text = forms.CharField(
        label=gettext_lazy("Uddybning"),
        required=False,
        widget=rows(4),
        max_length=MOST_TYPED,
        help_text=gettext_lazy("Hvad vil du gøre, og hvordan kan det ses, at det lykkes?"),
    )

    class Meta:
        model = PersonalGoal
        fields = ["title", "text", "due_date", "goal", "unit"]
        widgets = {"due_date": date_input()}
        labels = {"title": gettext_lazy("Hvad vil du opnå?"), "due_date": gettext_lazy("Hvornår?")}

    def __init__(self, *args, units, goals, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = units
        self.fields["goal"].queryset = goals

    def clean_due_date(self):
        day = self.cleaned_data["due_date"]
        if day < self.today and day != self.instance.due_date:
            raise forms.ValidationError(_("Datoen er allerede gået."))
        return day


class FollowUpForm(forms.Form):
    """How it goes. Only the leader says whether the goal is reached or ended."""

    note = forms.CharField(label=gettext_lazy("Hvordan går det?"), widget=rows(4), max_length=MOST_TYPED, strip=True)
    state = forms.ChoiceField(
        label=gettext_lazy("Dit mål er"), choices=choices(PERSONAL_STATES), widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, personal, is_own, **kwargs):
        super().__init__(*args, initial={"state": personal.state, "version": personal.version}, **kwargs)
        if not is_own:
            del self.fields["state"]

    @property
    def chosen_state(self) -> PersonalState | None:
        """The state the leader chose; None where it is not theirs to choose."""
        chosen = self.cleaned_data.get("state")
        return PersonalState(chosen) if chosen else None

    def show_stale(self, stored, entry) -> None:
        """Say what somebody else wrote meanwhile; sending again keeps both."""
        self.data = self.data.copy()
        self.data["version"] = str(stored.version)
        if entry is None or not entry.note:
            self.add_error(None, _("Målet blev ændret, mens du skrev. Intet er gemt. Læs det igennem, og send igen."))
            return
        said = {"who": entry.by, "note": entry.note}
        self.add_error("note", _("%(who)s skrev imens: ”%(note)s”. Send igen, så står begge dele.") % said)
