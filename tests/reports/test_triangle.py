"""The steering triangle in a goal's section: on the page, on paper and in Word, kept as it was; and which kroner."""

import csv
import io
import json
import zipfile

import openpyxl
import pikepdf
import pypdf
import pytest

from goals.models import Indicator
from reports.content import report_content
from reports.exports.csv import csv_of
from reports.exports.docx import docx_of
from reports.exports.xlsx import xlsx_of
from reports.frozen import FORM, frozen, thawed
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html
from tests.reports.conftest import QUARTERS
from tests.reports.pdf_checks import faults

NOW = factories.NOW
SENTENCE = "Læseglæde ned, timer op, udgift pr. elev op (dårligere)"


@pytest.fixture
def whole(reported):
    """The goal that got worse is of quality; more hours are taught and each pupil costs more."""
    goal = reported.worse
    Indicator.objects.filter(series__goal_series__goal=goal).update(side="quality", name="Læseglæde")
    authority, school = reported.town.authority, reported.town.school
    hours = factories.indicator(authority, name="Timer", side="activity", unit_of_measure="timer", decimals=0)
    cost = factories.indicator(
        authority,
        name="Udgift pr. elev",
        side="economy",
        direction="lower",
        unit_of_measure="kr.",
        decimals=0,
        price_level="fixed",
        price_year=2026,
    )
    for indicator, first in ((hours, 10), (cost, 80000)):
        series = factories.series(indicator, school, goal)
        for at, period in enumerate(QUARTERS):
            factories.measurement(series, period, first + at)
    return reported


def content_of(it):
    return report_content(ordinary(it.round), now=NOW)


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").split())


def test_a_goal_measured_on_all_sides_shows_its_triangle(whole):
    content = content_of(whole)
    assert [section.short_name for section in content.sections if section.triangle] == ["Læsning"]
    [triangle] = [section.triangle for section in content.sections if section.triangle]
    assert (triangle.sentence, triangle.reading) == (SENTENCE, "Både kvalitet og økonomi er dårligere end sidst.")
    assert [corner.light for corner in triangle.corners] == ["offtrack", "notarget", "notarget"]
    # The round's own quarter once, then those before it.
    assert [flat(one.period) for one in triangle.moments] == [
        "2. kvt. 2026", "1. kvt. 2026", "4. kvt. 2025", "3. kvt. 2025", "2. kvt. 2025",
    ]  # fmt: skip
    # 70, 73, 76, 77, 71 where 72,5 and so on were expected: told by hand.
    assert [one.lights[0] for one in triangle.moments] == ["offtrack", "ontrack", "ontrack", "ontrack", "ontrack"]


def test_two_sides_are_no_triangle(whole):
    Indicator.objects.filter(side="activity").update(side="economy")
    assert [section for section in content_of(whole).sections if section.triangle] == []


def test_on_the_page_on_paper_and_in_word(whole, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    page = html(sign_in(whole.town.consultant).get(f"/rapporter/{whole.round.pk}/"))
    paper = report_pdf(content_of(whole))
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    word = zipfile.ZipFile(io.BytesIO(docx_of(content_of(whole)))).read("word/document.xml").decode()
    for text in (page, pages, word):
        for words in ("Styringstrekant", SENTENCE, "Både kvalitet og økonomi er dårligere end sidst.", "2026-priser"):
            assert words in flat(text), words
    with pikepdf.open(io.BytesIO(paper)) as document:
        found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert any("Udgift pr. elev: op (dårligere)" in flat(str(one.Alt)) for one in found)


def test_the_paper_is_whole_with_it(whole):
    content = content_of(whole)
    titles = {one.title: f"{one.number}. {one.short_name}" for one in content.sections}
    assert faults(pikepdf.open(io.BytesIO(report_pdf(content))), titles) == []


def test_kept_as_it_was_and_read_from_before(whole):
    content = content_of(whole)
    text = frozen(content)
    Indicator.objects.update(side="", price_level="", price_year=None)
    assert frozen(thawed(text)) == text
    assert thawed(text).sections == content.sections != content_of(whole).sections
    plain = json.loads(text)
    assert plain["form"] == FORM == 5
    for section in plain["content"]["sections"]:
        del section["triangle"]
        for row in [*section["rows"], *([section["lead"]] if section["lead"] else [])]:
            del row["price_level"], row["price_year"], row["figure"]["prices"]
    old = thawed(json.dumps({"form": 3, "content": plain["content"]}))
    assert [section.triangle for section in old.sections] == [None] * len(content.sections)
    assert {row.price_year for section in old.sections for row in section.rows} == {None}
    assert [section.chain for section in old.sections] == [section.chain for section in content.sections]


def test_spreadsheets_say_which_kroner(whole):
    content = content_of(whole)
    lines = csv.DictReader(io.StringIO(csv_of(content).decode("utf-8-sig")), delimiter=";")
    said = {line["Indikator"]: (line["Prisniveau"], line["Prisår"]) for line in lines}
    assert said["Udgift pr. elev"] == ("faste priser", "2026")
    assert said["Timer"] == ("", "")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(content)))
    head, *rows = book["Tal"].iter_rows(values_only=True)
    assert head[-2:] == ("Prisniveau", "Prisår")
    assert {row[-2:] for row in rows if row[2] == "Udgift pr. elev"} == {("faste priser", 2026)}
    assert {row[-2:] for row in rows if row[2] == "Timer"} == {(None, None)}
    head, *rows = book["Definitioner"].iter_rows(values_only=True)
    assert {row[head.index("Indikator")]: row[head.index("Priser")] for row in rows}["Udgift pr. elev"] == "2026-priser"
