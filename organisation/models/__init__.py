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
from organisation.models.unit import BodyLink, Unit, UnitKind, UnitQuerySet, is_unit_of

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
    "is_unit_of",
    "person_name",
    "portal_of",
]
