"""The report in files for other programs: the same numbers everywhere, text that stays text, the same bytes."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from django.conf import settings
from docx.oxml.ns import qn
from lxml import etree, html
from PIL import Image
from pypdf import PdfReader
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from followup.models import RoundState
from followup.status import Light
from goals.kinds import MissingReason
from organisation.danish import NBSP
from organisation.spreadsheets import guarded, looks_like_formula
from reports.content import report_content
from reports.exports import png
from reports.exports.csv import csv_of
from reports.exports.docx import docx_of
from reports.exports.lights import SHAPES
from reports.exports.png import png_of
from reports.exports.svg import svg_of
from reports.exports.text import decimal_text, xml_text
from reports.exports.xlsx import xlsx_of
from reports.frozen import frozen
from reports.models import MadeFile
from reports.parts import Value
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories
from tests.reports.conftest import QUARTERS, measured_goal

OVERVIEW, TIDY, DEFINITIONS = "Overblik", "Tal", "Definitioner"
# What the fixture `reported` stores, by goal; 75 is expected now (70 in 2025K2 to 80 in 2027K2), and 80 is the target.
STORED = {
    "Trivsel": ["70", "70", "70", "70", "76"],
    "Læsning": ["70", "73", "76", "77", "71"],
    "Regning": ["70", "72", "74", "76", "78"],
    "Sang": ["70", "72", "74", "76"],
}
NOW_SHOWN = {"Trivsel": "76,0", "Læsning": "71,0", "Regning": "78,0", "Sang": "–"}
LONG_WORD = "Ø" * 80


def content_of(round_):
    return report_content(ordinary(round_), now=factories.NOW)


def book_of(round_) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_of(content_of(round_))))


def rows_of(sheet) -> list[dict]:
    """The sheet's table as dictionaries: the heads are the last frozen row."""
    at = int(re.sub(r"\D", "", sheet.freeze_panes)) - 1
    heads = [cell.value for cell in sheet[at]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=at + 1, values_only=True)]


def lines_of(round_) -> list[dict]:
    text = csv_of(content_of(round_)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def document_of(round_) -> docx.document.Document:
    return docx.Document(io.BytesIO(docx_of(content_of(round_))))


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def danish(value: float) -> str:
    """With one decimal, as the indicators of these tests have it; written out apart from the code that is tested."""
    return f"{value:.1f}".replace(".", ",").replace("-", "−")


@pytest.fixture
def negative(town):
    """A report of one goal whose values go below zero and through it."""
    goal = measured_goal(town, 1, [], title="Overskud", short_name="Overskud")
    series = goal.goal_series.get().series
    for period, value in zip(QUARTERS, ["-3", "-2.75", "0", "1234.5", "-0.5"], strict=True):
        factories.measurement(series, period, value)
    return factories.round_(town.committee, state=RoundState.READY)


# The same numbers everywhere


@pytest.fixture
def on_paper(reported) -> str:
    """The text of the report's PDF, with plain blanks."""
    pages = PdfReader(io.BytesIO(report_pdf(content_of(reported.round)))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace(NBSP, " ").split())


@pytest.fixture
def in_json(reported) -> dict[str, dict]:
    """The goals of the text that publishing keeps, by their short names."""
    kept = json.loads(frozen(content_of(reported.round)))
    return {section["short_name"]: section for section in kept["content"]["sections"]}


def behind_the_charts(on_paper: str, goal) -> list[str]:
    """The numbers of the goal's table in the PDF's section of tables, newest first as they stand."""
    section = on_paper[on_paper.rindex("Tallene bag graferne Tabellerne ligger") :]
    table = section[section.rindex(f"Mål {goal.rank}. {goal.short_name}") :]
    following = re.search(r"Mål \d+\. |Kilder og noter", table[5:])
    return re.findall(r"\d\. kvt\. \d{4} (−?[\d.]+,\d)", table[: following.start() + 5 if following else None])


def test_every_stored_value_is_the_same_in_every_file(reported, sign_in, on_paper, in_json):
    page = html.fromstring(sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/").content.decode())
    in_sheet, in_lines = rows_of(book_of(reported.round)[TIDY]), lines_of(reported.round)
    for goal in (reported.better, reported.worse, reported.same, reported.missing):
        name = goal.short_name
        wanted = [danish(float(value)) for value in STORED[name]]
        table = page.xpath(f'//section[@id="maal-{goal.pk}"]//table[contains(@class, "r-values")]')[0]
        assert [cell.text_content() for cell in table.xpath("./tbody/tr/td")] == wanted[::-1]
        sheet = [row for row in in_sheet if row["Mål"] == name]
        assert [danish(row["Værdi"]) for row in sheet] == wanted
        assert [row["Periode"] for row in sheet] == QUARTERS[: len(wanted)]
        assert [line["Værdi"] for line in in_lines if line["Mål"] == name] == wanted
        (row,) = in_json[name]["rows"]
        assert [danish(float(value["value"])) for value in row["numbers"]["values"]] == wanted
        (table,) = in_json[name]["tables"]
        assert [cell["text"] for _period, (cell,) in table["rows"]] == wanted[::-1]
        assert table["codes"] == [value["period"] for value in row["numbers"]["values"]][::-1]
        assert behind_the_charts(on_paper, goal) == wanted[::-1]
    assert len(in_sheet) == len(in_lines) == sum(map(len, STORED.values()))


def test_the_row_of_each_goal_is_the_same_in_every_file(reported, sign_in, on_paper, in_json):
    page = html.fromstring(sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/").content.decode())
    sheet = {row["Nr."]: row for row in rows_of(book_of(reported.round)[OVERVIEW])}
    tables = [table for table in document_of(reported.round).tables if table.rows[0].cells[0].text == "Indikator"]
    goals = (reported.better, reported.worse, reported.same, reported.missing)
    for goal, table in zip(goals, tables, strict=True):
        shown = NOW_SHOWN[goal.short_name]
        cells = page.xpath(f'//section[@id="maal-{goal.pk}"]//table[contains(@class, "r-indicators")]/tbody/tr/td')
        assert cells[1].xpath("./b")[0].text_content() == shown
        assert cells[2].text == ("75,0" if shown != "–" else "–")
        row = sheet[goal.rank]
        assert (danish(row["Værdi"]) if row["Værdi"] is not None else "–") == shown
        assert row["Forventet nu"] == (75 if shown != "–" else None)
        assert (row["Måltal"], plain(row["Måltallet i ord"])) == (80, "mindst 80,0 pct. i 2. kvartal 2027")
        in_words = [cell.text.splitlines()[0] for cell in table.rows[1].cells]
        assert [in_words[1], in_words[2], plain(in_words[4])] == ["70,0", shown, "mindst 80,0"]
        assert in_words[3] == ("75,0" if shown != "–" else "–")
        (kept,) = in_json[goal.short_name]["rows"]
        assert (kept["baseline"], kept["figure"]["value"], plain(kept["target"])) == ("70,0", shown, "mindst 80,0")
        assert kept["expected"] == in_words[3]
        numbers = kept["numbers"]
        assert danish(float(numbers["baseline"])) == "70,0" and float(numbers["target"]) == 80
        assert (danish(float(numbers["value"])) if numbers["value"] is not None else "–") == shown
        # The row on paper: baseline, now and their periods, expected, target.
        now = rf"{shown} 2\. kvt\. 2026" if shown != "–" else r"– 2\. kvt\. 2026"
        assert re.search(rf"70,0 2\. kvt\. 2025 {now} {in_words[3]} mindst 80,0", on_paper)


def test_overview_says_status_reason_and_what_it_was(reported):
    sheet = book_of(reported.round)[OVERVIEW]
    lines = [row[0] for row in sheet.iter_rows(max_row=7, values_only=True) if row[0]]
    assert lines[0] == "Opfølgning på 2. kvartal 2026"
    assert lines[1].endswith("Børne- og Skoleudvalget")
    assert "Møde: Børne- og Skoleudvalget, onsdag den 2. september 2026" in lines[2]
    assert lines[3] == "2 af 5 mål er på rette vej. 1 er ikke på rette vej, 1 mangler tal og 1 har ingen status."
    assert lines[4] == "1 ikke på rette vej · 1 mangler · 2 på rette vej · 1 ingen data"
    goals = {row["Nr."]: row for row in rows_of(sheet)}
    assert [goals[number]["Status"] for number in range(1, 6)] == [
        "● På rette vej", "■ Ikke på rette vej", "● På rette vej", "◷ Mangler", "○ Ingen data",
    ]  # fmt: skip
    assert goals[1]["Status sidst, hvis en anden"] == "■ Ikke på rette vej"
    assert goals[3]["Status sidst, hvis en anden"] is None
    assert goals[2]["Begrundelse"].startswith("Trivslen er 71,0 pct. Det er 4,0 procentpoint under det forventede")
    assert goals[5]["Begrundelse"] == "Målet har endnu ingen indikatorer."


def test_definitions_say_source_and_who(reported):
    rows = rows_of(book_of(reported.round)[DEFINITIONS])
    assert [row["Mål"] for row in rows] == ["Trivsel", "Læsning", "Regning", "Sang"]
    first, town = rows[0], reported.town
    assert (first["Måleenhed"], first["Udgangspunkt"], first["Kilde"]) == ("pct.", 70, "Elevernes egne svar")
    assert first["Indberettet"].startswith(str(town.manager))
    assert first["Godkendt"].startswith(str(town.head))
    assert (first["Seneste periode"], rows[3]["Seneste periode"]) == ("2. kvt. 2026", "1. kvt. 2026")


def test_what_a_number_is_made_of(town):
    goal = measured_goal(town, 1, [])
    factories.measurement(goal.goal_series.get().series, "2026K2", "82.38", numerator=463, denominator=562)
    round_ = factories.round_(town.committee, state=RoundState.READY)
    assert rows_of(book_of(round_)[DEFINITIONS])[0]["Tallet består af"] == "463 af 562"


# What a cell holds


def test_cells_hold_real_dates_and_real_numbers_and_stay_in_sight(reported):
    book = book_of(reported.round)
    assert book.sheetnames == [OVERVIEW, TIDY, DEFINITIONS]
    sheet = book[TIDY]
    heads = {cell.value: cell.column for cell in sheet[1]}
    day, value = sheet.cell(2, heads["Periodens sidste dag"]), sheet.cell(2, heads["Værdi"])
    assert day.is_date and day.value.date() == date(2025, 6, 30) and day.number_format == "dd-mm-yyyy"
    assert value.data_type == "n" and value.number_format == "#,##0.0"
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == f"A1:O{sheet.max_row}"
    assert sheet.dimensions == f"A1:O{1 + sum(map(len, STORED.values()))}"
    assert book[DEFINITIONS].freeze_panes == "A2"
    assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])
    assert book.properties.title == "Opfølgning på 2. kvartal 2026, Børne- og Skoleudvalget"


def test_negative_numbers_and_zero_stay_numbers(negative):
    rows = rows_of(book_of(negative)[TIDY])
    assert [row["Værdi"] for row in rows] == [-3, -2.75, 0, 1234.5, -0.5]
    assert rows_of(book_of(negative)[OVERVIEW])[0]["Værdi"] == -0.5
    assert [line["Værdi"] for line in lines_of(negative)] == ["-3,0", "-2,75", "0,0", "1234,5", "-0,5"]
    table = next(table for table in document_of(negative).tables if table.rows[0].cells[0].text == "Indikator")
    assert table.rows[1].cells[2].text.splitlines()[0] == "−0,5"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (None, 1, ""),
        ("0", 0, "0"),
        ("0.00000000", 1, "0,0"),
        ("-12345.678", 1, "-12345,678"),
        ("8.30000000", 1, "8,3"),
        ("1E+3", 0, "1000"),
        ("0.00000001", 0, "0,00000001"),
        ("100", 2, "100,00"),
    ],
)
def test_number_in_a_csv(value, decimals, text):
    assert decimal_text(None if value is None else Decimal(value), decimals) == text


def test_a_series_without_a_chart_comes_with_its_reason(town):
    goal = measured_goal(town, 1, [], short_name="Skjult")
    series = goal.goal_series.get().series
    factories.measurement(series, "2026K2", missing=MissingReason.WITHHELD)
    round_ = factories.round_(town.committee, state=RoundState.READY)
    assert content_of(round_).sections[0].charts == ()
    (row,), (line,) = rows_of(book_of(round_)[TIDY]), lines_of(round_)
    assert (row["Værdi"], row["Hvorfor intet tal"]) == (None, "skjult af hensyn til personer")
    assert (line["Værdi"], line["Hvorfor intet tal"]) == ("", "skjult af hensyn til personer")


def test_corrected_and_example_values_say_so(reported):
    latest = reported.better.goal_series.get().series.measurements.get(period="2026K2")
    latest.is_example = True
    factories.correction(latest, 74)
    *_before, row = (row for row in rows_of(book_of(reported.round)[TIDY]) if row["Mål"] == "Trivsel")
    assert (row["Værdi"], row["Rettet"], row["Værdi før rettelsen"], row["Eksempeldata"]) == (74, "ja", 76, "ja")
    *_before, line = (line for line in lines_of(reported.round) if line["Mål"] == "Trivsel")
    wanted = ("74,0", "ja", "76,0", "ja")
    assert (line["Værdi"], line["Rettet"], line["Værdi før rettelsen"], line["Eksempeldata"]) == wanted
    assert (_before[0]["Rettet"], _before[0]["Værdi før rettelsen"], _before[0]["Eksempeldata"]) == ("nej", "", "nej")
    assert "rettet, før 76,0" in " ".join(cell.text for table in document_of(reported.round).tables
                                          for row in table.rows for cell in row.cells)  # fmt: skip


# Text that stays text

FORMULAS = [
    "=1+1", "+45 12 34", "-1", "-", "@SUM(A1)", "\t=1", "\n=1", " =1+1", '=HYPERLINK("http://x.dk";"a")',
    "=cmd|' /C calc'!A0",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_stays_text(town, text):
    goal = measured_goal(town, 1, [70], title=f"{text} titel", short_name=text)
    series = goal.goal_series.get().series
    series.indicator.name = text
    series.indicator.save()
    round_ = factories.round_(town.committee, state=RoundState.READY)
    book = book_of(round_)
    for cell in (book[TIDY]["B2"], book[TIDY]["C2"], book[DEFINITIONS]["C2"]):
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix, "it would be computed when somebody edits the cell"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    (line,) = lines_of(round_)
    assert (line["Mål"], line["Indikator"], line["Værdi"]) == (f"'{text}", f"'{text}", "70,0")
    assert f"Mål 1. {text} titel" in [one.text for one in document_of(round_).paragraphs if "titel" in one.text]


@pytest.mark.parametrize("text", ["Trivsel", "3 = tre", "5-årige", "a@b.dk", "", "(−1)", "100 pct."])
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text and not looks_like_formula(text)


def test_a_carriage_return_is_guarded():
    assert guarded("\r=1") == "'\r=1"


def test_markup_and_characters_that_no_xml_holds(town):
    title = "Børn & <b>unge</b> \x0b\x00\ufffe ”æøå” 😀"
    measured_goal(town, 1, [70, 71], title=title.replace("\x00", ""), short_name="A & <i>\x0c")
    round_ = factories.round_(town.committee, state=RoundState.READY)
    wanted = "Børn & <b>unge</b>  ”æøå” 😀"
    assert rows_of(book_of(round_)[OVERVIEW])[0]["Mål"] == wanted
    assert rows_of(book_of(round_)[TIDY])[0]["Mål"] == "A & <i>"
    assert f"Mål 1. {wanted}" in [one.text for one in document_of(round_).paragraphs]
    chart = content_of(round_).sections[0].charts[0]
    etree.fromstring(svg_of(chart, content_of(round_)))
    assert xml_text("\x00a\tb\r\nc\ud800\uffff") == "a\tb\r\nc"


# The Word document


def test_document_has_real_headings_language_and_title(reported):
    document = document_of(reported.round)
    styles = [one.style.name for one in document.paragraphs]
    assert styles.count("Title") == 1
    levels = [int(name.removeprefix("Heading ")) for name in styles if name.startswith("Heading")]
    assert levels[0] == 1 and {1, 2, 3} == set(levels)
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is skipped"
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [
        "Overblik", "Siden sidste rapport", "Mål 1. Flere trives", "Mål 2. Flere læser", "Mål 3. Flere regner",
        "Mål 4. Flere synger", "Mål 5. Flere leger", "Kilder og noter",
    ]  # fmt: skip
    assert document.core_properties.title == "Opfølgning på 2. kvartal 2026, Børne- og Skoleudvalget"
    assert document.core_properties.language == "da-DK"
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert next(defaults.iter(qn("w:lang"))).get(qn("w:val")) == "da-DK"


def test_document_tables_repeat_their_heads_and_have_a_name(reported):
    tables = document_of(reported.round).tables
    assert len(tables) == 1 + 1 + 4 + 2
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert {len(row.cells) for row in table.rows} == {len(table.columns)}


def test_every_style_that_the_document_names_is_there(reported):
    document = document_of(reported.round)
    named = {one.get(qn("w:val")) for one in document.element.iter(qn("w:pStyle"), qn("w:tblStyle"))}
    assert named <= {style.style_id for style in document.styles}


def test_document_says_verdict_changes_reason_and_narrative(reported):
    texts = [plain(one.text) for one in document_of(reported.round).paragraphs]
    assert "2 af 5 mål er på rette vej. 1 er ikke på rette vej, 1 mangler tal og 1 har ingen status." in texts
    assert texts[texts.index("Bedre end sidst") + 1 :][:3] == [
        "Mål 1. Trivsel", "● På rette vej", "sidst: ■ Ikke på rette vej",
    ]  # fmt: skip
    assert texts[texts.index("Dårligere end sidst") + 1] == "Mål 2. Læsning"
    assert texts[texts.index("Mangler tal") + 1] == "Mål 4. Sang"
    at = texts.index("Mål 2. Flere læser")
    assert texts[at + 1] == "■ Ikke på rette vej"
    assert texts[at + 3].startswith("Trivslen er 71,0 pct.")
    assert "Ordlyd. Alle børn læser." in texts
    assert texts[texts.index("Hvad er sket?") + 1] == "Læsningen er gået tilbage."
    assert texts[texts.index("Hvad gør vi nu?") + 1] == "Vi øger timetallet fra august."


def test_paragraphs_of_a_narrative_stay_paragraphs(reported):
    assessment = reported.round.assessments.get(goal=reported.worse)
    assessment.what_happened = "Første afsnit.\r\n\r\nAndet afsnit,\r\nny linje."
    assessment.save()
    texts = [one.text for one in document_of(reported.round).paragraphs]
    at = texts.index("Hvad er sket?")
    assert texts[at + 1 : at + 3] == ["Første afsnit.", "Andet afsnit,\nny linje."]


# Where the numbers come from


def test_short_references_are_the_same_in_rows_and_sources(reported, on_paper):
    measured_goal(reported.town, 6, [70, 71, 72, 73, 74], series=2, title="Flere cykler", short_name="Cykel")
    content = content_of(reported.round)
    rows = [row for section in content.sections for row in section.rows]
    assert [row.reference for row in rows] == [1, 2, 3, 4, 5, 6]
    names = {source.reference: source.indicator for source in content.sources}
    assert [names[row.reference] for row in rows] == [row.figure.name for row in rows]
    of_series = {row.figure.series_id: row.reference for row in rows}
    leads = [section.lead for section in content.sections if section.lead is not None]
    assert len(leads) == 5 and all(lead.reference == of_series[lead.figure.series_id] for lead in leads)
    for at, goal in enumerate((reported.better, reported.worse, reported.same, reported.missing), 1):
        name = goal.goal_series.get().series.indicator.name
        # The reference under the indicator's name, and the line among the sources: its number, the goal's, the name.
        assert re.search(rf"{name}\b[^·]*Bakkeskolen · pct\. · Kilde {at}\b", on_paper)
        assert re.search(rf"\b{at} {goal.rank} {name} Bakkeskolen,", on_paper)


def test_document_has_references_and_address(reported):
    book = document_of(reported.round)
    words = [plain(paragraph.text) for paragraph in book.paragraphs]
    address = f"{settings.SITE_URL}/rapporter/{reported.round.pk}/"
    assert f"På nettet, med kilden til hvert tal: {address}" in words
    assert not [line for line in words if line.startswith("Kontrolkode")]
    tables = [table for table in book.tables if table.rows[0].cells[0].text == "Indikator"]
    assert [table.rows[1].cells[0].text.splitlines()[-1] for table in tables] == [f"Kilde {at}" for at in range(1, 5)]
    (sources,) = (table for table in book.tables if table.rows[0].cells[0].text == "Kilde")
    assert [row.cells[0].text for row in sources.rows[1:]] == ["1", "2", "3", "4"]
    published = docx.Document(io.BytesIO(docx_of(content_of(reported.round), "ab" * 32)))
    assert f"Kontrolkode: {'ab' * 32}" in [paragraph.text for paragraph in published.paragraphs]


def test_paper_has_the_address_and_the_control_code(reported, on_paper):
    address = f"{settings.SITE_URL}/rapporter/{reported.round.pk}/"
    assert f"På nettet, med kilden til hvert tal: {address}" in on_paper and "Kontrolkode" not in on_paper
    published = PdfReader(io.BytesIO(report_pdf(content_of(reported.round), "ab" * 32)))
    front = published.pages[0].extract_text()
    assert address in front and f"Kontrolkode: {'ab' * 32}" in front
    assert address.encode() not in b"".join(str(page.get("/Annots")).encode() for page in published.pages)


# One chart


def test_chart_stands_by_itself(reported):
    content = content_of(reported.round)
    chart = content.sections[1].charts[0]
    root = etree.fromstring(svg_of(chart, content))
    texts = [one.text for one in root.iter("{*}text")]
    assert texts[0] == "Trivslen stiger, men ikke hurtigt nok"
    assert any("pct." in text and reported.town.school.name in text for text in texts)
    assert any("Børne- og Skoleudvalget · Opfølgning på" in text for text in texts)
    dots = [float(one.get("data-value")) for one in root.iter("{*}circle") if one.get("data-value")]
    assert dots == [float(value) for value in STORED["Læsning"]]
    assert {etree.QName(one).localname for one in root.iter()} <= {
        "svg", "g", "title", "text", "rect", "line", "polyline", "polygon", "circle",
    }  # fmt: skip
    assert not [
        name for one in root.iter() for name in one.attrib if name in ("style", "href") or name.startswith("on")
    ]


def test_long_title_of_a_chart_is_broken_into_lines(town):
    goal = measured_goal(town, 1, [70, 71, 72])
    series = goal.goal_series.get().series
    series.indicator.name_in_sentence = f"{LONG_WORD[:58]} {LONG_WORD[:58]}"
    series.indicator.save()
    content = content_of(factories.round_(town.committee, state=RoundState.READY))
    root = etree.fromstring(svg_of(content.sections[0].charts[0], content))
    bold = [one.text for one in root.iter("{*}text") if one.get("font-weight") and one.get("font-size")]
    assert len(bold) >= 2 and all(len(line) <= 80 for line in bold)
    ends = [float(one.get("y")) for one in root if one.tag.endswith("text")]
    assert ends == sorted(ends) and ends[-1] < float(root.get("height"))


def test_chart_as_a_picture_is_twice_the_drawing_and_shows_it(reported):
    content = content_of(reported.round)
    drawing = svg_of(content.sections[1].charts[0], content)
    root = etree.fromstring(drawing)
    image = Image.open(io.BytesIO(png_of(drawing)))
    assert image.size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    colours = {colour: count for count, colour in image.convert("RGB").getcolors(1 << 20)}
    whole = image.width * image.height
    assert colours[255, 255, 255] > whole * 0.7  # paper
    assert sum(colours.get(one, 0) for one in ((0x0B, 0x4F, 0x6C), (0x1A, 0x1A, 0x1A))) > whole * 0.002  # line, words
    # There is ink where each dot of the chart is; the baseline and the expected value lie over the first and the last.
    (group,) = (one for one in root.iter("{*}g") if one.get("transform"))
    top = float(group.get("transform").split()[1].rstrip(")"))
    dots = [one for one in root.iter("{*}circle") if one.get("data-value")]
    assert len(dots) == 5
    for one in dots[1:-1]:
        at = (round(2 * float(one.get("cx"))), round(2 * (float(one.get("cy")) + top)))
        assert image.convert("RGB").getpixel(at) == (0x0B, 0x4F, 0x6C)
    assert png_of(drawing) == png_of(drawing)


def test_picture_is_set_in_our_own_type(reported, monkeypatch):
    """Without the fonts that are fetched from our files the words are set in others, and the picture is another."""
    content = content_of(reported.round)
    drawing = svg_of(content.sections[1].charts[0], content)
    ours = png_of(drawing)
    nothing = CSS(string="@page { margin: 0 } body { margin: 0 } svg { display: block }"), FontConfiguration()
    monkeypatch.setattr(png, "_type", lambda: nothing)
    assert png_of(drawing) != ours


# Bad input, and the same bytes


@pytest.fixture(params=["no goals", "one goal without indicators", "long words", "everything"])
def any_round(request, town):
    if request.param == "one goal without indicators":
        factories.goal(town.committee)
    elif request.param == "long words":
        goal = measured_goal(town, 1, [70, 71], title=LONG_WORD, short_name=LONG_WORD[:60], description=LONG_WORD)
        series = goal.goal_series.get().series
        series.indicator.name, series.indicator.source = LONG_WORD, LONG_WORD
        series.indicator.save()
    elif request.param == "everything":
        return request.getfixturevalue("reported").round
    return factories.round_(town.committee, state=RoundState.READY)


def test_every_file_opens_whatever_the_report_holds(any_round):
    content = content_of(any_round)
    rows = sum(len(row.numbers.values) for section in content.sections for row in section.rows)
    book = book_of(any_round)
    assert len(rows_of(book[TIDY])) == rows == len(lines_of(any_round))
    assert len(rows_of(book[OVERVIEW])) == len(content.sections)
    assert document_of(any_round).paragraphs[-1].text.startswith("Datagrundlag: godkendte tal pr.")


@pytest.mark.parametrize("write", [xlsx_of, docx_of, csv_of])
def test_same_content_gives_the_same_bytes(any_round, write, monkeypatch):
    first = write(content_of(any_round))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert write(content_of(any_round)) == first
    if write is not csv_of:
        with ZipFile(io.BytesIO(first)) as bundle:
            assert {info.date_time for info in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2026-08-10T" in bundle.read("docProps/core.xml")


def test_many_values_are_all_there(town):
    """More than one block of rows."""
    goal = measured_goal(town, 1, [], series=3)
    content = content_of(factories.round_(town.committee, state=RoundState.READY))
    section, values = content.sections[0], tuple(
        Value(f"2026M{n % 12 + 1:02}", "måned", date(2026, 1, 31), Decimal(n) / 8, "", False, None, False)
        for n in range(1500)
    )  # fmt: skip
    rows = tuple(replace(row, numbers=replace(row.numbers, values=values)) for row in section.rows)
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_of(replace(content, sections=(replace(section, rows=rows),)))), read_only=True
    )
    found = [row[8] for row in book[TIDY].iter_rows(min_row=2, values_only=True)]
    assert found == [n / 8 for _series in range(3) for n in range(1500)]
    assert goal.goal_series.count() == 3


# Downloading


@pytest.mark.parametrize(
    ("path", "content_type", "name", "start"),
    [
        ("xlsx/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", b"PK\x03\x04"),
        ("docx/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", b"PK\x03\x04"),
        ("csv/", "text/csv; charset=utf-8", ".csv", b"\xef\xbb\xbfM\xc3\xa5l nr.;"),
        ("diagram/{chart}.svg", "image/svg+xml", "-{chart}.svg", b"<?xml"),
        ("diagram/{chart}.png", "image/png", "-{chart}.png", b"\x89PNG\r\n"),
    ],
)
def test_files_download_with_a_name_and_are_kept_nowhere(reported, sign_in, path, content_type, name, start):
    chart = f"graf-{reported.better.pk}-{reported.better.goal_series.get().series_id}"
    response = sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/{path.format(chart=chart)}")
    assert response.headers["Content-Type"] == content_type
    wanted = f'attachment; filename="opfoelgning-2026k2-boerne-og-skoleudvalget{name.format(chart=chart)}"'
    assert response.headers["Content-Disposition"] == wanted
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content.startswith(start)
    if path.endswith(".svg"):
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_chart_that_is_not_in_the_report_does_not_exist(reported, sign_in):
    other = measured_goal(reported.town, 1, [1, 2], state="draft")
    series = other.goal_series.get().series_id
    for name in ("graf-0-0", "x", f"graf-{other.pk}-{series}"):
        for ending in ("svg", "png"):
            url = f"/rapporter/{reported.round.pk}/diagram/{name}.{ending}"
            assert sign_in(reported.town.reader).get(url).status_code == 404


def test_page_leads_to_every_file(reported, sign_in):
    client = sign_in(reported.town.reader)
    page = html.fromstring(client.get(f"/rapporter/{reported.round.pk}/").content.decode())
    links = [link for link in page.xpath("//main//a/@href") if re.search(r"/rapporter/\d+/\w+", link)]
    assert [len([link for link in links if link.endswith(ending)]) for ending in (".svg", ".png")] == [4, 4]
    assert {link.split("/")[3] for link in links} == {"pdf", "xlsx", "csv", "docx", "diagram", "tal"}
    assert all(client.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize("path", ["xlsx/", "csv/", "docx/"])
def test_queries_do_not_grow_with_indicators(town, django_assert_max_num_queries, sign_in, path):
    round_ = factories.round_(town.committee, state=RoundState.READY)
    client = sign_in(town.politician)

    def queries() -> int:
        MadeFile.objects.all().delete()  # else it would be given out as it was made
        with django_assert_max_num_queries(25) as counted:
            assert client.get(f"/rapporter/{round_.pk}/{path}").status_code == 200
        return len(counted)

    measured_goal(town, 1, [70, 72, 74], series=2)
    few = queries()
    for rank in range(2, 8):
        measured_goal(town, rank, [70, 72, 74], series=2)
    assert queries() == few


def test_every_light_has_its_own_shape():
    assert set(SHAPES) == {light.value for light in Light}
    assert len(set(SHAPES.values())) == len(SHAPES)
