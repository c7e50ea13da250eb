"""The report as files: of a published one those that were published, else of what it says now."""

from django.http import Http404, HttpRequest, HttpResponse

from organisation.access import requires
from organisation.permissions import Permission
from reports.editions import content_of, edition_in_force, file_of
from reports.exports.png import png_of
from reports.exports.svg import svg_of
from reports.files import KINDS
from reports.keys import ReportKey
from reports.making import file_now
from reports.subject import Subject
from reports.views.reading import file_response, may_read, refused, visible_report

# The drawing has no script, no style sheet and no address; should one come in, it does nothing.
SVG_POLICY = "default-src 'none'; sandbox"


@requires(Permission.SEE_AUTHORITY)
def report_pdf(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """On paper, tagged."""
    return _file(request, key, "pdf", shown=True)


@requires(Permission.SEE_AUTHORITY)
def report_xlsx(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """A workbook: overview, every number, and what the numbers are."""
    return _file(request, key, "xlsx")


@requires(Permission.SEE_AUTHORITY)
def report_csv(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """Every number, a line for each series and period."""
    return _file(request, key, "csv")


@requires(Permission.SEE_AUTHORITY)
def report_docx(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """A Word document for the agenda."""
    return _file(request, key, "docx")


def _file(request: HttpRequest, key: ReportKey, kind: str, *, shown: bool = False) -> HttpResponse:
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    edition = edition_in_force(subject)
    published = file_of(edition, kind) if edition else None
    data = bytes(published.data) if published else file_now(subject, kind, now=request.now, edition=edition)
    return file_response(subject, data, KINDS[kind].media_type, f".{kind}", shown=shown)


@requires(Permission.SEE_AUTHORITY)
def report_chart(request: HttpRequest, key: ReportKey, name: str) -> HttpResponse:
    """One of the report's charts as a drawing."""
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    response = file_response(subject, _drawing(request, subject, name), "image/svg+xml", f"-{name}.svg")
    response.headers["Content-Security-Policy"] = SVG_POLICY
    return response


@requires(Permission.SEE_AUTHORITY)
def report_chart_png(request: HttpRequest, key: ReportKey, name: str) -> HttpResponse:
    """The same drawing as a picture, for programs that take no drawings."""
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    return file_response(subject, png_of(_drawing(request, subject, name)), "image/png", f"-{name}.png")


def _drawing(request: HttpRequest, subject: Subject, name: str) -> bytes:
    content = content_of(subject, edition_in_force(subject), now=request.now)
    charts = [chart for section in content.sections for chart in section.charts if chart.name == name]
    if not charts:
        raise Http404
    return svg_of(charts[0], content)
