"""Words and marks of surveys: `{% load methods %}`."""

from django import template
from django.utils.safestring import SafeString

from citizens.kinds import Method
from citizens.labels import METHODS
from citizens.qr import qr_svg

register = template.Library()


@register.filter
def method_name(method: str) -> str:
    """How an answer came in: `åbent link`."""
    return str(METHODS[Method(method)])


@register.simple_tag
def qr(address: str, title: str) -> SafeString:
    """The address as a QR code."""
    return qr_svg(address, title)
