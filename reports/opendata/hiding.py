"""Which numbers the public may not see, so that no sum or difference of those it sees gives one away. Pure: no Django.

Three steps, each for one indicator:

1. *Small counts*: a count of 1 to 3 persons, or of all but 1 to 3 of them (`is_small`), is secret, and so is what a
   unit withheld. Zero says that there is nobody, and is shown. Of a count that runs through the year the growth since
   the last shown number is a count too (`small_over_time`).
2. *Sums under way*: a roll-up that waits for a unit is not shown when it counts persons; the day the unit reports, the
   difference would be that unit's number (`_Tree.waiting`).
3. *Sums*: a unit's number is the sum of those below. As long as such an equation has exactly one number that is not
   shown, that one can be computed; then a further one is hidden, the smallest first (`hidden_cells`).

The equations of an indicator make a forest: a number is part of one sum at most. There every number stays free as long
as each equation it is in has two that are not known; `tests/reports/test_hiding.py` proves it by linear algebra.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST_PERSONS = 4  # rules.md: person counts from n ≥ 4
LEAST_TOGETHER = 6  # persons that hidden numbers of a sum count together, at least
ZERO = Decimal(0)

# Units of measure that are persons. What is a share or a rate is taken to count persons whatever its unit.
PERSONS = (
    "person", "borger", "barn", "børn", "elev", "ung", "ældre", "patient", "medarbejder", "ansat", "ansatte", "ledig",
    "bruger", "studerende", "beboer", "pårørende", "kvinde", "mand", "mænd", "familie", "modtager", "deltager", "cpr",
    "besvarelse", "svar", "anbragt", "flygtning", "lærling", "kursist", "husstand",
)  # fmt: skip


def are_persons(unit_of_measure: str) -> bool:
    """Whether a number with this unit of measure counts persons: `personer`, `antal elever`, `børn pr. år`."""
    words = unit_of_measure.lower().replace(".", " ").split()
    return any(word.startswith(PERSONS) for word in words)


def is_small_count(count: Decimal | None) -> bool:
    """Whether it counts so few that somebody could be recognised; nobody is not few."""
    return count is not None and ZERO < count < LEAST_PERSONS


def is_small(numerator: Decimal | None, denominator: Decimal | None) -> bool:
    """Whether the numerator, the denominator, or what the numerator leaves of it counts few."""
    rest = None if numerator is None or denominator is None else denominator - numerator
    return is_small_count(numerator) or is_small_count(denominator) or is_small_count(rest)


def small_over_time(counts: Sequence[Decimal | None]) -> list[bool]:
    """Of a count that runs through the year, oldest first: which are secret, since what came on since is few."""
    secret, last_shown = [], ZERO
    for count in counts:
        is_secret = count is not None and is_small_count(abs(count - last_shown))
        secret.append(is_secret)
        if count is not None and not is_secret:
            last_shown = count
    return secret


def is_small_before(before: Decimal | None, denominator: Decimal | None, factor: int) -> bool:
    """Whether a number counted few before it was corrected; of a share, as far as its denominator tells."""
    if before is None or denominator is None:
        return is_small_count(before)
    return is_small((before * denominator / factor).to_integral_value(), denominator)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one series in one period.

    `numerator` is the count, or the numerator of a share; None where no number is stored. `over` is the series of the
    same indicator at the nearest unit above. `is_told`: it is shown elsewhere, so hiding it here would hide nothing.
    """

    pk: int
    over: int | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    is_public: bool = True
    is_secret: bool = False  # withheld, or a small count
    is_computed: bool = False  # the sum of those below that have a number
    absent: int = 0  # of a computed one: how many units below are not in
    is_told: bool = False

    @property
    def has_number(self) -> bool:
        return self.numerator is not None

    @property
    def is_withheld(self) -> bool:
        return self.is_secret and self.numerator is None


def hidden_cells(cells: Iterable[Cell], *, counts_persons: bool) -> set[int]:
    """The cells of one indicator and period that are not to be shown though they may be public.

    With `counts_persons` what is hidden of a sum counts enough persons together too, and no sum under way is shown.
    """
    tree = _Tree(cells, counts_persons)
    protected = {cell.pk for cell in tree.cells.values() if cell.is_secret}
    while (broken := tree.first_broken(protected)) is not None:
        protected.add(broken)
    return protected | tree.waiting


@dataclass(frozen=True, slots=True)
class _Equation:
    """That `total` is the sum of `parts`."""

    total: Cell
    parts: tuple[Cell, ...]

    def terms(self) -> Iterator[Cell]:
        yield self.total
        yield from self.parts


class _Tree:
    """The cells of one indicator and period, and the sums they are in."""

    def __init__(self, cells: Iterable[Cell], counts_persons: bool) -> None:
        self.counts_persons = counts_persons
        self.cells: Mapping[int, Cell] = {cell.pk: cell for cell in cells}
        self.below: dict[int, list[Cell]] = defaultdict(list)
        for cell in self.cells.values():
            if cell.over is not None:
                self.below[cell.over].append(cell)
        self.waiting = {cell.pk for cell in self.cells.values() if counts_persons and self._waits(cell)}
        # From the leaves up, so that what is hidden below is known when the sum above is looked at.
        self.equations = [
            _Equation(cell, parts)
            for cell in sorted(self.cells.values(), key=lambda cell: (-self._depth(cell), cell.pk))
            if (cell.has_number or cell.is_withheld) and (parts := self._parts(cell))
        ]
        # What is told elsewhere, and what follows from it: hiding these hides nothing.
        secret = {cell.pk for cell in self.cells.values() if cell.is_secret}
        self.told = self._following({cell.pk for cell in self.cells.values() if cell.is_told}, secret)

    def _depth(self, cell: Cell) -> int:
        depth = 0
        while cell.over is not None and cell.over in self.cells:
            depth, cell = depth + 1, self.cells[cell.over]
        return depth

    def _parts(self, cell: Cell) -> tuple[Cell, ...]:
        """What the cell is the sum of: if computed, of those with a number; if entered, of all that belong below."""
        return tuple(part for part in self.below[cell.pk] if part.has_number or not cell.is_computed)

    def _waits(self, cell: Cell) -> bool:
        """Whether the cell is a sum that some unit will still be added to; one that withholds will not."""
        return cell.absent > 0 and not self._is_final(cell)

    def _is_final(self, cell: Cell) -> bool:
        settled = [one for one in self.below[cell.pk] if one.is_withheld or (one.absent and self._is_final(one))]
        return len(settled) >= cell.absent

    def _is_shown(self, cell: Cell, protected: Collection[int]) -> bool:
        return cell.has_number and cell.is_public and cell.pk not in protected and cell.pk not in self.waiting

    def first_broken(self, protected: set[int]) -> int | None:
        """The cell to hide next, since a sum gives away one of those protected; None when none does."""
        known = self._known(protected)
        for equation in self.equations:
            unknown = [term for term in equation.terms() if term.pk not in known]
            if not any(term.pk in protected for term in unknown) or self._is_safe(equation, unknown, known):
                continue
            further = self._further(equation, protected, known)
            if further is not None:
                return further
        return None

    def _known(self, protected: Collection[int]) -> set[int]:
        """What the public sees, and what follows from it of numbers that are only not published."""
        return self._following({cell.pk for cell in self.cells.values() if self._is_shown(cell, protected)}, protected)

    def _following(self, known: set[int], protected: Collection[int]) -> set[int]:
        """What is known, and what follows from it."""
        grew = True
        while grew:
            grew = False
            for equation in self.equations:
                unknown = [term.pk for term in equation.terms() if term.pk not in known]
                if len(unknown) == 1 and unknown[0] not in protected:
                    known.add(unknown[0])
                    grew = True
        return known

    def _is_safe(self, equation: _Equation, unknown: Sequence[Cell], known: Collection[int]) -> bool:
        """Whether the sum leaves each of the unknown free."""
        if len(unknown) < 2:
            return False
        if not self.counts_persons or equation.total.pk not in known:
            return True
        # All but the unknown parts is known: so is what these count together. Nobody together is nobody in each.
        parts = [part for part in equation.parts if part.pk in known]
        may_be_none = not any(cell.is_withheld for cell in unknown)
        return all(
            _are_enough(rest, len(unknown)) or (rest == 0 and may_be_none) for rest in _rests(equation.total, parts)
        )

    def _further(self, equation: _Equation, protected: set[int], known: set[int]) -> int | None:
        """The smallest number of the sum that is still shown, those of single units first; at last the sum itself."""
        shown = [cell for cell in equation.parts if self._is_shown(cell, protected) and cell.pk not in self.told]
        if shown:
            return min(shown, key=lambda cell: (bool(self._parts(cell)), cell.numerator or ZERO, cell.pk)).pk
        # Hidden also where it is not published but follows from the sum above it.
        if equation.total.pk not in protected | self.told:
            return equation.total.pk
        # Where all that is shown is told elsewhere: a part that follows from what is below it.
        return next((part.pk for part in equation.parts if part.pk in known - self.told), None)


def _rests(total: Cell, known: Sequence[Cell]) -> Iterator[Decimal]:
    """What the unknown parts count together: the numerators, and what these leave of the denominators."""
    assert total.numerator is not None
    numerator = total.numerator - sum((cell.numerator or ZERO for cell in known), ZERO)
    yield numerator
    if total.denominator is not None:
        yield total.denominator - sum((cell.denominator or ZERO for cell in known), ZERO) - numerator


def _are_enough(together: Decimal, cells: int) -> bool:
    """Whether so many cells count so many together that none is given away, also to one who knows that some are few."""
    return together >= LEAST_TOGETHER and together > (LEAST_PERSONS - 1) * cells
