"""From what everybody answered to counts, means and shares. Pure: no Django.

A set of persons is a number whose bits say who is in it, so that any part of those who answered is counted by ands:
a group, what is left when some groups are taken away, those who answered one question.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from citizens.kinds import BESIDE, YES, QuestionKind
from citizens.questionnaire import Answer, Answers, QuestionSpec
from followup.statistics import t_interval, wilson
from organisation.danish import round_half_up

Mask = int
NUMERIC = (QuestionKind.SCALE, QuestionKind.TEN)  # treated as interval scales


@dataclass(frozen=True, slots=True)
class Row:
    """One response: what was answered, the group it belongs to, and how it came in."""

    answers: Answers
    group: str | None
    method: str


@dataclass(frozen=True, slots=True)
class Column:
    """Who answered one question, and who gave which answer."""

    question: QuestionSpec
    answered: Mask  # without "ved ikke" and "ikke relevant"
    beside: Mask
    values: Mapping[str, Mask]  # of a ranking: who ranked the option at all
    places: Mapping[tuple[str, int], Mask]  # of a ranking: who gave the option the place, 1 first


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one question for some persons."""

    question: QuestionSpec
    n: int
    beside: int
    counts: Mapping[str, int]
    places: Mapping[tuple[str, int], int]

    @property
    def is_alike(self) -> bool:
        """Whether all who answered gave the same answer."""
        counts = self.places if self.question.kind == QuestionKind.RANKING else self.counts
        return self.n > 0 and all(count in (0, self.n) for count in counts.values())

    @property
    def is_numeric(self) -> bool:
        return self.question.kind in NUMERIC

    @property
    def mean(self) -> Decimal | None:
        """The mean of a scale, as exact as decimals are."""
        if not self.n or not self.is_numeric:
            return None
        return Decimal(sum(int(value) * count for value, count in self.counts.items())) / self.n

    @property
    def sd(self) -> Decimal | None:
        """The sample's standard deviation, n - 1 below the line."""
        if self.n < 2 or not self.is_numeric:
            return None
        total = sum(int(value) * count for value, count in self.counts.items())
        squares = sum(int(value) ** 2 * count for value, count in self.counts.items())
        return (Decimal(squares * self.n - total * total) / (self.n * (self.n - 1))).sqrt()

    def share(self, options: Iterable[str]) -> tuple[int, int]:
        """How many of those who answered chose one of the options. Of several choices: one option only."""
        return sum(self.counts.get(option, 0) for option in options), self.n

    def mean_place(self, option: str) -> Decimal | None:
        """The mean place of an option among those who ranked it."""
        ranked = self.counts.get(option, 0)
        if not ranked:
            return None
        return Decimal(sum(place * count for (one, place), count in self.places.items() if one == option)) / ranked


def people(numbers: Iterable[int], size: int) -> Mask:
    """The set of the persons with these numbers, of `size` in all."""
    bits = bytearray(size // 8 + 1)
    for one in numbers:
        bits[one >> 3] |= 1 << (one & 7)
    return int.from_bytes(bits, "little")


def column(question: QuestionSpec, rows: Sequence[Row]) -> Column:
    """Who gave which answer to the question."""
    answered: list[int] = []
    beside: list[int] = []
    values: dict[str, list[int]] = {value: [] for value in question.values}
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        given = row.answers.get(question.code)
        if given in BESIDE:
            beside.append(number)
            continue
        chosen = [value for value in _listed(given) if value in values]
        if not chosen:
            continue
        answered.append(number)
        for place, value in enumerate(dict.fromkeys(chosen), 1):
            values[value].append(number)
            if question.kind == QuestionKind.RANKING:
                places[value, place].append(number)
    size = len(rows)
    return Column(
        question,
        people(answered, size),
        people(beside, size),
        {value: people(those, size) for value, those in values.items()},
        {place: people(those, size) for place, those in places.items()},
    )


def _listed(given: Answer | None) -> list[str]:
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def tally(of: Column, who: Mask) -> Tally:
    """The counts of the question among the persons."""
    return Tally(
        of.question,
        (of.answered & who).bit_count(),
        (of.beside & who).bit_count(),
        {value: (those & who).bit_count() for value, those in of.values.items()},
        {place: (those & who).bit_count() for place, those in of.places.items()},
    )


def mean_interval(mean: Decimal, sd: Decimal, n: int, decimals: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of a mean, by Student's t."""
    low, high = t_interval(float(mean), float(sd), n)
    return round_half_up(Decimal(repr(low)), decimals), round_half_up(Decimal(repr(high)), decimals)


def share_interval(chose: int, n: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of a share in per cent with one decimal, by Wilson."""
    low, high = wilson(chose, n)
    return round_half_up(Decimal(repr(100 * low)), 1), round_half_up(Decimal(repr(100 * high)), 1)


def yes_share(counts: Mapping[str, int], n: int) -> Decimal:
    """Per cent who said yes, with one decimal."""
    return round_half_up(Decimal(100 * counts.get(YES, 0)) / n, 1)


def index_of(answers: Answers, questions: Sequence[QuestionSpec]) -> Decimal | None:
    """One person's mean over several scale questions; None unless at least half of them were answered."""
    given = [
        int(value)
        for question in questions
        if question.kind in NUMERIC and isinstance(value := answers.get(question.code), str) and value.isdecimal()
    ]
    if not given or len(given) < math.ceil(len(questions) / 2):
        return None
    return Decimal(sum(given)) / len(given)
