"""Forms of questions, agendas and decisions. Which bodies and people may be chosen is given by the view."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.models import AgendaItem, Question, Round
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.kinds import LeadsTo
from goals.labels import DECISION_KINDS, choices
from goals.models import Decision, Goal
from organisation.models import Unit, User

CLOSING = ("is_closed", "closed_reason", "public_title")
NO_GOAL = gettext_lazy("Intet bestemt mål")


class ClosableForm(forms.ModelForm):
    """An item that may be closed: then it takes a reason of its own and a title that everybody may read."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_closed"):
            for name, said in (
                ("closed_reason", _("Skriv, hvorfor netop dette punkt er lukket.")),
                ("public_title", _("Skriv en neutral titel, som alle må se.")),
            ):
                if not (cleaned.get(name) or "").strip() and name not in self.errors:
                    self.add_error(name, said)
        return cleaned


class QuestionForm(ClosableForm):
    """A member's question, on behalf of one of the member's own bodies."""

    body = UnitChoiceField(label=gettext_lazy("Spørgsmålet stilles i"), empty_label=None)

    class Meta:
        model = Question
        fields = ["body", "text", *CLOSING]
        widgets = {"text": rows(4)}

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        self.fields["text"].max_length = 2000
        if len(bodies) == 1:
            self.fields["body"].initial = bodies[0].pk
            self.fields["body"].widget = forms.HiddenInput()


class AnswerForm(ClosableForm):
    """The one answer, and whether it closes the item."""

    class Meta:
        model = Question
        fields = ["answer", *CLOSING]
        widgets = {"answer": rows(6)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        if self.instance.is_closed:
            for name in CLOSING:
                del self.fields[name]


class PassOnForm(forms.Form):
    """Another leader who is to answer."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Ny ansvarlig for svaret"), empty_label=gettext_lazy("Vælg leder")
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class AgendaItemForm(ClosableForm, VersionedForm):
    """One item of an agenda."""

    field_order = ["position", "title", "is_for_decision", "text", "recommendation", "goal", *CLOSING, "version"]

    class Meta:
        model = AgendaItem
        fields = ["position", "title", "is_for_decision", "text", "recommendation", "goal", *CLOSING]
        widgets = {"text": rows(5), "recommendation": rows(3)}

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals
        self.fields["goal"].empty_label = NO_GOAL


class DecidedForm(ClosableForm):
    """What a body decided, what it asks for, and who sees to it."""

    class Meta:
        model = Decision
        fields = [
            "kind", "title", "text", "date", "reference", "leads_to", "responsible", "goal", *CLOSING, "public_text",
        ]  # fmt: skip
        widgets = {"text": rows(4), "public_text": rows(3), "date": date_input()}

    def __init__(self, *args, goals, people, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["goal"].queryset = goals
        self.fields["goal"].empty_label = NO_GOAL
        self.fields["responsible"].queryset = people
        for name in ("title", "text"):
            self.fields[name].required = True

    def clean_date(self):
        day = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError(_("Datoen ligger i fremtiden. Skriv den dag, beslutningen blev truffet."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("leads_to") not in (None, LeadsTo.NOTHING) and not cleaned.get("responsible"):
            self.add_error("responsible", _("Vælg, hvem der følger op. Beslutningen kommer igen, til den er fulgt."))
        return cleaned


class NewDecisionForm(DecidedForm):
    """A decision that was on no agenda here."""

    body = UnitChoiceField(label=gettext_lazy("Besluttet af"), empty_label=gettext_lazy("Vælg udvalg"))
    field_order = ["body"]

    class Meta(DecidedForm.Meta):
        fields = ["body", *DecidedForm.Meta.fields]

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies


class EditDecisionForm(DecidedForm, VersionedForm):
    """A decision that was written wrongly."""


class OutcomeForm(forms.Form):
    """What came of a decision, when nothing more is asked for."""

    outcome = forms.CharField(label=gettext_lazy("Hvad kom der ud af beslutningen?"), widget=rows(4), max_length=4000)


class ConclusionForm(forms.ModelForm):
    """What the administration concludes before the meeting."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Round
        fields = ["conclusion"]
        widgets = {"conclusion": rows(6)}
        help_texts = {"conclusion": gettext_lazy("To til fire sætninger: Går det godt? Hvorfor? Hvad skal besluttes?")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].required = True
        at = self.instance.concluded_at
        self.initial["seen"] = at.isoformat() if at else ""


class DecisionFilterForm(forms.Form):
    """What narrows the register of decisions. The form owns the queryset."""

    all_optional = True

    udvalg = forms.ModelChoiceField(
        label=gettext_lazy("Udvalg"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    udfald = forms.ChoiceField(label=gettext_lazy("Udfald"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("Alle")),
            ("aaben", gettext_lazy("Følges stadig")),
            ("fulgt", gettext_lazy("Fulgt til dørs")),
        ],
    )
    periode = forms.ChoiceField(label=gettext_lazy("Valgperiode"), required=False)

    def __init__(self, *args, bodies, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = {str(term.first.year): term for term in terms}
        self.fields["udvalg"].queryset = bodies
        self.fields["udfald"].choices = [("", _("Alle")), *choices(DECISION_KINDS)]
        self.fields["periode"].choices = [
            ("", _("Alle")),
            *((year, f"{year}–{term.last.year}") for year, term in self.terms.items()),
        ]

    def narrow(self, decisions, readable):
        """The decisions that fit. Outcome and status of a closed one would give away what it says: only `readable`."""
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("udvalg"):
            decisions = decisions.filter(body=asked["udvalg"])
        if asked.get("udfald"):
            decisions = decisions.filter(readable, kind=asked["udfald"])
        if asked.get("status") == "aaben":
            decisions = decisions.pending().filter(readable)
        if asked.get("status") == "fulgt":
            decisions = decisions.filter(readable, done_on__isnull=False)
        if term := self.terms.get(asked.get("periode", "")):
            decisions = decisions.in_term(term.first, term.last)
        return decisions


def goals_of(body: Unit):
    """The goals an item or a decision of the body may be about."""
    return Goal.objects.filter(owner_unit=body).exclude(state="draft")
