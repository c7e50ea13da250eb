"""A goal's effect chain in its report: on the page, on paper and in Word, kept as it was."""

import io
import json
import zipfile
from datetime import date

import pikepdf
import pypdf
import pytest

from goals.kinds import StepKind
from goals.models import Assumption, ChainStep
from reports.content import report_content
from reports.exports.docx import docx_of
from reports.frozen import FORM, frozen, thawed
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html
from tests.reports.pdf_checks import faults

NOW = factories.NOW
WEAKENED = "Aktiviteten er på rette vej i to perioder, men effekten på lang sigt følger ikke med."


@pytest.fixture
def chained(reported):
    """The goal that got worse, with an arrow that was weakened before the meeting."""
    goal = reported.worse
    start = ChainStep.objects.create(goal=goal, kind=StepKind.ACTIVITY, text="Vi læser højt hver dag")
    end = ChainStep.objects.create(goal=goal, kind=StepKind.LONG, text="Børnene læser selv")
    start.series.add(reported.same.goal_series.get().series)
    end.series.add(goal.goal_series.get().series)
    reported.arrow = Assumption.objects.create(
        from_step=start, to_step=end, text="lyst smitter", evidence="EVA 2024", weakened_on=date(2026, 8, 10)
    )
    return reported


def content_of(it):
    return report_content(ordinary(it.round), now=NOW)


def chain_of(content):
    [section] = [section for section in content.sections if section.short_name == "Læsning"]
    return section.chain


def test_only_the_goal_that_has_one_shows_a_chain(chained):
    content = content_of(chained)
    assert [section.short_name for section in content.sections if section.chain] == ["Læsning"]
    chain = chain_of(content)
    assert [(step.text, [mark.key for mark in step.marks]) for step in chain.steps] == [
        ("Vi læser højt hver dag", ["ontrack"]),
        ("Børnene læser selv", ["offtrack"]),
    ]
    assert chain.alt == "2 led. Aktivitet på rette vej, effekt på lang sigt ikke på rette vej: antagelse svækket."


def test_on_the_page_on_paper_and_in_word(chained, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    page = html(sign_in(chained.town.consultant).get(f"/rapporter/{chained.round.pk}/"))
    paper = report_pdf(content_of(chained))
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    word = zipfile.ZipFile(io.BytesIO(docx_of(content_of(chained)))).read("word/document.xml").decode()
    for text in (page, pages, word):
        flat = " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").split())
        for words in ("Effektkæde", WEAKENED, "Vi læser højt hver dag", "lyst smitter", "EVA 2024"):
            assert words in flat, words
    with pikepdf.open(io.BytesIO(paper)) as document:
        found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert any("effekt på lang sigt ikke på rette vej: antagelse svækket" in str(one.Alt) for one in found)


def test_the_paper_is_whole_with_it(chained):
    content = content_of(chained)
    titles = {one.title: f"{one.number}. {one.short_name}" for one in content.sections}
    assert faults(pikepdf.open(io.BytesIO(report_pdf(content))), titles) == []


def test_a_long_chain_stands_as_a_table_on_paper(chained):
    for n in range(12):
        ChainStep.objects.create(goal=chained.worse, kind=StepKind.OUTPUT, position=n + 1, text=f"Aftale nummer {n}")
    content = content_of(chained)
    [section] = [section for section in content.sections if section.chain]
    assert section.chain_on_paper() == "" and "Aftale nummer 11" in section.chain_on_screen()
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_pdf(content))).pages)
    assert "Aftale nummer 11" in pages


def test_kept_as_it_was_and_read_from_before(chained):
    content = content_of(chained)
    text = frozen(content)
    Assumption.objects.update(weakened_on=None)
    assert frozen(thawed(text)) == text
    assert chain_of(thawed(text)) == chain_of(content) != chain_of(content_of(chained))
    plain = json.loads(text)
    assert plain["form"] == FORM == 5
    for section in plain["content"]["sections"]:
        del section["chain"]
    old = thawed(json.dumps({"form": 2, "content": plain["content"]}))
    assert [section.chain for section in old.sections] == [None] * len(content.sections)
