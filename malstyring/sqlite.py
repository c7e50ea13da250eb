"""Makes SQLite sort and search Danish text as PostgreSQL does."""

import re
from functools import lru_cache
from typing import Any

# Å is the last letter and "aa" sorts as å; æ and ä together, ø and ö together (Retskrivningsordbogen § 4).
_ORDER = str.maketrans(
    {
        "æ": "{a",
        "ä": "{a",
        "ø": "{b",
        "ö": "{b",
        "å": "{c",
        "é": "e",
        "è": "e",
        "ü": "y",
        "á": "a",
        "à": "a",
        "ó": "o",
        "ô": "o",
    }
)


@lru_cache(maxsize=50_000)
def _sort_key(text: str) -> tuple[str, str]:
    folded = text.casefold().replace("aa", "å").translate(_ORDER)
    # Punctuation and blanks come before digits and letters; case decides only between equals, small letters first.
    return folded, text.swapcase()


def collate_danish(left: str, right: str) -> int:
    """Compare two texts in Danish order: negative, zero or positive."""
    a, b = _sort_key(left), _sort_key(right)
    return (a > b) - (a < b)


@lru_cache(maxsize=1_000)
def _like_pattern(pattern: str, escape: str) -> re.Pattern[str]:
    parts, letters = [], iter(pattern)
    for letter in letters:
        if letter == escape:
            parts.append(re.escape(next(letters, "")))
        elif letter == "%":
            parts.append(".*")
        elif letter == "_":
            parts.append(".")
        else:
            parts.append(re.escape(letter))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def like(pattern: str | None, text: object, escape: str = "\\") -> bool | None:
    """SQL LIKE that ignores case in all letters; SQLite's own knows A-Z only."""
    if pattern is None or text is None:
        return None
    return _like_pattern(pattern, escape).fullmatch(str(text)) is not None


def prepare_connection(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Give a new SQLite connection the collation da-x-icu and the Unicode LIKE."""
    if connection.vendor != "sqlite":
        return
    connection.connection.create_collation("da-x-icu", collate_danish)
    connection.connection.create_function("like", 2, like, deterministic=True)
    connection.connection.create_function("like", 3, like, deterministic=True)
