"""The forms that lay out reports and choose one."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followup.models import Round
from goals.models import Goal
from goals.period_names import period_name
from organisation.models import Unit
from reports.labels import DEPTHS, PARTS, PARTS_HELP
from reports.models import ReportTemplate
from reports.outline import OFFERED, Depth, Outline, ReportKind, in_order, is_readable, is_too_deep


class TemplateForm(forms.Form):
    """What a template is called, which parts it has, each with its place, and how deep it goes."""

    name = forms.CharField(label=gettext_lazy("Navn"), max_length=80)
    depth = forms.ChoiceField(
        label=gettext_lazy("Hvor dybt?"), choices=[(depth.value, word) for depth, word in DEPTHS.items()]
    )
    overview_pages = forms.TypedChoiceField(
        label=gettext_lazy("Overblikket"),
        choices=[(1, gettext_lazy("én side")), (2, gettext_lazy("to sider"))],
        coerce=int,
        help_text=gettext_lazy("To sider har også det, der er bedre, dårligere, mangler eller er forsinket."),
    )
    is_offered = forms.BooleanField(label=gettext_lazy("Kan vælges, når man laver en rapport"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: ReportTemplate, **kwargs: Any) -> None:
        initial = {
            "name": template.name,
            "depth": template.depth,
            "overview_pages": template.overview_pages,
            "is_offered": template.is_offered,
            "version": template.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.kind = ReportKind(template.kind)
        chosen = template.outline.parts
        self.parts = sorted(OFFERED[self.kind], key=lambda part: chosen.index(part) if part in chosen else len(chosen))
        for place, part in enumerate(self.parts, 1):
            self.fields[f"has_{part}"] = forms.BooleanField(
                label=_("Med: %s") % PARTS[part], required=False, initial=part in chosen
            )
            self.fields[f"place_{part}"] = forms.IntegerField(
                label=_("Plads: %s") % PARTS[part],
                min_value=1,
                max_value=99,
                initial=place,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 99}),
            )
        if self.kind is ReportKind.POSTER:
            del self.fields["depth"], self.fields["overview_pages"]

    def part_rows(self) -> Iterator[dict[str, Any]]:
        """Each part with its two fields, for the table."""
        for part in self.parts:
            yield {
                "name": PARTS[part],
                "help": PARTS_HELP[part],
                "has": self[f"has_{part}"],
                "place": self[f"place_{part}"],
            }

    def plain_fields(self) -> list[forms.BoundField]:
        """The fields beside those of the parts."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("has_", "place_"))]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if any(name.startswith("place_") for name in self.errors):
            return said
        outline = self.outline
        if not is_readable(outline):
            self.add_error(None, _("Vælg overblikket eller mål for mål. Ellers står der ingen mål i rapporten."))
        elif is_too_deep(outline):
            self.add_error("depth", _("Målene under kan kun vises, når ”Mål for mål” er med."))
        return said

    @property
    def outline(self) -> Outline:
        """What was chosen."""
        said = self.cleaned_data
        places = ((part, said[f"place_{part}"]) for part in self.parts if said.get(f"has_{part}"))
        depth = Depth(said.get("depth") or Depth.OWN)
        return Outline(in_order(places), depth, said.get("overview_pages") or 1)


class ChooseForm(forms.Form):
    """Which report, to which follow-up, and where it is about one unit or goal, which."""

    opfoelgning = forms.ModelChoiceField(
        Round.objects.none(), label=gettext_lazy("Opfølgning"), empty_label=gettext_lazy("Vælg opfølgning")
    )
    skabelon = forms.ChoiceField(label=gettext_lazy("Rapport"))
    enhed = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Enhed"),
        required=False,
        empty_label=gettext_lazy("Vælg enhed"),
        help_text=gettext_lazy("Kun til status for en enhed."),
    )
    maal = forms.ModelChoiceField(
        Goal.objects.none(),
        label=gettext_lazy("Mål"),
        required=False,
        empty_label=gettext_lazy("Vælg mål"),
        help_text=gettext_lazy("Kun til status for et tværgående mål."),
    )

    def __init__(self, *args: Any, rounds, units, goals, templates: list[ReportTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {template.slug: template for template in templates if template.is_offered}
        self.fields["opfoelgning"].queryset = rounds
        self.fields["opfoelgning"].label_from_instance = lambda one: f"{one.body.name}, {period_name(one.period)}"
        self.fields["skabelon"].choices = [(slug, one.name) for slug, one in self.templates.items()]
        self.fields["enhed"].queryset = units
        self.fields["maal"].queryset = goals
        self.fields["maal"].label_from_instance = lambda one: f"{one.short_name} ({one.owner_unit.name})"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        template = self.templates.get(said.get("skabelon", ""))
        kind = ReportKind(template.kind) if template is not None else None
        if kind is ReportKind.UNIT and not said.get("enhed") and "enhed" not in self.errors:
            self.add_error("enhed", _("Vælg den enhed, rapporten handler om."))
        if kind is ReportKind.CROSS_CUTTING and not said.get("maal") and "maal" not in self.errors:
            self.add_error("maal", _("Vælg det mål, rapporten handler om."))
        return said

    @property
    def template(self) -> ReportTemplate:
        """The one that was chosen."""
        return self.templates[self.cleaned_data["skabelon"]]
