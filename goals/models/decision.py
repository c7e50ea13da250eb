from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import DecisionKind, LeadsTo
from goals.labels import DECISION_KINDS, LEADS_TO, choices
from goals.models.closing import Closable, ClosableQuerySet
from organisation.models import Authority, Unit


class DecisionQuerySet(ClosableQuerySet):
    """Decisions in the words of the field."""

    def pending(self):
        """Those that ask for something that is not done yet: they come back at the body's next meeting."""
        return self.exclude(leads_to=LeadsTo.NOTHING).filter(done_on__isnull=True)

    def in_term(self, first: date, last: date):
        """Those of a council term, both days included."""
        return self.filter(date__range=(first, last))


class Decision(Closable):
    """What a body decided on a day, with a reference to the minutes, and what came of it.

    Goals and targets point to the decision that adopted, replaced or closed them.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="decisions")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="decisions", verbose_name=_("besluttet af"))
    date = models.DateField(_("dato"))
    reference = models.CharField(_("henvisning"), max_length=120, help_text=_("Fx punkt 4 på dagsordenen"))
    title = models.CharField(_("overskrift"), max_length=200, blank=True)
    text = models.TextField(_("beslutning"), blank=True)
    kind = models.CharField(_("udfald"), max_length=12, choices=choices(DECISION_KINDS), default=DecisionKind.APPROVED)
    leads_to = models.CharField(_("fører til"), max_length=12, choices=choices(LEADS_TO), default=LeadsTo.NOTHING)
    goal = models.ForeignKey(
        "goals.Goal", models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("om målet")
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("følges op af"),
    )
    outcome = models.TextField(_("hvad der kom af den"), blank=True)
    done_on = models.DateField(_("fulgt til dørs"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DecisionQuerySet.as_manager()

    class Meta(Closable.Meta):
        abstract = False
        ordering = ["-date", "-pk"]
        verbose_name = _("beslutning")
        constraints = [
            *Closable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(outcome=""), name="decision_done_with_outcome"
            ),
        ]
        indexes = [models.Index(fields=["body", "-date"], name="decision_of_body")]

    def __str__(self):
        return f"{self.body}, {self.date:%d-%m-%Y}, {self.open_reference}"

    @property
    def heading(self) -> str:
        """The title, or the reference where the minutes give none. Of a closed one only for those who may read it."""
        return self.title or self.reference

    @property
    def open_reference(self) -> str:
        """The reference in words that everybody may read: of a closed decision its public title."""
        return self.public_title if self.is_closed else self.reference

    @property
    def is_pending(self) -> bool:
        """Whether it asks for something that is not done yet."""
        return self.leads_to != LeadsTo.NOTHING and self.done_on is None
