"""How many goals last: what became of those in force on an earlier day, and what is new. Pure: no Django.

A goal is in force from the day it is adopted to the day before it is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GoalLife:
    """A goal's days, and the goal in its place."""

    id: int
    adopted: date
    closed: date | None = None
    replaced_by: int | None = None

    def in_force_on(self, day: date) -> bool:
        """Whether the goal counts on the day."""
        return self.adopted <= day and (self.closed is None or day < self.closed)


@dataclass(frozen=True, slots=True)
class Continuity:
    """Ids of goals: those of the earlier day, by what became of them, and those that came to since.

    `standing`, `replaced` and `closed` are all of the earlier day's. `new` are in force now, were not then, and are
    in nobody's place.
    """

    standing: tuple[int, ...]
    replaced: tuple[int, ...]
    closed: tuple[int, ...]
    new: tuple[int, ...]

    @property
    def then(self) -> int:
        """How many goals there were."""
        return len(self.standing) + len(self.replaced) + len(self.closed)


def continuity(lives: Iterable[GoalLife], *, since: date, today: date) -> Continuity:
    """What became of the goals in force on `since`, as it stands today; ids in the order given."""
    known = {life.id: life for life in lives}
    then = [life for life in known.values() if life.in_force_on(since)]
    gone = [life for life in then if not life.in_force_on(today)]
    in_place = _in_place_of(gone, known)
    before = {life.id for life in then}
    return Continuity(
        standing=tuple(life.id for life in then if life.in_force_on(today)),
        replaced=tuple(life.id for life in gone if life.replaced_by is not None),
        closed=tuple(life.id for life in gone if life.replaced_by is None),
        new=tuple(
            life.id
            for life in known.values()
            if life.in_force_on(today) and life.id not in before and life.id not in in_place
        ),
    )


def _in_place_of(gone: Iterable[GoalLife], known: dict[int, GoalLife]) -> set[int]:
    """Every goal in the place of one that is gone, directly or after others."""
    found: set[int] = set()
    waiting = [life.replaced_by for life in gone]
    while waiting:
        at = waiting.pop()
        if at is not None and at not in found:
            found.add(at)
            waiting += [known[at].replaced_by] if at in known else []
    return found
