"""Reports made in the background: what is to be made, who makes, and what was made."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from followup.models import Round
from reports.job_kinds import OPEN_JOBS, JobError, JobState, JobStep
from reports.keys import ReportKey

STALE = timedelta(seconds=30)  # without a heartbeat for so long, its worker is dead
MOST_TRIES = 3
# Their words are sentences, in the template.
STATES, STEPS, ERRORS = ([(one.value, one.value) for one in kind] for kind in (JobState, JobStep, JobError))


class JobQuerySet(models.QuerySet["Job"]):
    """The queue."""

    def open(self):
        """Those that are not ended."""
        return self.filter(state__in=OPEN_JOBS)

    def to_take(self, now: datetime):
        """Those that wait, and those whose worker has died, the oldest first."""
        left = Q(state=JobState.RUNNING, heartbeat__lt=now - STALE)
        return self.filter(Q(state=JobState.WAITING) | left).order_by("made_at", "pk")

    def held_by(self, pk: int, token: str):
        """The job, if it is still that worker's: not cancelled, and not taken up by another."""
        return self.filter(pk=pk, state=JobState.RUNNING, token=token)

    def readable_by(self, user, today: date):
        """Jobs about reports that the person may read."""
        return self.filter(round__in=Round.objects.readable_by(user, today))

    def unheard(self, before: datetime):
        """Ended before the moment, and whoever asked has neither seen it nor been told."""
        ended = self.filter(state__in=[JobState.DONE, JobState.FAILED], ended_at__lt=before)
        return ended.filter(seen_at=None, told_at=None)


class Job(models.Model):
    """One thing to be made: a file of a report, or its publication. A worker takes it by writing its `token`."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    report = models.CharField(max_length=80)  # its `ReportKey`: it may be stored nowhere else
    kind = models.CharField(max_length=8)  # the key of `reports.files.KINDS`, or `publish`
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(null=True)  # of the report that was seen when publishing was asked for
    state = models.CharField(max_length=9, default=JobState.WAITING, choices=STATES)
    step = models.CharField(max_length=8, blank=True, choices=STEPS)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # None: not known
    token = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=12, blank=True, choices=ERRORS)
    code = models.CharField(max_length=4, blank=True)  # by which the fault is found in the log
    made_at = models.DateTimeField()
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # by whoever asked, after it ended
    told_at = models.DateTimeField(null=True)  # by mail

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_JOBS, ended_at__isnull=True)
                | (~Q(state__in=OPEN_JOBS) & Q(ended_at__isnull=False)),
                name="job_ended_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | (Q(heartbeat__isnull=False) & ~Q(token="")),
                name="job_running_has_a_worker",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.FAILED, error__gt="") | (~Q(state=JobState.FAILED) & Q(error="")),
                name="job_failed_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(total=None) | Q(done__lte=F("total")), name="job_done_of_total"),
            models.UniqueConstraint(
                fields=["report", "kind", "by"], condition=Q(state__in=OPEN_JOBS), name="job_asked_for_once"
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state__in=OPEN_JOBS), name="job_queue"),
            models.Index(fields=["by", "-ended_at"], name="job_of_person"),
        ]

    def __str__(self):
        return f"{self.report} {self.kind} {self.state}"

    @property
    def key(self) -> ReportKey:
        """What the report is called in addresses."""
        return ReportKey.parse(self.report)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_JOBS


class MadeFile(models.Model):
    """A report's file as it was last made. It holds as long as `reports.freshness.fingerprint` gives the same."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    report = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=64)
    data = models.BinaryField()
    pages = models.PositiveIntegerField(null=True)  # of a PDF: what the next one is measured against
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lavet fil")
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="made_file_once")]

    def __str__(self):
        return f"{self.report} {self.kind}"


class Worker(models.Model):
    """A process that takes jobs, and when it was last heard of."""

    token = models.CharField(max_length=32, primary_key=True)
    heartbeat = models.DateTimeField()

    class Meta:
        verbose_name = _("arbejder")

    def __str__(self):
        return f"{self.token} {self.heartbeat:%Y-%m-%d %H:%M:%S}"
