from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import PathKind, ToleranceKind
from goals.labels import PATHS, TOLERANCES, choices
from goals.models.decision import Decision
from goals.models.fields import PeriodCodeField, ValueField
from goals.models.goal import Goal, authorities_of
from goals.models.indicator import Indicator
from goals.periods import Period, parse_period
from organisation.models import Authority, Unit
from organisation.permissions import Permission

# What a form, a file and the history know of a series besides its indicator and unit.
SERIES_FIELDS = (
    "baseline_period",
    "baseline_value",
    "tolerance",
    "tolerance_kind",
    "path",
    "reporting_lag_days",
    "is_rolled_up",
    "source_note",
    "last_day",
)


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series by who may see and change them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its series; values have their own rule."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Series of units where the user edits indicators and targets."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.EDIT_INDICATORS, user, today))

    def active(self, day: date):
        """Series still kept on the day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day))

    def of_adopted_goals(self):
        """Series that some goal in force is measured by."""
        return self.filter(
            models.Exists(GoalSeries.objects.filter(series=models.OuterRef("pk"), goal__state="adopted"))
        )


class Series(models.Model):
    """One indicator for one unit over time, with where it began and how far off it may be.

    Entered by the unit, or rolled up from the nearest units below that have a series of the same indicator.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="series")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="series", verbose_name=_("indikator"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="series", verbose_name=_("enhed"))
    baseline_period = PeriodCodeField(_("udgangspunktets periode"), blank=True)
    baseline_value = ValueField(_("udgangspunkt"), null=True, blank=True)
    tolerance = ValueField(_("tolerance"), null=True, blank=True)
    tolerance_kind = models.CharField(
        _("tolerancen er"), max_length=8, choices=choices(TOLERANCES), default=ToleranceKind.ABSOLUTE
    )
    path = models.CharField(_("vejen til måltallet"), max_length=6, choices=choices(PATHS), default=PathKind.LINEAR)
    reporting_lag_days = models.PositiveSmallIntegerField(
        _("dage til tallet findes"), default=0, help_text=_("Fra periodens sidste dag, til tallet kan opgøres")
    )
    is_rolled_up = models.BooleanField(_("beregnes af underliggende enheder"), default=False)
    source_note = models.CharField(_("om tallene"), max_length=300, blank=True)
    last_day = models.DateField(_("opgøres til og med"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["indicator__name", "unit__name"]
        verbose_name = _("serie")
        verbose_name_plural = _("serier")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="series_once_per_unit"),
            models.CheckConstraint(
                condition=Q(baseline_period="", baseline_value__isnull=True)
                | (~Q(baseline_period="") & Q(baseline_value__isnull=False)),
                name="series_baseline_whole",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0), name="series_tolerance_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.unit}"

    @property
    def baseline_at(self) -> Period | None:
        """The period of the baseline, if there is one."""
        return parse_period(self.baseline_period) if self.baseline_period else None


class TargetQuerySet(models.QuerySet["Target"]):
    """Targets by whether they still count."""

    def in_force(self):
        """Targets not replaced by a later decision."""
        return self.filter(superseded_at__isnull=True)


class Target(models.Model):
    """The number a series is to reach in a period, or the range it is to lie in.

    A revised target is superseded, never changed: it stays in the record and on the chart.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="targets")
    period = PeriodCodeField(_("periode"))
    period_end = models.DateField()
    value = ValueField(_("måltal"), null=True, blank=True)
    low = ValueField(_("mindst"), null=True, blank=True)
    high = ValueField(_("højst"), null=True, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="targets")
    reason = models.CharField(_("begrundelse"), max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["period_end", "set_at"]
        verbose_name = _("måltal")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "period"], condition=Q(superseded_at__isnull=True), name="target_one_in_force"
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=False, low__isnull=True, high__isnull=True))
                | Q(value__isnull=True, low__isnull=False, high__isnull=False, low__lte=F("high")),
                name="target_value_or_range",
            ),
        ]

    def __str__(self):
        return f"{self.series} {self.period}"


class GoalSeries(models.Model):
    """That a goal is measured by a series, in which order, and whether it decides the goal's light."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_series")
    series = models.ForeignKey(Series, models.PROTECT, related_name="goal_series")
    rank = models.PositiveSmallIntegerField(_("rækkefølge"), default=1)
    is_prioritised = models.BooleanField(_("afgør målets status"), default=False)

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = _("indikator på målet")
        constraints = [models.UniqueConstraint(fields=["goal", "series"], name="goal_series_once")]

    def __str__(self):
        return f"{self.goal}: {self.series}"
