from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal


class PersonalGoalQuerySet(models.QuerySet["PersonalGoal"]):
    """A leader's own goals: for the leader and the leader's manager, and nobody else, whatever their role."""

    def visible_to(self, user):
        """One's own, and those of the leaders one manages."""
        return self.filter(Q(leader=user.pk) | Q(manager=user.pk))


class PersonalGoal(models.Model):
    """A leader's own goal, seen by that leader and the leader's manager only; may serve a cross-cutting goal."""

    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="personal_goals")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="personal_goals_of_leaders")
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="personal_goals", verbose_name=_("hjælper målet")
    )
    text = models.TextField(_("mit mål"))
    sign = models.TextField(_("sådan ses det, at det er nået"), blank=True)
    due_date = models.DateField(_("frist"), null=True, blank=True)
    status = models.TextField(_("sådan går det"), blank=True)
    ended_on = models.DateField(_("afsluttet"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PersonalGoalQuerySet.as_manager()

    class Meta:
        ordering = ["ended_on", "due_date", "pk"]
        verbose_name = _("personligt mål")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="personal_goal_has_text"),
            models.CheckConstraint(condition=~Q(leader=F("manager")), name="personal_goal_has_another_manager"),
        ]

    def __str__(self):
        return self.text[:80]
