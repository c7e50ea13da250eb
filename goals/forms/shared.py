"""What several forms share: the version a person began from, and the decision behind a change."""

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.actions.decisions import DecisionMade
from goals.forms.fields import DanishDecimalField
from organisation.danish import clock
from organisation.models import Unit


def date_input() -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def rows(count: int) -> forms.Textarea:
    """A text of some lines."""
    return forms.Textarea(attrs={"rows": count})


class UnitChoiceField(forms.ModelChoiceField):
    """A unit, named with its level: two units may share a name."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("queryset", Unit.objects.none())
        super().__init__(*args, **kwargs)

    def label_from_instance(self, obj):
        return f"{obj.name} ({obj.get_kind_display()})"


class VersionedForm(forms.ModelForm):
    """A form that knows which version of the object the person began from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    def show_stale(self, stored, entry=None) -> None:
        """Say what somebody else stored meanwhile, beside what the person wrote. Saving again keeps the person's."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)
        for name in self._meta.fields:
            if name not in self.fields or name not in self.cleaned_data:
                continue
            mine, theirs = self.cleaned_data[name], getattr(stored, name)
            if mine != theirs:
                said = {"theirs": self._words(name, theirs), "mine": self._words(name, mine)}
                self.add_error(name, _("Nu står der ”%(theirs)s”. Du skrev ”%(mine)s”.") % said)
        self.add_error(None, self._who_changed(entry))

    @staticmethod
    def _who_changed(entry) -> str:
        end = _("Intet er overskrevet. Ret felterne, eller gem igen, hvis det, du skrev, skal gælde.")
        if entry is None or entry.by is None:
            return _("Indholdet blev ændret, mens du skrev.") + " " + end
        said = {"who": entry.by, "when": clock(localtime(entry.at))}
        return _("%(who)s ændrede indholdet %(when)s, mens du skrev.") % said + " " + end

    def _words(self, name: str, value) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("ja") if value else _("nej")
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and isinstance(value, str):
            return str(dict(field.choices).get(value, value))
        return str(field.prepare_value(value) if isinstance(field, DanishDecimalField) else value)


class DecisionForm(forms.Form):
    """What a body decided. With `decision_required=False` all of it may be left out, but not half of it."""

    body = UnitChoiceField(label=gettext_lazy("Besluttet af"))
    decided_on = forms.DateField(label=gettext_lazy("Dato"), widget=date_input())
    reference = forms.CharField(
        label=gettext_lazy("Henvisning"), max_length=120, help_text=gettext_lazy("Fx punkt 4 på dagsordenen")
    )
    text = forms.CharField(label=gettext_lazy("Beslutningens ord"), required=False, widget=rows(3), max_length=4000)

    def __init__(self, *args, bodies, today, decision_required=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["body"].queryset = bodies
        self.decision_required = decision_required
        if not decision_required:
            for name in ("body", "decided_on", "reference"):
                self.fields[name].required = False

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("Datoen ligger i fremtiden. Skriv den dag, beslutningen blev truffet."))
        return day

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in ("body", "decided_on", "reference") if cleaned.get(name)]
        if not self.decision_required and given:
            for name in ("body", "decided_on", "reference"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Skriv hele beslutningen: hvem, hvornår og hvor det står."))
        return cleaned

    def decision(self) -> DecisionMade | None:
        """The decision in the words of the actions; None when it is left out."""
        asked = self.cleaned_data
        if not asked.get("body"):
            return None
        return DecisionMade(asked["body"], asked["decided_on"], asked["reference"], asked["text"])
