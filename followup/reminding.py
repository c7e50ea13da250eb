"""When somebody is reminded of a deadline. Pure: no Django, only dates.

A stage is a number of days counted from the deadline: negative before it, positive after.
"""

from datetime import date, timedelta

BEFORE = (-14, -3, 0)
FIRST = BEFORE[0]
ON_THE_DAY = BEFORE[-1]
FIRST_LATE = 1
WEEK = 7
COPY_FROM = 7  # from this stage on, the manager above gets a copy


def stage_at(days: int) -> int | None:
    """The latest stage reached so many days after the deadline; None earlier than the first."""
    if days >= WEEK:
        return days - days % WEEK
    if days >= FIRST_LATE:
        return FIRST_LATE
    return max((stage for stage in BEFORE if stage <= days), default=None)


def stage_due(deadline: date, today: date, since: date) -> int | None:
    """The stage a person should have heard of today; None when there is nothing to say yet.

    `since` is the first day the thing is asked for. Only the latest stage counts: after a pause of days one mail goes
    out, not several, and what is asked for late begins with the stage that it has reached.
    """
    return None if today < since else stage_at((today - deadline).days)


def horizon(today: date) -> date:
    """The last deadline that anybody hears of today."""
    return today + timedelta(days=-FIRST)


def is_copied(stage: int) -> bool:
    """Whether the manager above hears of it too."""
    return stage >= COPY_FROM
