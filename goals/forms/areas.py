"""Forms of service areas: one by hand, many from a file, and those of a goal."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.area_files import AreaFileError, read_areas
from goals.forms.shared import VersionedForm, date_input
from goals.models import ServiceArea
from organisation.file_messages import file_message
from organisation.forms import FILE_LIMIT
from organisation.sheets import FileProblem, read_sheets

FILE_PROBLEMS = {
    "no_columns": gettext_lazy("Filen har ikke kolonnerne ”kode” og ”navn”. Tilføj dem, og vælg filen igen."),
    "no_lines": gettext_lazy("Der er ingen linjer under overskrifterne. Vælg en fil med serviceområder i."),
    "too_many_lines": gettext_lazy("Filen har over 5.000 linjer. Del den i flere."),
}
REFUSALS = {
    "code_taken": gettext_lazy("Koden bruges allerede af et andet område."),
    "ring": gettext_lazy("Området kan ikke høre under et område, der selv hører under det."),
    "no_code": gettext_lazy("Koden mangler."),
    "no_name": gettext_lazy("Navnet mangler."),
    "long_code": gettext_lazy("Koden er for lang. Den må højst være 30 tegn."),
    "long_name": gettext_lazy("Navnet er for langt. Det må højst være 200 tegn."),
    "bad_day": gettext_lazy("Datoen kan ikke læses. Skriv den som 31-12-2026."),
    "itself": gettext_lazy("Området kan ikke høre under sig selv."),
    "twice": gettext_lazy("Koden står to gange i filen. Den første linje gælder."),
    "no_parent": gettext_lazy("Koden, det skal høre under, findes hverken i listen eller i filen."),
}


class AreaChoiceField(forms.ModelChoiceField):
    """A service area, with its code: two may share a name."""

    def label_from_instance(self, obj):
        return f"{obj.code} {obj.name}"


class AreaForm(VersionedForm):
    """A service area of the authority's list."""

    parent = AreaChoiceField(
        ServiceArea.objects.none(),
        label=gettext_lazy("Hører under"),
        required=False,
        empty_label=gettext_lazy("Intet andet område"),
    )

    class Meta:
        model = ServiceArea
        fields = ["code", "name", "parent", "last_day"]
        widgets = {"last_day": date_input()}

    def __init__(self, *args, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        self.fields["last_day"].help_text = _("Kun når området er afsluttet. Målene beholder deres historik.")


class AreaFileForm(forms.Form):
    """A file with service areas."""

    file = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy("CSV eller XLSX, højst 20 MB og 5.000 linjer"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": gettext_lazy("Filen er tom. Vælg en fil med serviceområder i.")},
    )

    def clean_file(self):
        """The lines of the file."""
        upload = self.cleaned_data["file"]
        try:
            if upload.size > FILE_LIMIT:
                raise FileProblem("too_large", megabytes=FILE_LIMIT // (1024 * 1024))
            return read_areas(read_sheets(upload.read(), upload.name, limit=FILE_LIMIT).sheets)
        except FileProblem as problem:
            raise forms.ValidationError(file_message(problem)) from problem
        except AreaFileError as problem:
            raise forms.ValidationError(FILE_PROBLEMS[problem.key]) from problem


class AreaSearchForm(forms.Form):
    """Words that find service areas."""

    q = forms.CharField(label=gettext_lazy("Søg efter kode eller navn"), required=False, max_length=100)
