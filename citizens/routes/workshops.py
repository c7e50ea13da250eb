"""Addresses: see `citizens.urls`."""

from django.urls import path

from citizens.views import workshops

urlpatterns = [
    path("vaerksteder/", workshops.workshop_list, name="workshop_list"),
    path("vaerksteder/nyt/", workshops.workshop_create, name="workshop_create"),
    path("vaerksteder/<int:pk>/", workshops.workshop_detail, name="workshop_detail"),
    path("vaerksteder/<int:pk>/link/", workshops.workshop_link, name="workshop_link"),
    path("vaerksteder/<int:pk>/luk/", workshops.workshop_close, name="workshop_close"),
    path("vaerksteder/<int:pk>/<int:area_id>/vaelg/", workshops.workshop_choose, name="workshop_choose"),
    path("vaerksteder/<int:pk>/<int:area_id>/maal/", workshops.workshop_goal, name="workshop_goal"),
    path(
        "vaerksteder/<int:pk>/kommentar/<int:note_id>/fjern/",
        workshops.workshop_note_remove,
        name="workshop_note_remove",
    ),
    path("vaerksted/<str:token>/", workshops.workshop_public, name="workshop_public"),
]
