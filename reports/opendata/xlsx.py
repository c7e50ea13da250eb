"""Numbers as a workbook: what they are, and every number, a row each, in constant memory. Pure: no Django."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from organisation.danish import STORED_DECIMALS
from organisation.spreadsheets import looks_like_formula
from reports.exports.text import plain_text
from reports.opendata.csv import COLUMNS
from reports.opendata.kinds import REASONS, OpenSeries, OpenValue, Publisher, citation, terms_of

ABOUT, NUMBERS = "Om tallene", "Tal"
MOST_ROWS = 1_000_000  # of a sheet; Excel takes 1,048,576
WIDTHS = (8, 16, 40, 14, 28, 14, 12, 20, 12, 12, 14, 12, 12, 14, 28, 10, 8, 16, 13, 12, 8)
THEN = datetime(1980, 1, 1, tzinfo=UTC)
FONT = {"font_name": "Calibri", "font_size": 11}


def write_workbook(
    out: IO[bytes],
    pairs: Iterable[tuple[OpenSeries, Sequence[OpenValue]]],
    publisher: Publisher,
    *,
    day: date,
    title: str,
    series: OpenSeries | None = None,
) -> None:
    """The workbook into the file; `series` where it is about one only. The same numbers give the same bytes."""
    # Texts are written as what they are; nothing is guessed from how they begin.
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"title": plain_text(title), "author": plain_text(publisher.name), "created": THEN})
        _write_about(book, publisher, title, series, day)
        _Numbers(book).write(pairs)


def _write_about(
    book: xlsxwriter.Workbook, publisher: Publisher, title: str, series: OpenSeries | None, day: date
) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    head, text = book.add_format({**FONT, "bold": True, "valign": "top"}), book.add_format({**FONT, "text_wrap": True})
    for row, (label, said) in enumerate(_about(publisher, title, series, day)):
        sheet.write_string(row, 0, label, head)
        sheet.write_string(row, 1, plain_text(said), text)


def _about(publisher: Publisher, title: str, series: OpenSeries | None, day: date) -> Iterator[tuple[str, str]]:
    terms = terms_of(publisher, series)
    yield "Tal", title
    yield "Myndighed", publisher.name
    if publisher.is_example:
        yield "Eksempeldata", "Myndigheden og tallene er opdigtet."
    if series is not None:
        yield "Definition", series.definition
        yield "Måleenhed", series.measured_in
        yield "Kilde", series.source
        yield "Om tallene", series.note
    yield "Vilkår", f"{terms.name} {terms.url}".strip()
    yield "Sådan henviser du", citation(publisher, series.title if series else "", day)
    yield "Åbne data", publisher.home
    yield "Kontakt", publisher.email
    for column in COLUMNS:
        yield column.heading, column.says
    for code, words in REASONS.items():
        yield f"Grundkode {code}", words


class _Numbers:
    """The sheets of numbers: a new one when the last is full."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.head = book.add_format({**FONT, "bold": True, "bottom": 1})
        self.quoted = book.add_format({**FONT, "quote_prefix": True})
        self.date = book.add_format({**FONT, "num_format": "dd-mm-yyyy"})
        self.decimals = [
            book.add_format({**FONT, "num_format": "#,##0" + ("." + "0" * count if count else "")})
            for count in range(STORED_DECIMALS + 1)
        ]

    def write(self, pairs: Iterable[tuple[OpenSeries, Sequence[OpenValue]]]) -> None:
        sheet, row = self._sheet(1), 0
        for series, values in pairs:
            for one in values:
                if row == MOST_ROWS:
                    sheet, row = self._sheet(len(self.book.worksheets())), 0
                row += 1
                self._row(sheet, row, series, one)

    def _sheet(self, number: int) -> Worksheet:
        sheet = self.book.add_worksheet(NUMBERS if number == 1 else f"{NUMBERS} {number}")
        for column, (width, heading) in enumerate(zip(WIDTHS, COLUMNS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading.heading, self.head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _row(self, sheet: Worksheet, row: int, series: OpenSeries, one: OpenValue) -> None:
        look = self.decimals[min(series.decimals, STORED_DECIMALS)]
        sheet.write_number(row, 0, series.pk)
        texts = (series.indicator_code, series.indicator, series.unit_code, series.unit, series.measure)
        for column, text in enumerate((*texts, one.period, one.period_name), 1):
            self._text(sheet, row, column, text)
        sheet.write_datetime(row, 8, one.first, self.date)
        sheet.write_datetime(row, 9, one.last, self.date)
        self._number(sheet, row, 10, one.value, look)
        self._number(sheet, row, 11, one.numerator, self.decimals[0])
        self._number(sheet, row, 12, one.denominator, self.decimals[0])
        self._text(sheet, row, 13, one.missing)
        self._text(sheet, row, 14, REASONS.get(one.missing, ""))
        self._text(sheet, row, 15, "ja" if one.is_provisional else "nej")
        self._text(sheet, row, 16, "ja" if one.is_corrected else "nej")
        self._number(sheet, row, 17, one.corrected_from, look)
        self._text(sheet, row, 18, "ja" if one.is_example else "nej")
        self._text(sheet, row, 19, series.price_level)
        if series.price_year is not None:
            sheet.write_number(row, 20, series.price_year)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        if text:
            quoted: Any = (self.quoted,) if looks_like_formula(text) else ()
            sheet.write_string(row, column, plain_text(text), *quoted)

    def _number(self, sheet: Worksheet, row: int, column: int, value: Decimal | None, look: Format) -> None:
        if value is not None:
            sheet.write_number(row, column, value, look)
