"""Text that goes into files for other programs: what XML can hold, and decimals as they are stored."""

import re
from decimal import Decimal

from organisation.danish import NBSP

# What XML 1.0 cannot hold, whatever way it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters that no XML file can hold."""
    return _NOT_XML.sub("", text)


def plain_text(text: str) -> str:
    """For a cell: that, with ordinary spaces, so that it can be searched and matched."""
    return xml_text(text).replace(NBSP, " ")


def decimal_text(value: Decimal | None, decimals: int) -> str:
    """`-1234,50`: every decimal that is stored, and at least so many; empty for none."""
    if value is None:
        return ""
    whole, _point, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole},{fraction}" if fraction else whole
