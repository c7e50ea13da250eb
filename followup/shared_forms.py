"""The forms of cross-cutting goals: invite, commit, leave, propose a target and answer."""

from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.actions.owners import Commitment
from goals.actions.targets import takes_decision
from goals.forms.goals import leaders_of
from goals.forms.indicators import TargetForm
from goals.forms.shared import UnitChoiceField, rows
from goals.models import GoalOwner, Series
from organisation.models import Authority, Unit

# In the words of whoever was refused; the keys are those of `OwnersRefused`.
REFUSALS = {
    "closed": gettext_lazy("Målet er afsluttet."),
    "is_invited": gettext_lazy("Enheden er inviteret, men har ikke svaret endnu."),
    "is_committed": gettext_lazy("Enheden har allerede forpligtet sig."),
    "is_declined": gettext_lazy("Enheden har sagt nej. Inviter den igen, hvis den skal med."),
    "is_withdrawn": gettext_lazy("Enheden er ikke længere med. Inviter den igen, hvis den skal med."),
    "home": gettext_lazy("Målet hører til her. Lad en anden enhed overtage målet, før I trækker jer."),
    "already": gettext_lazy("Det er allerede sket."),
    "not_shared": gettext_lazy("Målet er ikke tværgående."),
    "not_measured": gettext_lazy("Indikatoren måler ikke længere et mål, som enheden er med i."),
    "alone": gettext_lazy("Målet har kun én ejer, der har forpligtet sig. Ret måltallet direkte."),
    "answered": gettext_lazy("Enheden har allerede svaret."),
    "ended": gettext_lazy("Forslaget er afgjort."),
    "no_reason": gettext_lazy("Skriv hvorfor."),
    "not_written": gettext_lazy("Skriv både bidrag og ressource."),
    "other_unit": gettext_lazy("Enheden findes ikke længere."),
    "other_series": gettext_lazy("Vælg en indikator fra enhedens egen myndighed."),
    "other_person": gettext_lazy("Vælg en leder fra enhedens egen myndighed."),
    "other_authority": gettext_lazy("Målet kan kun overtages af en enhed i samme myndighed."),
    "has_owners": gettext_lazy("Der er stadig andre ejere. De skal trække sig først."),
}
BESIDE = {"other_series": "series", "other_person": "responsible", "no_reason": "reason", "other_unit": "unit"}


def show_refusal(form: forms.Form, key: str) -> None:
    """Why it was refused, beside the field it is about if there is one."""
    name = BESIDE.get(key)
    form.add_error(name if name in form.fields else None, str(REFUSALS[key]))


class AuthorityForm(forms.Form):
    """Whose unit is to be invited; chosen before the unit."""

    all_optional = True
    myndighed = forms.ModelChoiceField(
        Authority.objects.order_by("name"), label=gettext_lazy("Myndighed"), empty_label=None, required=False
    )


class InviteForm(forms.Form):
    """Which unit is asked to own the goal too, and for what."""

    unit = UnitChoiceField(label=gettext_lazy("Enhed"))
    note = forms.CharField(
        label=gettext_lazy("Besked til enheden"), required=False, max_length=1000, widget=rows(3),
        help_text=gettext_lazy("Hvad beder I enheden om at bidrage med?"),
    )  # fmt: skip

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class SeriesChoiceField(forms.ModelChoiceField):
    """A series, named by its indicator and unit."""

    def label_from_instance(self, obj):
        return f"{obj.indicator.name} · {obj.unit.name}"


class CommitmentForm(forms.Form):
    """What a unit binds itself to, in writing."""

    contribution = forms.CharField(
        label=gettext_lazy("Bidrag"), max_length=2000, widget=rows(4),
        help_text=gettext_lazy("Det, enheden forpligter sig til at gøre. Skriv det, så andre kan holde jer op på det."),
    )  # fmt: skip
    series = SeriesChoiceField(
        Series.objects.none(), label=gettext_lazy("Indikator"),
        help_text=gettext_lazy("En af enhedens egne. De andre ejere ser navn og status, ikke tallene."),
    )  # fmt: skip
    resource = forms.CharField(
        label=gettext_lazy("Ressource"), max_length=300, help_text=gettext_lazy("Fx 2 årsværk og 0,5 mio. kr.")
    )
    responsible = forms.ModelChoiceField(None, label=gettext_lazy("Leder"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, unit: Unit, today, owner: GoalOwner | None = None, **kwargs):
        if owner is not None:
            named = ("contribution", "resource", "series", "responsible", "version")
            kwargs["initial"] = {name: getattr(owner, name) for name in named} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series_to_choose(unit, today, owner)
        self.fields["responsible"].queryset = leaders_of(unit.authority, today)

    @property
    def has_series(self) -> bool:
        """Whether there is an indicator to choose."""
        return self.fields["series"].queryset.exists()

    def clean_contribution(self):
        return _written(self.cleaned_data["contribution"])

    def clean_resource(self):
        return _written(self.cleaned_data["resource"])

    def commitment(self) -> Commitment:
        """In the words of the action."""
        asked = self.cleaned_data
        return Commitment(asked["contribution"], asked["resource"], asked["series"], asked["responsible"])

    def show_stale(self, stored: GoalOwner) -> None:
        """Somebody else wrote meanwhile: saving again keeps what is written here."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)
        said = {"contribution": stored.contribution, "resource": stored.resource}
        now = _("Nu står der ”%(contribution)s” og ”%(resource)s”.") % said
        again = _("Gem igen, hvis det, du har skrevet, skal gælde.")
        self.add_error(None, " ".join((_("En anden har ændret tilsagnet, mens du skrev."), now, again)))


def _written(text: str) -> str:
    """Blanks are no words."""
    if not text.strip():
        raise forms.ValidationError(_("Feltet skal udfyldes."))
    return text.strip()


def series_to_choose(unit: Unit, today, owner: GoalOwner | None = None):
    """Series of the unit, its own first, and of those below it; and the one that is chosen already."""
    found = Series.objects.filter(unit__in=Unit.objects.below(unit)).active(today)
    if owner is not None and owner.series_id is not None:
        found |= Series.objects.filter(pk=owner.series_id)
    own_first = Case(When(unit=unit.pk, then=0), default=1)
    return found.select_related("indicator", "unit").order_by(own_first, "indicator__name", "unit__name", "pk")


class ReasonForm(forms.Form):
    """Why a unit says no, withdraws or is let go."""

    reason = forms.CharField(label=gettext_lazy("Begrundelse"), max_length=1000, widget=rows(3))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, owner: GoalOwner | None = None, **kwargs):
        if owner is not None:
            kwargs["initial"] = {"version": owner.version}
        super().__init__(*args, **kwargs)

    def clean_reason(self):
        return _written(self.cleaned_data["reason"])

    def show_stale(self, stored: GoalOwner) -> None:
        """Somebody else did something about the owner meanwhile."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)
        self.add_error(None, _("En anden har ændret tilsagnet, mens du skrev. Send igen, hvis det stadig skal gælde."))


class ProposalForm(TargetForm):
    """A new target that waits for all owners: as when it is set, and always with why."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _("Alle ejere læser den.")
        if takes_decision(self.series):
            self.fields["body"].help_text = _("Et vedtaget måltal ændres ved en beslutning. Henvis til den her.")
            for name in ("body", "decided_on", "reference"):
                self.fields[name].is_needed_later = True


class ProposalAnswerForm(forms.Form):
    """What one owner says to a proposed target."""

    owner = forms.ModelChoiceField(GoalOwner.objects.none(), label=gettext_lazy("På vegne af"), empty_label=None)
    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Svar"), choices=[("yes", gettext_lazy("Enig")), ("no", gettext_lazy("Ikke enig"))],
        widget=forms.RadioSelect, coerce=lambda word: word == "yes",
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Begrundelse"), required=False, max_length=300, widget=rows(2),
        help_text=gettext_lazy("Skal udfyldes, hvis I ikke er enige."),
    )  # fmt: skip

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners
        self.fields["owner"].label_from_instance = lambda owner: owner.unit.name
        if len(owners) == 1:
            self.fields["owner"].widget = forms.HiddenInput()
            self.initial["owner"] = owners[0].pk

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agrees") is False and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Skriv, hvorfor I ikke er enige."))
        return cleaned
