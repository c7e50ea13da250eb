from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import Authority, Unit


class Decision(models.Model):
    """What a body decided on a day, with a reference to the minutes. Goals and targets point to it."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="decisions")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="decisions", verbose_name=_("besluttet af"))
    date = models.DateField(_("dato"))
    reference = models.CharField(_("henvisning"), max_length=120, help_text=_("Fx punkt 4 på dagsordenen"))
    text = models.TextField(_("beslutning"), blank=True)

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("beslutning")

    def __str__(self):
        return f"{self.body}, {self.date:%d-%m-%Y}, {self.reference}"
