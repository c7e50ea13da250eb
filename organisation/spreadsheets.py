"""Text that spreadsheets read. Pure: no Django."""

import re

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that reads the text might compute it: it begins with = + - @, a tab or a line break."""
    return _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """The text with an apostrophe before it where Excel would compute it."""
    return f"'{text}" if looks_like_formula(text) else text
