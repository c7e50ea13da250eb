from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.budget import LEAST, MOST
from goals.models.decision import Decision
from goals.models.goal import Goal
from organisation.models import Unit


class GoalBudget(models.Model):
    """How many goals in force a body or unit may have; `goals.budget.ceiling_of` says what holds without one."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="goal_budget", verbose_name=_("udvalg eller enhed"))
    most = models.PositiveSmallIntegerField(
        _("målloft"), null=True, blank=True, validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)]
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("målloft")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most__isnull=True) | models.Q(most__gte=1), name="goal_budget_positive"
            )
        ]

    def __str__(self):
        return f"{self.unit}: {self.most}"


class BudgetException(models.Model):
    """That a goal was adopted above the ceiling: by which decision. Printed in the body's next report."""

    goal = models.OneToOneField(Goal, models.CASCADE, related_name="budget_exception")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="budget_exceptions")
    number = models.PositiveSmallIntegerField()  # which goal in force of its unit it was
    most = models.PositiveSmallIntegerField()  # the ceiling that day
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("mål over loftet")
        constraints = [models.CheckConstraint(condition=models.Q(number__gt=models.F("most")), name="over_ceiling")]

    def __str__(self):
        return str(self.goal)
