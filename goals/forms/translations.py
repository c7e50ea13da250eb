"""Forms of goals sent down: to whom and until when, the unit's answer, and what is said to it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.forms.shared import date_input, rows
from goals.models import Goal, Series
from organisation.models import Unit

MOST_TYPED = 2000


class AskForm(forms.Form):
    """To which units a goal is sent, until when, and what is said to them. The choice of units is drawn by the page."""

    units = forms.ModelMultipleChoiceField(Unit.objects.none(), label=gettext_lazy("Enheder"))
    due_date = forms.DateField(
        label=gettext_lazy("Svar senest"), widget=date_input(), help_text=gettext_lazy("Hele dagen tæller med.")
    )
    note = forms.CharField(
        label=gettext_lazy("Besked til enhederne"),
        help_text=gettext_lazy("Fx hvorfor målet er vigtigt, og hvad I gerne vil have svar på."),
        required=False,
        widget=rows(4),
        max_length=MOST_TYPED,
    )

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["due_date"].widget.attrs["min"] = today.isoformat()
        field = self.fields["units"]
        field.queryset = units
        field.error_messages["required"] = _("Vælg mindst én enhed.")
        for key in ("invalid_choice", "invalid_pk_value"):
            field.error_messages[key] = _("En af enhederne har fået målet imens, eller den hører ikke under det.")

    def clean_due_date(self):
        day = self.cleaned_data["due_date"]
        if day < self.today:
            raise forms.ValidationError(_("Vælg en dag, der ikke er gået."))
        return day


class StepForm(forms.Form):
    """A step of a translation: the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ChooseForm(StepForm):
    """A goal of the unit's that there is already. The choice is drawn by the page."""

    goal = forms.ModelChoiceField(Goal.objects.none(), label=gettext_lazy("Jeres mål"))

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals
        self.fields["goal"].error_messages["required"] = _("Vælg et mål.")


class AnswerForm(StepForm):
    """The unit's own indicator, where its goal has none yet."""

    series = forms.ModelChoiceField(
        Series.objects.none(),
        label=gettext_lazy("Jeres indikator"),
        help_text=gettext_lazy("Det, I måler jeres mål på. Den kan også vælges senere."),
        required=False,
        empty_label=gettext_lazy("Vælg indikator"),
    )

    def __init__(self, *args, series, **kwargs):
        super().__init__(*args, **kwargs)
        if series is None:
            del self.fields["series"]
        else:
            self.fields["series"].queryset = series
            self.fields["series"].label_from_instance = lambda one: one.indicator.name


class ReasonForm(StepForm):
    """Why it is sent back, or why the unit says no."""

    reason = forms.CharField(label=gettext_lazy("Begrundelse"), widget=rows(3), max_length=MOST_TYPED)
    field_order = ["reason", "version"]

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = _("Skriv en begrundelse.")
