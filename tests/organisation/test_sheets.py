"""Files as people send them: what they are is decided by content, and each fault has one key and one sentence."""

import io
import random
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from organisation import sheets
from organisation.file_messages import file_message
from organisation.sheets import FileProblem, Range, read_sheets

DATA = Path(__file__).parents[1] / "data"
WORKBOOK = DATA / "dk-statbank-xlsx/ARE207_area_2019.xlsx"


def workbook(write) -> bytes:
    """A workbook that `write` has filled."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        write(book)
    return stream.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def problem_of(content: bytes, filename: str, limit: int | None = None) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read_sheets(content, filename, limit=limit)
    return caught.value


TEXT = "Område;Værdi\r\nÆrø;1,5\r\nSamsø;2,5\r\n"
ROWS = [["Område", "Værdi"], ["Ærø", "1,5"], ["Samsø", "2,5"]]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("iso-8859-1"), "iso-8859-1"),
        (TEXT.replace("Ærø", "Ærø’").encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
    ],
)
def test_encoding_is_found(content, encoding):
    file = read_sheets(content, "tal.csv")
    assert (file.kind, file.encoding, file.delimiter) == ("csv", encoding, ";")
    assert [[cell.replace("’", "") for cell in row] for row in file.sheets[0].rows] == ROWS


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_is_found(delimiter):
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)
    file = read_sheets(text.encode(), "tal.csv")
    assert file.delimiter == delimiter
    assert file.sheets[0].rows == ROWS


def test_decimal_commas_do_not_part_columns():
    file = read_sheets(b"Sted;2023;2024\nGreve;1,5;2,5\nVejle;3,5;4,5\n", "tal.csv")
    assert file.sheets[0].rows[1] == ["Greve", "1,5", "2,5"]


def test_quoted_field_holds_delimiters_and_line_breaks():
    file = read_sheets(b'a,b\n"x, y\nz",1\n', "tal.csv")
    assert file.sheets[0].rows == [["a", "b"], ["x, y\nz", "1"]]


def test_leading_lines_do_not_decide_the_delimiter():
    file = read_sheets(b"Kilde, et sted, her\n\nSted;Tal\nA;1\nB;2\n", "tal.csv")
    assert file.delimiter == ";"
    assert len(file.sheets[0].rows) == 5


def test_cells_of_a_workbook():
    def write(book):
        sheet = book.add_worksheet("Tal")
        day, percent = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "0%"})
        sheet.write_row(2, 1, ["00101", 1.0, 0.1, True])
        sheet.write_datetime(3, 1, date(2026, 8, 17), day)
        sheet.write_number(3, 2, 0.125, percent)
        sheet.merge_range(4, 1, 5, 2, "to gange to")

    sheet = read_sheets(workbook(write), "tal.xlsx").sheets[0]
    assert sheet.name == "Tal"
    assert sheet.rows[:2] == [[None] * 5] * 2
    assert sheet.rows[2] == [None, "00101", 1, Decimal("0.1"), "TRUE"]
    assert sheet.rows[3][1:3] == [date(2026, 8, 17), Decimal("0.125")]
    assert sheet.merged == [Range(4, 1, 5, 2)]


def test_error_in_a_cell_is_kept_as_text():
    def write(book):
        book.add_chartsheet("Diagram")
        sheet = book.add_worksheet("Tal")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")

    (sheet,) = read_sheets(workbook(write), "tal.xlsx").sheets
    assert sheet.rows[1:] == [[None, "#DIV/0!", None], [None, None, "#N/A"]]


def test_a_number_is_told_from_a_truth_value():
    cells = [1, True, 0, False, 0.1, 1, True, 0.1]
    (sheet,) = read_sheets(workbook(lambda book: book.add_worksheet().write_row(0, 0, cells)), "tal.xlsx").sheets
    tenth = Decimal("0.1")
    assert [repr(cell) for cell in sheet.rows[0]] == [
        repr(cell) for cell in (1, "TRUE", 0, "FALSE", tenth, 1, "TRUE", tenth)
    ]


def test_wide_sheet_is_read():
    sheet = read_sheets(workbook(lambda book: book.add_worksheet().write(40, 15_000, 1)), "tal.xlsx").sheets[0]
    assert len(sheet.rows) == 41
    assert sheet.rows[40][15_000] == 1


# Bad files


def with_macros() -> bytes:
    return package({**parts_of(WORKBOOK.read_bytes()), "xl/vbaProject.bin": b"x"})


def far_cell(name: str) -> bytes:
    return workbook(lambda book: book.add_worksheet().write(name, 1))


def bomb() -> bytes:
    parts = parts_of(WORKBOOK.read_bytes())
    return package({**parts, "xl/worksheets/sheet1.xml": b" " * (60 * sheets.MEGABYTE)})


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")


BAD = [
    (b"", "tal.csv", "empty"),
    (b"\xef\xbb\xbf \r\n\r\n", "tal.csv", "empty"),
    (b"", "tal.xlsx", "empty"),
    (b"%PDF-1.7 ...", "tal.xlsx", "not_what_it_says"),
    (b"%PDF-1.7 ...", "tal.pdf", "not_a_table"),
    (b"<!DOCTYPE html><html><table><tr><td>1", "tal.xls", "not_what_it_says"),
    (b"<html><body><table>", "tal.xlsx", "not_what_it_says"),
    (TEXT.encode(), "tal.xlsx", "not_what_it_says"),
    (WORKBOOK.read_bytes(), "tal.csv", "not_what_it_says"),
    (WORKBOOK.read_bytes(), "tal.xlsm", "macros"),
    (with_macros(), "tal.xlsx", "macros"),
    (encrypted(), "tal.xlsx", "encrypted"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "tal.xls", "not_a_table"),
    (WORKBOOK.read_bytes()[:5000], "tal.xlsx", "broken_workbook"),
    (package({"xl/workbook.xml": b"<nothing/>"}), "tal.xlsx", "broken_workbook"),
    (package({"brev.txt": b"x"}), "tal.zip", "not_a_table"),
    (package({"[Content_Types].xml": b"", "word/document.xml": b""}), "brev.docx", "not_a_table"),
    (bomb(), "tal.xlsx", "zip_bomb"),
    (far_cell("XFD1048576"), "tal.xlsx", "too_many_cells"),
    (far_cell("XFD5000"), "tal.xlsx", "too_many_cells"),
    (far_cell("Z400000"), "tal.xlsx", "too_many_cells"),
    (far_cell("AA400000"), "tal.xlsx", "too_many_cells"),
    (b'{"a": [1, 2]}', "tal.json", "not_a_table"),
    (b'{"a": [1, 2]}', "tal.csv", "not_what_it_says"),
    (b'CHARSET="ANSI";\nAXIS-VERSION="2000";\n', "tal.px", "not_a_table"),
    (b"---\ntitle: a\n---\nTekst, og mere; tekst\n", "om.md", "not_a_table"),
    (b"- a: 1\n- b: 2\n- c: 3\n", "om.yml", "not_a_table"),
    (b"Bare en linje tekst.\nOg en til.\n", "brev.txt", "not_a_table"),
    (b"\x89PNG\r\n\x1a\n", "billede.png", "not_a_table"),
    (bytes(range(256)) * 4, "tal.dat", "not_a_table"),
    ("Område;Tal\nÆrø;1\n".encode() + "Samsø;2\n".encode("cp1252"), "tal.csv", "encoding"),
    (b"Sted;Tal\nA;1\n\x81\x8d;2\n", "tal.csv", "encoding"),
    (b'Sted;Tal\nA;1\n"B;2\nC;3\n', "tal.csv", "quotes"),
]


@pytest.mark.parametrize(("content", "filename", "key"), BAD, ids=[f"{key}-{at}" for at, (_, _, key) in enumerate(BAD)])
def test_bad_file_has_one_key_and_one_sentence(content, filename, key):
    problem = problem_of(content, filename)
    assert problem.key == key
    sentence = file_message(problem)
    assert sentence.endswith(".")
    assert "\n" not in sentence and "%" not in sentence
    assert not sentence.startswith("Filen kan ikke læses")  # the sentence for an unknown key


def test_large_file_is_refused_by_the_limit_only():
    content = b"Sted;Tal\n" + b"Greve;12345\n" * (100 * sheets.MEGABYTE // 12)
    problem = problem_of(content, "tal.csv", limit=20 * sheets.MEGABYTE)
    assert problem.key == "too_large"
    assert "20 MB" in file_message(problem)


def test_kind_is_said_in_the_sentence():
    assert "en PDF-fil" in file_message(problem_of(b"%PDF-1.7", "tal.xlsx"))
    assert "linje 3" in file_message(problem_of(b'A;B\n1;2\n1;"2\n', "tal.csv"))


def test_damaged_workbook_never_fails_otherwise():
    whole, chance = WORKBOOK.read_bytes(), random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read_sheets(bytes(damaged), "tal.xlsx")
        except FileProblem as problem:
            assert file_message(problem)
