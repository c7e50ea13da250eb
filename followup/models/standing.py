from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Goal


class GoalStanding(models.Model):
    """A goal's light as last computed, and how many goals below it have each light.

    Kept because a council goal may have a thousand goals below. Written only by `followup.actions.standings`;
    `manage.py integrity` computes it anew and compares.
    """

    goal = models.OneToOneField(Goal, models.CASCADE, primary_key=True, related_name="standing")
    light = models.CharField(max_length=10)
    below = models.JSONField(default=dict)  # light -> number of adopted goals anywhere below

    class Meta:
        verbose_name = _("målets status")

    def __str__(self):
        return f"{self.goal_id}: {self.light}"
