"""The report in files for other programs."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from organisation.access import requires
from organisation.permissions import Permission
from reports.content import report_content
from reports.exports.csv import csv_of
from reports.exports.docx import docx_of
from reports.exports.svg import svg_of
from reports.exports.xlsx import xlsx_of
from reports.parts import ReportContent
from reports.views.reading import file_response, may_read, refused, visible_round

OFFICE = "application/vnd.openxmlformats-officedocument"
# The drawing has no script, no style sheet and no address; should one come in, it does nothing.
SVG_POLICY = "default-src 'none'; sandbox"


@requires(Permission.SEE_AUTHORITY)
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook: overview, every number, and what the numbers are."""
    return _file(request, pk, xlsx_of, f"{OFFICE}.spreadsheetml.sheet", ".xlsx")


@requires(Permission.SEE_AUTHORITY)
def report_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every number, a line for each series and period."""
    return _file(request, pk, csv_of, "text/csv; charset=utf-8", ".csv")


@requires(Permission.SEE_AUTHORITY)
def report_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """A Word document for the agenda."""
    return _file(request, pk, docx_of, f"{OFFICE}.wordprocessingml.document", ".docx")


@requires(Permission.SEE_AUTHORITY)
def report_chart(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One of the report's charts as a drawing."""

    def drawn(content: ReportContent) -> bytes:
        for section in content.sections:
            for chart in section.charts:
                if chart.name == name:
                    return svg_of(chart, content)
        raise Http404

    response = _file(request, pk, drawn, "image/svg+xml", f"-{name}.svg")
    if response.status_code == 200:
        response.headers["Content-Security-Policy"] = SVG_POLICY
    return response


def _file(
    request: HttpRequest, pk: int, write: Callable[[ReportContent], bytes], content_type: str, ending: str
) -> HttpResponse:
    """What `write` makes of the report, for those who may read it."""
    round_ = visible_round(request, pk)
    if not may_read(request, round_):
        return refused(request, round_)
    return file_response(round_, write(report_content(round_, now=request.now)), content_type, ending)
