"""Whose reports a person is told of, the monthly mail, and the lights it compares with."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit


class Subscription(models.Model):
    """That a person has chosen to follow a body or unit, or not to; without a row it follows from the person's role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="subscriptions")
    is_wanted = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("abonnement")
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="subscription_once")]

    def __str__(self):
        return f"{self.user}: {self.unit} {'' if self.is_wanted else '–'}".strip()


class MonthlyMail(models.Model):
    """That a person wants the monthly mail, from the day it was chosen."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="monthly_mail")
    since = models.DateField()

    class Meta:
        verbose_name = _("månedsmail")

    def __str__(self):
        return f"{self.user} {self.since:%d-%m-%Y}"


class UnitLights(models.Model):
    """The lights of a unit's own goals on the day of a monthly mail: the next month's mail compares with them."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="monthly_lights")
    day = models.DateField()
    lights = models.JSONField()  # the goal's key as text -> light

    class Meta:
        verbose_name = _("månedens status")
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="unit_lights_once_a_day")]

    def __str__(self):
        return f"{self.unit} {self.day:%d-%m-%Y}"
