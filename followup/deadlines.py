"""The deadlines of a follow-up, counted backwards from its meeting, lowest level first. Pure: no Django."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from followup.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Distances:
    """How many hverdage before the meeting each thing is done."""

    entry: int = 15
    department: int = 13
    directorate: int = 12
    approval: int = 10
    conclusion: int = 7
    agenda: int = 4
    material: int = 3


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days of a follow-up in their order; each last day counts whole, to its end in Copenhagen."""

    opens: date
    entry: date  # institutions and teams have sent
    department: date
    directorate: date
    approval: date
    conclusion: date
    agenda: date
    material: date
    meeting: date

    def in_order(self) -> tuple[date, ...]:
        """Every day, the first first."""
        return tuple(asdict(self).values())


def deadlines(meeting: date, distances: Distances, workdays: Workdays, *, period_end: date) -> Deadlines:
    """The days before a meeting about a period.

    What would fall after the next step (an agenda set farther away than the conclusion) is moved to its day. Entry
    opens the day after the period, so that every number can be there, and never after its own deadline.
    """
    wanted = asdict(distances)
    days, following = {}, meeting
    for name in reversed(wanted):
        following = days[name] = min(workdays.before(meeting, wanted[name]), following)
    opens = min(period_end + timedelta(days=1), days["entry"])
    return Deadlines(opens=opens, meeting=meeting, **days)
