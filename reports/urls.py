from django.urls import path

from reports.views.heat import heat_cell, heat_map
from reports.views.multiples import goal_units
from reports.views.pages import report_detail, report_list, report_pdf

app_name = "reports"

urlpatterns = [
    path("overblik/varmekort/", heat_map, name="heat_map"),
    path("overblik/varmekort/<int:goal_pk>/<int:unit_pk>/", heat_cell, name="heat_cell"),
    path("maal/<int:pk>/enheder/", goal_units, name="goal_units"),
    path("rapporter/", report_list, name="report_list"),
    path("rapporter/<int:pk>/", report_detail, name="report_detail"),
    path("rapporter/<int:pk>/pdf/", report_pdf, name="report_pdf"),
]
