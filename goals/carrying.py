"""What a new series takes over from those of the units it follows after. Pure: no Django.

A share, a mean or a rate means the same in a larger or smaller unit; a count does not. So what the old ones agree on is
taken over, except of counts: those of a merged unit are added, and those of a split unit cannot be divided.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple


class Aim(NamedTuple):
    """A number to start from or to reach: a value, or both ends of a range."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def carried(aims: Sequence[Aim | None], *, is_count: bool, is_split: bool) -> Aim | None:
    """What the new series aims at, from what each of the old ones did (None: nothing). None: it must be set anew."""
    known = [aim for aim in aims if aim is not None]
    if not known or len(known) < len(aims) or (is_count and is_split):
        return None
    if not is_count:
        return known[0] if len(set(known)) == 1 else None
    value, low, high = (_added([getattr(aim, name) for aim in known]) for name in Aim._fields)
    is_whole = value is not None or (low is not None and high is not None)
    return Aim(value, low, high) if is_whole else None


def _added(numbers: Sequence[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if len(known) == len(numbers) else None


def carried_ceiling(ceilings: Iterable[int | None]) -> int | None:
    """How many goals to propose that a merged unit may have: the highest of the old ones' ceilings, never their sum."""
    return max((most for most in ceilings if most is not None), default=None)
