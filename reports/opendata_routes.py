"""The addresses of open data. What they promise is in docs/open-data.md."""

from django.urls import path

from reports.views import opendata as views

PATTERNS = [
    path("data/", views.open_data, name="open_data"),
    path("data/api/", views.open_data_api, name="open_data_api"),
    path("data/tal.csv", views.open_values_csv, name="open_values_csv"),
    path("data/tal-om.json", views.open_values_about, name="open_values_about"),
    path("data/tal.xlsx", views.open_values_xlsx, name="open_values_xlsx"),
    path("data/jsonstat.zip", views.open_values_json, name="open_values_json"),
    path("data/serier.csv", views.open_series_csv, name="open_series_csv"),
    path("data/serier-om.json", views.open_series_about, name="open_series_about"),
    path("data/serier.json", views.open_series_json, name="open_series_json"),
    path("data/katalog.ttl", views.open_catalogue_ttl, name="open_catalogue_ttl"),
    path("data/katalog.jsonld", views.open_catalogue_json, name="open_catalogue_json"),
    path("data/serier/<int:pk>.csv", views.series_csv, name="series_csv"),
    path("data/serier/<int:pk>-om.json", views.series_about, name="series_about"),
    path("data/serier/<int:pk>.json", views.series_json, name="series_json"),
    path("data/serier/<int:pk>.xlsx", views.series_xlsx, name="series_xlsx"),
    path("data/indikatorer/<int:pk>.csv", views.indicator_csv, name="indicator_csv"),
    path("data/indikatorer/<int:pk>.json", views.indicator_json, name="indicator_json"),
    path("data/indikatorer/<int:pk>.xlsx", views.indicator_xlsx, name="indicator_xlsx"),
]
