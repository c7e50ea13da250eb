"""Answers from another survey system: the questions that the columns become, and the answers. Pure: no Django.

The person decides: every column's role may be changed, and a value that does not fit its role is named, never guessed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from citizens.editing import CODE_LIMIT, MOST_OPTIONS, OPTION_LIMIT, TEXT_LIMIT, whole
from citizens.importing_columns import (
    BESIDE_WORDS,
    NO_WORDS,
    NOT_TICKED,
    TICKED,
    YES_WORDS,
    Column,
    Role,
    nearest_scale,
    normal,
    scale_of,
    steps_of,
    text_of,
)
from citizens.kinds import DONT_KNOW, NO, NOT_RELEVANT, YES, QuestionKind
from citizens.kinds import TEXT_LIMIT as COMMENT_LIMIT
from citizens.personal import mask_cpr

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
    values = dict.fromkeys(TICKED | {normal(column.words)}, YES)
    return {**values, **dict.fromkeys(NOT_TICKED, NO)}


def _single_column(column: Column, role: Role, code: str) -> Planned:
    facts: dict[str, Any] = {"code": code, "text": {"da": _title(column)}, **_NO_BESIDE}
    values: dict[str, str] = {}
    match role:
        case Role.SCALE:
            words = scale_of(column) or nearest_scale(column)
            facts |= {"kind": QuestionKind.SCALE.value, "scale": [dict(word) for word in words]}
            values = steps_of(words)
        case Role.TEN:
            facts["kind"] = QuestionKind.TEN.value
            values = {str(step): str(step) for step in range(11)}
        case Role.YES_NO:
            facts["kind"] = QuestionKind.YES_NO.value
            values = {**dict.fromkeys(YES_WORDS | {"1"}, YES), **dict.fromkeys(NO_WORDS | {"0"}, NO)}
        case Role.SINGLE | Role.BACKGROUND:
            options = [text for text in _ordered(column.counts) if normal(text) not in BESIDE_WORDS][:MOST_OPTIONS]
            values = {normal(text): f"o{at}" for at, text in enumerate(options, start=1)}
            facts |= {
                "kind": QuestionKind.SINGLE.value,
                "is_background": role == Role.BACKGROUND,
                "options": [{"code": values[normal(text)], "text": {"da": text[:OPTION_LIMIT]}} for text in options],
            }
        case _:
            facts["kind"] = QuestionKind.TEXT.value
    if role != Role.TEXT:
        beside = {text: key for text, key in BESIDE_WORDS.items() if text in column.spoken and text not in values}
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
    values = {**_values_of(question), **BESIDE_WORDS}
    role = {QuestionKind.SINGLE: Role.SINGLE, QuestionKind.RANKING: Role.SKIP}.get(kind) or Role(kind)
    return (code, Source(column.index, role, "", values)) if role != Role.SKIP else None


def _values_of(question: Mapping[str, Any]) -> dict[str, str]:
    match question["kind"]:
        case QuestionKind.SCALE:
            return steps_of(question["scale"])
        case QuestionKind.TEN:
            return {str(step): str(step) for step in range(11)}
        case QuestionKind.YES_NO:
            return {**dict.fromkeys(YES_WORDS, YES), **dict.fromkeys(NO_WORDS, NO)}
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
