"""Addresses: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import results

urlpatterns: list[URLPattern | URLResolver] = [
    path("undersoegelser/<int:pk>/", results.survey_detail, name="survey_detail"),
    path("undersoegelser/<int:pk>/resultater.csv", results.survey_csv, name="survey_csv"),
    path("undersoegelser/<int:pk>/resultater.xlsx", results.survey_xlsx, name="survey_xlsx"),
]
