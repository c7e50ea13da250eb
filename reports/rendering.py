"""The report on paper: the content in the template for A4, and that as PDF."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from organisation.pdf import render_pdf
from reports.attachments import attachments
from reports.labels import PARTS
from reports.parts import ReportContent


def paper_html(content: ReportContent, code: str = "") -> str:
    """The HTML that WeasyPrint reads; it shares its sections with the page. `code`: the control code of an edition."""
    has_tables = any(section.tables for section in content.sections)
    context = {"content": content, "code": code, "paper": True, "has_tables": has_tables}
    return render_to_string("reports/report_pdf.html", context)


def report_pdf(content: ReportContent, code: str = "") -> bytes:
    """The report as a tagged PDF, with the numbers of its tables as files in it."""
    labels = {part.value: str(PARTS[part]) for part in content.outline.parts}
    for section in content.sections:
        labels[section.anchor] = _("Mål %(number)s. %(name)s") % {"number": section.number, "name": section.short_name}
    for source in content.sources:
        labels[f"kilde-{source.reference}"] = _("Kilde %d") % source.reference
    return render_pdf(paper_html(content, code), labels, attachments(content))
