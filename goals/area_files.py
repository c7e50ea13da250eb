"""A file with service areas: read, and told line by line what it would do. Pure: no Django.

The columns are `kode`, `navn`, `hører under` (the code of another area) and `til og med`, in any order. A file with
KLE numbers has no column for what an area lies under: the number says it (27.18.02 lies under 27.18).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from organisation.setup_files import SheetRows, cell_text, parse_day

MOST_LINES = 5_000
HEADER_WITHIN = 20
LONGEST_CODE, LONGEST_NAME = 30, 200
COLUMNS = {
    "kode": "code",
    "nr": "code",
    "nummer": "code",
    "emnenr": "code",
    "kle-nummer": "code",
    "kle-nr": "code",
    "navn": "name",
    "titel": "name",
    "emnetitel": "name",
    "serviceområde": "name",
    "hører under": "parent",
    "til og med": "last_day",
    "gælder til": "last_day",
}


class AreaFileError(ValueError):
    """A file without service areas. `key` is no_columns, no_lines or too_many_lines."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Outcome(StrEnum):
    """What storing does with a line."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Area:
    """A service area in plain values; `parent` is the code of the one it lies under."""

    name: str
    parent: str = ""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One row of the file as text. An empty cell changes nothing."""

    number: int
    code: str
    name: str = ""
    parent: str = ""
    last_day: str = ""

    def as_plain(self) -> list[object]:
        """The line in values that JSON can carry."""
        return [self.number, self.code, self.name, self.parent, self.last_day]

    @classmethod
    def from_plain(cls, plain: Sequence[object]) -> "AreaLine":
        """The line that `as_plain` gave."""
        number, *texts = plain
        if not isinstance(number, int) or len(texts) != 4:
            raise TypeError("not a line")
        return cls(number, *map(str, texts))


@dataclass(frozen=True, slots=True)
class Planned:
    """What comes of a line: the area as it will be and as it was, or the key of why it is refused."""

    line: AreaLine
    outcome: Outcome
    area: Area | None = None
    before: Area | None = None
    refusal: str = ""


def read_areas(sheets: Iterable[SheetRows]) -> list[AreaLine]:
    """Every line of the first sheet that has the columns; else AreaFileError."""
    for sheet in sheets:
        header = _header(sheet.rows)
        if header is not None:
            lines = list(_lines(sheet.rows, *header))
            if not lines:
                raise AreaFileError("no_lines")
            if len(lines) > MOST_LINES:
                raise AreaFileError("too_many_lines")
            return lines if "parent" in header[1].values() else _under_their_numbers(lines)
    raise AreaFileError("no_columns")


def _header(rows: Sequence[Sequence[object]]) -> tuple[int, dict[int, str]] | None:
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        names = [re.sub(r"\s*\(.*\)", "", cell_text(cell)).strip(" .").casefold() for cell in row]
        columns = {place: COLUMNS[name] for place, name in enumerate(names) if name in COLUMNS}
        if {"code", "name"} <= set(columns.values()):
            return at, columns
    return None


def _lines(rows: Sequence[Sequence[object]], header: int, columns: Mapping[int, str]) -> Iterator[AreaLine]:
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {name: cell_text(row[place]) if place < len(row) else "" for place, name in columns.items()}
        if any(cells.values()):
            yield AreaLine(number, **{"code": "", **cells})


def _under_their_numbers(lines: Sequence[AreaLine]) -> list[AreaLine]:
    codes = {line.code for line in lines}
    return [replace(line, parent=_nearest_above(line.code, codes)) for line in lines]


def _nearest_above(code: str, codes: set[str]) -> str:
    above = code.rpartition(".")[0]
    while above and above not in codes:
        above = above.rpartition(".")[0]
    return above


def plan(lines: Sequence[AreaLine], known: Mapping[str, Area]) -> list[Planned]:
    """What storing the lines would do to the areas known, by code. A line that is refused leaves the others alone."""
    planned = [_planned(line, known) for line in lines]
    seen: set[str] = set()
    for at, one in enumerate(planned):
        if one.line.code in seen and not one.refusal:
            planned[at] = _refused(one.line, "twice")
        seen.add(one.line.code)
    # To refuse one line may take away what another lies under.
    while misplaced := dict(_misplaced(planned, known)):
        planned = [_refused(one.line, misplaced[at]) if at in misplaced else one for at, one in enumerate(planned)]
    return planned


def _refused(line: AreaLine, key: str) -> Planned:
    return Planned(line, Outcome.REFUSED, refusal=key)


def _planned(line: AreaLine, known: Mapping[str, Area]) -> Planned:
    before = known.get(line.code)
    if key := _fault(line, before):
        return _refused(line, key)
    try:
        last_day = parse_day(line.last_day)
    except ValueError:
        return _refused(line, "bad_day")
    old = before or Area("")
    area = Area(line.name or old.name, line.parent or old.parent, last_day or old.last_day)
    if before is None:
        return Planned(line, Outcome.CREATED, area)
    return Planned(line, Outcome.UNCHANGED if area == before else Outcome.CHANGED, area, before)


def _fault(line: AreaLine, before: Area | None) -> str:
    if not line.code:
        return "no_code"
    if len(line.code) > LONGEST_CODE:
        return "long_code"
    if not line.name and before is None:
        return "no_name"
    if len(line.name) > LONGEST_NAME:
        return "long_name"
    return "itself" if line.parent == line.code else ""


def _misplaced(planned: Sequence[Planned], known: Mapping[str, Area]) -> Iterator[tuple[int, str]]:
    """Lines whose area would lie under one that is not there, or in the end under itself."""
    parents = {code: area.parent for code, area in known.items()}
    parents |= {one.line.code: one.area.parent for one in planned if one.area is not None}
    for at, one in enumerate(planned):
        if one.area is None:
            continue
        if one.area.parent and one.area.parent not in parents:
            yield at, "no_parent"
        elif _is_in_ring(one.line.code, parents):
            yield at, "ring"


def _is_in_ring(code: str, parents: Mapping[str, str]) -> bool:
    at, seen = parents[code], set[str]()
    while at and at != code and at not in seen:
        seen.add(at)
        at = parents.get(at, "")
    return at == code
