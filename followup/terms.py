"""Council terms: four years from 1 January after the election. Pure: no Django."""

from dataclasses import dataclass
from datetime import date, timedelta

AN_ELECTION_YEAR = 2021
YEARS = 4
TUESDAY = 1


@dataclass(frozen=True, slots=True)
class Term:
    """A council term (valgperiode), both days included."""

    first: date
    last: date

    @property
    def election(self) -> date:
        """The day the term's council was elected."""
        return election_day(self.first.year - 1)

    def next(self) -> "Term":
        return term_of(self.last + timedelta(days=1))

    def previous(self) -> "Term":
        return term_of(self.first - timedelta(days=1))


def election_day(year: int) -> date:
    """The third Tuesday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(TUESDAY - first.weekday()) % 7 + 14)


def term_of(day: date) -> Term:
    """The term that holds the day."""
    start = day.year - (day.year - AN_ELECTION_YEAR - 1) % YEARS
    return Term(date(start, 1, 1), date(start + YEARS - 1, 12, 31))
