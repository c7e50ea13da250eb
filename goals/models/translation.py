from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import GoalState, TranslationState
from goals.labels import TRANSLATION_STATES, choices
from goals.models.goal import Goal
from organisation.models import Unit
from organisation.permissions import Permission

UNDER_WAY = (TranslationState.ASKED, TranslationState.ANSWERED, TranslationState.RETURNED)
WITH_UNIT = (TranslationState.ASKED, TranslationState.RETURNED)
SAID_BY_UNIT = (TranslationState.ANSWERED, TranslationState.DECLINED)
DECIDED = (TranslationState.ACCEPTED, TranslationState.RETURNED, TranslationState.DROPPED)


class TranslationQuerySet(models.QuerySet["Translation"]):
    """Translations by where they stand, and who may see and answer them."""

    def under_way(self):
        """Those that somebody is still to do something about."""
        return self.filter(state__in=UNDER_WAY)

    def with_unit(self, today: date):
        """Those that wait for a unit which is there today, of goals that are not closed."""
        return self.filter(state__in=WITH_UNIT).of_open(today)

    def to_decide(self, today: date):
        """Those answered and not decided, of goals that are not closed."""
        return self.filter(state=TranslationState.ANSWERED).of_open(today)

    def of_open(self, today: date):
        """Those of goals that are not closed and of units that are there on the day."""
        is_there = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=today)
        return self.filter(is_there).exclude(goal__state=GoalState.CLOSED)

    def late(self, today: date):
        """Those whose unit should have answered; the last day counts whole."""
        return self.with_unit(today).filter(due_date__lt=today)

    def visible_to(self, user, today: date):
        """Those of goals and units where the person may see drafts."""
        units = Unit.objects.allowing(Permission.SEE_DRAFTS, user, today).values("pk")
        return self.filter(Q(unit__in=units) | Q(goal__owner_unit__in=units))

    def answerable_by(self, user, today: date):
        """Those sent to units where the person edits goals."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.EDIT_GOALS, user, today))

    def decidable_by(self, user, today: date):
        """Those of goals that the person edits."""
        return self.filter(goal__owner_unit__in=Unit.objects.allowing(Permission.EDIT_GOALS, user, today))


class Translation(models.Model):
    """A goal sent down to a unit, to be put in the unit's own words with its own indicator, and what came of it."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="translations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="translations", verbose_name=_("enhed"))
    state = models.CharField(
        _("tilstand"), max_length=8, choices=choices(TRANSLATION_STATES), default=TranslationState.ASKED
    )
    due_date = models.DateField(_("senest"))
    note = models.TextField(_("besked til enheden"), blank=True)
    answer = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name=_("enhedens eget mål")
    )
    reason = models.TextField(_("begrundelse"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "pk"]
        verbose_name = _("oversættelse")
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "unit"], condition=Q(state__in=UNDER_WAY), name="translation_under_way_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TranslationState.RETURNED, TranslationState.DECLINED]) | ~Q(reason=""),
                name="translation_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SAID_BY_UNIT) | Q(answered_at__isnull=False), name="translation_said_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_at__isnull=False), name="translation_decided_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "due_date"], name="translation_of_unit")]

    def __str__(self):
        return f"{self.goal} → {self.unit}"
