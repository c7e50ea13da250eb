"""Leaders' own goals. Who sees one is `goals.personal.managers_of` in SQL; a test holds the two together."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from goals.kinds import PersonalState
from goals.labels import PERSONAL_STATES, PERSONAL_VERBS, choices
from goals.models.goal import Goal
from organisation.leaders import LEADING
from organisation.models import Unit, User
from organisation.trees import below, placeholders

UNITS = "organisation_unit"
LEADS = f"role IN ({placeholders(LEADING)}) AND first_day <= %s AND (last_day IS NULL OR last_day >= %s)"


def _managed(asked: str, where: str, params: Sequence[Any], today: date, then: str) -> tuple[str, list[Any]]:
    """SELECT `asked` (personal, user_id) of the personal goals that fit `where` and their leaders' managers."""
    held = [*LEADING, today, today]
    sql = (
        "WITH RECURSIVE walk(personal, leader, at, depth) AS ("
        "SELECT own.id, own.leader_id, node.parent_id, 1 FROM goals_personalgoal own"
        f" JOIN {UNITS} node ON node.id = own.unit_id WHERE node.parent_id IS NOT NULL AND {where}"
        " AND EXISTS (SELECT 1 FROM organisation_membership leads"
        f" WHERE leads.user_id = own.leader_id AND leads.unit_id = own.unit_id AND {LEADS})"
        " UNION ALL SELECT walk.personal, walk.leader, node.parent_id, walk.depth + 1"
        f" FROM walk JOIN {UNITS} node ON node.id = walk.at WHERE node.parent_id IS NOT NULL),"
        " ranked(personal, user_id, place) AS ("
        "SELECT walk.personal, above.user_id, rank() OVER (PARTITION BY walk.personal ORDER BY walk.depth)"
        " FROM walk JOIN organisation_membership above ON above.unit_id = walk.at AND above.user_id <> walk.leader"
        " JOIN organisation_user person ON person.id = above.user_id AND person.is_active"
        f" WHERE {LEADS})"
        f" SELECT {asked} FROM ranked WHERE place = 1{then}"
    )
    return sql, [*params, *held, *held]


class PersonalGoalQuerySet(models.QuerySet["PersonalGoal"]):
    """Personal goals by who may see them: nobody's role in the table of permissions opens one."""

    def of_leader(self, user):
        """The person's own."""
        return self.filter(leader=user)

    def managed_by(self, user, today: date):
        """Those of the leaders whose manager the person is today.

        A manager leads the nearest unit above the goal's that somebody else than the leader leads. A leader who no
        longer leads the unit has no manager there.
        """
        mine = f"SELECT unit_id FROM organisation_membership WHERE user_id = %s AND {LEADS}"
        units = below(UNITS, mine, [user.pk, *LEADING, today, today], strictly=True)
        sql, params = _managed("personal", f"own.unit_id IN ({units.sql})", units.params, today, " AND user_id = %s")
        return self.filter(pk__in=RawSQL(sql, [*params, user.pk]))

    def visible_to(self, user, today: date):
        """The person's own, and those of the leaders whose manager the person is today."""
        managed = PersonalGoal.objects.managed_by(user, today).order_by().values("pk")
        return self.filter(Q(leader=user) | Q(pk__in=managed))

    def open(self):
        """Those still worked on."""
        return self.filter(state=PersonalState.OPEN)


class PersonalGoal(models.Model):
    """A leader's own goal, seen by the leader and the leader's manager only; never part of a report.

    What happens to it is kept in its own entries, never in the common history, and goes with it.
    """

    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="personal_goals")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="personal_goals", verbose_name=_("enhed"))
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="personal_goals", verbose_name=_("hører til målet")
    )
    title = models.CharField(_("mål"), max_length=300)
    text = models.TextField(_("uddybning"), blank=True)
    due_date = models.DateField(_("senest"))
    state = models.CharField(_("tilstand"), max_length=7, choices=choices(PERSONAL_STATES), default=PersonalState.OPEN)
    note = models.TextField(_("opfølgning"), blank=True)  # the latest
    created_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PersonalGoalQuerySet.as_manager()

    class Meta:
        ordering = ["state", "due_date", "pk"]
        verbose_name = _("personligt mål")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PersonalState.OPEN, ended_on__isnull=True)
                | (~Q(state=PersonalState.OPEN) & Q(ended_on__isnull=False)),
                name="personal_goal_ended_on_a_day",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="personal_goal_has_title"),
        ]

    def __str__(self):
        # A name that may be printed anywhere says nothing of what it is.
        return f"personligt mål {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == PersonalState.OPEN

    def managers(self, today: date) -> list[User]:
        """Who besides the leader sees it today, by name."""
        sql, params = _managed("user_id", "own.id = %s", [self.pk], today, "")
        return list(User.objects.filter(pk__in=RawSQL(sql, params)))


class PersonalEntry(models.Model):
    """One act on a personal goal: who, when and what. Seen by those who see the goal, and deleted with it."""

    personal_goal = models.ForeignKey(PersonalGoal, models.CASCADE, related_name="entries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=8, choices=choices(PERSONAL_VERBS))
    changes = models.JSONField(default=dict, blank=True)  # field -> [before, after], as text
    note = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=choices(PERSONAL_STATES), blank=True)  # where it was another

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("opfølgning på et personligt mål")

    def __str__(self):
        return f"{self.personal_goal}: {self.verb}"
