"""What may be told of a survey's answers so that nobody is recognised. Pure: no Django.

Two questions. *May this be known of these persons?* (`may_be_known`, `detail_of`): enough persons, not all alike, and
no small category that the printed figures give away. *What else must be hidden?* (`conceal`): whatever can be worked
out by taking shown parts from a whole is a set of persons too, and the first question is asked of it as well. ADR 0021.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import reduce
from itertools import permutations
from operator import or_

from citizens.kinds import LEAST_DISTRIBUTION, LEAST_SENSITIVE, LEAST_SHOWN, QuestionKind
from citizens.tally import Mask, Tally
from organisation.danish import round_half_up

LEAST_CATEGORY = 4
FINE, COARSE = 2, 1  # decimals of a mean, and of one from few
MERGED = (("1", "2"), ("3",), ("4", "5"))

Parts = Mapping[str, Mask]  # disjoint, together everybody
Part = tuple[str, str]  # of which partition, which part
MayBeKnown = Callable[[Mask], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """The fewest persons that anything is shown of, and that a distribution is shown of."""

    shown: int = LEAST_SHOWN
    distribution: int = LEAST_DISTRIBUTION


def limits_of(least_shown: int, *, is_sensitive: bool) -> Limits:
    """The survey's limits: its own, never below those of the house."""
    shown = max(least_shown, LEAST_SENSITIVE if is_sensitive else LEAST_SHOWN)
    return Limits(shown, max(LEAST_DISTRIBUTION, shown))


@dataclass(frozen=True, slots=True)
class Detail:
    """Which figures of a question are shown. Nothing: the question is not shown."""

    has_counts: bool = False
    is_merged: bool = False
    has_mean: bool = False
    has_sd: bool = False

    def __bool__(self) -> bool:
        return self.has_counts or self.has_mean


NOTHING = Detail()
FEW = (
    Detail(is_merged=True, has_mean=True, has_sd=True),
    Detail(is_merged=True, has_mean=True),
    Detail(has_mean=True, has_sd=True),
    Detail(has_mean=True),
)


def detail_of(tally: Tally, limits: Limits) -> Detail:
    """What is shown of a question of the whole survey: the most that gives no small category away."""
    if tally.n < limits.shown or tally.is_alike:
        return NOTHING
    if tally.n >= limits.distribution or _has_no_small(tally.counts.values(), tally):
        return Detail(has_counts=True, has_mean=tally.is_numeric, has_sd=tally.is_numeric)
    if not tally.is_numeric:
        return NOTHING
    return next((detail for detail in FEW if _is_fit(tally, detail)), NOTHING)


def _is_fit(tally: Tally, detail: Detail) -> bool:
    if detail.is_merged and (
        tally.question.kind != QuestionKind.SCALE or not _has_no_small(merged_counts(tally), tally)
    ):
        return False
    return leaves_open(tally, detail)


def _has_no_small(counts: Iterable[int], tally: Tally) -> bool:
    """Whether every category that occurs has enough; of several choices those who did not choose it too."""
    if tally.question.kind == QuestionKind.RANKING:
        return False
    both = [count for one in counts for count in _sides(one, tally)]
    return all(count == 0 or count >= LEAST_CATEGORY for count in both)


def _sides(count: int, tally: Tally) -> tuple[int, ...]:
    return (count, tally.n - count) if tally.question.kind == QuestionKind.MULTIPLE else (count,)


def merged_counts(tally: Tally) -> tuple[int, ...]:
    """A scale of five as three: low, middle, high."""
    return tuple(sum(tally.counts.get(value, 0) for value in values) for values in MERGED)


def may_be_known(tally: Tally, whole: Tally | None, limits: Limits) -> bool:
    """Whether what is told of a part of those who answered may be known: a mean, or else counts.

    `whole`: everybody's distribution, where that is shown.
    """
    if tally.n < limits.shown or tally.is_alike:
        return False
    if tally.n >= limits.distribution:
        return True
    return leaves_open(tally, FEW[-1], whole) if tally.is_numeric else _has_no_small(tally.counts.values(), tally)


def rounded_mean(tally: Tally, limits: Limits) -> Decimal | None:
    """The mean as it is printed: with one decimal less where it is of few."""
    mean = tally.mean
    return None if mean is None else round_half_up(mean, FINE if tally.n >= limits.distribution else COARSE)


def coarse_sd(sd: Decimal) -> Decimal:
    """A spread of few as it is printed: rounded up to a half, so that the interval is never too narrow."""
    return (2 * sd).to_integral_value(ROUND_CEILING) / 2


def leaves_open(tally: Tally, detail: Detail, whole: Tally | None = None) -> bool:
    """Whether each small category could be another number, going by what is printed.

    `whole`: the distribution that is known of everybody, which no part can go beyond.
    """
    values = [int(value) for value in tally.question.values]
    counts = [tally.counts[value] for value in tally.question.values]
    small = {at for at, count in enumerate(counts) if 0 < count < LEAST_CATEGORY}
    for other in _alternatives(tally, values, detail, whole):
        small -= {at for at in small if other[at] != counts[at]}
        if not small:
            break
    return not small


def _alternatives(
    tally: Tally, values: Sequence[int], detail: Detail, whole: Tally | None
) -> Iterator[tuple[int, ...]]:
    """Every distribution that would be printed in the same way."""
    n, mean, sd = tally.n, tally.mean, tally.sd
    assert mean is not None and sd is not None
    low, high = _sums(round_half_up(mean, COARSE), n)
    most = [min(n, whole.counts[value]) if whole else n for value in tally.question.values]
    least = [max(0, whole.counts[value] - (whole.n - n)) if whole else 0 for value in tally.question.values]
    for counts in _compositions(values, n, low, high, least, most):
        if detail.has_sd and coarse_sd(_sd(values, counts)) != coarse_sd(sd):
            continue
        if detail.is_merged and (sum(counts[:2]), counts[2], sum(counts[3:])) != merged_counts(tally):
            continue
        yield counts


def _sums(mean: Decimal, n: int) -> tuple[int, int]:
    """The lowest and highest whole sum that gives the printed mean."""
    half = Decimal("0.5").scaleb(-COARSE)
    sums = [
        total for total in range(int((mean - half) * n), int((mean + half) * n) + 2)
        if (Decimal(total) / n).quantize(mean, rounding=ROUND_HALF_UP) == mean
    ]  # fmt: skip
    return sums[0], sums[-1]


def _sd(values: Sequence[int], counts: Sequence[int]) -> Decimal:
    n = sum(counts)
    total = sum(value * count for value, count in zip(values, counts, strict=True))
    squares = sum(value * value * count for value, count in zip(values, counts, strict=True))
    return (Decimal(squares * n - total * total) / (n * (n - 1))).sqrt()


def _compositions(
    values: Sequence[int], n: int, low: int, high: int, least: Sequence[int], most: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The ways to spread `n` persons over rising values with a sum from `low` to `high`."""
    if not values:
        if n == 0 and low <= 0 <= high:
            yield ()
        return
    if n * values[0] > high or n * values[-1] < low:
        return
    for count in range(least[0], min(n, most[0]) + 1):
        gone = count * values[0]
        for rest in _compositions(values[1:], n - count, low - gone, high - gone, least[1:], most[1:]):
            yield count, *rest


# ---- what else must be hidden ----------------------------------------------------------------------------------------


def conceal(partitions: Mapping[str, Parts], is_fit: MayBeKnown, hidden: Iterable[Part] = ()) -> set[Part]:
    """The parts that are not shown: `hidden`, those that are not fit to be known, and what they would follow from.

    Each partition is of the same persons. Nobody can tell persons from a whole less its shown parts, nor from the
    parts of one partition that lie within parts of another: what is left there is fit to be known, and never one
    hidden part alone.
    """
    gone = set(hidden)
    gone |= {
        (name, part) for name, parts in partitions.items() for part, who in parts.items() if who and not is_fit(who)
    }
    while (more := _next(partitions, is_fit, gone)) is not None:
        gone.add(more)
    return gone


def _next(partitions: Mapping[str, Parts], is_fit: MayBeKnown, gone: set[Part]) -> Part | None:
    """A part that must be hidden too; None when nothing can be worked out any more."""
    views = [_View(name, parts, gone) for name, parts in partitions.items()]
    for view in views:
        if _gives_away(view.hidden(), is_fit) and (found := view.smallest()):
            return found
    for one, other in permutations(views, 2):
        found = _within_components(one, other, is_fit) or _left_over(one, other, is_fit)
        if found:
            return found
    return None


def _gives_away(hidden: Sequence[Mask], is_fit: MayBeKnown) -> bool:
    """Whether the hidden parts, known together, are known too well."""
    return bool(hidden) and (len(hidden) < 2 or not is_fit(_union(hidden)))


def _union(masks: Iterable[Mask]) -> Mask:
    return reduce(or_, masks, 0)


class _View:
    """A partition as it is printed: its shown parts, and the hidden ones, of which only the whole is known."""

    def __init__(self, name: str, parts: Parts, gone: set[Part]) -> None:
        self.name = name
        self.parts = {part: who for part, who in parts.items() if who}
        self.shown = {part: who for part, who in self.parts.items() if (name, part) not in gone}
        rest = _union(self.hidden())
        self.known = [*self.shown.values(), *([rest] if rest else [])]

    def hidden(self, within: Mask | None = None) -> list[Mask]:
        """The hidden parts, all or those that meet the persons."""
        return [who for part, who in self.parts.items() if part not in self.shown and (within is None or who & within)]

    def meeting(self, who: Mask) -> Mask:
        """Everybody in known parts that have some of the persons."""
        return _union(known for known in self.known if known & who)

    def inside(self, who: Mask) -> Mask:
        """Everybody in known parts that lie wholly among the persons."""
        return _union(known for known in self.known if not known & ~who)

    def smallest(self, within: Mask | None = None) -> Part | None:
        """The smallest shown part, of all or of those that meet the persons."""
        fitting = [(who.bit_count(), part) for part, who in self.shown.items() if within is None or who & within]
        return (self.name, min(fitting)[1]) if fitting else None


def _within_components(one: _View, other: _View, is_fit: MayBeKnown) -> Part | None:
    """Where some parts of one partition are the same persons as some known parts of another, they are a whole."""
    left = _union(one.parts.values())
    while left:
        who = left & -left
        while (wider := _union(part for part in one.parts.values() if part & other.meeting(who))) != who:
            who = wider
        left &= ~who
        if _gives_away(one.hidden(who), is_fit):
            found = one.smallest(who) or other.smallest(who) or other.smallest() or one.smallest()
            if found:
                return found
    return None


def _left_over(one: _View, other: _View, is_fit: MayBeKnown) -> Part | None:
    """Where a known part lies within known parts of another partition, what is left of those."""
    for known in other.known:
        wider = one.meeting(known)
        inside = other.inside(wider)
        rest = wider & ~inside
        if rest and not is_fit(rest):
            found = other.smallest(known) or other.smallest(wider) or one.smallest(wider)
            if found:
                return found
    return None


def shown_counts(counts: Mapping[str, int | None], least: int) -> dict[str, int | None]:
    """Counts that are not of answers, such as the invited: small ones hidden, and one more where it would follow."""
    partition = {key: ((1 << count) - 1) for key, count in counts.items() if count}
    moved: dict[str, Mask] = {}
    at = 0
    for key, mask in partition.items():
        moved[key] = mask << at
        at += mask.bit_length()
    gone = conceal({"": moved}, lambda who: who.bit_count() >= least)
    return {key: None if ("", key) in gone else count for key, count in counts.items()}
