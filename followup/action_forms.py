"""Forms of actions: starting, changing and ending one, and what narrows the register."""

from datetime import date

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.kinds import ActionState
from followup.labels import ACTION_STATES, WORKED
from followup.models import Action
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.labels import choices
from organisation.models import Membership, Unit, User
from organisation.permissions import TABLE, Permission

OVERDUE = "forsinket"
MANY = 100  # people in a select before one may search among them


def owners_for(units, today: date):
    """People who may own an action of the units: those with a role at one of them, or above or below it, who act."""
    ids = list(units.values_list("pk", flat=True))
    known = [Unit(pk=pk) for pk in ids]
    around = Q(unit__in=Unit.objects.above(*known)) | Q(unit__in=Unit.objects.below(*known))
    roles = Membership.objects.current(today).filter(around, role__in=TABLE[Permission.EDIT_ACTIONS])
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


class OwnerChoiceField(forms.ModelChoiceField):
    """A person, with the title: two people may share a name."""

    def label_from_instance(self, obj):
        return f"{obj}, {obj.title}" if obj.title else str(obj)


class ActionForm(VersionedForm):
    """What, who, when, and what is expected of it."""

    owner = OwnerChoiceField(label=gettext_lazy("Hvem?"), queryset=User.objects.none())

    class Meta:
        model = Action
        fields = ["what", "owner", "due_date", "expected_effect"]
        widgets = {"what": rows(2), "due_date": date_input(), "expected_effect": rows(3)}

    def __init__(self, *args, owners, words="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].widget.attrs["maxlength"] = 300
        found = owners if self.is_bound or not words else owners.filter(_named(words))
        self.fields["owner"].queryset = found.order_by("first_name", "last_name")


def _named(words: str) -> Q:
    found = Q()
    for word in words.split():
        found &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(title__icontains=word)
    return found


class NewActionForm(ActionForm):
    """A new action, and which unit it belongs to."""

    unit = UnitChoiceField(label=gettext_lazy("Enhed"))

    class Meta(ActionForm.Meta):
        fields = ["what", "owner", "due_date", "expected_effect", "unit"]

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, owners=owners_for(units, today), **kwargs)
        self.today = today
        self.fields["unit"].queryset = units

    def clean_due_date(self):
        day = self.cleaned_data["due_date"]
        if day < self.today:
            raise forms.ValidationError(_("Datoen er passeret. Skriv den dag, handlingen skal være gjort."))
        return day

    def clean(self):
        cleaned = super().clean()
        unit, owner = cleaned.get("unit"), cleaned.get("owner")
        if unit is not None and owner is not None:
            around = owners_for(Unit.objects.filter(pk=unit.pk), self.today)
            if not around.filter(pk=owner.pk).exists():
                said = {"who": owner, "unit": unit.name}
                self.add_error("owner", _("%(who)s har ingen rolle i %(unit)s eller over eller under den.") % said)
        return cleaned


class ChangeActionForm(ActionForm):
    """Another wording, owner or day. A day that is moved too late takes a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor flyttes datoen?"), required=False, max_length=500, widget=rows(2)
    )

    def __init__(self, *args, is_late, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_late = is_late
        if not is_late:
            del self.fields["reason"]

    def clean(self):
        cleaned = super().clean()
        if self.is_late and "due_date" in self.changed_data and not cleaned.get("reason"):
            self.add_error("reason", _("Handlingen har været forsinket. Skriv, hvorfor datoen flyttes."))
        return cleaned


class FinishForm(forms.Form):
    """Whether an action worked, and what came of it."""

    worked = forms.ChoiceField(label=gettext_lazy("Virkede det?"), choices=choices(WORKED), widget=forms.RadioSelect)
    result = forms.CharField(
        label=gettext_lazy("Hvad kom der ud af det?"), required=False, max_length=2000, widget=rows(3)
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DropForm(forms.Form):
    """Why an action is not carried out."""

    why = forms.CharField(label=gettext_lazy("Hvorfor droppes handlingen?"), max_length=2000, widget=rows(3))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ActionFilterForm(forms.Form):
    """What narrows the register; open actions when nothing else is asked. The form owns the queryset."""

    all_optional = True  # so no field says that it is

    q = forms.CharField(label=gettext_lazy("Søg"), required=False, max_length=100)
    tilstand = forms.ChoiceField(label=gettext_lazy("Tilstand"), required=False)
    ejer = forms.ModelChoiceField(
        label=gettext_lazy("Ejer"), queryset=User.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    enhed = UnitChoiceField(label=gettext_lazy("Enhed"), required=False, empty_label=gettext_lazy("Alle"))
    udvalg = forms.ModelChoiceField(
        label=gettext_lazy("Udvalg"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("Alle")
    )
    maal = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, actions, authority, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.actions, self.today = actions, today
        states = [(key.value, label) for key, label in ACTION_STATES.items()]
        self.fields["tilstand"].choices = [
            ("", _("I gang")),
            (OVERDUE, _("forsinket")),
            *states[1:],
            ("alle", _("alle")),
        ]
        self.fields["ejer"].queryset = User.objects.filter(actions__authority=authority).distinct()
        units = Unit.objects.filter(authority=authority)
        self.fields["enhed"].queryset = units.filter(actions__isnull=False).distinct()
        self.fields["udvalg"].queryset = units.bodies().valid(today)

    def is_narrowing(self) -> bool:
        """Whether anything is asked for."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self):
        """The actions that fit."""
        asked, found = (self.cleaned_data if self.is_valid() else {}), self.actions
        match asked.get("tilstand"):
            case "alle":
                pass
            case "forsinket":
                found = found.overdue(self.today)
            case ActionState.DONE | ActionState.DROPPED as state:
                found = found.filter(state=state)
            case _:
                found = found.open()
        if asked.get("q"):
            words = asked["q"]
            found = found.filter(Q(what__icontains=words) | Q(goal__title__icontains=words))
        for name, field in (("ejer", "owner"), ("enhed", "unit")):
            if asked.get(name):
                found = found.filter(**{field: asked[name]})
        if asked.get("maal"):
            found = found.about_goal(asked["maal"])
        if asked.get("udvalg"):
            found = found.filter(unit__in=Unit.objects.reporting_to(asked["udvalg"], self.today))
        return found
