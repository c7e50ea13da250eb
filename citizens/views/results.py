"""A survey's results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from citizens.models import Survey
from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.SEE_AUTHORITY)
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey."""
    survey = get_object_or_404(Survey.objects.visible_to(request.user, request.today), pk=pk)
    return render(request, "citizens/survey_detail.html", {"survey": survey})
