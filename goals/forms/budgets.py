"""Form of the ceiling over a unit's goals."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.budget import COUNCIL_LEAST, COUNCIL_MOST, LEAST, MOST


class CeilingForm(forms.Form):
    """How many goals the unit may have. Only the council must have a ceiling."""

    most = forms.IntegerField(label=gettext_lazy("Målloft"), min_value=LEAST, max_value=MOST, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, is_council, **kwargs):
        super().__init__(*args, **kwargs)
        said = {"least": COUNCIL_LEAST, "most": COUNCIL_MOST}
        if is_council:
            self.fields["most"].required = True
            self.fields["most"].help_text = _("%(least)d–%(most)d mål er som regel nok for et byråd.") % said
        else:
            self.fields["most"].help_text = _("Lad feltet stå tomt, hvis der ikke skal være noget loft.")
