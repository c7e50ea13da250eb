"""What citizens say about the goals, in the report: as it was published on the day, and in every form of the report."""

import io
import json
import zipfile
from datetime import timedelta

import pikepdf
import pypdf
import pytest

from citizens.actions.loop import finish_survey
from citizens.kinds import SurveyState
from citizens.models import Survey
from reports.content import report_content
from reports.exports.docx import docx_of
from reports.freshness import fingerprint
from reports.frozen import FORM, frozen, thawed
from reports.outline import Part
from reports.parts import Heard
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories
from tests.citizens import making
from tests.citizens.test_answer_pages import kept
from tests.followup.flow import html
from tests.reports.pdf_checks import faults

NOW = factories.NOW
SAID = "Der kommer stadig nye ansigter hver uge"
HEARD, DOING = "Mange er i tvivl om målet.", "Vi skriver det i aftalen."


@pytest.fixture
def asked(reported):
    reported.survey = making.survey(
        reported.town.school, SurveyState.FINISHED, goal=reported.worse, kept_results=kept()
    )
    making.pair(reported.survey, HEARD, DOING)
    making.comment(reported.survey, SAID)
    return reported


def content_of(it):
    return report_content(ordinary(it.round), now=NOW)


def test_each_goal_that_citizens_were_asked_about(asked):
    making.survey(asked.town.school, goal=asked.better)
    better, worse = content_of(asked).citizens
    assert (better.name, better.survey, better.assessed, better.pairs) == ("Trivsel", "", (), ())
    assert better.sentence.replace("\u00a0", " ").startswith("Vi har spurgt. Senest 1. september 2026")
    assert worse == Heard(
        number="2",
        anchor=worse.anchor,
        name="Læsning",
        survey="Hvordan oplever du hjælpen i hjemmet?",
        sentence="187 har svaret.",
        assessed=(("Effekt", "3,71 af 5", "3,54–3,89"),),
        pairs=((HEARD, DOING),),
    )


def test_on_the_page_on_paper_and_in_word_but_never_a_citizens_own_words(asked, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    page = html(sign_in(asked.town.consultant).get(f"/rapporter/{asked.round.pk}/"))
    subject = ordinary(asked.round)
    paper = report_pdf(content_of(asked))
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    word = zipfile.ZipFile(io.BytesIO(docx_of(content_of(asked)))).read("word/document.xml").decode()
    assert subject.outline.has(Part.CITIZENS)
    for text in (page, pages, word):
        flat = " ".join(text.replace("\u00a0", " ").split())
        for words in ("Det siger borgerne", "3,71 af 5", HEARD, DOING, "187 har svaret."):
            assert words in flat
        assert SAID not in flat


def test_the_paper_is_whole_with_it(asked):
    content = content_of(asked)
    titles = {
        " ".join(section.title.split()): f"{section.number}. {section.short_name}" for section in content.sections
    }
    assert faults(pikepdf.open(io.BytesIO(report_pdf(content))), titles) == []


def test_nothing_is_said_where_nobody_was_asked(reported, sign_in):
    assert content_of(reported).citizens == ()
    page = html(sign_in(reported.town.consultant).get(f"/rapporter/{reported.round.pk}/"))
    assert "Det siger borgerne" not in page.split("<main", 1)[1]


def test_an_old_report_does_not_tell_what_was_answered_later(asked):
    meeting = asked.round.meeting_date
    Survey.objects.update(finished_at=making.later((meeting - factories.TODAY).days + 1))
    later = report_content(ordinary(asked.round), now=NOW + timedelta(days=90))
    [one] = later.citizens
    assert (one.survey, one.pairs) == ("", ())
    assert HEARD not in frozen(later)


def test_frozen_and_back(asked):
    content = content_of(asked)
    text = frozen(content)
    assert thawed(text).citizens == content.citizens
    assert frozen(thawed(text)) == text


def test_a_report_frozen_before_this_is_still_read(asked):
    plain = json.loads(frozen(content_of(asked)))
    assert plain["form"] == FORM == 5
    del plain["content"]["citizens"]
    old = thawed(json.dumps({"form": 2, "content": plain["content"]}))
    assert old.citizens == ()
    assert old.sections == content_of(asked).sections


def test_a_file_is_made_anew_when_the_answer_is_published(reported):
    survey = making.survey(reported.town.school, goal=reported.worse)
    making.pair(survey)
    subject = ordinary(reported.round)
    before = fingerprint(subject, now=NOW)
    assert fingerprint(subject, now=NOW) == before
    finish_survey(survey, version=1, by=reported.town.manager, now=NOW)
    assert fingerprint(subject, now=NOW) != before
