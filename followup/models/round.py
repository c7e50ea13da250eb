from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from followup.kinds import READY_ROUNDS, SENT, WAITING, RoundState, SubmissionState
from followup.labels import ROUND_STATES, SUBMISSION_STATES
from followup.models.calendar import Plan
from followup.models.measurement import Measurement
from followup.workflow import ENTRY_ROUNDS, Report, Step, refusal
from goals.kinds import MissingReason
from goals.labels import choices
from goals.models import Series
from goals.models.fields import PeriodCodeField
from goals.models.goal import authorities_of
from goals.periods import Period, parse_period
from organisation.models import AccessRequest, Authority, Unit, UnitKind
from organisation.permissions import Permission


def _readable(user, today: date) -> Q:
    published = Q(state__in=READY_ROUNDS) | Q(meeting_date__lt=today)
    own = Q(body__in=Unit.objects.allowing(Permission.SEE_BODY_MATERIAL, user, today).values("pk"))
    asked = Q(body__in=AccessRequest.objects.filter(user=user, last_day__gte=today).values("body"))
    return published | own | asked


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds in the words of the field."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its rounds."""
        return self.filter(authority__in=authorities_of(user, today))

    def plannable_by(self, user, today: date):
        """Rounds of bodies for which the user plans."""
        return self.filter(body__in=Unit.objects.allowing(Permission.PLAN_ROUNDS, user, today))

    def readable_by(self, user, today: date):
        """Rounds whose meeting material the user may read today: all once it is ready, the body's own people before.

        So may a member of another body who has asked for it.
        """
        return self.visible_to(user, today).filter(_readable(user, today))

    def with_readability(self, user, today: date):
        """Those visible to the user, `is_readable` saying which `readable_by` would keep."""
        return self.visible_to(user, today).annotate(
            is_readable=Case(When(_readable(user, today), then=Value(True)), default=Value(False))
        )

    def with_progress(self):
        """With the number of units asked, sent and approved."""
        return self.annotate(
            unit_count=Count("submissions"),
            sent_count=Count("submissions", filter=Q(submissions__state__in=SENT)),
            approved_count=Count("submissions", filter=Q(submissions__state=SubmissionState.APPROVED)),
        )


class Round(models.Model):
    """One follow-up (opfølgning): a period, a body, deadlines and a meeting. Each last day counts whole.

    Deadlines go upward: institutions and teams first, then departments, directorates, and all approved. The agenda
    and the material follow before the meeting.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="rounds")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name=_("udvalg"))
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="rounds")
    period = PeriodCodeField(_("periode"))
    period_end = models.DateField()
    opens = models.DateField(_("åbner"))
    entry_deadline = models.DateField(_("frist"))
    department_deadline = models.DateField(_("frist for afdelinger"), null=True, blank=True)
    directorate_deadline = models.DateField(_("frist for forvaltninger"), null=True, blank=True)
    approval_deadline = models.DateField(_("godkendelsesfrist"))
    conclusion_date = models.DateField(_("konklusionen er skrevet"), null=True, blank=True)
    agenda_date = models.DateField(_("dagsordenen er ude"), null=True, blank=True)
    material_date = models.DateField(_("materialet er ude"), null=True, blank=True)
    meeting_date = models.DateField(_("møde"))
    meeting_time = models.TimeField(_("klokken"), null=True, blank=True)
    meeting_place = models.CharField(_("sted"), max_length=100, blank=True)
    state = models.CharField(_("tilstand"), max_length=12, choices=choices(ROUND_STATES), default=RoundState.PLANNED)
    conclusion = models.TextField(_("konklusion"), blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)

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
            # A deadline that is not set is that of the level below.
            models.CheckConstraint(
                condition=Q(department_deadline__isnull=True)
                | Q(department_deadline__gte=F("entry_deadline"), department_deadline__lte=F("approval_deadline")),
                name="round_departments_after_units",
            ),
            models.CheckConstraint(
                condition=Q(directorate_deadline__isnull=True)
                | Q(
                    directorate_deadline__gte=Coalesce("department_deadline", "entry_deadline"),
                    directorate_deadline__lte=F("approval_deadline"),
                ),
                name="round_directorates_after_departments",
            ),
            models.CheckConstraint(
                condition=Q(agenda_date__isnull=True) | Q(agenda_date__lte=Coalesce("material_date", "meeting_date")),
                name="round_agenda_before_material",
            ),
        ]
        indexes = [models.Index(fields=["authority", "state", "entry_deadline"], name="round_due")]

    def __str__(self):
        return f"{self.body} {self.period}"

    @property
    def covers(self) -> Period:
        """The period the round follows up."""
        return parse_period(self.period)

    def deadline_for(self, kind: str) -> date:
        """The last day on which a unit of the kind may report."""
        department = self.department_deadline or self.entry_deadline
        match kind:
            case UnitKind.INSTITUTION | UnitKind.TEAM:
                return self.entry_deadline
            case UnitKind.DEPARTMENT:
                return department
        return self.directorate_deadline or department

    def next_position(self) -> int:
        """The number of the next item on the meeting's agenda."""
        return (self.agenda_items.aggregate(last=Max("position"))["last"] or 0) + 1


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Units' reports by who may see, fill in and approve them."""

    def visible_to(self, user, today: date):
        """Reports of units where the user sees drafts."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.SEE_DRAFTS, user, today))

    def editable_by(self, user, today: date):
        """Reports of units where the user enters values; what state allows is asked of the report."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.ENTER_VALUES, user, today))

    def under_way(self, today: date):
        """Those that somebody has something to do with: of open rounds, with an exception today, or sent."""
        return self.filter(
            Q(round__state__in=ENTRY_ROUNDS) | Q(late_until__gte=today) | Q(state__in=WAITING),
        )

    def submittable_by(self, user, today: date):
        """Reports of units that the user may send to approval."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.SUBMIT, user, today))

    def approvable_by(self, user, today: date):
        """Reports of units that the user approves; never those the user sent."""
        # Not `unit__in`: SQLite would begin with every unit below the user's, though hardly any report waits.
        allowed = Unit.objects.allowing(Permission.APPROVE, user, today).filter(pk=OuterRef("unit"))
        return self.filter(Exists(allowed)).exclude(submitted_by=user.pk)

    def with_counts(self):
        """With how many values are asked, and how many of them have neither value nor reason yet."""
        due = DueValue.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
        return self.annotate(
            due_count=Coalesce(Subquery(due.annotate(n=Count("pk")).values("n")), 0),
            missing_count=Coalesce(Subquery(due.missing().annotate(n=Count("pk")).values("n")), 0),
        )


class Submission(models.Model):
    """One unit's values and explanations for one round.

    `deadline` is the round's for the unit's level, or a later one given to this unit alone (`late_until`).
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="submissions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="submissions")
    deadline = models.DateField(_("frist"))
    state = models.CharField(max_length=10, choices=choices(SUBMISSION_STATES), default=SubmissionState.DRAFT)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    late_until = models.DateField(_("må indberette til og med"), null=True, blank=True)
    late_reason = models.CharField(_("begrundelse"), max_length=300, blank=True)

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
            models.CheckConstraint(
                condition=~Q(state="in_review") | Q(reviewed_by__isnull=False), name="submission_reviewed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(late_until__isnull=True) | ~Q(late_reason=""), name="submission_late_with_reason"
            ),
            # Nobody approves one's own report, whatever the code does.
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("submitted_by")), name="submission_approved_by_another"
            ),
        ]
        # What waits for an approver is few among many, often nothing: then nobody's units need be found.
        indexes = [models.Index(fields=["state"], name="submission_state")]

    def __str__(self):
        return f"{self.unit}: {self.round}"

    def as_report(self, *, has_waiting_below: bool = False) -> Report:
        """The report in the plain values of `workflow`; its round must be at hand."""
        return Report(
            state=SubmissionState(self.state),
            round_state=RoundState(self.round.state),
            submitted_by=self.submitted_by_id,
            reviewed_by=self.reviewed_by_id,
            late_until=self.late_until,
            has_waiting_below=has_waiting_below,
        )

    def is_editable_on(self, today: date) -> bool:
        """Whether those who may enter values for the unit can change them today."""
        return refusal(Step.ENTER, self.as_report(), by=None, is_allowed=True, today=today) is None


class DueValueQuerySet(models.QuerySet["DueValue"]):
    """Values that are asked for."""

    def missing(self):
        """Those without a value or a reason."""
        stored = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
        return self.filter(~Exists(stored))

    def present(self):
        """Those with a value or a reason, approved or not."""
        stored = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
        return self.filter(Exists(stored))

    def for_grid(self):
        """With what the grid reads: indicator, unit and round, and what other rounds ask of the same value.

        `is_sent_elsewhere`: another round's report with it waits for approval. `first_deadline`: the earliest of all.
        """
        same = DueValue.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end"))
        elsewhere = same.exclude(submission=OuterRef("submission"))
        deadlines = same.order_by("submission__deadline").values("submission__deadline")
        return self.select_related("series__indicator", "series__unit", "submission__round").annotate(
            is_sent_elsewhere=Exists(elsewhere.filter(submission__state__in=WAITING)),
            first_deadline=Subquery(deadlines[:1]),
        )

    def overdue(self, today: date):
        """Those whose deadline has passed without a value or a reason why there never will be one."""
        return self.overdue_or_ahead(today).filter(submission__deadline__lt=today)

    def overdue_or_ahead(self, today: date):
        """Those overdue, and those whose deadline is still ahead, answered or not."""
        answered = Measurement.objects.filter(series=OuterRef("series"), period_end=OuterRef("period_end")).exclude(
            missing__in=[MissingReason.NOT_REPORTED, MissingReason.NOT_DUE]
        )
        return self.filter(~Exists(answered) | Q(submission__deadline__gte=today))


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
