import pytest

from citizens import asking, limits


@pytest.fixture(autouse=True)
def forgotten():
    """A process that has met nobody yet."""
    limits.fresh.forget()
    limits.waited.forget()
    asking.kept.clear()
