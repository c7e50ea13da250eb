"""What of an authority open data tell of: the portal's one rule (`reports.portal.scope`), asked by authority."""

from datetime import date

from django.db.models import QuerySet

from goals.models import Decision, GoalQuerySet, Series
from organisation.models import Authority, portal_of
from reports.models import Edition
from reports.opendata.kinds import Licence
from reports.portal import lists, scope
from reports.portal.opened import previewed


def public_goals(authority: Authority) -> GoalQuerySet:
    """The goals that are public, those closed among them."""
    return scope.public_goals(portal_of(authority))


def public_series(authority: Authority) -> QuerySet[Series]:
    """The series that are public."""
    return scope.public_series(portal_of(authority))


def public_decisions(authority: Authority, today: date) -> QuerySet[Decision]:
    """The register's open part: of bodies that are shown, and nothing that was treated behind closed doors."""
    return lists.public_decisions(previewed(portal_of(authority), today)).open_items()


def public_editions(authority: Authority, today: date) -> QuerySet[Edition]:
    """The reports that are published and not taken back, of bodies, units and goals that are shown."""
    return lists.public_editions(previewed(portal_of(authority), today))


def licence_of(authority: Authority) -> Licence:
    """The terms of all numbers that have none of their own."""
    portal = portal_of(authority)
    return Licence(portal.licence, portal.licence_url)


def contact_of(authority: Authority) -> str:
    """The mail address for questions about the data."""
    contact = portal_of(authority).contact
    return contact if "@" in contact and " " not in contact else authority.email
