"""What of an authority open data tell of: the portal's one rule (`reports.portal.scope`), asked by authority."""

from django.db.models import QuerySet

from goals.models import Decision, GoalQuerySet, Series
from organisation.models import Authority, portal_of
from reports.models import Edition
from reports.opendata.kinds import Licence
from reports.portal import scope


def public_goals(authority: Authority) -> GoalQuerySet:
    """The goals that are public, those closed among them."""
    return scope.public_goals(portal_of(authority))


def public_series(authority: Authority) -> QuerySet[Series]:
    """The series that are public."""
    return scope.public_series(portal_of(authority))


def public_decisions(authority: Authority) -> QuerySet[Decision]:
    """The register's open part, of bodies whose level is shown."""
    bodies = scope.public_units(portal_of(authority)).order_by().values("pk")
    return Decision.objects.filter(authority=authority, body__in=bodies).open_items()


def public_editions(authority: Authority) -> QuerySet[Edition]:
    """The reports that are published and not taken back, of bodies whose level is shown."""
    bodies = scope.public_units(portal_of(authority)).order_by().values("pk")
    return Edition.objects.filter(
        report__round__authority=authority, report__round__body__in=bodies, withdrawn_at__isnull=True
    )


def licence_of(authority: Authority) -> Licence:
    """The terms of all numbers that have none of their own."""
    portal = portal_of(authority)
    return Licence(portal.licence, portal.licence_url)


def contact_of(authority: Authority) -> str:
    """The mail address for questions about the data."""
    contact = portal_of(authority).contact
    return contact if "@" in contact and " " not in contact else authority.email
