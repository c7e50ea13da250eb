"""What the report says: counts, changes, sections and sources; and that it costs the same for many as for few."""

from datetime import date, timedelta

import pytest

from followup.goal_views import GoalView
from followup.models import RoundState
from followup.status import Light
from goals.kinds import GoalState
from goals.models import Goal
from organisation.danish import NBSP
from reports.content import report_content
from reports.overview import verdict
from reports.subject import ordinary
from tests import factories
from tests.reports.conftest import measured_goal


@pytest.fixture
def content(reported):
    return report_content(ordinary(reported.round), now=factories.NOW)


def test_front_page_names_round_body_meeting_and_data(content, reported):
    front = content.front
    assert front.title == f"Opfølgning på 2.{NBSP}kvartal{NBSP}2026"
    assert front.body == "Børne- og Skoleudvalget"
    assert front.data_basis == f"Datagrundlag: godkendte tal pr. 10.{NBSP}august{NBSP}2026"
    assert ("Møde", f"Børne- og Skoleudvalget, onsdag den 2.{NBSP}september{NBSP}2026") in front.facts


def test_overview_counts_lights_and_says_the_verdict(content):
    assert content.overview.counts == {"offtrack": 1, "overdue": 1, "ontrack": 2, "nodata": 1}
    assert content.overview.verdict.replace(NBSP, " ") == (
        "2 af 5 mål er på rette vej. 1 er ikke på rette vej, 1 mangler tal og 1 har ingen status."
    )


@pytest.mark.parametrize(
    ("lights", "words"),
    [
        ([], "Der er ingen mål at følge op på."),
        ([Light.AT_RISK], "Målets status: kræver opmærksomhed."),
        ([Light.REACHED, Light.ON_TRACK], "Alle 2 mål er på rette vej."),
        ([Light.OVERDUE, Light.UNCERTAIN], "Ingen af de 2 mål er på rette vej. 1 mangler tal og 1 er usikkert."),
    ],
)
def test_verdict_is_right_for_few_goals(lights, words):
    views = [GoalView(Goal(), light, {}, (), None) for light in lights]
    assert verdict(views).replace(NBSP, " ") == words


def test_overview_tells_what_is_better_worse_and_missing(content):
    overview = content.overview
    assert overview.compared_with == f"1.{NBSP}kvartal{NBSP}2026"
    assert [(one.name, one.before, one.light) for one in overview.improved] == [("Trivsel", "offtrack", "ontrack")]
    assert [(one.name, one.before, one.light) for one in overview.worsened] == [("Læsning", "ontrack", "offtrack")]
    assert [one.name for one in overview.missing] == ["Sang"]
    assert "skulle være indberettet senest" in overview.missing[0].reason


def test_sections_follow_the_bodys_own_order(content):
    assert [(one.number, one.short_name) for one in content.sections] == [
        ("1", "Trivsel"),
        ("2", "Læsning"),
        ("3", "Regning"),
        ("4", "Sang"),
        ("5", "Leg"),
    ]


def test_section_holds_wording_reason_figures_and_narrative(content, reported):
    section = content.sections[1]
    assert section.wording == "Alle børn læser."
    assert section.reason.startswith(f"Trivslen er 71,0{NBSP}pct. Det er 4,0")
    row = section.rows[0]
    assert (row.baseline, row.figure.value, row.expected, row.target) == ("70,0", "71,0", "75,0", f"mindst{NBSP}80,0")
    assert section.narrative.texts == (
        ("Hvad er sket?", "Læsningen er gået tilbage."),
        ("Hvad gør vi nu?", "Vi øger timetallet fra august."),
    )
    assert section.narrative.signed == f"{reported.town.head}, 10.{NBSP}august{NBSP}2026"
    assert next(period for period, _cells in section.tables[0].rows) == f"2.{NBSP}kvt.{NBSP}2026"
    assert len(section.charts) == 1 and "Trivslen" in section.charts[0].spec.alt


def test_goal_without_indicators_says_so(content):
    section = content.sections[4]
    assert section.light == "nodata"
    assert section.rows == section.charts == section.tables == ()
    assert section.reason == "Målet har endnu ingen indikatorer."


def test_sources_name_who_entered_and_approved(content, reported):
    source = content.sources[0]
    assert source.source == "Elevernes egne svar"
    assert source.entered == f"{reported.town.manager}, 11-07-2026"
    assert source.approved == f"{reported.town.head}, 21-07-2026"
    report = content.reports[0]
    assert (report.unit, report.state) == ("Bakkeskolen", "godkendt")
    assert report.sent == f"{reported.town.manager}, 07-08-2026"
    assert report.approved == f"{reported.town.head}, 08-08-2026"


def test_only_approved_values_up_to_the_last_day_count(reported):
    series = reported.better.goal_series.get().series
    factories.measurement(series, "2026K3", 10)
    series.measurements.filter(period="2026K2").delete()
    factories.measurement(series, "2026K2", 76, approved_at=None)
    section = report_content(ordinary(reported.round), now=factories.NOW).sections[0]
    assert section.rows[0].figure.value == "70,0"


def test_zero_is_a_value(reported):
    series = reported.better.goal_series.get().series
    factories.correction(series.measurements.get(period="2026K2"), 0)
    section = report_content(ordinary(reported.round), now=factories.NOW).sections[0]
    assert section.rows[0].figure.value == "0,0"
    assert section.tables[0].rows[0][1][0].text == "0,0"


def test_corrected_and_example_values_are_marked(reported):
    latest = reported.better.goal_series.get().series.measurements.get(period="2026K2")
    latest.is_example = True
    factories.correction(latest, 74)
    content = report_content(ordinary(reported.round), now=factories.NOW)
    row = content.sections[0].rows[0]
    assert (row.corrected_from, row.figure.is_example) == ("76,0", True)
    cell = content.sections[0].tables[0].rows[0][1][0]
    assert (cell.text, cell.is_example, cell.corrected_from) == ("74,0", True, "76,0")
    assert content.has_example and content.sections[0].charts[0].has_example


def test_an_old_report_does_not_grow_older(reported):
    at_the_meeting = report_content(ordinary(reported.round), now=factories.NOW + timedelta(days=23))
    much_later = report_content(ordinary(reported.round), now=factories.NOW + timedelta(days=400))
    assert at_the_meeting.sections == much_later.sections


def test_goals_closed_after_the_meeting_stay_and_drafts_never_come(reported):
    town = reported.town
    closed = factories.goal(
        town.committee,
        rank=6,
        short_name="Lukket",
        state=GoalState.CLOSED,
        closed_by=factories.decision(town.committee, date=date(2026, 10, 1)),
    )
    factories.goal(town.committee, rank=7, short_name="Kladde", state=GoalState.DRAFT)
    names = [one.short_name for one in report_content(ordinary(reported.round), now=factories.NOW).sections]
    assert names[-1] == closed.short_name == "Lukket"


def test_first_round_compares_with_nothing(reported):
    content = report_content(ordinary(reported.previous), now=factories.NOW)
    assert content.overview.compared_with == ""
    assert content.overview.improved == content.overview.worsened == ()


def test_queries_do_not_grow_with_indicators(town, django_assert_max_num_queries, sign_in):
    round_ = factories.round_(town.committee, state=RoundState.READY)
    client = sign_in(town.politician)

    def queries() -> int:
        with django_assert_max_num_queries(25) as counted:
            assert client.get(f"/rapporter/{round_.pk}/").status_code == 200
        return len(counted)

    measured_goal(town, 1, [70, 72, 74, 76, 78], series=3)
    few = queries()
    for rank in range(2, 21):
        measured_goal(town, rank, [70, 72, 74, 76, 78], series=3)
    assert queries() == few
