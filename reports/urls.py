from django.urls import path

from reports.views.pages import report_detail, report_list, report_pdf

app_name = "reports"

urlpatterns = [
    path("rapporter/", report_list, name="report_list"),
    path("rapporter/<int:pk>/", report_detail, name="report_detail"),
    path("rapporter/<int:pk>/pdf/", report_pdf, name="report_pdf"),
]
