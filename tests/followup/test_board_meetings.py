"""Meetings of boards: what is asked for, what stops an ending, what is kept, and two who act at once."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions import boards
from followup.actions.boards import (
    NotPossible,
    Said,
    close_meeting,
    plan_meetings,
    save_point,
    start_meeting,
)
from followup.actions.due import do_what_is_due
from followup.actions.measurements import CellValue, correct_value
from followup.actions.rounds import open_round
from followup.boards import asked_period, read_board
from followup.models import Action, Board, BoardMeeting, BoardPoint, BoardSeries, Measurement
from followup.status import Light
from goals.periods import PeriodKind, parse_period
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.followup.on_boards import (
    FORTNIGHT,
    NEWEST,
    act,
    as_draft,
    close,
    fortnights,
    say,
    stops,
    tile_of,
    url,
    view_of,
)
from tests.races import at_once, meet_after, needs_rows_locked

# ---- what is asked for -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "lag", "asked"),
    [
        (PeriodKind.FORTNIGHT, date(2026, 8, 10), 0, "2026U30F"),
        (PeriodKind.FORTNIGHT, date(2026, 8, 16), 0, "2026U30F"),
        (PeriodKind.FORTNIGHT, date(2026, 8, 17), 0, "2026U32F"),
        (PeriodKind.FORTNIGHT, date(2026, 8, 20), 4, "2026U30F"),
        (PeriodKind.FORTNIGHT, date(2026, 8, 21), 4, "2026U32F"),
        (PeriodKind.MONTH, date(2026, 8, 1), 0, "2026M07"),
        (PeriodKind.MONTH, date(2026, 7, 31), 0, "2026M06"),
        (PeriodKind.YEAR, date(2026, 12, 31), 0, "2025"),
    ],
)
def test_a_meeting_asks_for_the_latest_period_that_is_over(town, kind, day, lag, asked):
    series = factories.series(factories.indicator(town.authority, frequency=kind), town.school, reporting_lag_days=lag)
    assert asked_period(series, day).code == asked


def test_what_is_rolled_up_or_has_ended_is_not_asked_for(town):
    indicator = factories.indicator(town.authority, frequency="fortnight")
    assert asked_period(factories.series(indicator, town.school, is_rolled_up=True), TODAY) is None
    assert asked_period(factories.series(indicator, town.other_school, last_day=date(2026, 7, 30)), TODAY) is None


def test_the_agenda_holds_what_deviates_and_nothing_else(it):
    assert [(tile.number, tile.series) for tile in view_of(it).agenda] == [(1, it.off)]


def test_a_value_that_is_not_written_is_missing_on_the_meetings_day(it):
    Measurement.objects.filter(series=it.fine, period=NEWEST).delete()
    tile = tile_of(it, it.fine)
    assert (tile.light, tile.is_unwritten, tile.is_on_agenda) == (Light.OVERDUE, True, True)
    assert "er ikke skrevet" in tile.figure.reason


def test_drafts_count_on_the_board_for_those_who_see_drafts(it):
    as_draft(it.off, 20)
    assert (tile_of(it, it.off).figure.value, tile_of(it, it.off).is_draft) == ("20", True)
    other = next(tile for tile in view_of(it, drafts=False).tiles if tile.series == it.off)
    assert (other.light, other.is_draft) == (Light.OVERDUE, False)


# ---- what stops an ending --------------------------------------------------------------------------------------------


def test_off_track_takes_an_explanation_and_an_action_or_acceptance(it):
    assert stops(it) == ["Uro"]
    say(it, it.off)
    assert stops(it) == ["Uro"]
    say(it, it.off, acceptance="Det går over.")
    assert close(it).is_closed


def test_an_action_without_an_explanation_is_not_enough(it):
    act(it, it.off)
    assert stops(it) == ["Uro"]
    say(it, it.off)
    assert close(it).is_closed


def test_what_is_overdue_stops_until_it_is_written_or_a_reason_is(it, sign_in):
    say(it, it.off, acceptance="Det går over.")
    Measurement.objects.filter(series=it.fine, period=NEWEST).delete()
    assert stops(it) == ["Fravær"]
    answer = sign_in(it.town.professional).post(
        url(it, "board_meeting_values"), {f"m-{it.fine.pk}": "not_reported", f"x-{it.fine.pk}": ""}
    )
    assert answer.status_code == 302
    assert close(it).is_closed


def test_a_signal_stops_though_the_light_is_good(it):
    say(it, it.off, acceptance="Det går over.")
    Measurement.objects.filter(series=it.fine).delete()
    fortnights([9, 7] * 4 + [9] * 3 + [4] * 10, it.fine)
    tile = tile_of(it, it.fine)
    assert tile.light is Light.REACHED
    assert tile.ring == "better"
    assert stops(it) == ["Fravær"]
    say(it, it.fine, acceptance="Det er godt.")
    assert close(it).is_closed


def test_an_action_that_is_late_takes_a_new_day_or_an_end(it, sign_in):
    say(it, it.off)
    late = act(it, it.off, due_date=TODAY - timedelta(days=1))
    assert stops(it) == ["Ring hjem"]
    client, address = sign_in(it.town.manager), url(it, "board_meeting_action", late.pk)
    new_day = {"step": "move", "due_date": "2026-08-24", "version": late.version}
    assert client.post(address, new_day).status_code == 422
    assert client.post(address, new_day | {"text": "Ferie"}).status_code == 302
    assert close(it).is_closed


def test_an_action_that_ends_leaves_its_indicator_open(it, sign_in):
    say(it, it.off)
    action = act(it, it.off)
    done = {"step": "yes", "text": "Roen er tilbage", "version": action.version}
    assert sign_in(it.town.manager).post(url(it, "board_meeting_action", action.pk), done).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.worked) == ("done", "yes")
    assert stops(it) == ["Uro"]


def test_closing_in_the_browser_names_what_stops(it, sign_in):
    client = sign_in(it.town.manager)
    answer = client.post(url(it, "board_meeting_close"), {"note": ""})
    assert answer.status_code == 422
    assert f'href="#punkt-{it.off.pk}"' in html(answer)
    said = {"explanation": "Ny elev.", "acceptance": "Det går over.", "seen": ""}
    assert client.post(url(it, "board_meeting_point", it.off.pk), said).status_code == 302
    answer = client.post(url(it, "board_meeting_close"), {"note": "Kage på fredag"}, follow=True)
    assert "Mødet er afsluttet" in html(answer)
    assert "Kage på fredag" in html(answer)


@pytest.mark.parametrize(
    ("given", "refused"),
    [({"what": "Ring hjem"}, "owner"), ({"owner": "me", "due_date": "2026-08-24"}, "what"),
     ({"what": "Ring hjem", "owner": "me", "due_date": "2026-08-09"}, "due_date")],
)  # fmt: skip
def test_half_an_action_is_refused_beside_the_field_and_nothing_is_stored(it, sign_in, given, refused):
    given = given | {"owner": str(it.town.manager.pk)} if given.get("owner") else given
    answer = sign_in(it.town.manager).post(
        url(it, "board_meeting_point", it.off.pk), {"explanation": "Ny elev.", **given}
    )
    assert answer.status_code == 422
    assert f'id="id_{it.off.pk}_{refused}_error"' in html(answer)
    assert "Ny elev." in html(answer)
    assert not BoardPoint.objects.exists()
    assert not Action.objects.exists()


# ---- values ----------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_read_as_in_the_grid(it, sign_in):
    Measurement.objects.filter(series=it.fine, period=NEWEST).delete()
    client = sign_in(it.town.professional)
    answer = client.post(url(it, "board_meeting_values"), {f"v-{it.fine.pk}": "otte", f"x-{it.fine.pk}": ""})
    assert answer.status_code == 422
    assert "”otte” er ikke et tal" in html(answer)
    assert 'value="otte"' in html(answer)
    client.post(url(it, "board_meeting_values"), {f"v-{it.fine.pk}": "7", f"x-{it.fine.pk}": ""})
    stored = Measurement.objects.get(series=it.fine, period=NEWEST)
    assert (stored.value, stored.is_approved, stored.entered_by) == (7, False, it.town.professional)


def test_two_who_write_the_same_value_are_told(it, sign_in):
    Measurement.objects.filter(series=it.fine, period=NEWEST).delete()
    fields = {f"v-{it.fine.pk}": "7", f"x-{it.fine.pk}": ""}
    sign_in(it.town.professional).post(url(it, "board_meeting_values"), fields)
    answer = sign_in(it.town.manager).post(url(it, "board_meeting_values"), fields | {f"v-{it.fine.pk}": "6"})
    assert answer.status_code == 422
    assert "ændrede tallet imens. Der står nu 7" in html(answer)
    assert Measurement.objects.get(series=it.fine, period=NEWEST).value == 7


@pytest.fixture
def draft(it):
    """The newest value is a draft of the professional's, and nothing stops the meeting."""
    say(it, it.off, acceptance="Det går over.")
    return as_draft(it.fine, 8, entered_by=it.town.professional)


def test_closing_approves_drafts_of_others_for_those_who_approve(it, draft):
    close(it, by=it.town.head)
    draft.refresh_from_db()
    assert (draft.is_approved, draft.approved_by) == (True, it.town.head)


def test_closing_approves_nothing_for_those_who_do_not_approve(it, draft):
    close(it, by=it.town.manager)
    draft.refresh_from_db()
    assert not draft.is_approved


def test_nobody_approves_what_they_entered_themselves(it, draft):
    Measurement.objects.filter(pk=draft.pk).update(entered_by=it.town.head)
    close(it, by=it.town.head)
    draft.refresh_from_db()
    assert not draft.is_approved


def test_what_a_round_asks_for_is_approved_there(it, draft):
    goal = factories.goal(it.town.school)
    goal.goal_series.create(series=it.fine)
    open_round(factories.round_(it.town.committee, "2026K3"), by=it.town.consultant, now=NOW)
    close(it, by=it.town.head)
    draft.refresh_from_db()
    assert not draft.is_approved


# ---- two at once -----------------------------------------------------------------------------------------------------


def test_of_two_who_close_the_second_is_told(it):
    say(it, it.off, acceptance="Det går over.")
    again = BoardMeeting.objects.select_related("board__unit", "board__authority").get(pk=it.meeting.pk)
    close(it)
    with pytest.raises(NotPossible) as refused:
        close_meeting(again, by=it.town.head, now=NOW)
    assert (refused.value.key, refused.value.meeting.closed_by) == ("not_open", it.town.manager)


def test_nothing_is_written_in_a_meeting_that_was_closed_meanwhile(it, sign_in):
    say(it, it.off, acceptance="Det går over.")
    close(it)
    client = sign_in(it.town.manager)
    for name, more, fields in (
        ("board_meeting_point", [it.off.pk], {"explanation": "For sent", "seen": "Ny elev."}),
        ("board_meeting_values", [], {f"v-{it.fine.pk}": "7", f"x-{it.fine.pk}": ""}),
        ("board_meeting_close", [], {"note": "For sent"}),
    ):
        assert "har afsluttet mødet imens" in html(client.post(url(it, name, *more), fields, follow=True))
    it.meeting.refresh_from_db()
    assert it.meeting.note == ""
    assert BoardPoint.objects.get().explanation == "Ny elev."


def test_of_two_who_explain_the_second_sees_both_texts(it, sign_in):
    say(it, it.off)
    answer = sign_in(it.town.professional).post(
        url(it, "board_meeting_point", it.off.pk), {"explanation": "Vikar.", "seen": ""}
    )
    assert answer.status_code == 409
    assert "Vikar." in html(answer)
    assert "Ny elev." in html(answer)
    assert BoardPoint.objects.get().explanation == "Ny elev."


def test_of_two_who_start_the_second_finds_it_open(it):
    assert start_meeting(it.board, TODAY, by=it.town.professional, now=NOW).opened_by == it.town.manager


def test_one_meeting_at_a_time_and_none_before_its_day(it):
    BoardMeeting.objects.create(board=it.board, day=TODAY - timedelta(days=3))
    for day, key in ((TODAY - timedelta(days=3), "other_open"), (TODAY + FORTNIGHT, "too_early")):
        with pytest.raises(NotPossible) as refused:
            start_meeting(it.board, day, by=it.town.manager, now=NOW)
        assert refused.value.key == key


@pytest.fixture
def answered(it):
    """Nothing stops the meeting any more."""
    say(it, it.off, acceptance="Det går over.")
    return it


def closing(it, person):
    meeting = BoardMeeting.objects.select_related("board__unit", "board__authority").get(pk=it.meeting.pk)
    return lambda: close_meeting(meeting, by=person, now=NOW)


def endings(it) -> int:
    return HistoryEntry.objects.about(it.meeting).filter(verb="closed").count()


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_without_locks_two_both_close(answered, monkeypatch, without_locks):
    meet_after(monkeypatch, boards, "_held")
    at_once(closing(answered, answered.town.manager), closing(answered, answered.town.head))
    assert endings(answered) == 2


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_is_told(answered):
    results = at_once(closing(answered, answered.town.manager), closing(answered, answered.town.head))
    assert results.count("not_open") == 1
    [kept] = [one for one in results if one != "not_open"]
    answered.meeting.refresh_from_db()
    assert answered.meeting.closed_by == kept.closed_by
    assert endings(answered) == 1


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_explain_at_once_one_is_told(it):
    people = {"Vikar.": it.town.manager, "Ny elev.": it.town.professional}
    results = at_once(
        *(partial(save_point, it.meeting, Said(it.off, text), by=person, now=NOW) for text, person in people.items())
    )
    assert sorted(results, key=str) == [None, "stale"]
    point = BoardPoint.objects.get()
    assert point.written_by == people[point.explanation]


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_a_closed_meeting_reads_the_same_after_corrections(it, sign_in):
    say(it, it.off, what="Ring hjem", owner=it.town.professional, due_date=TODAY + FORTNIGHT)
    close(it)
    client = sign_in(it.town.manager)
    before = html(client.get(url(it)))
    assert "Ring hjem" in before
    stored = Measurement.objects.get(series=it.off, period=NEWEST)
    period = parse_period(NEWEST)
    correct_value(
        CellValue(it.off, period, value=Decimal(3), version=stored.version), reason="Fejl", by=it.town.head, now=NOW
    )
    Action.objects.update(what="Noget andet")
    BoardSeries.objects.update(focus_area="Andet")
    it.off.indicator.name = "Nyt navn"
    it.off.indicator.save()
    after = html(client.get(url(it)))
    assert after[after.index("<main") :] == before[before.index("<main") :]


def test_the_next_meeting_shows_what_the_last_decided(it, sign_in, monkeypatch):
    say(it, it.off, what="Ring hjem", owner=it.town.professional, due_date=TODAY + timedelta(days=7), acceptance="Ok.")
    close(it)
    later = NOW + FORTNIGHT
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    next_day = TODAY + FORTNIGHT
    start_meeting(it.board, next_day, by=it.town.manager, now=later)
    page = html(sign_in(it.town.manager).get(reverse("followup:board_meeting", args=[it.board.pk, next_day])))
    assert "Besluttet 10. august 2026" in page
    assert "Ring hjem" in page
    assert "forsinket" in page
    assert "Sidste møde" in page
    assert "”Ny elev.”" in page
    assert "”Ok.”" in page
    # What was said last time counts for last time only.
    assert view_of_day(it, next_day).stopping


def view_of_day(it, day):
    return read_board(it.board, today=day, drafts=True)


# ---- meetings ahead --------------------------------------------------------------------------------------------------


def test_tick_makes_the_coming_meetings_once(it):
    days = [TODAY + FORTNIGHT * n for n in range(5)]
    assert sorted(it.board.meetings.values_list("day", flat=True)) == days
    assert do_what_is_due(NOW).meetings == 0
    assert do_what_is_due(NOW + FORTNIGHT).meetings == 1
    assert do_what_is_due(NOW + FORTNIGHT).meetings == 0


def test_planning_asks_the_same_few_questions_for_many_boards(it):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            plan_meetings(NOW + timedelta(days=400))
        return len(captured)

    BoardMeeting.objects.filter(day__gt=TODAY).delete()
    few = asked()
    for n in range(30):
        Board.objects.create(
            authority=it.town.authority, unit=it.town.school, name=f"T{n}", rule="hver måned", first_meeting=TODAY
        )
    assert asked() == few
