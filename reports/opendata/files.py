"""The files of open data: which there are, and what is in each. Large ones are made on disk, never in memory."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from organisation.models import Authority
from reports.exports.package import THEN
from reports.opendata.csv import csv_pieces, series_pieces
from reports.opendata.csvw import description
from reports.opendata.jsonstat import dataset
from reports.opendata.kinds import OpenSeries, Publisher
from reports.opendata.values import ALWAYS, Pair, Span, open_values
from reports.opendata.xlsx import write_workbook

CHUNK = 1 << 16


class Made(NamedTuple):
    """A file on disk, at its beginning; `code` is of its bytes."""

    file: IO[bytes]
    code: str


class Numbers(NamedTuple):
    """Some series with the days asked for, and whose they are: what every file is made of."""

    authority: Authority
    publisher: Publisher
    series: list[OpenSeries]
    day: date
    updated: datetime | None
    title: str
    span: Span = ALWAYS

    @property
    def only(self) -> OpenSeries | None:
        """The series, where it is one."""
        return self.series[0] if len(self.series) == 1 else None

    def pairs(self) -> Iterator[Pair]:
        return open_values(self.authority, self.series, self.span)


def csv_file(numbers: Numbers) -> Made:
    """Every number, a line each."""
    return spooled(csv_pieces(numbers.pairs()))


def series_file(numbers: Numbers) -> Made:
    """What the series are."""
    return spooled(series_pieces(numbers.series, numbers.publisher.licence.name))


def xlsx_file(numbers: Numbers) -> Made:
    """A workbook."""
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_workbook(out, numbers.pairs(), numbers.publisher, day=numbers.day, title=numbers.title, series=numbers.only)
    return _from_start(out)


def json_stat(numbers: Numbers, href: str) -> dict[str, Any]:
    """The series, all of one indicator, as one cube."""
    return dataset(list(numbers.pairs()), numbers.publisher, day=numbers.day, updated=numbers.updated, href=href)


def json_stat_zip(numbers: Numbers) -> Made:
    """A JSON-stat file for each series."""
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
        for series, values in numbers.pairs():
            href = f"{numbers.publisher.home}serier/{series.pk}.json"
            cube = dataset([(series, values)], numbers.publisher, day=numbers.day, updated=None, href=href)
            _put(bundle, f"{series.pk}.json", json_bytes(cube))
    return _from_start(out)


def csv_description(numbers: Numbers, url: str, **more: Any) -> dict[str, Any]:
    """What goes with a CSV file."""
    return description(numbers.publisher, url, numbers.day, title=numbers.title, series=numbers.only, **more)


def json_bytes(made: dict[str, Any]) -> bytes:
    """As it is sent: readable letters, the same bytes for the same content."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def spooled(pieces: Iterable[bytes]) -> Made:
    """The pieces on disk."""
    out, code = TemporaryFile(), sha256()  # noqa: SIM115 - the response closes it
    for piece in pieces:
        out.write(piece)
        code.update(piece)
    out.seek(0)
    return Made(out, code.hexdigest()[:32])


def _put(bundle: ZipFile, name: str, content: bytes) -> None:
    info = ZipInfo(name, THEN)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0  # else the system it was made on shows
    bundle.writestr(info, content)


def _from_start(out: IO[bytes]) -> Made:
    out.seek(0)
    code = sha256()
    for piece in iter(partial(out.read, CHUNK), b""):
        code.update(piece)
    out.seek(0)
    return Made(out, code.hexdigest()[:32])
