from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.kinds import DocumentKind
from goals.labels import DOCUMENT_KINDS, choices
from goals.models.decision import Decision
from goals.models.goal import Goal, authorities_of
from organisation.collation import DANISH
from organisation.models import Authority, Unit


class SteeringDocumentQuerySet(models.QuerySet["SteeringDocument"]):
    """Steering documents by who may see them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority."""
        return self.filter(authority__in=authorities_of(user, today))


class SteeringDocument(models.Model):
    """A document that already steers: a strategy, a budget agreement, a policy; its text need not be here."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="steering_documents")
    title = models.CharField(_("titel"), max_length=200, db_collation=DANISH)
    kind = models.CharField(_("art"), max_length=10, choices=choices(DOCUMENT_KINDS), default=DocumentKind.STRATEGY)
    body = models.ForeignKey(Unit, models.PROTECT, related_name="steering_documents", verbose_name=_("vedtaget af"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="steering_documents", verbose_name=_("beslutning")
    )
    decided_on = models.DateField(_("vedtaget"))
    url = models.URLField(_("adresse"), blank=True)
    filename = models.CharField(max_length=200, blank=True)
    file = models.BinaryField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("sider"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SteeringDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "title"]
        verbose_name = _("styringsdokument")
        verbose_name_plural = _("styringsdokumenter")

    def __str__(self):
        return self.title


class Promise(models.Model):
    """What a document promises on a page, and the goals it went into; without any it went nowhere yet."""

    document = models.ForeignKey(SteeringDocument, models.CASCADE, related_name="promises")
    page = models.PositiveSmallIntegerField(_("side"), validators=[MinValueValidator(1)])
    text = models.CharField(_("det lover dokumentet"), max_length=500)
    goals = models.ManyToManyField(Goal, related_name="promises", blank=True, verbose_name=_("mål"))

    class Meta:
        ordering = ["page", "pk"]
        verbose_name = _("løfte")

    def __str__(self):
        return self.text[:80]
