"""The files a report comes in: of each kind its media type, and what makes it from the content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from followup.models import Round
from reports.parts import ReportContent
from reports.rendering import report_pdf


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file."""

    media_type: str
    make: Callable[[ReportContent], bytes]


# By the ending of the file's name, which editions keep.
KINDS: Mapping[str, FileKind] = {
    "pdf": FileKind("application/pdf", report_pdf),
}


_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "/": "-", ":": "-"})


def filename(round_: Round) -> str:
    """What the report's files are called, without the ending."""
    return slugify(f"opfoelgning {round_.period} {round_.body.name}".translate(_LETTERS))
