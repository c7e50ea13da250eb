"""Which arrows an effect chain may hold: in the pure rule, against a slow one, and in the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.actions.effect_chain import Refused, add_assumption, add_step, change_assumption, move_step, remove_step
from goals.effect_chain import Arrow, closes_ring, lacks_effect, moved, refusal
from goals.kinds import GoalKind, GoalState, StepKind
from goals.models import Assumption, ChainStep
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW


def slow_reach(arrows, size: int) -> list[list[bool]]:
    """Warshall's closure: what leads to what, directly or through others."""
    reach = [[False] * size for _ in range(size)]
    for arrow in arrows:
        if not arrow.is_feedback:
            reach[arrow.start][arrow.end] = True
    for k in range(size):
        for i in range(size):
            for j in range(size):
                reach[i][j] = reach[i][j] or (reach[i][k] and reach[k][j])
    return reach


SIZE = 7
ARROWS = st.builds(Arrow, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.booleans())


@given(st.lists(ARROWS, max_size=15), ARROWS)
def test_a_ring_is_what_the_closure_says(arrows, new):
    after = slow_reach([*arrows, new], SIZE)
    ring = not new.is_feedback and after[new.end][new.start] if new.start != new.end else not new.is_feedback
    assert closes_ring(arrows, new) == ring


@given(st.lists(ARROWS, max_size=25))
def test_a_chain_built_by_the_rule_never_goes_in_a_ring(asked):
    held: list[Arrow] = []
    for new in asked:
        if not refusal(held, new, StepKind.OUTPUT):
            held.append(new)
    reach = slow_reach(held, SIZE)
    assert not any(reach[at][at] for at in range(SIZE))


@pytest.mark.parametrize(
    ("new", "kind", "key"),
    [
        (Arrow(3, 4), StepKind.LONG, ""),
        (Arrow(3, 1), StepKind.ACTIVITY, "ring"),
        (Arrow(3, 1, True), StepKind.ACTIVITY, ""),
        (Arrow(1, 2), StepKind.OUTPUT, "already"),
        (Arrow(2, 2, True), StepKind.OUTPUT, "itself"),
        (Arrow(1, 5), StepKind.EXTERNAL, "external"),
    ],
)
def test_what_a_chain_refuses(new, kind, key):
    assert refusal([Arrow(1, 2), Arrow(2, 3)], new, kind) == key


@given(st.lists(st.integers(), unique=True, min_size=1), st.integers(-3, 20), st.data())
def test_moving_keeps_all_and_the_order_of_the_rest(ids, to, data):
    which = data.draw(st.sampled_from(ids))
    after = moved(ids, which, to)
    assert [one for one in after if one != which] == [one for one in ids if one != which]
    assert after.index(which) == max(0, min(to, len(ids) - 1))


@pytest.mark.parametrize(
    ("kind", "is_councils", "measured_by", "lacks"),
    [
        (GoalKind.EFFECT, False, [GoalKind.OUTPUT], True),
        (GoalKind.EFFECT, False, [], True),
        (GoalKind.EFFECT, False, [GoalKind.OUTPUT, GoalKind.EFFECT], False),
        (GoalKind.OPERATION, False, [], False),
        (GoalKind.OPERATION, True, [GoalKind.RESULT], True),
    ],
)
def test_an_effect_goal_needs_an_effect_indicator(kind, is_councils, measured_by, lacks):
    assert lacks_effect(kind, is_councils=is_councils, measured_by=measured_by) is lacks


# ---- in the database -------------------------------------------------------------------------------------------------


def steps_of(town, goal, *kinds) -> list[ChainStep]:
    return [
        add_step(ChainStep(goal=goal, kind=kind, text=f"Led {n}"), by=town.manager, now=NOW)
        for n, kind in enumerate(kinds, 1)
    ]


@pytest.fixture
def chain(town):
    town.goal = factories.goal(town.school)
    kinds = (StepKind.ACTIVITY, StepKind.ACTIVITY, StepKind.OUTPUT, StepKind.LONG)
    town.steps = steps_of(town, town.goal, *kinds)
    return town


def tie(town, start, end, **fields) -> Assumption:
    return add_assumption(Assumption(from_step=start, to_step=end, **fields), by=town.manager, now=NOW)


def test_a_ring_is_refused_in_the_database_unless_it_is_feedback(chain):
    one, two, three, four = chain.steps
    for start, end in ((one, three), (two, three), (three, four)):
        tie(chain, start, end)
    with pytest.raises(Refused) as refused:
        tie(chain, four, one)
    assert refused.value.key == "ring"
    back = tie(chain, four, one, is_feedback=True)
    back.is_feedback = False  # what was feedback cannot become a ring later
    with pytest.raises(Refused, match="ring"):
        change_assumption(back, version=1, by=chain.manager, now=NOW)
    assert Assumption.objects.get(pk=back.pk).is_feedback


def test_arrows_stay_within_one_goal(chain):
    [stranger] = steps_of(chain, factories.goal(chain.school), StepKind.LONG)
    with pytest.raises(Refused, match="other_goal"):
        tie(chain, chain.steps[0], stranger)


def test_steps_move_and_close_up(chain):
    one, two, three, _four = chain.steps
    move_step(two, kind=StepKind.ACTIVITY, to=0, by=chain.manager, now=NOW)
    assert list(chain.goal.chain_steps.filter(kind="activity")) == [two, one]
    move_step(two, kind=StepKind.OUTPUT, to=99, by=chain.manager, now=NOW)
    assert list(chain.goal.chain_steps.filter(kind="output")) == [three, two]
    assert ChainStep.objects.get(pk=one.pk).position == 1


def test_what_an_arrow_leads_to_does_not_become_external(chain):
    one, _two, three, _four = chain.steps
    tie(chain, one, three)
    with pytest.raises(Refused, match="external"):
        move_step(three, kind=StepKind.EXTERNAL, to=0, by=chain.manager, now=NOW)
    assert ChainStep.objects.get(pk=three.pk).kind == "output"


def test_a_removed_step_takes_its_arrows_and_stays_in_the_history(chain):
    one, _two, three, four = chain.steps
    tie(chain, one, three)
    tie(chain, three, four)
    remove_step(three, by=chain.manager, now=NOW)
    assert not Assumption.objects.exists()
    entry = HistoryEntry.objects.about(chain.goal).first()
    assert entry.changes == {"chain_step": ["præstationer: Led 3", None]}


def test_a_closed_goal_keeps_its_chain(chain):
    chain.goal.closed_by, chain.goal.state = factories.decision(chain.school), GoalState.CLOSED
    chain.goal.save()
    with pytest.raises(Refused, match="closed"):
        remove_step(chain.steps[0], by=chain.manager, now=NOW)


def test_a_series_is_measured_at_one_kind_of_step_and_in_its_own_authority(chain):
    series = factories.series(factories.indicator(chain.authority), chain.school)
    add_step(ChainStep(goal=chain.goal, kind=StepKind.OUTPUT, text="Fem"), series=[series], by=chain.manager, now=NOW)
    with pytest.raises(Refused, match="two_kinds"):
        add_step(
            ChainStep(goal=chain.goal, kind=StepKind.LONG, text="Seks"), series=[series], by=chain.manager, now=NOW
        )
    other = factories.municipality()
    foreign = factories.series(factories.indicator(other.authority), other.school)
    with pytest.raises(Refused, match="other_authority"):
        add_step(
            ChainStep(goal=chain.goal, kind=StepKind.LONG, text="Syv"), series=[foreign], by=chain.manager, now=NOW
        )
