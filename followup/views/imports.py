"""Values from a file."""

from django.http import HttpResponse

from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.IMPORT_VALUES)
def import_start(request): return HttpResponse("stub")


@requires(Permission.IMPORT_VALUES)
def import_preview(request, pk): return HttpResponse("stub")
