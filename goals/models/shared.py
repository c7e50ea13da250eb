"""What ties several owners to one goal, and where goals pull apart."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import GoalState, OwnerState, ProposalState
from goals.labels import OWNER_STATES, PROPOSAL_STATES, choices
from goals.models.decision import Decision
from goals.models.fields import PeriodCodeField, ValueField
from goals.models.goal import TAKING_PART, Goal, authorities_of
from goals.models.series import Series, Target
from organisation.models import Unit
from organisation.permissions import Permission


class GoalOwnerQuerySet(models.QuerySet["GoalOwner"]):
    """Owners of cross-cutting goals by where they stand, and who may see and answer for them."""

    def committed(self):
        """Those bound by the goal today."""
        return self.filter(state=OwnerState.COMMITTED)

    def taking_part(self):
        """Those committed or still invited."""
        return self.filter(state__in=TAKING_PART)

    def binding_targets_of(self, series_ids):
        """Those committed to open cross-cutting goals that any of the series measures: its targets are theirs."""
        shared = Goal.objects.cross_cutting().filter(goal_series__series__in=series_ids)
        return self.committed().filter(goal__in=shared.values("pk"))

    def shared_with(self, user, today: date):
        """Parts in goals that the person sees as shared; what was is part of it."""
        return self.filter(goal__in=Goal.objects.shared_with(user, today).values("pk"))

    def answerable_by(self, user, today: date):
        """Those of units where the person registers adoption: to commit and to withdraw binds the unit."""
        # Not `unit__in`: SQLite would begin with every unit below the user's, though hardly any shares a goal.
        allowed = Unit.objects.allowing(Permission.ADOPT_GOALS, user, today).filter(pk=OuterRef("unit"))
        return self.filter(Exists(allowed))


class GoalOwner(models.Model):
    """One of several owners of a cross-cutting goal, and what that unit has committed to in writing.

    The goal's own unit is an owner too. Units of other authorities take part by invitation.
    """

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="owners", verbose_name=_("mål"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shared_goals", verbose_name=_("enhed"))
    state = models.CharField(_("tilstand"), max_length=9, choices=choices(OWNER_STATES), default=OwnerState.INVITED)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_goals",
        verbose_name=_("leder"),
    )
    contribution = models.TextField(_("bidrag"), blank=True, help_text=_("Det, enheden forpligter sig til at gøre"))
    resource = models.CharField(_("ressource"), max_length=300, blank=True, help_text=_("Fx 2 årsværk og 0,5 mio. kr."))
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="shared_by", verbose_name=_("indikator")
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    note = models.TextField(_("besked til enheden"), blank=True, help_text=_("Det, I beder enheden om at bidrage med"))
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)
    reason = models.TextField(_("begrundelse"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GoalOwnerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ejer af et tværgående mål")
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "unit"], condition=Q(state__in=TAKING_PART), name="goal_owner_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=OwnerState.COMMITTED)
                | (
                    ~Q(contribution="")
                    & ~Q(resource="")
                    & Q(series__isnull=False, responsible__isnull=False, committed_at__isnull=False)
                ),
                name="goal_owner_commits_in_writing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OwnerState.DECLINED, OwnerState.WITHDRAWN]) | ~Q(reason=""),
                name="goal_owner_leaves_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="goal_owner_state")]

    def __str__(self):
        return f"{self.unit}: {self.goal}"


class TargetProposalQuerySet(models.QuerySet["TargetProposal"]):
    """Proposed targets by what has become of them."""

    def open(self):
        """Those that wait for an owner."""
        return self.filter(state=ProposalState.OPEN)

    def shared_with(self, user, today: date):
        """Those about a series that measures a goal which the person sees as shared."""
        goals = Goal.objects.shared_with(user, today).values("pk")
        return self.filter(Q(goal__in=goals) | Q(series__goal_series__goal__in=goals)).distinct()


class TargetProposal(models.Model):
    """A new target of a cross-cutting goal that waits for all its owners; one at a time of a series."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="target_proposals")
    series = models.ForeignKey(Series, models.CASCADE, related_name="target_proposals")
    period = PeriodCodeField(_("hvornår"))
    value = ValueField(_("måltal"), null=True, blank=True)
    low = ValueField(_("mindst"), null=True, blank=True)
    high = ValueField(_("højst"), null=True, blank=True)
    replaces = models.ForeignKey(Target, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("begrundelse"), max_length=300)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("besluttet ved")
    )
    state = models.CharField(_("tilstand"), max_length=8, choices=choices(PROPOSAL_STATES), default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey(GoalOwner, models.CASCADE, related_name="proposals")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TargetProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("forslag om nyt måltal")
        constraints = [
            models.UniqueConstraint(
                fields=["series"], condition=Q(state=ProposalState.OPEN), name="target_proposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, low__isnull=True, high__isnull=True)
                | Q(value__isnull=True, low__isnull=False, high__isnull=False, low__lte=F("high")),
                name="target_proposal_value_or_range",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="target_proposal_state")]

    def __str__(self):
        return f"{self.series} {self.period}"


class ProposalAnswer(models.Model):
    """What one owner says to a proposed target. It is said once."""

    proposal = models.ForeignKey(TargetProposal, models.CASCADE, related_name="answers")
    owner = models.ForeignKey(GoalOwner, models.CASCADE, related_name="answers")
    agrees = models.BooleanField(_("enig"))
    reason = models.CharField(_("begrundelse"), max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("svar på nyt måltal")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "owner"], name="proposal_answered_once_by_owner"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="proposal_refused_with_reason"),
        ]

    def __str__(self):
        return f"{self.proposal}: {self.owner_id}"


class DivergenceQuerySet(models.QuerySet["Divergence"]):
    """Divergences by who may see and change them."""

    def visible_to(self, user, today: date):
        """Those of the person's authorities, between goals that were adopted: everybody there sees both."""
        mine, seen = authorities_of(user, today), (GoalState.ADOPTED, GoalState.CLOSED)
        return self.filter(
            goal__authority__in=mine, other__authority__in=mine, goal__state__in=seen, other__state__in=seen
        )

    def in_force(self):
        """Those that still matter: both goals are in force."""
        return self.filter(goal__state=GoalState.ADOPTED, other__state=GoalState.ADOPTED)

    def of(self, *goal_ids: int):
        """Those that any of the goals is part of."""
        return self.filter(Q(goal__in=goal_ids) | Q(other__in=goal_ids))

    def of_unit(self, unit: Unit):
        """Those of the unit's own goals."""
        return self.filter(Q(goal__owner_unit=unit) | Q(other__owner_unit=unit))

    def with_goals(self):
        """With what a page tells of each: the goals, their owners, and the decision."""
        return self.select_related("goal__owner_unit", "other__owner_unit", "decision__body")

    def rankable_by(self, user, today: date):
        """Those where the person registers what is decided about both goals: neither side ranks itself first."""
        units = Unit.objects.allowing(Permission.ADOPT_GOALS, user, today)
        return self.visible_to(user, today).filter(goal__owner_unit__in=units, other__owner_unit__in=units)

    def editable_by(self, user, today: date):
        """Those where the person edits one of the goals."""
        units = Unit.objects.allowing(Permission.EDIT_GOALS, user, today)
        return self.visible_to(user, today).filter(Q(goal__owner_unit__in=units) | Q(other__owner_unit__in=units))


class Divergence(models.Model):
    """Two goals that pull different ways, and which goes first when they meet: a body decides that."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="divergences")
    other = models.ForeignKey(Goal, models.CASCADE, related_name="divergences_with", verbose_name=_("andet mål"))
    text = models.CharField(_("hvor de mødes"), max_length=500)
    first = models.ForeignKey(
        Goal, models.CASCADE, null=True, blank=True, related_name="goes_before", verbose_name=_("går forud")
    )
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="divergences")
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = DivergenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("modsatrettede mål")
        constraints = [
            # The lower key first: a pair is registered once, whichever goal one began from.
            models.CheckConstraint(condition=Q(goal__lt=F("other")), name="divergence_in_order"),
            models.UniqueConstraint(fields=["goal", "other"], name="divergence_once"),
            models.CheckConstraint(
                condition=Q(first__isnull=True, decision__isnull=True)
                # Said outright: a comparison with nothing is neither true nor false, and would pass.
                | (Q(decision__isnull=False, first__isnull=False) & (Q(first=F("goal")) | Q(first=F("other")))),
                name="divergence_ranked_by_decision",
            ),
        ]

    def __str__(self):
        return f"{self.goal} ↔ {self.other}"
