from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from followup.kinds import MailState
from followup.labels import MAIL_STATES, MAIL_TOPICS
from goals.labels import choices
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class MailQuerySet(models.QuerySet["Mail"]):
    """The outbox."""

    def visible_to(self, user, today: date):
        """Mails of authorities where the user reads the log."""
        units = Unit.objects.allowing(Permission.SEE_MAIL_LOG, user, today)
        return self.filter(authority__in=units.values("authority"))

    def waiting(self):
        """Those that are still to be sent."""
        return self.filter(state=MailState.WAITING)

    def due(self, now: datetime):
        """Those to be tried now, the oldest first."""
        return self.waiting().filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def delayed(self):
        """Those that the server has not taken at the first try."""
        return self.waiting().filter(tries__gt=0)


class Mail(models.Model):
    """One mail to one person, from the moment it is decided until a server has taken it. The log is these rows."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="mails")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mails")
    address = models.EmailField()
    # What makes the mail this one, e.g. the person and the day: filling the outbox twice adds nothing.
    key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=200, unique=True)  # the same at every try
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=choices(MAIL_STATES), default=MailState.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("mail")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MailState.SENT) | Q(sent_at__isnull=False), name="mail_sent_has_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=MailState.WAITING), name="mail_waiting"),
            models.Index(fields=["authority", "-created_at"], name="mail_log"),
        ]

    def __str__(self):
        return f"{self.address}: {self.subject}"


class Reminder(models.Model):
    """That a person was reminded of one thing at one stage: days before (negative) or after the deadline.

    `object_id` is that of the submission, question or action; `counted_from` the deadline, so that the stages begin
    anew when it moves. By hand (`by`), a person is reminded once a day.
    """

    kind = models.CharField(max_length=10)
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    counted_from = models.DateField(null=True)
    stage = models.SmallIntegerField(null=True)
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="reminders")

    class Meta:
        verbose_name = _("påmindelse")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "user", "counted_from", "stage"],
                condition=Q(stage__isnull=False),
                name="reminder_once_per_stage",
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id", "user", "day"],
                condition=Q(stage__isnull=True),
                name="reminder_by_hand_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(stage__isnull=True) | Q(counted_from__isnull=False), name="reminder_stage_counts_from_a_day"
            ),
        ]
        indexes = [models.Index(fields=["kind", "object_id", "-day"], name="reminder_of_object")]

    def __str__(self):
        return f"{self.kind} {self.object_id} {self.day:%d-%m-%Y}"


class MailOptOut(models.Model):
    """A topic of the daily mail that a person has chosen to do without."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_opt_outs")
    topic = models.CharField(max_length=8, choices=choices(MAIL_TOPICS))

    class Meta:
        verbose_name = _("fravalg af mail")
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="mail_opt_out_once")]

    def __str__(self):
        return f"{self.user}: {self.topic}"


class Visit(models.Model):
    """When a person last saw the overview, and the time before: what is new since then is marked."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="visit")
    day = models.DateField()
    before = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("besøg")

    def __str__(self):
        return f"{self.user_id} {self.day:%d-%m-%Y}"
