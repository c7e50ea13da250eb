"""Which figures are about so few people that the public does not get them (rules.md). Pure: no Django.

A figure counts people when its unit of measure is a word for them; a share is treated as if it did, since nobody says
what its numerator counts.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

LEAST = 4
# What people are counted in. Singular and plural, as units of measure are written.
PEOPLE = frozenset(
    """person personer borger borgere barn børn elev elever ung unge ældre kvinder mænd patient patienter pårørende
    medarbejder medarbejdere ansatte ledig ledige langtidsledige bruger brugere beboer beboere familie familier
    kursister studerende forældre anbragte hjemløse flygtninge modtagere ansøgere people persons clients children
    students inmates residents""".split()
)


class Figure(Protocol):
    """What is asked of a value."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A value on its own."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None




def counts_people(unit_of_measure: str) -> bool:
    """Whether the unit of measure is a word for people."""
    return unit_of_measure.strip().lower().rstrip(".") in PEOPLE


def is_few(count: Decimal | None) -> bool:
    """Whether so few are somebody: one, two or three. Nobody is nobody."""
    return count is not None and 0 < count < LEAST


def is_small(figure: Figure, unit_of_measure: str) -> bool:
    """Whether the value would tell about fewer than four people.

    Of a share: those counted, those not counted, or all of them.
    """
    if figure.numerator is not None and figure.denominator is not None:
        rest = figure.denominator - figure.numerator
        return is_few(figure.numerator) or is_few(rest) or is_few(figure.denominator)
    return counts_people(unit_of_measure) and is_few(figure.value)


def without_small(before: Decimal | None, unit_of_measure: str) -> Decimal | None:
    """What stood there before a correction, unless that is too few to tell."""
    return None if is_small(Plain(before), unit_of_measure) else before



