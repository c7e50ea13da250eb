"""A series as a JSON-stat 2.0 dataset. Pure: no Django.

Three dimensions: what (the indicator, with its unit and decimals), who (the unit) and when (the periods, role time).
Where there is no number the value is null and the status says why; a status stands beside provisional, corrected and
invented numbers too.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reports.opendata.kinds import REASONS, OpenSeries, OpenValue, Publisher, citation, terms_of

STATUS_LABELS = {
    **REASONS,
    "provisional": "foreløbig, enheder mangler i summen",
    "corrected": "rettet, efter at tallet blev godkendt",
    "example": "eksempeldata",
}
WHAT, WHO, WHEN = "indikator", "enhed", "periode"


def dataset(
    series: OpenSeries,
    values: Sequence[OpenValue],
    publisher: Publisher,
    *,
    day: date,
    updated: datetime | None,
    href: str,
) -> dict[str, Any]:
    """The series with all its numbers."""
    terms = terms_of(publisher, series)
    status = {str(at): said for at, one in enumerate(values) if (said := status_of(one))}
    made: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "href": href,
        "label": series.title,
        "source": series.source or publisher.name,
        "updated": updated.isoformat(timespec="seconds") if updated else None,
        "note": [text for text in (series.definition, series.note, citation(publisher, series, day)) if text],
        "id": [WHAT, WHO, WHEN],
        "size": [1, 1, len(values)],
        "role": {"metric": [WHAT], "time": [WHEN]},
        "dimension": {WHAT: _what(series), WHO: _who(series), WHEN: _when(values)},
        "value": [None if one.value is None else _number(one.value) for one in values],
        "status": status,
        "extension": {
            "license": {"name": terms.name, "url": terms.url},
            "publisher": {"code": publisher.code, "name": publisher.name},
            "definition": series.definition,
            "statusLabel": {code: STATUS_LABELS[code] for code in sorted(set(status.values()))},
        },
    }
    return {key: value for key, value in made.items() if value is not None}


def collection(publisher: Publisher, series: Iterable[OpenSeries], *, href: str) -> dict[str, Any]:
    """All series, each by the address of its dataset."""
    items = [
        {"class": "dataset", "href": f"{publisher.home}serier/{one.pk}.json", "label": one.title} for one in series
    ]
    return {
        "version": "2.0",
        "class": "collection",
        "href": href,
        "label": f"Åbne mål, {publisher.name}",
        "link": {"item": items},
        "extension": {"license": {"name": publisher.licence.name, "url": publisher.licence.url}},
    }


def status_of(value: OpenValue) -> str:
    """What is to be known of the number besides it; the first that holds."""
    if value.missing:
        return value.missing
    if value.is_example:
        return "example"
    if value.is_provisional:
        return "provisional"
    return "corrected" if value.is_corrected else ""


def _what(series: OpenSeries) -> dict[str, Any]:
    code = series.indicator_code
    unit = {"decimals": series.decimals, "label": series.measure}
    return {
        "label": "Indikator",
        "category": {"index": [code], "label": {code: series.indicator}, "unit": {code: unit}},
    }


def _who(series: OpenSeries) -> dict[str, Any]:
    code = series.unit_code
    return {"label": "Enhed", "category": {"index": [code], "label": {code: series.unit}}}


def _when(values: Sequence[OpenValue]) -> dict[str, Any]:
    return {
        "label": "Periode",
        "category": {
            "index": [one.period for one in values],
            "label": {one.period: one.period_name.replace("\u00a0", " ") for one in values},
        },
    }


def _number(value: Decimal) -> int | float:
    """As JSON has it: at most 15 digits are stored, and these a float keeps."""
    return int(value) if value == value.to_integral_value() else float(value)
