"""The forms of a report: what is written in it, and why an edition is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goals.forms.shared import VersionedForm, rows
from reports.models import Report


class ReportForm(VersionedForm):
    """What people write in the report."""

    class Meta:
        model = Report
        fields = ["highlights", "recommendation"]
        widgets = {"highlights": rows(5), "recommendation": rows(6)}
        help_texts = {
            "highlights": _("Det, læseren skal huske. Skriv hver sætning på sin egen linje."),
            "recommendation": _("Skriv, hvad forvaltningen indstiller, så det kan sættes ind i dagsordenen."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Also of one that nobody has written in yet: two may begin at once.
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        self.initial["version"] = self.instance.version


class VersionForm(forms.Form):
    """A step on the report that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(VersionForm):
    """Why a published report is taken back."""

    reason = forms.CharField(
        label=_("Hvorfor trækkes rapporten tilbage?"),
        help_text=_("Begrundelsen står ved udgaven, så længe den findes."),
        widget=rows(3),
        max_length=500,
    )
