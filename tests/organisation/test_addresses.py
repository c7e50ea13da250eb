"""An address made from a pattern is the one that Django makes."""

import pytest
from django.urls import reverse, set_script_prefix

from organisation.addresses import address_of


@pytest.fixture(params=["/", "/under/"])
def prefix(request):
    set_script_prefix(request.param)
    yield request.param
    set_script_prefix("/")


@pytest.mark.parametrize(
    ("route", "keys"),
    [("followup:goal_detail", [7]), ("followup:series_detail", [12345]), ("followup:value_correct", [3, 14])],
)
def test_is_what_reverse_gives(prefix, route, keys):
    assert address_of(route, *keys) == reverse(route, args=keys)
    assert address_of(route, *keys).startswith(prefix)
