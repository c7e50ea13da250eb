from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from followup.models.round import Round
from goals.models import Closable, ClosableQuerySet, Decision, Goal, Series
from goals.models.goal import authorities_of
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class QuestionQuerySet(ClosableQuerySet):
    """Questions in the words of the field."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees that there is a question; a closed one only by its public title."""
        return self.filter(authority__in=authorities_of(user, today))

    def answerable_by(self, user, today: date):
        """Those given to the user, and those of units where the user answers; of closed ones only the readable."""
        units = Unit.objects.allowing(Permission.ANSWER_QUESTIONS, user, today).values("pk")
        above = (
            Q(goal__owner_unit__in=units)
            | Q(goal=None, series__unit__in=units)
            | Q(goal=None, series=None, body__in=units)
        )
        return self.visible_to(user, today).readable_by(user, today).filter(Q(assigned_to=user) | above)

    def readable(self, user, today: date) -> Q:
        """Who is to answer reads the question too, also a closed one."""
        return super().readable(user, today) | Q(assigned_to=user.pk)

    def for_lists(self, user, today: date):
        """With what lists print, and whether the user may read it."""
        shown = ("body", "goal", "series__indicator", "asked_by", "assigned_to", "answered_by")
        return self.select_related(*shown).with_readable(user, today)

    def unanswered(self):
        """Those that come back until they are answered."""
        return self.filter(answered_at__isnull=True)

    def late(self, today: date):
        """Unanswered ones whose deadline has passed."""
        return self.unanswered().filter(due_date__lt=today)


class Question(Closable):
    """A member's question about a goal or a figure; answered once, and read by all members of the body."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="questions")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="questions", verbose_name=_("udvalg"))
    goal = models.ForeignKey(
        Goal, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name=_("om målet")
    )
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name=_("om indikatoren")
    )
    text = models.TextField(_("spørgsmål"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="questions_asked")
    asked_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="questions_assigned", verbose_name=_("besvares af")
    )
    due_date = models.DateField(_("besvares senest"))
    answer = models.TextField(_("svar"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="questions_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta(Closable.Meta):
        abstract = False
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("spørgsmål")
        constraints = [
            *Closable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="question_answered_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
        ]
        indexes = [
            models.Index(fields=["assigned_to", "answered_at", "due_date"], name="question_of_person"),
            models.Index(fields=["body", "-asked_at"], name="question_of_body"),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    def is_late(self, today: date) -> bool:
        """Whether it should have been answered before today."""
        return not self.is_answered and self.due_date < today


class AgendaItemQuerySet(ClosableQuerySet):
    """Items by who may change them; who may read them follows the meeting's material."""

    def recordable_by(self, user, today: date):
        """Those of bodies for which the user writes agenda and decisions."""
        return self.filter(body__in=Unit.objects.allowing(Permission.RECORD_DECISIONS, user, today))


class AgendaItem(Closable):
    """One item on the agenda of a round's meeting: the case, what the administration proposes, and the outcome."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="agenda_items")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="agenda_items", verbose_name=_("udvalg"))
    round = models.ForeignKey(Round, models.CASCADE, related_name="agenda_items", verbose_name=_("opfølgning"))
    position = models.PositiveSmallIntegerField(_("punkt"), default=1)
    title = models.CharField(_("overskrift"), max_length=200)
    text = models.TextField(_("sagen kort"), blank=True)
    recommendation = models.TextField(_("indstilling"), blank=True)
    is_for_decision = models.BooleanField(_("til beslutning"), default=True)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="agenda_items", verbose_name=_("om målet")
    )
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="agenda_item", verbose_name=_("beslutning")
    )
    recommended_in = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommended_items",
        verbose_name=_("anbefalet i beslutningen"),
    )
    version = models.PositiveIntegerField(default=1)

    objects = AgendaItemQuerySet.as_manager()

    class Meta(Closable.Meta):
        abstract = False
        ordering = ["position", "pk"]
        verbose_name = _("punkt på dagsordenen")
        constraints = [*Closable.Meta.constraints]

    def __str__(self):
        return self.title
