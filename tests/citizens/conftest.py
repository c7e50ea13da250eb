"""It is the morning of `factories.NOW`."""

import pytest

from tests import factories


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.NOW)
