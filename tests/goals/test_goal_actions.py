"""A goal's way through life, and what each step leaves in the history."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from followup.models import GoalStanding
from goals.actions.decisions import DecisionMade
from goals.actions.goals import (
    NotPossible,
    adopt_goal,
    change_goal,
    close_goal,
    create_goal,
    move_goal,
    propose_goal,
    replace_goal,
)
from goals.actions.indicators import change_indicator, change_series, create_series
from goals.actions.links import add_contribution, attach_series, change_goal_series, remove_contribution
from goals.actions.targets import AlreadySet, NeedsDecision, TargetAsked, Unchanged, set_target
from goals.actions.versions import Stale
from goals.kinds import GoalState
from goals.models import Decision, Goal, GoalOwner, Series
from goals.periods import parse_period
from goals.smart import Lack
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(days=1)
ANSWERS = dict.fromkeys(("specific", "measurable", "attractive", "realistic", "timed"), "Svar")


def verbs(subject) -> list[str]:
    return list(HistoryEntry.objects.about(subject).order_by("pk").values_list("verb", flat=True))


def whole_draft(town, **fields) -> Goal:
    """A draft that lacks nothing."""
    goal = factories.goal(town.school, state=GoalState.DRAFT, responsible=town.manager, **ANSWERS, **fields)
    series = factories.series(
        factories.indicator(town.authority), town.school, goal, baseline_period="2024K4", baseline_value=Decimal(9)
    )
    factories.target(series, "2028", 7)
    return goal


def made(town) -> DecisionMade:
    return DecisionMade(town.committee, date(2026, 6, 24), "punkt 4")


# ---- created, changed ------------------------------------------------------------------------------------------------


def test_a_new_goal_is_a_draft_of_its_owners_authority(town):
    goal = create_goal(Goal(owner_unit=town.school, title="Flere læser", short_name="Læsning"), by=town.head, now=NOW)
    assert (goal.state, goal.authority) == (GoalState.DRAFT, town.authority)
    assert verbs(goal) == ["created"]
    assert GoalStanding.objects.filter(goal=goal).exists()


def test_a_change_keeps_the_old_words(town):
    goal = factories.goal(town.school, title="Gammelt")
    goal.title = "Nyt"
    change_goal(goal, version=1, by=town.manager, now=NOW)
    entry = HistoryEntry.objects.about(goal).get()
    assert entry.changes == {"title": ["Gammelt", "Nyt"]}
    assert Goal.objects.get(pk=goal.pk).version == 2


def test_saving_the_same_changes_nothing(town):
    goal = factories.goal(town.school)
    change_goal(goal, version=1, by=town.manager, now=NOW)
    assert verbs(goal) == []
    assert Goal.objects.get(pk=goal.pk).version == 1


def test_a_stale_change_is_refused_and_nothing_is_overwritten(town):
    goal = factories.goal(town.school, title="Gammelt")
    theirs = Goal.objects.get(pk=goal.pk)
    theirs.title = "Deres"
    change_goal(theirs, version=1, by=town.head, now=NOW)
    goal.title = "Mit"
    with pytest.raises(Stale) as stale:
        change_goal(goal, version=1, by=town.manager, now=LATER)
    assert stale.value.stored.title == "Deres"
    assert Goal.objects.get(pk=goal.pk).title == "Deres"


# ---- moved -----------------------------------------------------------------------------------------------------------


def test_moving_recounts_both_chains(town):
    here, there = factories.goal(town.council), factories.goal(town.council)
    goal = factories.goal(town.school, here)
    move_goal(goal, here, version=1, by=town.consultant, now=NOW)
    goal.refresh_from_db()
    from_version = goal.version
    move_goal(goal, there, version=from_version, by=town.consultant, now=NOW)
    assert GoalStanding.objects.get(goal=here).below == {}
    assert sum(GoalStanding.objects.get(goal=there).below.values()) == 1
    assert verbs(goal) == ["moved"]


@pytest.mark.parametrize("distance", [0, 1, 2])
def test_a_goal_cannot_serve_what_serves_it(town, distance):
    chain = [factories.goal(town.council)]
    for _ in range(2):
        chain.append(factories.goal(town.school, chain[-1]))
    with pytest.raises(NotPossible, match="cycle"):
        move_goal(chain[0], chain[distance], version=1, by=town.consultant, now=NOW)


def test_a_goal_cannot_serve_another_authoritys_goal(town):
    other = factories.goal(factories.municipality().council)
    with pytest.raises(NotPossible, match="other_authority"):
        move_goal(factories.goal(town.school), other, version=1, by=town.consultant, now=NOW)


def test_a_goal_cannot_serve_a_closed_one(town):
    closed = factories.goal(town.council, state=GoalState.CLOSED)
    with pytest.raises(NotPossible, match="parent_closed"):
        move_goal(factories.goal(town.school), closed, version=1, by=town.consultant, now=NOW)


# ---- proposed, adopted, closed ---------------------------------------------------------------------------------------


def test_a_draft_may_be_proposed_incomplete_and_only_once(town):
    goal = factories.goal(town.school, state=GoalState.DRAFT)
    propose_goal(goal, by=town.manager, now=NOW)
    assert Goal.objects.get(pk=goal.pk).state == GoalState.PROPOSED
    with pytest.raises(NotPossible, match="not_draft"):
        propose_goal(goal, by=town.manager, now=NOW)


def test_adoption_stores_the_decision_and_the_light(town):
    parent = factories.goal(town.council)
    goal = whole_draft(town, parent=parent)
    adopt_goal(goal, made(town), version=1, by=town.director, now=NOW)
    goal.refresh_from_db()
    assert (goal.state, goal.adopted_by.reference) == (GoalState.ADOPTED, "punkt 4")
    assert verbs(goal) == ["adopted"]
    assert sum(GoalStanding.objects.get(goal=parent).below.values()) == 1


def test_one_item_adopts_many_goals_with_one_decision(town):
    for _ in range(2):
        adopt_goal(whole_draft(town), made(town), version=1, by=town.director, now=NOW)
    assert Decision.objects.filter(reference="punkt 4", date=date(2026, 6, 24)).count() == 1


def test_adoption_is_refused_with_what_is_missing(town):
    goal = factories.goal(town.school, state=GoalState.DRAFT, **ANSWERS | {"timed": ""})
    with pytest.raises(NotPossible) as refused:
        adopt_goal(goal, made(town), version=1, by=town.director, now=NOW)
    assert refused.value.lacks == [Lack.TIMED, Lack.RESPONSIBLE, Lack.INDICATOR]
    assert Goal.objects.get(pk=goal.pk).state == GoalState.DRAFT


def test_closing_keeps_everything(town):
    goal = whole_draft(town)
    adopt_goal(goal, made(town), version=1, by=town.director, now=NOW)
    close_goal(goal, made(town), reason="Nået", by=town.director, now=LATER)
    goal.refresh_from_db()
    assert (goal.state, goal.adopted_by, goal.closed_by) == (GoalState.CLOSED, goal.adopted_by, goal.closed_by)
    assert goal.goal_series.count() == 1
    assert verbs(goal) == ["adopted", "closed"]
    assert HistoryEntry.objects.about(goal).first().reason == "Nået"


def test_a_closed_goal_no_longer_counts_above(town):
    parent = factories.goal(town.council)
    goal = factories.goal(town.school, parent)
    close_goal(goal, made(town), reason="Nået", by=town.director, now=NOW)
    assert GoalStanding.objects.get(goal=parent).below == {}


def test_only_an_adopted_goal_is_closed(town):
    with pytest.raises(NotPossible, match="not_adopted"):
        close_goal(whole_draft(town), made(town), reason="Nej", by=town.director, now=NOW)


# ---- replaced --------------------------------------------------------------------------------------------------------


def test_one_decision_ends_the_old_goal_and_adopts_the_new(town):
    over = factories.goal(town.council)
    old, new = factories.goal(town.school, over, title="Gammelt"), whole_draft(town)
    serving = factories.goal(town.school, old)
    draft = factories.goal(town.school, old, state=GoalState.DRAFT)
    replace_goal(old, new, made(town), reason="Ny politik", by=town.director, now=NOW)
    for goal in (old, new, serving, draft):
        goal.refresh_from_db()
    assert (old.state, old.replaced_by, new.state) == (GoalState.CLOSED, new, GoalState.ADOPTED)
    assert old.closed_by == new.adopted_by == Decision.objects.get(reference="punkt 4", date=date(2026, 6, 24))
    assert (serving.parent, draft.parent) == (new, new)
    assert verbs(old) == ["closed"]
    assert verbs(new) == ["adopted", "replaces"]
    assert HistoryEntry.objects.about(new).first().reason == "Gammelt"
    assert verbs(serving) == ["moved"]
    assert GoalStanding.objects.get(goal=over).below == {}
    assert sum(GoalStanding.objects.get(goal=new).below.values()) == 1


def test_a_goal_in_force_may_take_the_place_of_another(town):
    old, new = factories.goal(town.school), factories.goal(town.school)
    adopted_by = new.adopted_by
    replace_goal(old, new, made(town), reason="Lagt sammen", by=town.director, now=NOW)
    new.refresh_from_db()
    assert new.adopted_by == adopted_by
    assert new.closed_by is None


def test_what_cannot_take_the_place_of_a_goal(town):
    old = factories.goal(town.school)
    elsewhere = factories.goal(factories.municipality().school)
    for key, wrong in {
        "itself": old,
        "closed": factories.goal(town.school, state=GoalState.CLOSED),
        "below": factories.goal(town.school, old),
        "lacks": factories.goal(town.school, state=GoalState.DRAFT),
        "other_authority": elsewhere,
    }.items():
        with pytest.raises(NotPossible, match=key):
            replace_goal(old, wrong, made(town), reason="Nej", by=town.director, now=NOW)
    with pytest.raises(NotPossible, match="not_adopted"):
        replace_goal(whole_draft(town), old, made(town), reason="Nej", by=town.director, now=NOW)
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == (GoalState.ADOPTED, None)


def test_a_goal_that_its_successor_serves_stays_where_it_is(town):
    top = factories.goal(town.council)
    old = factories.goal(town.school, top)
    new = factories.goal(town.school, top)
    replace_goal(old, new, made(town), reason="Ny politik", by=town.director, now=NOW)
    new.refresh_from_db()
    assert new.parent == top


def test_a_closed_goal_is_not_changed(town):
    goal = factories.goal(town.school, state=GoalState.CLOSED)
    goal.title = "Andet"
    with pytest.raises(NotPossible, match="closed"):
        change_goal(goal, version=1, by=town.director, now=NOW)


# ---- ties ------------------------------------------------------------------------------------------------------------


def test_a_contribution_may_cross_authorities(town):
    goal, other = factories.goal(town.school), factories.goal(factories.municipality().council, is_cross_cutting=True)
    GoalOwner.objects.create(goal=other, unit=town.school, invited_by=town.consultant, invited_at=NOW)
    link = add_contribution(goal, other, note="Fælles", by=town.manager, now=NOW)
    remove_contribution(link, by=town.manager, now=LATER)
    assert [entry.changes for entry in HistoryEntry.objects.about(goal).order_by("pk")] == [
        {"contributes_to": [None, other.title]},
        {"contributes_to": [other.title, None]},
    ]


def test_a_contribution_never_goes_in_a_ring(town):
    parent = factories.goal(town.council)
    goal = factories.goal(town.school, parent)
    for one, to, key in [(goal, parent, "already"), (parent, goal, "cycle")]:
        with pytest.raises(NotPossible, match=key):
            add_contribution(one, to, by=town.consultant, now=NOW)


def test_series_are_attached_ordered_and_taken_off(town):
    goal, indicator = factories.goal(town.school), factories.indicator(town.authority)
    first = attach_series(goal, factories.series(indicator, town.school), by=town.manager, now=NOW)
    second = attach_series(goal, factories.series(indicator, town.department), by=town.manager, now=NOW)
    assert (first.rank, second.rank) == (1, 2)
    second.rank, second.is_prioritised = 1, True
    change_goal_series(goal, kept=[second], removed=[first], by=town.manager, now=NOW)
    assert list(goal.goal_series.values_list("series", "rank", "is_prioritised")) == [(second.series_id, 1, True)]


# ---- targets ---------------------------------------------------------------------------------------------------------


def series_with_light(town):
    goal = factories.goal(town.school)
    series = factories.series(factories.indicator(town.authority, direction="lower"), town.school, goal)
    factories.measurement(series, "2026K2", "8.0")
    return goal, series


def asked(period: str, value: str) -> TargetAsked:
    return TargetAsked(parse_period(period), Decimal(value))


def test_a_target_gives_the_goal_its_light(town):
    goal, series = series_with_light(town)
    set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    assert GoalStanding.objects.get(goal=goal).light == "offtrack"


def test_a_revised_target_supersedes_the_old_one(town):
    goal, series = series_with_light(town)
    old = set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    new = set_target(
        series,
        asked("2026K2", "9"),
        replaces=old.pk,
        reason="Ny lov",
        decided=made(town),
        by=town.consultant,
        now=LATER,
    )
    old.refresh_from_db()
    assert new.decision.reference == "punkt 4"
    assert (old.value, old.superseded_at) == (7, LATER)
    assert (new.value, new.superseded_at, new.reason) == (9, None, "Ny lov")
    assert GoalStanding.objects.get(goal=goal).light == "reached"
    assert verbs(series) == ["target_set", "target_set"]


def test_a_target_of_an_adopted_goal_is_changed_by_decision_only(town):
    _goal, series = series_with_light(town)
    old = set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    with pytest.raises(NeedsDecision):
        set_target(series, asked("2026K2", "9"), replaces=old.pk, reason="Ny lov", by=town.consultant, now=LATER)
    old.refresh_from_db()
    assert (old.superseded_at, series.targets.count()) == (None, 1)
    set_target(series, asked("2026K3", "6"), replaces=None, by=town.consultant, now=LATER)


@pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.PROPOSED, GoalState.CLOSED])
def test_a_target_of_a_goal_not_in_force_needs_no_decision(town, state):
    series = factories.series(
        factories.indicator(town.authority), town.school, factories.goal(town.school, state=state)
    )
    old = set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    set_target(series, asked("2026K2", "9"), replaces=old.pk, reason="Ny lov", by=town.consultant, now=LATER)
    assert series.targets.count() == 2


def test_a_year_and_its_last_quarter_are_one_target(town):
    _goal, series = series_with_light(town)
    old = set_target(series, asked("2028", "7"), replaces=None, by=town.consultant, now=NOW)
    with pytest.raises(AlreadySet) as taken:
        set_target(series, asked("2028K4", "6"), replaces=None, by=town.consultant, now=NOW)
    assert taken.value.target == old


def test_the_same_target_again_is_no_change(town):
    _goal, series = series_with_light(town)
    old = set_target(series, asked("2028", "7"), replaces=None, by=town.consultant, now=NOW)
    with pytest.raises(Unchanged):
        set_target(series, asked("2028", "7.0"), replaces=old.pk, by=town.consultant, now=NOW)


def test_zero_is_a_target(town):
    _goal, series = series_with_light(town)
    assert set_target(series, asked("2028", "0"), replaces=None, by=town.consultant, now=NOW).value == 0


# ---- indicators ------------------------------------------------------------------------------------------------------


def test_turning_an_indicator_turns_the_light(town):
    goal, series = series_with_light(town)
    set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    indicator = series.indicator
    indicator.direction = "higher"
    change_indicator(indicator, version=1, by=town.consultant, now=LATER)
    assert GoalStanding.objects.get(goal=goal).light == "reached"


def test_a_wider_tolerance_changes_the_light(town):
    goal, series = series_with_light(town)
    set_target(series, asked("2026K2", "7"), replaces=None, by=town.consultant, now=NOW)
    series.tolerance = Decimal(2)
    change_series(series, version=1, by=town.consultant, now=LATER)
    assert GoalStanding.objects.get(goal=goal).light == "atrisk"
    with pytest.raises(Stale):
        change_series(series, version=1, by=town.consultant, now=LATER)


def test_a_new_series_is_rolled_up_at_once(town):
    indicator = factories.indicator(town.authority, unit_rollup="sum")
    below = factories.series(indicator, town.school)
    factories.measurement(below, "2026K2", 3)
    total = Series(indicator=indicator, unit=town.department, is_rolled_up=True)
    create_series(total, by=town.consultant, now=NOW)
    value = total.measurements.get()
    assert (value.value, value.parts_present, value.parts_expected) == (3, 1, 1)
    create_series(Series(indicator=indicator, unit=town.other_school), by=town.consultant, now=NOW)
    value.refresh_from_db()
    assert (value.value, value.parts_present, value.parts_expected) == (3, 1, 2)
