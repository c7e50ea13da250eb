"""A table as the importer sees it: what was recognised, and its values one by one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from followup.readers.cells import CellReader, Locale, is_blank, locale_of, text_of
from followup.readers.columns import Note, Roles, find_roles
from followup.readers.layout import Layout, extent, find_layout
from followup.readers.marks import Dash, is_dash, status_reason
from goals.kinds import MissingReason
from goals.periods import Period, PeriodError, parse_column
from organisation.danish import is_ambiguous
from organisation.sheets import Cell, File, FileProblem, Range, Row, Sheet

_EXACT = Context(prec=200)  # adding never rounds


class Problem(NamedTuple):
    """Why a value cannot be read, and the text and column that it stands in."""

    key: str
    text: str
    column: str


class ReadValue(NamedTuple):
    """One cell of values: a number, missing with a reason, or neither and a problem.

    With a problem the cell is not to be used, though `value` may be readable: its row may lack a period. `line` is
    the row's number in the sheet; `measure` is what is counted, the heading without its period.
    """

    line: int
    column: str
    measure: str
    labels: dict[str, str]
    period: Period | None
    text: str
    value: Decimal | None
    missing: MissingReason | None
    problem: Problem | None


@dataclass(slots=True)
class Totals:
    """What a whole table adds up to; the sum is exact, before any rounding for storage."""

    values: int = 0
    sum: Decimal = Decimal(0)
    missing: dict[MissingReason, int] = field(default_factory=dict)
    problems: int = 0


# A row of data: its number, cells with labels filled down, and its period or why it has none.
_Line = tuple[int, Row, Period | None, Problem | None]
_LABELS_KEPT = 10_000  # different rows of labels whose texts are kept


class Table:
    """A table read from a sheet. Iterating over `values()` reads the cells; nothing is kept."""

    def __init__(self, layout: Layout, roles: Roles, rows: list[Row], readers: dict[int, CellReader]) -> None:
        self._layout, self._roles, self._rows, self._readers = layout, roles, rows, readers
        names = roles.names
        self.layout: Literal["long", "wide"] = "wide" if roles.periods else "long"
        self.header_rows = layout.header_rows
        self.headers = names
        self.preamble, self.footnotes = layout.preamble, layout.footnotes
        self.label_columns = [names[index] for index in roles.labels]
        self.period_column = None if roles.period is None else names[roles.period]
        self.value_columns = [names[index] for index in roles.values]
        self._periods = self._read_periods()
        found = {one for one in self._found_periods() if isinstance(one, Period)}
        self.periods = [period.code for period in sorted(found)]
        kinds = sorted({period.kind.value for period in found})
        self.period_kind: str | None = kinds[0] if len(kinds) == 1 else None
        if len(kinds) > 1:
            roles.notes.append(Note("mixed_periods", {"kinds": kinds}))
        locales = Counter(reader.locale for reader in readers.values())
        self.locale: Locale = locales.most_common(1)[0][0] if locales else "da"

    @cached_property
    def rows(self) -> int:
        """How many rows of data there are, blank ones left out."""
        return sum(1 for row in self._rows[self._layout.start : self._layout.end] if extent(row))

    @property
    def notes(self) -> list[Note]:
        """What the reader chose or noticed."""
        return [*self._roles.notes, *self._cell_notes]

    def _read_periods(self) -> dict[Cell, Period | PeriodError]:
        """Every different cell of the period column, read together: a column decides what `2011-12` is."""
        if self._roles.period is None:
            return {}
        column = self._roles.period
        rows = self._rows[self._layout.start : self._layout.end]
        different = dict.fromkeys(row[column] for row in rows if column < len(row))
        cells = [cell for cell in different if not is_blank(cell)]
        return dict(zip(cells, parse_column([text_of(cell) for cell in cells]), strict=True))

    def _found_periods(self) -> Iterator[Period | PeriodError]:
        yield from self._periods.values()
        yield from self._roles.periods.values()
        if self._roles.fixed_period:
            yield self._roles.fixed_period

    def values(self) -> Iterator[ReadValue]:
        """Every cell of the value columns, row by row; a row without a readable period gives its cells as problems.

        Rows with the same labels may share one `labels`: it is not to be changed.
        """
        names, roles = self._roles.names, self._roles
        columns = [
            (index, names[index], roles.measures[index], roles.periods.get(index), self._readers[index])
            for index in roles.values
        ]
        labels_of: Callable[[Row], Any] = itemgetter(*roles.labels) if roles.labels else lambda _cells: ()
        described: dict[Any, dict[str, str]] = {}
        make = ReadValue._make  # two thirds of the time that a call takes
        for number, cells, row_period, row_problem in self._lines():
            key = labels_of(cells)
            labels = described.get(key)
            if labels is None:
                if len(described) == _LABELS_KEPT:
                    described.clear()
                labels = described[key] = {names[index]: text_of(cells[index]) for index in roles.labels}
            for index, name, measure, period, reader in columns:
                text, value, missing, wrong = reader[cells[index]]
                problem = row_problem or (Problem(wrong, text, name) if wrong else None)
                if missing and not text and roles.status is not None:
                    missing = status_reason(text_of(cells[roles.status]))
                yield make((number, name, measure, labels, period or row_period, text, value, missing, problem))

    def label_texts(self) -> dict[str, list[str]]:
        """The different texts of each label column, in order."""
        rows = [cells for _number, cells, _period, _problem in self._lines()] if self._roles.values else []
        found = {}
        for index in self._roles.labels:
            different = dict.fromkeys([cells[index] for cells in rows])
            found[self._roles.names[index]] = list(dict.fromkeys(map(text_of, different)))
        return found

    def _lines(self) -> Iterator[_Line]:
        layout, roles = self._layout, self._roles
        width, filled_down, column = layout.width, roles.filled_down, roles.period
        above: Row = [None] * width
        period = roles.fixed_period
        for number, row in enumerate(self._rows[layout.start : layout.end], layout.start + 1):
            if not any(row) and not extent(row):
                continue
            cells, problem = row, None
            if len(row) < width:
                cells = row + [""] * (width - len(row))
            elif len(row) > width:
                problem = self._too_wide(row)
            if filled_down:
                above = cells = self._filled_down(cells, above)
            if column is not None:
                read = self._periods.get(cells[column])
                if isinstance(read, Period):
                    period = read
                else:
                    period, problem = None, problem or self._period_problem(cells[column], read)
            yield number, cells, period, problem

    def _filled_down(self, cells: Row, above: Row) -> Row:
        """The row with the blank ones of its leading labels as in the row above."""
        cells = list(cells)
        for index in self._roles.filled_down:
            if is_blank(cells[index]):
                cells[index] = above[index]
        return cells

    def _too_wide(self, row: Row) -> Problem | None:
        """A row that reaches beyond the headings: its cells may be out of place."""
        extra = [text for cell in row[self._layout.width :] if (text := text_of(cell))]
        return Problem("row_too_wide", " ".join(extra), "") if extra else None

    def _period_problem(self, cell: Cell, read: PeriodError | None) -> Problem:
        return Problem(read.key if read else "period_missing", text_of(cell), self.period_column or "")

    @cached_property
    def totals(self) -> Totals:
        """Numbers, their exact sum, missing cells by reason and problems, over the whole table."""
        total, missing = Totals(), Counter[MissingReason]()
        for one in self.values():
            if one.value is not None:
                total.values += 1
                total.sum = _EXACT.add(total.sum, one.value)
            elif one.missing is not None:
                missing[one.missing] += 1
            if one.problem is not None:
                total.problems += 1
        total.missing = dict(missing.most_common())
        return total

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """The line and problem of every row or cell that cannot be read, a row's problem once."""
        last: tuple[int, Problem] | None = None
        for one in self.values():
            if one.problem and (one.line, one.problem) != last:
                last = (one.line, one.problem)
                yield last

    @cached_property
    def _cell_notes(self) -> list[Note]:
        """Notes that take a look at every value cell."""
        texts: Counter[str] = Counter()
        for index in self._roles.values:
            column = (row[index] for row in self._rows[self._layout.start : self._layout.end] if index < len(row))
            texts.update(cell.strip() for cell in column if isinstance(cell, str))
        dashes = sum(count for text, count in texts.items() if is_dash(text))
        notes = []
        if dashes:
            notes.append(Note(f"dash_{next(iter(self._readers.values())).dash}", {"count": dashes}))
        ambiguous = {text: count for text, count in texts.items() if is_ambiguous(text)}
        if ambiguous:
            text = next(iter(ambiguous))
            values = {"count": sum(ambiguous.values()), "text": text, "locale": self.locale}
            notes.append(Note("ambiguous_numbers", values))
        return notes


def read_table(
    file: File,
    *,
    sheet: int = 0,
    period: str | None = None,
    values: Sequence[str] = (),
    locale: Locale | None = None,
    dash: Dash = "missing",
) -> Table:
    """Read one sheet of a file as a table. What is not named is recognised; FileProblem when it is no table."""
    if not 0 <= sheet < len(file.sheets):
        raise FileProblem("no_sheet", sheet=sheet + 1, sheets=len(file.sheets))
    layout = find_layout(file.sheets[sheet])
    rows = _unmerged(file.sheets[sheet], layout)
    roles = find_roles(layout, rows, period, values)
    readers = _readers(roles, rows[layout.start : layout.end], locale, dash, file.delimiter)
    if layout.preamble:
        roles.notes.append(Note("preamble", {"lines": layout.preamble}))
    if layout.footnotes:
        roles.notes.append(Note("footnotes", {"lines": layout.footnotes}))
    return Table(layout, roles, rows, readers)


def _unmerged(sheet: Sheet, layout: Layout) -> list[Row]:
    """The rows, with cells merged downward among the data repeated in each row they cover."""
    downward = [one for one in sheet.merged if _is_downward(one, layout)]
    if not downward:
        return sheet.rows
    rows = list(sheet.rows)
    for one in downward:
        cell = rows[one.first_row][one.first_column]
        for at in range(one.first_row + 1, min(one.last_row + 1, len(rows))):
            rows[at] = [*rows[at][: one.first_column], cell, *rows[at][one.first_column + 1 :]]
    return rows


def _is_downward(one: Range, layout: Layout) -> bool:
    is_inside = layout.start <= one.first_row < one.last_row < layout.end
    return is_inside and one.first_column == one.last_column < layout.width


def _readers(
    roles: Roles, rows: Sequence[Row], locale: Locale | None, dash: Dash, delimiter: str | None
) -> dict[int, CellReader]:
    """A reader for each value column. Without a given locale the column decides, else the file, else its delimiter."""
    if locale is not None:
        reader = CellReader(locale, dash)
        return dict.fromkeys(roles.values, reader)
    found = {index: locale_of(row[index] for row in rows if index < len(row)) for index in roles.values}
    danish, english = (sum(counts[at] for counts in found.values()) for at in (0, 1))
    usual: Locale = "en" if english > danish or (english == danish and delimiter == ",") else "da"
    if danish and english:
        roles.notes.append(Note("mixed_locales", {"da": danish, "en": english}))
    shared: dict[Locale, CellReader] = {"da": CellReader("da", dash), "en": CellReader("en", dash)}
    return {index: shared[_decided(counts, usual)] for index, counts in found.items()}


def _decided(counts: tuple[int, int], usual: Locale) -> Locale:
    danish, english = counts
    return usual if danish == english else "da" if danish > english else "en"
