import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.kinds import SurveyState
from citizens.models.answer import AnswerGroup, Response
from citizens.models.survey import Survey


class Invitation(models.Model):
    """A link that works once. Holds nothing of whom it was sent to, and no time: only whether it is used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    group = models.ForeignKey(AnswerGroup, models.PROTECT, null=True, blank=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of a token of 128 bits or more, in hex
    is_used = models.BooleanField(default=False)
    is_shuffled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invitation")

    def __str__(self):
        return f"{self.survey_id}"


class InvitedAddressQuerySet(models.QuerySet["InvitedAddress"]):
    """Addresses in the words of the field."""

    def unsent(self):
        """Those whose invitation no mail server has taken yet."""
        return self.exclude(token="")

    def due(self, now: datetime, today: date):
        """Those to be written to now, while the survey is open: the invitation, or the one reminder."""
        is_open = Q(survey__state=SurveyState.OPEN, survey__opens_on__lte=today, survey__closes_on__gte=today)
        reminded = Q(
            token="", fault="", reminded_on=None, invited_on__lt=today, survey__reminder_asked_on__isnull=False
        )
        may = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(is_open & may & (~Q(token="") | reminded))


class InvitedAddress(models.Model):
    """A mail address that invitations are sent to. No key leads to the invitation; deleted on the declared day.

    `token` is what the first mail carries; it is emptied in the transaction that sends the mail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invited_addresses")
    address = models.EmailField()
    token = models.CharField(max_length=64, blank=True)
    invited_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)  # None: as soon as may be
    fault = models.CharField(max_length=200, blank=True)

    objects = InvitedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("inviteret mailadresse")
        constraints = [models.UniqueConstraint(fields=["survey", "address"], name="invited_address_once")]

    def __str__(self):
        return self.address


class Participant(models.Model):
    """Whom a code stands for in a pseudonymous survey; deleted on the declared day."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="participants")
    code = models.CharField(_("kode"), max_length=20)
    address = models.EmailField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    group = models.ForeignKey(AnswerGroup, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("deltager")
        constraints = [models.UniqueConstraint(fields=["survey", "code"], name="participant_code_once")]

    def __str__(self):
        return self.code


class ParticipantResponse(models.Model):
    """That a participant of a pseudonymous survey gave a response. Never written for an anonymous one."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="answered")
    response = models.OneToOneField(Response, models.CASCADE, related_name="participant_link")

    class Meta:
        verbose_name = _("deltagers besvarelse")

    def __str__(self):
        return f"{self.participant_id}"
