"""The table of goals sent down, cell by cell: every step in every state, from either side."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.kinds import TranslationState as S
from goals.translating import STEPS, Party, Sent, Step, open_steps, refusal

# Written out from the brief, not from the table: in which states each step may be taken.
MAY = {
    Step.PREPARE: {S.ASKED, S.RETURNED},
    Step.ANSWER: {S.ASKED, S.RETURNED},
    Step.DECLINE: {S.ASKED, S.RETURNED},
    Step.ACCEPT: {S.ANSWERED},
    Step.SEND_BACK: {S.ANSWERED},
    Step.WITHDRAW: {S.ASKED, S.ANSWERED, S.RETURNED},
}
OF_UNIT = {Step.PREPARE, Step.ANSWER, Step.DECLINE}


@pytest.mark.parametrize(("step", "state", "party"), list(product(Step, S, Party)))
def test_every_cell(step, state, party):
    sent = Sent(state, has_answer=True)
    got = refusal(step, sent, parties={party})
    if (party is Party.UNIT) != (step in OF_UNIT):
        assert got == "not_allowed"
    elif state in MAY[step]:
        assert got is None
    else:
        assert got == f"is_{state}"


@pytest.mark.parametrize(
    ("step", "to", "needs_reason"),
    [
        (Step.PREPARE, None, False),
        (Step.ANSWER, S.ANSWERED, False),
        (Step.DECLINE, S.DECLINED, True),
        (Step.ACCEPT, S.ACCEPTED, False),
        (Step.SEND_BACK, S.RETURNED, True),
        (Step.WITHDRAW, S.DROPPED, False),
    ],
)
def test_where_each_leads(step, to, needs_reason):
    assert (STEPS[step].leads_to, STEPS[step].needs_reason) == (to, needs_reason)


def test_of_a_closed_goal_it_can_only_be_ended():
    both = set(Party)
    assert open_steps(Sent(S.ASKED, is_goal_open=False, has_answer=True), parties=both) == {Step.DECLINE, Step.WITHDRAW}
    assert open_steps(Sent(S.ANSWERED, is_goal_open=False, has_answer=True), parties=both) == {Step.WITHDRAW}
    assert refusal(Step.ACCEPT, Sent(S.ANSWERED, is_goal_open=False, has_answer=True), parties=both) == "goal_closed"


def test_nothing_is_answered_or_accepted_without_the_units_own_goal():
    both = set(Party)
    assert refusal(Step.ANSWER, Sent(S.ASKED), parties=both) == "no_answer"
    assert refusal(Step.ACCEPT, Sent(S.ANSWERED), parties=both) == "no_answer"
    assert refusal(Step.SEND_BACK, Sent(S.ANSWERED), parties=both) is None  # its goal was deleted: it may begin again


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_done_somebody_can_go_on_or_it_is_over(steps):
    state = S.ASKED
    for step in steps:
        if refusal(step, Sent(state, has_answer=True), parties=set(Party)) is None:
            state = STEPS[step].leads_to or state
    over = state in (S.ACCEPTED, S.DECLINED, S.DROPPED)
    assert bool(open_steps(Sent(state, has_answer=True), parties=set(Party))) != over
