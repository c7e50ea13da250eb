from datetime import date

from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import DocumentKind, GoalState
from goals.labels import DOCUMENT_KINDS, choices
from goals.models.decision import Decision
from goals.models.goal import Goal, GoalQuerySet, authorities_of
from organisation.collation import DANISH
from organisation.models import Authority, Unit
from organisation.permissions import Permission

SHOWN = (GoalState.ADOPTED, GoalState.CLOSED)


class SteeringDocumentQuerySet(models.QuerySet["SteeringDocument"]):
    """Steering documents by who may see them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority. The file itself comes along only where it is asked for."""
        return self.filter(authority__in=authorities_of(user, today)).defer("file")

    def editable_by(self, user, today: date):
        """Those of bodies whose decisions the user records."""
        return self.filter(body__in=Unit.objects.allowing(Permission.RECORD_DECISIONS, user, today))


class SteeringDocument(models.Model):
    """A document that already steers: a strategy, a budget agreement, a policy; its text need not be here."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="steering_documents")
    title = models.CharField(_("titel"), max_length=200, db_collation=DANISH)
    kind = models.CharField(_("art"), max_length=10, choices=choices(DOCUMENT_KINDS), default=DocumentKind.STRATEGY)
    body = models.ForeignKey(Unit, models.PROTECT, related_name="steering_documents", verbose_name=_("vedtaget af"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="steering_documents", verbose_name=_("beslutning")
    )
    decided_on = models.DateField(_("vedtaget"))
    url = models.URLField(_("adresse"), blank=True, validators=[URLValidator(schemes=["http", "https"])])
    filename = models.CharField(_("fil"), max_length=200, blank=True)
    file_kind = models.CharField(_("filtype"), max_length=4, blank=True)  # pdf or docx, by its content
    file = models.BinaryField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("sider"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SteeringDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "title"]
        verbose_name = _("styringsdokument")
        verbose_name_plural = _("styringsdokumenter")

    def __str__(self):
        return self.title


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Promises by who may see them, and by what became of them."""

    def visible_to(self, user, today: date):
        """Those of documents of the user's authorities."""
        return self.filter(document__authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of documents the user may change."""
        bodies = Unit.objects.allowing(Permission.RECORD_DECISIONS, user, today)
        return self.filter(document__body__in=bodies)

    def with_goals(self, goals: GoalQuerySet):
        """Each with `shown_goals`: those of the goals that were adopted."""
        shown = goals.filter(state__in=SHOWN).order_by("rank", "pk")
        return self.prefetch_related(models.Prefetch("goals", shown, to_attr="shown_goals"))

    def without_goals(self):
        """Those no goal has come of: a draft is none yet."""
        return self.exclude(pk__in=Promise.goals.through.objects.filter(goal__state__in=SHOWN).values("promise"))


class Promise(models.Model):
    """What a document promises on a page, and the goals it went into; without any it went nowhere yet."""

    document = models.ForeignKey(SteeringDocument, models.CASCADE, related_name="promises")
    page = models.PositiveSmallIntegerField(_("side"), validators=[MinValueValidator(1)])
    text = models.CharField(_("det lover dokumentet"), max_length=500)
    goals = models.ManyToManyField(Goal, related_name="promises", blank=True, verbose_name=_("mål"))

    version = models.PositiveIntegerField(default=1)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["page", "pk"]
        verbose_name = _("løfte")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="promise_has_text")]

    def __str__(self):
        return self.text[:80]
