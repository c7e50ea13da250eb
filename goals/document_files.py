"""What a steering document's file is: a PDF or a Word document, by its content. Pure: no Django."""

import io
import zipfile

import pikepdf

LIMIT = 20 * 1024 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class DocumentProblem(ValueError):
    """A file that is not kept. `key` is too_large, empty, wrong_type, macros, encrypted or broken."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def kind_of(content: bytes) -> str:
    """`pdf` or `docx`; else DocumentProblem."""
    if not content.strip():
        raise DocumentProblem("empty")
    if len(content) > LIMIT:
        raise DocumentProblem("too_large")
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _packed_kind(content)
    raise DocumentProblem("wrong_type")


def _packed_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise DocumentProblem("broken") from error
    if "word/document.xml" not in names:
        raise DocumentProblem("wrong_type")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise DocumentProblem("macros")
    return "docx"


def pages_of(content: bytes) -> int:
    """How many pages a PDF has; DocumentProblem when it cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return len(document.pages)
    except pikepdf.PasswordError as error:
        raise DocumentProblem("encrypted") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise DocumentProblem("broken") from error
