from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal, authorities_of
from organisation.collation import DANISH
from organisation.models import Authority
from organisation.permissions import TABLE, Permission


def listed_by(user, today: date) -> list[int]:
    """Ids of the authorities whose list of service areas the user keeps."""
    keeping = TABLE[Permission.EDIT_AREAS]
    return sorted({one.authority_id for one in user.all_grants if one.role in keeping and one.holds_on(today)})


class ServiceAreaQuerySet(models.QuerySet["ServiceArea"]):
    """Service areas by who may see them."""

    def visible_to(self, user, today: date):
        """Everybody signed in to the authority sees its list."""
        return self.filter(authority__in=authorities_of(user, today))

    def editable_by(self, user, today: date):
        """Those of authorities whose list the user keeps."""
        return self.filter(authority__in=listed_by(user, today))

    def in_use(self, day: date):
        """Those that have not ended."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day))


class ServiceArea(models.Model):
    """What the authority does for citizens, by its own list: elderly care, roads. May lie under another."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="service_areas")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("hører under")
    )
    code = models.CharField(_("kode"), max_length=30)
    name = models.CharField(_("navn"), max_length=200, db_collation=DANISH)
    last_day = models.DateField(_("til og med"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ServiceAreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("serviceområde")
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="service_area_code_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="service_area_not_its_own_parent"),
        ]

    def __str__(self):
        return self.name


class GoalArea(models.Model):
    """That a goal is about a service area."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="goal_areas")
    area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="goal_areas", verbose_name=_("serviceområde"))

    class Meta:
        verbose_name = _("målets serviceområde")
        constraints = [models.UniqueConstraint(fields=["goal", "area"], name="goal_area_once")]

    def __str__(self):
        return f"{self.goal}: {self.area}"
