"""Runs one measured case in a process of its own. Importing it sets Django up, so it is imported before any model."""

import json
import os
import sys
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malstyring.settings")
django.setup()


def run(*cases: Callable[..., object]) -> None:
    """Call the case that the command line names, with what follows it, and print what it gives as JSON."""
    by_name = {one.__name__: one for one in cases}
    print(json.dumps(by_name[sys.argv[1]](*sys.argv[2:])))
