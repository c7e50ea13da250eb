"""The quick select is Django's select."""

import re

import pytest
from django import forms

from organisation.widgets import QuickSelect

CHOICES = [("", "Alle"), ("a", "Børn & Unge"), (3, '<"Kultur">')]


def tight(html: str) -> str:
    return re.sub(r"\s*\n\s*", "", html)


@pytest.mark.parametrize("value", ["", "a", 3, "3", None, "andet"])
@pytest.mark.parametrize("attrs", [None, {"id": "id_x", "disabled": True}])
def test_is_drawn_as_django_draws_it(value, attrs):
    plain, quick = forms.Select(choices=CHOICES), QuickSelect(choices=CHOICES)
    assert tight(quick.render("x", value, attrs)) == tight(plain.render("x", value, attrs))
