"""Actions, acceptances and both lights in the report, on the page and on paper alike."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from followup.actions.assessments import accept_deviation, save_assessment
from organisation.danish import NBSP
from reports.content import report_content
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories

NOW = factories.NOW


@pytest.fixture
def acted(reported):
    """Something is done about reading; two others are late, one of them about nothing in particular."""
    town = reported.town
    late = {"due_date": NOW.date() - timedelta(days=2)}
    done = {"state": "done", "worked": "no", "result": "Det hjalp ikke."}
    series = reported.same.goal_series.get().series
    factories.action(town.committee, town.head, what="Flere timer", goal=reported.worse)
    factories.action(town.school, town.head, what="Nye bøger", goal=reported.worse, ended_at=NOW, **done)
    long_ago = datetime(2026, 5, 1, 9, tzinfo=factories.COPENHAGEN)
    factories.action(
        town.school, town.head, what="Sidste år", goal=reported.worse, ended_at=long_ago, created_at=long_ago, **done
    )
    factories.action(town.school, town.manager, what="Øv tabeller", series=series, **late)
    factories.action(town.other_school, town.manager, what="Ryd op", **late)
    accept_deviation(reported.round, reported.missing, reason="Koret er på turné.", by=town.head, now=NOW)
    texts = {"own_light": "atrisk", "own_reason": "Vi er tæt på."}
    version = reported.worse.assessments.get().version
    save_assessment(reported.round, reported.worse, texts=texts, version=version, by=town.head, now=NOW)
    return reported


def section_of(reported, goal):
    content = report_content(ordinary(reported.round), now=NOW)
    return next(one for one in content.sections if one.goal_id == goal.pk)


def test_a_goal_tells_what_is_done_and_what_came_of_it(acted):
    lines = section_of(acted, acted.worse).actions
    assert {(line.what, line.state, line.result) for line in lines} == {
        ("Flere timer", "i gang", ""),
        ("Nye bøger", "udført: nej, det virkede ikke", "Det hjalp ikke."),
    }


def test_an_action_on_a_series_stands_with_its_goal(acted):
    (line,) = section_of(acted, acted.same).actions
    assert (line.what, line.is_late) == ("Øv tabeller", True)


def test_late_actions_of_the_bodys_units_stand_in_the_overview(acted):
    overview = report_content(ordinary(acted.round), now=NOW).overview
    assert {line.what for line in overview.overdue_actions} == {"Øv tabeller", "Ryd op"}


def test_what_ended_after_the_meeting_was_under_way_at_it(acted):
    meeting = acted.round.meeting_date
    acted.worse.actions.filter(what="Nye bøger").update(ended_at=NOW.replace(month=10))
    content = report_content(ordinary(acted.round), now=NOW.replace(month=11))
    line = next(one for section in content.sections for one in section.actions if one.what == "Nye bøger")
    assert line.state == ("i gang" if factories.TODAY + timedelta(days=21) >= meeting else "forsinket")
    assert line.result == ""


def test_both_lights_stand_side_by_side(acted):
    section = section_of(acted, acted.worse)
    assert section.light == "offtrack"
    assert (section.judgement.light, section.judgement.reason) == ("atrisk", "Vi er tæt på.")
    assert section.judgement.who == str(acted.town.head)
    overview = report_content(ordinary(acted.round), now=NOW).overview
    assert overview.counts["offtrack"] == 1
    assert "atrisk" not in overview.counts


def test_the_page_says_it_all(acted, sign_in):
    text = sign_in(acted.town.politician).get(f"/rapporter/{acted.round.pk}/").content.decode().replace(NBSP, " ")
    for words in (
        "Hvad er sket?", "Læsningen er gået tilbage.", "Hvad gør vi nu?", "Beregnet: ikke på rette vej.",
        f"{acted.town.head} vurderer: kræver opmærksomhed.", "”Vi er tæt på.”", "Forsinkede handlinger", "Ryd op",
        "Ingen ny handling, fordi:", "Koret er på turné.", "Det hjalp ikke.",
    ):  # fmt: skip
        assert words in text


def test_paper_says_the_same(acted):
    pdf = report_pdf(report_content(ordinary(acted.round), now=NOW))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace(NBSP, " ")
    text = " ".join(text.split())
    for words in (
        "Hvad er sket?", "vurderer: kræver opmærksomhed.", "”Vi er tæt på.”", "Forsinkede handlinger", "Ryd op",
        "Koret er på turné.", "Det hjalp ikke.",
    ):  # fmt: skip
        assert words in text


def test_queries_do_not_grow_with_actions(acted, django_assert_max_num_queries, sign_in):
    client = sign_in(acted.town.politician)

    def count() -> int:
        client.get(f"/rapporter/{acted.round.pk}/")
        with django_assert_max_num_queries(25) as captured:
            client.get(f"/rapporter/{acted.round.pk}/")
        return len(captured)

    few = count()
    for n in range(40):
        owner = factories.user()
        goal = (acted.worse, acted.same, acted.better)[n % 3]
        factories.action(acted.town.school, owner, goal=goal, due_date=NOW.date() - timedelta(days=1 + n % 2))
    assert count() == few
