"""Text that goes into files for other programs: what XML can hold, and what a spreadsheet would take for a formula."""

import re
from decimal import Decimal

from organisation.danish import NBSP

# What XML 1.0 cannot hold, whatever way it is written.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")


def xml_text(text: str) -> str:
    """The text without the characters that no XML file can hold."""
    return _NOT_XML.sub("", text)


def plain_text(text: str) -> str:
    """For a cell: that, with ordinary spaces, so that it can be searched and matched."""
    return xml_text(text).replace(NBSP, " ")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that reads the text might compute it: it begins with = + - @, a tab or a line break."""
    return _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{text}" if looks_like_formula(text) else text


def decimal_text(value: Decimal | None, decimals: int) -> str:
    """`-1234,50`: every decimal that is stored, and at least so many; empty for none."""
    if value is None:
        return ""
    whole, _point, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole},{fraction}" if fraction else whole
