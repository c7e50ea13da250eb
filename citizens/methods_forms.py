"""Forms of the methods page: the list to invite from, how many links to print, and who may link."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.actions.invitations import MOST_LINKS
from citizens.declared import LINKERS
from citizens.invited_lists import pasted_rows
from citizens.models import AnswerGroup, Survey
from followup.action_forms import OwnerChoiceField
from goals.forms.shared import rows
from organisation.file_messages import file_message
from organisation.models import User
from organisation.sheets import MEGABYTE, FileProblem, Row, read_sheets

LIMIT = 20 * MEGABYTE
MOST_LINES = 50_000


class InviteForm(forms.Form):
    """A file with addresses, or addresses pasted in: one of the two."""

    file = forms.FileField(
        label=gettext_lazy("Fil med mailadresser"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("CSV eller XLSX. En kolonne med adresser, og gerne en, der hedder Gruppe."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Eller sæt adresserne ind her"),
        required=False,
        max_length=4_000_000,
        widget=rows(8),
        help_text=gettext_lazy("Én på hver linje. Skriv gruppen efter et semikolon: lise@eksempel.dk;nord"),
    )

    def clean(self):
        cleaned = super().clean()
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if self.errors:
            return cleaned
        if bool(file) == bool(pasted.strip()):
            problem = (
                _("Vælg enten filen eller det, du har sat ind.")
                if file
                else _("Vælg en fil, eller sæt adresserne ind.")
            )
            self.add_error("file", problem)
            return cleaned
        cleaned["rows"] = self._read(file) if file else pasted_rows(pasted)
        if cleaned["rows"] is not None and len(cleaned["rows"]) > MOST_LINES:
            self.add_error("file", _("Listen er for lang. Del den i flere."))
        return cleaned

    def _read(self, file) -> list[Row] | None:
        try:
            sheets = read_sheets(file.read(), file.name, limit=LIMIT).sheets
        except FileProblem as problem:
            # A single column has nothing that parts it: it is read as it would be when pasted.
            text = self._plain(file) if problem.key == "not_a_table" else ""
            if "@" in text:
                return pasted_rows(text)
            self.add_error("file", file_message(problem))
            return None
        return sheets[0].rows if sheets else []

    @staticmethod
    def _plain(file) -> str:
        file.seek(0)
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            return ""


class LettersForm(forms.Form):
    """How many links to print, for each group where there are any; and as what."""

    FORMATS = (("pdf", gettext_lazy("PDF til at klippe ud")), ("csv", gettext_lazy("CSV til brevfletning")))

    kind = forms.ChoiceField(label=gettext_lazy("Som"), choices=FORMATS, initial="pdf", widget=forms.RadioSelect)

    def __init__(self, *args, groups: Sequence[AnswerGroup], **kwargs):
        super().__init__(*args, **kwargs)
        self.places: list[tuple[str, AnswerGroup | None]] = [(f"antal_{group.pk}", group) for group in groups]
        self.places = self.places or [("antal", None)]
        for name, group in self.places:
            label = _("Antal til %s") % group.name if group is not None else _("Antal links")
            self.fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_LINKS, required=group is None
            )
        self.order_fields([*(name for name, _group in self.places), "kind"])

    def counts(self) -> list[tuple[AnswerGroup | None, int]]:
        """What was asked for."""
        return [(group, self.cleaned_data.get(name) or 0) for name, group in self.places]

    def clean(self):
        cleaned = super().clean()
        total = sum(count for _group, count in self.counts())
        if not self.errors and not 0 < total <= MOST_LINKS:
            self.add_error(self.places[0][0], _("Skriv mellem 1 og %s i alt.") % MOST_LINKS)
        return cleaned


class LinkersForm(forms.Form):
    """The two employees who may see which answers are whose."""

    first = OwnerChoiceField(label=gettext_lazy("Den ene"), queryset=User.objects.none())
    second = OwnerChoiceField(label=gettext_lazy("Den anden"), queryset=User.objects.none())

    def __init__(self, *args, survey: Survey, people, **kwargs):
        named = list(survey.linkers.order_by("pk")[:LINKERS])
        kwargs["initial"] = dict(zip(("first", "second"), named, strict=False))
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = people.order_by("first_name", "last_name", "pk")

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned["first"] == cleaned["second"]:
            self.add_error("second", _("Vælg to forskellige."))
        return cleaned
