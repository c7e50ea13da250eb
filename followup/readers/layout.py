"""Where in a sheet the table is: lines before it, stacked header rows, the data, footnotes after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from followup.readers.cells import is_blank, is_mark, is_number, text_of
from organisation.sheets import FileProblem, Range, Row, Sheet

SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows counted from 0: header from `header_start`, data from `start` up to but not including `end`."""

    header_start: int
    header_rows: int
    start: int
    end: int
    headers: list[tuple[str, ...]]  # for each column its header texts, outermost first
    preamble: list[str]
    footnotes: list[str]

    @property
    def width(self) -> int:
        return len(self.headers)


def extent(row: Row) -> int:
    """How many columns the row reaches over: up to its last cell that is not blank."""
    for index in range(len(row), 0, -1):
        cell = row[index - 1]
        # As `is_blank`, without a call for every row of a file.
        if cell is not None and (type(cell) is not str or cell.strip()):
            return index
    return 0


def find_layout(sheet: Sheet) -> Layout:
    """The table of a sheet, or FileProblem when it holds none."""
    rows = sheet.rows
    header_start = _header_start(rows)
    end = _data_end(rows, header_start)
    header_end = _header_end(rows, header_start, end)
    while header_end < end and not extent(rows[header_end]):
        header_end += 1
    if header_end >= end:
        raise FileProblem("no_rows")
    last_header = header_end
    while last_header > header_start + 1 and not extent(rows[last_header - 1]):
        last_header -= 1
    headers = _headers(rows[header_start:last_header], header_start, sheet.merged)
    title, headers = _without_title(headers, rows[header_start], header_start, sheet.merged)
    preamble = [text for row in rows[:header_start] if (text := _line(row))]
    return Layout(
        header_start,
        last_header - header_start,
        header_end,
        end,
        headers,
        [*preamble, title] if title else preamble,
        [text for row in rows[end:] if (text := _line(row))],
    )


def _line(row: Row) -> str:
    return " ".join(text for cell in row if (text := text_of(cell)))


def _header_start(rows: Sequence[Row]) -> int:
    """The first row that reaches over most of the table's columns."""
    extents = [extent(row) for row in rows[:SAMPLE]]
    common = Counter(length for length in extents if length > 1).most_common(1)
    if not common:
        raise FileProblem("no_rows")
    enough = max(2, common[0][0] * 0.6)
    return next(index for index, length in enumerate(extents) if length >= enough)


def _data_end(rows: Sequence[Row], header_start: int) -> int:
    """Behind the last row of data. Rows at the end with one cell, set off by brevity or a blank row, are footnotes."""
    end = len(rows)
    while end > header_start + 1 and not extent(rows[end - 1]):
        end -= 1
    last = end
    is_set_off = False
    while last > header_start + 1 and extent(rows[last - 1]) <= 1:
        is_set_off = is_set_off or not extent(rows[last - 1]) or _is_short(rows[last - 1], rows[header_start])
        last -= 1
    if last == end or last == header_start + 1:
        return end
    return last if is_set_off or any(len(_line(row)) > 40 for row in rows[last:end]) else end


def _is_short(row: Row, header: Row) -> bool:
    """Whether a CSV row has one cell where the header has many."""
    return len(row) <= 1 < len(header)


def _header_end(rows: Sequence[Row], start: int, end: int) -> int:
    """Behind the last header row: more follow while a header leaves cells blank and the next row holds words only."""
    index = start + 1
    while index < end - 1 and _has_gaps(rows[index - 1]) and _is_heading(rows[index], rows[start]):
        index += 1
    return index


def _has_gaps(row: Row) -> bool:
    return any(is_blank(cell) for cell in row[: extent(row)])


def _is_heading(row: Row, first: Row) -> bool:
    """Whether a row below a header with gaps goes on with it: words, or years under groups."""
    filled = [(index, cell) for index, cell in enumerate(row) if not is_blank(cell)]
    if len(filled) < 2:
        return False
    gaps = {index for index in range(max(extent(first), extent(row))) if index >= len(first) or is_blank(first[index])}
    if not gaps & {index for index, _ in filled}:
        return False
    numbers = [cell for _, cell in filled if is_number(cell)]
    if any(not is_number(cell) and is_mark(cell) for _, cell in filled):
        return False
    return all(_is_year(text_of(cell)) for cell in numbers) and (not numbers or len(set(numbers)) < len(numbers))


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1900 <= int(text) <= 2100


def _headers(rows: Sequence[Row], start: int, merged: Sequence[Range]) -> list[tuple[str, ...]]:
    """For each column the header texts over it; merged cells, or the text to the left, fill the gaps of upper rows."""
    width = max(extent(row) for row in rows)
    grid = [[text_of(cell) for cell in row[:width]] + [""] * (width - len(row)) for row in rows]
    ranges = [one for one in merged if start <= one.first_row < start + len(rows)]
    for one in ranges:
        text = grid[one.first_row - start][one.first_column] if one.first_column < width else ""
        for column in range(one.first_column, min(one.last_column + 1, width)):
            grid[one.first_row - start][column] = text
    if not ranges:
        for upper, lower in pairwise(grid):
            for column in range(1, width):
                if not upper[column] and lower[column]:
                    upper[column] = upper[column - 1]
    return [tuple(line[column] for line in grid) for column in range(width)]


def _without_title(
    headers: list[tuple[str, ...]], first: Row, start: int, merged: Sequence[Range]
) -> tuple[str, list[tuple[str, ...]]]:
    """Take out a title merged over columns that have headings of their own below."""
    for one in merged:
        if (one.first_row, one.first_column) == (start, 0) and one.last_column > 0 and len(headers[0]) > 1:
            covered = range(one.last_column + 1)
            if all(any(headers[column][1:]) for column in covered if column < len(headers)):
                plain = [("", *parts[1:]) if column in covered else parts for column, parts in enumerate(headers)]
                return text_of(first[0]), plain
    return "", headers
