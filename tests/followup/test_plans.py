"""Plans make the rounds of the coming 15 months, once; dates are moved one by one."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.due import do_what_is_due
from followup.actions.plans import DateRefused, move_date, plan_ahead, plan_everywhere, save_plan
from followup.actions.year_events import apply_template, delete_event, save_event, save_settings
from followup.kinds import Division, EventKind
from followup.models import FollowUpSettings, Plan, Round, RoundState, YearEvent
from followup.recurrence import RecurrenceError
from goals.actions.versions import Stale
from organisation.models import HistoryEntry, Unit
from tests import factories

NOW, TODAY = factories.NOW, factories.TODAY


def rounds(body) -> list[tuple[str, str]]:
    return [(one.period, one.meeting_date.isoformat()) for one in body.rounds.order_by("meeting_date")]


def test_a_quarterly_plan_makes_the_rounds_of_fifteen_months(town):
    factories.plan(town.committee)
    assert plan_ahead(town.authority, now=NOW) == 5
    assert rounds(town.committee) == [
        ("2026K2", "2026-09-02"),
        ("2026K3", "2026-12-02"),
        ("2026K4", "2027-03-03"),
        ("2027K1", "2027-06-02"),
        ("2027K2", "2027-09-01"),
    ]


def test_a_round_has_its_deadlines_back_from_the_meeting(town):
    plan = factories.plan(town.committee, meeting_time=time(16), meeting_place="Mødelokale 2")
    plan_ahead(town.authority, now=NOW, by=town.consultant)
    first = town.committee.rounds.get(period="2026K2")
    assert (first.plan, first.meeting_time, first.meeting_place) == (plan, time(16), "Mødelokale 2")
    assert first.opens == date(2026, 7, 1)
    assert (first.entry_deadline, first.department_deadline) == (date(2026, 8, 15), date(2026, 8, 18))
    assert (first.directorate_deadline, first.approval_deadline) == (date(2026, 8, 19), date(2026, 8, 21))
    assert (first.conclusion_date, first.agenda_date) == (date(2026, 8, 25), date(2026, 8, 28))
    assert (first.material_date, first.state) == (date(2026, 8, 29), RoundState.PLANNED)
    assert HistoryEntry.objects.about(first).get().verb == "created"


def test_planning_twice_adds_nothing(town):
    factories.plan(town.committee)
    plan_ahead(town.authority, now=NOW)
    before = rounds(town.committee), HistoryEntry.objects.count()
    assert plan_ahead(town.authority, now=NOW) == 0
    assert plan_everywhere(NOW) == 0
    assert (rounds(town.committee), HistoryEntry.objects.count()) == before


def test_what_was_moved_by_hand_stays(town):
    factories.plan(town.committee)
    plan_ahead(town.authority, now=NOW)
    moved = town.committee.rounds.get(period="2026K3")
    move_date(moved, "meeting_date", date(2026, 12, 9), by=town.consultant, now=NOW)
    assert plan_ahead(town.authority, now=NOW) == 0
    assert Round.objects.get(pk=moved.pk).meeting_date == date(2026, 12, 9)


def test_a_monthly_meeting_follows_up_a_quarter_once(town):
    factories.plan(town.committee, rule="hver måned")
    plan_ahead(town.authority, now=NOW)
    # October's numbers are due before the quarter's last month is over: the meeting of November is the first.
    assert rounds(town.committee)[:3] == [("2026K2", "2026-09-02"), ("2026K3", "2026-11-04"), ("2026K4", "2027-02-03")]


def test_a_period_is_over_before_its_numbers_are_due(town):
    for kind in ("fortnight", "month", "quarter", "tertial", "half_year", "year", "school_year"):
        factories.plan(town.committee, period_kind=kind, rule="hver 14. dag")
    plan_ahead(town.authority, now=NOW)
    made = list(town.committee.rounds.all())
    assert {one.plan.period_kind for one in made} == {one.period_kind for one in Plan.objects.all()}
    for one in made:
        assert one.period_end < one.opens <= one.entry_deadline <= one.meeting_date
        assert one.period_end == one.covers.last


def test_a_meeting_too_near_makes_no_round(town):
    factories.plan(town.committee)
    late = factories.NOW + timedelta(days=6)  # the units' deadline for 2 September was yesterday
    plan_ahead(town.authority, now=late)
    assert rounds(town.committee)[0] == ("2026K3", "2026-12-02")


def test_a_plan_out_of_use_makes_nothing(town):
    factories.plan(town.committee, is_active=False)
    assert plan_ahead(town.authority, now=NOW) == 0


def test_a_body_that_ends_meets_no_more(town):
    factories.plan(town.committee)
    Unit.objects.filter(pk=town.committee.pk).update(valid_to=date(2026, 12, 31))
    plan_ahead(town.authority, now=NOW)
    assert [period for period, _day in rounds(town.committee)] == ["2026K2", "2026K3"]


def test_the_council_plans_nothing_where_only_committees_follow(town):
    FollowUpSettings.objects.create(authority=town.authority, division=Division.COMMITTEES)
    factories.plan(town.council)
    factories.plan(town.committee)
    plan_ahead(town.authority, now=NOW)
    assert not town.council.rounds.exists()
    assert town.committee.rounds.exists()


def test_the_authoritys_own_closing_days_count(town):
    FollowUpSettings.objects.create(authority=town.authority, christmas_eve_counts=False, agenda_days=5)
    factories.plan(town.committee, first_meeting=date(2026, 12, 29))
    plan_ahead(town.authority, now=NOW)
    assert town.committee.rounds.get(meeting_date=date(2026, 12, 29)).agenda_date == date(2026, 12, 19)


def test_another_authority_is_left_alone(town):
    other = factories.municipality()
    factories.plan(other.committee)
    assert plan_ahead(town.authority, now=NOW) == 0
    assert plan_everywhere(NOW) == 5


def questions(now) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert plan_everywhere(now) == 0
    return len(captured)


def test_looking_at_103_authorities_takes_two_questions(db):
    for n in range(103):
        council = factories.unit(None, "council", authority=factories.authority())
        factories.plan(council)
        if n % 2:
            FollowUpSettings.objects.create(authority=council.authority)
    assert plan_everywhere(NOW) == 103 * 5
    assert questions(NOW) == 2


def test_tick_plans_and_opens_in_one_run(town):
    factories.plan(town.committee)
    done = do_what_is_due(NOW)
    assert (done.planned, done.opened) == (5, 1)
    assert do_what_is_due(NOW).planned == 0


# ---- writing plans ---------------------------------------------------------------------------------------------------


def test_a_plan_is_stored_in_canonical_words_and_makes_its_rounds(town):
    plan = Plan(body=town.committee, rule=" Kvartalsvis ", first_meeting=date(2026, 9, 2))
    save_plan(plan, by=town.consultant, now=NOW)
    stored = Plan.objects.get()
    assert (stored.rule, stored.authority) == ("hvert kvartal", town.authority)
    assert town.committee.rounds.count() == 5
    assert HistoryEntry.objects.about(stored).get().verb == "created"


def test_a_changed_plan_leaves_the_rounds_that_exist(town):
    plan = save_plan(Plan(body=town.committee, rule="hvert kvartal", first_meeting=date(2026, 9, 2)),
                     by=town.consultant, now=NOW)  # fmt: skip
    before = rounds(town.committee)
    plan.entry_days, plan.rule = 20, "hver måned"
    save_plan(plan, version=1, by=town.consultant, now=NOW)
    assert rounds(town.committee)[:5] == before
    entry = HistoryEntry.objects.about(plan).first()
    assert entry.changes == {"rule": ["hvert kvartal", "hver måned"], "entry_days": ["15", "20"]}


def test_chosen_series_are_kept_and_recorded(town):
    series = factories.series(factories.indicator(town.authority), town.school)
    plan = factories.plan(town.committee)
    save_plan(plan, series=[series], by=town.consultant, now=NOW)
    save_plan(plan, series=[series], by=town.consultant, now=NOW)
    assert list(plan.series.all()) == [series]
    assert [entry.changes for entry in HistoryEntry.objects.about(plan)] == [{"series": ["0", "1"]}]


def test_a_rule_that_cannot_be_read_is_not_stored(town):
    plan = factories.plan(town.committee)
    plan.rule = "når vi kan"
    with pytest.raises(RecurrenceError):
        save_plan(plan, by=town.consultant, now=NOW)
    assert Plan.objects.get().rule == "hvert kvartal"


def test_two_editors_of_a_plan(town):
    plan = factories.plan(town.committee)
    plan.most_below = 5
    save_plan(plan, version=1, by=town.consultant, now=NOW)
    with pytest.raises(Stale):
        save_plan(Plan.objects.get(), version=1, by=town.consultant, now=NOW)


# ---- one date at a time ----------------------------------------------------------------------------------------------


@pytest.fixture
def planned(town):
    factories.plan(town.committee)
    plan_ahead(town.authority, now=NOW)
    return town.committee.rounds.get(period="2026K3")  # 2 December; entry 14 November, approval 20, agenda 27


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("opens", date(2026, 10, 5)),
        ("entry_deadline", date(2026, 11, 12)),
        ("approval_deadline", date(2026, 11, 21)),
        ("agenda_date", date(2026, 11, 26)),
        ("meeting_date", date(2026, 12, 9)),
    ],
)
def test_one_date_moves_and_the_others_stay(town, planned, field, day):
    before = Round.objects.filter(pk=planned.pk).values()[0]
    move_date(planned, field, day, by=town.consultant, now=NOW)
    after = Round.objects.filter(pk=planned.pk).values()[0]
    assert {name for name in after if after[name] != before[name]} == {field}
    assert after[field] == day
    entry = HistoryEntry.objects.about(planned).first()
    assert entry.changes == {field: [before[field].isoformat(), day.isoformat()]}


@pytest.mark.parametrize(
    ("field", "day", "key", "beside"),
    [
        ("entry_deadline", date(2026, 9, 30), "too_early", "opens"),
        ("entry_deadline", date(2026, 11, 30), "too_late", "department_deadline"),
        ("meeting_date", date(2026, 11, 27), "too_early", "material_date"),
        ("conclusion_date", date(2026, 11, 28), "too_late", "agenda_date"),
    ],
)
def test_the_order_is_kept(town, planned, field, day, key, beside):
    with pytest.raises(DateRefused) as refused:
        move_date(planned, field, day, by=town.consultant, now=NOW)
    assert (refused.value.key, refused.value.field) == (key, beside)
    assert getattr(Round.objects.get(pk=planned.pk), field) == getattr(planned, field)


@pytest.mark.parametrize(
    ("state", "field", "key"),
    [(RoundState.OPEN, "opens", "is_open"), (RoundState.CLOSED, "meeting_date", "is_closed")],
)
def test_what_is_past_is_not_moved(town, planned, state, field, key):
    Round.objects.filter(pk=planned.pk).update(state=state)
    with pytest.raises(DateRefused) as refused:
        move_date(planned, field, getattr(planned, field), by=town.consultant, now=NOW)
    assert refused.value.key == key


# ---- the rest of the year --------------------------------------------------------------------------------------------


def test_the_usual_fixed_points_are_put_in_once(town):
    assert apply_template(town.authority, 2026, by=town.consultant, now=NOW) == 10
    days = {event.title: (event.day, event.last_day) for event in YearEvent.objects.all()}
    assert days["Budgetforslag"] == (date(2026, 9, 15), None)
    assert days["Budget vedtaget"] == (date(2026, 10, 15), None)
    assert days["Halvårsregnskab"] == (date(2026, 6, 30), None)
    assert days["Vinterferie"] == (date(2026, 2, 9), date(2026, 2, 13))
    assert days["Sommerferie"][0] == date(2026, 6, 27)
    assert days["Efterårsferie"] == (date(2026, 10, 12), date(2026, 10, 16))
    YearEvent.objects.filter(title="Vinterferie").update(day=date(2026, 2, 16), last_day=date(2026, 2, 20))
    assert apply_template(town.authority, 2026, by=town.consultant, now=NOW) == 0
    assert YearEvent.objects.get(title="Vinterferie").day == date(2026, 2, 16)
    assert apply_template(town.authority, 2027, by=town.consultant, now=NOW) == 10


def test_an_event_is_written_changed_and_deleted_with_history(town):
    event = YearEvent(authority=town.authority, body=town.committee, kind=EventKind.MEETING, day=date(2026, 10, 7))
    save_event(event, by=town.consultant, now=NOW)
    event.day = date(2026, 10, 8)
    save_event(event, by=town.consultant, now=NOW)
    save_event(event, by=town.consultant, now=NOW)
    delete_event(YearEvent.objects.get(), by=town.consultant, now=NOW)
    assert not YearEvent.objects.exists()
    verbs = HistoryEntry.objects.filter(subject_kind="followup.yearevent").order_by("pk").values_list("verb", "changes")
    assert [verb for verb, _changes in verbs] == ["created", "changed", "deleted"]
    assert verbs[1][1] == {"day": ["2026-10-07", "2026-10-08"]}
    assert verbs[2][1]["day"] == ["2026-10-08", None]


def test_settings_are_stored_and_plan_what_they_add(town):
    factories.plan(town.council)
    FollowUpSettings.objects.create(authority=town.authority, division=Division.COMMITTEES)
    settings = FollowUpSettings.objects.get()
    settings.division = Division.FEW
    save_settings(settings, by=town.consultant, now=NOW)
    assert town.council.rounds.count() == 5
    assert HistoryEntry.objects.about(settings).get().changes == {"division": ["committees", "few"]}
