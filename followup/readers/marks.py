"""Marks that stand in tables where a number is missing, and what each means. Never zero."""

import re
from typing import Literal

from goals.kinds import MissingReason

Dash = Literal["missing", "zero"]

_MARKS = {
    "": MissingReason.NOT_REPORTED,
    "..": MissingReason.NOT_REPORTED,
    "...": MissingReason.NOT_REPORTED,
    "…": MissingReason.NOT_REPORTED,
    ":": MissingReason.NOT_REPORTED,
    "NA": MissingReason.NOT_REPORTED,
    "N/A": MissingReason.NOT_APPLICABLE,
    "NaN": MissingReason.NOT_REPORTED,
    "nan": MissingReason.NOT_REPORTED,
    "null": MissingReason.NOT_REPORTED,
    ".": MissingReason.NOT_APPLICABLE,
    "*": MissingReason.WITHHELD,
    "**": MissingReason.WITHHELD,
    "***": MissingReason.WITHHELD,
}
# Too few or too many to be shown (<10, >95 %), or rounded away (~100).
_HIDDEN = re.compile(r"[<>~≤≥]\s*\d+([.,]\d+)?\s*%?")
# What a column named status says of an empty cell beside it.
_STATUSES = {
    "missing": MissingReason.NOT_REPORTED,
    "privacy": MissingReason.WITHHELD,
    "not applicable": MissingReason.NOT_APPLICABLE,
}
STATUS_COLUMN = "status"


def missing_reason(text: str) -> MissingReason | None:
    """Why the stripped text holds no number; None when it is no mark. A dash is not decided here."""
    known = _MARKS.get(text)
    if known is None and _HIDDEN.fullmatch(text):
        return MissingReason.WITHHELD
    return known


def is_dash(text: str) -> bool:
    """Zero in Nordic statistics, masked or missing elsewhere: the reader of the file decides."""
    return text in ("-", "–", "—", "−")


def status_reason(status: str) -> MissingReason:
    """The reason a status text gives for an empty cell."""
    return _STATUSES.get(status.strip().casefold(), MissingReason.NOT_REPORTED)
