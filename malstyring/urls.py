"""Every address. The project is the only place that knows all apps."""

from django.urls import include, path

from malstyring import views

handler400 = "malstyring.errors.bad_request"
handler403 = "malstyring.errors.forbidden"
handler404 = "malstyring.errors.not_found"
handler500 = "malstyring.errors.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("was", views.accessibility_statement, name="accessibility_statement"),
    path("privatliv/", views.privacy, name="privacy"),
    path("ordforklaring/", views.word_list, name="word_list"),
    path("", include("organisation.urls")),
    path("", include("goals.urls")),
    path("", include("followup.urls")),
    path("", include("citizens.urls")),
    path("", include("reports.urls")),
]
