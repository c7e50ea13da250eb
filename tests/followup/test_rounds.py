"""What a round asks whom for, and planning, opening and moving it."""

from datetime import date, timedelta

import pytest

from followup.actions.rounds import open_round, periods_asked, plan_round
from followup.models import DueValue, GoalStanding, Round, RoundState, Submission
from goals.kinds import GoalState
from goals.periods import PeriodKind, parse_period
from organisation.models import BodyLink, HistoryEntry, Unit, UnitKind
from tests import factories
from tests.followup.flow import html

NOW = factories.NOW
DATES = {
    "opens": "2026-07-01",
    "entry_deadline": "2026-08-14",
    "approval_deadline": "2026-08-21",
    "meeting_date": "2026-09-02",
}


def asked(round_period: str, kind: PeriodKind, lag: int = 0) -> list[str]:
    return [period.code for period in periods_asked(parse_period(round_period), kind, lag)]


# ---- which periods ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("round_period", "kind", "lag", "codes"),
    [
        ("2026K2", PeriodKind.MONTH, 0, ["2026M04", "2026M05", "2026M06"]),
        ("2026K2", PeriodKind.MONTH, 1, ["2026M03", "2026M04", "2026M05"]),
        ("2026K2", PeriodKind.MONTH, 30, ["2026M03", "2026M04", "2026M05"]),
        ("2026K2", PeriodKind.QUARTER, 0, ["2026K2"]),
        ("2026K2", PeriodKind.QUARTER, 45, ["2026K1"]),
        ("2026K3", PeriodKind.SCHOOL_YEAR, 0, ["2025/2026"]),
        ("2026K2", PeriodKind.SCHOOL_YEAR, 0, []),
        ("2026M07", PeriodKind.SCHOOL_YEAR, 0, ["2025/2026"]),
        ("2026M08", PeriodKind.SCHOOL_YEAR, 0, []),
        ("2026K4", PeriodKind.SCHOOL_YEAR, 62, ["2025/2026"]),
        ("2026K4", PeriodKind.YEAR, 0, ["2026"]),
        ("2026K3", PeriodKind.YEAR, 0, []),
        ("2026", PeriodKind.QUARTER, 0, ["2026K1", "2026K2", "2026K3", "2026K4"]),
        ("2026H1", PeriodKind.TERTIAL, 0, ["2026T1"]),
        ("2026M08", PeriodKind.FORTNIGHT, 0, ["2026U30F", "2026U32F", "2026U34F"]),
    ],
)
def test_a_round_asks_for_every_period_that_ends_within_it(round_period, kind, lag, codes):
    assert asked(round_period, kind, lag) == codes


def test_every_period_is_asked_for_exactly_once_in_a_year_of_rounds():
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.FORTNIGHT, PeriodKind.SCHOOL_YEAR):
        for lag in (0, 1, 17, 45, 100):
            quarters = [code for year in (2025, 2026) for n in "1234" for code in asked(f"{year}K{n}", kind, lag)]
            assert len(quarters) == len(set(quarters))
            assert quarters == [code for year in ("2025", "2026") for code in asked(year, kind, lag)]


# ---- which series ----------------------------------------------------------------------------------------------------


def due_codes(round_: Round) -> list[tuple[str, str]]:
    rows = DueValue.objects.filter(submission__round=round_).order_by("series", "period_end")
    return list(rows.values_list("series__indicator__name", "period"))


def make(town, unit=None, goal=None, name="Tal", frequency="quarter", **fields):
    unit = unit or town.school
    indicator = factories.indicator(town.authority, name=name, frequency=frequency)
    return factories.series(indicator, unit, goal or factories.goal(unit), **fields)


def opened(town, period="2026K2", body=None) -> Round:
    return open_round(factories.round_(body or town.committee, period), by=town.consultant, now=NOW)


def test_a_quarter_asks_a_monthly_series_for_three(town):
    make(town, frequency="month")
    assert due_codes(opened(town)) == [("Tal", "2026M04"), ("Tal", "2026M05"), ("Tal", "2026M06")]


def test_a_slow_number_is_asked_for_when_it_is_there(town):
    make(town, reporting_lag_days=30)
    assert due_codes(opened(town, "2026K2")) == [("Tal", "2026K1")]


def test_what_is_computed_is_never_asked_for(town):
    make(town, unit=town.department, is_rolled_up=True)
    assert due_codes(opened(town)) == []
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("last_day", "codes"),
    [
        (date(2026, 6, 30), ["2026M04", "2026M05", "2026M06"]),
        (date(2026, 5, 31), ["2026M04", "2026M05"]),
        (date(2026, 5, 30), ["2026M04"]),
        (date(2026, 3, 31), []),
    ],
)
def test_an_ended_series_is_asked_for_its_last_whole_period(town, last_day, codes):
    make(town, frequency="month", last_day=last_day)
    assert [code for _name, code in due_codes(opened(town))] == codes


def test_an_ended_series_reported_late_is_still_asked_for_its_last_value(town):
    make(town, last_day=date(2026, 6, 30), reporting_lag_days=30)
    assert due_codes(opened(town, "2026K3")) == [("Tal", "2026K2")]
    assert due_codes(opened(town, "2026K4")) == []


@pytest.mark.parametrize(
    ("state", "is_asked"),
    [(GoalState.ADOPTED, True), (GoalState.DRAFT, False), (GoalState.PROPOSED, False), (GoalState.CLOSED, False)],
)
def test_only_series_of_goals_in_force_are_asked_for(town, state, is_asked):
    make(town, goal=factories.goal(town.school, state=state))
    assert bool(due_codes(opened(town))) is is_asked


def test_a_series_of_two_goals_is_asked_for_once(town):
    series = make(town)
    factories.goal(town.committee).goal_series.create(series=series)
    assert due_codes(opened(town)) == [("Tal", "2026K2")]


def test_a_unit_that_has_ended_is_not_asked(town):
    make(town)
    Unit.objects.filter(pk=town.school.pk).update(valid_to=date(2026, 5, 31))
    assert due_codes(opened(town)) == []


# ---- which units -----------------------------------------------------------------------------------------------------


def followed(body: Unit, day: date = date(2026, 6, 30)) -> set[str]:
    return set(Unit.objects.reporting_to(body, day).values_list("name", flat=True))


def test_a_committee_follows_what_is_linked_to_it_and_all_below(town):
    assert followed(town.committee) == {
        "Børne- og Skoleudvalget",
        "Børn og Unge",
        "Center for Skole",
        "Bakkeskolen",
        "Elmeskolen",
    }
    assert followed(town.other_committee) == {"Socialudvalget"}


def test_the_council_follows_what_has_no_link(town):
    assert followed(town.council) == {"Byrådet", "Direktionen"}
    factories.unit(town.board, UnitKind.DIRECTORATE, name="Økonomi")
    assert followed(town.council) == {"Byrådet", "Direktionen", "Økonomi"}


def test_a_link_of_its_own_wins_over_an_inherited_one(town):
    BodyLink.objects.create(unit=town.other_school, body=town.other_committee, first_day=factories.LONG_AGO)
    assert "Elmeskolen" not in followed(town.committee)
    assert followed(town.other_committee) == {"Socialudvalget", "Elmeskolen"}


def test_a_link_counts_on_its_days_only(town):
    BodyLink.objects.create(
        unit=town.other_school, body=town.other_committee, first_day=date(2026, 4, 1), last_day=date(2026, 6, 30)
    )
    assert "Elmeskolen" in followed(town.other_committee, date(2026, 6, 30))
    assert "Elmeskolen" in followed(town.committee, date(2026, 7, 1))
    assert "Elmeskolen" in followed(town.committee, date(2026, 3, 31))


def test_a_round_makes_one_report_for_each_unit_that_owes(town):
    for unit in (town.school, town.school, town.department, town.board):
        make(town, unit=unit)
    round_ = opened(town)
    assert {one.unit.name for one in round_.submissions.all()} == {"Bakkeskolen", "Center for Skole"}
    assert round_.submissions.get(unit=town.school).due_values.count() == 2


# ---- opening and moving ----------------------------------------------------------------------------------------------


def test_opening_twice_adds_nothing(town):
    make(town, frequency="month")
    round_ = opened(town)
    before = (DueValue.objects.count(), Submission.objects.count(), HistoryEntry.objects.count())
    open_round(round_, by=town.consultant, now=NOW)
    assert (DueValue.objects.count(), Submission.objects.count(), HistoryEntry.objects.count()) == before


def test_opening_again_takes_in_what_came_since(town):
    make(town)
    round_ = opened(town)
    make(town, unit=town.other_school)
    open_round(round_, by=town.consultant, now=NOW)
    assert DueValue.objects.count() == 2


def test_opening_moves_lights(town):
    series = make(town)
    opened(town)
    assert GoalStanding.objects.get(goal__goal_series__series=series).light == "notdue"


def test_moving_the_deadline_moves_lights_and_is_kept(town):
    series = make(town)
    round_ = opened(town)
    round_.opens, round_.entry_deadline = date(2026, 7, 1), factories.TODAY - timedelta(days=1)
    plan_round(round_, by=town.consultant, now=NOW)
    assert GoalStanding.objects.get(goal__goal_series__series=series).light == "overdue"
    entry = HistoryEntry.objects.about(round_).first()
    assert entry.changes == {"entry_deadline": ["2026-08-14", "2026-08-09"]}


@pytest.fixture
def planner(town, sign_in):
    return sign_in(town.consultant)


def fields(town, **changed) -> dict[str, object]:
    return {"body": town.committee.pk, "period": "2026K2", **DATES, **changed}


def test_a_round_is_planned_opened_and_closed_in_the_browser(town, planner):
    make(town)
    assert planner.post("/opfoelgning/ny/", fields(town, period="2026Q2")).status_code == 302
    round_ = Round.objects.get()
    assert (round_.authority, round_.period, round_.period_end) == (town.authority, "2026K2", date(2026, 6, 30))
    way = {
        "open": "open", "to_approval": "in_approval", "ready": "ready", "reopen": "in_approval", "close": "in_approval",
    }  # fmt: skip
    for step, state in [*way.items(), ("ready", "ready"), ("close", "closed")]:
        assert planner.post(f"/opfoelgning/{round_.pk}/flyt/", {"step": step}).status_code == 302
        round_.refresh_from_db()
        assert round_.state == state
    assert DueValue.objects.count() == 1
    page = html(planner.get(f"/opfoelgning/{round_.pk}/"))
    assert "Bakkeskolen" in page
    assert "0 af 1 enheder har sendt" in page


@pytest.mark.parametrize("step", ["ready", "close", "to_approval", "reopen", "hest", ""])
def test_a_round_does_not_jump(town, planner, step):
    round_ = factories.round_(town.committee)
    page = html(planner.post(f"/opfoelgning/{round_.pk}/flyt/", {"step": step}, follow=True))
    assert "flyttet videre af en anden" in page
    round_.refresh_from_db()
    assert round_.state == RoundState.PLANNED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"period": "sommer 26"}, "period"),
        ({"period": ""}, "period"),
        ({"body": ""}, "body"),
        ({"opens": "i morgen"}, "opens"),
        ({"entry_deadline": "2026-06-30"}, "entry_deadline"),
        ({"approval_deadline": "2026-08-01"}, "approval_deadline"),
        ({"meeting_date": "2026-08-20"}, "meeting_date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(town, planner, changed, field):
    response = planner.post("/opfoelgning/ny/", fields(town, **changed))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert f"id_{field}_error" in html(response)
    assert not Round.objects.exists()


def test_a_body_has_one_round_for_a_period(town, planner):
    factories.round_(town.committee)
    response = planner.post("/opfoelgning/ny/", fields(town))
    assert response.status_code == 422
    assert "findes allerede" in html(response) or "eksisterer allerede" in html(response)


def test_an_open_rounds_dates_are_moved_but_not_its_period(town, planner):
    round_ = factories.round_(town.committee, state=RoundState.OPEN)
    url = f"/opfoelgning/{round_.pk}/ret/"
    changed = fields(town, period="2026K3", body=town.other_committee.pk, meeting_date="2026-09-09", opens="2026-01-01")
    assert planner.post(url, changed).status_code == 302
    round_.refresh_from_db()
    assert (round_.period, round_.body, round_.opens) == ("2026K2", town.committee, date(2026, 7, 1))
    assert round_.meeting_date == date(2026, 9, 9)


@pytest.mark.parametrize("who", ["manager", "director", "politician", "administrator"])
def test_only_the_goal_consultant_plans(town, sign_in, who):
    round_ = factories.round_(town.committee)
    client = sign_in(getattr(town, who))
    assert client.get("/opfoelgning/").status_code == 200
    assert client.get(f"/opfoelgning/{round_.pk}/").status_code == 200
    assert client.get("/opfoelgning/ny/").status_code == 403
    assert client.get(f"/opfoelgning/{round_.pk}/ret/").status_code == 403
    assert client.post(f"/opfoelgning/{round_.pk}/flyt/", {"step": "open"}).status_code == 403


def test_another_municipalitys_round_is_not_there(town, sign_in):
    round_ = factories.round_(town.committee)
    client = sign_in(factories.municipality().consultant)
    for path in ("", "ret/"):
        assert client.get(f"/opfoelgning/{round_.pk}/{path}").status_code == 404
    assert client.post(f"/opfoelgning/{round_.pk}/flyt/", {"step": "open"}).status_code == 404
    theirs = client.post("/opfoelgning/ny/", fields(town))
    assert theirs.status_code == 422
    assert set(theirs.context["form"].errors) == {"body"}


def test_links_to_reports_are_only_for_those_who_may_see_them(town, sign_in):
    make(town)
    round_ = opened(town)
    link = f"/indberetning/{round_.pk}/{town.school.pk}/"
    assert link in html(sign_in(town.manager).get(f"/opfoelgning/{round_.pk}/"))
    for stranger in (town.other_manager, town.politician, town.reader):
        assert link not in html(sign_in(stranger).get(f"/opfoelgning/{round_.pk}/"))
