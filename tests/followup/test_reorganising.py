"""Units merged and split in the middle of a period: the past is what it was, and the work goes on in the new ones."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from followup.actions.reorganising import Refused, merge_units, split_unit
from followup.actions.rounds import open_round
from followup.actions.standings import rebuild_standings, rollups_were_changed
from followup.goal_views import goal_views
from followup.integrity import faults
from followup.models import DueValue, GoalStanding
from followup.status import Light
from goals.models import GoalSeries, Series
from organisation.models import BodyLink, HistoryEntry, Membership, Unit
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import html
from tests.followup.reorganised import (
    BEFORE,
    DAY,
    NOW,
    TODAY,
    lights_at,
    merged,
    new_unit,
    past,
    refusal,
    split,
)

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


# ---- refused ---------------------------------------------------------------------------------------------------------


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
