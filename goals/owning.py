"""What an owner of a cross-cutting goal can do from where it stands, and when all agree. Pure: no Django.

The table is the whole rule; actions ask it before they write, pages ask it what to offer.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from goals.kinds import OwnerState, ProposalState

LEAST = 2  # with so many committed owners a target is changed by all of them only


class Act(StrEnum):
    """What is done about one owner's part in a goal."""

    COMMIT = "commit"
    DECLINE = "decline"
    RECALL = "recall"  # whoever invited takes the invitation back
    CHANGE = "change"  # the written commitment
    WITHDRAW = "withdraw"
    TAKE_OVER = "take_over"  # be the unit that the goal belongs to
    PROPOSE = "propose"  # a new target
    ANSWER = "answer"


class Who(StrEnum):
    """Who does it: the owner's own unit, or the unit the goal belongs to."""

    OWNER = "owner"
    HOME = "home"


_TABLE = """
act        from       who    leads_to
commit     invited    owner  committed
decline    invited    owner  declined
recall     invited    home   withdrawn
change     committed  owner  committed
withdraw   committed  owner  withdrawn
take_over  committed  home   committed
propose    committed  owner  committed
answer     committed  owner  committed
"""


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()[1:]]


ACTS: Mapping[Act, tuple[OwnerState, Who, OwnerState]] = {
    Act(act): (OwnerState(start), Who(who), OwnerState(end)) for act, start, who, end in _lines(_TABLE)
}


def refusal(act: Act, state: OwnerState, *, is_open: bool = True, is_home: bool = False) -> str:
    """Why the act cannot be done, as a key; empty when it can.

    `is_open`: whether the goal is; `is_home`: whether the owner is the unit that the goal belongs to.
    First match: closed · is_STATE of the owner · home (its own unit leaves only when another has taken over) · already.
    """
    if not is_open:
        return "closed"
    if state is not ACTS[act][0]:
        return f"is_{state}"
    if is_home and act is Act.WITHDRAW:
        return "home"
    return "already" if is_home and act is Act.TAKE_OVER else ""


def after(act: Act) -> OwnerState:
    """Where an owner stands when the act is done."""
    return ACTS[act][2]


def open_acts(
    state: OwnerState, *, is_open: bool, is_home: bool, answers_for: bool, answers_home: bool
) -> frozenset[Act]:
    """The acts to offer somebody who answers for the owner's unit, for the goal's own, for both or for none."""
    mine = {who for who, holds in ((Who.OWNER, answers_for), (Who.HOME, answers_home)) if holds}
    return frozenset(
        act
        for act, (_start, who, _end) in ACTS.items()
        if who in mine and not refusal(act, state, is_open=is_open, is_home=is_home)
    )


def outcome(bound: Collection[int], answers: Mapping[int, bool]) -> ProposalState:
    """What has become of an open proposal.

    `bound`: the units that are committed now; `answers`: what units said, also those that have left since.
    Nobody left to agree is no agreement.
    """
    if not bound:
        return ProposalState.DROPPED
    said = [answers.get(unit) for unit in bound]
    if any(one is False for one in said):
        return ProposalState.REJECTED
    return ProposalState.AGREED if all(said) else ProposalState.OPEN
