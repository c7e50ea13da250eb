"""Actions: started, changed, and ended with whether they worked."""

from datetime import date, timedelta

import pytest

from followup.actions.actions import NotPossible, change_action, drop_action, finish_action, start_action
from followup.kinds import ActionState, Worked
from followup.models import Action
from goals.actions.versions import Stale
from organisation.models import HistoryEntry
from tests import factories

NOW = factories.NOW
LATER = NOW + timedelta(days=60)


@pytest.fixture
def goal(town):
    return factories.goal(town.school)


@pytest.fixture
def action(town, goal):
    return start_action(
        town.school,
        what="Vi ringer hjem",
        owner=town.manager,
        due_date=date(2026, 9, 30),
        goal=goal,
        by=town.head,
        now=NOW,
    )


def history(action) -> list[str]:
    return [entry.verb for entry in HistoryEntry.objects.about(action)]


def test_started(town, goal, action):
    assert (action.authority, action.unit, action.goal, action.owner) == (
        town.authority,
        town.school,
        goal,
        town.manager,
    )
    assert (action.state, action.created_by, action.created_at) == (ActionState.OPEN, town.head, NOW)
    assert history(action) == ["created"]


def test_changed_with_history(town, action):
    action.what, action.owner = "Vi ringer hjem samme dag", town.professional
    change_action(action, version=1, by=town.manager, now=NOW)
    entry = HistoryEntry.objects.about(action).first()
    assert entry.changes == {
        "what": ["Vi ringer hjem", "Vi ringer hjem samme dag"],
        "owner": [str(town.manager), str(town.professional)],
    }
    assert Action.objects.get().version == 2


def test_a_change_that_changes_nothing_leaves_no_trace(town, action):
    change_action(action, version=1, by=town.manager, now=NOW)
    assert (Action.objects.get().version, history(action)) == (1, ["created"])


def test_in_time_the_due_date_moves_freely(town, action):
    action.due_date = date(2026, 10, 31)
    change_action(action, version=1, by=town.manager, now=NOW)
    assert Action.objects.get().due_date == date(2026, 10, 31)


def test_the_due_date_itself_is_in_time(town, action):
    on_the_day = NOW.replace(month=9, day=30)
    action.due_date = date(2026, 10, 31)
    change_action(action, version=1, by=town.manager, now=on_the_day)
    assert Action.objects.get().due_date == date(2026, 10, 31)


def test_once_overdue_a_new_due_date_takes_a_reason(town, action):
    action.due_date = date(2026, 12, 1)
    with pytest.raises(NotPossible, match="reason_needed"):
        change_action(action, version=1, by=town.manager, now=LATER)
    change_action(action, version=1, reason="Vikaren blev syg", by=town.manager, now=LATER)
    assert HistoryEntry.objects.about(action).first().reason == "Vikaren blev syg"
    # It is no longer overdue, but has been: moving it again takes a reason again.
    action.due_date = date(2026, 12, 20)
    with pytest.raises(NotPossible, match="reason_needed"):
        change_action(action, version=2, by=town.manager, now=LATER)
    assert Action.objects.get().due_date == date(2026, 12, 1)


def test_other_words_need_no_reason_when_overdue(town, action):
    action.what = "Vi skriver hjem"
    change_action(action, version=1, by=town.manager, now=LATER)
    assert Action.objects.get().what == "Vi skriver hjem"


def test_nobody_overwrites_what_another_changed(town, action):
    mine, theirs = Action.objects.get(), Action.objects.get()
    theirs.what = "Deres"
    change_action(theirs, version=1, by=town.head, now=NOW)
    mine.what = "Mit"
    with pytest.raises(Stale):
        change_action(mine, version=1, by=town.manager, now=NOW)
    with pytest.raises(Stale):
        finish_action(mine, worked=Worked.YES, result="", version=1, by=town.manager, now=NOW)
    assert Action.objects.get().what == "Deres"


@pytest.mark.parametrize("worked", list(Worked))
def test_done_says_whether_it_worked(town, action, worked):
    ended = finish_action(action, worked=worked, result="Fraværet faldt", version=1, by=town.manager, now=LATER)
    assert (ended.state, ended.worked, ended.result, ended.ended_at) == ("done", worked, "Fraværet faldt", LATER)
    assert history(ended) == ["done", "created"]
    assert not ended.is_overdue(LATER.date())


def test_dropped_says_why(town, action):
    ended = drop_action(action, why="Pengene blev brugt til andet", version=1, by=town.manager, now=LATER)
    assert (ended.state, ended.worked, ended.result) == ("dropped", "", "Pengene blev brugt til andet")
    assert history(ended) == ["dropped", "created"]


def test_what_has_ended_stays(town, action):
    ended = finish_action(action, worked=Worked.NO, result="", version=1, by=town.manager, now=LATER)
    for act in (
        lambda: change_action(ended, version=2, by=town.manager, now=LATER),
        lambda: finish_action(ended, worked=Worked.YES, result="", version=2, by=town.manager, now=LATER),
        lambda: drop_action(ended, why="Nej", version=2, by=town.manager, now=LATER),
    ):
        with pytest.raises(NotPossible, match="ended"):
            act()
    assert Action.objects.get().worked == Worked.NO
