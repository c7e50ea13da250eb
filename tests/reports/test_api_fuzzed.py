"""The API held to its own description by schemathesis: every operation, with what fits it and with what does not."""

import os

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from reports.api import access
from reports.api.routes import api
from tests.reports.opendata import open_town, rolled_up, with_numbers

# More in a long run by hand: API_EXAMPLES=1000.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))
PATHS = api.get_openapi_schema()["paths"]
# Addresses that take nothing cannot be asked wrongly.
CASES = [(path, GenerationMode.POSITIVE) for path in PATHS] + [
    (path, GenerationMode.NEGATIVE)
    for path, operation in PATHS.items()
    if any(one["in"] in ("query", "path") for one in operation["get"]["parameters"])
]


# What the API says of itself is the same on every database; `test_api` asks both.
pytestmark = pytest.mark.once


@pytest.fixture
def it(db, monkeypatch):
    monkeypatch.setattr(access.limiter, "take", lambda address: True)
    return rolled_up(with_numbers(open_town()), {"A": 3, "B": 10, "C": 20})


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_every_operation_does_as_it_says(it, path, mode):
    """Status, media type, body and headers are as described; nonsense is refused; nothing fails."""
    # Not `malstyring.wsgi`: as a server does, it would take from the collector all that this process holds.
    application = get_wsgi_application()
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)[path]["get"]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def check(case):
        case.call_and_validate()

    check()
