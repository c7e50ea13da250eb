"""Units merged and split in the middle of a period: the past is what it was, and the work goes on in the new ones."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from followup.actions.boards import Chosen, change_board, create_board, start_meeting
from followup.actions.reorganising import Refused, merge_units, split_unit
from followup.actions.rounds import open_round
from followup.actions.standings import rebuild_standings, rollups_were_changed
from followup.goal_views import goal_views
from followup.integrity import faults
from followup.models import Board, BoardMeeting, BoardPoint, DueValue, GoalStanding, Measurement, Revision, Submission
from followup.status import Light
from goals.actions.budgets import set_ceiling
from goals.actions.owners import make_cross_cutting
from goals.kinds import GoalState, UnitRollup
from goals.models import Goal, GoalBudget, GoalOwner, GoalSeries, Series
from organisation.models import BodyLink, HistoryEntry, Membership, Unit, User
from organisation.permissions import Role
from tests import factories
from tests.goals.sharing import commitment, committed

NOW, TODAY = factories.NOW, factories.TODAY  # 10 August 2026
DAY = date(2026, 8, 1)  # in the middle of the third quarter
BEFORE = [date(2026, 3, 31), date(2026, 6, 30)]


def new_unit(town, name: str, code: str, **fields) -> Unit:
    defaults = {"authority": town.authority, "parent": town.department, "kind": "institution", "valid_from": DAY}
    return Unit(name=name, code=code, **{**defaults, **fields})


def number(town, unit, goal, value, *, of=None) -> Series:
    """A series of the unit that decides the goal, with a target and two quarters behind it."""
    of = of or town.share
    series = factories.series(of, unit, goal, baseline_period="2025K4", baseline_value=Decimal(10))
    GoalSeries.objects.filter(series=series).update(is_prioritised=True)
    factories.target(series, "2026K4", 20)
    for period, one in (("2026K1", 12), ("2026K2", value)):
        factories.measurement(series, period, one)
    return series


@pytest.fixture
def place(town, clock):
    """Two schools with a goal and a number each that the department adds up; the first has a second goal."""
    town.share = factories.indicator(town.authority, name="Trivsel", unit_rollup=UnitRollup.NONE, decimals=1)
    town.count_of = factories.indicator(town.authority, name="Elever", unit_rollup=UnitRollup.SUM, decimals=0)
    town.above = factories.goal(town.department)
    town.goal, town.other_goal = (factories.goal(one, town.above) for one in (town.school, town.other_school))
    town.second = factories.goal(town.school, town.above)
    town.closed = factories.goal(town.school, town.above, state=GoalState.CLOSED)
    town.series = number(town, town.school, town.goal, 19)
    town.other_series = number(town, town.other_school, town.other_goal, 2)
    town.counted = number(town, town.school, town.second, 30, of=town.count_of)
    town.other_counted = number(town, town.other_school, town.other_goal, 40, of=town.count_of)
    town.total = factories.series(town.count_of, town.department, town.above, is_rolled_up=True)
    factories.target(town.total, "2026K4", 90)
    rollups_were_changed({town.count_of.pk}, NOW)
    rebuild_standings(town.authority, today=TODAY)
    return town


def lights_at(day: date, *goals: Goal) -> list[Light]:
    views = goal_views(list(Goal.objects.filter(pk__in=[one.pk for one in goals]).order_by("pk")), until=day, today=day)
    return [view.light for view in views]


def past(town) -> dict:
    """What must not change: values, corrections, reports to rounds, roll-ups, and lights at earlier days."""
    goals = [town.above, town.goal, town.other_goal, town.second, town.closed]
    return {
        "values": list(Measurement.objects.order_by("pk").values()),
        "revisions": list(Revision.objects.order_by("pk").values()),
        "reports": list(Submission.objects.filter(round__period_end__lt=DAY).order_by("pk").values()),
        "lights": [lights_at(day, *goals) for day in BEFORE],
        "today": lights_at(TODAY, *goals),
    }


def merged(town, **fields) -> Unit:
    into = new_unit(town, "Fjordskolen", "FJ", **fields)
    return merge_units([town.school, town.other_school], into, DAY, by=town.consultant, now=NOW)


def split(town, **goals) -> list[Unit]:
    parts = [new_unit(town, "Bakkeskolen Nord", "BN"), new_unit(town, "Bakkeskolen Syd", "BS")]
    placed = {town.goal.pk: 0, town.second.pk: 1} | goals
    return list(split_unit(town.school, parts, DAY, goals=placed, by=town.consultant, now=NOW))


# ---- the past --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("do", [merged, split])
def test_the_past_and_todays_lights_are_what_they_were(place, do):
    before = past(place)
    assert before["lights"][1] == [Light.OFF_TRACK, Light.ON_TRACK, Light.OFF_TRACK, Light.REACHED, Light.NO_DATA]
    do(place)
    assert past(place) == before
    assert list(faults(TODAY)) == []


@pytest.mark.parametrize("do", [merged, split])
def test_the_old_units_end_the_day_before_and_are_still_there(place, do):
    do(place)
    place.school.refresh_from_db()
    assert place.school.valid_to == DAY - timedelta(days=1)
    assert place.series.measurements.count() == 2
    assert "ended" in HistoryEntry.objects.about(place.school).values_list("verb", flat=True)
    assert place.closed.owner_unit == place.school


# ---- merging ---------------------------------------------------------------------------------------------------------


def test_goals_and_series_go_to_the_new_unit(place):
    into = merged(place)
    assert set(into.goals.all()) == {place.goal, place.other_goal, place.second}
    assert set(place.school.goals.all()) == {place.closed}
    entry = HistoryEntry.objects.about(place.goal).filter(changes__has_key="owner_unit").get()
    assert entry.changes["owner_unit"] == ["Bakkeskolen", "Fjordskolen"]
    for series in (place.series, place.other_series, place.counted, place.other_counted):
        series.refresh_from_db()
        assert series.last_day == date(2026, 7, 31)
    begun = {one.indicator: one for one in into.series.all()}
    assert begun.keys() == {place.share, place.count_of}
    assert set(begun[place.share].goal_series.values_list("goal", "is_prioritised")) == {
        (place.goal.pk, True),
        (place.other_goal.pk, True),
    }


def test_a_share_keeps_what_the_schools_agreed_on_and_counts_are_added(place):
    factories.target(place.series, "2027K4", 30)
    into = merged(place)
    share, count = into.series.get(indicator=place.share), into.series.get(indicator=place.count_of)
    assert [(one.period, one.value) for one in share.targets.all()] == [("2026K4", 20)]
    assert (share.baseline_period, share.baseline_value) == ("2025K4", 10)
    assert [(one.period, one.value) for one in count.targets.all()] == [("2026K4", 40)]
    assert count.baseline_value == 20
    assert count.targets.get().reason == "Videreført fra Bakkeskolen, Elmeskolen"


def test_the_new_units_number_takes_over_when_it_is_there(place):
    into = merged(place)
    assert lights_at(TODAY, place.goal) == [Light.ON_TRACK]
    series = into.series.get(indicator=place.share)
    later = date(2026, 10, 20)
    factories.measurement(series, "2026K3", 3)
    assert lights_at(later, place.goal) == [Light.OFF_TRACK]
    assert lights_at(BEFORE[1], place.goal) == [Light.ON_TRACK]
    view = goal_views([place.goal], until=later, today=later)[0]
    assert view.lead.series.unit_id == into.pk
    assert view.light_at(BEFORE[1]) is Light.ON_TRACK
    rebuild_standings(place.authority, today=later)
    assert GoalStanding.objects.get(goal=place.goal).light == "offtrack"


def test_the_department_adds_up_the_new_school_from_then_on(place):
    into = merged(place)
    stored = [(one.period, one.value) for one in place.total.measurements.order_by("period_end")]
    assert stored == [("2026K1", 24), ("2026K2", 70)]
    factories.measurement(into.series.get(indicator=place.count_of), "2026K3", 75)
    rollups_were_changed({place.count_of.pk}, NOW)
    latest = place.total.measurements.order_by("period_end").last()
    assert (latest.period, latest.value, latest.parts_present, latest.parts_expected) == ("2026K3", 75, 1, 1)


def test_roles_and_committees_follow(place):
    BodyLink.objects.create(unit=place.school, body=place.other_committee, first_day=factories.LONG_AGO)
    BodyLink.objects.create(unit=place.other_school, body=place.other_committee, first_day=factories.LONG_AGO)
    Membership.objects.create(
        user=place.manager, unit=place.other_school, role=Role.MANAGER, first_day=factories.LONG_AGO
    )
    into = merged(place)
    held = Membership.objects.filter(unit=into)
    assert set(held.values_list("user", "role", "first_day")) == {
        (place.manager.pk, "manager", DAY),
        (place.other_manager.pk, "manager", DAY),
        (place.professional.pk, "professional", DAY),
        (place.reader.pk, "reader", DAY),
    }
    assert not Membership.objects.filter(unit=place.school, last_day=None).exists()
    link = into.body_links.get()
    assert (link.body, link.first_day, link.last_day) == (place.other_committee, DAY, None)
    assert place.school.body_links.get().last_day == DAY - timedelta(days=1)


def test_units_of_different_committees_get_none_of_their_own(place):
    BodyLink.objects.create(unit=place.school, body=place.other_committee, first_day=factories.LONG_AGO)
    assert not merged(place).body_links.exists()


def test_who_owes_the_quarter_before_may_still_report_it(place):
    open_round(factories.round_(place.committee, "2026K2"), by=place.consultant, now=NOW)
    merged(place)
    old = Membership.objects.get(unit=place.school, user=place.manager)
    assert old.last_day == date(2026, 8, 21)  # the approval deadline


def test_an_open_round_asks_the_new_unit(place):
    round_ = open_round(factories.round_(place.committee, "2026K3"), by=place.consultant, now=NOW)
    asked = round_.submissions.values_list("unit__name", flat=True)
    assert set(asked) == {"Bakkeskolen", "Elmeskolen"}
    into = merged(place)
    assert list(round_.submissions.values_list("unit__name", flat=True)) == ["Fjordskolen"]
    due = DueValue.objects.filter(submission__round=round_)
    assert set(due.values_list("series__unit", "period")) == {(into.pk, "2026K3")}


def test_open_actions_and_boards_follow(place):
    action = factories.action(place.school, place.manager, goal=place.goal)
    done = factories.action(place.school, place.manager, state="done", ended_at=NOW, worked="yes", result="Det virkede")
    into = merged(place)
    action.refresh_from_db()
    done.refresh_from_db()
    assert (action.unit, done.unit) == (into, place.school)


def test_the_goal_page_says_whose_number_is_whose(place, sign_in):
    merged(place)
    said = html(sign_in(place.reader).get(reverse("followup:goal_detail", args=[place.goal.pk])))
    assert "Trivsel, Bakkeskolen" in said
    assert "Trivsel, Fjordskolen" in said
    assert "Elever, Bakkeskolen" not in said


# ---- splitting -------------------------------------------------------------------------------------------------------


def test_each_goal_goes_where_it_was_put_with_its_series(place):
    north, south = split(place)
    assert (list(north.goals.all()), list(south.goals.all())) == ([place.goal], [place.second])
    assert list(north.series.values_list("indicator", flat=True)) == [place.share.pk]
    assert list(south.series.values_list("indicator", flat=True)) == [place.count_of.pk]
    assert [one.value for one in north.series.get().targets.all()] == [20]
    assert not south.series.get().targets.exists(), "half a count is another count"
    assert set(place.other_school.goals.all()) == {place.other_goal}


def test_a_series_that_no_goal_is_about_goes_on_in_both(place):
    loose = factories.series(factories.indicator(place.authority), place.school)
    north, south = split(place)
    assert {one.unit for one in Series.objects.filter(indicator=loose.indicator, last_day=None)} == {north, south}


def test_another_units_goal_is_measured_in_both(place):
    GoalSeries.objects.create(goal=place.above, series=place.series)
    north, south = split(place)
    measured = Series.objects.filter(goal_series__goal=place.above, indicator=place.share, last_day=None)
    assert {one.unit for one in measured} == {north, south}


def test_roles_are_held_in_both(place):
    north, south = split(place)
    held = Membership.objects.filter(user=place.manager, last_day=None)
    assert {one.unit for one in held} == {north, south}


def test_every_open_goal_must_be_placed(place):
    parts = [new_unit(place, "Nord", "N"), new_unit(place, "Syd", "S")]
    for goals in ({place.goal.pk: 0}, {place.goal.pk: 0, place.second.pk: 2}):
        with pytest.raises(Refused, match="not_placed"):
            split_unit(place.school, parts, DAY, goals=goals, by=place.consultant, now=NOW)
    assert not Unit.objects.filter(code__in=["N", "S"]).exists()


# ---- boards ----------------------------------------------------------------------------------------------------------


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


# ---- refused ---------------------------------------------------------------------------------------------------------


def refusal(place, units, into, day=DAY) -> str:
    with pytest.raises(Refused) as refused:
        merge_units(units, into, day, by=place.consultant, now=NOW)
    place.school.refresh_from_db()
    assert place.school.valid_to is None or place.school.valid_to < DAY
    return refused.value.key


def test_what_is_refused(place):
    both, elsewhere = [place.school, place.other_school], factories.municipality()
    new = new_unit(place, "Fjordskolen", "FJ")
    assert refusal(place, [place.school], new) == "too_few"
    assert refusal(place, [place.school, place.school], new) == "too_few"
    assert refusal(place, both, new_unit(place, "X", "X", valid_from=date(2026, 9, 1)), date(2026, 9, 1)) == "ahead"
    assert refusal(place, both, factories.unit(place.department)) == "not_new"
    assert refusal(place, [*both, elsewhere.school], new_unit(place, "Y", "Y")) == "other_authority"
    assert refusal(place, [place.committee, place.other_committee], new_unit(place, "Z", "Z")) == "body"
    assert refusal(place, both, new_unit(place, "Æ", "Æ", parent=place.school)) in ("has_children", "under_ended")
    factories.unit(place.school, "team")
    assert refusal(place, both, new_unit(place, "Ø", "Ø")) == "has_children"
    assert not Unit.objects.filter(code__in=["FJ", "X", "Y", "Z", "Æ", "Ø"]).exists()


def test_a_number_of_a_period_that_ends_later_is_in_the_way(place):
    factories.measurement(place.series, "2026K3", 9, approved_at=None)
    assert refusal(place, [place.school, place.other_school], new_unit(place, "F", "F")) == "has_values"


def test_a_unit_that_somebody_ended_meanwhile(place):
    Unit.objects.filter(pk=place.school.pk).update(valid_to=date(2026, 5, 1))
    assert refusal(place, [place.school, place.other_school], new_unit(place, "F", "F")) == "not_valid"


def test_the_only_one_who_manages_units_is_not_lost(place):
    Membership.objects.filter(user__in=[place.consultant, place.administrator]).delete()
    only = factories.user(Role.GOAL_CONSULTANT, place.school)
    with pytest.raises(Refused, match="last_manager"):
        merge_units([place.school, place.other_school], new_unit(place, "F", "F"), DAY, by=only, now=NOW)


# ---- the pages -------------------------------------------------------------------------------------------------------


def html(response) -> str:
    return " ".join(response.content.decode().split())


def shared(place, goal: Goal) -> GoalOwner:
    """Both schools and one elsewhere are bound by the goal; that of the school that the goal belongs to."""
    elsewhere = factories.municipality()
    own = make_cross_cutting(goal, commitment(place.school, place.manager), by=place.director, now=NOW)
    committed(goal, place.other_school, place.other_manager, place.director)
    committed(goal, elsewhere.school, elsewhere.manager, elsewhere.director)
    return own


def owners(goal: Goal) -> list[tuple[str, str]]:
    return [(one.unit.name, one.state) for one in goal.owners.select_related("unit").order_by("pk")]


def test_two_owners_of_a_shared_goal_that_become_one_unit_are_one_owner(place):
    shared(place, place.goal)
    before = past(place)
    merged(place)
    assert owners(place.goal) == [
        ("Fjordskolen", "committed"), ("Elmeskolen", "withdrawn"), ("Bakkeskolen", "committed"),
    ]  # fmt: skip
    assert past(place) == before


def test_the_commitment_goes_where_the_shared_goal_goes(place):
    own = shared(place, place.second)
    before = past(place)
    _north, south = split(place)
    own.refresh_from_db()
    place.second.refresh_from_db()
    assert (own.unit, own.state, place.second.owner_unit) == (south, "committed", south)
    assert past(place) == before


def test_merging_in_the_browser(place, sign_in):
    client = sign_in(place.consultant)
    url = reverse("followup:unit_merge", args=[place.school.pk])
    assert url in html(client.get(reverse("organisation:unit_edit", args=[place.school.pk])))
    assert "Med Bakkeskolen følger 2 mål, 2 serier og 3 roller." in html(client.get(url))
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    empty = client.post(url, {})
    assert empty.status_code == 422
    taken = client.post(url, posted | {"code": place.department.code})
    assert taken.status_code == 422
    assert f"Koden bruges af {place.department}." in html(taken)
    assert 'value="Fjordskolen"' in html(taken)
    ahead = client.post(url, posted | {"day": "2026-09-01"})
    assert (ahead.status_code, "Vælg en dag, der er kommet" in html(ahead)) == (422, True)
    twice = client.post(url, posted | {"other_2": place.other_school.pk})
    assert "Vælg hver enhed én gang." in html(twice)
    told = client.post(url, posted)
    assert (told.status_code, Unit.objects.filter(code="FJ").exists()) == (200, False)
    assert "Den nye enhed overtager 3 mål, 4 serier og 4 roller." in html(told)
    done = client.post(url, posted | answers_of(told))
    made = Unit.objects.get(code="FJ")
    assert done.url == reverse("organisation:unit_edit", args=[made.pk])
    assert made.goals.count() == 3
    third = factories.unit(place.department)
    again = client.post(url, posted | {"code": "FJ2", "other_1": third.pk})
    assert again.status_code == 422
    assert "Bakkeskolen findes ikke den dag." in html(again)


def test_splitting_in_the_browser(place, sign_in):
    client = sign_in(place.consultant)
    url = reverse("followup:unit_split", args=[place.school.pk])
    assert place.goal.title in html(client.get(url))
    posted = {
        "name_1": "Nord", "code_1": "N", "name_2": "Syd", "code_2": "S", "parent": place.department.pk,
        "day": "2026-08-01", f"goal_{place.goal.pk}": "2", f"goal_{place.second.pk}": "1",
    }  # fmt: skip
    missing = client.post(url, {key: value for key, value in posted.items() if key != f"goal_{place.goal.pk}"})
    assert missing.status_code == 422
    unnamed = client.post(url, posted | {f"goal_{place.goal.pk}": "3"})
    assert (unnamed.status_code, "Enhed 3 har ikke noget navn." in html(unnamed)) == (422, True)
    half = client.post(url, posted | {"name_3": "Øst"})
    assert "Skriv både navn og kode." in html(half)
    same = client.post(url, posted | {"code_2": "n"})
    assert "To enheder kan ikke have samme kode." in html(same)
    assert client.post(url, posted).status_code == 302
    assert list(Unit.objects.get(code="S").goals.all()) == [place.goal]
    assert list(Unit.objects.get(code="N").goals.all()) == [place.second]


def answers_of(told) -> dict[str, str]:
    """What the page that tells what will happen has filled in."""
    return {name: str(told.context["form"][name].value()) for name in ("seen", "most")}


def test_the_merger_proposes_the_highest_ceiling_and_takes_what_is_typed(place, sign_in):
    client, url = sign_in(place.consultant), reverse("followup:unit_merge", args=[place.school.pk])
    third = factories.unit(place.department, name="Åskolen")
    for unit, most in ((place.school, 2), (place.other_school, 1)):
        set_ceiling(unit, most, version=0, by=place.consultant, now=NOW)
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    told = client.post(url, posted)
    assert answers_of(told)["most"] == "2", "never 3, their sum"
    assert "Vi foreslår målloftet 2, det højeste af de gamle." in html(told)
    assert "Den nye enhed får 3 vedtagne mål, flere end loftet på 2." in html(told)
    # Whoever chooses other units sees it again, whatever was typed for the first.
    again = client.post(url, posted | answers_of(told) | {"other_2": third.pk, "most": "9"})
    assert (again.status_code, Unit.objects.filter(code="FJ").exists()) == (200, False)
    assert "Åskolen" in html(again)
    assert answers_of(again)["most"] == "2"
    wrong = client.post(url, posted | answers_of(told) | {"most": "0"})
    assert (wrong.status_code, "most" in wrong.context["form"].errors) == (422, True)
    assert "Det sker, når enhederne lægges sammen" in html(wrong)
    client.post(url, posted | answers_of(told) | {"most": "5"})
    made = Unit.objects.get(code="FJ")
    assert made.goal_budget.most == 5
    entry = HistoryEntry.objects.about(made.goal_budget).get()
    assert (entry.verb, entry.by, entry.changes) == ("ceiling_set", place.consultant, {"most": [None, "5"]})
    assert place.school.goal_budget.most == 2


@pytest.mark.parametrize(("most", "stored"), [("", []), ("4", [4])])
def test_units_without_a_ceiling_get_one_only_when_it_is_typed(place, sign_in, most, stored):
    client, url = sign_in(place.consultant), reverse("followup:unit_merge", args=[place.school.pk])
    posted = {
        "other_1": place.other_school.pk, "name": "Fjordskolen", "code": "FJ", "parent": place.department.pk,
        "day": "2026-08-01",
    }  # fmt: skip
    told = client.post(url, posted)
    assert answers_of(told)["most"] == ""
    assert "Ingen af enhederne har et målloft" in html(told)
    client.post(url, posted | answers_of(told) | {"most": most})
    assert list(GoalBudget.objects.filter(unit__code="FJ").values_list("most", flat=True)) == stored


def test_a_split_gives_each_the_ceiling_that_stands_in_its_field(place, sign_in):
    client, url = sign_in(place.consultant), reverse("followup:unit_split", args=[place.school.pk])
    set_ceiling(place.school, 3, version=0, by=place.consultant, now=NOW)
    page = client.get(url)
    assert [page.context["form"][f"most_{n}"].value() for n in (1, 2)] == [3, 3]
    assert "Bakkeskolen har målloftet 3." in html(page)
    posted = {
        "name_1": "Nord", "code_1": "N", "name_2": "Syd", "code_2": "S", "parent": place.department.pk,
        "day": "2026-08-01", f"goal_{place.goal.pk}": "1", f"goal_{place.second.pk}": "2", "most_1": "3", "most_2": "",
        "most_3": "3", "most_4": "3",
    }  # fmt: skip
    wrong = client.post(url, posted | {"most_2": "501"})
    assert (wrong.status_code, "most_2" in wrong.context["form"].errors) == (422, True)
    assert client.post(url, posted).status_code == 302
    assert dict(GoalBudget.objects.filter(unit__code__in="NS").values_list("unit__code", "most")) == {"N": 3}


@pytest.mark.parametrize("name", ["followup:unit_merge", "followup:unit_split"])
def test_who_may(place, sign_in, name):
    url = reverse(name, args=[place.school.pk])
    people = ("consultant", "administrator", "director", "manager", "reader")
    statuses = [sign_in(getattr(place, person)).get(url).status_code for person in people]
    assert statuses == [200, 403, 403, 403, 403]
    assert sign_in(factories.municipality().consultant).get(url).status_code == 404
    elsewhere = factories.user(Role.GOAL_CONSULTANT, place.other_school)
    assert sign_in(elsewhere).get(url).status_code == 403
