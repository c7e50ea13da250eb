"""The form that decides what the public sees."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models import Authority, Portal, PortalDepth, Unit

HOST_NAME = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class PortalForm(forms.Form):
    """Whether, how far down and without which units the goals are shown, and what stands around them."""

    is_open = forms.BooleanField(
        label=gettext_lazy("Vis målene for alle"),
        required=False,
        help_text=gettext_lazy("Kun vedtagne mål og godkendte tal bliver vist."),
    )
    depth = forms.ChoiceField(label=gettext_lazy("Hvor langt ned?"), choices=PortalDepth.choices)
    left_out = forms.CharField(
        label=gettext_lazy("Enheder, der ikke vises"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Skriv en kode på hver linje. Enheder under dem bliver heller ikke vist."),
    )
    intro = forms.CharField(
        label=gettext_lazy("Indledning"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    licence = forms.CharField(label=gettext_lazy("Vilkår for brug af tallene"), max_length=100)
    licence_url = forms.URLField(label=gettext_lazy("Vilkårenes adresse"), required=False, assume_scheme="https")
    contact = forms.CharField(
        label=gettext_lazy("Kontakt"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Mail eller telefon til spørgsmål om målene."),
    )
    host_name = forms.CharField(
        label=gettext_lazy("Eget værtsnavn"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Fx maal.kommune.dk. Lad feltet stå tomt, hvis I ikke har et."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, portal: Portal, **kwargs: Any) -> None:
        self.authority: Authority = portal.authority
        codes = Unit.objects.filter(pk__in=portal.left_out, authority=self.authority).values_list("code", flat=True)
        initial = {
            "is_open": self.authority.is_portal_open,
            "host_name": self.authority.host_name,
            "left_out": "\n".join(codes),
            "version": portal.version if not portal._state.adding else 0,
            **{name: getattr(portal, name) for name in ("depth", "intro", "licence", "licence_url", "contact")},
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean_left_out(self) -> list[int]:
        """The ids of the units."""
        codes = [line.strip() for line in self.cleaned_data["left_out"].splitlines() if line.strip()]
        known = dict(Unit.objects.filter(authority=self.authority, code__in=codes).values_list("code", "pk"))
        if unknown := [code for code in codes if code not in known]:
            raise forms.ValidationError(_("Vi kender ikke koden ”%s”. Koderne står under Enheder.") % unknown[0])
        return sorted({known[code] for code in codes})

    def clean_host_name(self) -> str:
        """In small letters, and nobody else's."""
        name: str = self.cleaned_data["host_name"].strip().lower()
        if not name:
            return ""
        if not HOST_NAME.fullmatch(name):
            raise forms.ValidationError(_("Skriv kun navnet, fx maal.kommune.dk."))
        if Authority.objects.filter(host_name=name).exclude(pk=self.authority.pk).exists():
            raise forms.ValidationError(_("En anden myndighed bruger navnet."))
        return name
