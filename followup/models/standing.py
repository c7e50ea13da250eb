from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from organisation.models import Authority


class GoalStanding(models.Model):
    """A goal's light as last computed, and how many goals below it have each light.

    Kept because a council goal may have a thousand goals below. Written only by `followup.actions.standings`;
    `manage.py integrity` computes it anew and compares.
    """

    goal = models.OneToOneField(Goal, models.CASCADE, primary_key=True, related_name="standing")
    light = models.CharField(max_length=10)
    below = models.JSONField(default=dict)  # light -> number of adopted goals anywhere below that go up

    class Meta:
        verbose_name = _("målets status")

    def __str__(self):
        return f"{self.goal_id}: {self.light}"


class FiguresChanged(models.Model):
    """That figures or lights of an authority were changed: whatever was made of them before is old.

    A row for each act, so that nobody waits for anybody. Written only by `followup.actions.standings`, cleared by
    `tick`.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        verbose_name = _("ændrede tal")
        indexes = [models.Index(fields=["authority", "-id"], name="figures_changed_last")]

    def __str__(self):
        return f"{self.authority_id} {self.day:%d-%m-%Y}"
