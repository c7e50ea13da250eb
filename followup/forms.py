"""Forms of the follow-up pages."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import GoalState
from goals.labels import GOAL_STATES
from organisation.models import Unit
from organisation.templatetags.components import LIGHT_WORDS


class GoalFilterForm(forms.Form):
    """What narrows the goal list. The form owns the queryset."""

    q = forms.CharField(label=_("Søg"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False)
    enhed = forms.ModelChoiceField(label=_("Udvalg"), queryset=Unit.objects.none(), required=False, empty_label=_("Alle"))
    tilstand = forms.ChoiceField(label=_("Tilstand"), required=False)

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
