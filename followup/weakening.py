"""When an arrow of an effect chain is weakened: the step before is on target, the one behind is not. Pure: no Django.

Only what is known counts: a step that is uncertain, late or without target weakens nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from followup.status import ON_COURSE, Light, worst

# The lights of one series by the last day of the periods it has values of.
Past = Mapping[date, Light]
OFF_COURSE = (Light.OFF_TRACK, Light.AT_RISK)
PERIODS = 2


def light_on(step: Sequence[Past], day: date | None = None) -> Light:
    """The step's light on a day, today when none is given: the worst of its series, each at its latest period then."""
    lights = (_latest(past, day) for past in step)
    return worst(light for light in lights) if step else Light.NO_DATA


def _latest(past: Past, day: date | None) -> Light:
    known = [end for end in past if day is None or end <= day]
    return past[max(known)] if known else Light.NO_DATA


def compared_on(before: Sequence[Past], after: Sequence[Past]) -> list[date]:
    """The last days of the last two periods that both steps can be compared at: those of the one that is seen less.

    Fewer than two when either has not been measured that often.
    """
    ends = [sorted({end for past in step for end in past})[-PERIODS:] for step in (before, after)]
    return min(ends, key=lambda days: (len(days), days))


def is_weakened(before: Sequence[Past], after: Sequence[Past]) -> bool:
    """Whether the step before is on target and the one behind is not, in two periods and still."""
    days = compared_on(before, after)
    return len(days) == PERIODS and all(
        light_on(before, day) in ON_COURSE and light_on(after, day) in OFF_COURSE for day in (*days, None)
    )
