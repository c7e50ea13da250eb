"""State × round state × role × step, cell by cell, against tables written out here; then the same of the actions."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from followup.actions.rounds import open_round, take_round_step
from followup.actions.submissions import (
    NotPossible,
    approve,
    enter_values,
    give_late_exception,
    put_back,
    send_back,
    submit,
    take_up,
    withdraw,
)
from followup.kinds import RoundState, SubmissionState
from followup.models import Round, Submission
from followup.workflow import (
    ROUND_STEPS,
    STEPS,
    Report,
    RoundStep,
    Step,
    open_steps,
    refusal,
    round_refusal,
    round_steps_from,
)
from organisation.models import HistoryEntry
from organisation.permissions import Grant, Role, allows
from tests import factories
from tests.followup.flow import enter

TODAY = factories.TODAY
NOW = factories.NOW
LATE = TODAY + timedelta(days=3)

# Who: `u` with the role at the unit itself, `a` at a unit above it.
WHO = """
                     politician  manager  director  goal_consultant  professional  reader  administrator
enter                -           ua       ua        ua               ua            -       -
submit               -           ua       ua        ua               -             -       -
withdraw             -           ua       ua        ua               -             -       -
take_up              -           a        ua        ua               -             -       -
put_back             -           a        ua        ua               -             -       -
send_back            -           a        ua        ua               -             -       -
approve              -           a        ua        ua               -             -       -
give_late_exception  -           -        -         ua               -             -       -
correct              -           -        ua        ua               -             -       -
"""

# Where from: `x` always, `L` only with a late exception that still runs, else the key of why not.
WHERE = """
                               planned        open            in_approval     ready         closed
enter draft                    round_planned  x               x               L             L
enter submitted                is_submitted   is_submitted    is_submitted    is_submitted  is_submitted
enter in_review                is_in_review   is_in_review    is_in_review    is_in_review  is_in_review
enter returned                 round_planned  x               x               L             L
enter approved                 is_approved    is_approved     is_approved     is_approved   is_approved

submit draft                   round_planned  x               x               L             L
submit submitted               is_submitted   is_submitted    is_submitted    is_submitted  is_submitted
submit in_review               is_in_review   is_in_review    is_in_review    is_in_review  is_in_review
submit returned                round_planned  x               x               L             L
submit approved                is_approved    is_approved     is_approved     is_approved   is_approved

withdraw draft                 is_draft       is_draft        is_draft        is_draft      is_draft
withdraw submitted             round_planned  x               x               L             L
withdraw in_review             is_in_review   is_in_review    is_in_review    is_in_review  is_in_review
withdraw returned              is_returned    is_returned     is_returned     is_returned   is_returned
withdraw approved              is_approved    is_approved     is_approved     is_approved   is_approved

take_up draft                  is_draft       is_draft        is_draft        is_draft      is_draft
take_up submitted              round_planned  x               x               x             x
take_up in_review              is_in_review   is_in_review    is_in_review    is_in_review  is_in_review
take_up returned               is_returned    is_returned     is_returned     is_returned   is_returned
take_up approved               is_approved    is_approved     is_approved     is_approved   is_approved

put_back draft                 is_draft       is_draft        is_draft        is_draft      is_draft
put_back submitted             is_submitted   is_submitted    is_submitted    is_submitted  is_submitted
put_back in_review             round_planned  x               x               x             x
put_back returned              is_returned    is_returned     is_returned     is_returned   is_returned
put_back approved              is_approved    is_approved     is_approved     is_approved   is_approved

send_back draft                is_draft       is_draft        is_draft        is_draft      is_draft
send_back submitted            round_planned  x               x               L             L
send_back in_review            round_planned  x               x               L             L
send_back returned             is_returned    is_returned     is_returned     is_returned   is_returned
send_back approved             is_approved    is_approved     is_approved     is_approved   is_approved

approve draft                  is_draft       is_draft        is_draft        is_draft      is_draft
approve submitted              round_planned  x               x               x             x
approve in_review              round_planned  x               x               x             x
approve returned               is_returned    is_returned     is_returned     is_returned   is_returned
approve approved               is_approved    is_approved     is_approved     is_approved   is_approved

give_late_exception draft      round_planned  x               x               x             x
give_late_exception submitted  round_planned  x               x               x             x
give_late_exception in_review  round_planned  x               x               x             x
give_late_exception returned   round_planned  x               x               x             x
give_late_exception approved   is_approved    is_approved     is_approved     is_approved   is_approved

correct draft                  is_draft       is_draft        is_draft        is_draft      is_draft
correct submitted              is_submitted   is_submitted    is_submitted    is_submitted  is_submitted
correct in_review              is_in_review   is_in_review    is_in_review    is_in_review  is_in_review
correct returned               is_returned    is_returned     is_returned     is_returned   is_returned
correct approved               round_planned  x               x               x             x
"""

# Where to; `-`: it stays.
TO = {
    "enter": None,
    "submit": "submitted",
    "withdraw": "draft",
    "take_up": "in_review",
    "put_back": "submitted",
    "send_back": "returned",
    "approve": "approved",
    "give_late_exception": None,
    "correct": None,
}

ROUNDS = """
             planned        open        in_approval        ready        closed
open         open           round_open  round_in_approval  round_ready  round_closed
to_approval  round_planned  in_approval round_in_approval  round_ready  round_closed
ready        round_planned  round_open  ready              round_ready  round_closed
close        round_planned  round_open  round_in_approval  closed       round_closed
reopen       round_planned  round_open  round_in_approval  in_approval  in_approval
"""


def _rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines() if line.strip()]


def _where() -> dict[tuple[Step, SubmissionState, RoundState], str]:
    heads, *lines = _rows(WHERE)
    return {
        (Step(step), SubmissionState(state), RoundState(head)): cell
        for step, state, *cells in lines
        for head, cell in zip(heads, cells, strict=True)
    }


def _who() -> dict[tuple[Step, Role], str]:
    heads, *lines = _rows(WHO)
    return {(Step(step), Role(head)): cell for step, *cells in lines for head, cell in zip(heads, cells, strict=True)}


WHERE_CELLS, WHO_CELLS = _where(), _who()
STATES = list(product(SubmissionState, RoundState))
SENDER, REVIEWER, ME = 7, 8, 9


def expected(step: Step, state: SubmissionState, round_state: RoundState, is_late: bool) -> str | None:
    cell = WHERE_CELLS[step, state, round_state]
    if cell == "L":
        return None if is_late else f"round_{round_state}"
    return None if cell == "x" else cell


def report(state: SubmissionState, round_state: RoundState, **fields) -> Report:
    """A report sent by `SENDER`; taken up by me, where it is taken up."""
    is_in_review = state is SubmissionState.IN_REVIEW
    return Report(state, round_state, submitted_by=SENDER, reviewed_by=ME if is_in_review else None, **fields)


def test_the_tables_here_have_every_cell():
    assert set(WHERE_CELLS) == set(product(Step, SubmissionState, RoundState)), "225 cells"
    assert set(WHO_CELLS) == set(product(Step, Role))
    assert {step: rule.leads_to for step, rule in STEPS.items()} == TO


@pytest.mark.parametrize("late_until", [None, TODAY - timedelta(days=1), TODAY, LATE])
@pytest.mark.parametrize("place", ["u", "a"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", Step)
def test_every_cell_of_the_rule(step, role, place, late_until):
    unit, above, other = 3, 2, 4
    grants = [Grant(role, unit if place == "u" else above, 1, TODAY)]
    is_allowed = allows(STEPS[step].permission, grants, authority_id=1, unit_path=[unit, above, 1], on=TODAY)
    assert is_allowed is (place in WHO_CELLS[step, role])
    assert not allows(STEPS[step].permission, grants, authority_id=1, unit_path=[other, 1], on=TODAY)
    for state, round_state in STATES:
        key = refusal(
            step, report(state, round_state, late_until=late_until), by=ME, is_allowed=is_allowed, today=TODAY
        )
        is_late = late_until is not None and late_until >= TODAY
        assert key == (expected(step, state, round_state, is_late) if is_allowed else "not_allowed")


REVIEWING = [Step.TAKE_UP, Step.PUT_BACK, Step.SEND_BACK, Step.APPROVE]


@pytest.mark.parametrize("step", REVIEWING)
def test_nobody_reviews_what_they_sent(step):
    for state in STEPS[step].states:
        one = report(state, RoundState.OPEN)
        assert refusal(step, one, by=SENDER, is_allowed=True, today=TODAY) == "own_submission"
        assert refusal(step, one, by=ME, is_allowed=True, today=TODAY) is None


@pytest.mark.parametrize(
    ("step", "key"), [(Step.SEND_BACK, "taken_up"), (Step.APPROVE, "taken_up"), (Step.PUT_BACK, None)]
)
def test_what_another_took_up_can_only_be_put_back(step, key):
    one = Report(SubmissionState.IN_REVIEW, RoundState.OPEN, submitted_by=SENDER, reviewed_by=REVIEWER)
    assert refusal(step, one, by=ME, is_allowed=True, today=TODAY) == key
    assert refusal(step, one, by=REVIEWER, is_allowed=True, today=TODAY) is None


@pytest.mark.parametrize("step", Step)
def test_only_approval_waits_for_the_units_below(step):
    for state in STEPS[step].states:
        one = report(state, RoundState.OPEN, has_waiting_below=True)
        key = refusal(step, one, by=ME, is_allowed=True, today=TODAY)
        assert key == ("approve_children" if step is Step.APPROVE else None)


def test_what_is_offered_is_what_is_not_refused():
    for state, round_state in STATES:
        for rights in (set(), {STEPS[Step.APPROVE].permission}, {rule.permission for rule in STEPS.values()}):
            one = report(state, round_state)
            offered = open_steps(one, by=ME, rights=rights, today=TODAY)
            assert offered == {
                step
                for step in Step
                if STEPS[step].permission in rights and expected(step, state, round_state, False) is None
            }


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 3)])
def test_a_late_exception_counts_its_last_day_whole_and_then_ends_by_itself(day):
    one = report(SubmissionState.DRAFT, RoundState.READY, late_until=day)
    for offset, key in ((-1, None), (0, None), (1, "round_ready")):
        assert refusal(Step.ENTER, one, by=ME, is_allowed=True, today=day + timedelta(days=offset)) == key


# ---- rounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", RoundStep)
def test_every_cell_of_a_rounds_rule(step):
    heads, *lines = _rows(ROUNDS)
    cells = {line[0]: dict(zip(heads, line[1:], strict=True)) for line in lines}
    assert set(cells) == set(RoundStep) and set(heads) == set(RoundState)
    for state in RoundState:
        cell = cells[step][state]
        key = round_refusal(step, state, is_allowed=True)
        assert (key or ROUND_STEPS[step].leads_to) == cell
        assert (step in round_steps_from(state)) is (key is None)
        assert round_refusal(step, state, is_allowed=False) == "not_allowed"


# ---- the actions do as the tables say --------------------------------------------------------------------------------


@pytest.fixture
def school(owed):
    """The school's report with every number in, and people whose roles reach it."""
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="not_reported")
    return owed


def put(it, state: SubmissionState, round_state: RoundState, reviewer=None) -> None:
    """Place the report and its round in these states, as if they had come there."""
    Round.objects.filter(pk=it.round.pk).update(state=round_state)
    town = it.town
    Submission.objects.filter(pk=it.submission.pk).update(
        state=state,
        submitted_by=town.manager,
        submitted_at=NOW,
        reviewed_by=(reviewer or town.director) if state is SubmissionState.IN_REVIEW else None,
        decided_by=town.head,
        return_reason="Ret tallet",
    )


def act(it, step: Step, by) -> str | None:
    """The key of why the action refuses; None when it did it. What it did is undone by the caller's savepoint."""
    submission = Submission.objects.get(pk=it.submission.pk)
    try:
        match step:
            case Step.ENTER:
                enter_values(submission, [], by=by, now=NOW)
            case Step.SEND_BACK:
                send_back(submission, reason="Se her", by=by, now=NOW)
            case Step.GIVE_LATE_EXCEPTION:
                until = it.round.entry_deadline + timedelta(days=9)
                give_late_exception(submission, until=until, reason="Syg", by=by, now=NOW)
            case _:
                ACTIONS[step](submission, by=by, now=NOW)
    except NotPossible as error:
        return error.key
    return None


ACTIONS = {
    Step.SUBMIT: submit,
    Step.WITHDRAW: withdraw,
    Step.TAKE_UP: take_up,
    Step.PUT_BACK: put_back,
    Step.APPROVE: approve,
}
OF_REPORTS = [step for step in Step if step is not Step.CORRECT]  # a correction is of one value: test_corrections


@pytest.mark.parametrize("step", OF_REPORTS)
def test_an_action_goes_from_the_states_of_the_table_to_the_state_of_the_table(school, step):
    by = school.town.consultant
    for state, round_state in STATES:
        put(school, state, round_state, reviewer=by)
        key = act(school, step, by)
        assert key == expected(step, state, round_state, False), (state, round_state)
        after = Submission.objects.get(pk=school.submission.pk).state
        assert after == (state if key else TO[step] or state)
        Submission.objects.filter(pk=school.submission.pk).update(late_until=None, late_reason="")


@pytest.mark.parametrize("step", OF_REPORTS)
@pytest.mark.parametrize("place", ["u", "a"])
@pytest.mark.parametrize("role", Role)
def test_an_action_is_for_the_roles_of_the_table(school, step, role, place):
    by = factories.user(role, school.town.school if place == "u" else school.town.department)
    put(school, STEPS[step].states[-1], RoundState.OPEN, reviewer=by)
    assert act(school, step, by) == (None if place in WHO_CELLS[step, role] else "not_allowed")
    stranger = factories.user(role, school.town.other_school)
    assert act(school, step, stranger) == "not_allowed"


def test_an_exception_opens_a_ready_round_for_one_unit_until_its_day(school):
    town = school.town
    put(school, SubmissionState.DRAFT, RoundState.READY)
    assert act(school, Step.ENTER, town.manager) == "round_ready"
    until = school.round.entry_deadline + timedelta(days=9)
    give_late_exception(school.submission, until=until, reason="Sygdom", by=town.consultant, now=NOW)
    one = Submission.objects.get(pk=school.submission.pk)
    assert (one.late_until, one.late_reason, one.deadline) == (until, "Sygdom", until)
    entry = HistoryEntry.objects.about(one).first()
    assert (entry.verb, entry.reason, entry.by) == ("late_exception", "Sygdom", town.consultant)
    for days, key in ((0, None), (1, "round_ready")):
        now = NOW + (until - TODAY) + timedelta(days=days)
        if key is None:
            enter_values(one, [], by=town.manager, now=now)
        else:
            with pytest.raises(NotPossible, match=key):
                enter_values(one, [], by=town.manager, now=now)


def test_an_exception_is_later_than_the_deadline_and_not_over(school):
    for until in (TODAY - timedelta(days=1), school.round.entry_deadline - timedelta(days=1)):
        with pytest.raises(NotPossible, match="late_too_early"):
            give_late_exception(school.submission, until=until, reason="Syg", by=school.town.consultant, now=NOW)


@pytest.mark.parametrize("who", ["manager", "director", "politician", "administrator"])
def test_only_who_plans_moves_a_round(town, who):
    round_ = factories.round_(town.committee)
    with pytest.raises(NotPossible, match="not_allowed"):
        take_round_step(round_, RoundStep.OPEN, by=getattr(town, who), now=NOW)


def test_a_rounds_steps_are_taken_once_and_recorded(town):
    round_ = factories.round_(town.committee)
    way = [RoundStep.OPEN, RoundStep.TO_APPROVAL, RoundStep.READY, RoundStep.CLOSE, RoundStep.REOPEN, RoundStep.READY]
    for step in way:
        assert take_round_step(round_, step, by=town.consultant, now=NOW).state == ROUND_STEPS[step].leads_to
        with pytest.raises(NotPossible):
            take_round_step(round_, step, by=town.consultant, now=NOW)
    told = list(HistoryEntry.objects.about(round_).order_by("pk").values_list("changes", flat=True))
    states = ["planned", "open", "in_approval", "ready", "closed", "in_approval", "ready"]
    assert told == [{"state": list(pair)} for pair in pairwise(states)]


def test_opening_is_the_same_whoever_does_it(town):
    series = factories.series(factories.indicator(town.authority), town.school, factories.goal(town.school))
    by_day = take_round_step(factories.round_(town.committee), RoundStep.OPEN, by=None, now=NOW)
    by_hand = open_round(factories.round_(town.committee, "2026K1"), by=town.consultant, now=NOW)
    for round_ in (by_day, by_hand):
        assert [one.series for one in round_.submissions.get().due_values.all()] == [series]
