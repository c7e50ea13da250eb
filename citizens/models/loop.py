from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.kinds import SurveyState
from citizens.models.survey import Survey
from followup.models import Action, AgendaItem
from goals.models import Decision


class PublishedAnswer(models.Model):
    """One pair of "Det hørte vi · Det gør vi". Public once the survey is finished; what came of it is added later."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="published_answers")
    position = models.PositiveSmallIntegerField(default=1)
    heard = models.TextField(_("det hørte vi"))
    doing = models.TextField(_("det gør vi"), blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_answers",
        verbose_name=_("skrives af"),
    )
    due_date = models.DateField(_("frist"), null=True, blank=True)
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="published_answers", verbose_name=_("handling")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="published_answers", verbose_name=_("beslutning")
    )
    needs_decision = models.BooleanField(_("udvalget skal tage stilling"), default=False)
    outcome = models.TextField(_("hvad der kom af det"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("tilbagemelding")
        verbose_name_plural = _("tilbagemeldinger")
        constraints = [
            models.CheckConstraint(condition=~models.Q(heard=""), name="published_answer_heard_something"),
        ]

    def __str__(self):
        return self.heard[:80]

    @property
    def is_whole(self) -> bool:
        """Whether it says both what was heard and what is done about it."""
        return bool(self.heard and self.doing)

    def is_late(self, today: date) -> bool:
        """Whether what is done should have been written before today."""
        return not self.doing and self.due_date is not None and self.due_date < today


class AnswerSubscriber(models.Model):
    """An address that asked for the published answer. Kept apart from answers; deleted when it has been sent."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="subscribers")
    address = models.EmailField()

    class Meta:
        verbose_name = _("modtager af tilbagemelding")
        constraints = [models.UniqueConstraint(fields=["survey", "address"], name="answer_subscriber_once")]

    def __str__(self):
        return self.address


class SurveyOnAgenda(models.Model):
    """That a survey was put on the agenda of a body's meeting when it closed, or when it was answered: once each.

    Stays when the item is taken off, so that it does not come back by itself.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="on_agenda")
    stage = models.CharField(max_length=8, choices=[(one.value, one.value) for one in SurveyState])
    item = models.OneToOneField(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="survey_on_agenda")

    class Meta:
        verbose_name = _("undersøgelse på dagsordenen")
        constraints = [models.UniqueConstraint(fields=["survey", "stage"], name="survey_on_agenda_once")]

    def __str__(self):
        return f"{self.survey}: {self.stage}"
