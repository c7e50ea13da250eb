"""Text that goes into files for other programs: what XML can hold, and what a spreadsheet would take for a formula."""

import re

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
