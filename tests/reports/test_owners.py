"""Who owns a cross-cutting goal: in its section on the page, on paper, in Word and Excel, and kept as it was."""

import io
import json
import zipfile
from datetime import timedelta

import openpyxl
import pikepdf
import pypdf
import pytest

from followup.kinds import RoundState
from goals.actions.owners import commit_owner, invite_owner, make_cross_cutting, withdraw_owner
from reports.content import report_content
from reports.exports.docx import docx_of
from reports.exports.xlsx import xlsx_of
from reports.freshness import fingerprint
from reports.frozen import FORM, frozen, thawed
from reports.parts import Owner
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html
from tests.goals.sharing import commitment, committed
from tests.reports.conftest import measured_goal
from tests.reports.pdf_checks import faults

NOW = factories.NOW


@pytest.fixture
def owned(reported):
    """The goal that got worse is owned with the region's school, which has committed, and the other school, invited."""
    town, goal = reported.town, reported.worse
    reported.region = factories.municipality()
    make_cross_cutting(goal, commitment(town.committee, town.manager), by=town.director, now=NOW)
    reported.theirs = committed(goal, reported.region.school, reported.region.manager, reported.region.director)
    reported.invited = invite_owner(goal, town.other_school, by=town.director, now=NOW)
    return reported


def content_of(it, now=NOW):
    return report_content(ordinary(it.round), now=now)


def owners_in(content) -> dict[str, tuple[Owner, ...]]:
    return {section.short_name: section.owners for section in content.sections if section.owners}


def expected(it) -> tuple[Owner, ...]:
    home, region = it.town.authority.name, it.region.authority.name
    return (
        Owner(it.town.committee.name, home, True),
        Owner(it.region.school.name, region, True),
        Owner(it.town.other_school.name, home, False),
    )


def test_the_owners_stand_with_the_goal(owned):
    assert owners_in(content_of(owned)) == {"Læsning": expected(owned)}


def test_a_goal_of_one_owner_lists_none(reported):
    assert owners_in(content_of(reported)) == {}


def test_who_came_or_left_after_the_meeting_is_told_as_at_the_meeting(owned):
    later = NOW + timedelta(days=120)
    assert later.date() > owned.round.meeting_date
    region, town = owned.region, owned.town
    invited = commit_owner(
        owned.invited, commitment(town.other_school, town.other_manager), version=owned.invited.version,
        by=town.director, now=later,
    )  # fmt: skip
    assert invited.committed_at == later
    owned.theirs.refresh_from_db()
    withdraw_owner(owned.theirs, reason="Vi har ikke råd", version=owned.theirs.version, by=region.director, now=later)
    invite_owner(owned.worse, region.other_school, by=town.director, now=later)
    assert owners_in(content_of(owned, later)) == {"Læsning": expected(owned)}


def test_who_left_before_the_meeting_is_gone(owned):
    owned.theirs.refresh_from_db()
    withdraw_owner(
        owned.theirs, reason="Vi har ikke råd", version=owned.theirs.version, by=owned.region.director, now=NOW
    )  # fmt: skip
    [owners] = owners_in(content_of(owned)).values()
    assert [one.unit for one in owners] == [owned.town.committee.name, owned.town.other_school.name]


def test_on_the_page_without_what_they_committed_to(owned, sign_in):
    page = html(sign_in(owned.town.politician).get(f"/rapporter/{owned.round.pk}/"))
    assert page.count("Ejere af det tværgående mål") == 1
    for one in expected(owned):
        assert one.unit in page
        assert one.authority in page
    assert page.count("inviteret, ikke forpligtet") == 1
    assert owned.theirs.contribution not in page
    assert str(owned.region.manager) not in page


def test_on_paper(owned):
    content = content_of(owned)
    data = report_pdf(content)
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())
    assert "Ejere af det tværgående mål" in text
    assert "inviteret, ikke forpligtet" in text
    assert owned.region.authority.name in text
    titles = {one.title: f"{one.number}. {one.short_name}" for one in content.sections}
    assert faults(pikepdf.open(io.BytesIO(data)), titles) == []


def test_in_word(owned):
    text = zipfile.ZipFile(io.BytesIO(docx_of(content_of(owned)))).read("word/document.xml").decode()
    assert text.count("Ejere af det tværgående mål") == 1
    assert text.count("inviteret, ikke forpligtet") == 1
    assert owned.region.authority.name in text


def test_in_the_workbook(owned, reported):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(content_of(owned))))
    assert book.sheetnames[-1] == "Ejere"
    assert list(book["Ejere"].iter_rows(values_only=True)) == [
        ("Mål nr.", "Mål", "Enhed", "Myndighed", "Forpligtet"),
        *((2, "Læsning", one.unit, one.authority, "ja" if one.is_committed else "nej") for one in expected(owned)),
    ]


def test_a_workbook_without_owners_has_no_sheet_for_them(reported):
    assert "Ejere" not in openpyxl.load_workbook(io.BytesIO(xlsx_of(content_of(reported)))).sheetnames


def test_kept_as_it_was_and_read_from_before(owned):
    content = content_of(owned)
    text = frozen(content)
    assert frozen(thawed(text)) == text
    assert thawed(text).sections == content.sections
    plain = json.loads(text)
    assert plain["form"] == FORM == 5
    shared = [section["owners"] for section in plain["content"]["sections"] if section["owners"]]
    assert shared == [
        [{"unit": one.unit, "authority": one.authority, "is_committed": one.is_committed} for one in expected(owned)]
    ]
    for section in plain["content"]["sections"]:
        del section["owners"]
    old = thawed(json.dumps({"form": 4, "content": plain["content"]}))
    assert [section.owners for section in old.sections] == [()] * len(content.sections)
    assert [section.rows for section in old.sections] == [section.rows for section in content.sections]


def test_a_file_is_made_anew_when_an_owner_elsewhere_acts(owned):
    subject = ordinary(owned.round)
    before = fingerprint(subject, now=NOW)
    assert fingerprint(subject, now=NOW) == before
    owned.theirs.refresh_from_db()
    withdraw_owner(
        owned.theirs, reason="Vi har ikke råd", version=owned.theirs.version, by=owned.region.director, now=NOW
    )
    assert fingerprint(subject, now=NOW) != before


def test_one_question_for_the_owners_of_all_goals(town, django_assert_max_num_queries, sign_in):
    round_ = factories.round_(town.committee, state=RoundState.READY)
    region, client = factories.municipality(), sign_in(town.politician)

    def shared(rank: int) -> None:
        goal = measured_goal(town, rank, [70, 72, 74, 76, 78])
        make_cross_cutting(goal, commitment(town.committee, town.manager), by=town.director, now=NOW)
        committed(goal, region.school, region.manager, region.director)

    def queries() -> int:
        with django_assert_max_num_queries(25) as counted:
            assert client.get(f"/rapporter/{round_.pk}/").status_code == 200
        return len(counted)

    shared(1)
    few = queries()
    for rank in range(2, 8):
        shared(rank)
    assert queries() == few
