"""What open data are made of, in plain values. Pure: no Django."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from goals.kinds import MissingReason, PriceLevel

# Why there is no number, as files and the API name it; the words are those of the pages.
REASONS = {
    MissingReason.NOT_DUE.value: "opgøres senere",
    MissingReason.WITHHELD.value: "skjult af hensyn til personer",
    MissingReason.NOT_APPLICABLE.value: "ikke relevant her",
    MissingReason.NOT_REPORTED.value: "ikke indberettet",
}


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "csvm": "application/csvm+json",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms the numbers may be used."""

    name: str
    url: str = ""


CC_BY = Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


@dataclass(frozen=True, slots=True)
class Publisher:
    """The authority whose numbers they are. Addresses are whole ones."""

    code: str
    name: str
    email: str
    licence: Licence
    home: str  # of its open data
    is_example: bool = False
    portal: str = "Åbne mål"  # what it calls its public pages


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """One indicator for one unit, and all that belongs to reading its numbers."""

    pk: int
    indicator_pk: int
    indicator_code: str
    indicator: str
    definition: str
    measure: str
    decimals: int
    direction: str
    frequency: str
    value_kind: str
    factor: int
    accumulates: bool
    source: str
    source_url: str
    licence: str  # empty: the publisher's
    note: str
    unit_pk: int
    unit_code: str
    unit: str
    baseline_period: str
    baseline_value: Decimal | None
    price_level: str = ""  # of an amount: current or fixed
    price_year: int | None = None  # of fixed prices

    @property
    def title(self) -> str:
        return f"{self.indicator}, {self.unit}"

    @property
    def measured_in(self) -> str:
        """`kr., faste priser, 2026-niveau`: the unit of measure, and of an amount which kroner."""
        words = {PriceLevel.CURRENT: "løbende priser", PriceLevel.FIXED: f"faste priser, {self.price_year}-niveau"}
        return f"{self.measure}, {words[PriceLevel(self.price_level)]}" if self.price_level else self.measure


@dataclass(frozen=True, slots=True)
class OpenValue:
    """The number of one period as everybody may see it: a value, or why there is none."""

    period: str
    period_name: str
    first: date
    last: date
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: str = ""
    is_provisional: bool = False
    is_corrected: bool = False
    corrected_from: Decimal | None = None
    is_example: bool = False


def citation(publisher: Publisher, what: str, day: date) -> str:
    """How the numbers are cited: `Kilde: Prøveby Kommune, Åbne mål: Fravær, Bakkeskolen. Hentet 10-08-2026.`"""
    return f"Kilde: {publisher.name}, {publisher.portal}{f': {what}' if what else ''}. Hentet {day:%d-%m-%Y}."


def terms_of(publisher: Publisher, series: OpenSeries | None) -> Licence:
    """The terms of the series, which may come from elsewhere, else the publisher's."""
    return Licence(series.licence) if series is not None and series.licence else publisher.licence
