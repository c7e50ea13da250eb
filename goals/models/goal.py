from datetime import date

from django.conf import settings
from django.db import connection, models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from goals.kinds import GoalKind, GoalState, OwnerState, Strength, TranslationState
from goals.labels import GOAL_KINDS, GOAL_STATES, STRENGTHS, choices
from goals.models.decision import Decision
from goals.owning import LEAST
from goals.walks import downward, upward
from organisation.collation import DANISH
from organisation.models import Authority, BodyLink, Unit
from organisation.permissions import Permission
from organisation.trees import above, below, placeholders

TREE = "goals_goal"
TAKING_PART = (OwnerState.INVITED, OwnerState.COMMITTED)  # of a cross-cutting goal's owners
# As long as the unit answers a goal that was sent down, and when its answer serves it, the unit sees it.
SEEN_BY_UNIT = [
    TranslationState.ASKED,
    TranslationState.ANSWERED,
    TranslationState.RETURNED,
    TranslationState.ACCEPTED,
]
SMART_FIELDS = ("specific", "measurable", "attractive", "realistic", "timed")


def authorities_of(user, today: date) -> list[int]:
    """Ids of the authorities where the user has any role today."""
    return sorted({grant.authority_id for grant in user.all_grants if grant.holds_on(today)})


class StrategyQuerySet(models.QuerySet["Strategy"]):
    """Strategies by who may see and change them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its strategies."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of bodies and units where the user edits goals."""
        return self.filter(owner_unit__in=Unit.objects.allowing(Permission.EDIT_GOALS, user, today))


class Strategy(models.Model):
    """The long direction goals are taken from, e.g. a development strategy to 2028."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="strategies")
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="strategies", verbose_name=_("vedtaget af eller for")
    )
    name = models.CharField(_("navn"), max_length=200, db_collation=DANISH)
    text = models.TextField(_("beskrivelse"), blank=True)
    first_year = models.PositiveSmallIntegerField(_("fra år"))
    last_year = models.PositiveSmallIntegerField(_("til og med år"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="strategies", verbose_name=_("vedtaget ved")
    )

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["-last_year", "name"]
        verbose_name = _("strategi")
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="strategy_years_in_order")
        ]

    def __str__(self):
        return self.name


def _visible(user, today: date) -> Q:
    """Adopted and closed goals, drafts of units where the person sees drafts, and those sent down to these units."""
    published = Q(authority__in=authorities_of(user, today), state__in=[GoalState.ADOPTED, GoalState.CLOSED])
    if not user.may_somewhere(Permission.SEE_DRAFTS, today):
        return published
    units = Unit.objects.allowing(Permission.SEE_DRAFTS, user, today).values("pk")
    sent = Goal.objects.filter(translations__unit__in=units, translations__state__in=SEEN_BY_UNIT).order_by()
    return published | Q(owner_unit__in=units) | Q(pk__in=sent.values("pk"))


class GoalQuerySet(models.QuerySet["Goal"]):
    """Goals in the words of the field."""

    def adopted(self):
        """Goals in force."""
        return self.filter(state=GoalState.ADOPTED)

    def cross_cutting(self):
        """Open goals that several units, here or elsewhere, may own together."""
        return self.filter(is_cross_cutting=True).exclude(state=GoalState.CLOSED)

    def owned_by_several(self):
        """Those where so many are committed that only all of them together change a target."""
        committed = Count("owners", filter=Q(owners__state=OwnerState.COMMITTED))
        return self.cross_cutting().annotate(committed_count=committed).filter(committed_count__gte=LEAST)

    def visible_to(self, user, today: date):
        """Adopted and closed goals of the user's authorities, and drafts where the user may see drafts."""
        return self.filter(_visible(user, today))

    def shared_with(self, user, today: date):
        """Cross-cutting goals that the person sees as such, also those of other authorities.

        Besides those that `visible_to` gives: where a unit of the person's authority is invited or committed. Before
        the goal is adopted only those see it who may see drafts of that unit. Who has left sees it no more. This shows
        the goal itself and what its owners are bound to (`/tvaergaaende/ID/`); everything else asks `visible_to`.
        """
        part = Q(owners__state__in=TAKING_PART)
        known = part & Q(
            owners__unit__authority__in=authorities_of(user, today), state__in=[GoalState.ADOPTED, GoalState.CLOSED]
        )
        shared = Goal.objects.filter(known)
        if user.may_somewhere(Permission.SEE_DRAFTS, today):
            units = Unit.objects.allowing(Permission.SEE_DRAFTS, user, today).values("pk")
            shared = Goal.objects.filter(known | (part & Q(owners__unit__in=units)))
        return self.filter(_visible(user, today) | Q(pk__in=shared.order_by().values("pk")), is_cross_cutting=True)

    def owned_in(self, authority):
        """Cross-cutting goals of the authority's own, and those that a unit of it takes part in."""
        taking_part = Goal.objects.filter(owners__state__in=TAKING_PART, owners__unit__authority=authority)
        own = Q(authority=authority) | Q(pk__in=taking_part.order_by().values("pk"))
        return self.filter(own, is_cross_cutting=True)

    def with_visibility(self, user, today: date):
        """All of them, `is_visible` saying which `visible_to` would keep."""
        return self.annotate(is_visible=Case(When(_visible(user, today), then=True), default=False))

    def with_ties(self, today: date):
        """All of them, with what `goals.chain_links.ties_of` asks: `owner_has_below` and `is_translated`."""
        children = Unit.objects.valid(today).filter(parent=OuterRef("owner_unit"))
        followed = BodyLink.objects.valid(today).filter(body=OuterRef("owner_unit"))
        accepted = Goal.objects.filter(
            pk=OuterRef("pk"),
            translations__state=TranslationState.ACCEPTED,
            translations__answer__state__in=[GoalState.DRAFT, GoalState.PROPOSED, GoalState.ADOPTED],
        )
        return self.annotate(owner_has_below=Exists(children) | Exists(followed), is_translated=Exists(accepted))

    def editable_by(self, user, today: date):
        """Goals of units where the user edits goals."""
        return self.filter(owner_unit__in=Unit.objects.allowing(Permission.EDIT_GOALS, user, today))

    def adoptable_by(self, user, today: date):
        """Goals of units where the user registers adoption and closing."""
        return self.filter(owner_unit__in=Unit.objects.allowing(Permission.ADOPT_GOALS, user, today))

    def below(self, *goals: "Goal", strictly: bool = False, going_up: bool = False):
        """The goals and all that serve them, directly or through others; `going_up`: as far as those go up."""
        ids, only = [goal.pk for goal in goals], "child.goes_up" if going_up else "TRUE"
        return self.filter(pk__in=below(TREE, placeholders(ids), ids, strictly=strictly, only=only))

    def above(self, *goal_ids: int, strictly: bool = False):
        """The goals and all they serve, up to the council's."""
        return self.filter(pk__in=above(TREE, placeholders(goal_ids), list(goal_ids), strictly=strictly))

    def upward(self, *goal_ids: int):
        """The goals and all they serve or help, also across authorities."""
        return self.filter(pk__in=upward(goal_ids))

    def downward(self, *goal_ids: int):
        """The goals and all that serve or help them, also across authorities."""
        return self.filter(pk__in=downward(goal_ids))

    def going_up(self):
        """Those that the levels above their unit follow: what is told upward of a unit's goals is told of these."""
        return self.filter(goes_up=True)

    def helpable_from(self, authority_id: int):
        """Goals that one of the authority's may help: its own open ones, and shared ones it takes part in.

        A goal of another authority is helped by invitation only: it is cross-cutting, and a unit of this authority is
        invited or committed.
        """
        taking_part = {"owners__unit__authority": authority_id, "owners__state__in": TAKING_PART}
        shared = self.model._default_manager.filter(is_cross_cutting=True, state=GoalState.ADOPTED, **taking_part)
        own = Q(authority=authority_id) & ~Q(state=GoalState.CLOSED)
        return self.filter(own | Q(pk__in=shared.values("pk")))

    def family(self, goal_id: int, most: int):
        """The goal, all it serves, and the first `most` goals in force that serve it directly, those going up first."""
        chain = above(TREE, "%s", [goal_id])
        sql = (
            f"SELECT id FROM ({chain.sql}) chain UNION ALL SELECT id FROM"
            f" (SELECT id FROM {TREE} WHERE parent_id = %s AND state = %s ORDER BY goes_up DESC, rank, id LIMIT %s)"
            " below"
        )
        # Beside many joins PostgreSQL would read every goal for an IN; an array is made first.
        found = f"= ANY(ARRAY({sql}))" if connection.vendor == "postgresql" else f"IN ({sql})"
        params = [*chain.params, goal_id, GoalState.ADOPTED.value, most]
        return self.filter(RawSQL(f"{TREE}.id {found}", params, models.BooleanField()))

    def search(self, words: str):
        """Goals whose title, short name, owner or wording holds the words."""
        return self.filter(
            Q(title__icontains=words)
            | Q(short_name__icontains=words)
            | Q(description__icontains=words)
            | Q(owner_unit__name__icontains=words)
        )


class Goal(models.Model):
    """What a body or unit wants to reach, and whom it serves above.

    Its level follows from the owner unit. It serves one goal (`parent`) and may contribute to more, also in other
    authorities. It becomes adopted and closed by a decision; history stays.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="goals")
    strategy = models.ForeignKey(
        Strategy, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("strategi")
    )
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="goals", verbose_name=_("ansvarlig enhed"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="serving", verbose_name=_("bidrager til")
    )
    assumption = models.CharField(
        _("vi tror at …"), max_length=300, blank=True, help_text=_("Hvordan målet hjælper det mål, det bidrager til")
    )
    strength = models.CharField(_("hvor sikkert"), max_length=6, choices=choices(STRENGTHS), default=Strength.MEDIUM)
    goes_up = models.BooleanField(
        _("vises opad"), default=True, help_text=_("Målet er et af dem, som niveauerne over enheden følger")
    )
    is_cross_cutting = models.BooleanField(_("tværgående"), default=False)
    contributes_to = models.ManyToManyField("self", through="Contribution", symmetrical=False, related_name="helpers")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("målansvarlig"),
    )
    code = models.CharField(_("kode"), max_length=60, blank=True, help_text=_("Kendes igen, når der indlæses filer"))
    title = models.CharField(_("mål"), max_length=300, db_collation=DANISH)
    short_name = models.CharField(_("kort navn"), max_length=60, help_text=_("Til tabeller og figurer"))
    description = models.TextField(_("uddybning"), blank=True)
    kind = models.CharField(_("art"), max_length=10, choices=choices(GOAL_KINDS), default=GoalKind.EFFECT)
    rank = models.PositiveIntegerField(_("prioritet"), default=1)
    state = models.CharField(_("tilstand"), max_length=10, choices=choices(GOAL_STATES), default=GoalState.DRAFT)
    specific = models.TextField(_("Specifik"), blank=True, help_text=_("Hvad vil vi konkret opnå?"))
    measurable = models.TextField(_("Målbar"), blank=True, help_text=_("Hvilke resultater viser, at målet er nået?"))
    attractive = models.TextField(
        _("Attraktiv"), blank=True, help_text=_("Hvorfor er målet vigtigt for borgerne og for faget?")
    )
    realistic = models.TextField(_("Realistisk"), blank=True, help_text=_("Har vi de ressourcer, der skal til?"))
    timed = models.TextField(_("Tidsbestemt"), blank=True, help_text=_("Hvornår skal målet være nået?"))
    adopted_by = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="adopted_goals")
    closed_by = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="closed_goals")
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("afløst af")
    )
    version = models.PositiveIntegerField(default=1)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = _("mål")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "code"], condition=~Q(code=""), name="goal_code_once_per_authority"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="goal_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(state__in=[GoalState.DRAFT, GoalState.PROPOSED]) | Q(adopted_by__isnull=False),
                name="goal_adopted_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state=GoalState.CLOSED) | Q(closed_by__isnull=False), name="goal_closed_by_decision"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(state=GoalState.CLOSED), name="goal_replaced_is_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "parent", "rank"], name="goal_tree"),
            models.Index(fields=["owner_unit", "state", "rank"], name="goal_of_unit"),
            models.Index(fields=["authority"], condition=Q(is_cross_cutting=True), name="goal_cross_cutting"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether the goal can still be changed: everything but closed."""
        return self.state != GoalState.CLOSED

    @property
    def is_adopted(self) -> bool:
        return self.state == GoalState.ADOPTED


class Contribution(models.Model):
    """A goal's help to a further goal than the one it serves, also across authorities."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="contributions")
    to_goal = models.ForeignKey(Goal, models.CASCADE, related_name="received", verbose_name=_("bidrager også til"))
    note = models.CharField(_("vi tror at …"), max_length=300, blank=True, help_text=_("Hvordan bidraget hjælper"))
    strength = models.CharField(_("hvor sikkert"), max_length=6, choices=choices(STRENGTHS), default=Strength.MEDIUM)

    class Meta:
        verbose_name = _("bidrag")
        constraints = [
            models.UniqueConstraint(fields=["goal", "to_goal"], name="contribution_once"),
            models.CheckConstraint(condition=~Q(goal=F("to_goal")), name="contribution_to_another"),
        ]

    def __str__(self):
        return f"{self.goal} → {self.to_goal}"
