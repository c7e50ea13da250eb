from django.urls import path

from reports.views.stub import stub

app_name = "reports"

urlpatterns = [
    path("rapporter/", stub, name="report_list"),
    path("rapporter/<int:pk>/", stub, name="report_detail"),
    path("rapporter/<int:pk>/pdf/", stub, name="report_pdf"),
]
