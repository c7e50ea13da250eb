"""Forms of a workshop: making one, and what those who come send."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.personal import mask_cpr
from goals.forms.shared import UnitChoiceField, date_input, rows
from goals.models import FocusArea, Workshop

LEAST, MOST = 2, 20  # what may be chosen among
LONGEST = 200
ROLES = {
    "politiker": gettext_lazy("politiker"),
    "leder": gettext_lazy("leder"),
    "medarbejder": gettext_lazy("medarbejder"),
}


class WorkshopForm(forms.ModelForm):
    """A new workshop."""

    unit = UnitChoiceField(label=gettext_lazy("Enhed"))
    areas = forms.CharField(
        label=gettext_lazy("Fokusområder"),
        widget=rows(8),
        max_length=LONGEST * MOST,
        help_text=gettext_lazy("Ét på hver linje, mindst to."),
    )

    class Meta:
        model = Workshop
        fields = ["unit", "title", "areas", "votes_each", "closes_on"]
        widgets = {"closes_on": date_input()}

    field_order = ["unit", "title", "areas", "votes_each", "closes_on"]

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = units

    def clean_areas(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["areas"].splitlines()]
        texts = list(dict.fromkeys(line for line in lines if line))
        if not LEAST <= len(texts) <= MOST:
            raise forms.ValidationError(_("Skriv mellem 2 og 20 fokusområder, ét på hver linje."))
        if any(len(text) > LONGEST for text in texts):
            raise forms.ValidationError(_("Et fokusområde må højst fylde 200 tegn."))
        return texts

    def clean_votes_each(self):
        votes = self.cleaned_data["votes_each"]
        if not 1 <= votes <= 10:
            raise forms.ValidationError(_("Giv hver mellem 1 og 10 stemmer."))
        return votes

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if day < self.today:
            raise forms.ValidationError(_("Den sidste dag er allerede gået."))
        return day


class RoleForm(forms.Form):
    """In which role somebody comes: the link says it, and it can be changed."""

    role = forms.ChoiceField(
        label=gettext_lazy("Jeg er her som"), choices=list(ROLES.items()), widget=forms.RadioSelect
    )


class VoteForm(RoleForm):
    """So many votes as are left, one for each area."""

    areas = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Fokusområder"), queryset=FocusArea.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, workshop, left, **kwargs):
        super().__init__(*args, **kwargs)
        self.most = left
        self.fields["areas"].queryset = workshop.focus_areas.all()

    def clean_areas(self):
        areas = self.cleaned_data["areas"]
        if self.most == 0:
            raise forms.ValidationError(_("Stemmerne på denne telefon eller computer er brugt."))
        if len(areas) > self.most:
            raise forms.ValidationError(
                ngettext("Du har %d stemme. Vælg færre.", "Du har %d stemmer. Vælg færre.", self.most) % self.most
            )
        return areas


class NoteForm(RoleForm):
    """A comment on one area. What looks like a CPR number is told and not kept."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("Fokusområde"),
        queryset=FocusArea.objects.none(),
        empty_label=gettext_lazy("Vælg et fokusområde"),
    )
    text = forms.CharField(
        label=gettext_lazy("Din kommentar"),
        max_length=500,
        widget=rows(4),
        help_text=gettext_lazy("Skriv ikke navne eller CPR-nummer."),
    )

    def __init__(self, *args, workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = workshop.focus_areas.all()

    def clean_text(self):
        text = self.cleaned_data["text"]
        if mask_cpr(text)[1]:
            raise forms.ValidationError(
                _("Der står noget i din kommentar, der ligner et CPR-nummer. Slet det, før du sender.")
            )
        return text
