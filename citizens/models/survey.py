from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.kinds import LEAST_SENSITIVE, LEAST_SHOWN, Anonymity, Audience, MeasureKind, QuestionKind, SurveyState
from citizens.labels import ANONYMITIES, ASSESSES, AUDIENCES, MEASURE_KINDS, QUESTION_KINDS, SURVEY_STATES
from goals.labels import choices
from goals.models import Goal, Series
from goals.models.fields import PeriodCodeField
from goals.models.goal import authorities_of
from goals.periods import parse_period
from organisation.collation import DANISH
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys in the words of the field."""

    def visible_to(self, user, today: date):
        """Those that have opened, of the user's authorities; earlier ones where the user runs surveys."""
        opened = Q(authority__in=authorities_of(user, today)) & ~Q(state__in=[SurveyState.DRAFT, SurveyState.PILOT])
        return self.filter(opened | Q(unit__in=Unit.objects.allowing(Permission.RUN_SURVEYS, user, today).values("pk")))

    def editable_by(self, user, today: date):
        """Those of units where the user runs surveys."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.RUN_SURVEYS, user, today))

    def readable_by(self, user, today: date):
        """Those of units where the user reads what citizens wrote in their own words."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.READ_COMMENTS, user, today))

    def enterable_by(self, user, today: date):
        """Those of units where the user keys in paper forms and interviews, and those that have such a unit's group."""
        units = Unit.objects.allowing(Permission.ENTER_ANSWERS, user, today).values("pk")
        of_groups = Survey.objects.filter(groups__unit__in=units)
        return self.filter(Q(unit__in=units) | Q(pk__in=of_groups.values("pk")))

    def count_by_state(self) -> dict[str, int]:
        """How many there are in each state."""
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def for_list(self):
        """With what the list shows: unit, goal, indicator, and `answered`, how many answers count."""
        counted = Q(responses__is_pilot=False)
        shown = self.select_related("unit", "goal", "series__indicator")
        return shown.annotate(answered=models.Count("responses", filter=counted)).order_by("-opens_on", "-pk")

    def finished(self):
        """Those whose answer to the citizens is published."""
        return self.filter(state=SurveyState.FINISHED)

    def counted(self):
        """Those that citizens have been able to answer."""
        return self.filter(state__in=[SurveyState.OPEN, SurveyState.CLOSED, SurveyState.FINISHED])


class Survey(models.Model):
    """Questions to those it is about, on a goal, an effort or a series, for some weeks; a later one may repeat it.

    What is kept of who answers, what for, and when it is deleted, is declared before it opens.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="surveys")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="surveys", verbose_name=_("ansvarlig enhed"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name=_("ansvarlig"),
    )
    title = models.CharField(_("overskrift"), max_length=200, db_collation=DANISH)
    titles = models.JSONField(
        _("overskrift på andre sprog"), default=dict, blank=True
    )  # the heading in further languages: {"en": "…"}
    intro = models.JSONField(_("indledning"), default=dict, blank=True)  # language -> what the citizen reads first
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name=_("om målet")
    )
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name=_("om indikatoren")
    )
    effort = models.CharField(_("om indsatsen"), max_length=200, blank=True)
    audience = models.CharField(
        _("hvem spørger vi"), max_length=10, choices=choices(AUDIENCES), default=Audience.CITIZEN
    )
    languages = models.JSONField(_("sprog"), default=list, blank=True)  # further than Danish: ["en"]
    state = models.CharField(_("tilstand"), max_length=8, choices=choices(SURVEY_STATES), default=SurveyState.DRAFT)
    # The earlier survey that this one repeats; questions with the same code and version are compared.
    previous = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="next")
    period = PeriodCodeField(_("gælder perioden"), blank=True)
    opens_on = models.DateField(_("åbner"), null=True, blank=True)
    closes_on = models.DateField(_("sidste dag"), null=True, blank=True)
    answer_by = models.DateField(_("borgerne får svar senest"), null=True, blank=True)
    anonymity = models.CharField(
        _("hvad gemmer vi om den, der svarer"),
        max_length=12,
        choices=choices(ANONYMITIES),
        default=Anonymity.ANONYMOUS,
    )
    purpose = models.CharField(_("formål"), max_length=200, blank=True, help_text=_("Fx gøre hjemmeplejen bedre"))
    is_sensitive = models.BooleanField(_("følsomt emne"), default=False)
    least_shown = models.PositiveSmallIntegerField(
        _("vis resultater fra"), default=LEAST_SHOWN, validators=[MinValueValidator(LEAST_SHOWN)]
    )
    addresses_until = models.DateField(_("mailadresser slettes"), null=True, blank=True)
    answers_until = models.DateField(_("svar slettes"), null=True, blank=True)
    contact = models.CharField(_("kontakt"), max_length=200, blank=True, help_text=_("Mail, der kan skrives til"))
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    has_open_link = models.BooleanField(_("alle med linket kan svare"), default=False)
    # Names the open link and the kiosk; no secret.
    slug = models.CharField(_("kort navn i adressen"), max_length=40, blank=True)
    is_one_a_screen = models.BooleanField(_("ét spørgsmål pr. skærm"), default=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Pseudonymous only: the two who may see which answers are whose, until the links are deleted.
    linkers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("må koble koder til personer")
    )
    reminder_asked_on = models.DateField(null=True, blank=True, editable=False)  # all who were invited, once
    # How many invitations without a group there were when they were deleted on the declared day.
    invited_before = models.PositiveIntegerField(default=0, editable=False)
    # What remains when the answers are deleted: the suppressed results as they were, see `citizens.results`.
    kept_results = models.JSONField(null=True, blank=True, editable=False)
    addresses_deleted_on = models.DateField(null=True, blank=True, editable=False)
    answers_deleted_on = models.DateField(null=True, blank=True, editable=False)
    is_example = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        verbose_name = _("undersøgelse")
        verbose_name_plural = _("undersøgelser")
        constraints = [
            models.UniqueConstraint(fields=["authority", "slug"], condition=~Q(slug=""), name="survey_slug_once"),
            models.CheckConstraint(
                condition=Q(goal__isnull=False) | Q(series__isnull=False) | ~Q(effort=""), name="survey_about_something"
            ),
            models.CheckConstraint(
                condition=Q(least_shown__gte=LEAST_SHOWN)
                & (Q(is_sensitive=False) | Q(least_shown__gte=LEAST_SENSITIVE)),
                name="survey_least_shown_only_raised",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="survey_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SurveyState.DRAFT, SurveyState.PILOT])
                | (
                    Q(
                        opens_on__isnull=False,
                        closes_on__isnull=False,
                        answer_by__isnull=False,
                        addresses_until__isnull=False,
                        answers_until__isnull=False,
                    )
                    & ~Q(purpose="")
                    & ~Q(period="")
                ),
                name="survey_declared_before_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(state=SurveyState.FINISHED) | Q(finished_at__isnull=False),
                name="survey_finished_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["authority", "state", "-opens_on"], name="survey_of_authority")]

    def __str__(self):
        return self.title

    @property
    def is_anonymous(self) -> bool:
        return self.anonymity == Anonymity.ANONYMOUS

    @property
    def is_open(self) -> bool:
        """Whether answers are taken and count."""
        return self.state == SurveyState.OPEN

    @property
    def period_end(self) -> date | None:
        """The last day of the period that the answers count for."""
        return parse_period(self.period).last if self.period else None

    @property
    def is_of_part(self) -> bool:
        """Whether answers end before the period does: what it measures is made of a part of the period."""
        return self.ends_early(self.closes_on)

    def ends_early(self, last_day: date | None) -> bool:
        """Whether the period is not over when the day is."""
        return last_day is not None and self.period_end is not None and last_day < self.period_end


class SurveyMeasure(models.Model):
    """The series that a closed survey writes a value of, and how it is made of one question's answers."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="measures")
    series = models.ForeignKey(Series, models.PROTECT, related_name="survey_measures", verbose_name=_("indikator"))
    question_code = models.CharField(_("spørgsmål"), max_length=40)
    kind = models.CharField(_("bliver til"), max_length=5, choices=choices(MEASURE_KINDS), default=MeasureKind.MEAN)
    share_options = models.JSONField(default=list, blank=True)  # option codes, or "4", "5" of a scale

    class Meta:
        verbose_name = _("indikator, som undersøgelsen måler")
        constraints = [
            models.UniqueConstraint(fields=["survey", "series"], name="survey_measure_once"),
            models.CheckConstraint(
                condition=~Q(kind=MeasureKind.SHARE) | ~Q(share_options=[]), name="survey_measure_share_of_something"
            ),
        ]

    def __str__(self):
        return f"{self.survey} → {self.series}"


class Questionnaire(models.Model):
    """One version of a survey's questions. Once answered it never changes: a changed question is a new version."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questionnaires")
    number = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    change_note = models.CharField(_("hvad er ændret"), max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("spørgeskema")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="questionnaire_number_once")]

    def __str__(self):
        return f"{self.survey}, version {self.number}"


class Question(models.Model):
    """One question. Texts are by language: `{"da": "…", "en": "…"}`; Danish is always there.

    `options`: `[{"code": "a", "text": {"da": "…"}}]` for single, multiple and ranking. `scale`: the words of a scale,
    worst first: `[{"da": "Meget utilfreds"}, …]`. `shown_if`: `{"question": code, "options": [codes]}`, or empty.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    # The same in every version and wave, so that answers can be compared.
    code = models.CharField(_("kode"), max_length=40)
    # Raised when the wording or the options changed: then earlier answers are another question's.
    wording = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("slags"), max_length=8, choices=choices(QUESTION_KINDS), default=QuestionKind.SCALE)
    assesses = models.CharField(_("vurderer"), max_length=11, choices=choices(ASSESSES), blank=True)
    text = models.JSONField(_("spørgsmål"), default=dict)
    help = models.JSONField(_("hjælp"), default=dict, blank=True)
    options = models.JSONField(default=list, blank=True)
    scale = models.JSONField(default=list, blank=True)
    shown_if = models.JSONField(default=dict, blank=True)
    is_required = models.BooleanField(_("skal besvares"), default=False)
    has_dont_know = models.BooleanField(_("ved ikke"), default=True)
    has_not_relevant = models.BooleanField(_("ikke relevant"), default=True)
    is_background = models.BooleanField(_("deler resultaterne op"), default=False)  # e.g. age: single only
    is_reversed = models.BooleanField(_("lav er god"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("spørgsmål")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once"),
            models.CheckConstraint(
                condition=Q(is_background=False) | Q(kind__in=[QuestionKind.SINGLE, QuestionKind.YES_NO]),
                name="question_background_is_single",
            ),
        ]

    def __str__(self):
        return str(self.text.get("da", self.code))
