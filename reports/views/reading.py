"""Which report is asked for, whether it may be read, and what is answered when not."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup.models import Round
from organisation.permissions import Role
from reports.content import report_title
from reports.names import in_file_name


def visible_round(request: HttpRequest, pk: int) -> Round:
    """The round, if the person may know of it; else 404."""
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority")
    return get_object_or_404(visible, pk=pk)


def may_read(request: HttpRequest, round_: Round) -> bool:
    """Whether the round's report is open to the person yet."""
    return Round.objects.readable_by(request.user, request.today).filter(pk=round_.pk).exists()


def refused(request: HttpRequest, round_: Round) -> HttpResponse:
    """403: whose material it is, when everybody may read it, and for members of other bodies the way to ask."""
    context: dict[str, Any] = {
        "round": round_,
        "title": report_title(round_),
        "may_ask": Role.POLITICIAN in request.user.roles(request.today),
    }
    return render(request, "reports/report_refused.html", context, status=403)


def file_response(
    round_: Round, content: bytes, content_type: str, ending: str, *, shown: bool = False
) -> HttpResponse:
    """A file about the round, named after it, that is kept nowhere on its way; `shown` in the browser or saved."""
    response = HttpResponse(content, content_type=content_type)
    name = in_file_name(f"opfoelgning {round_.period} {round_.body.name}")
    response.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
