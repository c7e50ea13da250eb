"""Numbers as CSV, the way a Danish spreadsheet opens it: BOM, semicolons, decimal comma, CRLF. Pure: no Django.

The columns are a promise (docs/open-data.md): new ones come last. `csvw.py` describes them to machines.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from organisation.spreadsheets import guarded
from reports.exports.text import decimal_text, plain_text
from reports.opendata.kinds import REASONS, OpenSeries, OpenValue

BLOCK = 500  # rows in one piece
BOM = b"\xef\xbb\xbf"


class Column(NamedTuple):
    """A column: its heading, the type of its cells as CSVW names it, and what it says."""

    heading: str
    datatype: str
    says: str


COLUMNS = (
    Column("Serie", "integer", "Seriens nummer; det samme i alle filer og adresser"),
    Column("Indikatorkode", "string", "Indikatorens kode hos myndigheden"),
    Column("Indikator", "string", "Hvad der måles"),
    Column("Enhedskode", "string", "Enhedens kode hos myndigheden"),
    Column("Enhed", "string", "Den del af organisationen, tallet gælder"),
    Column("Måleenhed", "string", "Det, tallet er opgjort i"),
    Column("Periode", "string", "Periodens kode, fx 2026K2"),
    Column("Periodens navn", "string", "Perioden i ord"),
    Column("Første dag", "date", "Periodens første dag"),
    Column("Sidste dag", "date", "Periodens sidste dag"),
    Column("Værdi", "decimal", "Tallet; tom, når der ikke er noget"),
    Column("Tæller", "decimal", "Tælleren, hvor tallet er en andel"),
    Column("Nævner", "decimal", "Nævneren, hvor tallet er en andel"),
    Column("Grundkode", "string", "Koden for, hvorfor der ikke er et tal"),
    Column("Hvorfor intet tal", "string", "Grunden i ord"),
    Column("Foreløbig", "boolean", "Om enheder mangler i summen"),
    Column("Rettet", "boolean", "Om tallet er rettet, efter at det blev godkendt"),
    Column("Værdi før rettelsen", "decimal", "Tallet før den seneste rettelse"),
    Column("Eksempeldata", "boolean", "Om tallet er opdigtet"),
    Column("Prisniveau", "string", "Kun for beløb. current: løbende priser; fixed: faste priser"),
    Column("Prisår", "integer", "Det år, faste priser er fra"),
)
SERIES_COLUMNS = (
    Column("Serie", "integer", "Seriens nummer; det samme i alle filer og adresser"),
    Column("Indikatorkode", "string", "Indikatorens kode hos myndigheden"),
    Column("Indikator", "string", "Hvad der måles"),
    Column("Definition", "string", "Hvordan der måles"),
    Column("Enhedskode", "string", "Enhedens kode hos myndigheden"),
    Column("Enhed", "string", "Den del af organisationen, tallet gælder"),
    Column("Måleenhed", "string", "Det, tallet er opgjort i"),
    Column("Decimaler", "integer", "Hvor mange decimaler tallet vises med"),
    Column("Bedst", "string", "higher: højere er bedre; lower: lavere er bedre; range: skal ligge mellem"),
    Column("Opgøres", "string", "Periodens længde, fx quarter"),
    Column("Kilde", "string", "Hvor tallet kommer fra"),
    Column("Kildens adresse", "anyURI", "Kilden på nettet"),
    Column("Vilkår", "string", "Vilkår for at bruge tallene"),
    Column("Om tallene", "string", "Forbehold"),
    Column("Prisniveau", "string", "Kun for beløb. current: løbende priser; fixed: faste priser"),
    Column("Prisår", "integer", "Det år, faste priser er fra"),
)
_YES_NO = {True: "ja", False: "nej"}
Pairs = Iterable[tuple[OpenSeries, Sequence[OpenValue]]]


def csv_pieces(pairs: Pairs) -> Iterator[bytes]:
    """Every number of the series, a line each, in pieces."""
    periods = _Periods()
    yield from _pieces(COLUMNS, (row for series, values in pairs for row in _rows(series, values, periods)))


def series_pieces(series: Iterable[OpenSeries], licence: str) -> Iterator[bytes]:
    """What the series are, a line each."""
    yield from _pieces(SERIES_COLUMNS, (_about(one, licence) for one in series))


def _pieces(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.heading for column in columns)
    yield BOM
    for at, row in enumerate(rows, 1):
        writer.writerow(row)
        if at % BLOCK == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


class _Periods(dict[str, tuple[str, ...]]):
    """The cells of each period, by its code."""

    def of(self, one: OpenValue) -> tuple[str, ...]:
        if (cells := self.get(one.period)) is None:
            days = one.first.isoformat(), one.last.isoformat()
            cells = self[one.period] = (one.period, plain_text(one.period_name), *days)
        return cells


def _rows(series: OpenSeries, values: Sequence[OpenValue], periods: _Periods) -> Iterator[list[str]]:
    head = [
        str(series.pk),
        *map(_text, (series.indicator_code, series.indicator, series.unit_code, series.unit, series.measure)),
    ]
    decimals = series.decimals
    for one in values:
        yield [
            *head,
            *periods.of(one),
            decimal_text(one.value, decimals),
            decimal_text(one.numerator, 0),
            decimal_text(one.denominator, 0),
            one.missing,
            REASONS.get(one.missing, ""),
            _YES_NO[one.is_provisional],
            _YES_NO[one.is_corrected],
            decimal_text(one.corrected_from, decimals),
            _YES_NO[one.is_example],
            series.price_level,
            _year(series),
        ]


def _about(series: OpenSeries, licence: str) -> list[str]:
    return [
        str(series.pk),
        *map(_text, (series.indicator_code, series.indicator, series.definition, series.unit_code, series.unit)),
        _text(series.measure),
        str(series.decimals),
        series.direction,
        series.frequency,
        *map(_text, (series.source, series.source_url, series.licence or licence, series.note)),
        series.price_level,
        _year(series),
    ]


def _year(series: OpenSeries) -> str:
    return str(series.price_year) if series.price_year is not None else ""


def _text(text: str) -> str:
    return guarded(plain_text(text))
