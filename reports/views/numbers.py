"""Where one number of a report comes from."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from organisation.access import requires
from organisation.permissions import Permission
from reports.editions import content_of, edition_in_force
from reports.keys import ReportKey
from reports.origins import origin_of, printed_number
from reports.views.reading import may_read, refused, visible_report


@requires(Permission.SEE_AUTHORITY)
def report_number(request: HttpRequest, key: ReportKey, series_pk: int, period: str) -> HttpResponse:
    """One number that the report prints, and everything that is known of it."""
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    edition = edition_in_force(subject)
    content = content_of(subject, edition, now=request.now)
    printed = printed_number(content, series_pk, period)
    if printed is None:
        raise Http404
    context = {
        "subject": subject,
        "content": content,
        "edition": edition,
        "origin": origin_of(content, printed, user=request.user, today=request.today),
    }
    return render(request, "reports/report_number.html", context)
