"""The series of an indicator as a JSON-stat 2.0 dataset. Pure: no Django.

Three dimensions: what (the indicator, with its unit and decimals), who (the unit) and when (the periods, role time).
Where there is no number the value is null and the status says why; a status stands beside provisional, corrected and
invented numbers too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from goals.kinds import MissingReason
from reports.opendata.kinds import REASONS, OpenSeries, OpenValue, Publisher, citation, terms_of

STATUS_LABELS = {
    **REASONS,
    "provisional": "foreløbig, enheder mangler i summen",
    "corrected": "rettet, efter at tallet blev godkendt",
    "example": "eksempeldata",
}
WHAT, WHO, WHEN = "indikator", "enhed", "periode"


def dataset(
    pairs: Sequence[tuple[OpenSeries, Sequence[OpenValue]]],
    publisher: Publisher,
    *,
    day: date,
    updated: datetime | None,
    href: str,
) -> dict[str, Any]:
    """One or more series of one indicator, each with all its numbers."""
    series = pairs[0][0]
    label = series.title if len(pairs) == 1 else series.indicator
    terms = terms_of(publisher, series)
    periods = _periods(pairs)
    cells = [found.get(code) for found in map(_by_period, pairs) for code in periods]
    status = {str(at): said for at, one in enumerate(cells) if (said := status_of(one))}
    notes = [series.definition, *dict.fromkeys(one.note for one, _values in pairs)]
    notes.append(citation(publisher, label, day))
    made: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "href": href,
        "label": label,
        "source": series.source or publisher.name,
        "updated": updated.isoformat(timespec="seconds") if updated else None,
        "note": [text for text in notes if text],
        "id": [WHAT, WHO, WHEN],
        "size": [1, len(pairs), len(periods)],
        "role": {"metric": [WHAT], "time": [WHEN]},
        "dimension": {WHAT: _what(series), WHO: _who(pairs), WHEN: _when(periods)},
        "value": [None if one is None or one.value is None else _number(one.value) for one in cells],
        "status": status,
        "extension": {
            "license": {"name": terms.name, "url": terms.url},
            "publisher": {"code": publisher.code, "name": publisher.name},
            "definition": series.definition,
            "statusLabel": {code: STATUS_LABELS[code] for code in sorted(set(status.values()))},
        },
    }
    return {key: value for key, value in made.items() if value is not None}


def _by_period(pair: tuple[OpenSeries, Sequence[OpenValue]]) -> dict[str, OpenValue]:
    return {one.period: one for one in pair[1]}


def _periods(pairs: Iterable[tuple[OpenSeries, Sequence[OpenValue]]]) -> dict[str, str]:
    """The periods of all, oldest first, each with its name."""
    every = sorted({(one.last, one.first, one.period, one.period_name) for _series, values in pairs for one in values})
    return {code: name.replace("\u00a0", " ") for _last, _first, code, name in every}


def collection(publisher: Publisher, series: Iterable[OpenSeries], *, href: str) -> dict[str, Any]:
    """All series, each by the address of its dataset."""
    items = [
        {"class": "dataset", "href": f"{publisher.home}serier/{one.pk}.json", "label": one.title} for one in series
    ]
    return {
        "version": "2.0",
        "class": "collection",
        "href": href,
        "label": f"{publisher.portal}, {publisher.name}",
        "link": {"item": items},
        "extension": {"license": {"name": publisher.licence.name, "url": publisher.licence.url}},
    }


def status_of(value: OpenValue | None) -> str:
    """What is to be known of the number besides it; the first that holds."""
    if value is None:
        return MissingReason.NOT_REPORTED.value
    if value.missing:
        return value.missing
    if value.is_example:
        return "example"
    if value.is_provisional:
        return "provisional"
    return "corrected" if value.is_corrected else ""


def _what(series: OpenSeries) -> dict[str, Any]:
    code = series.indicator_code
    unit = {"decimals": series.decimals, "label": series.measured_in}
    return {
        "label": "Indikator",
        "category": {"index": [code], "label": {code: series.indicator}, "unit": {code: unit}},
    }


def _who(pairs: Iterable[tuple[OpenSeries, object]]) -> dict[str, Any]:
    units = {series.unit_code: series.unit for series, _values in pairs}
    return {"label": "Enhed", "category": {"index": list(units), "label": units}}


def _when(periods: Mapping[str, str]) -> dict[str, Any]:
    return {"label": "Periode", "category": {"index": list(periods), "label": dict(periods)}}


def _number(value: Decimal) -> int | float:
    """As JSON has it: at most 15 digits are stored, and these a float keeps."""
    return int(value) if value == value.to_integral_value() else float(value)
