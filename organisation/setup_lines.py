"""What the readers of unit lines and person lines share."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from organisation.danish import join_words, table_date
from organisation.setup_files import Line, parse_day


class LineRefused(Exception):
    """The line is not stored. `key` and `values` make the sentence (`setup_messages`)."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs, in words: its Danish name, before and after."""

    name: str
    before: str
    after: str


def change(name: Any, before: Any, after: Any) -> Change:
    """The change with dates as people write them."""
    return Change(str(name), _words(before), _words(after))


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return table_date(value) if isinstance(value, date) else str(value)


def day_of(line: Line, name: str) -> date | None:
    """The date in the cell, None where it is blank."""
    text = line.cell(name)
    try:
        return parse_day(text)
    except ValueError as error:
        raise LineRefused("day_unreadable", text=text) from error


def check_days(first: date | None, last: date | None) -> None:
    """The last day cannot come before the first."""
    if first is not None and last is not None and last < first:
        raise LineRefused("days_order")


def check_length(text: str, longest: int | None) -> str:
    """The text, when it fits where it is to stand."""
    if longest is not None and len(text) > longest:
        raise LineRefused("text_too_long", text=f"{text[:30]}…")
    return text


def word_of(words: dict[str, Any], text: str, key: str) -> Any:
    """What the Danish word stands for."""
    found = words.get(text.casefold())
    if found is None:
        raise LineRefused(key, text=text, known=join_words(list(words)).replace(" og ", " eller "))
    return found
