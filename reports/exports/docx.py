"""The report as a Word document for agenda systems: headings, paragraphs and tables, drawn from templates."""

from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string

from reports.exports.package import package
from reports.exports.text import xml_text
from reports.parts import ReportContent

# Where each template goes in the file; what the file holds comes first.
PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "rels.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/numbering.xml": "numbering.xml",
    "word/footer1.xml": "footer1.xml",
    "docProps/core.xml": "core.xml",
}


def docx_of(content: ReportContent, code: str = "") -> bytes:
    """The document; `code` is the control code of an edition. The same content gives the same bytes."""
    return package((name, _part(template, {"content": content, "code": code})) for name, template in PARTS.items())


def _part(template: str, context: Mapping[str, object]) -> Iterable[bytes]:
    return [xml_text(render_to_string(f"reports/docx/{template}", context)).encode()]
