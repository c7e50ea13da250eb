"""The description that goes with each CSV file: CSV on the Web (W3C). Pure: no Django."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reports.opendata.csv import COLUMNS, Column
from reports.opendata.kinds import OpenSeries, Publisher, citation, terms_of

CONTEXT = "http://www.w3.org/ns/csvw"


def description(
    publisher: Publisher,
    url: str,
    day: date,
    *,
    title: str,
    series: OpenSeries | None = None,
    columns: Sequence[Column] = COLUMNS,
) -> dict[str, Any]:
    """Whose the file is, on what terms, what its numbers mean, and how its cells are read."""
    terms = terms_of(publisher, series)
    about: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": "da"}],
        "url": url,
        "dc:title": title,
        "dc:publisher": {"schema:name": publisher.name, "schema:url": publisher.home},
        "dc:license": {"@id": terms.url} if terms.url else terms.name,
        "dc:rights": terms.name,
        "dc:bibliographicCitation": citation(publisher, series.title if series else "", day),
        "dialect": {"encoding": "utf-8", "delimiter": ";", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": [_column(column) for column in columns]},
    }
    if series is not None:
        about["dc:description"] = series.definition
        about["dc:source"] = series.source
    return {key: value for key, value in about.items() if value}


def _column(column: Column) -> dict[str, Any]:
    return {"titles": column.heading, "name": _name(column.heading), "datatype": _datatype(column.datatype),
            "dc:description": column.says}  # fmt: skip


_LETTERS: dict[str, str | int | None] = {"æ": "ae", "ø": "oe", "å": "aa", " ": "_"}


def _name(heading: str) -> str:
    """The heading as a name that programs take."""
    return heading.lower().translate(str.maketrans(_LETTERS))


def _datatype(kind: str) -> str | dict[str, Any]:
    match kind:
        case "decimal":
            return {"base": "decimal", "format": {"decimalChar": ","}}
        case "boolean":
            return {"base": "boolean", "format": "ja|nej"}
    return kind
