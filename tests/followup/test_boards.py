"""Boards and their meetings: what is asked for, what stops an ending, what is kept, and who sees and does what."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions import boards
from followup.actions.actions import start_action
from followup.actions.boards import (
    Chosen,
    NotPossible,
    Said,
    change_board,
    close_meeting,
    create_board,
    plan_meetings,
    save_point,
    start_meeting,
)
from followup.actions.due import do_what_is_due
from followup.actions.measurements import CellValue, correct_value
from followup.actions.rounds import open_round
from followup.boards import asked_period, read_board
from followup.models import Acceptance, Action, Board, BoardMeeting, BoardPoint, BoardSeries, Intervention, Measurement
from followup.status import Light
from goals.actions.versions import Stale
from goals.periods import PeriodKind, parse_period
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.races import at_once, meet_after, needs_rows_locked

NEWEST = "2026U30F"  # the fortnight that ended on Sunday 2 August; today is Monday the 10th
FORTNIGHT = timedelta(days=14)


def fortnights(values: list[int], of, until: str = NEWEST) -> None:
    """Approved values in the fortnights up to and with `until`, oldest first."""
    period = parse_period(until)
    for value in reversed(values):
        factories.measurement(of, period.code, value)
        period = period.previous()


def series_of(town, name: str, values: list[int], *, at=None, target: int = 10, **fields):
    """A fortnightly series of the school where lower is better."""
    indicator = factories.indicator(
        town.authority, name=name, name_in_sentence=name, frequency="fortnight", decimals=0, direction="lower", **fields
    )
    made = factories.series(indicator, at or town.school, tolerance=Decimal(1))
    factories.target(made, "2027U01F", target)
    fortnights(values, made)
    return made


@pytest.fixture
def it(town, clock):
    """The school's board: one indicator off track, one as it should be, and today's meeting under way."""
    it = SimpleNamespace(town=town)
    it.off = series_of(town, "Uro", [9, 9, 20])
    it.fine = series_of(town, "Fravær", [9, 9, 8])
    board = Board(unit=town.school, name="Tavle", rule="hver 14. dag", first_meeting=TODAY - FORTNIGHT)
    it.board = create_board(board, by=town.manager, now=NOW)
    chosen = [Chosen(it.off, "Ro", 1, town.professional), Chosen(it.fine, "Fremmøde", 2)]
    change_board(it.board, chosen, version=it.board.version, by=town.manager, now=NOW)
    it.meeting = start_meeting(it.board, TODAY, by=town.manager, now=NOW)
    return it


def url(it, name: str = "board_meeting", *more) -> str:
    return reverse(f"followup:{name}", args=[it.board.pk, it.meeting.day, *more])


def as_draft(series, value: int, **fields) -> Measurement:
    """The newest value written anew, not approved yet."""
    Measurement.objects.filter(series=series, period=NEWEST).delete()
    return factories.measurement(series, NEWEST, value, approved_at=None, **fields)


def view_of(it, *, drafts: bool = True):
    return read_board(it.board, today=TODAY, drafts=drafts)


def tile_of(it, series):
    return next(tile for tile in view_of(it).tiles if tile.series == series)


def say(it, series, **words) -> None:
    save_point(it.meeting, Said(series, **{"explanation": "Ny elev.", **words}), by=it.town.manager, now=NOW)


def act(it, series, **fields) -> Action:
    due = fields.pop("due_date", TODAY + FORTNIGHT)
    return start_action(
        it.board.unit, what="Ring hjem", owner=it.town.manager, due_date=due, series=series, by=it.town.manager,
        now=NOW, **fields,
    )  # fmt: skip


def close(it, **fields) -> BoardMeeting:
    return close_meeting(it.meeting, by=fields.pop("by", it.town.manager), now=NOW, **fields)


def stops(it) -> list[str]:
    """What stops the meeting, by indicator and action."""
    with pytest.raises(NotPossible) as refused:
        close(it)
    assert refused.value.key == "stops"
    view = refused.value.view
    return [tile.series.indicator.name for tile in view.stopping] + [one.what for one in view.overdue_actions]


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


# ---- arranging -------------------------------------------------------------------------------------------------------


def rows(*given: dict[str, object]) -> dict[str, object]:
    return {f"r{at}-{name}": value for at, row in enumerate(given) for name, value in row.items()}


def edit(it, client, **fields):
    board = {"name": "Tavle", "rule": "hver måned", "first_meeting": "2026-08-10", "is_active": "on"}
    it.board.refresh_from_db()
    body = board | {"version": it.board.version} | fields
    return client.post(reverse("followup:board_edit", args=[it.board.pk]), body)


def test_indicators_are_reordered_removed_and_added_by_form(it, sign_in):
    new = series_of(it.town, "Trivsel", [5])
    given = rows(
        {"series": it.off.pk, "focus_area": "Ro", "position": 9, "owner": it.town.manager.pk},
        {"series": it.fine.pk, "focus_area": "Fremmøde", "position": 2, "owner": "", "leave": "on"},
        {"series": new.pk, "focus_area": "Ro", "position": 1, "owner": ""},
    )
    assert edit(it, sign_in(it.town.manager), **given).status_code == 302
    shown = [(row.series, row.focus_area, row.owner) for row in it.board.board_series.all()]
    assert shown == [(new, "Ro", None), (it.off, "Ro", it.town.manager)]


def test_an_indicator_without_focus_area_or_a_rule_nobody_understands_is_refused(it, sign_in):
    client = sign_in(it.town.manager)
    given = rows({"series": it.off.pk, "focus_area": "", "position": 1, "owner": ""})
    assert "hvilket fokusområde" in html(edit(it, client, **given))
    answer = edit(it, client, rule="når vi har tid")
    assert answer.status_code == 422
    assert "Vi forstår ikke ”når vi har tid”" in html(answer)


def test_another_units_series_cannot_be_put_on_the_board(it, sign_in):
    foreign = series_of(it.town, "Andre", [5], at=it.town.other_school)
    given = rows({"series": it.off.pk, "focus_area": "Ro", "position": 1, "owner": ""}, {}, {"series": foreign.pk})
    assert edit(it, sign_in(it.town.manager), **given).status_code == 422
    assert not it.board.board_series.filter(series=foreign).exists()


def test_of_two_who_arrange_the_second_is_told(it):
    first = Board.objects.get(pk=it.board.pk)
    change_board(first, [Chosen(it.off, "Ro", 1)], version=first.version, by=it.town.manager, now=NOW)
    with pytest.raises(Stale):
        change_board(it.board, [], version=it.board.version - 1, by=it.town.head, now=NOW)
    assert it.board.board_series.count() == 1


def test_a_new_board(it, sign_in):
    body = {"unit": it.town.school.pk, "name": "Ny tavle", "rule": "hver måned", "first_meeting": "2026-08-20"}
    client = sign_in(it.town.manager)
    answer = client.post(reverse("followup:board_create"), body, follow=True)
    assert "Tavlen er oprettet" in html(answer)
    made = Board.objects.get(name="Ny tavle")
    assert made.meetings.filter(day=date(2026, 8, 20)).exists()
    page = html(client.get(reverse("followup:board_detail", args=[made.pk])))
    assert "Tavlen er tom." in page
    again = client.post(reverse("followup:board_create"), body)
    assert again.status_code == 422


# ---- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["", "?vis=vaeg", "?vis=tabel"])
def test_the_board_in_its_three_layouts(it, sign_in, layout):
    page = html(sign_in(it.town.politician).get(reverse("followup:board_detail", args=[it.board.pk]) + layout))
    assert "Uro" in page
    assert "Ikke på rette vej" in page
    assert "style=" not in page
    assert "For få målinger: 1 af 12" in page


def test_the_list_of_boards_and_of_meetings(it, sign_in):
    client = sign_in(it.town.manager)
    assert "mandag den 10. august 2026" in html(client.get(reverse("followup:board_list")))
    page = html(client.get(reverse("followup:board_meetings", args=[it.board.pk])))
    assert "Mandag den 24. august 2026" in page
    assert "i gang" in page


def test_todays_meeting_stands_in_the_overview(it, sign_in):
    assert f'href="{url(it)}"' in html(sign_in(it.town.manager).get("/"))


def count(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_boards_ask_the_same_few_questions_however_much_there_is(it, sign_in):
    client = sign_in(it.town.manager)
    paths = [
        reverse("followup:board_list"),
        reverse("followup:board_meetings", args=[it.board.pk]),
        reverse("followup:board_detail", args=[it.board.pk]),
        url(it),
    ]
    few = [count(client, path) for path in paths]
    for n in range(48):
        Board.objects.create(
            authority=it.town.authority, unit=it.town.school, name=f"T{n}", rule="hver måned", first_meeting=TODAY
        )
        BoardMeeting.objects.create(board=it.board, day=TODAY - timedelta(days=n + 20))
        more = series_of(it.town, f"Nr. {n}", [9, 20])
        BoardSeries.objects.create(board=it.board, series=more, focus_area="Ro", position=n, owner=it.town.manager)
        act(it, more, meeting=it.meeting)
        Acceptance.objects.create(
            authority=it.town.authority, meeting=it.meeting, series=more, reason="Ok", by=it.town.manager, at=NOW
        )
    assert [count(client, path) for path in paths] == few
    *lists, meeting = few
    assert max(lists) <= 15
    assert meeting <= 17


# ---- what was done ---------------------------------------------------------------------------------------------------


def did(it, client, series, **typed):
    return client.post(reverse("followup:intervention_record", args=[series.pk]), typed)


def test_what_was_done_is_recorded_and_holds_the_median(it, sign_in):
    client, series = sign_in(it.town.manager), it.board.board_series.first().series
    period = Measurement.objects.filter(series=series).order_by("period_end")[0].period
    typed = {"period": period, "text": "Ny vagtplan", "freezes_median": "on"}
    assert did(it, client, series, **typed).status_code == 302
    one = Intervention.objects.get()
    assert (one.series, one.period, one.freezes_median, one.by) == (series, period, True, it.town.manager)
    assert "Ny vagtplan" in html(client.get(reverse("followup:intervention_record", args=[series.pk])))
    again = did(it, client, series, **typed)
    assert again.status_code == 422
    assert "Der er allerede skrevet" in html(again)


def test_what_was_done_is_said_of_a_period_of_the_series_own_kind(it, sign_in):
    client, series = sign_in(it.town.manager), it.board.board_series.first().series
    answer = did(it, client, series, period="2026", text="Ny vagtplan")
    assert answer.status_code == 422
    assert "Skriv en periode af den slags" in html(answer)
    assert not Intervention.objects.exists()
