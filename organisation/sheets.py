"""Read a CSV or XLSX file into sheets of cells, whatever it calls itself. Pure: no Django.

What a file is, is decided by its content; a name that promises something else is a problem. Nothing is unpacked
before the zip directory has been weighed.
"""

import codecs
import csv
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum
from python_calamine import PasswordError as CalaminePasswordError

from organisation.collecting import without_collecting

Cell = str | int | float | Decimal | date | None
Row = list[Cell]

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 600 * MEGABYTE
RATIO_LIMIT = 200  # real sheets pack up to some 50 times; only looked at beyond RATIO_FROM
RATIO_FROM = 50 * MEGABYTE
CELL_LIMIT = 10_000_000  # a sheet is held as a full rectangle: one stray cell far out must not fill the memory
FIELD_LIMIT = 128 * 1024
DELIMITERS = ";\t|,"


class FileProblem(ValueError):
    """A file that cannot be read as a table. `key` says why, `values` what a sentence about it needs."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key, values)
        self.key = key
        self.values: dict[str, str | int] = values


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, counted from 0, the last row and column included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """One sheet from A1 on: `rows[0]` is row 1. An empty cell is None in a workbook, an empty text in a CSV."""

    name: str
    rows: list[Row]
    merged: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """What was read: its sheets, and how it was written. A CSV has one sheet; a workbook no encoding or delimiter."""

    kind: str
    sheets: list[Sheet]
    encoding: str | None = None
    delimiter: str | None = None


def read_sheets(content: bytes, filename: str, *, limit: int | None = None) -> File:
    """All sheets of the file, or FileProblem. `limit` is the most bytes allowed."""
    if limit is not None and len(content) > limit:
        raise FileProblem("too_large", megabytes=max(1, limit // MEGABYTE))
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileProblem("empty")
    suffix = PurePath(filename).suffix.lower()
    kind = _kind(content)
    if kind == "xlsm" or (kind == "xlsx" and suffix in (".xlsm", ".xltm")):
        raise FileProblem("macros")
    if kind == "csv" and suffix in _NO_TABLE:
        raise FileProblem("not_a_table", kind="text")
    claimed = _CLAIMS.get(suffix)
    if claimed and claimed != kind and kind not in ("encrypted", "broken"):
        raise FileProblem("not_what_it_says", suffix=suffix, kind=kind)
    if kind == "xlsx":
        return File("xlsx", list(_workbook_sheets(content)))
    if kind == "csv":
        return _read_csv(content, PurePath(filename).stem)
    if kind == "broken":
        raise FileProblem("broken_workbook")
    if kind == "encrypted":
        raise FileProblem("encrypted")
    raise FileProblem("not_a_table", kind=kind)


# What a file is

_CLAIMS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".csv": "csv", ".tsv": "csv"}
_NO_TABLE = (".md", ".yml", ".yaml", ".json", ".px", ".html", ".xml", ".pdf", ".docx")
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "text"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _kind(content: bytes) -> str:
    """xlsx, xlsm or csv; else what it seems to be."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _zip_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "xls"
    if not content.startswith(_UTF16) and b"\x00" in content[:100_000]:
        return "binary"
    return _text_kind(content)


def _zip_kind(content: bytes) -> str:
    try:
        names = {name.lower() for name in zipfile.ZipFile(io.BytesIO(content)).namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return "broken"
    if any(name.endswith("vbaproject.bin") for name in names):
        return "xlsm"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "[content_types].xml" in names and any(name.startswith("word/") for name in names):
        return "word"
    return "ods" if "content.xml" in names and "mimetype" in names else "archive"


def _text_kind(content: bytes) -> str:
    """What kind of text: markup and data formats have their own first words; the rest may be a CSV."""
    start = content[:4000].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        return "html"
    if start.startswith(b"<?xml") or re.match(rb"<[a-z][\w:.-]*[\s>/]", start):
        return "html" if b"<html" in start or b"<table" in start else "xml"
    if start.startswith((b"{", b"[")) and _is_json(content):
        return "json"
    if re.match(rb"(charset|axis-version|creation-date|matrix)=\"", start):
        return "px"
    if start.startswith((b"---\n", b"---\r")) or _is_outline(content[:50_000]):
        return "text"
    return "csv"


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


_OUTLINE = re.compile(rb"\s*(#|- |[\w ./\"'-]{1,80}:(\s|$))")


def _is_outline(start: bytes) -> bool:
    """Whether nearly all lines are `key: value`, list points or headings, as in YAML and Markdown."""
    lines = [line for line in start.splitlines() if line.strip()]
    return len(lines) > 2 and sum(_OUTLINE.match(line) is not None for line in lines) >= 0.9 * len(lines)


# CSV


def _read_csv(content: bytes, name: str) -> File:
    text, encoding = _decode(content)
    delimiter = _delimiter(text)
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows: list[Row] = list(reader)  # type: ignore[arg-type]
    except csv.Error as error:
        raise FileProblem("quotes", line=reader.line_num) from error
    return File("csv", [Sheet(name, rows)], encoding, delimiter)


_NORDIC = frozenset("æøåÆØÅäöÄÖéüÉÜ")


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith(_UTF16):
        return _decoded(content, "utf-16"), "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return _decoded(content, "utf-8-sig"), "utf-8-sig"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # Nordic letters in proper UTF-8 beside bytes that are not: two encodings in one file.
        if _NORDIC & set(content.decode("utf-8", "ignore")):
            raise FileProblem("encoding", line=content.count(b"\n", 0, error.start) + 1) from error
    if re.search(rb"[\x80-\x9f]", content):
        return _decoded(content, "cp1252"), "cp1252"
    return content.decode("iso-8859-1"), "iso-8859-1"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileProblem("encoding", line=content.count(b"\n", 0, error.start) + 1) from error


def _delimiter(text: str) -> str:
    """The mark that parts most of the first rows into equally many columns."""
    best, most, total = "", 0, 0
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        total = max(total, len(widths))
        common = Counter(width for width in widths if width > 1).most_common(1)
        if common and common[0][1] > most:
            best, most = delimiter, common[0][1]
    if most < 2 <= total or most < 0.3 * total:
        raise FileProblem("not_a_table", kind="text")
    return best


def _widths(text: str, delimiter: str, rows: int = 200) -> list[int]:
    """How many cells the first rows with text have."""
    widths: list[int] = []
    reader = csv.reader(io.StringIO(text[:500_000], newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                widths.append(len(row))
            if len(widths) == rows:
                break
    except csv.Error:
        pass
    return widths


# XLSX

Errors = dict[tuple[int, int], str]  # row and column of a cell with an error, and its text: #N/A


def _workbook_sheets(content: bytes) -> Iterator[Sheet]:
    errors = _weigh(content)
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(content))
        for index, about in enumerate(book.sheets_metadata):
            if about.typ is SheetTypeEnum.WorkSheet:
                yield _workbook_sheet(book.get_sheet_by_index(index), errors.get(index, {}))
    except CalaminePasswordError as error:
        raise FileProblem("encrypted") from error
    except (CalamineError, OSError, RuntimeError) as error:
        raise FileProblem("broken_workbook") from error


@without_collecting()
def _workbook_sheet(sheet: CalamineSheet, errors: Errors) -> Sheet:
    # Most cells are texts, and most numbers come again: they are not worth a call each.
    numbers = _Numbers()
    rows = [
        [cell if type(cell) is str and cell else numbers[cell] if type(cell) is float else _cell(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), text in errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    merged = [Range(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return Sheet(sheet.name, rows, sorted(merged, key=lambda one: (one.first_row, one.first_column)))


class _Numbers(dict[float, int | Decimal]):
    """Each different number as the workbook shows it: exact."""

    def __missing__(self, cell: float) -> int | Decimal:
        self[cell] = number = int(cell) if cell.is_integer() else Decimal(repr(cell))
        return number


def _cell(cell: Any) -> Cell:
    """A cell that is no number as the workbook shows it: empty is None."""
    if type(cell) is str:
        return cell or None
    if type(cell) is datetime:
        return cell.isoformat(" ") if cell.time() != time() else cell.date()
    if type(cell) in (int, date):
        return cell  # type: ignore[no-any-return]
    return str(cell).upper() if cell is True or cell is False else str(cell)


def _weigh(content: bytes) -> dict[int, Errors]:
    """Refuse what would fill the memory when unpacked, before it is. Gives the cells with errors of each sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            if unpacked > UNPACKED_LIMIT or (unpacked > RATIO_FROM and unpacked / packed > RATIO_LIMIT):
                raise FileProblem("zip_bomb")
            if any(part.flag_bits & 1 for part in parts):
                raise FileProblem("encrypted")
            found = {part.filename: _unpack(package, part) for part in parts}
            if not any(found.values()):
                return {}
            return {index: found.get(name, {}) for index, name in enumerate(_sheet_parts(package))}
    except FileProblem:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, NotImplementedError, EOFError, OSError) as error:
        raise FileProblem("broken_workbook") from error
    except RuntimeError as error:  # an unknown way of packing or encrypting
        raise FileProblem("broken_workbook") from error


# Where a cell or row stands, in sheets wider than Z or taller than 99,999.
_WIDE = re.compile(rb"""\sr=["']([A-Z]{2,3})\d{1,7}["']""")
_TALL = re.compile(rb"""\sr=["'][A-Z]{0,3}(\d{6,7})["']""")
# Whether there is any, written as Excel does it: far faster to look for, with no way back once the letter is read.
_USUAL = re.compile(rb' r="[A-Z]?+(?:[A-Z]|\d{6})')
_UNUSUAL = (b"'", b"\t", b"\n", b"\r", b"\v", b"\f")  # without these nobody has written it in another way
_ROW = re.compile(rb"""\sr=["'][A-Z]{0,3}(\d{1,5})["']""")
_ERROR = re.compile(
    rb"""<c r="([A-Z]{1,3})(\d{1,7})"[^>]{0,200} t="e"[^>]{0,200}>"""
    rb"(?:<f[^>]{0,200}>[^<]{0,400}</f>|<f[^>]{0,200}/>)?<v>(#[^<]{0,40})</v>"
)


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Errors:
    """Unpack a part piece by piece: it must be as large as the directory says, and a sheet not too wide and tall."""
    width, height = 26, 0
    errors: Errors = {}
    for piece in _pieces(package, part):
        if _USUAL.search(piece) or any(mark in piece for mark in _UNUSUAL):
            width = max([width, *map(_column_number, set(_WIDE.findall(piece)))])
            height = max([height, *map(int, _TALL.findall(piece))])
        if b't="e"' in piece:
            for letters, row, name in _ERROR.findall(piece):
                errors[int(row) - 1, _column_number(letters) - 1] = name.decode("ascii", "replace")
        if width * height > CELL_LIMIT:
            raise FileProblem("too_many_cells", cells=CELL_LIMIT)
    # Row numbers below 100,000 stand in every cell and matter in wide sheets only: looked for when there is cause.
    if width * 100_000 > CELL_LIMIT:
        for piece in _pieces(package, part):
            height = max([height, *map(int, set(_ROW.findall(piece)))])
        if width * height > CELL_LIMIT:
            raise FileProblem("too_many_cells", cells=CELL_LIMIT)
    return errors


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that overlap, so that no tag is cut in all of them; texts are unpacked but not given."""
    tail = b""
    with package.open(part) as stream:
        while piece := stream.read(MEGABYTE):
            if not part.filename.endswith(("sharedStrings.xml", "styles.xml")):
                yield tail + piece
                tail = piece[-1000:]


def _sheet_parts(package: zipfile.ZipFile) -> list[str]:
    """The name of each sheet's part, in the order of the sheets."""
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", _text(package, "xl/_rels/workbook.xml.rels")):
        pairs = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", tag))
        targets[pairs.get("Id", "")] = "xl/" + pairs.get("Target", "").removeprefix("/xl/")
    sheets = re.findall(r"""<sheet\b[^>]*\br:id=["']([^"']*)["']""", _text(package, "xl/workbook.xml"))
    return [targets.get(name, "") for name in sheets]


def _text(package: zipfile.ZipFile, name: str) -> str:
    return package.read(name).decode("utf-8", "replace")


def _column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
