from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from followup.deadlines import Distances
from followup.kinds import Division, EventKind, Follows
from followup.labels import DIVISIONS, EVENT_KINDS, FOLLOWS
from followup.workdays import Workdays
from goals.labels import PERIOD_KINDS, choices
from goals.models import Series
from goals.models.goal import authorities_of
from goals.periods import PeriodKind
from organisation.models import Authority, Unit
from organisation.permissions import Permission

MOST_DAYS = [MinValueValidator(0), MaxValueValidator(90)]


class FollowUpSettingsManager(models.Manager["FollowUpSettings"]):
    """Settings, which an authority has before it has ever changed one."""

    def of(self, authority: Authority) -> "FollowUpSettings":
        """Those of the authority, else the usual; with `select_related("followup_settings")` no query."""
        try:
            return authority.followup_settings
        except FollowUpSettings.DoesNotExist:
            return FollowUpSettings(authority=authority)


class FollowUpSettings(models.Model):
    """How an authority follows up: who follows what, which days count as hverdage, and the usual distances."""

    authority = models.OneToOneField(Authority, models.CASCADE, primary_key=True, related_name="followup_settings")
    division = models.CharField(_("arbejdsdeling"), max_length=10, choices=choices(DIVISIONS), default=Division.FEW)
    agenda_days = models.PositiveSmallIntegerField(_("dagsordenen er ude, hverdage før mødet"), default=4)
    material_days = models.PositiveSmallIntegerField(_("materialet er ude, hverdage før mødet"), default=3)
    answer_days = models.PositiveSmallIntegerField(_("spørgsmål er besvaret, hverdage før mødet"), default=3)
    constitution_day_counts = models.BooleanField(_("Grundlovsdag er en hverdag"), default=True)
    christmas_eve_counts = models.BooleanField(_("24. december er en hverdag"), default=True)
    new_years_eve_counts = models.BooleanField(_("31. december er en hverdag"), default=True)

    objects = FollowUpSettingsManager()

    class Meta:
        verbose_name = _("indstillinger for opfølgning")

    def __str__(self):
        return f"{self.authority}: {self.get_division_display()}"

    @property
    def workdays(self) -> Workdays:
        """Which days are hverdage here."""
        return Workdays(self.constitution_day_counts, self.christmas_eve_counts, self.new_years_eve_counts)


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans by who may see and change them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its plans."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of bodies for which the user plans."""
        return self.filter(body__in=Unit.objects.allowing(Permission.PLAN_ROUNDS, user, today))


class Plan(models.Model):
    """A body's follow-ups in the year wheel: what is followed, how often, and the deadlines back from each meeting.

    The days are hverdage before the meeting, the lowest level farthest away.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="plans")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name=_("udvalg"))
    period_kind = models.CharField(
        _("følger op på"), max_length=12, choices=choices(PERIOD_KINDS), default=PeriodKind.QUARTER
    )
    rule = models.CharField(
        _("hvor tit"), max_length=120, help_text=_("Fx kvartalsvis, hver måned eller 1. tirsdag i marts og september")
    )
    first_meeting = models.DateField(_("første møde"), help_text=_("Ugedagen og rytmen regnes herfra"))
    meeting_time = models.TimeField(_("klokken"), null=True, blank=True)
    meeting_place = models.CharField(_("sted"), max_length=100, blank=True)
    follows = models.CharField(_("det følges"), max_length=14, choices=choices(FOLLOWS), default=Follows.OWN)
    most_below = models.PositiveSmallIntegerField(
        _("så mange mål fra hver enhed"), default=3, help_text=_("De højest prioriterede")
    )
    series = models.ManyToManyField(Series, blank=True, related_name="plans", verbose_name=_("indikatorer"))
    entry_days = models.PositiveSmallIntegerField(_("enhederne har sendt"), default=15, validators=MOST_DAYS)
    department_days = models.PositiveSmallIntegerField(_("afdelingerne har sendt"), default=13, validators=MOST_DAYS)
    directorate_days = models.PositiveSmallIntegerField(
        _("forvaltningerne har sendt"), default=12, validators=MOST_DAYS
    )
    approval_days = models.PositiveSmallIntegerField(_("alt er godkendt"), default=10, validators=MOST_DAYS)
    conclusion_days = models.PositiveSmallIntegerField(_("konklusionen er skrevet"), default=7, validators=MOST_DAYS)
    is_active = models.BooleanField(_("i brug"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["body__position", "period_kind"]
        verbose_name = _("plan for opfølgning")
        constraints = [
            models.UniqueConstraint(fields=["body", "period_kind"], name="plan_once_per_rhythm"),
            models.CheckConstraint(
                condition=Q(entry_days__gte=F("department_days"))
                & Q(department_days__gte=F("directorate_days"))
                & Q(directorate_days__gte=F("approval_days"))
                & Q(approval_days__gte=F("conclusion_days")),
                name="plan_lowest_level_first",
            ),
        ]

    def __str__(self):
        return f"{self.body}: {self.rule}"

    def distances(self, settings: FollowUpSettings) -> Distances:
        """How many hverdage before its meetings each thing is done."""
        return Distances(
            self.entry_days,
            self.department_days,
            self.directorate_days,
            self.approval_days,
            self.conclusion_days,
            settings.agenda_days,
            settings.material_days,
        )


class YearEventQuerySet(models.QuerySet["YearEvent"]):
    """Days of the year wheel by who may see and change them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its year."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """A body's days by those who plan for it, the authority's by those who plan anywhere in it."""
        units = Unit.objects.allowing(Permission.PLAN_ROUNDS, user, today)
        return self.filter(Q(body__in=units) | Q(body=None, authority__in=units.values("authority")))


class YearEvent(models.Model):
    """Days in the year wheel that are no follow-up: a meeting, a fixed point of the budget, a vacation."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="year_events")
    body = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="year_events", verbose_name=_("udvalg")
    )
    kind = models.CharField(_("art"), max_length=12, choices=choices(EVENT_KINDS))
    title = models.CharField(_("tekst"), max_length=100, blank=True)
    day = models.DateField(_("dag"))
    last_day = models.DateField(_("til og med"), null=True, blank=True)

    objects = YearEventQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("fast punkt")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("day")), name="year_event_days_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(kind=EventKind.MEETING) | Q(body__isnull=False), name="year_event_meeting_of_body"
            ),
        ]
        indexes = [models.Index(fields=["authority", "day"], name="year_event_of_authority")]

    def __str__(self):
        return f"{self.day:%d-%m-%Y} {self.title}"


class CalendarFeed(models.Model):
    """A person's secret address of deadlines and meetings, for the calendar at hand. Only the token's hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("kalenderadresse")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="calendar_feed_one_in_use"
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.created_at:%d-%m-%Y}"
