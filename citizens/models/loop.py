from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models.survey import Survey
from followup.models import Action
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


class AnswerSubscriber(models.Model):
    """An address that asked for the published answer. Kept apart from answers; deleted when it has been sent."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="subscribers")
    address = models.EmailField()

    class Meta:
        verbose_name = _("modtager af tilbagemelding")
        constraints = [models.UniqueConstraint(fields=["survey", "address"], name="answer_subscriber_once")]

    def __str__(self):
        return self.address
