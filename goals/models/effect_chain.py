from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.kinds import StepKind, Strength
from goals.labels import STEP_KINDS, STRENGTHS, choices
from goals.models.goal import Goal, authorities_of
from goals.models.series import Series
from organisation.models import Unit
from organisation.permissions import Permission


class ChainStepQuerySet(models.QuerySet["ChainStep"]):
    """Steps in the words of the field."""

    def in_order(self):
        """From what is put in to what it changes, external factors last."""
        place = models.Case(*(models.When(kind=kind, then=at) for at, kind in enumerate(StepKind)))
        return self.annotate(place=place).order_by("place", "position", "pk")


class ChainStep(models.Model):
    """One step of a goal's effect chain, with the series that show how it goes."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="chain_steps")
    kind = models.CharField(_("led"), max_length=8, choices=choices(STEP_KINDS))
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("tekst"), max_length=200)
    series = models.ManyToManyField(Series, related_name="chain_steps", blank=True, verbose_name=_("indikatorer"))
    version = models.PositiveIntegerField(default=1)

    objects = ChainStepQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "pk"]
        verbose_name = _("led i effektkæden")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="chain_step_has_text")]

    def __str__(self):
        return self.text


class Assumption(models.Model):
    """An arrow of an effect chain: why one step is thought to lead to the next, on what evidence."""

    from_step = models.ForeignKey(ChainStep, models.CASCADE, related_name="leads_to")
    to_step = models.ForeignKey(ChainStep, models.CASCADE, related_name="comes_of")
    text = models.CharField(_("vi tror at …"), max_length=300, blank=True)
    evidence = models.CharField(_("kilde"), max_length=300, blank=True)
    strength = models.CharField(_("hvor sikkert"), max_length=6, choices=choices(STRENGTHS), default=Strength.MEDIUM)
    is_feedback = models.BooleanField(_("virker tilbage"), default=False)  # the only arrows that may go in a ring
    # Set by the rule (rules.md): the step before is on target and the one after was not for two periods.
    weakened_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("antagelse")
        constraints = [
            models.UniqueConstraint(fields=["from_step", "to_step"], name="assumption_once"),
            models.CheckConstraint(condition=~Q(from_step=F("to_step")), name="assumption_between_two"),
        ]

    def __str__(self):
        return f"{self.from_step} → {self.to_step}"


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    """Workshops by who may see them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its workshops."""
        return self.filter(unit__authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of units where the user edits goals."""
        return self.filter(unit__in=Unit.objects.allowing(Permission.EDIT_GOALS, user, today))


class Workshop(models.Model):
    """Staff and politicians choose focus areas together: a link, a role, some days."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="workshops", verbose_name=_("enhed"))
    goal = models.ForeignKey(Goal, models.CASCADE, null=True, blank=True, related_name="workshops")
    title = models.CharField(_("overskrift"), max_length=200)
    token_hash = models.CharField(max_length=64, unique=True)
    closes_on = models.DateField(_("sidste dag"))
    votes_each = models.PositiveSmallIntegerField(_("stemmer til hver"), default=3)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_on", "-pk"]
        verbose_name = _("værksted")

    def __str__(self):
        return self.title


class FocusArea(models.Model):
    """What a workshop may gather the forces about."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="focus_areas")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("fokusområde"), max_length=200)
    is_chosen = models.BooleanField(default=False)
    # What it became; also when the goal has got other words since.
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="focus_areas")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("fokusområde")

    def __str__(self):
        return self.text


class WorkshopNote(models.Model):
    """A comment at a workshop, with the role of whoever wrote it; no name is asked for."""

    focus_area = models.ForeignKey(FocusArea, models.CASCADE, related_name="notes")
    role = models.CharField(_("rolle"), max_length=20)
    text = models.CharField(_("kommentar"), max_length=500)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("kommentar i værksted")

    def __str__(self):
        return self.text[:80]


class WorkshopVote(models.Model):
    """Votes of one role on a focus area: only the count is kept."""

    focus_area = models.ForeignKey(FocusArea, models.CASCADE, related_name="votes")
    role = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("stemmer")
        constraints = [models.UniqueConstraint(fields=["focus_area", "role"], name="workshop_vote_once_per_role")]

    def __str__(self):
        return f"{self.focus_area}: {self.count}"
