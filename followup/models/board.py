from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from followup.kinds import MeetingState
from followup.labels import MEETING_STATES
from goals.labels import choices
from goals.models import Series
from goals.models.fields import PeriodCodeField
from goals.models.goal import authorities_of
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class BoardQuerySet(models.QuerySet["Board"]):
    """Boards by who may see, fill and arrange them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its boards."""
        return self.filter(authority__in=authorities_of(user, today))

    def usable_by(self, user, today: date):
        """Boards of units where the user runs meetings."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.EDIT_ACTIONS, user, today))

    def editable_by(self, user, today: date):
        """Boards of units where the user chooses what they show."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.EDIT_BOARDS, user, today))

    def with_rights(self, user, today: date):
        """Each with what the person may do: `sees_drafts`, `may_run` its meetings, `may_edit` what it shows."""
        rights = {
            "sees_drafts": Permission.SEE_DRAFTS,
            "may_run": Permission.EDIT_ACTIONS,
            "may_edit": Permission.EDIT_BOARDS,
        }
        units = {name: Unit.objects.allowing(right, user, today) for name, right in rights.items()}
        return self.annotate(**{name: Exists(allowed.filter(pk=OuterRef("unit"))) for name, allowed in units.items()})

    def with_next_meeting(self, today: date):
        """Each with the day of its next meeting and how many indicators it shows, for lists."""
        coming = BoardMeeting.objects.filter(board=OuterRef("pk"), day__gte=today).exclude(state=MeetingState.CLOSED)
        return self.annotate(
            next_meeting=Subquery(coming.order_by("day").values("day")[:1]),
            series_count=Count("board_series"),
        )


class Board(models.Model):
    """A unit's board: the series it has chosen, and its regular short meetings in front of them."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="boards")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="boards", verbose_name=_("enhed"))
    name = models.CharField(_("navn"), max_length=100)
    rule = models.CharField(_("møder"), max_length=120, help_text=_("Fx hver 14. dag eller hver måned"))
    first_meeting = models.DateField(_("første møde"))
    meeting_time = models.TimeField(_("klokken"), null=True, blank=True)
    is_active = models.BooleanField(_("i brug"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["unit__position", "name"]
        verbose_name = _("tavle")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="board_name_once_per_unit")]

    def __str__(self):
        return self.name


class BoardSeries(models.Model):
    """That a board shows a series: under which focus area, in which place, and who looks after it."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="board_series")
    series = models.ForeignKey(Series, models.PROTECT, related_name="board_series")
    focus_area = models.CharField(_("fokusområde"), max_length=60)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("indikator på tavlen")
        constraints = [models.UniqueConstraint(fields=["board", "series"], name="board_series_once")]

    def __str__(self):
        return f"{self.board}: {self.series}"


class BoardMeetingQuerySet(models.QuerySet["BoardMeeting"]):
    """Meetings by how far they have come."""

    def without_what_was_shown(self):
        """For lists: what a meeting keeps is large."""
        return self.defer("shown")


class BoardMeeting(models.Model):
    """One meeting in front of a board. Closed, it keeps what the board showed, so that it can be read back."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="meetings")
    day = models.DateField(_("dag"))
    state = models.CharField(max_length=7, choices=choices(MEETING_STATES), default=MeetingState.PLANNED)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    note = models.TextField(_("hvad vi ellers talte om"), blank=True)
    # What the board showed when the meeting ended: one row per series, in ready texts.
    shown = models.JSONField(default=list, blank=True)

    objects = BoardMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("tavlemøde")
        constraints = [
            models.UniqueConstraint(fields=["board", "day"], name="board_meeting_once_a_day"),
            models.UniqueConstraint(
                fields=["board"], condition=Q(state=MeetingState.OPEN), name="board_meeting_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CLOSED) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="board_meeting_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.board} {self.day:%d-%m-%Y}"

    @property
    def is_open(self) -> bool:
        return self.state == MeetingState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == MeetingState.CLOSED


class BoardPoint(models.Model):
    """What a meeting said about one series that deviates or shows a signal."""

    meeting = models.ForeignKey(BoardMeeting, models.CASCADE, related_name="points")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    explanation = models.TextField(_("forklaring"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("forklaring på tavlen")
        constraints = [models.UniqueConstraint(fields=["meeting", "series"], name="board_point_once_per_series")]

    def __str__(self):
        return f"{self.meeting}: {self.series_id}"


class Intervention(models.Model):
    """Something that was done and may have moved a series; the run chart's median can be frozen there."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="interventions")
    period = PeriodCodeField(_("periode"))
    period_end = models.DateField()
    text = models.CharField(_("hvad vi gjorde"), max_length=200)
    freezes_median = models.BooleanField(_("fasthold medianen herfra"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["period_end", "pk"]
        verbose_name = _("ændring, der er gjort")
        constraints = [models.UniqueConstraint(fields=["series", "period_end"], name="intervention_once_per_period")]

    def __str__(self):
        return f"{self.series_id} {self.period}: {self.text}"
