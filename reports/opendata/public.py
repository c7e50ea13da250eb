"""What of an authority the public may see, as far as open data ask: the one place that asks the portal's rule."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from goals.kinds import GoalState
from goals.models import Decision, Goal, GoalQuerySet, GoalSeries, Series
from organisation.models import Authority, Unit
from reports.opendata.kinds import CC_BY, Licence


def is_open(authority: Authority) -> bool:
    """Whether the authority shows the public anything."""
    return getattr(authority, "is_portal_open", True)


def public_units(authority: Authority, today: date) -> QuerySet[Unit]:
    """The units whose goals and numbers are shown."""
    return Unit.objects.filter(authority=authority)


def public_goals(authority: Authority, today: date) -> GoalQuerySet:
    """Goals in force of public units."""
    return Goal.objects.filter(
        authority=authority, state=GoalState.ADOPTED, owner_unit__in=public_units(authority, today).values("pk")
    )


def public_series(authority: Authority, today: date) -> QuerySet[Series]:
    """The series of public units that a public goal is measured by."""
    measured = GoalSeries.objects.filter(series=OuterRef("pk"), goal__in=public_goals(authority, today).values("pk"))
    return Series.objects.filter(
        Exists(measured), authority=authority, unit__in=public_units(authority, today).values("pk")
    )


def public_decisions(authority: Authority) -> QuerySet[Decision]:
    """The register's open part."""
    return Decision.objects.filter(authority=authority).open_items()


def licence_of(authority: Authority) -> Licence:
    """The terms of all numbers that have none of their own."""
    return CC_BY


def contact_of(authority: Authority) -> str:
    """The mail address for questions about the data."""
    return authority.email
