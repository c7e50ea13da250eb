"""What an effect chain may look like: which arrows it holds, and what is said of its goal. Pure: no Django."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from goals.kinds import GoalKind, StepKind

MOST_STEPS = 60  # of one goal: more cannot be read on a page
EFFECTS = (StepKind.SHORT, StepKind.MEDIUM, StepKind.LONG)
KINDS = tuple(StepKind)


class Arrow(NamedTuple):
    """An assumption by the ids of the steps it goes between."""

    start: int
    end: int
    is_feedback: bool = False


def closes_ring(arrows: Iterable[Arrow], new: Arrow) -> bool:
    """Whether the new arrow lets one go from a step back to itself. What is marked as feedback never counts."""
    if new.is_feedback:
        return False
    ahead = defaultdict(list)
    for arrow in arrows:
        if not arrow.is_feedback:
            ahead[arrow.start].append(arrow.end)
    seen, waiting = set[int](), [new.end]
    while waiting:
        at = waiting.pop()
        if at == new.start:
            return True
        if at not in seen:
            seen.add(at)
            waiting += ahead[at]
    return False


def refusal(arrows: Collection[Arrow], new: Arrow, end_kind: StepKind) -> str:
    """Why the chain cannot hold the new arrow: itself, external, already or ring; empty when it can."""
    if new.start == new.end:
        return "itself"
    if end_kind is StepKind.EXTERNAL:
        return "external"
    if any((one.start, one.end) == (new.start, new.end) for one in arrows):
        return "already"
    return "ring" if closes_ring(arrows, new) else ""


def lacks_effect(goal_kind: GoalKind, *, is_councils: bool, measured_by: Collection[GoalKind]) -> bool:
    """Whether a goal that is to make a difference has no indicator of any effect."""
    return (goal_kind is GoalKind.EFFECT or is_councils) and GoalKind.EFFECT not in measured_by


def moved(order: list[int], which: int, to: int) -> list[int]:
    """The ids with one of them in another place; a place beyond the ends is the nearest end."""
    rest = [one for one in order if one != which]
    to = max(0, min(to, len(rest)))
    return [*rest[:to], which, *rest[to:]]
