"""The files a report comes in: of each kind its media type, and what makes it from the content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.exports.csv import csv_of
from reports.exports.docx import docx_of
from reports.exports.xlsx import xlsx_of
from reports.parts import ReportContent
from reports.rendering import report_pdf

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file."""

    media_type: str
    make: Callable[..., bytes]  # of the content, and of the control code where that is printed
    prints_code: bool = False

    def made(self, content: ReportContent, code: str = "") -> bytes:
        """The file; `code` is the control code of an edition."""
        return self.make(content, code) if self.prints_code else self.make(content)


# By the ending of the file's name, which editions keep.
KINDS: Mapping[str, FileKind] = {
    "pdf": FileKind("application/pdf", report_pdf, prints_code=True),
    "xlsx": FileKind(f"{OFFICE}.spreadsheetml.sheet", xlsx_of),
    "csv": FileKind("text/csv; charset=utf-8", csv_of),
    "docx": FileKind(f"{OFFICE}.wordprocessingml.document", docx_of, prints_code=True),
}
