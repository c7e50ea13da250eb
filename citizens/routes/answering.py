"""Addresses of the citizen's form: see `citizens.urls`. `token` is a single-use token or a survey's short name."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import answering as views
from organisation.public import public_routes

urlpatterns: list[URLPattern | URLResolver] = public_routes(
    [
        path("svar/<str:token>/", views.answer, name="answer"),
        path("svar/<str:token>/tak/", views.answer_thanks, name="answer_thanks"),
        path("svar/<str:token>/besked/", views.answer_subscribe, name="answer_subscribe"),
        path("svar/<str:token>/skaerm/", views.answer_kiosk, name="answer_kiosk"),
        path("svar/<str:token>/skaerm/tak/", views.kiosk_thanks, name="kiosk_thanks"),
    ]
)
