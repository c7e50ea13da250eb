"""The values of a synthetic authority, series by series, as rows of the measurement table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from random import Random

from django.db import connection

from followup.series import derive
from goals.periods import Period
from malstyring.scale.rows import write_rows
from malstyring.scale.shape import SeriesPlan
from organisation.danish import quantise_stored

FACTOR = 100
AHEAD = 30  # months from the last value to the target
COLUMNS = (
    "authority_id, series_id, period, period_end, value, numerator, denominator, missing, parts_present,"
    " parts_expected, comment, is_example, is_confirmed, entered_by_id, entered_at, approved_by_id, approved_at,"
    " version"
)


@lru_cache(maxsize=200_000)
def share_text(numerator: int, denominator: int) -> str:
    """The stored value of a ratio, as text."""
    return str(quantise_stored(derive(Decimal(numerator), Decimal(denominator), FACTOR)))


@dataclass(frozen=True, slots=True)
class Stored:
    """What rows need to know of a planned series once it is stored."""

    plan: SeriesPlan
    pk: int
    entered_by: int


def numbers_of(plan: SeriesPlan, count: int, random: Random) -> list[int]:
    """The series' numbers (numerators of a ratio): from its start toward its end, at its own pace, with noise."""
    step = (plan.end - plan.start) / (count - 1 + AHEAD) * plan.pace
    noise = max(abs(plan.end - plan.start) // 12, 1)
    most = plan.denominator or 10**9
    spread = 2 * noise + 1
    numbers = [
        min(max(int(plan.start + step * at) + int(random.random() * spread) - noise, 0), most) for at in range(count)
    ]
    numbers[0] = plan.start
    return numbers


class Writer:
    """Rows of one authority's values, with how each database wants them."""

    def __init__(self, authority_id: int, periods: Sequence[Period], *, approved_by: int, now: datetime) -> None:
        self.authority_id, self.approved_by = authority_id, approved_by
        self.periods = [(period.code, period.last.isoformat()) for period in periods]
        # As Django stores it: SQLite has no time zones and keeps the time in UTC.
        self.now = now.isoformat() if connection.vendor == "postgresql" else f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S}"

    def rows(self, one: Stored, numbers: Sequence[int]) -> Iterator[tuple[object, ...]]:
        """The approved values of a series, from the first period on."""
        plan = one.plan
        parts = len(plan.parts) or None
        entered_by = None if parts else one.entered_by
        approved_by = None if parts else self.approved_by
        for (code, last), number in zip(self.periods, numbers, strict=True):
            value, top, bottom = _texts(number, plan)
            yield (
                self.authority_id, one.pk, code, last, value, top, bottom, "", parts, parts, "", False, False,
                entered_by, self.now, approved_by, self.now, 1,
            )  # fmt: skip

    def draft(self, one: Stored, period: Period, number: int) -> tuple[object, ...]:
        """A value that is not approved."""
        value, top, bottom = _texts(number, one.plan)
        return (
            self.authority_id, one.pk, period.code, period.last.isoformat(), value, top, bottom, "", None, None, "",
            False, False, one.entered_by, self.now, None, None, 1,
        )  # fmt: skip


def _texts(number: int, plan: SeriesPlan) -> tuple[str, str | None, str | None]:
    if not plan.is_ratio:
        return str(number), None, None
    return share_text(number, plan.denominator), str(number), str(plan.denominator)


def write(rows: Iterable[tuple[object, ...]]) -> None:
    """Store rows of the measurement table."""
    write_rows("followup_measurement", COLUMNS, rows)
