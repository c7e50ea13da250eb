from django.urls import path

from reports.views.downloads import report_chart, report_csv, report_docx, report_xlsx
from reports.views.pages import report_detail, report_list, report_pdf

app_name = "reports"

urlpatterns = [
    path("rapporter/", report_list, name="report_list"),
    path("rapporter/<int:pk>/", report_detail, name="report_detail"),
    path("rapporter/<int:pk>/pdf/", report_pdf, name="report_pdf"),
    path("rapporter/<int:pk>/xlsx/", report_xlsx, name="report_xlsx"),
    path("rapporter/<int:pk>/csv/", report_csv, name="report_csv"),
    path("rapporter/<int:pk>/docx/", report_docx, name="report_docx"),
    path("rapporter/<int:pk>/diagram/<slug:name>.svg", report_chart, name="report_chart"),
]
