"""Which kroner an amount is in: what an indicator must say, and which amounts may be held together. Pure: no Django."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goals.kinds import PriceLevel

FIRST_YEAR, LAST_YEAR = 1950, 2100
# `kr.`, `mio. kr.`, `t.kr.`, `kr./elev`, `kroner pr. borger`, `1.000 kr`; not `krav`.
_MONEY = re.compile(r"(?<![a-zæøå])(?:kr|tkr|mkr|kroner|krone|dkk|euro|eur)(?![a-zæøå])|€", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prices:
    """The kroner of an amount: a level, with the year of fixed prices; no level where nobody has said it."""

    level: PriceLevel | None
    year: int | None = None


class PriceFault(StrEnum):
    """What is wrong with what an indicator says of its prices."""

    NEEDS_LEVEL = "needs_level"  # an amount that does not say which kroner
    NEEDS_YEAR = "needs_year"  # fixed prices of no year
    HAS_YEAR = "has_year"  # a year without fixed prices
    ODD_YEAR = "odd_year"
    NOT_MONEY = "not_money"


def is_money(unit_of_measure: str) -> bool:
    """Whether the unit of measure is one of money."""
    return _MONEY.search(unit_of_measure) is not None


def prices_of(unit_of_measure: str, level: str, year: int | None) -> Prices | None:
    """The kroner of an indicator's amounts; None where it does not count money."""
    if not level and not is_money(unit_of_measure):
        return None
    return Prices(PriceLevel(level) if level else None, year)


def price_fault(unit_of_measure: str, level: str, year: int | None) -> tuple[str, PriceFault] | None:
    """The field of an indicator that is wrong, and in what way; None when its prices are well said."""
    if level and not is_money(unit_of_measure):
        return "price_level", PriceFault.NOT_MONEY
    if not level and is_money(unit_of_measure):
        return "price_level", PriceFault.NEEDS_LEVEL
    if level == PriceLevel.FIXED and year is None:
        return "price_year", PriceFault.NEEDS_YEAR
    if level != PriceLevel.FIXED and year is not None:
        return "price_year", PriceFault.HAS_YEAR
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return "price_year", PriceFault.ODD_YEAR
    return None


def are_comparable(amounts: Iterable[Prices]) -> bool:
    """Whether amounts may be compared or added: one is; several are when all are in the same known kroner."""
    amounts = list(amounts)
    return len(amounts) < 2 or (len(set(amounts)) == 1 and amounts[0].level is not None)
