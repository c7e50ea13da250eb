"""The collector is left out while rows are made, and is as it was afterwards."""

import gc

import pytest

from organisation.collecting import without_collecting


def test_it_is_off_inside_and_on_again_after_an_error():
    with pytest.raises(ZeroDivisionError), without_collecting():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_one_inside_another_leaves_it_off():
    with without_collecting():
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
