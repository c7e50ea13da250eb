"""Reads the rows of a file with units or people into lines with named cells. Pure: no Django.

A sheet is recognised by its header: `kode` and `navn` make a sheet of units, `brugernavn` one of people. The order
of the columns is free, unknown columns are left alone, and so are sheets without such a header.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol

MOST_LINES = 5_000
HEADER_WITHIN = 20


class FileKind(StrEnum):
    """What a line is about."""

    UNIT = "unit"
    PERSON = "person"


UNIT_COLUMNS = {
    "kode": "code",
    "enhedskode": "code",
    "navn": "name",
    "niveau": "kind",
    "hører under": "parent",
    "gælder fra": "valid_from",
    "gælder til": "valid_to",
    "gælder til og med": "valid_to",
    "udvalg": "body",
}
PERSON_COLUMNS = {
    "brugernavn": "username",
    "fornavn": "first_name",
    "efternavn": "last_name",
    "mail": "email",
    "e-mail": "email",
    "stilling": "title",
    "rolle": "role",
    "enhed": "unit",
    "fra": "first_day",
    "til": "last_day",
    "til og med": "last_day",
}
_NEEDED = {FileKind.UNIT: {"code", "name"}, FileKind.PERSON: {"username"}}
_COLUMNS = {FileKind.UNIT: UNIT_COLUMNS, FileKind.PERSON: PERSON_COLUMNS}


class SheetRows(Protocol):
    """A sheet as `organisation.sheets` reads it."""

    @property
    def name(self) -> str: ...

    @property
    def rows(self) -> Sequence[Sequence[object]]: ...


class SetupFileError(ValueError):
    """A file that holds neither units nor people. `key` is no_columns, no_lines or too_many_lines."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: where it stood, what it is about, and its cells as text by the names in code."""

    sheet: str
    number: int
    kind: FileKind
    cells: Mapping[str, str]

    def cell(self, name: str) -> str:
        """The text, empty where the column is missing."""
        return self.cells.get(name, "")

    def as_plain(self) -> list[object]:
        """The line in values that JSON can carry."""
        return [self.sheet, self.number, self.kind.value, dict(self.cells)]

    @classmethod
    def from_plain(cls, plain: Sequence[object]) -> "Line":
        """The line that `as_plain` gave."""
        sheet, number, kind, cells = plain
        if not isinstance(number, int) or not isinstance(cells, dict):
            raise TypeError("not a line")
        return cls(str(sheet), number, FileKind(str(kind)), cells)


def read_lines(sheets: Iterable[SheetRows]) -> list[Line]:
    """Every line of the sheets with units or people, units first; else SetupFileError."""
    lines: list[Line] = []
    has_header = False
    for sheet in sheets:
        header = _header(sheet.rows)
        if header is None:
            continue
        has_header = True
        lines.extend(_lines(sheet, *header))
        if len(lines) > MOST_LINES:
            raise SetupFileError("too_many_lines")
    if not has_header:
        raise SetupFileError("no_columns")
    if not lines:
        raise SetupFileError("no_lines")
    return sorted(lines, key=lambda line: line.kind is FileKind.PERSON)


def _header(rows: Sequence[Sequence[object]]) -> tuple[int, FileKind, dict[int, str]] | None:
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        names = [_column_name(cell) for cell in row]
        for kind in (FileKind.PERSON, FileKind.UNIT):
            columns = {place: _COLUMNS[kind][name] for place, name in enumerate(names) if name in _COLUMNS[kind]}
            if _NEEDED[kind] <= set(columns.values()):
                return at, kind, columns
    return None


def _column_name(cell: object) -> str:
    return re.sub(r"\s*\(.*\)", "", cell_text(cell)).strip().casefold()


def _lines(sheet: SheetRows, header: int, kind: FileKind, columns: Mapping[int, str]) -> Iterable[Line]:
    for number, row in enumerate(sheet.rows[header + 1 :], start=header + 2):
        cells = {name: cell_text(row[place]) if place < len(row) else "" for place, name in columns.items()}
        if any(cells.values()):
            yield Line(sheet.name, number, kind, cells)


def cell_text(cell: object) -> str:
    """The cell as somebody would type it: whole numbers without decimals, dates as 2026-08-14."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (float, Decimal)) and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split())


_DANISH_DATE = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")


def parse_day(text: str) -> date | None:
    """`14-08-2026`, `14.8.2026`, `14/8/2026` or `2026-08-14`; None for an empty text, else ValueError."""
    if not text:
        return None
    found = _DANISH_DATE.fullmatch(text)
    if found:
        day, month, year = (int(part) for part in found.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


def nearest(text: str, names: Mapping[str, str]) -> list[str]:
    """Up to three of the values whose key resembles the text, best first."""
    by_word = {word.casefold(): value for word, value in names.items()}
    close = get_close_matches(text.casefold(), by_word, n=6, cutoff=0.6)
    return list(dict.fromkeys(by_word[word] for word in close))[:3]
