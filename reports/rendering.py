"""The report on paper: the content in the template for A4, and that as PDF."""

from django.template.loader import render_to_string

from reports.parts import ReportContent
from reports.pdf import render_pdf


def paper_html(content: ReportContent) -> str:
    """The HTML that WeasyPrint reads; it shares its sections with the page."""
    return render_to_string("reports/report_pdf.html", {"content": content, "paper": True})


def report_pdf(content: ReportContent) -> bytes:
    """The report as a tagged PDF."""
    return render_pdf(paper_html(content))
