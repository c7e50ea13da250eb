"""The collector is left out while rows are made, and is as it was afterwards."""

import gc
from weakref import ref

import pytest

from organisation.collecting import collecting_once, without_collecting


@pytest.fixture(autouse=True)
def nothing_put_aside():
    """As in a process that is no server."""
    gc.unfreeze()


def test_it_is_off_inside_and_on_again_after_an_error():
    with pytest.raises(ZeroDivisionError), without_collecting():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_what_is_made_inside_is_not_looked_through_right_after():
    with without_collecting():
        rows = [[] for _ in range(5000)]
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert not young & set(map(id, rows))


class Box:
    """Of a page: it holds itself, as a parent and its children hold each other."""

    def __init__(self) -> None:
        self.parent = self


def test_what_holds_itself_is_gone_afterwards():
    before = ref(Box())
    with collecting_once():
        assert not gc.isenabled()
        made = ref(Box())
        assert made() is not None
    assert made() is None
    assert before() is not None, "what was there before is not looked through"
    assert gc.isenabled()
    assert not gc.get_freeze_count()


def test_one_inside_another_leaves_it_off():
    with without_collecting():
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.parametrize("way", [without_collecting, collecting_once])
def test_what_a_server_has_put_aside_stays_there(way):
    gc.freeze()
    try:
        put_aside = gc.get_freeze_count()
        with way():
            pass
        assert gc.get_freeze_count() == put_aside > 0
    finally:
        gc.unfreeze()
