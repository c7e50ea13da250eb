"""What tells one value from another: its series and the last day of its period. Pure: no Django."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date

Key = tuple[int, date]  # a series' id and the last day of a period
Days = Mapping[int, Set[date]]  # many of them: the last days by series


def by_series(keys: Iterable[Key]) -> dict[int, set[date]]:
    """The last days of each series."""
    days: dict[int, set[date]] = defaultdict(set)
    for series, last in keys:
        days[series].add(last)
    return dict(days)
