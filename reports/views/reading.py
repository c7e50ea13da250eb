"""Which report is asked for, whether it may be read, and what is answered when not."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup.models import Round
from organisation.permissions import Role
from reports.keys import ReportKey
from reports.names import file_name
from reports.own_words import speak_as
from reports.subject import Subject, subject_of


def visible_report(request: HttpRequest, key: ReportKey) -> Subject:
    """The report that the key names, if the person may know of its round; else 404."""
    visible = Round.objects.with_readability(request.user, request.today).select_related("body", "authority__portal")
    subject = subject_of(get_object_or_404(visible, pk=key.round_id), key)
    if subject is None:
        raise Http404
    speak_as(subject)
    return subject


def may_read(subject: Subject) -> bool:
    """Whether the report, found by `visible_report`, is open to the person yet."""
    return bool(subject.round.is_readable)


def refused(request: HttpRequest, subject: Subject) -> HttpResponse:
    """403: whose material it is, when everybody may read it, and for members of other bodies the way to ask."""
    context: dict[str, Any] = {
        "subject": subject,
        "round": subject.round,
        "may_ask": Role.POLITICIAN in request.user.roles(request.today),
    }
    return render(request, "reports/report_refused.html", context, status=403)


def file_response(
    subject: Subject, content: bytes, content_type: str, ending: str, *, shown: bool = False
) -> HttpResponse:
    """A file of the report, named after it, that is kept nowhere on its way; `shown` in the browser or saved."""
    response = HttpResponse(content, content_type=content_type)
    name = file_name(subject)
    response.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
