import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.kinds import TEXT_LIMIT, CommentState, Method
from citizens.labels import COMMENT_STATES, METHODS
from citizens.models.survey import Questionnaire, Survey
from goals.labels import choices
from organisation.collation import DANISH
from organisation.models import Unit


class AnswerGroup(models.Model):
    """A part of those who are asked, known before they answer: an area, a school. Results are shown by it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="groups")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="answer_groups")
    code = models.CharField(_("kode"), max_length=40)  # in the open link: ?g=KODE
    name = models.CharField(_("navn"), max_length=120, db_collation=DANISH)
    position = models.PositiveSmallIntegerField(default=1)
    # How many were asked where there is no list of invitations, e.g. everybody in a home. None: not known.
    asked = models.PositiveIntegerField(_("antal spurgte"), null=True, blank=True)
    invited_before = models.PositiveIntegerField(default=0, editable=False)  # as `Survey.invited_before`

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("gruppe")
        constraints = [models.UniqueConstraint(fields=["survey", "code"], name="answer_group_code_once")]

    def __str__(self):
        return self.name


class Response(models.Model):
    """What one person answered, and the day. Of an anonymous survey nothing here leads to the person.

    The key is random: the order of keys is not the order of arrival, and `tick` writes the day's answers anew in
    shuffled order (ADR on anonymity). `answers`: question code -> what was chosen: an option's code, a number as
    text, a list of codes, or one of `kinds.BESIDE`. Free text is not here: see `Comment`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="responses", db_index=False)
    group = models.ForeignKey(
        AnswerGroup, models.SET_NULL, null=True, blank=True, related_name="responses", db_index=False
    )
    method = models.CharField(max_length=10, choices=choices(METHODS), default=Method.LINK)
    language = models.CharField(max_length=5, default="da")
    day = models.DateField()
    answers = models.JSONField(default=dict)
    is_pilot = models.BooleanField(default=False)
    is_repeated = models.BooleanField(default=False)  # the same as others on its day, over an open link
    is_shuffled = models.BooleanField(default=False)  # written anew in shuffled order

    class Meta:
        verbose_name = _("besvarelse")

    def __str__(self):
        return f"{self.survey_id}, {self.day:%d-%m-%Y}"


class Theme(models.Model):
    """What several comments are about; given by hand."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="themes")
    name = models.CharField(_("tema"), max_length=120, db_collation=DANISH)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tema")
        constraints = [models.UniqueConstraint(fields=["survey", "name"], name="theme_once")]

    def __str__(self):
        return self.name


class Comment(models.Model):
    """What somebody wrote in their own words. No key leads to the response it came with; never public.

    What looks like a CPR number is masked before it is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="comments")
    question_code = models.CharField(max_length=40)
    group = models.ForeignKey(AnswerGroup, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=choices(COMMENT_STATES), default=CommentState.HELD)
    # Why it is held: the words that look like a name, or "cpr".
    marks = models.JSONField(default=list, blank=True)
    themes = models.ManyToManyField(Theme, related_name="comments", blank=True)
    is_pilot = models.BooleanField(default=False)
    is_shuffled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("kommentar")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_text"),
        ]

    def __str__(self):
        return self.text[:80]

    LIMIT = TEXT_LIMIT


class Quote(models.Model):
    """A comment rewritten in other words so that it can be published; marked as rewritten wherever it is shown."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="quotes")
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="quotes")
    text = models.CharField(_("omskrevet citat"), max_length=500)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("citat")

    def __str__(self):
        return self.text
