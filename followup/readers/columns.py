"""What each column of a table is: label, period, value. Named columns are believed; the rest is recognised."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from followup.readers.cells import is_blank, is_mark, is_number, text_of
from followup.readers.layout import SAMPLE, Layout
from goals.periods import Period, PeriodError, parse_column
from organisation.sheets import FileProblem, Row

_PERIOD_NAMES = {
    "tid", "time", "år", "aar", "year", "periode", "period", "skoleår", "skoleaar", "læsår", "läsår", "halvår",
    "kvartal", "quarter", "måned", "month", "uge", "week", "dato", "date",
}  # fmt: skip
_PERIOD_WORDS = {"tid", "år", "aar", "year", "periode", "period", "skoleår", "läsår", "kvartal"}
_VALUE_NAMES = {"indhold", "value", "værdi", "vaerdi", "values", "obs_value"}
_VALUE_WORDS = {"værdi", "vaerdi", "value"}
_QUANTITY_WORDS = {"tæller", "nævner", "numerator", "denominator"}
_CODE_WORDS = {"id", "kode", "code", "kod", "nr", "nummer", "number", "orgnr", "cvr", "lau"}
_PREAMBLE_PERIOD = re.compile(r"[^:]{1,40}:\s*(?P<text>\S.*)")


class Note(NamedTuple):
    """Something worth knowing about the reading, or a choice the reader made."""

    key: str
    values: dict[str, Any]


@dataclass(slots=True)
class Roles:
    """Columns by index. `periods` gives the period each value column stands for, where periods are columns."""

    names: list[str]
    labels: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    measures: dict[int, str] = field(default_factory=dict)
    period: int | None = None
    periods: dict[int, Period] = field(default_factory=dict)
    fixed_period: Period | None = None
    filled_down: list[int] = field(default_factory=list)
    status: int | None = None
    notes: list[Note] = field(default_factory=list)


def find_roles(layout: Layout, rows: Sequence[Row], period: str | None, values: Sequence[str]) -> Roles:
    """The role of every column; FileProblem when a named one is not there."""
    data = [row for row in rows[layout.start : layout.end] if any(row)]
    sample = [*data[:SAMPLE], *data[SAMPLE :: max(1, len(data) // SAMPLE)]]
    roles = Roles(_names(layout.headers))
    if len(set(roles.names)) < len([parts for parts in layout.headers if any(parts)]):
        roles.notes.append(Note("duplicate_headers", {}))
    period_columns = {} if period is not None else _period_columns(layout, sample)
    if period is not None:
        roles.period = _index(roles.names, period)
    named = [_index(roles.names, name) for name in values]
    if period_columns and all(index in period_columns for index in named):
        _set_wide(roles, layout, period_columns, named, data)
    else:
        _set_long(roles, layout, rows, sample, named)
        excluded = set(period_columns)
        roles.labels = [index for index in roles.labels if index not in excluded]
    return roles


def _filled(cell: Any) -> bool:
    return not is_blank(cell)


def _names(headers: Sequence[tuple[str, ...]]) -> list[str]:
    """One name per column, no two alike: stacked headings joined, a column without heading by its letter."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for index, parts in enumerate(headers):
        kept: list[str] = []
        for part in parts:
            if part and part not in kept[-1:]:
                kept.append(part)
        name = " / ".join(kept) or column_letter(index)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def column_letter(index: int) -> str:
    """The column's letter in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _index(names: Sequence[str], wanted: str) -> int:
    wanted = " ".join(wanted.split())
    for same in (str, str.casefold):
        for index, name in enumerate(names):
            if same(name) == same(wanted):
                return index
    raise FileProblem("unknown_column", column=wanted)


# Periods as columns


def _period_columns(layout: Layout, sample: Sequence[Row]) -> dict[int, tuple[Period, int]]:
    """Columns headed by a period and holding numbers: the period, and at which level of the heading it stands."""
    best: dict[int, tuple[Period, int]] = {}
    for level in range(len(layout.headers[0])):
        texts = [parts[level] for parts in layout.headers]
        read = parse_column(texts)
        found = {
            index: (period, level)
            for index, period in enumerate(read)
            if isinstance(period, Period) and _is_plausible(period) and _is_numeric(sample, index) is not False
        }
        if len(found) > len(best):
            best = found
    return best


def _is_plausible(period: Period) -> bool:
    return 1800 <= period.first.year <= 2200


def _is_numeric(sample: Sequence[Row], index: int) -> bool | None:
    """Whether most cells that are no marks are numbers; None when the column holds nothing but marks or blanks."""
    cells = [row[index] for row in sample if index < len(row) and not is_mark(row[index])]
    if not cells:
        return None
    return 2 * sum(map(is_number, cells)) > len(cells)


def _set_wide(
    roles: Roles,
    layout: Layout,
    columns: dict[int, tuple[Period, int]],
    named: Sequence[int],
    data: Sequence[Row],
) -> None:
    roles.values = list(named) or list(columns)
    roles.periods = {index: columns[index][0] for index in roles.values}
    for index in roles.values:
        level = columns[index][1]
        parts = [part for at, part in enumerate(layout.headers[index]) if part and at != level]
        roles.measures[index] = " / ".join(dict.fromkeys(parts))
    roles.labels = [index for index in range(layout.width) if index not in columns and _has_any(layout, data, index)]
    roles.filled_down = _filled_down(roles, layout, data)
    if roles.filled_down:
        roles.notes.append(Note("filled_down", {"columns": [roles.names[index] for index in roles.filled_down]}))


def _has_any(layout: Layout, sample: Sequence[Row], index: int) -> bool:
    return any(layout.headers[index]) or any(index < len(row) and _filled(row[index]) for row in sample)


def _filled_down(roles: Roles, layout: Layout, data: Sequence[Row]) -> list[int]:
    """Leading label columns written on the first row of each block only; the last label column is always written.

    A column with a heading must be blank in most rows: a single blank is a gap, not a block.
    """
    if len(roles.labels) < 2 or not data:
        return []
    *leading, last = roles.labels[: _leading(roles.labels)]
    pattern = [[index < len(row) and _filled(row[index]) for index in leading] for row in data]
    if not leading or not all(last < len(row) and _filled(row[last]) for row in data) or not all(pattern[0]):
        return []
    # A new outer block writes all inner labels anew.
    if any(outer and not inner for line in pattern for outer, inner in pairwise(line)):
        return []
    blanks = {index: sum(not line[at] for line in pattern) for at, index in enumerate(leading)}
    return [
        index for index, count in blanks.items() if count and (2 * count >= len(data) or not any(layout.headers[index]))
    ]


def _leading(labels: Sequence[int]) -> int:
    """How many labels stand side by side from the first column."""
    count = 0
    while count < len(labels) and labels[count] == count:
        count += 1
    return max(count, 1)


# Periods in a column, or none


def _set_long(roles: Roles, layout: Layout, rows: Sequence[Row], sample: Sequence[Row], named: Sequence[int]) -> None:
    if roles.period is None:
        roles.period = _period_column(roles, rows[layout.start : layout.end], sample)
    if roles.period is None:
        roles.fixed_period = _preamble_period(layout.preamble)
        key = "preamble_period" if roles.fixed_period else "no_period"
        roles.notes.append(Note(key, {"period": roles.fixed_period.code} if roles.fixed_period else {}))
    numbers = _numeric_columns(roles, layout, sample)
    roles.values = list(named) or _value_columns(roles, layout, numbers)
    roles.measures = {index: roles.names[index] for index in roles.values}
    others = [index for index in numbers if index not in roles.values and _is_quantity(roles, sample, index)]
    if others:
        roles.notes.append(Note("other_numbers", {"columns": [roles.names[index] for index in others]}))
    taken = {*roles.values, *others, roles.period}
    roles.labels = [index for index in range(layout.width) if index not in taken and _has_any(layout, sample, index)]
    roles.status = next((index for index in roles.labels if roles.names[index].casefold() == "status"), None)


def _words(name: str) -> set[str]:
    return set(re.split(r"[\W_]+", name.casefold()))


def _period_column(roles: Roles, rows: Sequence[Row], sample: Sequence[Row]) -> int | None:
    """The column that says when: by its exact name, by a word in its name, or by what it holds."""
    shares = {index: _period_share(sample, index) for index in range(len(roles.names))}
    exact = [index for index, name in enumerate(roles.names) if name.casefold() in _PERIOD_NAMES]
    if exact:
        best = max(shares[index] for index in exact)
        exact = [index for index in exact if shares[index] == best]
        return _only(roles, exact) if best > 0 or len(exact) == 1 else None
    worded = [index for index, name in enumerate(roles.names) if _words(name) & _PERIOD_WORDS and shares[index] >= 0.8]
    if worded:
        return _only(roles, worded)
    return _only(roles, [index for index, share in shares.items() if share >= 0.95 and len(sample) > 1])


def _only(roles: Roles, found: Sequence[int]) -> int | None:
    if len(found) > 1:
        roles.notes.append(Note("several_period_columns", {"columns": [roles.names[index] for index in found]}))
    return found[0] if len(found) == 1 else None


def _period_share(sample: Sequence[Row], index: int) -> float:
    """The share of the column's cells that are periods."""
    texts = [text_of(row[index]) for row in sample if index < len(row) and _filled(row[index])]
    read = parse_column(list(dict.fromkeys(texts)))
    periods = {text for text, period in zip(dict.fromkeys(texts), read, strict=True) if _may_be(period)}
    return sum(text in periods for text in texts) / len(texts) if texts else 0


def _may_be(period: Period | PeriodError) -> bool:
    if isinstance(period, PeriodError):
        return period.key == "period_ambiguous"
    return _is_plausible(period)


def _preamble_period(lines: Sequence[str]) -> Period | None:
    """The one period a line before the table names: `Valt läsår: 2009/10`."""
    tails = [found["text"] if (found := _PREAMBLE_PERIOD.fullmatch(line)) else line for line in lines]
    periods = {period for period in parse_column(tails) if isinstance(period, Period)}
    return periods.pop() if len(periods) == 1 else None


def _numeric_columns(roles: Roles, layout: Layout, sample: Sequence[Row]) -> list[int]:
    """Number columns right of the last column of text, codes left out."""
    kinds = {index: _is_numeric(sample, index) for index in range(layout.width) if index != roles.period}
    last_text = max((index for index, kind in kinds.items() if kind is False), default=-1)
    return [
        index
        for index, kind in kinds.items()
        if (kind or (kind is None and _has_marks(sample, index)))
        and index > last_text
        and not _words(roles.names[index]) & _CODE_WORDS
    ]


def _has_marks(sample: Sequence[Row], index: int) -> bool:
    """Whether something is written in a column without numbers: all of it is missing or masked."""
    return any(index < len(row) and _filled(row[index]) for row in sample)


def _is_quantity(roles: Roles, sample: Sequence[Row], index: int) -> bool:
    """Whether a number column beside the values counts something itself; whole numbers are codes, ages and the like."""
    if _words(roles.names[index]) & _QUANTITY_WORDS:
        return True
    return any(re.search(r"\d[.,]\d", text_of(row[index])) for row in sample if index < len(row))


def _value_columns(roles: Roles, layout: Layout, numbers: Sequence[int]) -> list[int]:
    candidates = [index for index in range(layout.width) if index != roles.period]
    exact = [index for index in candidates if roles.names[index].casefold() in _VALUE_NAMES]
    worded = [index for index in candidates if _words(roles.names[index]) & _VALUE_WORDS]
    if exact or len(worded) == 1:
        return exact or worded
    if len(numbers) == len(candidates) > 1:  # numbers only: nothing says which are values
        return []
    return list(numbers)
