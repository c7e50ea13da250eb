"""What an owner of a cross-cutting goal can do, cell by cell, and when all agree."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.kinds import OwnerState, ProposalState
from goals.owning import Act, after, open_acts, outcome, refusal

S = OwnerState
POSSIBLE = {
    (Act.COMMIT, S.INVITED): S.COMMITTED,
    (Act.DECLINE, S.INVITED): S.DECLINED,
    (Act.RECALL, S.INVITED): S.WITHDRAWN,
    (Act.CHANGE, S.COMMITTED): S.COMMITTED,
    (Act.WITHDRAW, S.COMMITTED): S.WITHDRAWN,
    (Act.TAKE_OVER, S.COMMITTED): S.COMMITTED,
    (Act.PROPOSE, S.COMMITTED): S.COMMITTED,
    (Act.ANSWER, S.COMMITTED): S.COMMITTED,
}


@pytest.mark.parametrize(("act", "state"), [*product(Act, OwnerState)])
def test_every_cell_of_the_table(act, state):
    assert refusal(act, state) == ("" if (act, state) in POSSIBLE else f"is_{state}")
    if (act, state) in POSSIBLE:
        assert after(act) is POSSIBLE[act, state]


@pytest.mark.parametrize(("act", "state"), [*product(Act, OwnerState)])
def test_nothing_is_done_to_a_closed_goal(act, state):
    assert refusal(act, state, is_open=False) == "closed"


def test_the_goals_own_unit_does_not_leave_before_another_takes_over():
    assert refusal(Act.WITHDRAW, S.COMMITTED, is_home=True) == "home"
    assert refusal(Act.TAKE_OVER, S.COMMITTED, is_home=True) == "already"
    assert refusal(Act.CHANGE, S.COMMITTED, is_home=True) == ""


@pytest.mark.parametrize(
    ("state", "is_home", "answers_for", "answers_home", "offered"),
    [
        (S.INVITED, False, True, False, {Act.COMMIT, Act.DECLINE}),
        (S.INVITED, False, False, True, {Act.RECALL}),
        (S.INVITED, False, False, False, set()),
        (S.COMMITTED, False, True, False, {Act.CHANGE, Act.WITHDRAW, Act.PROPOSE, Act.ANSWER}),
        (S.COMMITTED, False, False, True, {Act.TAKE_OVER}),
        (S.COMMITTED, True, True, True, {Act.CHANGE, Act.PROPOSE, Act.ANSWER}),
        (S.DECLINED, False, True, True, set()),
        (S.WITHDRAWN, False, True, True, set()),
    ],
)
def test_what_is_offered(state, is_home, answers_for, answers_home, offered):
    given = {"is_home": is_home, "answers_for": answers_for, "answers_home": answers_home}
    assert open_acts(state, is_open=True, **given) == offered
    assert open_acts(state, is_open=False, **given) == set()


@pytest.mark.parametrize(
    ("bound", "answers", "expected"),
    [
        ({1, 2}, {1: True, 2: True}, ProposalState.AGREED),
        ({1, 2}, {1: True}, ProposalState.OPEN),
        ({1, 2}, {1: True, 2: False}, ProposalState.REJECTED),
        ({1}, {1: True, 2: False}, ProposalState.AGREED),  # the one who said no has left
        ({1, 3}, {1: True, 2: True}, ProposalState.OPEN),  # somebody new has not been asked yet
        (set(), {1: True}, ProposalState.DROPPED),
        ({1}, {}, ProposalState.OPEN),
    ],
)
def test_what_becomes_of_a_proposal(bound, answers, expected):
    assert outcome(bound, answers) is expected


UNITS = st.integers(1, 5)


@given(st.sets(UNITS), st.dictionaries(UNITS, st.booleans()))
def test_it_is_agreed_exactly_when_somebody_is_bound_and_all_of_them_said_yes(bound, answers):
    everybody = bool(bound) and all(answers.get(unit, False) for unit in bound)
    assert (outcome(bound, answers) is ProposalState.AGREED) == everybody


@given(st.sets(UNITS, min_size=1), st.dictionaries(UNITS, st.booleans()), UNITS)
def test_a_further_owner_never_makes_a_proposal_agreed(bound, answers, more):
    if outcome(bound, answers) is not ProposalState.AGREED:
        assert outcome(bound | {more}, answers) is not ProposalState.AGREED
