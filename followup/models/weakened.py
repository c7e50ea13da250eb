from django.db import models
from django.utils.translation import gettext_lazy as _

from followup.models.politics import AgendaItem
from goals.models import Assumption


class WeakenedOnAgenda(models.Model):
    """That a body hears of a weakened assumption: once for each time it was weakened, also if the item is removed."""

    assumption = models.ForeignKey(Assumption, models.CASCADE, related_name="on_agenda")
    weakened_on = models.DateField()
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="weakened")

    class Meta:
        verbose_name = _("svækket antagelse på dagsordenen")
        constraints = [
            models.UniqueConstraint(fields=["assumption", "weakened_on"], name="weakened_on_agenda_once"),
        ]

    def __str__(self):
        return f"{self.assumption} {self.weakened_on:%d-%m-%Y}"
