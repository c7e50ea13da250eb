"""No goal serves itself, through any mix of parents and contributions: by the actions, and by the database alone."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.actions import goals as goal_actions
from goals.actions.decisions import DecisionMade
from goals.actions.goals import NotPossible, create_goal, move_goal, replace_goal
from goals.actions.links import add_contribution
from goals.guards import guard, has_guards, unguard
from goals.kinds import GoalState, OwnerState
from goals.models import Contribution, Goal, GoalOwner
from tests import factories
from tests.goals.test_rings import reaches_itself
from tests.races import Patience, at_once, meet_after, needs_rows_locked

NOW = factories.NOW


def share(goal: Goal, unit) -> GoalOwner:
    """The goal is cross-cutting and the unit invited."""
    Goal.objects.filter(pk=goal.pk).update(is_cross_cutting=True)
    return GoalOwner.objects.create(goal=goal, unit=unit, invited_by=factories.user(), invited_at=NOW)


# ---- the database alone ----------------------------------------------------------------------------------------------


@pytest.fixture
def line(town):
    """Three goals in a line, and one beside."""
    town.top = factories.goal(town.council)
    town.middle = factories.goal(town.committee, town.top)
    town.low = factories.goal(town.school, town.middle)
    town.beside = factories.goal(town.other_committee)
    return town


def run(sql: str, *params) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def set_parent(goal: Goal, parent: Goal | None) -> None:
    run("UPDATE goals_goal SET parent_id = %s WHERE id = %s", parent.pk if parent else None, goal.pk)


def help_across(goal: Goal, to: Goal) -> None:
    run(
        "INSERT INTO goals_contribution (goal_id, to_goal_id, note, strength) VALUES (%s, %s, '', 'medium')",
        goal.pk,
        to.pk,
    )


def test_the_guard_stands_after_migrating(db):
    assert has_guards(connection)


def test_a_ring_of_parents_is_refused(line):
    for above in (line.middle, line.low):
        with pytest.raises(IntegrityError):
            set_parent(line.top, above)
    set_parent(line.beside, line.low)
    with pytest.raises(IntegrityError):
        set_parent(line.top, line.beside)


def test_a_ring_through_a_contribution_is_refused(line):
    with pytest.raises(IntegrityError):
        help_across(line.top, line.low)
    help_across(line.top, line.beside)
    with pytest.raises(IntegrityError):
        set_parent(line.beside, line.low)
    with pytest.raises(IntegrityError):
        help_across(line.beside, line.low)
    help_across(line.low, line.beside)


def test_a_changed_contribution_is_looked_at_too(line):
    help_across(line.low, line.beside)
    with pytest.raises(IntegrityError):
        run("UPDATE goals_contribution SET goal_id = %s, to_goal_id = %s", line.top.pk, line.low.pk)


def test_a_ring_across_authorities_is_refused(line):
    elsewhere = factories.goal(factories.municipality().council)
    help_across(line.top, elsewhere)
    with pytest.raises(IntegrityError):
        help_across(elsewhere, line.low)


def test_a_ring_that_one_statement_closes_is_refused(line):
    other = factories.goal(line.other_committee)
    case = "CASE id WHEN %s THEN %s ELSE %s END"
    with pytest.raises(IntegrityError):
        run(
            f"UPDATE goals_goal SET parent_id = {case} WHERE id IN (%s, %s)",
            *(line.beside.pk, other.pk, line.beside.pk, line.beside.pk, other.pk),
        )


def test_what_closes_no_ring_goes_through(line):
    set_parent(line.low, line.top)
    set_parent(line.middle, line.low)
    set_parent(line.middle, None)
    help_across(line.top, line.beside)
    Goal.objects.update(title="Et andet")
    assert set(Goal.objects.upward(line.low.pk)) == {line.low, line.top, line.beside}
    assert set(Goal.objects.downward(line.beside.pk)) == {line.beside, line.top, line.low}


def test_without_the_guard_the_database_takes_anything(line):
    unguard(connection)
    assert not has_guards(connection)
    set_parent(line.top, line.low)
    set_parent(line.top, None)
    guard(connection)
    guard(connection)
    assert has_guards(connection)
    with pytest.raises(IntegrityError):
        set_parent(line.top, line.low)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite triggers cannot be switched off")
def test_a_guard_that_is_switched_off_is_none(db):
    run("ALTER TABLE goals_contribution DISABLE TRIGGER goals_chain_contribution_insert")
    assert not has_guards(connection)


# ---- the actions -----------------------------------------------------------------------------------------------------


def refused(key: str, do, *args, **kwargs) -> None:
    with pytest.raises(NotPossible) as told:
        do(*args, by=factories.user(), now=NOW, **kwargs)
    assert told.value.key == key


def test_a_goal_is_not_moved_under_one_that_helps_it(line):
    add_contribution(line.beside, line.top, by=line.consultant, now=NOW)
    refused("cycle", move_goal, line.top, line.beside, version=1)
    refused("cycle", move_goal, line.top, line.top, version=1)
    refused("cycle", add_contribution, line.top, line.beside)
    refused("cycle", add_contribution, line.top, line.top)
    refused("already", add_contribution, line.low, line.middle)


def test_what_helps_the_successor_is_not_put_under_it(line):
    """The old goal's child helps another that the new goal serves: put below the new one, it would go in a ring."""
    successor = factories.goal(line.committee, line.beside)
    helper = factories.goal(line.school, line.middle)
    add_contribution(line.beside, helper, by=line.consultant, now=NOW)
    made = DecisionMade(body=line.committee, date=factories.TODAY, reference="punkt 1")
    replace_goal(line.middle, successor, made, reason="Ny politik", by=line.consultant, now=NOW)
    helper.refresh_from_db()
    line.low.refresh_from_db()
    assert (helper.parent, line.low.parent) == (line.middle, successor)


def test_a_new_goal_is_never_in_a_ring(line):
    made = create_goal(
        Goal(owner_unit=line.school, parent=line.low, title="Ny", short_name="Ny"), by=line.consultant, now=NOW
    )
    assert set(Goal.objects.upward(made.pk)) == {made, line.low, line.middle, line.top}


STEP = st.tuples(st.sampled_from(["move", "help", "drop", "none"]), st.integers(0, 6), st.integers(0, 6))


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=24))
def test_whatever_is_done_no_ring_arises(steps):
    """Random moves and contributions over two authorities, against what walking finds."""
    with transaction.atomic():
        town, other = factories.municipality(), factories.municipality()
        goals = [factories.goal(town.school) for _ in range(4)] + [factories.goal(other.school) for _ in range(3)]
        for goal in goals:
            share(goal, (other if goal.authority == town.authority else town).school)
        above: dict[int, list[int]] = {goal.pk: [] for goal in goals}
        helped: set[tuple[int, int]] = set()
        by = town.consultant

        def is_ring(one: Goal, to: Goal) -> bool:
            wanted = {pk: list(found) for pk, found in above.items()}
            wanted[one.pk].append(to.pk)
            for pk, to_pk in helped:
                wanted[pk].append(to_pk)
            return reaches_itself(wanted, one.pk)

        for verb, at, to in steps:
            goal, other_goal = Goal.objects.get(pk=goals[at].pk), Goal.objects.get(pk=goals[to].pk)
            if verb == "none":
                move_goal(goal, None, version=goal.version, by=by, now=NOW)
                above[goal.pk] = []
            elif verb == "drop":
                Contribution.objects.filter(goal=goal, to_goal=other_goal).delete()
                helped.discard((goal.pk, other_goal.pk))
            elif verb == "move":
                before, above[goal.pk] = above[goal.pk], []
                would = is_ring(goal, other_goal)
                if goal.authority_id != other_goal.authority_id:
                    above[goal.pk] = before
                    continue
                try:
                    move_goal(goal, other_goal, version=goal.version, by=by, now=NOW)
                    assert not would
                    above[goal.pk] = [other_goal.pk]
                except NotPossible as no:
                    assert (no.key, would) == ("cycle", True)
                    above[goal.pk] = before
            else:
                if other_goal.pk in above[goal.pk] or (goal.pk, other_goal.pk) in helped:
                    continue
                would = is_ring(goal, other_goal)
                try:
                    add_contribution(goal, other_goal, by=by, now=NOW)
                    assert not would
                    helped.add((goal.pk, other_goal.pk))
                except NotPossible as no:
                    assert (no.key, would) == ("cycle", True)
        stored = {goal.pk: [goal.parent_id] if goal.parent_id else [] for goal in Goal.objects.all()}
        for pk, to_pk in Contribution.objects.values_list("goal", "to_goal"):
            stored[pk].append(to_pk)
        assert not any(reaches_itself(stored, pk) for pk in stored)
        transaction.set_rollback(True)


# ---- help to another authority's goal --------------------------------------------------------------------------------


def test_another_authoritys_goal_is_helped_by_invitation_only(town):
    other = factories.municipality()
    goal, foreign = factories.goal(town.school), factories.goal(other.council)
    refused("not_invited", add_contribution, goal, foreign)
    owner = share(foreign, town.department)
    Goal.objects.filter(pk=foreign.pk).update(is_cross_cutting=False)
    refused("not_invited", add_contribution, goal, foreign)
    Goal.objects.filter(pk=foreign.pk).update(is_cross_cutting=True)
    GoalOwner.objects.filter(pk=owner.pk).update(state=OwnerState.WITHDRAWN, reason="Vi har ikke råd")
    refused("not_invited", add_contribution, goal, foreign)
    share(foreign, other.school)
    refused("not_invited", add_contribution, goal, foreign)
    share(foreign, town.school)
    assert add_contribution(goal, foreign, by=town.consultant, now=NOW).to_goal == foreign


def test_a_shared_goal_that_is_only_a_draft_is_not_helped(town):
    foreign = factories.goal(factories.municipality().council, state=GoalState.DRAFT)
    share(foreign, town.school)
    refused("not_invited", add_contribution, factories.goal(town.school), foreign)


# ---- two at once -----------------------------------------------------------------------------------------------------


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_held", [True, False])
def test_two_who_close_a_ring_at_once(monkeypatch, is_held):
    """Each moves a goal in an authority of its own; together the moves close a ring over both.

    Without the lock of the actions it is the guard that refuses the second.
    """
    town, other = factories.municipality(), factories.municipality()
    low, high = factories.goal(town.school), factories.goal(town.council)
    other_low, other_high = factories.goal(other.school), factories.goal(other.council)
    help_across(high, other_low)
    help_across(other_high, low)
    meet_after(monkeypatch, goal_actions, "_refuse_parent")
    if not is_held:
        monkeypatch.setattr(Patience, "seconds", Patience.UNLOCKED)
        monkeypatch.setattr(goal_actions, "hold_the_chain", lambda: None)
    moves = (low, high, town.consultant), (other_low, other_high, other.consultant)
    results = at_once(*(partial(move_goal, goal, parent, version=1, by=by, now=NOW) for goal, parent, by in moves))
    [refused] = [one for one in results if not isinstance(one, Goal)]
    assert refused == "cycle" if is_held else isinstance(refused, IntegrityError)
