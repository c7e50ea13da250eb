"""The report as one table: a row for each series and period. XLSX and CSV write the same columns."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.exports.text import plain_text
from reports.parts import IndicatorRow, ReportContent, Section, Value


@dataclass(frozen=True, slots=True)
class SeriesRows:
    """One series of one goal: what is the same in all its rows, and its values."""

    goal: str
    texts: tuple[str, str, str, str]  # goal, indicator, unit, unit of measure
    price_level: str
    price_year: int | None
    decimals: int
    values: tuple[Value, ...]


def headings() -> tuple[str, ...]:
    """What stands over the columns."""
    return (
        _("Mål nr."),
        _("Mål"),
        _("Indikator"),
        _("Enhed"),
        _("Måleenhed"),
        _("Periode"),
        _("Periodens navn"),
        _("Periodens sidste dag"),
        _("Værdi"),
        _("Hvorfor intet tal"),
        _("Rettet"),
        _("Værdi før rettelsen"),
        _("Eksempeldata"),
        _("Prisniveau"),
        _("Prisår"),
    )


def series_rows(content: ReportContent) -> Iterator[SeriesRows]:
    """Every series of every goal, in the report's order; a series that two goals share comes with both."""
    for section in content.sections:
        for row in section.rows:
            yield _series(section, row)


def _series(section: Section, row: IndicatorRow) -> SeriesRows:
    figure = row.figure
    return SeriesRows(
        goal=section.number,
        texts=(
            plain_text(section.short_name),
            plain_text(figure.name),
            plain_text(figure.unit_name),
            plain_text(figure.unit),
        ),
        price_level=row.price_level,
        price_year=row.price_year,
        decimals=row.numbers.decimals,
        values=row.numbers.values,
    )
