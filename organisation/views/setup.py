"""The goal consultant's way in to units, people, roles and files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisation.access import requires
from organisation.models import AccessRequest, BodyLink
from organisation.permissions import Permission
from organisation.views.people import manageable_people
from organisation.views.units import manageable_units

PAGE = 50


@requires(Permission.MANAGE_PEOPLE)
def setup(request: HttpRequest) -> HttpResponse:
    """How many units and people there are, who asked for access, and which units report to which body."""
    units = manageable_units(request)
    links = BodyLink.objects.filter(unit__in=units).valid(request.today).select_related("unit", "body")
    asked = AccessRequest.objects.open(request.today).filter(body__in=units).select_related("user", "body")
    people = manageable_people(request)
    context = {
        "unit_count": units.valid(request.today).count(),
        "may_set_ceilings": request.user.may_somewhere(Permission.SET_CEILINGS, request.today),
        "may_choose_words": request.user.may_somewhere(Permission.EDIT_TEMPLATES, request.today),
        "person_count": people.filter(is_active=True).count(),
        "links": links.order_by("body__position", "body__name", "unit__position", "unit__name")[:PAGE],
        "access_requests": asked.order_by("-asked_at", "-pk")[:PAGE],
    }
    return render(request, "organisation/setup.html", context)
