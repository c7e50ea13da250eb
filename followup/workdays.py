"""Which days are hverdage: all but Sundays and Danish public holidays. Saturday is one. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays

SUNDAY = 6
DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _public(year: int) -> Mapping[date, str]:
    """The public holidays of the law; Store Bededag is no longer one from 2024."""
    found = country_holidays("DK", years=year, language="da")
    return MappingProxyType({day: found[day] for day in sorted(found)})


@dataclass(frozen=True, slots=True)
class Workdays:
    """An authority's hverdage: the three days that are no public holidays, but are closed where it says so."""

    constitution_day_counts: bool = True
    christmas_eve_counts: bool = True
    new_years_eve_counts: bool = True

    @property
    def _closed(self) -> dict[tuple[int, int], str]:
        """Month and day of the authority's own closing days, with their names."""
        days = (
            ((6, 5), "Grundlovsdag", self.constitution_day_counts),
            ((12, 24), "Juleaftensdag", self.christmas_eve_counts),
            ((12, 31), "Nytårsaftensdag", self.new_years_eve_counts),
        )
        return {day: name for day, name, counts in days if not counts}

    def holidays(self, year: int) -> dict[date, str]:
        """The days of the year that are no hverdage for another reason than being a Sunday, with Danish names."""
        own = {date(year, month, day): name for (month, day), name in self._closed.items()}
        return dict(sorted((own | dict(_public(year))).items()))

    def holiday(self, day: date) -> str:
        """The name of the holiday that the day is; empty when it is none."""
        return _public(day.year).get(day) or self._closed.get((day.month, day.day), "")

    def is_hverdag(self, day: date) -> bool:
        """Whether the day counts when days are counted back from a meeting."""
        return day.weekday() != SUNDAY and not self.holiday(day)

    def before(self, day: date, count: int) -> date:
        """The `count`-th hverdag before the day; the day itself for 0."""
        for _ in range(count):
            day -= DAY
            while not self.is_hverdag(day):
                day -= DAY
        return day
