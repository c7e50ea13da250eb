from organisation.models.authority import Authority, AuthorityQuerySet
from organisation.models.history import HistoryEntry
from organisation.models.person import (
    AccessRequest,
    Membership,
    MembershipQuerySet,
    User,
    UserQuerySet,
    person_name,
)
from organisation.models.portal import Portal, PortalDepth, portal_of
from organisation.models.unit import BodyLink, Unit, UnitKind, UnitQuerySet

__all__ = [
    "AccessRequest",
    "Authority",
    "AuthorityQuerySet",
    "BodyLink",
    "HistoryEntry",
    "Membership",
    "MembershipQuerySet",
    "Portal",
    "PortalDepth",
    "Unit",
    "UnitKind",
    "UnitQuerySet",
    "User",
    "UserQuerySet",
    "person_name",
    "portal_of",
]
