"""Forms of the import page: the file, how its columns are read, and what names in it stand for."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.value_files import Mapping

MOST_NAMES = 20
MOST_TEXTS = 60
SKIP = "-"


class UploadForm(forms.Form):
    """The file to read."""

    file = forms.FileField(
        label=gettext_lazy("Fil"),
        help_text=gettext_lazy("CSV eller Excel (XLSX), højst 20 MB"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"empty": gettext_lazy("Filen er tom. Vælg en fil med tal i.")},
    )


class ImportStoreForm(forms.Form):
    """Why approved values are changed; asked only where some are."""

    reason = forms.CharField(label=gettext_lazy("Begrundelse for at rette godkendte tal"), max_length=500)

    def __init__(self, *args, corrections: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not corrections:
            del self.fields["reason"]


class MappingForm(forms.Form):
    """How the table is read. Everything has a value from the start: what was recognised or remembered."""

    all_optional = True  # so no field says that it is

    def __init__(self, *args, preview, **kwargs):
        super().__init__(*args, **kwargs)
        self.preview = preview
        self.unknown = {"unit": {}, "indicator": {}}
        self.filters = {}
        self._add_columns()
        self._add_filters()
        self._add_names("unit", preview.reading.unknown_units, preview.known.near_units, preview.known.units)
        self._add_names(
            "indicator", preview.reading.unknown_indicators, preview.known.near_indicators, preview.known.indicators
        )

    def _choice(self, name, label, choices, initial, help_text=""):
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=False, help_text=help_text
        )

    def _add_columns(self):
        table, mapping, known = self.preview.table, self.preview.mapping, self.preview.known
        headings = [(name, name) for name in table.headers if name]
        sheets = self.preview.file.sheets
        if len(sheets) > 1:
            choices = [(str(at), sheet.name) for at, sheet in enumerate(sheets)]
            self._choice("sheet", _("Ark"), choices, str(mapping.sheet))
        units = [(unit.code, unit.name) for unit in known.units.values() if unit.pk in known.allowed]
        indicators = [(one.code, one.name) for one in known.indicators.values()]
        none = ("", _("står ikke i filen"))
        self._choice("unit", _("Enheden står i"), [none, *headings], mapping.unit)
        self._choice("fixed_unit", _("Ellers gælder alle tal"), [("", "–"), *units], mapping.fixed_unit)
        measure = ("", _("overskriften over tallene"))
        self._choice("indicator", _("Indikatoren står i"), [measure, *headings], mapping.indicator)
        self._choice("fixed_indicator", _("Ellers gælder alle tal"), [("", "–"), *indicators], mapping.fixed_indicator)
        if table.layout == "long":
            recognised = ("", _("genkend selv"))
            self._choice("period", _("Perioden står i"), [recognised, *headings], mapping.period or table.period_column)
            self.fields["values"] = forms.MultipleChoiceField(
                label=_("Tallene står i"),
                choices=headings,
                initial=mapping.values or table.value_columns,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            absent = ("", "–")
            self._choice("numerator", _("Tæller"), [absent, *headings], mapping.numerator)
            self._choice("denominator", _("Nævner"), [absent, *headings], mapping.denominator)
        self._choice(
            "locale",
            _("Tallene er skrevet"),
            [("", _("genkend selv")), ("da", _("på dansk: 1.234,5")), ("en", _("på engelsk: 1,234.5"))],
            mapping.locale or "",
        )
        self._choice("dash", _("En streg betyder"), [("missing", _("intet tal")), ("zero", _("nul"))], mapping.dash)

    def _add_filters(self):
        mapping = self.preview.mapping
        for name, texts in self.preview.table.label_texts().items():
            if name in (mapping.unit, mapping.indicator) or not 1 < len(texts) <= MOST_TEXTS:
                continue
            field = f"only-{len(self.filters)}"
            choices = [("", _("alle")), *((text, text or _("(tom)")) for text in texts)]
            self._choice(field, _("Brug kun linjer, hvor %s er") % name, choices, mapping.only.get(name, ""))
            self.filters[field] = name

    def _add_names(self, kind, names, near, known):
        everything = [(one.code, one.name) for one in known.values()]
        by_name = {name: code for code, name in everything}
        chosen = getattr(self.preview.mapping, f"{kind}_names")
        for at, name in enumerate(dict.fromkeys([*names, *chosen])):
            if at >= MOST_NAMES:
                break
            field = f"{kind}-{at}"
            nearest = [(by_name[one], one) for one in near(name)]
            choices = [
                ("", _("vælg")),
                (SKIP, _("Spring linjerne over")),
                (_("Ligner mest"), nearest),
                (_("Alle"), everything),
            ]
            initial = (chosen[name] or SKIP) if name in chosen else ""
            self._choice(field, _("Hvad er ”%s”?") % name, choices, initial)
            self.unknown[kind][field] = name

    @property
    def names(self):
        """The fields that ask what a name stands for."""
        return [self[field] for kind in self.unknown.values() for field in kind]

    @property
    def columns(self):
        """The fields about columns."""
        asked = {field for kind in self.unknown.values() for field in kind}
        return [bound for bound in self if bound.name not in asked]

    def mapping(self) -> Mapping:
        """What was chosen."""
        asked = self.cleaned_data
        sheet = int(asked.get("sheet") or 0)
        if sheet != self.preview.mapping.sheet:
            return Mapping(sheet=sheet)  # its columns are not those chosen for the other sheet
        return Mapping(
            sheet=sheet,
            period=asked.get("period") or None,
            values=asked.get("values") or [],
            locale=asked["locale"] or None,
            dash=asked["dash"] or "missing",
            unit=asked["unit"],
            fixed_unit="" if asked["unit"] else asked["fixed_unit"],
            indicator=asked["indicator"],
            fixed_indicator="" if asked["indicator"] else asked["fixed_indicator"],
            numerator=asked.get("numerator") or "",
            denominator=asked.get("denominator") or "",
            unit_names=self._named("unit"),
            indicator_names=self._named("indicator"),
            only={name: asked[field] for field, name in self.filters.items() if asked[field]},
        )

    def _named(self, kind) -> dict[str, str]:
        return {
            name: "" if self.cleaned_data[field] == SKIP else self.cleaned_data[field]
            for field, name in self.unknown[kind].items()
            if self.cleaned_data[field]
        }
