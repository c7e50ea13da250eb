"""`manage.py tick` does what is due, once."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.due import Done, do_what_is_due
from followup.actions.standings import rebuild_standings
from followup.models import DueValue, GoalStanding, Round, RoundState, Upload
from goals.models import Target
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import enter


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 6, 0, tzinfo=factories.COPENHAGEN)


@pytest.fixture
def planned(town):
    """A goal of the school with a number that the planned round will ask for: opens 1 July, deadline 14 August."""
    goal = factories.goal(town.school)
    series = factories.series(factories.indicator(town.authority), town.school, goal)
    factories.target(series, "2027K4", 10)
    factories.measurement(series, "2026K1", 9)
    rebuild_standings(town.authority, today=factories.TODAY)
    return factories.round_(town.committee)


def state_of(round_: Round) -> str:
    return Round.objects.get(pk=round_.pk).state


def test_a_round_opens_on_its_day_and_asks_for_values(planned):
    assert do_what_is_due(at(2026, 6, 30)) == Done()
    assert do_what_is_due(at(2026, 7, 1)) == Done(opened=1)
    assert state_of(planned) == RoundState.OPEN
    assert DueValue.objects.filter(submission__round=planned).count() == 1


def test_opening_is_in_the_history_by_nobody(planned):
    do_what_is_due(at(2026, 7, 1))
    entry = HistoryEntry.objects.about(planned).get()
    assert (entry.verb, entry.by, entry.at) == ("open", None, at(2026, 7, 1))


def test_the_last_day_for_entry_counts_whole(planned):
    do_what_is_due(at(2026, 7, 1))
    assert do_what_is_due(at(2026, 8, 14)).to_approval == 0
    assert do_what_is_due(at(2026, 8, 15)).to_approval == 1
    assert state_of(planned) == RoundState.IN_APPROVAL


def test_a_light_turns_overdue_when_the_deadline_has_passed(planned):
    do_what_is_due(at(2026, 8, 14))
    assert GoalStanding.objects.get().light != "overdue"
    assert do_what_is_due(at(2026, 8, 15)).lights == 1
    assert GoalStanding.objects.get().light == "overdue"


def test_a_value_in_time_keeps_the_light(planned, town):
    do_what_is_due(at(2026, 7, 1))
    series = DueValue.objects.get().series
    enter(series, 9, by=town.manager)
    assert do_what_is_due(at(2026, 8, 15)).lights == 0


def test_a_round_ready_for_its_meeting_closes_after_it(planned):
    Round.objects.update(state=RoundState.READY)
    assert do_what_is_due(at(2026, 9, 2)).closed == 0
    assert do_what_is_due(at(2026, 9, 3)).closed == 1
    assert state_of(planned) == RoundState.CLOSED


def test_a_long_pause_is_made_up_in_one_run(planned):
    done = do_what_is_due(at(2026, 10, 1))
    assert (done.opened, done.to_approval) == (1, 1)
    assert GoalStanding.objects.get().light == "overdue"


def test_uploads_are_kept_for_a_day(town):
    now = at(2026, 8, 10)
    fields = {"authority": town.authority, "by": town.consultant, "filename": "tal.csv", "content": b"a"}
    kept = Upload.objects.create(at=now - timedelta(hours=23), **fields)
    Upload.objects.create(at=now - timedelta(hours=25), **fields)
    assert do_what_is_due(now).uploads == 1
    assert Upload.objects.get() == kept


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 8, 15), date(2026, 10, 1)])
def test_twice_does_nothing_more(planned, day):
    moment = at(day.year, day.month, day.day)
    assert do_what_is_due(moment) != Done()
    entries = HistoryEntry.objects.count()
    assert do_what_is_due(moment) == Done()
    assert HistoryEntry.objects.count() == entries


def test_the_command_says_what_it_did(planned, capsys):
    call_command("tick", now="2026-07-01T06:00")
    assert (
        capsys.readouterr().out
        == "planned 0, opened 1, to_approval 0, closed 0, lights 0, uploads 0, mails 0, sent 0, cleared 0, "
        "meetings 0, weighed 0, on_agenda 0, further 0\n"
    )
    assert state_of(planned) == RoundState.OPEN


def test_a_moment_that_is_none_is_refused(db):
    with pytest.raises(CommandError, match="i morgen is no moment"):
        call_command("tick", now="i morgen")


def test_a_goal_off_track_turns_overdue_when_its_own_series_is_late(planned, town):
    """Off track is worse than overdue, so this light gets better with time: it is not left out."""
    Target.objects.update(period="2026K1", period_end=date(2026, 3, 31), value=99)
    do_what_is_due(at(2026, 7, 1))
    rebuild_standings(town.authority, today=date(2026, 7, 1))
    assert GoalStanding.objects.get().light == "offtrack"
    assert do_what_is_due(at(2026, 8, 15)).lights == 1
    assert GoalStanding.objects.get().light == "overdue"


def test_what_is_overdue_already_is_not_computed_again(planned):
    do_what_is_due(at(2026, 8, 15))
    with CaptureQueriesContext(connection) as captured:
        do_what_is_due(at(2026, 8, 15))
    assert not [query for query in captured if '"goals_target"' in query["sql"]]
