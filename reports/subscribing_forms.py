"""The form where a person chooses whose reports to be told of."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit


class SubscriptionForm(forms.Form):
    """The bodies and units to follow, and whether there is a monthly mail about them."""

    all_optional = True  # so no field says that it is

    units = forms.TypedMultipleChoiceField(
        label=_("Dem følger jeg"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    is_monthly = forms.BooleanField(
        label=_("Send mig et månedsoverblik over dem, jeg følger"),
        required=False,
        help_text=_("Den første hverdag i måneden: status nu og for en måned siden, møder og frister."),
    )

    def __init__(self, *args: Any, among: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(unit.pk, unit.name) for unit in among]


class FollowForm(forms.Form):
    """Follow one body, or no longer."""

    is_wanted = forms.BooleanField(required=False)
