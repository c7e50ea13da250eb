"""Forms of strategies and goals."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.forms.shared import DecisionForm, UnitChoiceField, VersionedForm, date_input, rows
from goals.kinds import GoalState
from goals.models import Contribution, Decision, Goal, GoalSeries, Series, ServiceArea, Strategy
from goals.models.goal import SMART_FIELDS
from organisation.danish import long_date
from organisation.models import Membership, User
from organisation.permissions import Role

LEADING = (Role.MANAGER, Role.DIRECTOR, Role.GOAL_CONSULTANT)
MOST_TYPED = 4000
SMART_WIDGETS = {name: rows(2) for name in SMART_FIELDS}


def leaders_of(authority, today):
    """The people who may answer for a goal there."""
    roles = Membership.objects.current(today).filter(unit__authority=authority, role__in=LEADING)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


class StrategyForm(DecisionForm, forms.ModelForm):
    """A strategy, and the decision behind it if there is one."""

    owner_unit = UnitChoiceField(label=gettext_lazy("Gælder for"))
    field_order = ["name", "description", "owner_unit", "first_year", "last_year", "body", "decided_on", "reference"]
    description = forms.CharField(label=gettext_lazy("Beskrivelse"), required=False, widget=rows(4))

    class Meta:
        model = Strategy
        fields = ["name", "owner_unit", "first_year", "last_year"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, decision_required=False, **kwargs)
        self.fields["owner_unit"].queryset = units
        self.initial["description"] = self.instance.text
        made = self.instance.decision
        if made is not None and made.is_closed:  # its words are not for everybody who may change a strategy
            for name in ("body", "decided_on", "reference", "text"):
                del self.fields[name]
        elif made is not None:
            self.initial |= {"body": made.body_id, "decided_on": made.date, "reference": made.reference}
            self.initial["text"] = made.text

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("Året skal ligge efter ”fra år”."))
        return cleaned

    def save(self, commit=True):
        self.instance.text = self.cleaned_data["description"]
        return super().save(commit=commit)


class GoalForm(VersionedForm):
    """A goal and its five answers. A draft may be incomplete; what is adopted keeps its answers."""

    owner_unit = UnitChoiceField(label=gettext_lazy("Ansvarlig enhed"))

    class Meta:
        model = Goal
        fields = [
            "title",
            "short_name",
            "description",
            "owner_unit",
            "responsible",
            "strategy",
            "kind",
            "rank",
            "code",
            *SMART_FIELDS,
        ]
        widgets = {"description": rows(3), **SMART_WIDGETS}

    def __init__(self, *args, units, authority, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        self.fields["owner_unit"].queryset = units
        self.fields["responsible"].queryset = leaders_of(authority, today)
        self.fields["strategy"].queryset = Strategy.objects.filter(authority=authority)
        self.before = {name: getattr(self.instance, name) for name in SMART_FIELDS}
        for name in ("description", *SMART_FIELDS):
            self.fields[name].validators.append(MaxLengthValidator(MOST_TYPED))
        for name in SMART_FIELDS:  # not "optional": a draft does without them, an adopted goal does not
            self.fields[name].is_needed_later = True

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        taken = Goal.objects.filter(authority=self.authority, code=code).exclude(pk=self.instance.pk)
        if code and taken.exists():
            raise forms.ValidationError(_("Koden bruges allerede af et andet mål."))
        return code

    def clean(self):
        cleaned = super().clean()
        if self.instance.is_adopted:
            for name in SMART_FIELDS:
                if self.before[name] and not cleaned.get(name, "").strip():
                    self.add_error(name, _("Målet er vedtaget, så svaret kan rettes, men ikke tømmes."))
        return cleaned


class NewGoalForm(GoalForm):
    """A new goal, with the goal it is to serve and the service area it is about if the page was opened from one."""

    parent = forms.ModelChoiceField(Goal.objects.none(), required=False, widget=forms.HiddenInput)
    area = forms.ModelChoiceField(ServiceArea.objects.none(), required=False, widget=forms.HiddenInput)

    class Meta(GoalForm.Meta):
        fields = [*GoalForm.Meta.fields, "parent"]

    def __init__(self, *args, parents, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        self.fields["area"].queryset = areas

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent is not None and parent.state == GoalState.CLOSED:
            raise forms.ValidationError(_("Målet, det skal bidrage til, er afsluttet."))
        return parent


class GoalSearchForm(forms.Form):
    """Words that find goals to choose between. The form owns the queryset."""

    q = forms.CharField(label=gettext_lazy("Søg efter mål, kode eller enhed"), required=False, max_length=100)

    def narrow(self, goals):
        """The goals that fit; all of them without words."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        if not words:
            return goals
        return goals.filter(Q(code__iexact=words) | Q(pk__in=Goal.objects.search(words).values("pk")))


class MoveForm(VersionedForm):
    """Which goal this one is to serve, and what is thought of the link."""

    class Meta:
        model = Goal
        fields = ["parent", "assumption", "strength"]

    def __init__(self, *args, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        self.fields["strength"].required = False
        self.fields["assumption"].help_text = _(
            "Hvordan målet hjælper det mål, du vælger. Skriv det om, når det flytter."
        )

    def clean(self):
        # No choice at all is another thing than the choice of none.
        if self.add_prefix("parent") not in self.data:
            self.add_error("parent", _("Vælg, hvad målet skal bidrage til."))
        return super().clean()


class LinkForm(VersionedForm):
    """What is thought of the link to the goal above."""

    class Meta:
        model = Goal
        fields = ["assumption", "strength"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.parent_id is None:
            del self.fields["assumption"], self.fields["strength"]


ContributionFormSet = forms.modelformset_factory(Contribution, fields=["note", "strength"], extra=0)


class AdoptForm(DecisionForm, VersionedForm):
    """The decision that adopts a goal, with the goal's own answers so that what is missing can be written at once.

    Above the unit's ceiling (`is_full`) it also takes the decision that raised it, one that is recorded already.
    """

    raised_on = forms.DateField(label=gettext_lazy("Hvornår blev loftet hævet?"), widget=date_input())
    raised_reference = forms.CharField(
        label=gettext_lazy("Henvisning til beslutningen, der hæver loftet"),
        max_length=120,
        help_text=gettext_lazy("Fx punkt 4 på dagsordenen. Beslutningen skal være registreret."),
    )
    field_order = [
        *SMART_FIELDS,
        "responsible",
        "body",
        "decided_on",
        "reference",
        "text",
        *("raised_on", "raised_reference"),
        "version",
    ]

    class Meta:
        model = Goal
        fields = [*SMART_FIELDS, "responsible"]
        widgets = SMART_WIDGETS

    def __init__(self, *args, is_full=False, decisions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.decisions = Decision.objects.none() if decisions is None else decisions
        if not is_full:
            del self.fields["raised_on"], self.fields["raised_reference"]
        self.fields["responsible"].queryset = leaders_of(self.instance.authority, self.today)
        for name in self.Meta.fields:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Mangler, før målet kan vedtages.")

    def clean(self):
        cleaned = super().clean()
        day, reference = cleaned.get("raised_on"), cleaned.get("raised_reference")
        self.raised_by = None
        if day and reference:
            self.raised_by = self.decisions.filter(date=day, reference__iexact=reference).order_by("pk").first()
            if self.raised_by is None:
                said = {"reference": reference, "day": long_date(day)}
                unknown = _("Vi kender ingen beslutning ”%(reference)s” fra %(day)s. Registrér den først.")
                self.add_error("raised_reference", unknown % said)
        return cleaned


class CloseForm(DecisionForm):
    """The decision that ends a goal, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor afsluttes målet?"),
        help_text=gettext_lazy("Begrundelsen bliver i historikken."),
        widget=rows(3),
        max_length=2000,
    )


class ReplaceForm(CloseForm):
    """The decision that puts another goal in the place of one, and why."""

    successor = forms.ModelChoiceField(
        Goal.objects.none(),
        label=gettext_lazy("Det nye mål"),
        help_text=gettext_lazy("Et foreslået mål bliver vedtaget ved samme beslutning."),
        empty_label=gettext_lazy("Vælg mål"),
    )
    field_order = ["successor", "reason", "body", "decided_on", "reference", "text"]

    def __init__(self, *args, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.fields["reason"].label = _("Hvorfor bliver målet afløst?")


class ContributionForm(forms.ModelForm):
    """A further goal that this one helps, and how."""

    class Meta:
        model = Contribution
        fields = ["to_goal", "note", "strength"]

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["strength"].required = False
        self.fields["to_goal"].queryset = candidates
        self.fields["to_goal"].error_messages["required"] = _("Vælg et mål.")


class AttachForm(forms.Form):
    """A series to measure the goal by."""

    series = forms.ModelChoiceField(Series.objects.none(), label=gettext_lazy("Indikator"))

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = candidates
        self.fields["series"].error_messages["required"] = _("Vælg en indikator.")


class GoalSeriesBase(forms.BaseModelFormSet):
    """The series of a goal, row by row; a row may be taken off the goal, which deletes no series."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Fjern")


GoalSeriesFormSet = forms.modelformset_factory(
    GoalSeries,
    fields=["rank", "is_prioritised"],
    formset=GoalSeriesBase,
    extra=0,
    can_delete=True,
    can_delete_extra=False,
)


class SeriesSearchForm(forms.Form):
    """Words that find series to choose between."""

    q = forms.CharField(label=gettext_lazy("Søg efter indikator eller enhed"), required=False, max_length=100)

    def narrow(self, series):
        """The series whose indicator or unit holds the words."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        found = Q(indicator__name__icontains=words) | Q(indicator__code__iexact=words) | Q(unit__name__icontains=words)
        return series.filter(found) if words else series
