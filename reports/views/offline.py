"""Published reports to read on a tablet, also without a network once they were opened. All of it is below `/laes/`."""

import json
from dataclasses import replace
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from organisation.access import public, requires
from organisation.permissions import Permission
from reports.editions import content_of, corrected_after, edition_in_force
from reports.keys import ReportKey
from reports.parts import ReportContent
from reports.reading_keys import may_be_kept
from reports.views.reading import may_read, refused, visible_report

FONTS = "vendor/dkfds/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-"
# What the pages are drawn with. Nothing here is about anybody.
FILES = (
    "vendor/dkfds/css/dkfds.min.css",
    "malstyring/css/malstyring.css",
    "malstyring/css/chart.css",
    "malstyring/css/report.css",
    "malstyring/css/reading.css",
    "malstyring/js/reading.js",
    "malstyring/symbols.svg",
    "malstyring/favicon.svg",
    *(f"{FONTS}{weight}.woff2" for weight in ("Regular", "Medium", "SemiBold", "Bold")),
)


@requires(Permission.SEE_AUTHORITY)
def report_reading(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """A published report alone on the page, in large type. One that is not published is read where it is written."""
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    edition = edition_in_force(subject)
    if edition is None:
        return redirect("reports:report_detail", key)
    content = _open_part(content_of(subject, edition, now=request.now))
    context = {
        "subject": subject,
        "content": content,
        "edition": edition,
        "corrections": corrected_after(content, since=edition.published_at),
        "fetched_at": request.now,
    }
    response = render(request, "reports/report_reading.html", context)
    return may_be_kept(request, response, title=f"{content.front.title}, {content.front.body}")


def _open_part(content: ReportContent) -> ReportContent:
    """Without the closed items, whose public titles the edition has: what is kept on a tablet knows nothing of them."""
    return replace(content, agenda=tuple(item for item in content.agenda if not item.is_closed))


@requires(Permission.SEE_AUTHORITY)
def kept_readings(request: HttpRequest) -> HttpResponse:
    """What this browser keeps to be read without a network. The list is the browser's own."""
    return may_be_kept(request, render(request, "reports/kept_readings.html"))


@public
def reading_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Where it lies it reaches `/laes/` and nothing else."""
    files = json.dumps([static(path) for path in FILES])
    context = {"files": files, "version": sha256(files.encode()).hexdigest()[:12]}
    response = render(request, "reports/reading_worker.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
