"""The rows of the workbook's tidy sheet as XML. XlsxWriter takes 4 µs a cell; a million cells are to take seconds."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from zipfile import ZipFile

from django.utils.translation import gettext as _

from organisation.danish import STORED_DECIMALS
from organisation.spreadsheets import looks_like_formula
from reports.exports.text import plain_text
from reports.exports.tidy import series_rows
from reports.parts import ReportContent, Value

BLOCK = 2000  # rows in one piece
DAY_ZERO = date(1899, 12, 30).toordinal()  # that of Excel, which counts 29 February 1900
_SPECIMEN = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_STYLE = re.compile(r'<c r="[A-Z]+2" s="(\d+)"/>')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')


class Styles:
    """The numbers of the cell styles, read from the specimen row: text that stays text, date, and each of decimals."""

    COUNT = 3 + STORED_DECIMALS

    def __init__(self, specimen: str) -> None:
        found = _STYLE.findall(specimen)
        assert len(found) == self.COUNT, f"{len(found)} styles"
        self.quoted, self.date, *self.decimals = found


def filled_sheet(book: ZipFile, name: str, content: ReportContent, rows: int) -> Iterator[bytes]:
    """The sheet's part with all its rows in place of the specimen row, piece by piece."""
    sheet = book.read(name).decode()
    specimen = _SPECIMEN.search(sheet)
    assert specimen is not None
    styles = Styles(specimen[0])
    before = _DIMENSION.sub(f'<dimension ref="A1:O{rows + 1}"/>', sheet[: specimen.start()])
    yield before.encode()
    block = io.StringIO()
    for at, row in enumerate(_rows(content, styles), 1):
        block.write(row)
        if at % BLOCK == 0:
            yield block.getvalue().encode()
            block = io.StringIO()
    yield block.getvalue().encode()
    yield sheet[specimen.end() :].encode()


def _rows(content: ReportContent, styles: Styles) -> Iterator[str]:
    """Each row. What follows a cell's address is made once for each text, period and series."""
    text = text_cell(styles)
    yes, no = text(_("ja")), text(_("nej"))

    @lru_cache(maxsize=10_000)
    def when(period: str, name: str, day: date) -> tuple[str, str, str]:
        return text(period), text(plain_text(name)), f'" s="{styles.date}"><v>{day.toordinal() - DAY_ZERO}</v></c>'

    line = 1
    for series in series_rows(content):
        # `2` is a number; `2.10` is not, and would lose its last digit.
        goal = f'"><v>{series.goal}</v></c>' if series.goal.isdecimal() else text(series.goal)
        name, indicator, unit, measure = map(text, series.texts)
        style = styles.decimals[min(series.decimals, STORED_DECIMALS)]
        level = text(series.price_level) if series.price_level else ""
        year = f'"><v>{series.price_year}</v></c>' if series.price_year else ""
        for one in series.values:
            line += 1
            period, period_name, day = when(one.period, one.period_name, one.day)
            missing = f'<c r="J{line}{text(one.missing)}' if one.missing else ""
            yield (
                f'<row r="{line}"><c r="A{line}{goal}<c r="B{line}{name}<c r="C{line}{indicator}<c r="D{line}{unit}'
                f'<c r="E{line}{measure}<c r="F{line}{period}<c r="G{line}{period_name}<c r="H{line}{day}'
                f'{_number("I", line, one.value, style)}{missing}<c r="K{line}{yes if one.is_corrected else no}'
                f'{_before(line, one, style)}<c r="M{line}{yes if one.is_example else no}'
                f'{f"""<c r="N{line}{level}""" if level else ""}{f"""<c r="O{line}{year}""" if year else ""}</row>'
            )


def text_cell(styles: Styles) -> Callable[[str], str]:
    """What follows the address of a cell with the text. A text like a formula is marked: it stays one when edited."""

    @lru_cache(maxsize=10_000)
    def cell(text: str) -> str:
        style = f' s="{styles.quoted}"' if looks_like_formula(text) else ""
        return f'"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    return cell


def _before(line: int, one: Value, style: str) -> str:
    return _number("L", line, one.corrected_from, style) if one.is_corrected else ""


def _number(column: str, line: int, value: Decimal | None, style: str) -> str:
    return f'<c r="{column}{line}" s="{style}"><v>{value:f}</v></c>' if value is not None else ""
