"""Hearings in plain values: when everybody may write, what an answer lacks, and how goals are ranked.

Pure: no Django.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from citizens.kinds import LEAST_SHOWN, HearingState

HUNDREDTHS = Decimal("0.01")


def is_taking(state: HearingState, opens_on: date, closes_on: date, today: date) -> bool:
    """Whether everybody may write today. The last day counts whole, also before `tick` has closed the hearing."""
    return state == HearingState.OPEN and opens_on <= today <= closes_on


def lacks_before_opening(*, goals: int, text: str, closes_on: date, today: date) -> list[str]:
    """Why a draft cannot open: `no_goals`, `no_text`, `over`."""
    said = {"no_goals": goals == 0, "no_text": not text.strip(), "over": closes_on < today}
    return [key for key, lacks in said.items() if lacks]


# ---- the answer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme as far as it is answered."""

    name: str
    heard: str
    answer: str
    is_decided: bool  # a decision or a goal says what came of it


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands between a hearing and its answer: a theme's part, or a number of proposals."""

    key: str  # waiting, unsorted, heard, answer or decision
    theme: str = ""
    count: int = 0


def lacks_before_answer(themes: Iterable[ThemeFacts], *, waiting: int, unsorted: int) -> list[Lack]:
    """What must be done before a hearing is answered; nothing: it may be."""
    lacks = [Lack(key, count=count) for key, count in (("waiting", waiting), ("unsorted", unsorted)) if count]
    return lacks + [Lack(key, theme.name) for theme in themes for key in _missing(theme)]


def _missing(theme: ThemeFacts) -> list[str]:
    has = {"heard": theme.heard.strip(), "answer": theme.answer.strip(), "decision": theme.is_decided}
    return [key for key, given in has.items() if not given]


# ---- ranking ---------------------------------------------------------------------------------------------------------


class OrderFault(ValueError):
    """Why places given to goals are no order: `empty`, `twice` or `unknown`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def order_of(places: Mapping[int, int | None]) -> list[int]:
    """The goals from the most important, as places were given to them; those without a place are left out."""
    given = {goal: place for goal, place in places.items() if place is not None}
    if not given:
        raise OrderFault("empty")
    if not all(1 <= place <= len(places) for place in given.values()):
        raise OrderFault("unknown")
    if len(set(given.values())) < len(given):
        raise OrderFault("twice")
    return sorted(given, key=lambda goal: given[goal])


@dataclass(frozen=True, slots=True)
class Ranks:
    """How those who ranked the goals did so on average: 1 is the most important."""

    n: int
    means: dict[int, Decimal]

    def to_json(self) -> dict[str, object]:
        return {"n": self.n, "means": {str(goal): str(mean) for goal, mean in self.means.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> "Ranks":
        means, n = kept["means"], kept["n"]
        assert isinstance(means, dict)
        assert isinstance(n, int)
        return cls(n, {int(goal): Decimal(mean) for goal, mean in means.items()})


def mean_ranks(orders: Sequence[Sequence[int]], goals: Collection[int], *, least: int = LEAST_SHOWN) -> Ranks | None:
    """The mean place of each goal; None when fewer than `least` ranked, or all gave some goal the same place.

    Goals that somebody left out share the mean of that person's last places. So everybody counts for every goal, and
    no difference between two counts tells of one person.
    """
    known = set(goals)
    kept = [order for order in ([goal for goal in order if goal in known] for order in orders) if order]
    places = [_places(order, known) for order in kept]
    if len(places) < least or any(len({one[goal] for one in places}) == 1 for goal in known):
        return None
    return Ranks(len(places), {goal: _mean([one[goal] for one in places]) for goal in goals})


def _places(order: Sequence[int], goals: Collection[int]) -> dict[int, Decimal]:
    rest = Decimal(len(order) + 1 + len(goals)) / 2
    return dict.fromkeys(goals, rest) | {goal: Decimal(n) for n, goal in enumerate(order, 1)}


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal()) / len(values)).quantize(HUNDREDTHS, ROUND_HALF_UP)
