"""What makes a link of the chain broken: one rule for pages, the red thread and the lists. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goals.kinds import GoalState


class Broken(StrEnum):
    """A broken link of the chain, in the order in which they are to be mended."""

    LATE = "late"  # sent down, and the unit has not answered in time
    PARENT_CLOSED = "parent_closed"  # the goal it serves is closed
    LOOSE = "loose"  # it serves no goal in force
    UNSERVED = "unserved"  # nobody below has made it their own
    HELPS_CLOSED = "helps_closed"  # it helps a goal that is closed


OPEN = (GoalState.DRAFT, GoalState.PROPOSED, GoalState.ADOPTED)


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties an open goal to others, in plain values.

    `parent`, `helps`: the states of the goal it serves and of those it helps across. `is_served`: a goal in force
    serves or helps it, or a unit's translation of it is accepted. `is_to_be_served`: units below are to make it theirs.
    """

    is_top: bool
    parent: GoalState | None = None
    helps: tuple[GoalState, ...] = ()
    is_served: bool = False
    is_to_be_served: bool = False
    is_in_force: bool = True


def is_loose(ties: Ties) -> bool:
    """Whether it serves nothing above, by whatever way; the topmost goals need not.

    A goal in force is held by goals in force only, a draft by another draft too.
    """
    holding = (GoalState.ADOPTED,) if ties.is_in_force else OPEN
    return not ties.is_top and not any(state in holding for state in (ties.parent, *ties.helps))


def is_untranslated(ties: Ties) -> bool:
    """Whether it is in force, the units below are to make it their own, and none has."""
    return ties.is_in_force and ties.is_to_be_served and not ties.is_served


def broken_links(ties: Ties) -> list[Broken]:
    """The broken links of one open goal. A goal whose parent is closed is not named as loose too."""
    found: Iterable[tuple[Broken, bool]] = (
        (Broken.PARENT_CLOSED, ties.parent is GoalState.CLOSED),
        (Broken.LOOSE, is_loose(ties) and ties.parent is not GoalState.CLOSED),
        (Broken.UNSERVED, is_untranslated(ties)),
        (Broken.HELPS_CLOSED, GoalState.CLOSED in ties.helps),
    )
    return [one for one, is_so in found if is_so]
