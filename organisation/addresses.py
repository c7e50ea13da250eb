"""Addresses of objects in long lists: the pattern is resolved once per process, only the keys are put in."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

STAND_IN = 7310000000000000


def address_of(route: str, *keys: int) -> str:
    """The address that `reverse` gives for a route of whole numbers: `/maal/7/`."""
    return pattern_of(route, len(keys)) % keys


def pattern_of(route: str, count: int) -> str:
    """The address with `%d` for each of its keys: for thousands of them, asked for once."""
    return _pattern(route, count, get_script_prefix())


@lru_cache(maxsize=512)
def _pattern(route: str, count: int, prefix: str) -> str:
    keys = [STAND_IN + at for at in range(count)]
    address = reverse(route, args=keys).replace("%", "%%")
    for key in keys:
        address = address.replace(str(key), "%d", 1)
    return address
