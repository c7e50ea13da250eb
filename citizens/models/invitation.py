import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

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
