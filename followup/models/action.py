from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from followup.kinds import ActionState
from followup.labels import ACTION_STATES, WORKED
from goals.labels import choices
from goals.models import Decision, Goal, Series
from goals.models.goal import authorities_of
from organisation.models import Authority, Unit
from organisation.permissions import Permission


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions in the words of the field."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its actions."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of units where the user edits actions, and the user's own."""
        units = Unit.objects.allowing(Permission.EDIT_ACTIONS, user, today)
        return self.filter(Q(unit__in=units) | Q(owner=user)).filter(authority__in=authorities_of(user, today))

    def open(self):
        """Actions under way."""
        return self.filter(state=ActionState.OPEN)

    def about_goal(self, goal_id: int):
        """Those about the goal, or about a series it is measured by."""
        series = Series.objects.filter(goal_series__goal=goal_id)
        return self.filter(Q(goal=goal_id) | Q(series__in=series))

    def latest_first(self):
        """Open ones by due date, then what ended last."""
        is_over = Case(When(state=ActionState.OPEN, then=Value(0)), default=Value(1))
        return self.order_by(is_over, "-ended_at", "due_date", "pk")

    def for_list(self):
        """With what every list of actions shows."""
        return self.select_related("unit", "goal", "series__indicator", "owner")

    def overdue(self, today: date):
        """Open actions whose due date has passed."""
        return self.open().filter(due_date__lt=today)


class Action(models.Model):
    """What somebody does about a deviation or a decision before a day; at the end, whether it worked."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="actions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="actions", verbose_name=_("enhed"))
    goal = models.ForeignKey(
        Goal, models.CASCADE, null=True, blank=True, related_name="actions", verbose_name=_("for målet")
    )
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, blank=True, related_name="actions", verbose_name=_("for indikatoren")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("følger af")
    )
    meeting = models.ForeignKey(
        "BoardMeeting", models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("tavlemøde")
    )
    what = models.CharField(_("Hvad?"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="actions", verbose_name=_("Hvem?"))
    due_date = models.DateField(_("Hvornår?"))
    expected_effect = models.TextField(_("Hvad venter vi, at det fører til?"), blank=True)
    state = models.CharField(_("tilstand"), max_length=7, choices=choices(ACTION_STATES), default=ActionState.OPEN)
    worked = models.CharField(_("Virkede det?"), max_length=7, choices=choices(WORKED), blank=True)
    result = models.TextField(_("hvad der kom ud af det"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "pk"]
        verbose_name = _("handling")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ActionState.OPEN, ended_at__isnull=True)
                | (~Q(state=ActionState.OPEN) & Q(ended_at__isnull=False)),
                name="action_ended_when_not_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.DONE) | ~Q(worked=""), name="action_done_says_whether_it_worked"
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.DROPPED) | ~Q(result=""), name="action_dropped_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_date"], name="action_of_owner"),
            models.Index(fields=["authority", "state", "due_date"], name="action_of_authority"),
        ]

    def __str__(self):
        return self.what

    @property
    def is_open(self) -> bool:
        return self.state == ActionState.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.is_open and self.due_date < today
