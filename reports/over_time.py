"""How a set of goals stood at the end of each quarter, and what has changed in a year. Pure: no Django."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from followup.status import ON_COURSE, Light, count_lights

QUARTERS = 8
YEAR = 4  # quarters


class Quarter(NamedTuple):
    """The end of one quarter: its code, its last day, and how many goals had each light then."""

    code: str
    day: date
    counts: Mapping[Light, int]

    @property
    def on_course(self) -> int:
        return sum(self.counts.get(light, 0) for light in ON_COURSE)


def quarters_of(ends: Iterable[tuple[str, date]], lights_at: Callable[[date], Iterable[Light]]) -> tuple[Quarter, ...]:
    """The quarters in the order of time, each with the lights as they were at its end."""
    return tuple(Quarter(code, day, count_lights(lights_at(day))) for code, day in ends)


def change_in_a_year(quarters: Sequence[Quarter]) -> int | None:
    """How many goals more are on course than a year before; None where no goal had a light to compare with then."""
    if len(quarters) <= YEAR:
        return None
    now, then = quarters[-1], quarters[-1 - YEAR]
    without = (Light.NO_DATA, Light.NO_TARGET, Light.NOT_DUE)
    if all(light in without for light in then.counts):
        return None
    return now.on_course - then.on_course
