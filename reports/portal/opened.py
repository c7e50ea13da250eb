"""An authority's open portal as a page needs it: what is shown, which figures are hidden, and as of which change."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest

from followup.models import FiguresChanged
from goals.models import Indicator
from organisation.models import Authority, AuthorityQuerySet, HistoryEntry, Portal, portal_of
from organisation.public import open_authority
from reports.opendata.hidden import Key, hidden_keys
from reports.portal.scope import left_out_ids, public_series

# As `reports.freshness`: every act writes one of the two, and of each the last few rows are added up.
LAST = 300
# By authority: as of which change, and what is hidden. One entry an authority, in the memory of the process.
_hidden: dict[int, tuple[tuple[Hashable, ...], frozenset[Key]]] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """The portal that a request asks for."""

    authority: Authority
    portal: Portal
    today: date
    left_out: frozenset[int]
    changes: tuple[Hashable, ...]  # another after every act

    @property
    def hidden(self) -> frozenset[Key]:
        """Series and last day of every figure that is withheld. Asked for anew only after something was changed."""
        kept = _hidden.get(self.authority.pk)
        if kept is None or kept[0] != self.changes:
            indicators = list(
                Indicator.objects.filter(authority=self.authority).order_by().values_list("pk", flat=True)
            )
            kept = _hidden[self.authority.pk] = (
                self.changes,
                frozenset(hidden_keys(indicators, public_series(self.portal))),
            )
        return kept[1]


def opened(request: HttpRequest, kode: str = "") -> Opened:
    """The portal that the address names; 404 when there is none, or it is not open.

    One query, two where units are left out.
    """
    authority = open_authority(request, kode, among=_with_changes())
    portal = portal_of(authority)
    sums = (authority.history_sum, authority.figures_sum)  # type: ignore[attr-defined]
    return _opened(portal, request.today, sums)  # type: ignore[attr-defined]


def previewed(portal: Portal, today: date) -> Opened:
    """The portal as it would be, open or not, for those who decide what it shows."""
    return _opened(portal, today, (object(),))


def _opened(portal: Portal, today: date, sums: tuple[Hashable, ...]) -> Opened:
    return Opened(portal.authority, portal, today, frozenset(left_out_ids(portal)), (*sums, portal.version, today))


def forget() -> None:
    """Let what is hidden be asked for anew."""
    _hidden.clear()


def _with_changes() -> AuthorityQuerySet:
    def last(table: str) -> RawSQL:
        rows = f"SELECT id FROM {table} WHERE authority_id = organisation_authority.id ORDER BY id DESC LIMIT {LAST}"
        return RawSQL(f"SELECT CAST(SUM(id) AS text) FROM ({rows}) AS last_rows", [], TextField())

    return Authority.objects.annotate(
        history_sum=last(HistoryEntry._meta.db_table), figures_sum=last(FiguresChanged._meta.db_table)
    )
