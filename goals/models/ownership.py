from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import OwnerState, ProposalState
from goals.labels import OWNER_STATES, PROPOSAL_STATES, choices
from goals.models.decision import Decision
from goals.models.fields import PeriodCodeField, ValueField
from goals.models.goal import Goal
from goals.models.series import Series
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class GoalOwnerQuerySet(models.QuerySet["GoalOwner"]):
    """Owners of cross-cutting goals."""

    def committed(self):
        """Those that stand by the goal."""
        return self.filter(state=OwnerState.COMMITTED)

    def answerable_by(self, user, today: date):
        """Those whose unit the user decides for."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.ADOPT_GOALS, user, today))


class GoalOwner(models.Model):
    """A unit, also of another authority, that shares a cross-cutting goal, and what it commits to in writing."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="owners")
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="shared_goals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shared_goals", verbose_name=_("enhed"))
    state = models.CharField(_("tilstand"), max_length=9, choices=choices(OWNER_STATES), default=OwnerState.INVITED)
    contribution = models.TextField(_("det bidrager vi med"), blank=True)
    resource = models.CharField(_("ressourcer"), max_length=300, blank=True)
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="owners", verbose_name=_("vores indikator")
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_goals",
        verbose_name=_("leder"),
    )
    reason = models.TextField(_("begrundelse"), blank=True)  # of a no or a withdrawal
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GoalOwnerQuerySet.as_manager()

    class Meta:
        ordering = ["authority__name", "unit__name"]
        verbose_name = _("deltager i tværgående mål")
        constraints = [
            models.UniqueConstraint(fields=["goal", "unit"], name="goal_owner_once"),
            models.CheckConstraint(
                condition=~Q(state=OwnerState.COMMITTED) | (~Q(contribution="") & Q(leader__isnull=False)),
                name="goal_owner_commits_in_writing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OwnerState.DECLINED, OwnerState.WITHDRAWN]) | ~Q(reason=""),
                name="goal_owner_leaves_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.goal}: {self.unit}"


class TargetProposal(models.Model):
    """A proposed new target of a shared goal. It becomes a target when every committed owner has agreed."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="target_proposals")
    series = models.ForeignKey(Series, models.CASCADE, related_name="target_proposals")
    period = PeriodCodeField(_("periode"))
    value = ValueField(_("måltal"))
    reason = models.CharField(_("begrundelse"), max_length=300)
    state = models.CharField(max_length=7, choices=choices(PROPOSAL_STATES), default=ProposalState.WAITING)
    proposed_by = models.ForeignKey(GoalOwner, models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        verbose_name = _("forslag til måltal")
        constraints = [
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=ProposalState.WAITING), name="target_proposal_one_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.series} {self.period}: {self.value}"


class ProposalAnswer(models.Model):
    """One owner's yes or no to a proposed target."""

    proposal = models.ForeignKey(TargetProposal, models.CASCADE, related_name="answers")
    owner = models.ForeignKey(GoalOwner, models.CASCADE, related_name="answers")
    is_yes = models.BooleanField()
    reason = models.CharField(_("begrundelse"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("svar på forslag")
        constraints = [models.UniqueConstraint(fields=["proposal", "owner"], name="proposal_answer_once")]

    def __str__(self):
        return f"{self.owner}: {self.is_yes}"


class Divergence(models.Model):
    """Two goals that pull apart, and which comes first by decision."""

    first = models.ForeignKey(Goal, models.CASCADE, related_name="before", verbose_name=_("går forud"))
    second = models.ForeignKey(Goal, models.CASCADE, related_name="after", verbose_name=_("kommer efter"))
    where = models.CharField(_("hvor de støder sammen"), max_length=300)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="divergences", verbose_name=_("beslutning")
    )

    class Meta:
        verbose_name = _("mål, der trækker hver sin vej")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="divergence_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="divergence_between_two"),
        ]

    def __str__(self):
        return f"{self.first} / {self.second}"
