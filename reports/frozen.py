"""A report's content as text that is kept for ever, and back: the same content always gives the same text.

The text is JSON with sorted names, so that its SHA-256, the control code, is that of the figures and texts and nothing
else. What each value is, is read off the types of `reports.parts`.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.utils.safestring import SafeString, mark_safe

from reports.outline import Depth, Outline, Part, ReportKind
from reports.parts import ReportContent

# Written into every text. A content whose parts mean something else than before gets a higher one, and a way to read
# the old.
FORM = 5


def frozen(content: ReportContent) -> str:
    """The content as canonical JSON."""
    return json.dumps(
        {"form": FORM, "content": _plain(content)}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def thawed(text: str) -> ReportContent:
    """The content that `frozen` made the text of; ValueError when it is of a form not known here."""
    kept = json.loads(text)
    plain = kept["content"]
    if kept["form"] not in range(1, FORM + 1):
        raise ValueError(f"a frozen report of form {kept['form']}, this version reads those up to {FORM}")
    if kept["form"] == 1:
        plain = _from_form_1(plain)
    if kept["form"] < 3:
        plain = _from_form_2(plain)
    if kept["form"] < 4:
        plain = _from_form_3(plain)
    if kept["form"] < 5:
        plain = _from_form_4(plain)
    content: ReportContent = _reader(ReportContent)(plain)
    return content


def control_code(text: str) -> str:
    """The SHA-256 of the text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def _from_form_1(plain: dict[str, Any]) -> dict[str, Any]:
    """Before reports had templates: one layout, a body's own goals only, and goals numbered by whole numbers."""
    overview = plain["overview"]
    numbered = (plain["sections"], plain["sources"], plain["shifts"])
    for one in chain(*numbered, overview["improved"], overview["worsened"], overview["missing"]):
        one["number"] = str(one["number"] or "")
    _number_sources(plain)
    parts = (Part.OVERVIEW, Part.SINCE, Part.GOALS, Part.NUMBERS, Part.SOURCES)
    return {
        **plain,
        "front": {**plain["front"], "address": ""},
        "kind": ReportKind.COMMITTEE.value,
        "outline": _plain(Outline(parts, Depth.OWN)),
        "own": [section["anchor"] for section in plain["sections"]],
        "agenda": [],
        "over_time": None,
        "partners": [],
        "units": [],
        "more_units": 0,
    }


def _from_form_2(plain: dict[str, Any]) -> dict[str, Any]:
    """Before reports told of effect chains and of what citizens say, and before goals had a ceiling."""
    sections = [{**section, "chain": None} for section in plain["sections"]]
    return {**plain, "sections": sections, "citizens": [], "over_ceiling": []}


def _from_form_3(plain: dict[str, Any]) -> dict[str, Any]:
    """Before reports told of steering triangles and of which kroner an amount is in."""
    sections = [
        {
            **section,
            "triangle": None,
            "lead": _without_prices(section["lead"]) if section["lead"] is not None else None,
            "rows": [_without_prices(row) for row in section["rows"]],
        }
        for section in plain["sections"]
    ]
    return {**plain, "sections": sections}


def _from_form_4(plain: dict[str, Any]) -> dict[str, Any]:
    """Before reports told who owns a cross-cutting goal."""
    return {**plain, "sections": [{**section, "owners": []} for section in plain["sections"]]}


def _without_prices(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "price_level": "", "price_year": None, "figure": {**row["figure"], "prices": ""}}


def _number_sources(plain: dict[str, Any]) -> None:
    """What form 1 lacked: references, which follow from the order, and which value a number is, which is not told."""
    rows = [row for section in plain["sections"] for row in section["rows"]]
    for at, (row, source) in enumerate(zip(rows, plain["sources"], strict=True), 1):
        row["reference"] = source["reference"] = at
        row["baseline_code"] = ""
    for section in plain["sections"]:
        if section["lead"] is not None:
            series = section["lead"]["figure"]["series_id"]
            [reference] = [row["reference"] for row in section["rows"] if row["figure"]["series_id"] == series]
            section["lead"].update(reference=reference, baseline_code="")
        for table in section["tables"]:
            table["series"] = [0] * len(table["heads"])
            table["codes"] = [""] * len(table["rows"])


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, str | bool | int | None):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no frozen form")


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of the type from its plain form."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        [other] = [one for one in inner if one is not type(None)]
        read = _reader(other)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return _tuple_reader(inner)
    if origin is not None and issubclass(origin, Mapping):
        read = _reader(inner[1])
        return lambda value: {key: read(one) for key, one in value.items()}
    if is_dataclass(kind):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda value: kind(**{name: read(value[name]) for name, read in readers.items()})
    simple: dict[Any, Callable[[Any], Any]] = {
        SafeString: mark_safe,
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
        Decimal: Decimal,
    }
    if kind in simple:
        return simple[kind]
    if kind in (str, int, bool):
        return lambda value: value
    if issubclass(kind, StrEnum):
        return kind
    raise TypeError(f"{kind} has no frozen form")


def _tuple_reader(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        read = _reader(inner[0])
        return lambda value: tuple(map(read, value))
    readers = [_reader(one) for one in inner]
    return lambda value: tuple(read(one) for read, one in zip(readers, value, strict=True))
