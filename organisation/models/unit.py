from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from organisation.collation import DANISH
from organisation.models.authority import Authority
from organisation.permissions import TABLE, Permission, Reach, Role, Viewer, allows
from organisation.trees import above, below, placeholders

TREE = "organisation_unit"


class UnitKind(models.TextChoices):
    """The level of a unit. The first three are bodies of elected members."""

    COUNCIL = "council", _("byråd")
    FINANCE_COMMITTEE = "finance_committee", _("økonomiudvalg")
    COMMITTEE = "committee", _("udvalg")
    EXECUTIVE_BOARD = "executive_board", _("direktion")
    DIRECTORATE = "directorate", _("forvaltning")
    DEPARTMENT = "department", _("afdeling")
    INSTITUTION = "institution", _("institution")
    TEAM = "team", _("team")


BODY_KINDS = (UnitKind.COUNCIL, UnitKind.FINANCE_COMMITTEE, UnitKind.COMMITTEE)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units in the words of the field."""

    def valid(self, day: date):
        """Units that exist on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def bodies(self):
        """The council and its committees."""
        return self.filter(kind__in=BODY_KINDS)

    def below(self, *units: "Unit", strictly: bool = False):
        """The units and everything that belongs under them."""
        ids = [unit.pk for unit in units]
        return self.filter(pk__in=below(TREE, placeholders(ids), ids, strictly=strictly))

    def above(self, *units: "Unit", strictly: bool = False):
        """The units and everything they belong under."""
        ids = [unit.pk for unit in units]
        return self.filter(pk__in=above(TREE, placeholders(ids), ids, strictly=strictly))

    def allowing(self, permission: Permission, user, today: date):
        """Units for which the user has the permission today: `permissions.allows` in SQL.

        Of a `Viewer` only the roles held today are asked for: every other reach is a walk of the tree for nothing.
        """
        held = {grant.role for grant in user.all_grants} if isinstance(user, Viewer) else Role
        groups: dict[Reach, list[Role]] = {}
        for role, reach in TABLE[permission].items():
            if role in held:
                groups.setdefault(reach, []).append(role)
        allowed = Q(pk__in=[])
        for reach, roles in groups.items():
            allowed |= self._reached(reach, roles, user, today)
        return self.filter(allowed)

    @staticmethod
    def _reached(reach: Reach, roles: Iterable[Role], user, today: date) -> Q:
        roles = list(roles)
        start = (
            "SELECT unit_id FROM organisation_membership WHERE user_id = %s"
            f" AND role IN ({placeholders(roles)}) AND first_day <= %s AND (last_day IS NULL OR last_day >= %s)"
        )
        params = [user.pk or 0, *roles, today, today]
        match reach:
            case Reach.AUTHORITY:
                return Q(authority__in=RawSQL(f"SELECT authority_id FROM {TREE} WHERE id IN ({start})", params))
            case Reach.UNIT:
                return Q(pk__in=RawSQL(start, params))
            case _:
                return Q(pk__in=below(TREE, start, params, strictly=reach is Reach.STRICTLY_BELOW))

    def reporting_to(self, body: "Unit", day: date):
        """The body and the units whose work it follows on the day.

        A unit reports where its own link says, else that of the nearest unit above; without any, to the council.
        """
        valid = "first_day <= %s AND (last_day IS NULL OR last_day >= %s)"
        bodies = placeholders(BODY_KINDS)
        sql = (
            "WITH RECURSIVE walk(id) AS ("
            f"SELECT id FROM {TREE} WHERE id = %s"
            f" UNION SELECT unit_id FROM organisation_bodylink WHERE body_id = %s AND {valid}"
            f" UNION SELECT child.id FROM {TREE} child JOIN walk ON child.parent_id = walk.id"
            f" WHERE child.kind NOT IN ({bodies})"
            f" AND NOT EXISTS (SELECT 1 FROM organisation_bodylink WHERE unit_id = child.id AND {valid}))"
            " SELECT id FROM walk"
        )
        return self.filter(pk__in=RawSQL(sql, [body.pk, body.pk, day, day, *BODY_KINDS, day, day]))


class Unit(models.Model):
    """A node in one authority's tree: from council to team. A reorganisation ends units, it never rewrites them."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("hører under")
    )
    kind = models.CharField(_("niveau"), max_length=20, choices=UnitKind)
    code = models.CharField(_("kode"), max_length=40, help_text=_("Kendes igen, når der indlæses filer"))
    name = models.CharField(_("navn"), max_length=150, db_collation=DANISH)
    position = models.PositiveIntegerField(_("rækkefølge"), default=0)
    valid_from = models.DateField(_("gælder fra"))
    valid_to = models.DateField(_("gælder til og med"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("enhed")
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="unit_code_once_per_authority"),
            models.UniqueConstraint(
                fields=["authority"], condition=Q(kind="council"), name="unit_one_council_per_authority"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_body(self) -> bool:
        """Whether elected members sit here."""
        return self.kind in BODY_KINDS

    def rights_of(self, user, today: date) -> frozenset[Permission]:
        """Everything the user may do to the unit today, in one query."""
        path, grants = self.path_ids(), user.all_grants
        return frozenset(
            permission
            for permission in Permission
            if allows(permission, grants, authority_id=self.authority_id, unit_path=path, on=today)
        )

    def path_ids(self) -> list[int]:
        """The unit's own id and those above it, nearest first."""
        parents = dict(Unit.objects.above(self).values_list("pk", "parent_id"))
        path, at = [], self.pk
        while at is not None and at in parents:
            path.append(at)
            at = parents[at]
        return path

    def permissions_of(self, person: Viewer, today: date, path: str) -> frozenset[Permission]:
        """What the person may do here today: `allowing` for one unit, without visiting all that is below.

        `path`: the ids of the unit and of all above it, as `trees.path_text` gives them.
        """
        path_ids = sorted(map(int, path.split(",")), key=lambda pk: pk != self.pk)
        return frozenset(
            permission
            for permission in Permission
            if allows(permission, person.all_grants, authority_id=self.authority_id, unit_path=path_ids, on=today)
        )


def is_unit_of(authority_id: int) -> models.Exists:
    """Whether a row's `unit` is the authority's: as `unit__authority`, for tables of which few rows are asked for.

    Joined, SQLite would begin with every unit of the authority.
    """
    return models.Exists(Unit.objects.filter(pk=models.OuterRef("unit"), authority=authority_id))


class BodyLinkQuerySet(models.QuerySet["BodyLink"]):
    """Links between the administration and the elected bodies."""

    def valid(self, day: date):
        """Links that count on the day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)


class BodyLink(models.Model):
    """From when to when an administrative unit, and what is below it, reports to a body."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="body_links")
    body = models.ForeignKey(Unit, models.PROTECT, related_name="reporting_links", verbose_name=_("udvalg"))
    first_day = models.DateField(_("fra"))
    last_day = models.DateField(_("til og med"), null=True, blank=True)

    objects = BodyLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "first_day"], name="body_link_once_per_day"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="body_link_dates_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.unit} → {self.body}"
