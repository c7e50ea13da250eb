"""The columns of a table from another survey system, and what each seems to be. Pure: no Django.

Headers are whole questions, often numbered: columns `1.1. …`, `1.2. …` with ticks are one question with several
choices; scales are told by their words, however they are spelled.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from citizens.kinds import DONT_KNOW, NOT_RELEVANT
from citizens.question_templates import SCALES


class Role(StrEnum):
    """What a column becomes."""

    SKIP = "skip"
    TICK = "tick"  # one choice of a question with several, named by the number before the point
    OTHER = "other"  # the same, with what was written
    SCALE = "scale"
    TEN = "ten"
    YES_NO = "yes_no"
    SINGLE = "single"
    BACKGROUND = "background"  # a single choice that parts the results
    TEXT = "text"


# What systems write for no answer, in exactly these spellings: "N/a" typed by a person is a text.
NO_ANSWER = frozenset({"", "N/A", "NA", "n/a", "#N/A", "NaN", "NULL", "null"})
TICKED = frozenset({"1", "x", "ja", "yes", "true", "sand", "valgt", "selected", "checked", "✓", "✔"})
NOT_TICKED = frozenset({"0", "nej", "no", "false", "falsk", "ikke valgt", "not selected", "unchecked"})
YES_WORDS = frozenset({"ja", "yes", "true", "sand"})
NO_WORDS = frozenset({"nej", "no", "false", "falsk"})
BESIDE_WORDS = {
    "ved ikke": DONT_KNOW,
    "ved det ikke": DONT_KNOW,
    "don't know": DONT_KNOW,
    "do not know": DONT_KNOW,
    "ikke relevant": NOT_RELEVANT,
    "ikke relevant for mig": NOT_RELEVANT,
    "not relevant": NOT_RELEVANT,
    "not applicable": NOT_RELEVANT,
}
# `1.6. …`, `1.6 …`, `Q1_6: …`, `8. …`, `8 - …`: a number alone needs a mark after it.
_NUMBERED = re.compile(
    r"\s*(?:q|spm\.?|spørgsmål)?\s*(\d{1,3})(?:[._](\d{1,3})[.):]?\s+(?:-\s+)?|[.):]\s*|\s+-\s+)(?=\S)", re.I
)
_SKIPPED = re.compile(
    r"^(respondent|respondent.?id|id|nr\.?|løbenummer|tidsstempel|tidspunkt|timestamp|dato|date|start(ed)?|end(ed)?|"
    r"ip.?(address|adresse)?|e-?mail.*|mail.*|navn|name|telefon|phone|status|token|seed)$",
    re.I,
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
MOST_SINGLE = 15  # different answers before a column is taken for free text
# Numbers alone say nothing of their words; the scales with words are known by those.
_SCALES = (tuple({"da": step} for step in "12345"), *(tuple(dict(word) for word in words) for words in SCALES.values()))
LEAST_REPEATED = 3  # times that each of them is given, on average


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """The text as it is compared: without case, quotes that differ, and double blanks."""
    return " ".join(text.replace("’", "'").replace("\u00a0", " ").casefold().split())


def text_of(cell: Any) -> str:
    """A cell as text; what means no answer is empty."""
    text = "" if cell is None else str(cell).strip()
    return "" if text in NO_ANSWER else text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header without number, the number before and after the point, and how often it says what."""

    index: int
    header: str
    words: str
    group: str = ""
    part: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> str:
        return f"{self.group}.{self.part}" if self.part else self.group

    @property
    def filled(self) -> int:
        """How many rows say anything."""
        return self.counts.total()

    @property
    def spoken(self) -> set[str]:
        """The different answers as they are compared."""
        return {normal(text) for text in self.counts}

    @property
    def is_of_persons(self) -> bool:
        """Whether most of it are mail addresses: never stored."""
        return sum(count for text, count in self.counts.items() if _MAIL.fullmatch(text)) * 2 > self.filled > 0


def read_columns(headers: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Column]:
    """The columns that have a header or anything below it."""
    columns = []
    for index, cells in enumerate(zip_longest(headers, *rows)):
        header, counts = _clean(cells[0]), Counter[str]()
        for cell, count in Counter(cells[1:]).items():  # a text is read once, however often it stands there
            if text := text_of(cell):
                counts[text] += count
        if header or counts:
            columns.append(_column(index, header, counts))
    return columns


def _clean(header: Any) -> str:
    text = "" if header is None else str(header)
    return " ".join(re.sub(r"&nbsp;?", " ", text).replace("\u00a0", " ").split())


def _column(index: int, header: str, counts: Counter[str]) -> Column:
    found = _NUMBERED.match(header)
    if found is None:
        return Column(index, header, header, counts=counts)
    return Column(index, header, header[found.end() :], found[1], found[2] or "", counts)


def fingerprint(headers: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    """The same for the same answers, in whatever format the file is."""
    digest = sha256()
    for row in (headers, *rows):
        digest.update("\x1f".join(text_of(cell) for cell in row).rstrip("\x1f").encode())
        digest.update(b"\x1e")
    return digest.hexdigest()


# ---- what a column seems to be ---------------------------------------------------------------------------------------


def guess(columns: Sequence[Column], row_count: int) -> dict[int, Role]:
    """The role of every column, as far as its header and its answers tell."""
    ticks = Counter(column.group for column in columns if _may_be_ticks(column))
    return {column.index: _guess(column, ticks[column.group], row_count) for column in columns}


def _may_be_ticks(column: Column) -> bool:
    if not column.part:
        return False
    own = {normal(column.words)} if column.words else set()
    said = column.spoken
    return bool(said) and said <= TICKED | NOT_TICKED | own and bool(said & (TICKED | own))


def _guess(column: Column, ticks_beside: int, row_count: int) -> Role:
    if _is_skipped(column, row_count):
        return Role.SKIP
    if _may_be_ticks(column) and ticks_beside > 1:
        return Role.TICK
    said = column.spoken - set(BESIDE_WORDS)
    if said and said <= YES_WORDS | NO_WORDS:
        return Role.YES_NO
    if scale_of(column) is not None:
        return Role.SCALE
    if said and all(text.isdecimal() and len(text) < 3 and int(text) <= 10 for text in said):
        return Role.TEN
    if ticks_beside > 1 and column.part:
        return Role.OTHER
    if 1 < len(said) <= MOST_SINGLE and column.filled >= LEAST_REPEATED * len(said):
        return Role.SINGLE
    return Role.TEXT


def _is_skipped(column: Column, row_count: int) -> bool:
    if not column.filled or column.is_of_persons or _SKIPPED.match(column.header):
        return True
    if column.group:
        return False
    each_its_own = column.filled == row_count == len(column.counts) > 1
    return each_its_own and all(text.isalnum() and any(sign.isdecimal() for sign in text) for text in column.counts)


def scale_of(column: Column) -> tuple[dict[str, str], ...] | None:
    """The words of the scale that every answer of the column is on; None when there is none."""
    said = column.spoken - set(BESIDE_WORDS)
    for words in _SCALES if said else ():
        if said <= steps_of(words).keys() and (said - set("12345") or len(said) > 1):
            return words
    return None


def nearest_scale(column: Column) -> tuple[dict[str, str], ...]:
    """The words of the scale that most answers are on: the rest is named as unknown."""
    return max(
        _SCALES, key=lambda words: sum(n for text, n in column.counts.items() if normal(text) in steps_of(words))
    )


def steps_of(words: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """From every spelling of a scale's words, and from the number itself, to the step."""
    steps: dict[str, str] = {}
    for number, word in enumerate(words, start=1):
        steps |= {normal(text): str(number) for text in word.values()}
        steps[str(number)] = str(number)
    return steps
