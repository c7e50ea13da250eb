"""Addresses: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import results

urlpatterns: list[URLPattern | URLResolver] = [
    path("undersoegelser/<int:pk>/", results.survey_detail, name="survey_detail"),
]
