from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.authority import Authority
from organisation.models.unit import UnitKind

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.da"


class PortalDepth(models.TextChoices):
    """How far down the goals are shown to everybody; each level with those above it."""

    COUNCIL = "council", _("kun byrådet")
    COMMITTEES = "committees", _("til og med udvalgene")
    DIRECTORATES = "directorates", _("til og med forvaltninger og afdelinger")
    INSTITUTIONS = "institutions", _("til og med institutionerne")
    ALL = "all", _("alle enheder")


_ADDED = {
    PortalDepth.COUNCIL: [UnitKind.COUNCIL],
    PortalDepth.COMMITTEES: [UnitKind.FINANCE_COMMITTEE, UnitKind.COMMITTEE],
    PortalDepth.DIRECTORATES: [UnitKind.EXECUTIVE_BOARD, UnitKind.DIRECTORATE, UnitKind.DEPARTMENT],
    PortalDepth.INSTITUTIONS: [UnitKind.INSTITUTION],
    PortalDepth.ALL: [UnitKind.TEAM],
}
PORTAL_FIELDS = ("depth", "left_out", "intro", "licence", "licence_url", "contact")


class Portal(models.Model):
    """What an authority shows the public; whether it does is `Authority.is_portal_open`. Read with the authority.

    Without a row it is as the defaults say: council and committees.
    """

    authority = models.OneToOneField(Authority, models.CASCADE, primary_key=True, related_name="portal")
    depth = models.CharField(_("hvor langt ned"), max_length=12, choices=PortalDepth, default=PortalDepth.COMMITTEES)
    left_out = models.JSONField(_("enheder, der ikke vises"), default=list, blank=True)  # their ids
    intro = models.TextField(_("indledning"), max_length=600, blank=True)
    licence = models.CharField(_("vilkår for brug af tallene"), max_length=100, default=LICENCE)
    licence_url = models.URLField(_("vilkårenes adresse"), blank=True, default=LICENCE_URL)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("åbne mål")

    def __str__(self):
        return str(self.authority)

    @property
    def kinds(self) -> list[UnitKind]:
        """The levels that are shown."""
        depths = list(PortalDepth)
        shown = depths[: depths.index(PortalDepth(self.depth)) + 1]
        return [kind for depth in shown for kind in _ADDED[depth]]


def portal_of(authority: Authority) -> Portal:
    """What the authority shows, also when nobody has chosen yet. No query where it was read along."""
    try:
        return authority.portal
    except Portal.DoesNotExist:
        return Portal(authority=authority)
