"""Forms of the setup pages. Which units may be chosen is given by the view: only those the user may manage."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.file_messages import file_message
from organisation.models import BodyLink, Unit, UnitKind, User
from organisation.models.person import ROLE_LABELS
from organisation.setup_files import SetupFileError, read_lines
from organisation.setup_messages import file_problem
from organisation.sheets import MEGABYTE, FileProblem, read_sheets

FILE_LIMIT = 20 * MEGABYTE
LAST_BEFORE_FIRST = _("Den sidste dag ligger før den første.")


def day_field(label, **options) -> forms.DateField:
    """A date with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class UnitChoice(forms.ModelChoiceField):
    """A unit by name and level."""

    def label_from_instance(self, unit):
        return f"{unit.name} ({unit.get_kind_display()})"


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(label=_("Søg"), required=False, max_length=100)

    @property
    def words(self) -> str:
        """What was asked for, empty for nothing."""
        return self.cleaned_data["q"].strip() if self.is_valid() else ""


class UnitForm(forms.ModelForm):
    """A unit of the administration, or a committee."""

    parent = UnitChoice(label=_("Hører under"), queryset=Unit.objects.none(), empty_label=_("Vælg enhed"))
    valid_from = day_field(_("Gælder fra"))
    valid_to = day_field(
        _("Gælder til og med"), required=False, help_text=_("Lad feltet stå tomt, så længe den findes")
    )

    class Meta:
        model = Unit
        fields = ["name", "code", "kind", "parent", "position", "valid_from", "valid_to"]

    def __init__(self, *args, authority, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        is_root = self.instance.pk is not None and self.instance.parent_id is None
        if is_root:
            del self.fields["parent"], self.fields["kind"]
        else:
            own_parent = Unit.objects.filter(pk=self.instance.parent_id)
            self.fields["parent"].queryset = (parents | own_parent).order_by("position", "name")
            self.fields["kind"].choices = [
                ("", _("Vælg niveau")),
                *((kind.value, kind.label) for kind in UnitKind if kind != UnitKind.COUNCIL),
            ]

    def clean_code(self):
        code = self.cleaned_data["code"]
        same = Unit.objects.filter(authority=self.authority, code__iexact=code).exclude(pk=self.instance.pk).first()
        if same is not None:
            raise forms.ValidationError(_("Koden bruges af %(unit)s."), params={"unit": same})
        return code

    def clean(self):
        cleaned = super().clean()
        _check_days(self, cleaned, "valid_from", "valid_to")
        return cleaned


class LastDayForm(forms.Form):
    """The day on which something ends; it counts whole."""

    last_day = day_field(_("Sidste dag"))

    def __init__(self, *args, first_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_day = first_day

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day < self.first_day:
            raise forms.ValidationError(LAST_BEFORE_FIRST)
        return last_day


class BodyLinkForm(forms.Form):
    """Which body a unit reports to, and when."""

    body = forms.ModelChoiceField(label=_("Udvalg"), queryset=Unit.objects.none(), empty_label=_("Vælg udvalg"))
    first_day = day_field(_("Fra"))
    last_day = day_field(BodyLink._meta.get_field("last_day").verbose_name.capitalize(), required=False)

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies

    def clean(self):
        cleaned = super().clean()
        _check_days(self, cleaned, "first_day", "last_day")
        return cleaned


class PersonForm(forms.ModelForm):
    """A person's own data."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "title", "email", "username"]
        labels = {"email": _("Mail"), "username": _("Brugernavn")}
        help_texts = {"username": _("Bogstaver, tal og @ . + - _")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True

    def clean_username(self):
        username = self.cleaned_data["username"]
        if self._others().filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Brugernavnet er i brug. Vælg et andet."))
        return username

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email and self._others().filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Mailadressen bruges af en anden person."))
        return email

    def _others(self):
        return User.objects.exclude(pk=self.instance.pk)

    def values(self) -> dict[str, str]:
        """The person's own data, without the role."""
        return {name: self.cleaned_data[name] for name in PersonForm.Meta.fields}


class RoleFields(forms.Form):
    """A role at a unit between two days."""

    role = forms.ChoiceField(label=_("Rolle"))
    unit = UnitChoice(
        label=_("Enhed"),
        queryset=Unit.objects.none(),
        empty_label=_("Vælg enhed"),
        help_text=_("Rollen gælder for enheden og alt, der hører under den"),
    )
    first_day = day_field(_("Fra"))
    last_day = day_field(_("Til og med"), required=False, help_text=_("Tomt, hvis rollen ikke har en slutdato"))

    def offer(self, units) -> None:
        """Let the role be at one of the units."""
        self.fields["unit"].queryset = units
        roles = [(role.value, label) for role, label in ROLE_LABELS.items()]
        self.fields["role"].choices = [("", _("Vælg rolle")), *roles]

    def role_values(self) -> dict:
        """The role's own data."""
        return {name: self.cleaned_data[name] for name in ("role", "unit", "first_day", "last_day")}


class RoleForm(RoleFields):
    """A role for a person who is there already."""

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(units)

    def clean(self):
        cleaned = super().clean()
        _check_days(self, cleaned, "first_day", "last_day")
        return cleaned


class NewPersonForm(PersonForm, RoleFields):
    """A person with a first role: without one nobody could find the person again."""

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(units)

    def clean(self):
        cleaned = super().clean()
        _check_days(self, cleaned, "first_day", "last_day")
        return cleaned


class SetupFileForm(forms.Form):
    """A file with units or people."""

    file = forms.FileField(
        label=_("Fil"),
        help_text=_("CSV eller XLSX, højst 20 MB og 5.000 linjer"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self):
        """The lines of the file."""
        upload = self.cleaned_data["file"]
        try:
            return read_lines(read_sheets(upload.read(), upload.name, limit=FILE_LIMIT).sheets)
        except FileProblem as problem:
            raise forms.ValidationError(file_message(problem)) from problem
        except SetupFileError as problem:
            raise forms.ValidationError(file_problem(problem.key)) from problem


class AuthorityForm(forms.Form):
    """Which of one's authorities to work in."""

    authority = forms.ModelChoiceField(label=_("Arbejd i"), queryset=None, empty_label=None)

    def __init__(self, *args, authorities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = authorities


def _check_days(form: forms.BaseForm, cleaned: dict, first: str, last: str) -> None:
    if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
        form.add_error(last, LAST_BEFORE_FIRST)
