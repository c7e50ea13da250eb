import pytest

from citizens import asking, limits
from tests import factories


@pytest.fixture(autouse=True)
def forgotten():
    """A process that has met nobody yet."""
    limits.fresh.forget()
    limits.waited.forget()
    asking.kept.clear()


@pytest.fixture
def clock(monkeypatch):
    """It is the morning of `factories.NOW`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)
