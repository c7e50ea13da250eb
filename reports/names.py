"""What the report's files are called."""

from django.utils.text import slugify

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "/": "-", ":": "-"})


def in_file_name(text: str) -> str:
    """The text in letters that every file system and mail program keeps: `Børn og Unge` is `boern-og-unge`."""
    return slugify(text.translate(_LETTERS))
