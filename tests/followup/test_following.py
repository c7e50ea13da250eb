"""What a body follows and is told: by the authority's division of labour and by the plan."""

from types import SimpleNamespace

import pytest

from followup.actions.rounds import open_round
from followup.following import goals_followed_by, series_followed
from followup.kinds import Division, Follows
from followup.models import DueValue, FollowUpSettings
from goals.kinds import GoalState
from goals.models import Goal
from organisation.models import UnitKind
from tests import factories

DAY = factories.date(2026, 6, 30)


@pytest.fixture
def many(town):
    """Goals at every level: the council's two, each committee's two, and three at the school, in the order of rank."""
    it = SimpleNamespace(town=town)
    for unit, name, count in (
        (town.council, "Byråd", 2),
        (town.committee, "Skole", 2),
        (town.other_committee, "Social", 2),
        (town.department, "Center", 1),
        (town.school, "Bakke", 3),
    ):
        for rank in range(count, 0, -1):
            factories.goal(unit, short_name=f"{name} {rank}", rank=rank)
        factories.goal(unit, short_name=f"{name} kladde", rank=0, state=GoalState.DRAFT)
    return it


def names(body, plan=None) -> list[str]:
    return [goal.short_name for goal in goals_followed_by(body, DAY, plan=plan)]


@pytest.mark.parametrize(
    ("division", "expected"),
    [
        (None, ["Byråd 1", "Byråd 2"]),
        (Division.FEW, ["Byråd 1", "Byråd 2"]),
        (Division.BROAD, ["Byråd 1", "Byråd 2", "Skole 1", "Skole 2", "Social 1", "Social 2"]),
        (Division.COMMITTEES, []),
    ],
)
def test_the_council_follows_by_the_division_of_labour(many, division, expected):
    if division:
        FollowUpSettings.objects.create(authority=many.town.authority, division=division)
    assert names(many.town.council) == expected
    assert names(many.town.council, factories.plan(many.town.council)) == expected


def test_a_plan_follows_only_what_goes_up_from_below(many):
    plan = factories.plan(many.town.committee, follows=Follows.OWN_AND_BELOW, most_below=2)
    assert names(many.town.committee, plan) == ["Skole 1", "Skole 2", "Bakke 1", "Bakke 2", "Center 1"]
    Goal.objects.filter(short_name__in=["Bakke 1", "Center 1", "Skole 2"]).update(goes_up=False)
    assert names(many.town.committee, plan) == ["Skole 1", "Skole 2", "Bakke 2", "Bakke 3"]


@pytest.mark.parametrize("division", list(Division))
def test_a_committee_follows_its_own_whatever_the_council_does(many, division):
    FollowUpSettings.objects.create(authority=many.town.authority, division=division)
    assert names(many.town.committee) == ["Skole 1", "Skole 2"]


@pytest.mark.parametrize(
    ("most", "below"),
    [(0, []), (1, ["Bakke 1", "Center 1"]), (2, ["Bakke 1", "Bakke 2", "Center 1"]),
     (9, ["Bakke 1", "Bakke 2", "Bakke 3", "Center 1"])],
)  # fmt: skip
def test_the_first_goals_of_each_unit_that_reports_to_the_body(many, most, below):
    plan = factories.plan(many.town.committee, follows=Follows.OWN_AND_BELOW, most_below=most)
    assert names(many.town.committee, plan) == ["Skole 1", "Skole 2", *below]


def test_units_of_another_committee_are_not_followed(many):
    home = factories.unit(many.town.board, UnitKind.DIRECTORATE)
    factories.goal(home, short_name="Andet")
    plan = factories.plan(many.town.committee, follows=Follows.OWN_AND_BELOW, most_below=9)
    assert "Andet" not in names(many.town.committee, plan)
    council = factories.plan(many.town.council, follows=Follows.OWN_AND_BELOW, most_below=9)
    assert "Andet" in names(many.town.council, council)


def test_chosen_series_bring_the_goals_they_measure(many):
    goal = factories.goal(many.town.school, short_name="Valgt")
    chosen = factories.series(factories.indicator(many.town.authority), many.town.school, goal)
    plan = factories.plan(many.town.committee, follows=Follows.CHOSEN)
    assert names(many.town.committee, plan) == []
    plan.series.add(chosen)
    assert names(many.town.committee, plan) == ["Valgt"]


# ---- what is asked ---------------------------------------------------------------------------------------------------


def measured(unit, goal=None, name="Tal", **fields):
    indicator = factories.indicator(unit.authority, name=name)
    return factories.series(indicator, unit, goal, **fields)


def asked(body, plan=None) -> set[str]:
    return {f"{one.indicator.name} {one.unit.name}" for one in series_followed(body, DAY, plan)}


@pytest.fixture
def three(town):
    """A committee's goal, a school's two, each measured; and a number of no goal."""
    measured(town.committee, factories.goal(town.committee), "Udvalg")
    measured(town.school, factories.goal(town.school, rank=1), "Første")
    measured(town.school, factories.goal(town.school, rank=2), "Anden")
    return SimpleNamespace(town=town, loose=measured(town.school, None, "Løst"))


def test_without_a_plan_everything_that_measures_a_goal_is_asked(three):
    assert asked(three.town.committee) == {
        "Udvalg Børne- og Skoleudvalget", "Første Bakkeskolen", "Anden Bakkeskolen"
    }  # fmt: skip


def test_a_plan_asks_for_what_its_goals_need(three):
    body = three.town.committee
    plan = factories.plan(body)
    assert asked(body, plan) == {"Udvalg Børne- og Skoleudvalget"}
    plan.follows, plan.most_below = Follows.OWN_AND_BELOW, 1
    assert asked(body, plan) == {"Udvalg Børne- og Skoleudvalget", "Første Bakkeskolen"}
    plan.follows = Follows.CHOSEN
    plan.series.add(three.loose)
    assert asked(body, plan) == {"Løst Bakkeskolen"}


def test_a_rolled_up_number_takes_what_it_is_made_of(town):
    indicator = factories.indicator(town.authority, name="Fravær", unit_rollup="sum")
    goal = factories.goal(town.directorate, rank=1)
    factories.series(indicator, town.directorate, goal, is_rolled_up=True)
    factories.series(indicator, town.department, is_rolled_up=True)
    factories.series(indicator, town.school)
    factories.series(indicator, town.other_school)
    hidden = factories.unit(town.school, UnitKind.TEAM, name="Skjult hold")
    factories.series(indicator, hidden)  # the school enters a number of its own
    measured(town.school, None, "Andet")
    plan = factories.plan(town.committee, follows=Follows.OWN_AND_BELOW, most_below=1)
    assert asked(town.committee, plan) == {"Fravær Bakkeskolen", "Fravær Elmeskolen"}


@pytest.mark.parametrize(("division", "is_asked"), [(Division.FEW, True), (Division.COMMITTEES, False)])
def test_a_goal_of_the_council_gets_its_number_from_a_unit_of_a_committee(town, division, is_asked):
    FollowUpSettings.objects.create(authority=town.authority, division=division)
    measured(town.school, factories.goal(town.council), "Byråd")
    assert asked(town.council, factories.plan(town.council)) == set()
    assert asked(town.committee, factories.plan(town.committee)) == ({"Byråd Bakkeskolen"} if is_asked else set())


def test_the_council_asks_nobody_twice_for_what_a_committee_asks(town):
    FollowUpSettings.objects.create(authority=town.authority, division=Division.BROAD)
    goal = factories.goal(town.committee)
    measured(town.committee, goal, "Udvalg")
    assert goal in goals_followed_by(town.council, DAY)
    assert asked(town.council, factories.plan(town.council)) == set()


def test_a_round_asks_by_its_plan(three):
    body = three.town.committee
    round_ = factories.round_(body, plan=factories.plan(body))
    open_round(round_, by=three.town.consultant, now=factories.NOW)
    assert [due.series.indicator.name for due in DueValue.objects.filter(submission__round=round_)] == ["Udvalg"]
    free = factories.round_(body, "2026K1")
    open_round(free, by=three.town.consultant, now=factories.NOW)
    assert DueValue.objects.filter(submission__round=free).count() == 3
