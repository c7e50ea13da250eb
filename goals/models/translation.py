from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import TranslationState
from goals.labels import TRANSLATION_STATES, choices
from goals.models.goal import Goal
from organisation.models import Unit
from organisation.permissions import Permission


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Goals sent down for translation."""

    def visible_to(self, user, today: date):
        """Where the user sees drafts, above or below."""
        units = Unit.objects.allowing(Permission.SEE_DRAFTS, user, today).values("pk")
        return self.filter(Q(unit__in=units) | Q(goal__owner_unit__in=units))

    def waiting(self):
        """Those that the unit has not answered."""
        return self.filter(state__in=[TranslationState.ASKED, TranslationState.RETURNED])


class Translation(models.Model):
    """A goal sent down to a unit, which says it in its own words with its own indicator, and what came back."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="translations", verbose_name=_("målet ovenfra"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="translations", verbose_name=_("enhed"))
    # The unit's own goal, a draft until it is adopted.
    answer = models.OneToOneField(
        Goal, models.SET_NULL, null=True, blank=True, related_name="translates", verbose_name=_("enhedens mål")
    )
    state = models.CharField(
        _("tilstand"), max_length=8, choices=choices(TRANSLATION_STATES), default=TranslationState.ASKED
    )
    note = models.TextField(_("besked"), blank=True)
    due_date = models.DateField(_("frist"))
    reason = models.TextField(_("begrundelse"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "pk"]
        verbose_name = _("oversættelse af mål")
        constraints = [
            models.UniqueConstraint(fields=["goal", "unit"], name="translation_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[TranslationState.RETURNED, TranslationState.DECLINED]) | ~Q(reason=""),
                name="translation_refused_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.goal} → {self.unit}"
