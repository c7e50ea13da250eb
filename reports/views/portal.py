"""The public pages: what the authority shows everybody. No session, no user, no cookie (`organisation.public`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisation.public import open_authority, public_page


@public_page
def portal(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The authority's front page."""
    authority = open_authority(request, kode)
    return render(request, "reports/portal.html", {"here": authority})


@public_page
def portal_reports(request: HttpRequest, kode: str = "") -> HttpResponse:
    """The published reports."""
    authority = open_authority(request, kode)
    return render(request, "reports/portal.html", {"here": authority})


@public_page
def portal_about(request: HttpRequest, kode: str = "") -> HttpResponse:
    """How goals, figures and lights come about."""
    authority = open_authority(request, kode)
    return render(request, "reports/portal.html", {"here": authority})
