from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from followup.kinds import READY_ROUNDS
from followup.models.round import Round
from goals.models import Goal, Series
from organisation.models import Authority

# The three questions of an explanation, in their order.
NARRATIVE_FIELDS = ("what_happened", "why", "what_we_do")
TEXT_FIELDS = (*NARRATIVE_FIELDS, "beyond_numbers")
ASSESSMENT_FIELDS = (*TEXT_FIELDS, "own_light", "own_reason")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """What leaders write, by who may read it."""

    def published(self):
        """Those of rounds that are ready for the meeting or over; until then they are drafts of the unit's.

        Those where nobody has written anything are left out: they only keep the computed light.
        """
        over = self.filter(round__state__in=READY_ROUNDS, version__gt=0)
        return over.select_related("written_by", "judged_by")


class Assessment(models.Model):
    """How a goal stands in a round: the computed light, the leader's own with reason, and the leader's words."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="assessments")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="assessments")
    what_happened = models.TextField(_("Hvad er sket?"), blank=True)
    why = models.TextField(_("Hvorfor?"), blank=True)
    what_we_do = models.TextField(_("Hvad gør vi nu?"), blank=True)
    beyond_numbers = models.TextField(
        _("Det, tallene ikke viser"), blank=True, help_text=_("Resultater, der kan ses, men ikke tælles")
    )
    computed_light = models.CharField(max_length=10, blank=True)  # as it was when the unit's report was sent
    own_light = models.CharField(_("lederens vurdering"), max_length=10, blank=True)
    own_reason = models.TextField(_("begrundelse"), blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("vurdering")
        constraints = [
            models.UniqueConstraint(fields=["round", "goal"], name="assessment_once_per_round"),
            models.CheckConstraint(
                condition=Q(own_light="") | ~Q(own_reason=""), name="assessment_own_light_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.goal}: {self.round}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What is written: question and answer, in the order of the questions."""
        written = ((name, getattr(self, name).strip()) for name in TEXT_FIELDS)
        return [(str(self._meta.get_field(name).verbose_name), text) for name, text in written if text]

    @property
    def is_explained(self) -> bool:
        """Whether it is said what happened."""
        return bool(self.what_happened.strip())

    @property
    def says_something(self) -> bool:
        """Whether there is anything to read: words, or a light of the leader's own."""
        return bool(self.texts or self.own_light)


class Acceptance(models.Model):
    """A recorded choice to let a deviation be: of a goal in a round, or of a series at a board meeting."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="acceptances")
    round = models.ForeignKey(Round, models.CASCADE, null=True, blank=True, related_name="acceptances")
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, blank=True, related_name="acceptances")
    meeting = models.ForeignKey("BoardMeeting", models.CASCADE, null=True, blank=True, related_name="acceptances")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="acceptances")
    reason = models.TextField(_("hvorfor vi lader det være"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("accept af afvigelse")
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, goal__isnull=False, meeting__isnull=True, series__isnull=True)
                | Q(round__isnull=True, goal__isnull=True, meeting__isnull=False, series__isnull=False),
                name="acceptance_of_goal_or_series",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="acceptance_with_reason"),
            models.UniqueConstraint(
                fields=["round", "goal"], condition=Q(round__isnull=False), name="acceptance_once_per_goal"
            ),
            models.UniqueConstraint(
                fields=["meeting", "series"], condition=Q(meeting__isnull=False), name="acceptance_once_per_series"
            ),
        ]

    def __str__(self):
        return f"{self.goal or self.series}: {self.reason[:40]}"
