"""Forms of steering documents and their promises."""

from pathlib import PurePath

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.actions.documents import DocumentFile
from goals.document_files import LIMIT, DocumentProblem, kind_of, pages_of
from goals.forms.shared import UnitChoiceField, VersionedForm, date_input, rows
from goals.models import Decision, Promise, SteeringDocument

FILE_PROBLEMS = {
    "too_large": gettext_lazy("Filen er for stor. Den må højst fylde 20 MB. Gem den mindre, eller skriv dens adresse."),
    "empty": gettext_lazy("Filen er tom. Vælg dokumentet igen."),
    "wrong_type": gettext_lazy("Filen er hverken PDF eller Word (DOCX). Gem dokumentet som PDF, og vælg det igen."),
    "macros": gettext_lazy("Filen indeholder makroer. Gem den som PDF, og vælg den igen."),
    "encrypted": gettext_lazy("Filen er beskyttet med adgangskode. Fjern adgangskoden, og vælg den igen."),
    "broken": gettext_lazy("Filen er beskadiget og kan ikke læses. Gem den som PDF på ny, og vælg den igen."),
}


class DocumentForm(VersionedForm):
    """A steering document: who decided it when, and where it is."""

    body = UnitChoiceField(label=gettext_lazy("Vedtaget af"))
    reference = forms.CharField(
        label=gettext_lazy("Henvisning til beslutningen"),
        help_text=gettext_lazy("Fx punkt 4 på dagsordenen, som det står under Beslutninger"),
        max_length=120,
        required=False,
    )
    url = forms.URLField(
        label=gettext_lazy("Adresse"),
        help_text=gettext_lazy("Hvor dokumentet kan læses på nettet"),
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    upload = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy("PDF eller Word (DOCX), højst 20 MB"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={"empty": FILE_PROBLEMS["empty"]},
    )
    field_order = ["title", "kind", "body", "decided_on", "reference", "url", "upload", "pages", "version"]

    class Meta:
        model = SteeringDocument
        fields = ["title", "kind", "body", "decided_on", "url", "pages"]
        widgets = {"decided_on": date_input()}

    def __init__(self, *args, bodies, decisions, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.decisions, self.today, self.file = decisions, today, None
        self.fields["body"].queryset = bodies
        self.fields["pages"].help_text = _("Af en PDF tæller vi dem selv.")
        made = self.instance.decision
        if made is not None and made.is_closed:  # its words are not for everybody who may change the document
            del self.fields["reference"]
        elif made is not None:
            self.initial["reference"] = made.reference

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(_("Datoen ligger i fremtiden. Skriv den dag, dokumentet blev vedtaget."))
        return day

    def clean_upload(self):
        """The file itself goes to `self.file`, its pages to the document."""
        upload = self.cleaned_data["upload"]
        if upload is None:
            return None
        try:
            if upload.size > LIMIT:
                raise DocumentProblem("too_large")
            content = upload.read()
            kind = kind_of(content)
            self.counted = pages_of(content) if kind == "pdf" else None
        except DocumentProblem as problem:
            raise forms.ValidationError(FILE_PROBLEMS[problem.key]) from problem
        self.file = DocumentFile(content, f"{PurePath(upload.name).stem[:180]}.{kind}", kind)
        return upload

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if self.file is not None and self.counted is not None:
            cleaned["pages"] = self.counted
        if "reference" in self.fields:
            self.instance.decision = self._decision(cleaned)
        pages, last = cleaned.get("pages"), self._last_promise()
        if pages is not None and pages < last:
            said = _("Dokumentet har et løfte på side %(page)s, så det kan ikke have %(pages)s sider.")
            self.add_error("pages", said % {"page": last, "pages": pages})
        if not self.errors and not cleaned.get("url") and self.file is None and not self.instance.filename:
            self.add_error("url", _("Skriv en adresse, eller vælg en fil, så andre kan læse dokumentet."))
        return cleaned

    def _last_promise(self) -> int:
        if self.instance.pk is None:
            return 0
        return self.instance.promises.order_by("-page").values_list("page", flat=True).first() or 0

    def _decision(self, cleaned) -> Decision | None:
        reference, body, day = cleaned.get("reference"), cleaned.get("body"), cleaned.get("decided_on")
        if not reference or body is None or day is None:
            return None
        found = self.decisions.filter(body=body, date=day, reference__iexact=reference).order_by("pk").first()
        if found is None:
            said = _("%(body)s har ingen beslutning med den henvisning den dag. Skriv beslutningen ind først.")
            self.add_error("reference", said % {"body": body.name})
        return found


class PromiseForm(VersionedForm):
    """What a document promises on a page."""

    class Meta:
        model = Promise
        fields = ["page", "text"]
        widgets = {"text": rows(3)}

    def __init__(self, *args, pages, **kwargs):
        super().__init__(*args, **kwargs)
        self.pages = pages
        self.fields["text"].widget.attrs["maxlength"] = 500

    def clean_page(self):
        page = self.cleaned_data["page"]
        if self.pages is not None and page > self.pages:
            raise forms.ValidationError(_("Dokumentet har kun %d sider.") % self.pages)
        return page
