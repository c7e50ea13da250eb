"""Boards: who arranges them, how they are shown, and what is recorded beside them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.boards import (
    Chosen,
    change_board,
)
from followup.models import Acceptance, Board, BoardMeeting, BoardSeries, Intervention, Measurement
from goals.actions.versions import Stale
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.followup.on_boards import (
    act,
    series_of,
    url,
)

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
