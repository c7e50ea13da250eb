"""No number that the public may not see follows from those it sees: the rules, and a proof by linear algebra."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.opendata.hiding import Cell, are_persons, hidden_cells, is_small, small_over_time

pytestmark = pytest.mark.once
D = Decimal


@pytest.mark.parametrize(
    ("numerator", "denominator", "small"),
    [
        (None, None, False),
        (0, None, False),  # nobody is not few
        (1, None, True),
        (3, None, True),
        (4, None, False),
        (3, 45, True),
        (0, 45, False),
        (4, 45, False),
        (42, 45, True),  # all but three
        (45, 45, False),
        (41, 45, False),
        (2, 3, True),
        (0, 3, True),  # a share of three persons
        (90_000, 45, False),  # kroner for each of 45
    ],
)
def test_what_counts_few(numerator, denominator, small):
    parts = [None if one is None else D(one) for one in (numerator, denominator)]
    assert is_small(*parts) is small


@pytest.mark.parametrize(
    ("unit", "persons"),
    [("personer", True), ("antal elever", True), ("Børn", True), ("pct.", False), ("kr.", False), ("dage", False),
     ("borgere pr. år", True), ("mio. kr.", False), ("sager", False)],
)  # fmt: skip
def test_units_of_measure_that_are_persons(unit, persons):
    assert are_persons(unit) is persons


@pytest.mark.parametrize(
    ("counts", "secret"),
    [
        ([5, 7, 9], [False, True, False]),  # from 5 to 7 came two; from 5 to 9 came four
        ([5, 5, 5], [False, False, False]),
        ([2, 3, 4], [True, True, False]),
        ([10, None, 12, 20], [False, False, True, False]),
        ([10, 8], [False, True]),  # two were taken out again
    ],
)
def test_a_count_that_runs_through_the_year(counts, secret):
    assert small_over_time([None if one is None else D(one) for one in counts]) == secret


def leaf(pk, number, **more):
    number = None if number is None else D(number)
    return Cell(pk, over=1, numerator=number, **more)


def total(number, **more):
    return Cell(1, numerator=D(number), is_computed=True, **more)


def test_a_lone_hidden_number_takes_the_smallest_other_with_it():
    cells = [total(33), leaf(2, 3, is_secret=True), leaf(3, 10), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {2, 3}


def test_an_unpublished_sibling_is_cover_enough():
    cells = [total(33), leaf(2, 3, is_secret=True), leaf(3, 10, is_public=False), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {2}


def test_two_few_are_too_few_together():
    cells = [total(26), leaf(2, 3, is_secret=True), leaf(3, 3, is_secret=True), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {2, 3, 4}


def test_two_withheld_numbers_of_anything_cover_each_other():
    cells = [total(2), leaf(2, 1, is_secret=True), leaf(3, 1, is_secret=True)]
    assert hidden_cells(cells, counts_persons=False) == {2, 3}


def test_an_only_part_takes_the_sum_with_it():
    assert hidden_cells([total(3, is_secret=True), leaf(2, 3, is_secret=True)], counts_persons=True) == {1, 2}


def test_what_a_unit_withholds_is_not_in_a_computed_sum():
    cells = [total(30, absent=1), leaf(2, None, is_secret=True), leaf(3, 10), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {2}


def test_what_a_unit_withholds_is_in_an_entered_sum():
    cells = [Cell(1, numerator=D(37)), leaf(2, None, is_secret=True), leaf(3, 10), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {2, 3}


def test_a_withheld_sum_does_not_stand_as_the_sum_of_what_is_below():
    cells = [Cell(1, is_secret=True), leaf(2, 10), leaf(3, 20)]
    assert hidden_cells(cells, counts_persons=False) == {1, 2}


def test_a_sum_that_waits_for_a_unit_is_not_shown():
    cells = [total(30, absent=1), leaf(3, 10), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == {1}
    assert hidden_cells(cells, counts_persons=False) == set()


def test_an_unpublished_sum_that_follows_from_its_parts_covers_nothing():
    """1 = 2 + 3; 2 = 4 + 5 is not published but known from them, so 3 would be the only one unknown."""
    cells = [
        Cell(1, numerator=D(40), is_computed=True),
        Cell(2, over=1, numerator=D(30), is_computed=True, is_public=False),
        Cell(3, over=1, numerator=D(3), is_secret=True),
        Cell(6, over=1, numerator=D(7)),
        Cell(4, over=2, numerator=D(10)),
        Cell(5, over=2, numerator=D(20)),
    ]
    assert hidden_cells(cells, counts_persons=True) == {3, 6}


# ---- the attacker ----------------------------------------------------------------------------------------------------


@st.composite
def trees(draw):
    """Up to three levels; the numbers of single units drawn, sums computed, some not published, some withheld."""
    shape = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    numbers = st.one_of(st.integers(0, 9), st.integers(10, 60))
    cells, pk, tops = [], 1, []
    for below in shape:
        pk += 1
        middle, leaves = pk, []
        for _ in range(below):
            pk += 1
            leaves.append(_leaf(draw, pk, middle, draw(numbers)))
        cells += leaves
        tops.append(_sum(draw, middle, 1, leaves) if leaves else _leaf(draw, middle, 1, draw(numbers)))
    cells += tops
    cells.append(_sum(draw, 1, None, tops))
    return cells


def _leaf(draw, pk, over, number):
    if draw(st.integers(0, 9)) == 0:
        return Cell(pk, over, None, is_secret=True, is_public=draw(st.booleans()))
    return Cell(pk, over, D(number), is_public=draw(st.integers(0, 4)) > 0, is_secret=0 < number < 4)


def _sum(draw, pk, over, parts):
    number = sum((part.numerator for part in parts if part.has_number), D(0))
    absent = sum(1 for part in parts if not part.has_number or part.absent)
    is_public = draw(st.integers(0, 4)) > 0
    if not any(part.has_number for part in parts):
        return Cell(pk, over, None, is_public=is_public, is_computed=True)
    return Cell(pk, over, number, is_public=is_public, is_secret=0 < number < 4, is_computed=True, absent=absent)


def equations(cells):
    """The sums that the public knows of."""
    below = defaultdict(list)
    for cell in cells:
        below[cell.over].append(cell)
    for cell in cells:
        parts = [part for part in below[cell.pk] if part.has_number]
        if cell.has_number and parts:
            yield cell, parts


def derivable(cells, shown):
    """What follows from the numbers shown, by Gaussian elimination over the sums: pk of each number so found."""
    unknown = sorted(cell.pk for cell in cells if cell.has_number and cell.pk not in shown)
    rows = []
    for whole, parts in equations(cells):
        row = [Fraction(0)] * len(unknown)
        for term, sign in [(whole, -1), *((part, 1) for part in parts)]:
            if term.pk in unknown:
                row[unknown.index(term.pk)] += sign
        rows.append(row)
    solved = 0
    for column in range(len(unknown)):
        pivot = next((at for at in range(solved, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[solved], rows[pivot] = rows[pivot], rows[solved]
        lead = rows[solved]
        for at, row in enumerate(rows):
            if at != solved and row[column]:
                factor = row[column] / lead[column]
                rows[at] = [one - factor * two for one, two in zip(row, lead, strict=True)]
        solved += 1
    return {unknown[at] for row in rows if sum(map(bool, row)) == 1 for at, one in enumerate(row) if one}


@settings(max_examples=400, deadline=None)
@given(trees())
def test_no_secret_number_follows_from_those_shown(cells):
    hidden = hidden_cells(cells, counts_persons=True)
    secret = {cell.pk for cell in cells if cell.is_secret}
    waiting = {cell.pk for cell in cells if cell.absent}
    assert secret <= hidden
    shown = {cell.pk for cell in cells if cell.has_number and cell.is_public and cell.pk not in hidden}
    assert not derivable(cells, shown) & (hidden - (waiting - secret))


def in_reports(cells):
    """What pages show, and what reports, which tell of every unit, may show beside it."""
    hidden = hidden_cells(cells, counts_persons=True)
    on_pages = {cell.pk for cell in cells if cell.has_number and cell.is_public and cell.pk not in hidden}
    every = [replace(cell, is_public=True, is_told=cell.pk in on_pages) for cell in cells]
    further = hidden_cells(every, counts_persons=True)
    return on_pages, {cell.pk for cell in cells if cell.has_number} - further - hidden


@settings(max_examples=5000, deadline=None)
@given(trees())
def test_no_secret_number_follows_from_pages_and_reports_together(cells):
    """A report tells of units that pages do not, and pages may hide another sibling than the report would."""
    on_pages, reported = in_reports(cells)
    secret = {cell.pk for cell in cells if cell.is_secret}
    assert not secret & (on_pages | reported | derivable(cells, on_pages | reported)), repr(cells)


def test_a_report_hides_what_pages_do_not_show():
    """Pages show the sum and 3, since 2 is covered by 4; a report that hid 3 instead and told 4 would give 2 away."""
    cells = [total(33), leaf(2, 3, is_secret=True), leaf(3, 10), leaf(4, 20, is_public=False)]
    assert in_reports(cells) == ({1, 3}, {1, 3})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=4))
@example([3, 3])
@example([1, 1])
@example([2, 2, 2])
def test_no_secret_number_is_the_only_one_that_fits(numbers):
    """Every way the hidden numbers could be, by trying: two or more for each secret one."""
    cells = [total(sum(numbers), is_secret=0 < sum(numbers) < 4)]
    cells += [leaf(pk, number, is_secret=0 < number < 4) for pk, number in enumerate(numbers, 2)]
    hidden = hidden_cells(cells, counts_persons=True)
    if 1 in hidden:
        return
    unknown = [cell for cell in cells if cell.pk in hidden]
    together = sum(int(cell.numerator) for cell in unknown)
    # The attacker knows that those few are few, and nothing of the ones hidden for their sake.
    ranges = [range(1, 4) if cell.is_secret else range(together + 1) for cell in unknown]
    fits = [way for way in product(*ranges) if sum(way) == together]
    for at, cell in enumerate(unknown):
        if cell.is_secret:
            assert len({way[at] for way in fits}) > 1, (numbers, hidden)


def test_nothing_is_hidden_without_a_reason():
    cells = [total(34), leaf(2, 4), leaf(3, 10), leaf(4, 20)]
    assert hidden_cells(cells, counts_persons=True) == set()
