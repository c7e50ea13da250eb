"""The tidy table as CSV, the way a Danish Excel opens it: BOM, semicolons, decimal comma, CRLF."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from organisation.danish import table_date
from organisation.spreadsheets import guarded
from reports.exports.text import decimal_text, plain_text
from reports.exports.tidy import headings, series_rows
from reports.parts import ReportContent


def csv_of(content: ReportContent) -> bytes:
    """A line for each series and period."""
    return csv_bytes(chain([headings()], _lines(content)))


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as UTF-8 with the byte order mark, without which spreadsheets misread æ, ø and å."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _lines(content: ReportContent) -> Iterator[list[str]]:
    yes, no = _("ja"), _("nej")
    for series in series_rows(content):
        texts = [guarded(text) for text in series.texts]
        for one in series.values:
            yield [
                str(series.goal),
                *texts,
                guarded(one.period),
                guarded(plain_text(one.period_name)),
                table_date(one.day),
                decimal_text(one.value, series.decimals),
                one.missing,
                yes if one.is_corrected else no,
                decimal_text(one.corrected_from, series.decimals) if one.is_corrected else "",
                yes if one.is_example else no,
                series.price_level,
                str(series.price_year or ""),
            ]
