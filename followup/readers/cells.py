"""One cell at a time: its text, whether it is a number, and in which locale numbers are written."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from followup.readers.marks import Dash, is_dash, missing_reason
from goals.kinds import MissingReason
from organisation.danish import MINUS, NumberError, is_ambiguous, parse_number
from organisation.sheets import Cell

Locale = Literal["da", "en"]


def text_of(cell: Cell) -> str:
    """The cell as one line of text, without blanks around or line breaks inside."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(cell.split())
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


class Reading(NamedTuple):
    """What a cell says: a number, or why there is none, or `problem` when neither can be told."""

    text: str
    value: Decimal | None
    missing: MissingReason | None
    problem: str | None


_DANISH_ONLY = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+|[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?,\d+")
_ENGLISH_ONLY = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)\.\d+([eE][+-]?\d+)?|[+-]?\d{1,3}(,\d{3}){2,}|[+-]?\.\d+")
_SMALL = re.compile(r"[+-]?0([.,])\d+")  # no thousands begin with zero, so the mark parts decimals
_NUMBER_LIKE = re.compile(r"[+\-−–]?\s?[\d.,]*\d([eE][+-]?\d+)?\s*(%|pct\.?|procent|kr\.?)?")


def written_in(text: str) -> Locale | None:
    """The only locale in which the text is a number; None when both or neither."""
    text = text.strip().rstrip("%").rstrip().replace(MINUS, "-")
    if small := _SMALL.fullmatch(text):
        return "da" if small[1] == "," else "en"
    if is_ambiguous(text):
        return None
    if _DANISH_ONLY.fullmatch(text):
        return "da"
    return "en" if _ENGLISH_ONLY.fullmatch(text) else None


def locale_of(cells: Iterable[Cell]) -> tuple[int, int]:
    """How many different texts are numbers in Danish only, and in English only."""
    found = [written_in(cell) for cell in {cell for cell in cells if isinstance(cell, str)}]
    return found.count("da"), found.count("en")


def is_number(cell: Cell) -> bool:
    """Whether the cell is a number in either locale."""
    if isinstance(cell, str):
        return _reads(cell, "da") or _reads(cell, "en")
    return isinstance(cell, (int, float, Decimal))


def _reads(text: str, locale: Locale) -> bool:
    try:
        parse_number(text, locale)
    except NumberError:
        return False
    return True


def is_mark(cell: Cell) -> bool:
    """Whether the cell stands for a missing number (or is empty)."""
    if not isinstance(cell, str):
        return cell is None
    text = cell.strip()
    return missing_reason(text) is not None or is_dash(text)


class CellReader(dict[Cell, Reading]):
    """What each cell says in one locale; each different cell is read once."""

    def __init__(self, locale: Locale, dash: Dash) -> None:
        self.locale, self.dash = locale, dash

    def __missing__(self, cell: Cell) -> Reading:
        self[cell] = reading = self._read(cell)
        return reading

    def _read(self, cell: Cell) -> Reading:
        text = text_of(cell)
        if isinstance(cell, Decimal):
            return Reading(text, cell, None, None)
        if isinstance(cell, int):
            return Reading(text, Decimal(cell), None, None)
        if isinstance(cell, date):
            return Reading(text, None, None, "value_date")
        if is_dash(text):
            if self.dash == "zero":
                return Reading(text, Decimal(0), None, None)
            return Reading(text, None, MissingReason.NOT_REPORTED, None)
        reason = missing_reason(text)
        if reason is not None:
            return Reading(text, None, reason, None)
        return self._read_number(text)

    def _read_number(self, text: str) -> Reading:
        small = _SMALL.fullmatch(text)
        locale = "en" if small and small[1] == "." else self.locale
        if small and small[1] == "," and locale == "en":
            return Reading(text, None, None, "value_number")
        try:
            return Reading(text, parse_number(text, locale), None, None)
        except NumberError:
            return Reading(text, None, None, "value_number" if _NUMBER_LIKE.fullmatch(text) else "value_text")
