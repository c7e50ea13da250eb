"""Two at the same moment, each on a connection of its own, and where they are made to meet.

A race is shown first with the locks off: both have read before either writes, and both go through.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection
from django.db.models import QuerySet

needs_rows_locked = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


class Patience:
    """Seconds that one waits for the other: with locks on it cannot come; without it does, however busy the machine."""

    LOCKED, UNLOCKED = 1.0, 60.0
    seconds = LOCKED


@pytest.fixture
def without_locks(monkeypatch):
    """Nobody holds a row."""
    monkeypatch.setattr(Patience, "seconds", Patience.UNLOCKED)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())


def meet_after(monkeypatch, module, name: str) -> None:
    """Two who have passed the module's function wait for each other there.

    It must be called after all that the race turns on is read: who comes first out of the meeting may be done before
    the other goes on.
    """
    barrier, original = Barrier(2), getattr(module, name)

    def meeting(*args, **kwargs):
        result = original(*args, **kwargs)
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=Patience.seconds)
        return result

    monkeypatch.setattr(module, name, meeting)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """What each step gives when all begin together, each on its own connection; for an error its key, or itself."""
    ready, results = Barrier(len(steps)), [None] * len(steps)

    def run(at: int, step: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=Patience.UNLOCKED)
            results[at] = step()
        except Exception as error:
            results[at] = getattr(error, "key", error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(at, step)) for at, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=2 * Patience.UNLOCKED)
    return results
