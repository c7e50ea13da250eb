"""Who besides a leader sees the leader's personal goals, and how long they are kept. Pure: no Django."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

KEPT_YEARS = 2


def managers_of(leader: int, path: Sequence[int], leading: Mapping[int, AbstractSet[int]]) -> frozenset[int]:
    """The managers of a leader: those who today lead the nearest unit above that another than the leader leads.

    `path`: the unit the goal belongs to and those above it, nearest first. `leading`: by unit, who leads it today. A
    leader who no longer leads the unit has no manager there.
    """
    if leader not in leading.get(path[0], frozenset()):
        return frozenset()
    for unit in path[1:]:
        if others := leading.get(unit, frozenset()) - {leader}:
            return frozenset(others)
    return frozenset()


def is_forgotten(ended_on: date | None, due: date, today: date) -> bool:
    """Whether a personal goal is deleted: two years after it ended, or after it was due when nobody ended it.

    The day itself counts: what ended on 29 February goes on 1 March two years later.
    """
    return years_later(ended_on or due, KEPT_YEARS) <= today


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 1 March for a 29 February that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
