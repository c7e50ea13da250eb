from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from followup.models.measurement import Measurement
from goals.kinds import MissingReason
from goals.models import Goal, Series
from goals.models.fields import PeriodCodeField
from goals.models.goal import authorities_of
from goals.periods import Period, parse_period
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class RoundState(models.TextChoices):
    """A round's way from plan to meeting."""

    PLANNED = "planned", _("planlagt")
    OPEN = "open", _("åben")
    IN_APPROVAL = "in_approval", _("til godkendelse")
    READY = "ready", _("klar til mødet")
    CLOSED = "closed", _("lukket")


class SubmissionState(models.TextChoices):
    """A unit's report to a round."""

    DRAFT = "draft", _("kladde")
    SUBMITTED = "submitted", _("sendt til godkendelse")
    RETURNED = "returned", _("sendt tilbage")
    APPROVED = "approved", _("godkendt")


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds in the words of the field."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its rounds."""
        return self.filter(authority__in=authorities_of(user, today))

    def plannable_by(self, user, today: date):
        """Rounds of bodies for which the user plans."""
        return self.filter(body__in=Unit.objects.allowing(Permission.PLAN_ROUNDS, user, today))

    def with_progress(self):
        """With the number of units asked, sent and approved."""
        sent = [SubmissionState.SUBMITTED, SubmissionState.APPROVED]
        return self.annotate(
            unit_count=Count("submissions"),
            sent_count=Count("submissions", filter=Q(submissions__state__in=sent)),
            approved_count=Count("submissions", filter=Q(submissions__state=SubmissionState.APPROVED)),
        )


class Round(models.Model):
    """One follow-up (opfølgning): a period, a body, deadlines and a meeting. Each last day counts whole."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="rounds")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name=_("udvalg"))
    period = PeriodCodeField(_("periode"))
    period_end = models.DateField()
    opens = models.DateField(_("åbner"))
    entry_deadline = models.DateField(_("frist"))
    approval_deadline = models.DateField(_("godkendelsesfrist"))
    meeting_date = models.DateField(_("møde"))
    state = models.CharField(_("tilstand"), max_length=12, choices=RoundState, default=RoundState.PLANNED)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting_date", "-pk"]
        verbose_name = _("opfølgning")
        constraints = [
            models.UniqueConstraint(fields=["body", "period"], name="round_once_per_period"),
            models.CheckConstraint(
                condition=Q(opens__lte=F("entry_deadline"))
                & Q(entry_deadline__lte=F("approval_deadline"))
                & Q(approval_deadline__lte=F("meeting_date")),
                name="round_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["authority", "state", "entry_deadline"], name="round_due")]

    def __str__(self):
        return f"{self.body} {self.period}"

    @property
    def covers(self) -> Period:
        """The period the round follows up."""
        return parse_period(self.period)

    @property
    def is_open_for_entry(self) -> bool:
        """Whether units may still enter: a passed deadline does not lock, being ready for the meeting does."""
        return self.state in (RoundState.OPEN, RoundState.IN_APPROVAL)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Units' reports by who may see, fill in and approve them."""

    def visible_to(self, user, today: date):
        """Reports of units where the user sees drafts."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.SEE_DRAFTS, user, today))

    def editable_by(self, user, today: date):
        """Reports of units where the user enters values; what state allows is asked of the report."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.ENTER_VALUES, user, today))

    def submittable_by(self, user, today: date):
        """Reports of units that the user may send to approval."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.SUBMIT, user, today))

    def approvable_by(self, user, today: date):
        """Reports of units that the user approves; never those the user sent."""
        units = Unit.objects.allowing(Permission.APPROVE, user, today)
        return self.filter(unit__in=units).exclude(submitted_by=user.pk)

    def with_counts(self):
        """With how many values are asked, and how many of them have neither value nor reason yet."""
        due = DueValue.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
        return self.annotate(
            due_count=Coalesce(Subquery(due.annotate(n=Count("pk")).values("n")), 0),
            missing_count=Coalesce(Subquery(due.missing().annotate(n=Count("pk")).values("n")), 0),
        )


class Submission(models.Model):
    """One unit's values and explanations for one round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="submissions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["round", "unit__position", "unit__name"]
        verbose_name = _("indberetning")
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="submission_once_per_unit"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="submission_returned_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False), name="submission_approved_by_somebody"
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {self.round}"

    @property
    def is_editable(self) -> bool:
        """Whether values may be changed: the round is open, and the report is not sent or approved."""
        return self.round.is_open_for_entry and self.state in (SubmissionState.DRAFT, SubmissionState.RETURNED)


class DueValueQuerySet(models.QuerySet["DueValue"]):
    """Values that are asked for."""

    def missing(self):
        """Those without a value or a reason."""
        stored = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
        return self.filter(~Exists(stored))

    def for_grid(self):
        """With what the grid reads: indicator, unit and round, and what other rounds ask of the same value.

        `is_sent_elsewhere`: another round's report with it waits for approval. `first_deadline`: the earliest of all.
        """
        same = DueValue.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
        elsewhere = same.exclude(submission=OuterRef("submission"))
        deadlines = same.order_by("submission__round__entry_deadline").values("submission__round__entry_deadline")
        return self.select_related("series__indicator", "series__unit", "submission__round").annotate(
            is_sent_elsewhere=Exists(elsewhere.filter(submission__state=SubmissionState.SUBMITTED)),
            first_deadline=Subquery(deadlines[:1]),
        )

    def overdue(self, today: date):
        """Those whose deadline has passed without a value or a reason why there never will be one."""
        return self.overdue_or_ahead(today).filter(submission__round__entry_deadline__lt=today)

    def overdue_or_ahead(self, today: date):
        """Those overdue, and those whose deadline is still ahead, answered or not."""
        answered = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end")).exclude(
            missing__in=[MissingReason.NOT_REPORTED, MissingReason.NOT_DUE]
        )
        return self.filter(~Exists(answered) | Q(submission__round__entry_deadline__gte=today))


class DueValue(models.Model):
    """That a round asks one unit for one series' value in one period. Made when the round opens."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="due_values")
    series = models.ForeignKey(Series, models.CASCADE, related_name="due_values", db_index=False)
    period = PeriodCodeField()
    period_end = models.DateField()

    objects = DueValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("tal, der skal indberettes")
        constraints = [models.UniqueConstraint(fields=["series", "period_end", "submission"], name="due_value_once")]

    def __str__(self):
        return f"{self.series_id} {self.period}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """What leaders write, by who may read it."""

    def published(self):
        """Those of rounds that are ready for the meeting or over; until then they are drafts of the unit's."""
        return self.filter(round__state__in=[RoundState.READY, RoundState.CLOSED])


class Assessment(models.Model):
    """What the leader writes about a goal in a round: what happened, why, and what we do."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="assessments")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="assessments")
    narrative = models.TextField(_("forklaring"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("vurdering")
        constraints = [models.UniqueConstraint(fields=["round", "goal"], name="assessment_once_per_round")]

    def __str__(self):
        return f"{self.goal}: {self.round}"
