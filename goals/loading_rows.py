"""Reads the sheets of a file with goals into rows with named, typed cells. Nothing here looks in the database.

The columns are described in docs/file-formats.md. Their order is free; a blank cell leaves what is stored alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from goals import labels
from goals.periods import PeriodError, PeriodKind, parse_period
from organisation.danish import NumberError, parse_number, quantise_stored

HEADER_WITHIN = 20


class SheetKind(StrEnum):
    """The sheets of the format, by the name they carry in the file."""

    GOALS = "Mål"
    INDICATORS = "Indikatorer"
    SERIES = "Serier"
    TARGETS = "Måltal"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: where it stands, what was written, and the key of the sentence that says why."""

    sheet: str
    line: int
    column: str
    text: str
    key: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its filled cells by field, read; and the texts as they were written."""

    kind: SheetKind
    line: int
    cells: Mapping[str, Any]
    texts: Mapping[str, str]

    def get(self, field: str, default: Any = None) -> Any:
        """The cell, or the default where it is blank or the sheet has no such column."""
        return self.cells.get(field, default)

    def problem(self, field: str, key: str, *values: str) -> Problem:
        """A problem with one of the row's cells."""
        return Problem(self.kind, self.line, column_name(self.kind, field), self.texts.get(field, ""), key, values)


class CellError(ValueError):
    """A cell that cannot be read. `key` names the sentence."""

    def __init__(self, key: str, *values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values


Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, the field it fills, and how its cells are read."""

    name: str
    field: str
    read: Read
    is_required: bool = False


def text_of(cell: Any) -> str:
    """The cell as people would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | Decimal):
        number = Decimal(str(cell))
        return format(number.normalize(), "f").replace(".", ",")
    return " ".join(str(cell).split())


def prose(cell: Any) -> str:
    """A text with its own line breaks."""
    return cell.strip() if isinstance(cell, str) else text_of(cell)


def number(cell: Any) -> Decimal:
    """A number: typed in the workbook, or written in Danish."""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return quantise_stored(Decimal(str(cell)))
    try:
        value = parse_number(text_of(cell))
    except NumberError as error:
        raise CellError("number") from error
    if abs(value) >= Decimal(10) ** 15:
        raise CellError("number_large")
    return quantise_stored(value)


def whole(most: int = 32_767) -> Read:
    """A whole number from 0."""

    def read(cell: Any) -> int:
        value = number(cell)
        if value != value.to_integral_value() or not 0 <= value <= most:
            raise CellError("whole", str(most))
        return int(value)

    return read


def period(cell: Any) -> str:
    """A period's canonical code."""
    try:
        return parse_period(text_of(cell)).code
    except PeriodError as error:
        raise CellError("period") from error


def day(cell: Any) -> date:
    """A date: typed in the workbook, or written 2026-06-24 or 24-06-2026."""
    try:
        return parse_period(text_of(cell), PeriodKind.DAY).first
    except PeriodError as error:
        raise CellError("day") from error


def yes(cell: Any) -> bool:
    """`ja` or `x`, or `nej`."""
    text = text_of(cell).casefold()
    if text in ("ja", "x", "1", "true", "sand"):
        return True
    if text in ("nej", "0", "false", "falsk"):
        return False
    raise CellError("yes")


def codes(cell: Any) -> tuple[str, ...]:
    """Codes parted by semicolons."""
    return tuple(dict.fromkeys(code for part in text_of(cell).split(";") if (code := part.strip())))


def one_of(words: Mapping[Any, Any]) -> Read:
    """One of the words, in Danish or as stored."""

    def read(cell: Any) -> str:
        text = text_of(cell).casefold()
        for key, word in words.items():
            if text in (key.value.casefold(), str(word).casefold()):
                return key.value
        raise CellError("choice", ", ".join(f"”{word}”" for word in words.values()))

    return read


COLUMNS: dict[SheetKind, tuple[Column, ...]] = {
    SheetKind.GOALS: (
        Column("kode", "code", text_of, is_required=True),
        Column("mål", "title", text_of, is_required=True),
        Column("kort navn", "short_name", text_of),
        Column("enhed", "unit", text_of, is_required=True),
        Column("bidrager til", "parent", text_of),
        Column("bidrager også til", "contributes_to", codes),
        Column("strategi", "strategy", text_of),
        Column("målansvarlig", "responsible", text_of),
        Column("art", "kind", one_of(labels.GOAL_KINDS)),
        Column("prioritet", "rank", whole(1_000_000)),
        Column("tilstand", "state", one_of(labels.GOAL_STATES)),
        Column("uddybning", "description", prose),
        Column("specifik", "specific", prose),
        Column("målbar", "measurable", prose),
        Column("attraktiv", "attractive", prose),
        Column("realistisk", "realistic", prose),
        Column("tidsbestemt", "timed", prose),
        Column("vedtaget af", "adopted_body", text_of),
        Column("vedtaget dato", "adopted_date", day),
        Column("vedtaget henvisning", "adopted_reference", text_of),
        Column("loftet hævet af", "raised_body", text_of),
        Column("loftet hævet dato", "raised_date", day),
        Column("loftet hævet henvisning", "raised_reference", text_of),
        Column("afsluttet af", "closed_body", text_of),
        Column("afsluttet dato", "closed_date", day),
        Column("afsluttet henvisning", "closed_reference", text_of),
    ),
    SheetKind.INDICATORS: (
        Column("kode", "code", text_of, is_required=True),
        Column("navn", "name", text_of, is_required=True),
        Column("navn i sætning", "name_in_sentence", text_of),
        Column("definition", "definition", prose),
        Column("måleenhed", "unit_of_measure", text_of, is_required=True),
        Column("decimaler", "decimals", whole(8)),
        Column("retning", "direction", one_of(labels.DIRECTIONS)),
        Column("viser", "kind", one_of(labels.INDICATOR_KINDS)),
        Column("hvis indikator", "origin", one_of(labels.INDICATOR_ORIGINS)),
        Column("opgøres", "frequency", one_of(labels.PERIOD_KINDS)),
        Column("indberettes som", "value_kind", one_of(labels.VALUE_KINDS)),
        Column("gange med", "factor", whole(1_000_000)),
        Column("flere enheder", "unit_rollup", one_of(labels.UNIT_ROLLUPS)),
        Column("flere perioder", "time_rollup", one_of(labels.TIME_ROLLUPS)),
        Column("usikkerhed", "interval", one_of(labels.INTERVALS)),
        Column("tæller op gennem året", "accumulates", yes),
        Column("side i styringstrekanten", "side", one_of(labels.SIDES)),
        Column("prisniveau", "price_level", one_of(labels.PRICE_LEVELS)),
        Column("prisår", "price_year", whole()),
        Column("kilde", "source", text_of),
        Column("kildens adresse", "source_url", text_of),
        Column("vilkår", "licence", text_of),
    ),
    SheetKind.SERIES: (
        Column("indikator", "indicator", text_of, is_required=True),
        Column("enhed", "unit", text_of, is_required=True),
        Column("mål", "goals", codes),
        Column("rækkefølge", "rank", whole()),
        Column("afgør status", "is_prioritised", yes),
        Column("udgangspunktets periode", "baseline_period", period),
        Column("udgangspunkt", "baseline_value", number),
        Column("tolerance", "tolerance", number),
        Column("tolerancen er", "tolerance_kind", one_of(labels.TOLERANCES)),
        Column("vejen til måltallet", "path", one_of(labels.PATHS)),
        Column("dage til tallet findes", "reporting_lag_days", whole()),
        Column("beregnes af underliggende enheder", "is_rolled_up", yes),
        Column("om tallene", "source_note", text_of),
        Column("opgøres til og med", "last_day", day),
    ),
    SheetKind.TARGETS: (
        Column("indikator", "indicator", text_of, is_required=True),
        Column("enhed", "unit", text_of, is_required=True),
        Column("periode", "period", period, is_required=True),
        Column("måltal", "value", number),
        Column("mindst", "low", number),
        Column("højst", "high", number),
        Column("begrundelse", "reason", text_of),
        Column("besluttet af", "decided_body", text_of),
        Column("besluttet dato", "decided_date", day),
        Column("henvisning", "decided_reference", text_of),
    ),
}
# What a row is known by: no two rows of a sheet may share it.
KEYS: dict[SheetKind, tuple[str, ...]] = {
    SheetKind.GOALS: ("code",),
    SheetKind.INDICATORS: ("code",),
    SheetKind.SERIES: ("indicator", "unit"),
    SheetKind.TARGETS: ("indicator", "unit", "period"),
}


def column_name(kind: SheetKind, field: str) -> str:
    """The heading of the column that fills the field."""
    return next((column.name for column in COLUMNS[kind] if column.field == field), field)


def read_rows(kind: SheetKind, rows: Sequence[Sequence[Any]]) -> tuple[list[Row], list[Problem]]:
    """The sheet's rows that can be read, and what is wrong with the others. Line 1 is the file's first."""
    problems: list[Problem] = []
    found = _header(kind, rows)
    if found is None:
        wanted = ", ".join(column.name for column in COLUMNS[kind] if column.is_required)
        return [], [Problem(kind, 1, "", "", "no_header", (wanted,))]
    header_at, places = found
    problems.extend(_misspelt(kind, rows[header_at], header_at + 1))
    read: list[Row] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in enumerate(rows[header_at + 1 :], header_at + 2):
        if all(text_of(cell) == "" for cell in cells):
            continue
        row, wrong = _read_row(kind, line, cells, places)
        key = tuple(row.get(field) for field in KEYS[kind])
        if not wrong and key in seen:
            wrong = [row.problem(KEYS[kind][0], "twice", str(seen[key]))]
        seen.setdefault(key, line)
        problems.extend(wrong)
        if not wrong:
            read.append(row)
    return read, problems


def _heading(cell: Any) -> str:
    """The heading without its star and what stands in brackets: `Enhed (kode) *` is `enhed`."""
    return text_of(cell).split("(")[0].rstrip("* ").casefold()


def _header(kind: SheetKind, rows: Sequence[Sequence[Any]]) -> tuple[int, list[tuple[int, Column]]] | None:
    """Where the header row is, and which cell belongs to which column."""
    known = {column.name: column for column in COLUMNS[kind]}
    needed = {column.name for column in COLUMNS[kind] if column.is_required}
    for at, cells in enumerate(rows[:HEADER_WITHIN]):
        headings = [_heading(cell) for cell in cells]
        if needed <= set(headings):
            return at, [(place, known[heading]) for place, heading in enumerate(headings) if heading in known]
    return None


def _misspelt(kind: SheetKind, cells: Iterable[Any], line: int) -> Iterator[Problem]:
    """Headings that are nearly a column's: filled in, and silently left alone, would be a loss."""
    names = [column.name for column in COLUMNS[kind]]
    for cell in cells:
        heading = _heading(cell)
        if heading and heading not in names and (near := get_close_matches(heading, names, 1, 0.85)):
            yield Problem(kind, line, text_of(cell), text_of(cell), "heading", (near[0],))


def _read_row(
    kind: SheetKind, line: int, cells: Sequence[Any], places: Sequence[tuple[int, Column]]
) -> tuple[Row, list[Problem]]:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for place, column in places:
        cell = cells[place] if place < len(cells) else None
        text = texts[column.field] = text_of(cell)
        if not text and column.is_required:
            problems.append(Problem(kind, line, column.name, "", "required"))
        if not text:
            continue
        try:
            values[column.field] = column.read(cell)
        except CellError as error:
            problems.append(Problem(kind, line, column.name, text, error.key, error.values))
    return Row(kind, line, values, texts), problems
