"""Whether a goal follows those that serve it, and which part of the chain below is unfolded. Pure: no Django."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from followup.status import DEVIATIONS, ON_COURSE, Light

BEHIND = (Light.OFF_TRACK, Light.AT_RISK)


class Holds(StrEnum):
    """How a goal's own light goes with those of the goals that serve it."""

    UNKNOWN = "unknown"  # the goal or all that serves it has no status
    TOGETHER = "together"
    NOT_FOLLOWED = "not_followed"  # all that serve it are on course, and the goal is not: look at the assumption
    NOT_CARRIED = "not_carried"  # the goal is on course, and all that serve it are behind


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the goals that serve one are on course, of those that have a status at all."""

    on_course: int
    judged: int
    every: int

    @property
    def unjudged(self) -> int:
        """Those without a status: no number yet, or nothing to reach."""
        return self.every - self.judged


def share_of(lights: Iterable[Light]) -> Share:
    """The share among these lights. One that is overdue counts as not on course; one without status does not count."""
    lights = list(lights)
    judged = [light for light in lights if light in ON_COURSE or light in DEVIATIONS]
    return Share(sum(light in ON_COURSE for light in judged), len(judged), len(lights))


def holds(own: Light, serving: Iterable[Light]) -> Holds:
    """Whether the goal goes as those that serve it directly.

    A goal is behind when it needs attention or is off track. What is overdue or uncertain says nothing of how it goes:
    a goal in that state is not judged, and one that serves it speaks neither for nor against.
    """
    told = [light for light in serving if light in ON_COURSE or light in BEHIND]
    if not told or (own not in ON_COURSE and own not in BEHIND):
        return Holds.UNKNOWN
    if own in BEHIND and all(light in ON_COURSE for light in told):
        return Holds.NOT_FOLLOWED
    if own in ON_COURSE and all(light in BEHIND for light in told):
        return Holds.NOT_CARRIED
    return Holds.TOGETHER


@dataclass(frozen=True, slots=True)
class Link:
    """That a goal serves the one above, as its own (`parent`) or across."""

    goal: int
    is_across: bool


@dataclass(slots=True)
class Branch:
    """A goal below, with those that serve it as far as there is room."""

    link: Link
    below: list["Branch"] = field(default_factory=list)
    folded: int = 0  # how many serve it, through others too, that are not shown here
    is_repeated: bool = False  # what serves it stands elsewhere on the page

    @property
    def goal(self) -> int:
        return self.link.goal


def unfold(first: Sequence[Link], below: Mapping[int, Sequence[Link]], most: int) -> list[Branch]:
    """The goals that serve directly, and below them level by level what there is room for: `most` goals in all.

    A goal that serves in several ways stands in each place, and is unfolded in the first.
    """
    branches = [Branch(link) for link in first]
    room = most - len(branches)
    unfolded: set[int] = set()
    waiting = deque(branches)
    while waiting:
        branch = waiting.popleft()
        serving = below.get(branch.goal, ())
        if not serving:
            continue
        if branch.goal in unfolded:
            branch.is_repeated = True
        elif len(serving) <= room:
            room -= len(serving)
            unfolded.add(branch.goal)
            branch.below = [Branch(link) for link in serving]
            waiting.extend(branch.below)
        else:
            branch.folded = len(all_below([branch.goal], below))
    return branches


def all_below(goals: Collection[int], below: Mapping[int, Sequence[Link]]) -> set[int]:
    """Every goal that serves one of these, through others too; without these, unless one serves another."""
    found: set[int] = set()
    waiting = list(goals)
    while waiting:
        for link in below.get(waiting.pop(), ()):
            if link.goal not in found:
                found.add(link.goal)
                waiting.append(link.goal)
    return found
