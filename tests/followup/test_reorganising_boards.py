"""Boards of units that are merged and split: they go on with the series that follow, and held meetings stay."""

from datetime import date

from django.urls import reverse

from followup.actions.boards import Chosen, change_board, create_board, start_meeting
from followup.models import Board, BoardMeeting, BoardPoint
from goals.models import Series
from organisation.models import HistoryEntry, User
from tests import factories
from tests.followup.flow import html
from tests.followup.reorganised import NOW, TODAY, merged, new_unit, refusal, split


def board(town, unit, *series: Series, name: str = "Tavle") -> Board:
    made = create_board(
        Board(unit=unit, name=name, rule="hver måned", first_meeting=date(2026, 7, 1)), by=town.manager, now=NOW
    )
    chosen = [Chosen(one, f"Område {one.pk}", at, town.manager) for at, one in enumerate(series, 1)]
    return change_board(made, chosen, version=made.version, by=town.manager, now=NOW)


def shown(board: Board) -> list[tuple[str, str]]:
    rows = board.board_series.order_by("position", "pk").select_related("series__indicator", "series__unit")
    return [(row.series.indicator.name, row.series.unit.name) for row in rows]


def held(board: Board) -> BoardMeeting:
    """A meeting that ended before the day, with what it showed and said."""
    meeting = BoardMeeting.objects.create(
        board=board, day=date(2026, 7, 1), state="closed", opened_by=User.objects.first(), shown=[{"name": "T"}],
        closed_by=User.objects.first(), closed_at=NOW,
    )  # fmt: skip
    row = board.board_series.first()
    BoardPoint.objects.create(
        meeting=meeting, series=row.series, explanation="Vi talte", written_by=User.objects.first(), written_at=NOW
    )
    return meeting


def meetings() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (BoardMeeting, BoardPoint)]


def test_a_board_takes_over_the_series_that_follow(place):
    one = board(place, place.school, place.counted, place.series)
    held(one)
    before, row = meetings(), one.board_series.get(series=place.series)
    into = merged(place)
    one.refresh_from_db()
    assert one.unit == into
    assert shown(one) == [("Elever", "Fjordskolen"), ("Trivsel", "Fjordskolen")]
    follower = one.board_series.get(series__indicator=place.share)
    assert (follower.focus_area, follower.position, follower.owner) == (row.focus_area, row.position, row.owner)
    assert meetings() == before
    changes = [entry.changes for entry in HistoryEntry.objects.about(one)]
    assert ["Bakkeskolen", "Fjordskolen"] in [entry.get("unit") for entry in changes]
    assert any("Trivsel, Fjordskolen" in entry["board_series"][1] for entry in changes if "board_series" in entry)
    assert one.version == 4


def test_two_boards_of_one_name_can_be_told_apart(place, sign_in):
    boards = [board(place, place.school, place.series), board(place, place.other_school, place.other_series)]
    told = sign_in(place.consultant).post(
        reverse("followup:unit_merge", args=[place.school.pk]),
        {"other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
         "day": "2026-08-01"},
    )  # fmt: skip
    assert "Tavlen fra Elmeskolen, Tavle, kommer til at hedde ”Tavle, Elmeskolen”." in html(told)
    into = merged(place)
    assert sorted(into.boards.values_list("name", flat=True)) == ["Tavle", "Tavle, Elmeskolen"]
    assert [shown(one) for one in boards] == [[("Trivsel", "Fjordskolen")]] * 2


def test_a_board_above_shows_one_series_where_it_showed_two(place, sign_in):
    above = board(place, place.department, place.other_series, place.counted, place.series, name="Afdelingens tavle")
    told = sign_in(place.consultant).post(
        reverse("followup:unit_merge", args=[place.school.pk]),
        {"other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
         "day": "2026-08-01"},
    )  # fmt: skip
    assert f"Tavlen ”Afdelingens tavle” i {place.department} viser serier fra enhederne." in html(told)
    merged(place)
    above.refresh_from_db()
    assert (above.unit, shown(above)) == (place.department, [("Trivsel", "Fjordskolen"), ("Elever", "Fjordskolen")])


def test_a_board_never_shows_drafts_of_units_that_are_not_below_its_own(place):
    above = board(place, place.department, place.series, place.total)
    merged(place, parent=place.department.parent)
    assert shown(above) == [("Elever", place.department.name)]


def test_a_number_that_only_the_board_can_approve_stays_on_it(place):
    factories.measurement(place.series, "2025K4", 11, approved_at=None)
    one = board(place, place.school, place.series)
    merged(place)
    assert shown(one) == [("Trivsel", "Bakkeskolen"), ("Trivsel", "Fjordskolen")]


def test_a_board_out_of_use_stays_as_it_was(place):
    one = board(place, place.school, place.series)
    Board.objects.filter(pk=one.pk).update(is_active=False)
    merged(place)
    one.refresh_from_db()
    assert (one.unit, shown(one)) == (place.school, [("Trivsel", "Bakkeskolen")])


def test_a_split_board_stays_with_the_first_and_the_second_gets_its_own(place):
    one = board(place, place.school, place.series, place.counted)
    held(one)
    before = meetings()
    north, south = split(place)
    one.refresh_from_db()
    assert (one.unit, shown(one)) == (north, [("Trivsel", "Bakkeskolen Nord")])
    [other] = south.boards.all()
    assert (other.name, other.rule, other.first_meeting) == (one.name, one.rule, one.first_meeting)
    assert shown(other) == [("Elever", "Bakkeskolen Syd")]
    assert not other.meetings.filter(day__lt=TODAY).exists()
    old = {row["id"] for row in before[0]}
    assert [row for row in meetings()[0] if row["id"] in old] == before[0]
    assert meetings()[1] == before[1]


def test_what_takes_over_nothing_of_a_board_gets_none(place):
    board(place, place.school, place.series)
    _north, south = split(place)
    assert not south.boards.exists()


def test_an_open_action_goes_on_with_the_series_that_follows(place):
    actions = [
        factories.action(place.school, place.manager, series=place.counted),
        factories.action(place.school, place.manager, series=place.series, goal=place.goal),
    ]
    done = factories.action(
        place.school, place.manager, series=place.series, state="done", ended_at=NOW, worked="yes", result="Det gik"
    )
    north, south = split(place)
    for one in (*actions, done):
        one.refresh_from_db()
    assert [(one.unit, one.series.unit) for one in actions] == [(south, south), (north, north)]
    assert (done.unit, done.series) == (place.school, place.series)


def test_a_meeting_under_way_is_ended_first(place, sign_in):
    one = board(place, place.department, place.series, name="Afdelingens tavle")
    start_meeting(one, TODAY, by=place.consultant, now=NOW)
    assert refusal(place, [place.school, place.other_school], new_unit(place, "F", "F")) == "meeting_open"
    told = sign_in(place.consultant).post(
        reverse("followup:unit_merge", args=[place.school.pk]),
        {"other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
         "day": "2026-08-01"},
    )  # fmt: skip
    assert told.status_code == 422
    assert "Tavlemødet 10. august 2026 ved Afdelingens tavle er i gang. Afslut mødet først." in html(told)
