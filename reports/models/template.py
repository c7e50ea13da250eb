"""The authority's own way of laying out its reports."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.labels import choices
from organisation.collation import DANISH
from organisation.models import Authority
from reports.labels import DEPTHS, KINDS, KINDS_HELP
from reports.outline import SHIPPED, Depth, Outline, Part, ReportKind


class ReportTemplate(models.Model):
    """Which parts a report has, and how deep it goes. Each kind has one without being stored (`template_of`)."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="report_templates")
    kind = models.CharField(_("slags"), max_length=14, choices=choices(KINDS))
    slug = models.SlugField(_("adresse"), max_length=40)
    name = models.CharField(_("navn"), max_length=80, db_collation=DANISH)
    parts = models.JSONField(_("afsnit"), default=list)  # `Part` values in order
    depth = models.CharField(_("hvor dybt"), max_length=10, choices=choices(DEPTHS), default=Depth.OWN.value)
    overview_pages = models.PositiveSmallIntegerField(
        _("overblikket"), choices=[(1, _("én side")), (2, _("to sider"))], default=2
    )
    is_offered = models.BooleanField(_("kan vælges"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rapportskabelon")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], name="report_template_slug_once"),
            models.CheckConstraint(condition=Q(overview_pages__in=[1, 2]), name="report_template_one_or_two_pages"),
        ]

    def __str__(self):
        return self.name

    @property
    def outline(self) -> Outline:
        """The template in plain values."""
        return Outline(tuple(Part(part) for part in self.parts), Depth(self.depth), self.overview_pages)

    @property
    def is_shipped(self) -> bool:
        """Whether it is the one of its kind that every authority has."""
        return self.slug == self.kind

    @property
    def help(self) -> str:
        """What the kind is for, in a sentence."""
        return str(KINDS_HELP[ReportKind(self.kind)])


def shipped(authority: Authority, kind: ReportKind) -> ReportTemplate:
    """The kind's own template as it comes, not stored."""
    outline = SHIPPED[kind]
    return ReportTemplate(
        authority=authority,
        kind=kind.value,
        slug=kind.value,
        name=str(KINDS[kind]),
        parts=[part.value for part in outline.parts],
        depth=outline.depth.value,
        overview_pages=outline.overview_pages,
    )


def templates_of(authority: Authority) -> list[ReportTemplate]:
    """Every template of the authority: those of the kinds first, stored or not, then its own."""
    stored = {template.slug: template for template in ReportTemplate.objects.filter(authority=authority)}
    kinds = [stored.pop(kind.value, None) or shipped(authority, kind) for kind in ReportKind]
    return [*kinds, *stored.values()]


def template_of(authority: Authority, slug: str) -> ReportTemplate | None:
    """The authority's template at the address; None when there is none."""
    stored = ReportTemplate.objects.filter(authority=authority, slug=slug).first()
    if stored is not None or slug not in set(ReportKind):
        return stored
    return shipped(authority, ReportKind(slug))
