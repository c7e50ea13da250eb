"""The numbers of a report as CSV files, which lie in its PDF."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from followup.presentation import NO_VALUE
from organisation.danish import NumberError, parse_number
from organisation.pdf_finish import AttachedFile
from organisation.spreadsheets import guarded
from organisation.templatetags.components import light_word
from reports.exports.csv import csv_bytes
from reports.exports.text import plain_text
from reports.names import in_file_name
from reports.parts import Cell, IndicatorRow, ReportContent, Section, ValueTable

LONGEST_NAME = 60


def attachments(content: ReportContent) -> tuple[AttachedFile, ...]:
    """One file with every indicator, and one for each table behind the charts."""
    sections = [section for section in content.sections if section.rows]
    if not sections:
        return ()
    indicators = AttachedFile(
        "indikatorer.csv",
        _("Alle indikatorer med udgangspunkt, tal nu, måltal og status"),
        csv_bytes(_indicators(sections)),
    )
    return indicators, *(file for section in sections for file in _tables(section))


def _tables(section: Section) -> Iterable[AttachedFile]:
    name = f"maal-{section.number}-{in_file_name(section.short_name)}"[:LONGEST_NAME].rstrip("-")
    description = _("Tallene bag graferne for mål %(number)s, %(name)s") % {
        "number": section.number,
        "name": section.short_name,
    }
    for at, table in enumerate(section.tables, 1):
        yield AttachedFile(f"{name}.csv" if at == 1 else f"{name}-{at}.csv", description, csv_bytes(_values(table)))


def _indicators(sections: Iterable[Section]) -> Iterable[Sequence[str]]:
    yield (
        _("Mål nr."),
        _("Mål"),
        _("Indikator"),
        _("Enhed"),
        _("Måleenhed"),
        _("Udgangspunkt"),
        _("Udgangspunkt, periode"),
        _("Nu"),
        _("Nu, periode"),
        _("Nu, rettet fra"),
        _("Nu, usikkerhed"),
        _("Forventet nu"),
        _("Måltal"),
        _("Måltal, periode"),
        _("Status"),
        _("Eksempeldata"),
    )
    for section in sections:
        for row in section.rows:
            yield str(section.number), _text(section.title), *_indicator(row)


def _indicator(row: IndicatorRow) -> Iterable[str]:
    figure = row.figure
    return (
        _text(figure.name),
        _text(figure.unit_name),
        _text(figure.unit),
        _number(row.baseline),
        _text(row.baseline_period),
        _number(figure.value),
        _text(row.period),
        _number(row.corrected_from),
        _text(figure.interval),
        _number(row.expected),
        _text(row.target),
        _text(row.target_period),
        light_word(figure.light),
        _("ja") if figure.is_example else "",
    )


def _values(table: ValueTable) -> Iterable[Sequence[str]]:
    """As the table on paper; what stands in marks beside its numbers has a column of its own, where there is any."""
    columns = [[cells[at] for _period, cells in table.rows] for at in range(len(table.heads))]
    series = [_column(name, unit, cells) for (name, unit), cells in zip(table.heads, columns, strict=True)]
    yield _("Periode"), *(head for parts in series for head, _cells in parts)
    for at, (period, _cells) in enumerate(table.rows):
        yield _text(period), *(cells[at] for parts in series for _head, cells in parts)


def _column(name: str, unit: str, cells: Sequence[Cell]) -> list[tuple[str, list[str]]]:
    """The heads and cells of one series."""
    head = _text(f"{name} ({unit})" if unit else name)
    parts = [(head, [_number(cell.text) for cell in cells])]
    if any(cell.corrected_from for cell in cells):
        parts.append((_("%s, rettet fra") % head, [_number(cell.corrected_from) for cell in cells]))
    if any(cell.is_example for cell in cells):
        parts.append((_("%s, eksempeldata") % head, [_("ja") if cell.is_example else "" for cell in cells]))
    return parts


def _number(text: str) -> str:
    """A number as spreadsheets read it in Danish: decimal comma, no points, plain minus. No number is empty."""
    if text in ("", NO_VALUE):
        return ""
    try:
        return f"{parse_number(text):f}".replace(".", ",")
    except NumberError:
        return _text(text)


def _text(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate, with ordinary spaces."""
    return guarded(plain_text(text))
