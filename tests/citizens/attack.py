"""An attacker who has everything that is published of a survey and works out what is hidden.

`recovered` needs nothing but the published results; it can be given what files, tables or an API say, read back into
the same shape. `recovered_knowing` is a stronger one: of every two ways of parting those who answered it also knows
which combinations nobody is in. Both return sentences; an empty list is what a survey must come to.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, combinations_with_replacement

from citizens.published import GroupResult, QuestionResult, SurveyResults

# How many of a part answered a question, for an attacker who knows it though it is not printed.
KnownN = Callable[[str, str, str], int | None]
Membership = Mapping[str, Mapping[str, frozenset[int]]]  # partition -> part -> persons, as they truly are


@dataclass(frozen=True)
class Table:
    """One way of parting those who answered, as it is printed."""

    name: str
    parts: tuple[GroupResult, ...]


def tables(results: SurveyResults) -> list[Table]:
    found = [Table("groups", results.groups)] if results.groups else []
    found += [Table(f"by {code}", groups) for code, groups in results.backgrounds]
    if results.methods:
        found.append(Table("methods", tuple(GroupResult(code, code, None, n) for code, n in results.methods)))
    return found


def recovered(results: SurveyResults, *, least: int = 6, known_n: KnownN = lambda *_: None) -> list[str]:
    """Everything hidden that follows from what is printed."""
    if results.n is None:
        return list(_told_of_too_few(results))
    found = [line for table in tables(results) for line in _counts(results.n, table, least)]
    for question in results.questions:
        found += _question(question, least)
        for table in tables(results):
            found += _differences(question, table, least, known_n)
            found += _means_of_few(question, table, known_n)
    return found + list(_backgrounds_as_questions(results, least))


def _told_of_too_few(results: SurveyResults) -> Iterator[str]:
    for question in results.questions:
        if question.is_shown or question.n is not None or question.choices or question.mean is not None:
            yield f"{question.code}: shown though too few answered"
    for table in tables(results):
        for part in table.parts:
            if part.n is not None or any(one.is_shown for one in part.questions):
                yield f"{table.name}: {part.code} is told though too few answered"


def _counts(total: int, table: Table, least: int) -> Iterator[str]:
    """Total less the shown parts; each hidden part must have at least two possible counts."""
    shown = [part.n for part in table.parts if part.n is not None]
    hidden = [part for part in table.parts if part.n is None]
    if any(0 < n < least for n in shown):
        yield f"{table.name}: a part of fewer than {least} is printed"
    rest = total - sum(shown)
    if not hidden:
        return
    if rest < least:
        yield f"{table.name}: the hidden parts are {rest} persons together"
    most = [min(rest, part.invited) if part.invited is not None else rest for part in hidden]
    for at, part in enumerate(hidden):
        possible = [n for n in range(1, most[at] + 1) if _can_be(rest - n, [*most[:at], *most[at + 1 :]])]
        if len(possible) < 2:
            yield f"{table.name}: {part.code} is {possible}"


def _can_be(total: int, most: Sequence[int]) -> bool:
    """Whether the rest can be spread over the other hidden parts, at least one in each."""
    return len(most) <= total <= sum(most)


def _question(question: QuestionResult, least: int) -> Iterator[str]:
    if not question.is_shown:
        if question.n is not None or question.choices or question.mean is not None or question.beside is not None:
            yield f"{question.code}: figures of a hidden question"
        return
    if question.is_background:
        return
    if question.n is None or question.n < least:
        yield f"{question.code}: shown with {question.n}"
    counts = [choice.count for choice in question.choices if choice.count is not None]
    if question.kind != "ranking" and counts and all(count in (0, question.n) for count in counts):
        yield f"{question.code}: all answered alike"
    if question.kind in ("scale", "ten") and not (counts and not question.is_merged):
        yield from _settled(question, question.n or 0, None, f"{question.code}: ")


def _differences(question: QuestionResult, table: Table, least: int, known_n: KnownN) -> Iterator[str]:
    """The question's total less the parts that it is shown of."""
    hidden, shown = [], []
    for part in table.parts:
        found = next((one for one in part.questions if one.code == question.code), None)
        if found is None:
            return
        n = known_n(question.code, table.name, part.code)
        (shown if found.is_shown else hidden).append((part, found, found.n if n is None else n))
    if shown and not question.is_shown:
        yield f"{question.code}, {table.name}: parts are shown and the whole is not"
        return
    where = f"{question.code}, {table.name}"
    if any(n is None for _part, _found, n in shown) or not question.is_shown:
        return
    if any(n < least for _part, _found, n in shown):
        yield f"{where}: a part of fewer than {least} is printed"
    rest = (question.n or 0) - sum(n for _part, _found, n in shown)
    if rest == 0 or not shown:  # nothing taken away leaves the whole, which is printed
        return
    if rest < least:
        yield f"{where}: the hidden parts are {rest} answers together"
    some = [part for part, _found, n in hidden if part.n != 0 and n != 0]
    if len(some) < 2:
        yield f"{where}: {some[0].code if some else '?'} is what is left"
    counts = _left_counts(question, shown)
    if counts is not None and _is_alike(counts, rest):
        yield f"{where}: what is left answered alike, {counts}"
    if counts is not None and rest < 10 and any(0 < count < 4 for count in counts.values()):
        yield f"{where}: what is left is {rest} answers, {counts}"
    total = _left_sum(question, shown)
    if total is not None and question.kind in ("scale", "ten"):
        values = [int(choice.code) for choice in question.choices]
        if total in (rest * values[0], rest * values[-1]):
            yield f"{where}: what is left answered alike, sum {total} of {rest}"
        if rest < 10:
            yield from _settled(question, rest, Fraction(total, rest), f"{where}, what is left: ")


def _left_counts(question: QuestionResult, shown: list) -> dict[str, int] | None:
    """The distribution of the hidden parts, where every shown part has one."""
    if question.is_merged or question.kind == "ranking":
        return None
    left = {choice.code: choice.count for choice in question.choices}
    for _part, found, _n in shown:
        if not found.choices:
            return None
        for choice in found.choices:
            left[choice.code] -= choice.count
    return left or None


def _is_alike(counts: Mapping[str, int], n: int) -> bool:
    return all(count in (0, n) for count in counts.values())


def _left_sum(question: QuestionResult, shown: list) -> int | None:
    """What the hidden parts' answers add up to, where rounding leaves no doubt."""
    if question.is_merged or not question.choices or question.kind not in ("scale", "ten"):
        return None
    total = sum(int(choice.code) * choice.count for choice in question.choices)
    for _part, found, n in shown:
        sums = _sums(found.mean, n)
        if len(sums) != 1:
            return None
        total -= sums[0]
    return total


def _sums(mean: Decimal, n: int) -> list[int]:
    """The whole sums whose mean is printed like this."""
    near = int(mean * n)
    return [
        total
        for total in range(max(0, near - n), near + n + 1)
        if (Decimal(total) / n).quantize(mean, rounding=ROUND_HALF_UP) == mean
    ]


def _means_of_few(question: QuestionResult, table: Table, known_n: KnownN) -> Iterator[str]:
    """A mean of few answers must not say how many gave an answer that few gave."""
    for part in table.parts:
        found = next((one for one in part.questions if one.code == question.code), None)
        if found is None or not found.is_shown or found.mean is None:
            continue
        known = known_n(question.code, table.name, part.code)
        n = found.n if known is None else known
        if n is not None and n < 10:
            yield from _settled(question, n, found.mean, f"{question.code}, {table.name}, {part.code}: ")


def _settled(question: QuestionResult, n: int, mean: Decimal | Fraction | None, where: str) -> Iterator[str]:
    """Categories of one to three persons that are the same in every distribution that fits what is printed.

    `mean` as a fraction is known exactly.
    """
    whole = {int(choice.code): choice.count for choice in question.choices} if not question.is_merged else {}
    values = sorted(whole) or list(range(1, 6) if question.kind == "scale" else range(11))
    printed = question if mean is None else None
    mean = question.mean if mean is None else mean
    possible = {value: set() for value in values}
    for answers in combinations_with_replacement(values, n):
        if not _has_mean(sum(answers), n, mean):
            continue
        counts = {value: answers.count(value) for value in values}
        if printed is not None and not _fits(printed, counts, n):
            continue
        others = question.n - n
        if whole and printed is None and not all(whole[v] - others <= counts[v] <= whole[v] for v in values):
            continue
        for value in values:
            possible[value].add(counts[value])
    for value, counts in possible.items():
        if len(counts) == 1 and 0 < next(iter(counts)) < 4:
            yield f"{where}{counts} gave {value}"


def _has_mean(total: int, n: int, mean: Decimal | Fraction) -> bool:
    if isinstance(mean, Fraction):
        return Fraction(total, n) == mean
    return (Decimal(total) / n).quantize(mean, rounding=ROUND_HALF_UP) == mean


def _fits(printed: QuestionResult, counts: Mapping[int, int], n: int) -> bool:
    if printed.sd is not None:
        mean = Fraction(sum(value * count for value, count in counts.items()), n)
        squares = sum((value - mean) ** 2 * count for value, count in counts.items()) / (n - 1)
        # Of few, a spread is printed rounded up to a half.
        if not (printed.sd - Decimal("0.5")) < (Decimal(squares.numerator) / squares.denominator).sqrt() <= printed.sd:
            return False
    if printed.is_merged:
        three = (counts[1] + counts[2], counts[3], counts[4] + counts[5])
        return three == tuple(choice.count for choice in printed.choices)
    return True


def _backgrounds_as_questions(results: SurveyResults, least: int) -> Iterator[str]:
    """A background question's own distribution must tell no more than the table by it."""
    tables_by_code = dict(results.backgrounds)
    for question in results.questions:
        if question.is_background:
            by_code = {part.code: part.n for part in tables_by_code.get(question.code, ())}
            for choice in question.choices:
                if choice.count != by_code.get(choice.code):
                    yield f"{question.code}: {choice.code} is told beside the table"
            left = (question.n or 0) - sum(choice.count or 0 for choice in question.choices)
            if question.n is not None and 0 < left < least:
                yield f"{question.code}: {left} hidden answers"


# ---- an attacker who knows who is in which combination ---------------------------------------------------------------


def recovered_knowing(results: SurveyResults, members: Membership, *, least: int = 6) -> list[str]:
    """Hidden counts that follow from two tables together, for somebody who knows which combinations are empty.

    What is printed is sums over combinations; a hidden part is told when its own sum is made of those.
    """
    if results.n is None:
        return []
    found = []
    for one, other in combinations(tables(results), 2):
        persons = range(results.n)
        kinds = sorted({(_part_of(members[one.name], p), _part_of(members[other.name], p)) for p in persons})
        printed = [[1] * len(kinds)]
        hidden = []
        for at, table in enumerate((one, other)):
            for part in table.parts:
                row = [int(kind[at] == part.code) for kind in kinds]
                (hidden if part.n is None else printed).append(row if part.n is not None else (table, part, row))
        basis = _eliminated(printed)
        for table, part, row in hidden:
            if any(row) and not any(_reduced(row, basis)):
                found.append(f"{one.name} and {other.name}: {part.code} of {table.name}")
        found += _nested(one, other, members, least)
    return found


def _nested(one: Table, other: Table, members: Membership, least: int) -> Iterator[str]:
    """A shown part within another one, with only a few persons more."""
    for wide, narrow in ((one, other), (other, one)):
        for outer in wide.parts:
            for inner in narrow.parts:
                if outer.n is None or inner.n is None:
                    continue
                big, small = members[wide.name][outer.code], members[narrow.name][inner.code]
                if small and small <= big and 0 < len(big - small) < least:
                    yield f"{inner.code} of {narrow.name} within {outer.code}: {len(big - small)} more"


def _part_of(parts: Mapping[str, frozenset[int]], person: int) -> str:
    return next(code for code, persons in parts.items() if person in persons)


def _eliminated(rows: list[list[int]]) -> list[list[Fraction]]:
    basis: list[list[Fraction]] = []
    for row in rows:
        left = _reduced(row, basis)
        if any(left):
            lead = next(value for value in left if value)
            basis.append([value / lead for value in left])
    return basis


def _reduced(row: Sequence[int | Fraction], basis: list[list[Fraction]]) -> list[Fraction]:
    left = [Fraction(value) for value in row]
    for one in basis:
        at = next(place for place, value in enumerate(one) if value)
        if left[at]:
            factor = left[at]
            left = [value - factor * base for value, base in zip(left, one, strict=True)]
    return left
