"""Forms of hearings: for the staff who make, moderate and answer them, and for everybody who writes at them."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.hearing_rules import OrderFault, order_of
from citizens.kinds import TEXT_LIMIT, ProposalKind
from citizens.labels import PROPOSAL_KINDS
from citizens.models import Hearing, HearingTheme
from citizens.personal import cleaned, mask_cpr
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.models import Goal

REASON_LIMIT = 300
ORDER_FAULTS = {
    "empty": gettext_lazy("Giv mindst ét mål et nummer."),
    "twice": gettext_lazy("To mål har det samme nummer. Giv hvert mål sit eget, eller lad et felt stå tomt."),
    "unknown": gettext_lazy("Vælg et nummer på listen."),
}


class WhoAsksForm(forms.Form):
    """Which unit or body asks: its goals can be chosen afterwards."""

    enhed = UnitChoiceField(label=gettext_lazy("Hvem spørger?"))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enhed"].queryset = units


class GoalsField(forms.ModelMultipleChoiceField):
    """Draft goals, each with its owner."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        return f"{obj.title} ({obj.owner_unit.name}, {obj.get_state_display()})"


class HearingForm(VersionedForm):
    """What a hearing asks about, of which goals, and until when. Without `goals` these are settled."""

    all_optional = True  # a draft may be incomplete

    goals = GoalsField(
        label=gettext_lazy("Udkast til mål"),
        queryset=Goal.objects.none(),
        required=False,
        help_text=gettext_lazy("Målets navn, uddybning og begrundelse bliver offentlige, når høringen åbner."),
    )

    class Meta:
        model = Hearing
        fields = ["title", "text", "opens_on", "closes_on", "answer_by"]
        widgets = {"text": rows(6), "opens_on": date_input(), "closes_on": date_input(), "answer_by": date_input()}
        help_texts = {
            "text": gettext_lazy("Skriv med almindelige ord, hvad I gerne vil vide, og hvad I bruger det til."),
            "answer_by": gettext_lazy("Den dag, borgerne senest kan læse, hvad I hørte, og hvad der blev besluttet."),
        }

    field_order = ["title", "text", "goals", "opens_on", "closes_on", "answer_by"]

    def __init__(self, *args, goals, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if goals is None:
            del self.fields["goals"]
        else:
            self.fields["goals"].queryset = goals.select_related("owner_unit")
        if not self.instance.is_draft:
            del self.fields["opens_on"]

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if "closes_on" in self.changed_data and day < self.today:
            raise forms.ValidationError(_("Dagen er passeret. Skriv den sidste dag, man kan skrive."))
        return day

    def clean(self):
        found = super().clean()
        first = found.get("opens_on") or self.instance.opens_on
        last, answer_by = found.get("closes_on"), found.get("answer_by")
        if first and last and last < first:
            self.add_error("closes_on", _("Den sidste dag skal ligge efter den dag, høringen åbner."))
        if last and answer_by and answer_by < last:
            self.add_error("answer_by", _("Svaret kan ikke komme, før høringen er lukket."))
        return found

    def _get_validation_exclusions(self):
        # The order of the days is said in words above; the goals are stored by the action.
        return super()._get_validation_exclusions() | {"goals"}

    def validate_constraints(self):
        """Said in `clean`, beside the field."""


class HideForm(forms.Form):
    """Why a proposal is kept from the public."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor skjules teksten?"),
        max_length=REASON_LIMIT,
        help_text=gettext_lazy("Skriv ikke navne."),
    )


class ThemeForm(forms.ModelForm):
    """The name of a new theme."""

    class Meta:
        model = HearingTheme
        fields = ["name"]
        labels = {"name": gettext_lazy("Nyt tema")}

    def __init__(self, *args, taken=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = taken

    def clean_name(self):
        name = self.cleaned_data["name"]
        if name in self.taken:
            raise forms.ValidationError(_("Høringen har allerede et tema med det navn."))
        return name


class DecisionChoiceField(forms.ModelChoiceField):
    """A decision in words that everybody may read."""

    def label_from_instance(self, obj):
        return f"{obj.date:%d-%m-%Y} · {obj.body.name} · {obj.open_reference}"


class ThemeAnswerForm(VersionedForm):
    """What was heard under a theme, what the body answers, and what came of it."""

    all_optional = True  # until the hearing is answered

    class Meta:
        model = HearingTheme
        fields = ["name", "heard", "answer", "decision", "goal"]
        field_classes = {"decision": DecisionChoiceField}
        widgets = {"heard": rows(4), "answer": rows(4)}
        labels = {"heard": gettext_lazy("Det hørte vi"), "answer": gettext_lazy("Det svarer vi")}
        help_texts = {
            "heard": gettext_lazy("Gengiv det med egne ord. Skriv ikke navne."),
            "decision": gettext_lazy("Det punkt, hvor svaret blev besluttet."),
            "goal": gettext_lazy("Det mål, temaet blev til eller ændrede."),
        }

    def __init__(self, *args, decisions, goals, taken=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.fields["decision"].queryset = decisions
        self.fields["goal"].queryset = goals
        self.fields["decision"].empty_label = _("Ingen beslutning endnu")
        self.fields["goal"].empty_label = _("Intet mål")
        for name in ("heard", "answer"):
            self.fields[name].max_length = TEXT_LIMIT

    def clean_name(self):
        name = self.cleaned_data["name"]
        if name in self.taken:
            raise forms.ValidationError(_("Høringen har allerede et tema med det navn."))
        return name

    def clean(self):
        found = super().clean()
        for name in ("heard", "answer"):
            if mask_cpr(found.get(name) or "")[1]:
                self.add_error(name, _("Her står noget, der ligner et CPR-nummer. Fjern det, før du gemmer."))
        return found


class SortForm(forms.Form):
    """Under which theme each proposal lies. A field changed by nobody is left as it is stored."""

    all_optional = True

    def __init__(self, *args, proposals, themes, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("Intet tema")), *((str(theme.pk), theme.name) for theme in themes)]
        self.proposals = {f"tema-{one.pk}": one for one in proposals}
        for name, one in self.proposals.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Tema"),
                choices=choices,
                required=False,
                initial=str(one.theme_id or ""),
                show_hidden_initial=True,
            )

    def rows(self):
        """Each proposal with its field."""
        return [(one, self[name]) for name, one in self.proposals.items()]

    def moved(self):
        """What the person changed: proposal to theme."""
        return {
            self.proposals[name].pk: int(self.cleaned_data[name]) if self.cleaned_data[name] else None
            for name in self.changed_data
        }


# ---- what everybody fills in -----------------------------------------------------------------------------------------


class OpenTextField(forms.CharField):
    """What somebody typed, without signs that nobody sees."""

    widget = forms.Textarea

    def to_python(self, value):
        return cleaned(super().to_python(value)).strip()


class SayForm(forms.Form):
    """A comment or a proposal. What looks like a CPR number is told before it is sent, and never repeated."""

    all_optional = True  # the text alone is asked for, and says so itself

    kind = forms.ChoiceField(
        label=gettext_lazy("Hvad vil du skrive?"),
        choices=[(key.value, capfirst(label)) for key, label in PROPOSAL_KINDS.items()],
        initial=ProposalKind.COMMENT,
        widget=forms.RadioSelect,
    )
    goal = forms.ModelChoiceField(
        label=gettext_lazy("Hvilket mål handler det om?"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=gettext_lazy("Ikke et bestemt mål"),
    )
    text = OpenTextField(
        label=gettext_lazy("Din tekst"),
        widget=rows(6),
        help_text=gettext_lazy("Skriv ikke navne eller CPR-nummer."),
        error_messages={"required": gettext_lazy("Skriv, hvad du mener, før du sender.")},
    )

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals
        self.found_cpr = False

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > TEXT_LIMIT:
            said = {"most": TEXT_LIMIT, "length": len(text)}
            raise forms.ValidationError(
                _("Teksten er på %(length)s tegn, og der er plads til %(most)s. Gør den kortere.") % said
            )
        masked, count = mask_cpr(text)
        if count and "slet_nummer" not in self.data:
            self.found_cpr = True
            raise forms.ValidationError(
                _(
                    "Der står noget i din tekst, der ligner et CPR-nummer. Slet det, før du sender. "
                    "Vi skal ikke vide, hvem du er."
                )
            )
        return masked


class RankForm(forms.Form):
    """A place for each goal, 1 is the most important. Goals may be left without."""

    all_optional = True

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.goals = {f"plads-{goal.pk}": goal for goal in goals}
        places = [("", "–"), *((str(n), str(n)) for n in range(1, len(self.goals) + 1))]
        for name, goal in self.goals.items():
            self.fields[name] = forms.ChoiceField(
                label=goal.title,
                choices=places,
                required=False,
                error_messages={"invalid_choice": ORDER_FAULTS["unknown"]},
            )

    def clean(self):
        found = super().clean()
        if self.errors:
            return found
        places = {self.goals[name].pk: int(place) if place else None for name, place in found.items()}
        try:
            self.order = order_of(places)
        except OrderFault as fault:
            raise forms.ValidationError(ORDER_FAULTS[fault.key]) from None
        return found
