from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.collation import DANISH
from organisation.models.unit import Unit
from organisation.permissions import Grant, Permission, Role, Viewer, has_anywhere
from organisation.prepared import Prepared

ROLE_LABELS = {
    Role.POLITICIAN: _("politiker"),
    Role.MANAGER: _("leder"),
    Role.DIRECTOR: _("direktør"),
    Role.GOAL_CONSULTANT: _("målkonsulent"),
    Role.PROFESSIONAL: _("medarbejder"),
    Role.READER: _("læser"),
    Role.ADMINISTRATOR: _("administrator"),
}


def person_name(first: str, last: str, username: str) -> str:
    """What a person is called on pages; also where only the columns are read."""
    return f"{first} {last}".strip() or username


class UserQuerySet(models.QuerySet["User"]):
    """People, by where they belong."""

    def in_authority(self, authority):
        """Everybody who has or has had a role there."""
        return self.filter(memberships__unit__authority=authority).distinct()

    def manageable_by(self, user, today: date):
        """People with a role in a unit where the user may manage people."""
        units = Unit.objects.allowing(Permission.MANAGE_PEOPLE, user, today)
        return self.filter(memberships__unit__in=units).distinct()

    def wholly_manageable_by(self, user, today: date):
        """People whose every role, now or later, is where the user may manage people.

        Only they may be renamed, shut out or given a new password: whoever could do that to others would take
        over roles beyond the user's own reach.
        """
        units = Unit.objects.allowing(Permission.MANAGE_PEOPLE, user, today)
        beyond = Membership.objects.not_over(today).exclude(unit__in=units)
        return self.manageable_by(user, today).exclude(pk__in=beyond.values("user"))


class PersonManager(UserManager.from_queryset(UserQuerySet)):
    """Django's own manager with the words above."""


class User(AbstractUser):
    """A person who signs in. What the person may do comes from memberships only."""

    first_name = models.CharField(_("fornavn"), max_length=100, blank=True, db_collation=DANISH)
    last_name = models.CharField(_("efternavn"), max_length=100, blank=True, db_collation=DANISH)
    title = models.CharField(_("stilling"), max_length=100, blank=True)

    objects = PersonManager()

    class Meta:
        ordering = ["first_name", "last_name", "username"]
        verbose_name = _("person")

    def __str__(self):
        return person_name(self.first_name, self.last_name, self.username)

    @cached_property
    def all_grants(self) -> tuple[Grant, ...]:
        """Every membership of the person in plain values, read once per request."""
        return tuple(membership.as_grant() for membership in self.all_memberships)

    @cached_property
    def all_memberships(self) -> list["Membership"]:
        """Every membership with its unit and authority, read once per request."""
        found: list[Membership] = MEMBERSHIPS.objects(self.pk)
        for membership in found:
            membership.user = self
        return found

    def as_viewer(self, today: date) -> Viewer:
        """The person for prepared queries."""
        return Viewer(self.pk, tuple(grant for grant in self.all_grants if grant.holds_on(today)))

    def may_somewhere(self, permission: Permission, today: date) -> bool:
        """Whether the person has the permission for any unit today: for menus, never for an object."""
        return has_anywhere(permission, self.all_grants, on=today)

    def roles(self, today: date) -> set[Role]:
        """The person's roles today."""
        return {grant.role for grant in self.all_grants if grant.holds_on(today)}


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles at units, by date."""

    def current(self, day: date):
        """Those that count on the day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)

    def not_over(self, day: date):
        """Those that count on the day or a later one."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day))


class Membership(models.Model):
    """A person's role at a unit, from the first to the last day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("enhed"))
    role = models.CharField(_("rolle"), max_length=20, choices=list(ROLE_LABELS.items()))
    first_day = models.DateField(_("fra"))
    last_day = models.DateField(_("til og med"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("rolle")
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role", "first_day"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="membership_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}, {self.unit}"

    def as_grant(self) -> Grant:
        """The membership in the plain values of `permissions`."""
        return Grant(Role(self.role), self.unit_id, self.unit.authority_id, self.first_day, self.last_day)


MEMBERSHIPS = Prepared(
    lambda user_id: (
        Membership.objects.filter(user=user_id).select_related("unit__authority").order_by("first_day", "pk")
    )
)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Requests for another body's material."""

    def open(self, day: date):
        """Those that still open the material on the day."""
        return self.filter(last_day__gte=day)


class AccessRequest(models.Model):
    """A member's logged request for another body's material; it opens the material for a while."""

    user = models.ForeignKey(User, models.PROTECT, related_name="access_requests")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="access_requests")
    asked_at = models.DateTimeField()
    last_day = models.DateField()

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("anmodning om adgang")
        indexes = [models.Index(fields=["user", "body", "last_day"], name="access_request_open")]

    def __str__(self):
        return f"{self.user} → {self.body}"
