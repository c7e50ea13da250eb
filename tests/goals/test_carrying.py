"""What a new unit's series takes over from the old ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.carrying import Aim, carried, carried_ceiling

pytestmark = pytest.mark.once

FIVE, SEVEN = Aim(Decimal(5)), Aim(Decimal(7))
RANGE, OTHER = Aim(None, Decimal(1), Decimal(2)), Aim(None, Decimal(3), Decimal(5))


@pytest.mark.parametrize(
    ("aims", "is_count", "is_split", "expected"),
    [
        ([], False, False, None),
        ([None], False, True, None),
        ([FIVE], False, True, FIVE),
        ([FIVE], True, True, None),
        ([FIVE, FIVE], False, False, FIVE),
        ([FIVE, SEVEN], False, False, None),
        ([FIVE, None], False, False, None),
        ([FIVE, FIVE], True, False, Aim(Decimal(10))),
        ([FIVE, SEVEN], True, False, Aim(Decimal(12))),
        ([FIVE, None], True, False, None),
        ([Aim(Decimal(0)), SEVEN], True, False, SEVEN),
        ([RANGE, RANGE], False, False, RANGE),
        ([RANGE, OTHER], True, False, Aim(None, Decimal(4), Decimal(7))),
        ([RANGE, FIVE], True, False, None),
    ],
)
def test_what_is_carried(aims, is_count, is_split, expected):
    assert carried(aims, is_count=is_count, is_split=is_split) == expected


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=6))
def test_counts_are_added_and_others_must_agree(values):
    aims = [Aim(value) for value in values]
    assert carried(aims, is_count=True, is_split=False) == Aim(sum(values, Decimal(0)))
    agreed = carried(aims, is_count=False, is_split=False)
    assert agreed == (aims[0] if min(values) == max(values) else None)


@pytest.mark.parametrize(
    ("ceilings", "proposed"), [([2, 5], 5), ([5, None], 5), ([None, None], None), ([3, 3, 3], 3), ([], None)]
)
def test_the_highest_ceiling_is_proposed(ceilings, proposed):
    assert carried_ceiling(ceilings) == proposed
