"""Answers from another survey system: what each column of a table is, and the questions it becomes. Pure: no Django.

Headers are whole questions, often numbered: columns `1.1. …`, `1.2. …` with ticks are one question with several
choices; scales are told by their words, however they are spelled. The person decides in the end: every role may be
changed, and a value that does not fit its role is named, never guessed.
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

from citizens.editing import CODE_LIMIT, MOST_OPTIONS, OPTION_LIMIT, TEXT_LIMIT, whole
from citizens.kinds import DONT_KNOW, NO, NOT_RELEVANT, YES, QuestionKind
from citizens.kinds import TEXT_LIMIT as COMMENT_LIMIT
from citizens.personal import mask_cpr
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
_TICKED = frozenset({"1", "x", "ja", "yes", "true", "sand", "valgt", "selected", "checked", "✓", "✔"})
_NOT_TICKED = frozenset({"0", "nej", "no", "false", "falsk", "ikke valgt", "not selected", "unchecked"})
_YES = frozenset({"ja", "yes", "true", "sand"})
_NO = frozenset({"nej", "no", "false", "falsk"})
_BESIDE = {
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
    return bool(said) and said <= _TICKED | _NOT_TICKED | own and bool(said & (_TICKED | own))


def _guess(column: Column, ticks_beside: int, row_count: int) -> Role:
    if _is_skipped(column, row_count):
        return Role.SKIP
    if _may_be_ticks(column) and ticks_beside > 1:
        return Role.TICK
    said = column.spoken - set(_BESIDE)
    if said and said <= _YES | _NO:
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
    said = column.spoken - set(_BESIDE)
    for words in _SCALES if said else ():
        if said <= _steps(words).keys() and (said - set("12345") or len(said) > 1):
            return words
    return None


def _nearest_scale(column: Column) -> tuple[dict[str, str], ...]:
    """The words of the scale that most answers are on: the rest is named as unknown."""
    return max(_SCALES, key=lambda words: sum(n for text, n in column.counts.items() if normal(text) in _steps(words)))


def _steps(words: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """From every spelling of a scale's words, and from the number itself, to the step."""
    steps: dict[str, str] = {}
    for number, word in enumerate(words, start=1):
        steps |= {normal(text): str(number) for text in word.values()}
        steps[str(number)] = str(number)
    return steps


# ---- what the columns become -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Where a question's answers stand: a column, and what each text in it is stored as."""

    index: int
    role: Role
    option: str = ""  # of a tick
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A question, and the columns that answer it."""

    facts: dict[str, Any]
    sources: tuple[Source, ...]

    @property
    def code(self) -> str:
        code: str = self.facts["code"]
        return code


def plan(columns: Sequence[Column], roles: Mapping[int, Role], titles: Mapping[str, str]) -> list[Planned]:
    """The questions that the columns become. `titles`: names of questions with several choices, by number."""
    taken: set[str] = set()
    planned: list[Planned] = []
    done: set[str] = set()
    for column in columns:
        role = roles.get(column.index, Role.SKIP)
        if role == Role.SKIP:
            continue
        if role not in (Role.TICK, Role.OTHER):
            planned.append(_single_column(column, role, _code(column.number or f"k{column.index + 1}", taken)))
        elif column.group not in done:
            done.add(column.group)
            parts = [one for one in columns if one.group == column.group and _is_choice(roles.get(one.index))]
            title = titles.get(column.group, "").strip()
            planned.append(_several_columns(parts, roles, title, _code(column.group or f"k{column.index + 1}", taken)))
    return planned


def _is_choice(role: Role | None) -> bool:
    return role in (Role.TICK, Role.OTHER)


def _code(number: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9_]", "", f"i{number}".replace(".", "_").lower())[: CODE_LIMIT - 3]
    names = (base, *(f"{base}_{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
    code = next(name for name in names if name not in taken)
    taken.add(code)
    return code


def _title(column: Column) -> str:
    return (column.words or column.header or f"Kolonne {column.index + 1}")[:TEXT_LIMIT]


def _several_columns(parts: Sequence[Column], roles: Mapping[int, Role], title: str, code: str) -> Planned:
    options: list[dict[str, Any]] = []
    sources: list[Source] = []
    for at, column in enumerate(parts[:MOST_OPTIONS], start=1):
        option = f"o{column.part or at}"
        if option in {one["code"] for one in options}:
            option = f"o{column.part}k{column.index + 1}"
        options.append({"code": option, "text": {"da": _title(column)[:OPTION_LIMIT]}})
        sources.append(Source(column.index, roles[column.index], option, _tick_values(column)))
    text = {"da": title or group_title(parts[0].group)}
    facts = {"code": code, "kind": QuestionKind.MULTIPLE.value, "text": text, "options": options, **_NO_BESIDE}
    return Planned(whole(facts), tuple(sources))


_NO_BESIDE = {"has_dont_know": False, "has_not_relevant": False}


def group_title(group: str) -> str:
    """What a question with several choices is called until somebody names it."""
    return f"Spørgsmål {group} (sæt kryds)" if group else "Sæt kryds"


def _tick_values(column: Column) -> dict[str, str]:
    values = dict.fromkeys(_TICKED | {normal(column.words)}, YES)
    return {**values, **dict.fromkeys(_NOT_TICKED, NO)}


def _single_column(column: Column, role: Role, code: str) -> Planned:
    facts: dict[str, Any] = {"code": code, "text": {"da": _title(column)}, **_NO_BESIDE}
    values: dict[str, str] = {}
    match role:
        case Role.SCALE:
            words = scale_of(column) or _nearest_scale(column)
            facts |= {"kind": QuestionKind.SCALE.value, "scale": [dict(word) for word in words]}
            values = _steps(words)
        case Role.TEN:
            facts["kind"] = QuestionKind.TEN.value
            values = {str(step): str(step) for step in range(11)}
        case Role.YES_NO:
            facts["kind"] = QuestionKind.YES_NO.value
            values = {**dict.fromkeys(_YES | {"1"}, YES), **dict.fromkeys(_NO | {"0"}, NO)}
        case Role.SINGLE | Role.BACKGROUND:
            options = [text for text in _ordered(column.counts) if normal(text) not in _BESIDE][:MOST_OPTIONS]
            values = {normal(text): f"o{at}" for at, text in enumerate(options, start=1)}
            facts |= {
                "kind": QuestionKind.SINGLE.value,
                "is_background": role == Role.BACKGROUND,
                "options": [{"code": values[normal(text)], "text": {"da": text[:OPTION_LIMIT]}} for text in options],
            }
        case _:
            facts["kind"] = QuestionKind.TEXT.value
    if role != Role.TEXT:
        beside = {text: key for text, key in _BESIDE.items() if text in column.spoken and text not in values}
        values = {**values, **beside}
        facts["has_dont_know"] = DONT_KNOW in beside.values()
        facts["has_not_relevant"] = NOT_RELEVANT in beside.values()
    return Planned(whole(facts), (Source(column.index, role, "", values),))


def _ordered(counts: Mapping[str, int]) -> list[str]:
    """The answers once each, those that begin with a number in its order, the others the most frequent first."""
    first: dict[str, str] = {}
    for text in counts:
        first.setdefault(normal(text), text)
    total = Counter(dict.fromkeys(first, 0))
    for text, count in counts.items():
        total[normal(text)] += count

    def place(key: str) -> tuple[bool, int, int]:
        number = re.match(r"\d+", key)
        return number is None, int(number[0][:9]) if number else 0, -total[key]

    return [first[key] for key in sorted(first, key=place)]


# ---- into a survey that is there -------------------------------------------------------------------------------------


def match(
    columns: Sequence[Column], roles: Mapping[int, Role], questions: Sequence[Mapping[str, Any]]
) -> tuple[list[Planned], list[Column]]:
    """The columns as the survey's own questions, by their texts in any language; and those that it does not have."""
    sources: dict[str, list[Source]] = {}
    unknown = []
    for column in columns:
        if roles.get(column.index) == Role.SKIP:
            continue
        found = next((one for one in (_matched(column, question) for question in questions) if one), None)
        if found is None:
            unknown.append(column)
        else:
            sources.setdefault(found[0], []).append(found[1])
    by_code = {question["code"]: dict(question) for question in questions}
    return [Planned(by_code[code], tuple(those)) for code, those in sources.items()], unknown


def _matched(column: Column, question: Mapping[str, Any]) -> tuple[str, Source] | None:
    code, kind = question["code"], question["kind"]
    said = {normal(column.words), normal(column.header)}
    if kind == QuestionKind.MULTIPLE:
        for option in question["options"]:
            if said & {normal(text) for text in option["text"].values()}:
                return code, Source(column.index, Role.TICK, option["code"], _tick_values(column))
        return None
    if not said & {normal(code), *(normal(text) for text in question["text"].values())}:
        return None
    values = {**_values_of(question), **_BESIDE}
    role = {QuestionKind.SINGLE: Role.SINGLE, QuestionKind.RANKING: Role.SKIP}.get(kind) or Role(kind)
    return (code, Source(column.index, role, "", values)) if role != Role.SKIP else None


def _values_of(question: Mapping[str, Any]) -> dict[str, str]:
    match question["kind"]:
        case QuestionKind.SCALE:
            return _steps(question["scale"])
        case QuestionKind.TEN:
            return {str(step): str(step) for step in range(11)}
        case QuestionKind.YES_NO:
            return {**dict.fromkeys(_YES, YES), **dict.fromkeys(_NO, NO)}
    spoken = {normal(text): one["code"] for one in question["options"] for text in one["text"].values()}
    return {**{normal(one["code"]): one["code"] for one in question["options"]}, **spoken}


# ---- the answers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """One row: answers by question, and what was written, by question."""

    answers: dict[str, str | list[str]]
    texts: list[tuple[str, str]]


@dataclass(slots=True)
class Reading:
    """Every row that says anything, and what does not fit: by column, each text and how often it stands there."""

    rows: list[Answered]
    empty: int = 0  # rows without any answer
    cut: int = 0  # texts that were too long
    unknown: dict[int, Counter[str]] = field(default_factory=dict)


def read_answers(planned: Sequence[Planned], rows: Sequence[Sequence[Any]]) -> Reading:
    """The rows as answers. What is `unknown` is left out: with any of it nothing may be stored."""
    reading = Reading([])
    sources = [(question.code, source) for question in planned for source in question.sources]
    for row in rows:
        answered = Answered({}, [])
        for code, source in sources:
            cell = row[source.index] if source.index < len(row) else None
            if cell not in (None, "") and (text := text_of(cell)):
                _answer(code, source, text, answered, reading)
        if answered.answers or answered.texts:
            reading.rows.append(answered)
        else:
            reading.empty += 1
    return reading


def _answer(code: str, source: Source, text: str, answered: Answered, reading: Reading) -> None:
    if source.role in (Role.TEXT, Role.OTHER):
        reading.cut += len(text) > COMMENT_LIMIT
        answered.texts.append((code, text[:COMMENT_LIMIT]))
        value = YES if source.role == Role.OTHER else NO
    else:
        value = source.values.get(normal(text), "")
    if not value:
        reading.unknown.setdefault(source.index, Counter())[text] += 1
    elif not source.option:
        if source.role != Role.TEXT:
            answered.answers[code] = value
    elif value == YES:
        chosen = answered.answers.setdefault(code, [])
        if isinstance(chosen, list):
            chosen.append(source.option)


def cpr_columns(planned: Sequence[Planned], columns: Sequence[Column]) -> dict[int, int]:
    """How many rows of columns that are no free text look like CPR numbers, by column. Free text is masked instead."""
    written = (Role.TEXT, Role.OTHER)
    used = {source.index for one in planned for source in one.sources if source.role not in written}
    found = {
        column.index: sum(count for text, count in column.counts.items() if mask_cpr(text)[1])
        for column in columns
        if column.index in used
    }
    return {index: count for index, count in found.items() if count}
