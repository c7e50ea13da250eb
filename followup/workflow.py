"""Which step a report or a round may take, from where, by whom and where to. Pure: no Django.

The tables are the whole rule; `refusal` and `round_refusal` read them. Actions ask before they write, pages ask what
to offer, and both give the same key.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from followup.kinds import RoundState, SubmissionState
from organisation.permissions import Permission


class Step(StrEnum):
    """What can be done to a unit's report."""

    ENTER = "enter"  # write numbers and explanations
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"  # begin to look at it: nobody changes it underneath
    PUT_BACK = "put_back"  # leave it to another approver
    SEND_BACK = "send_back"
    APPROVE = "approve"
    GIVE_LATE_EXCEPTION = "give_late_exception"
    CORRECT = "correct"


class RoundStep(StrEnum):
    """What can be done to a round."""

    OPEN = "open"
    TO_APPROVAL = "to_approval"
    READY = "ready"
    CLOSE = "close"
    REOPEN = "reopen"


# `entry`: while units may enter: the round is open or in approval, or the unit has a late exception.
# `begun`: as soon as the round has opened, also after it closed: what was sent can always be decided.
_REPORTS = """
step                 from                                   round  permission      leads_to
enter                draft,returned                         entry  enter_values    -
submit               draft,returned                         entry  submit          submitted
withdraw             submitted                              entry  submit          draft
take_up              submitted                              begun  approve         in_review
put_back             in_review                              begun  approve         submitted
send_back            submitted,in_review                    entry  approve         returned
approve              submitted,in_review                    begun  approve         approved
give_late_exception  draft,submitted,in_review,returned     begun  plan_rounds     -
correct              approved                               begun  correct_values  -
"""

_ROUNDS = """
step         from          leads_to
open         planned       open
to_approval  open          in_approval
ready        in_approval   ready
close        ready         closed
reopen       ready,closed  in_approval
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of reports."""

    states: tuple[SubmissionState, ...]
    while_entry: bool
    permission: Permission
    leads_to: SubmissionState | None  # None: it stays where it is


@dataclass(frozen=True, slots=True)
class RoundRule:
    """One line of the table of rounds."""

    states: tuple[RoundState, ...]
    leads_to: RoundState


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()[1:]]


STEPS: Mapping[Step, Rule] = {
    Step(step): Rule(
        tuple(SubmissionState(state) for state in states.split(",")),
        when == "entry",
        Permission(permission),
        None if leads_to == "-" else SubmissionState(leads_to),
    )
    for step, states, when, permission, leads_to in _lines(_REPORTS)
}
ROUND_STEPS: Mapping[RoundStep, RoundRule] = {
    RoundStep(step): RoundRule(tuple(RoundState(state) for state in states.split(",")), RoundState(leads_to))
    for step, states, leads_to in _lines(_ROUNDS)
}
ENTRY_ROUNDS = (RoundState.OPEN, RoundState.IN_APPROVAL)


@dataclass(frozen=True, slots=True)
class Report:
    """A submission in plain values; people by their keys."""

    state: SubmissionState
    round_state: RoundState
    submitted_by: int | None = None
    reviewed_by: int | None = None
    late_until: date | None = None
    has_waiting_below: bool = False  # a unit below is not approved yet

    def is_late_open(self, today: date) -> bool:
        """Whether the unit may enter by an exception; its last day counts whole, then it is over by itself."""
        return self.late_until is not None and today <= self.late_until

    def is_open_for_entry(self, today: date) -> bool:
        """Whether the round lets the unit enter: a passed deadline does not lock, being ready for the meeting does."""
        return self.round_state in ENTRY_ROUNDS or (
            self.round_state is not RoundState.PLANNED and self.is_late_open(today)
        )


def refusal(step: Step, report: Report, *, by: int | None, is_allowed: bool, today: date) -> str | None:
    """Why the person `by` cannot take the step today, as a key; None when nothing stands in the way.

    `is_allowed`: whether the person has the step's permission for the unit. First match:
    `not_allowed` · `is_STATE` of the report · `round_STATE` · `own_submission` · `taken_up` · `approve_children`.
    """
    rule = STEPS[step]
    if not is_allowed:
        return "not_allowed"
    if report.state not in rule.states:
        return f"is_{report.state}"
    if report.round_state is RoundState.PLANNED or (rule.while_entry and not report.is_open_for_entry(today)):
        return f"round_{report.round_state}"
    if rule.permission is Permission.APPROVE:
        return _review_refusal(step, report, by)
    return None


def _review_refusal(step: Step, report: Report, by: int | None) -> str | None:
    if by == report.submitted_by:
        return "own_submission"
    is_anothers = report.state is SubmissionState.IN_REVIEW and by != report.reviewed_by
    if step in (Step.SEND_BACK, Step.APPROVE) and is_anothers:
        return "taken_up"
    if step is Step.APPROVE and report.has_waiting_below:
        return "approve_children"
    return None


def open_steps(report: Report, *, by: int | None, rights: Container[Permission], today: date) -> frozenset[Step]:
    """The steps that somebody with these permissions for the unit can take today."""
    return frozenset(
        step
        for step, rule in STEPS.items()
        if refusal(step, report, by=by, is_allowed=rule.permission in rights, today=today) is None
    )


def round_refusal(step: RoundStep, state: RoundState, *, is_allowed: bool) -> str | None:
    """Why the round cannot take the step, as a key: `not_allowed` or `round_STATE`; None when it can."""
    if not is_allowed:
        return "not_allowed"
    return None if state in ROUND_STEPS[step].states else f"round_{state}"


def round_steps_from(state: RoundState) -> list[RoundStep]:
    """What can be done to a round in the state, the way onward first."""
    return [step for step, rule in ROUND_STEPS.items() if state in rule.states]
