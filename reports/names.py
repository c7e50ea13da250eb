"""What the report's files are called."""

from django.utils.text import slugify

from reports.subject import Subject

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "/": "-", ":": "-"})


def in_file_name(text: str) -> str:
    """The text in letters that every file system and mail program keeps: `Børn og Unge` is `boern-og-unge`."""
    return slugify(text.translate(_LETTERS))


def file_name(subject: Subject) -> str:
    """The name of the report's files, without the ending: `opfoelgning-2026k2-boerne-og-skoleudvalget`."""
    round_, about = subject.round, subject.unit or subject.goal
    what = "opfoelgning" if subject.is_ordinary else subject.template.slug
    return in_file_name(" ".join([what, round_.period, str(about or round_.body.name)]))
