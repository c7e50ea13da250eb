"""Few goals: how many a body or unit may have, where there are fewer below than above, and which look alike.

Pure: no Django. The rules are the booklet's third and fourth recommendation.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

LEAST, MOST = 1, 500  # the bounds of any ceiling
COUNCIL_LEAST, COUNCIL_MOST = 5, 10
ALIKE = 0.5  # of the words two goals have between them
ALIKE_IN_A_UNIT = 0.34  # one unit needs no two goals that are a third the same
TOO_COMMON = 60  # goals that share a word or a series; beyond that it tells nothing


@dataclass(frozen=True, slots=True)
class Meter:
    """How many goals in force there are, and how many there may be; no ceiling is None."""

    used: int
    most: int | None

    @property
    def is_full(self) -> bool:
        """Whether one more goes over."""
        return self.most is not None and self.used >= self.most

    @property
    def over(self) -> int:
        """How many there are beyond the ceiling."""
        return 0 if self.most is None else max(0, self.used - self.most)

    @property
    def shown(self) -> int:
        """How full a bar is; never more than full."""
        return self.used if self.most is None else min(self.used, self.most)

    @property
    def left(self) -> int:
        """How many more there is room for."""
        return 0 if self.most is None else max(0, self.most - self.used)

    def needs_decision(self, *, added: int, ended: int = 0) -> bool:
        """Whether a change goes over the ceiling. One that ends as many as it adds never does."""
        return self.most is not None and added > ended and self.used + added - ended > self.most


def ceiling_of(most: int | None, *, is_set: bool, is_council: bool) -> int | None:
    """The ceiling in force: what was set, else the council's own; other units have none until one is set."""
    return most if is_set else (COUNCIL_MOST if is_council else None)


# ---- levels ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitCount:
    """A unit, the unit above it, and its goals in force."""

    pk: int
    parent: int | None
    goals: int


@dataclass(frozen=True, slots=True)
class FewerBelow:
    """A unit with fewer goals than the nearest unit above it that has any."""

    unit: int
    goals: int
    above: int
    goals_above: int


def fewer_below(units: Sequence[UnitCount]) -> list[FewerBelow]:
    """Where there are fewer goals the nearer one comes to the work. A unit without goals is told of elsewhere."""
    known = {unit.pk: unit for unit in units}
    found = []
    for unit in units:
        above = _nearest_above(unit, known) if unit.goals else None
        if above is not None and unit.goals < above.goals:
            found.append(FewerBelow(unit.pk, unit.goals, above.pk, above.goals))
    return found


def _nearest_above(unit: UnitCount, known: Mapping[int, UnitCount]) -> UnitCount | None:
    above = known.get(unit.parent or 0)
    while above is not None and not above.goals:
        above = known.get(above.parent or 0)
    return above


# ---- overlaps --------------------------------------------------------------------------------------------------------


class Likeness(StrEnum):
    """Why two goals may be one."""

    SERIES = "series"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Compared:
    """A goal as it is compared: whose it is, what it serves, what it says and by which series it is measured."""

    pk: int
    unit: int
    parent: int | None
    title: str
    series: frozenset[int]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two goals that may be one, why, how alike their words are (0 to 1), and whether one unit has both."""

    first: int
    second: int
    reasons: tuple[Likeness, ...]
    likeness: float
    is_in_one_unit: bool


_TOKEN = re.compile(r"[^\W\d_]{3,}")
_SAYS_NOTHING = frozenset(
    re.split(
        r"\s+",
        """alle alt andel andelen antal antallet at bliver blive den der deres det dette end endnu enkelte flere for fra
        færre gennem har have hele hvor ikke inden kan kommune kommunens kommunen med mere mindre mindst mod mål målet
        når også om over pct procent sig skal som stiger stige falder falde til under ved vi vil vores være år året
        højst flest eller samt via""",
    )
)
_ENDINGS = ("ernes", "erne", "enes", "ende", "ens", "ets", "ene", "ers", "es", "er", "en", "et", "e", "s")


def tokens(text: str) -> frozenset[str]:
    """The words that carry a sentence, without inflection."""
    words = (word for word in _TOKEN.findall(text.lower()) if word not in _SAYS_NOTHING)
    return frozenset(map(_stem, words))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The words both have, of all they have: 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def overlaps(goals: Sequence[Compared]) -> list[Overlap]:
    """Pairs that may be one goal, the most alike first.

    Goals that serve each other, and goals of different units that serve the same one, are one goal told at several
    places and no overlap.
    """
    known = {goal.pk: goal for goal in goals}
    words = {goal.pk: tokens(goal.title) for goal in goals}
    above = {goal.pk: _above(goal, known) for goal in goals}
    found = []
    for pair in sorted(_candidates(goals, words)):
        one, other = known[pair[0]], known[pair[1]]
        if not _are_one_told_twice(one, other, above) and (overlap := _overlap(one, other, words)):
            found.append(overlap)
    return sorted(found, key=lambda one: (-len(one.reasons), -one.likeness, one.first, one.second))


def _above(goal: Compared, known: Mapping[int, Compared]) -> frozenset[int]:
    seen: set[int] = set()
    parent = goal.parent
    while parent is not None and parent not in seen:
        seen.add(parent)
        parent = known[parent].parent if parent in known else None
    return frozenset(seen)


def _are_one_told_twice(one: Compared, other: Compared, above: Mapping[int, frozenset[int]]) -> bool:
    if one.pk in above[other.pk] or other.pk in above[one.pk]:
        return True
    return one.unit != other.unit and one.parent is not None and one.parent == other.parent


def _candidates(goals: Iterable[Compared], words: Mapping[int, frozenset[str]]) -> set[tuple[int, int]]:
    """Pairs that share a series, or two words; never all against all."""
    by_series: dict[int, list[int]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for goal in goals:
        for series in goal.series:
            by_series[series].append(goal.pk)
        for word in words[goal.pk]:
            by_word[word].append(goal.pk)
    shared = Counter(pair for ids in by_word.values() for pair in _pairs(ids))
    return {pair for ids in by_series.values() for pair in _pairs(ids)} | {pair for pair, n in shared.items() if n > 1}


def _pairs(ids: list[int]) -> Iterator[tuple[int, int]]:
    return combinations(sorted(ids), 2) if len(ids) <= TOO_COMMON else iter(())


def _overlap(one: Compared, other: Compared, words: Mapping[int, frozenset[str]]) -> Overlap | None:
    is_in_one_unit = one.unit == other.unit
    alike = likeness(words[one.pk], words[other.pk])
    reasons = [Likeness.SERIES] if one.series & other.series else []
    if alike >= (ALIKE_IN_A_UNIT if is_in_one_unit else ALIKE):
        reasons.append(Likeness.WORDING)
    return Overlap(one.pk, other.pk, tuple(reasons), alike, is_in_one_unit) if reasons else None
