"""Addresses: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import comments, loop, public_surveys
from organisation.public import public_routes

SURVEY = "undersoegelser/<int:pk>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{SURVEY}/kommentarer/", comments.comment_list, name="comment_list"),
    path(f"{SURVEY}/kommentarer/<uuid:comment>/", comments.comment_review, name="comment_review"),
    path(f"{SURVEY}/kommentarer/<uuid:comment>/citat/", comments.quote_create, name="quote_create"),
    path(f"{SURVEY}/citater/<int:quote>/", comments.quote_edit, name="quote_edit"),
    path(f"{SURVEY}/citater/<int:quote>/slet/", comments.quote_remove, name="quote_remove"),
    path(f"{SURVEY}/svar-til-borgerne/", loop.answer_write, name="answer_write"),
    path(f"{SURVEY}/svar-til-borgerne/offentliggoer/", loop.answer_publish, name="answer_publish"),
    path(f"{SURVEY}/svar-til-borgerne/<int:pair>/", loop.pair_edit, name="pair_edit"),
    path(f"{SURVEY}/svar-til-borgerne/<int:pair>/flyt/", loop.pair_move, name="pair_move"),
    path(f"{SURVEY}/svar-til-borgerne/<int:pair>/slet/", loop.pair_remove, name="pair_remove"),
    path("maal/<int:pk>/borgerne/", loop.goal_said, name="goal_said"),
    *public_routes(
        [
            path("aabne-maal/undersoegelser/", public_surveys.public_survey_list, name="public_survey_list"),
            path("aabne-maal/undersoegelser/<int:pk>/", public_surveys.public_survey, name="public_survey"),
        ]
    ),
]
