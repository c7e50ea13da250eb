"""Which step a goal sent down to a unit may take: from where, by which side, and where to. Pure: no Django.

The table is the whole rule; `refusal` reads it. Actions ask before they write, pages ask what to offer.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum

from goals.kinds import TranslationState


class Party(StrEnum):
    """The two sides of a translation; each is whoever edits goals there."""

    UNIT = "unit"  # the unit it was sent to
    ABOVE = "above"  # the unit whose goal was sent


class Step(StrEnum):
    """What can be done to a goal that was sent down."""

    PREPARE = "prepare"  # choose or write the unit's own goal, without sending it yet
    ANSWER = "answer"
    DECLINE = "decline"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


# `whole`: the goal above is open, and the unit's own goal is there and open.
_STEPS = """
step       party  from                     needs   reason  leads_to
prepare    unit   asked,returned           open    -       -
answer     unit   asked,returned           whole   -       answered
decline    unit   asked,returned           -       reason  declined
accept     above  answered                 whole   -       accepted
send_back  above  answered                 open    reason  returned
withdraw   above  asked,answered,returned  -       -       dropped
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    party: Party
    states: tuple[TranslationState, ...]
    needs_open: bool
    needs_answer: bool
    needs_reason: bool
    leads_to: TranslationState | None  # None: it stays where it is


STEPS: Mapping[Step, Rule] = {
    Step(step): Rule(
        Party(party),
        tuple(TranslationState(state) for state in states.split(",")),
        needs in ("open", "whole"),
        needs == "whole",
        reason == "reason",
        None if leads_to == "-" else TranslationState(leads_to),
    )
    for step, party, states, needs, reason, leads_to in (line.split() for line in _STEPS.strip().splitlines()[1:])
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A goal sent down, in plain values. `has_answer`: the unit has its own goal for it, and that is not closed."""

    state: TranslationState
    is_goal_open: bool = True
    has_answer: bool = False


def refusal(step: Step, sent: Sent, *, parties: Container[Party]) -> str | None:
    """Why somebody of these sides cannot take the step, as a key; None when nothing stands in the way.

    First match: `not_allowed` · `is_STATE` · `goal_closed` · `no_answer`.
    """
    rule = STEPS[step]
    if rule.party not in parties:
        return "not_allowed"
    if sent.state not in rule.states:
        return f"is_{sent.state}"
    if rule.needs_open and not sent.is_goal_open:
        return "goal_closed"
    if rule.needs_answer and not sent.has_answer:
        return "no_answer"
    return None


def open_steps(sent: Sent, *, parties: Container[Party]) -> frozenset[Step]:
    """The steps that somebody of these sides can take."""
    return frozenset(step for step in STEPS if refusal(step, sent, parties=parties) is None)
