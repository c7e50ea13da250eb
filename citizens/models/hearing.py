import uuid
from datetime import date

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from citizens.hearing_rules import is_taking
from citizens.kinds import HearingState, ProposalKind, ProposalState
from citizens.labels import HEARING_STATES, PROPOSAL_KINDS, PROPOSAL_STATES
from goals.labels import choices
from goals.models import Decision, Goal
from goals.models.goal import authorities_of
from organisation.collation import DANISH
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class HearingQuerySet(models.QuerySet["Hearing"]):
    """Hearings in the words of the field."""

    def visible_to(self, user, today: date):
        """Those that have opened, of the user's authorities; drafts where the user runs hearings."""
        opened = Q(authority__in=authorities_of(user, today)) & ~Q(state=HearingState.DRAFT)
        return self.filter(opened | Q(unit__in=Unit.objects.allowing(Permission.RUN_SURVEYS, user, today).values("pk")))

    def editable_by(self, user, today: date):
        """Those of units where the user runs surveys and hearings."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.RUN_SURVEYS, user, today))

    def public(self):
        """Those that everybody may read."""
        return self.exclude(state=HearingState.DRAFT)

    def for_list(self):
        """With who asks, and how many proposals are waiting and public, in one query."""
        states = {"waiting_count": ProposalState.WAITING, "public_count": ProposalState.PUBLISHED}
        counts = {name: Count("proposals", filter=Q(proposals__state=state)) for name, state in states.items()}
        return self.select_related("unit").annotate(**counts).order_by("-opens_on", "-pk")


class Hearing(models.Model):
    """A period in which everybody may say what they think of draft goals, and propose others."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="hearings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hearings", verbose_name=_("hvem spørger"))
    title = models.CharField(_("overskrift"), max_length=200, db_collation=DANISH)
    text = models.TextField(_("det spørger vi om"), blank=True)
    state = models.CharField(_("tilstand"), max_length=8, choices=choices(HEARING_STATES), default=HearingState.DRAFT)
    opens_on = models.DateField(_("åbner"))
    closes_on = models.DateField(_("sidste dag"))
    answer_by = models.DateField(_("svar senest"))
    goals = models.ManyToManyField(Goal, through="HearingGoal", related_name="hearings")
    # What remains when the rankings are deleted: see `citizens.hearing_rules.Ranks`; null where too few ranked.
    kept_ranks = models.JSONField(null=True, blank=True, editable=False)
    is_example = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = HearingQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-pk"]
        verbose_name = _("høring")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on"), answer_by__gte=F("closes_on")), name="hearing_days_in_order"
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == HearingState.DRAFT

    @property
    def is_answered(self) -> bool:
        return self.state == HearingState.ANSWERED

    def is_taking(self, today: date) -> bool:
        """Whether everybody may write, support and rank today."""
        return is_taking(HearingState(self.state), self.opens_on, self.closes_on, today)


class HearingGoal(models.Model):
    """A draft goal that a hearing is about."""

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="hearing_goals")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="hearing_goals")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("mål i høring")
        constraints = [models.UniqueConstraint(fields=["hearing", "goal"], name="hearing_goal_once")]

    def __str__(self):
        return str(self.goal)


class HearingTheme(models.Model):
    """What several said, and what the council answers; a goal may come of it."""

    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="themes")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("tema"), max_length=120, db_collation=DANISH)
    heard = models.TextField(_("det hørte vi"), blank=True)
    answer = models.TextField(_("svar"), blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="hearing_themes", verbose_name=_("beslutning")
    )
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="hearing_themes", verbose_name=_("blev til målet")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("tema i høring")
        constraints = [models.UniqueConstraint(fields=["hearing", "name"], name="hearing_theme_once")]

    def __str__(self):
        return self.name


class Proposal(models.Model):
    """A comment or a proposal at a hearing. Public once a moderator has published it; no sender is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="proposals")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="proposals")
    kind = models.CharField(max_length=8, choices=choices(PROPOSAL_KINDS), default=ProposalKind.COMMENT)
    text = models.TextField(_("tekst"))
    day = models.DateField()
    state = models.CharField(max_length=9, choices=choices(PROPOSAL_STATES), default=ProposalState.WAITING)
    hidden_reason = models.CharField(_("hvorfor den er skjult"), max_length=300, blank=True)
    theme = models.ForeignKey(HearingTheme, models.SET_NULL, null=True, blank=True, related_name="proposals")
    support = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-support", "day", "pk"]
        verbose_name = _("forslag")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="proposal_has_text"),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.HIDDEN) | ~Q(hidden_reason=""), name="proposal_hidden_with_reason"
            ),
        ]

    def __str__(self):
        return self.text[:80]


class Ranking(models.Model):
    """How somebody would rank the goals of a hearing: their keys, the most important first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="rankings")
    day = models.DateField()
    order = models.JSONField(default=list)

    class Meta:
        verbose_name = _("prioritering")

    def __str__(self):
        return f"{self.hearing_id}, {self.day:%d-%m-%Y}"
