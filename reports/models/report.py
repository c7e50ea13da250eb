"""The report of a round: what is written in it, and its frozen editions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from followup.models import Round
from goals.models import Goal
from organisation.models import Unit
from reports.keys import ReportKey
from reports.kinds import ReportState

STATES = [
    (ReportState.DRAFT.value, _("kladde")),
    (ReportState.APPROVED.value, _("godkendt")),
    (ReportState.PUBLISHED.value, _("offentliggjort")),
]


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports; who may read, write and publish them follows their rounds."""

    def ordinary(self):
        """Those that the bodies get to their meetings."""
        return self.filter(template="")


class Report(models.Model):
    """What is written in a report beside its data, and how far it has come. Made by `tick` when its
    round is ready, or when somebody first writes.

    A report is of a round: without more the one its body gets, else by the template, and where the template is of a
    unit or a goal, about that one.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="reports", verbose_name=_("opfølgning"))
    template = models.SlugField(_("skabelon"), max_length=40, blank=True)  # of a `ReportTemplate`
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhed"))
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mål"))
    highlights = models.TextField(_("fremhævet"), blank=True)
    recommendation = models.TextField(_("indstilling"), blank=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=STATES, default=ReportState.DRAFT.value)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("opfølgningsrapport")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", approved_by__isnull=True, approved_at__isnull=True)
                | (~Q(state="draft") & Q(approved_by__isnull=False, approved_at__isnull=False)),
                name="report_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(goal__isnull=True), name="report_about_a_unit_or_a_goal"
            ),
            models.UniqueConstraint(
                fields=["round", "template"], condition=Q(unit__isnull=True, goal__isnull=True), name="report_once"
            ),
            models.UniqueConstraint(
                fields=["round", "template", "unit"], condition=Q(unit__isnull=False), name="report_once_a_unit"
            ),
            models.UniqueConstraint(
                fields=["round", "template", "goal"], condition=Q(goal__isnull=False), name="report_once_a_goal"
            ),
        ]

    def __str__(self):
        return str(self.round)

    @property
    def is_outdated(self) -> bool:
        """Whether the round's conclusion, which is the body's, was written anew after the report was approved."""
        if self.approved_at is None or self.unit_id is not None or self.goal_id is not None:
            return False
        concluded = self.round.concluded_at
        return concluded is not None and concluded > self.approved_at

    @property
    def key(self) -> ReportKey:
        """What it is called in addresses."""
        return ReportKey(self.round_id, self.template, self.unit_id or self.goal_id)


class Edition(models.Model):
    """One published report, as it was: the content as text and its control code. Never changed (`reports.guards`)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("udgave"))
    content = models.TextField()
    # What the authority called things then (`organisation.words`).
    words = models.JSONField(default=dict, editable=False)
    sha256 = models.CharField(_("kontrolkode"), max_length=64)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("begrundelse"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("udgave")
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(withdrawn_at__isnull=True), name="edition_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__gte=F("published_at"), withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="edition_withdrawn_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.report} {self.number}"


class EditionFile(models.Model):
    """One file of an edition, byte for byte as it was published."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8)  # the key of `reports.files.KINDS`
    data = models.BinaryField()
    sha256 = models.CharField(_("kontrolkode"), max_length=64)

    class Meta:
        verbose_name = _("fil")
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="edition_file_kind_once")]

    def __str__(self):
        return f"{self.edition} {self.kind}"
