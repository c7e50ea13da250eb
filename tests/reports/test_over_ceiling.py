"""A goal adopted above the ceiling is told of in the body's next report, once."""

import io
import json
from datetime import datetime, time, timedelta

import docx
import pytest

from goals.models import BudgetException
from reports.content import report_content
from reports.exports.docx import docx_of
from reports.frozen import frozen, thawed
from reports.rendering import paper_html
from reports.subject import ordinary
from tests import factories
from tests.factories import COPENHAGEN, NOW


def exceeded(unit, day, number=4, **fields) -> BudgetException:
    decision = factories.decision(unit, reference="punkt 9", **fields)
    at = datetime.combine(day, time(12), tzinfo=COPENHAGEN)
    goal = factories.goal(unit, title=f"Mål vedtaget {day:%d.%m}")
    return BudgetException.objects.create(goal=goal, decision=decision, number=number, most=3, at=at)


def told(round_) -> list[str]:
    return [one.title for one in report_content(ordinary(round_), now=NOW).over_ceiling]


def test_it_is_told_in_the_next_report_and_in_no_other(reported):
    committee = reported.town.committee
    exceeded(committee, reported.previous.meeting_date)
    exceeded(committee, reported.previous.meeting_date + timedelta(1))
    exceeded(reported.town.school, reported.round.meeting_date)
    exceeded(committee, reported.round.meeting_date + timedelta(1))
    exceeded(reported.town.other_committee, reported.round.meeting_date)
    assert told(reported.previous) == ["Mål vedtaget 27.05"]
    assert told(reported.round) == ["Mål vedtaget 28.05", "Mål vedtaget 02.09"]


def test_the_words_on_the_page_and_in_word(reported):
    exceeded(reported.town.committee, reported.round.meeting_date)
    content = report_content(ordinary(reported.round), now=NOW)
    [one] = content.over_ceiling
    assert (one.unit, one.number, one.most) == ("Børne- og Skoleudvalget", 4, 3)
    assert "punkt 9" in one.decision
    assert thawed(frozen(content)) == content
    said = "Børne- og Skoleudvalget: mål nr. 4, og loftet var 3."
    assert said in paper_html(content).replace("\u00a0", " ")
    written = docx.Document(io.BytesIO(docx_of(content)))
    assert any(said in paragraph.text.replace("\u00a0", " ") for paragraph in written.paragraphs)


def test_a_closed_decision_is_told_by_its_public_title(reported):
    closed = {"is_closed": True, "closed_reason": "Pris", "public_title": "En sag"}
    exceeded(reported.town.committee, reported.round.meeting_date, **closed)
    [one] = report_content(ordinary(reported.round), now=NOW).over_ceiling
    assert "En sag" in one.decision and "punkt 9" not in one.decision


def test_reports_of_before_are_read(reported):
    kept = json.loads(frozen(report_content(ordinary(reported.round), now=NOW)))
    del kept["content"]["over_ceiling"]
    assert thawed(json.dumps({**kept, "form": 2})).over_ceiling == ()
    with pytest.raises(KeyError):
        thawed(json.dumps(kept))
