"""The New York Mayor's Management Report as an authority: its rows in the format of `goals.loading`.

Agency → department, service → team below it, goal → goal, indicator → indicator and series. `ID` is the indicator's
code, since names repeat. Years are fiscal years; 2023 is October's year to date scaled to the whole year.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from goals.kinds import Direction, GoalState
from goals.loading import Loaded, load_goals
from goals.loading_rows import SheetKind
from goals.periods import PeriodKind
from organisation.actions.history import record
from organisation.danish import STORED_DECIMALS
from organisation.models import Authority, Unit, UnitKind, User
from organisation.sheets import read_sheets

Row = Mapping[str, str]
CODE, NAME = "NYC", "New York City"
YEARS = [str(year) for year in range(2016, 2024)]
TARGET_YEAR = "2023"
MISSING = "NA"
FIRST_DAY = date(2015, 7, 1)  # of the first fiscal year in the report
ADOPTED_ON = "2022-07-01"  # of the fiscal year the targets are for; the report names no day
REPORT = "Mayor's Management Report, fiscal year 2023"
SOURCE = "New York City Mayor's Management Report, NYC Comptroller"
SOURCE_URL = "https://github.com/NYCComptroller/agency-performance-staff-vacancies"
SOURCE_NOTE = "2023 er tal til og med oktober, omregnet til hele regnskabsåret."
NEEDED = ("ID", "Agency.Full.Name.y", "Service", "Goal", "Indicator", "Desired.Direction", "Critical", "Target.MMR")
_MEASURES = (
    (r"\(%\)", "pct."),
    (r"\(\$000,000\)", "mio. USD"),
    (r"\(\$000\)", "1.000 USD"),
    (r"\(\$\)", "USD"),
    (r"\((000,000|millions)\)|\(millions of", "mio."),
    (r"\(000\)", "1.000"),
    (r"\bdays\b", "dage"),
    (r"\bhours\b", "timer"),
    (r"\bminutes\b", "minutter"),
    (r"\bmonths\b", "måneder"),
)


class NotTheReport(ValueError):
    """A file without the report's columns. `missing` names the first that is not there."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


def read_report(content: bytes, filename: str) -> list[Row]:
    """The report's rows, by column."""
    header, *lines = read_sheets(content, filename).sheets[0].rows
    names = [str(name or "") for name in header]
    for name in (*NEEDED, *YEARS):
        if name not in names:
            raise NotTheReport(name)
    rows = (dict(zip(names, ("" if cell is None else str(cell) for cell in line), strict=False)) for line in lines)
    return [row for row in rows if row.get("ID")]


def _short(*texts: str) -> str:
    """A code that stays the same for the same words, wherever they stand in the file."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:10]


def agency_code(row: Row) -> str:
    """The department's code: agency numbers repeat, names do not."""
    return f"A-{_short(row['Agency.Full.Name.y'])}"


def unit_code(row: Row) -> str:
    """The team's code: one service of one agency."""
    return f"S-{_short(row['Agency.Full.Name.y'], row['Service'])}"


def goal_code(row: Row) -> str:
    """The goal's code: agencies may word goals alike."""
    return f"G-{_short(row['Agency.Full.Name.y'], row['Service'], row['Goal'])}"


def values_of(rows: Iterable[Row]) -> Iterator[tuple[str, str, str, str]]:
    """(indicator code, unit code, period, text as written) of every year, `NA` where there is none."""
    for row in rows:
        for year in YEARS:
            yield row["ID"], unit_code(row), year, row[year]


def measure_of(name: str) -> str:
    """The unit of measure an indicator's name tells of; else a count."""
    return next((unit for pattern, unit in _MEASURES if re.search(pattern, name)), "antal")


def decimals_of(row: Row) -> int:
    """The most decimals in the row's own data, at least 2: fewer could flip a verdict."""
    texts = (row[name] for name in (*YEARS, "Target.MMR"))
    return min(STORED_DECIMALS, max(2, *(_decimals(text) for text in texts)))


def _decimals(text: str) -> int:
    try:
        exponent = Decimal(text).normalize().as_tuple().exponent
    except InvalidOperation:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def sheets_of(rows: Sequence[Row]) -> dict[SheetKind, list[list[Any]]]:
    """The rows as the sheets of `goals.loading`."""
    return {
        SheetKind.GOALS: _goals(rows),
        SheetKind.INDICATORS: _indicators(rows),
        SheetKind.SERIES: _series(rows),
        SheetKind.TARGETS: _targets(rows),
    }


def _goals(rows: Sequence[Row]) -> list[list[Any]]:
    head = ["kode", "mål", "enhed", "prioritet", "tilstand", "vedtaget af", "vedtaget dato", "vedtaget henvisning"]
    table: list[list[Any]] = [head]
    ranks: dict[str, int] = {}
    for code, row in {goal_code(row): row for row in reversed(rows)}.items():
        unit = unit_code(row)
        ranks[unit] = ranks.get(unit, 0) + 1
        adopted = [GoalState.ADOPTED.value, CODE, ADOPTED_ON, REPORT]
        table.append([code, row["Goal"], unit, ranks[unit], *adopted])
    return table


def _indicators(rows: Sequence[Row]) -> list[list[Any]]:
    head = ["kode", "navn", "måleenhed", "decimaler", "retning", "opgøres", "kilde", "kildens adresse", "vilkår"]
    table: list[list[Any]] = [head]
    for row in rows:
        name = " ".join(row["Indicator"].split())
        direction = {"Up": Direction.HIGHER, "Down": Direction.LOWER}[row["Desired.Direction"]]
        source = [SOURCE, SOURCE_URL, "MIT"]
        known = [row["ID"], name, measure_of(name), decimals_of(row)]
        table.append([*known, direction.value, PeriodKind.YEAR.value, *source])
    return table


def _series(rows: Sequence[Row]) -> list[list[Any]]:
    table: list[list[Any]] = [["indikator", "enhed", "mål", "rækkefølge", "afgør status", "om tallene"]]
    ranks: dict[str, int] = {}
    for row in rows:
        goal = goal_code(row)
        ranks[goal] = ranks.get(goal, 0) + 1
        decides = "ja" if row["Critical"] == "Yes" else "nej"
        table.append([row["ID"], unit_code(row), goal, ranks[goal], decides, SOURCE_NOTE])
    return table


def _targets(rows: Sequence[Row]) -> list[list[Any]]:
    table: list[list[Any]] = [["indikator", "enhed", "periode", "måltal"]]
    for row in rows:
        if row["Target.MMR"] not in ("", MISSING):
            table.append([row["ID"], unit_code(row), TARGET_YEAR, Decimal(row["Target.MMR"])])
    return table


@transaction.atomic
def load_new_york(rows: Sequence[Row], *, by: User | None, now: datetime, dry_run: bool = False) -> Loaded:
    """Store the authority, its units, and through `load_goals` the rest: all of it or nothing."""
    authority, is_new = Authority.objects.get_or_create(code=CODE, defaults={"name": NAME})
    if is_new:
        record(authority, "created", authority=authority, by=by, now=now)
    _store_units(authority, rows, by=by, now=now)
    loaded = load_goals(authority, sheets_of(rows), by=by, now=now, dry_run=dry_run)
    if loaded.rejected or dry_run:
        transaction.set_rollback(True)
    return loaded


def _store_units(authority: Authority, rows: Sequence[Row], *, by: User | None, now: datetime) -> None:
    known = {unit.code: unit for unit in authority.units.all()}
    wanted = [(CODE, NAME, UnitKind.COUNCIL, None)]
    for row in rows:
        wanted.append((agency_code(row), row["Agency.Full.Name.y"], UnitKind.DEPARTMENT, CODE))
        wanted.append((unit_code(row), row["Service"], UnitKind.TEAM, agency_code(row)))
    for code, name, kind, parent in wanted:
        if code not in known:
            unit = Unit(authority=authority, code=code, name=_clipped(name), kind=kind, valid_from=FIRST_DAY)
            unit.parent = known[parent] if parent else None
            unit.save()
            known[code] = unit
            record(unit, "created", authority=authority, by=by, now=now)


def _clipped(name: str) -> str:
    longest = Unit._meta.get_field("name").max_length
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
