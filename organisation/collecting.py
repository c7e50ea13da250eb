"""The garbage collector, and when it is in the way. Pure: no Django."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave the collector out while hundreds of thousands of rows are made; also as a decorator.

    It would look through all of them again and again, for a fifth of the time, and find nothing: rows hold texts and
    numbers, never each other. What is no longer used is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Of two threads at once, the one that found it on turns it on again.
        if was_on:
            # All that was made moves among the old, unseen: else the next few rows would set off a look through it.
            # Not where a server has put aside what it loaded (`malstyring.wsgi`): that would come back for good.
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


@contextmanager
def collecting_once() -> Iterator[None]:
    """As `without_collecting`, for what does hold each other, as the boxes of a page do: one look, at the end.

    What was there before is put aside meanwhile: the look takes as long as what was made is large.
    """
    was_on, has_put_aside = gc.isenabled(), gc.get_freeze_count() > 0
    gc.disable()
    if was_on and not has_put_aside:
        gc.freeze()
    try:
        yield
    finally:
        if was_on:
            gc.collect()
            if not has_put_aside:
                gc.unfreeze()
            gc.enable()
