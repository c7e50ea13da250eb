"""A report's life: its states, and which step leads from which to which. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReportState(StrEnum):
    """How far the report has come. A draft from the day its round is ready, also when nobody has written."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


class ReportStep(StrEnum):
    """What can be done to a report."""

    WRITE = "write"  # highlights and recommendation; everything else is data
    APPROVE = "approve"
    PUBLISH = "publish"  # freezes an edition
    WITHDRAW = "withdraw"  # takes the edition back, with a reason


@dataclass(frozen=True, slots=True)
class StepRule:
    """One line of the table."""

    states: tuple[ReportState, ...]
    leads_to: ReportState


# Whoever writes in an approved report makes it a draft again: what is published is what was approved.
STEPS: Mapping[ReportStep, StepRule] = {
    ReportStep.WRITE: StepRule((ReportState.DRAFT, ReportState.APPROVED), ReportState.DRAFT),
    ReportStep.APPROVE: StepRule((ReportState.DRAFT,), ReportState.APPROVED),
    ReportStep.PUBLISH: StepRule((ReportState.APPROVED,), ReportState.PUBLISHED),
    ReportStep.WITHDRAW: StepRule((ReportState.PUBLISHED,), ReportState.DRAFT),
}


def refusal(step: ReportStep, state: ReportState, *, is_ready: bool, is_outdated: bool = False) -> str | None:
    """Why the report cannot take the step, as a key: `is_STATE`, `round_not_ready` or `conclusion_changed`; None when
    it can.

    `is_ready`: whether its round is ready for the meeting or closed. Before that it may be written, not approved.
    `is_outdated`: whether the round's conclusion was written anew after the report was approved. Then it is approved
    again before it is published: what is published is what was approved.
    """
    if is_outdated and state is ReportState.APPROVED:
        if step is ReportStep.PUBLISH:
            return "conclusion_changed"
        if step is ReportStep.APPROVE:
            state = ReportState.DRAFT
    if state not in STEPS[step].states:
        return f"is_{state}"
    if step in (ReportStep.APPROVE, ReportStep.PUBLISH) and not is_ready:
        return "round_not_ready"
    return None


def open_steps(state: ReportState, *, is_ready: bool, is_outdated: bool = False) -> frozenset[ReportStep]:
    """The steps that the report can take."""
    return frozenset(
        step for step in ReportStep if refusal(step, state, is_ready=is_ready, is_outdated=is_outdated) is None
    )
