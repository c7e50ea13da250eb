"""The usual fixed points of a Danish year, as data to start from. Pure: no Django."""

from dataclasses import dataclass
from datetime import date, timedelta

from followup.kinds import EventKind

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """One day, or several when there is a last day."""

    kind: EventKind
    title: str
    day: date
    last_day: date | None = None


def usual_fixed_points(year: int) -> list[FixedPoint]:
    """Budget and accounts by law and custom, and the usual school vacations; every one is for the authority to edit."""
    fixed = EventKind.FIXED_POINT
    return [
        FixedPoint(fixed, "Budgetopfølgning pr. 31/3", date(year, 3, 31)),
        FixedPoint(fixed, "Årsberetning", date(year, 4, 30)),
        FixedPoint(fixed, "Budgetopfølgning pr. 30/6", date(year, 6, 30)),
        FixedPoint(fixed, "Halvårsregnskab", date(year, 6, 30)),
        FixedPoint(fixed, "Budgetforslag", date(year, 9, 15)),
        FixedPoint(fixed, "Budgetopfølgning pr. 30/9", date(year, 9, 30)),
        FixedPoint(fixed, "Budget vedtaget", date(year, 10, 15)),
        _week_off("Vinterferie", year, 7),
        FixedPoint(EventKind.VACATION, "Sommerferie", _last_saturday_of_june(year), date.fromisocalendar(year, 32, 7)),
        _week_off("Efterårsferie", year, 42),
    ]


def _week_off(title: str, year: int, week: int) -> FixedPoint:
    """Monday to Friday of an ISO week."""
    return FixedPoint(
        EventKind.VACATION, title, date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 5)
    )


def _last_saturday_of_june(year: int) -> date:
    end = date(year, 6, 30)
    return end - timedelta(days=(end.weekday() - SATURDAY) % 7)
