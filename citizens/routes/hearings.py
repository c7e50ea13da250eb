"""Addresses: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import attainments, hearings, origins, public_hearings
from organisation.public import public_routes

PUBLIC = [
    path("aabne-maal/hoeringer/", public_hearings.public_hearing_list, name="public_hearing_list"),
    path("aabne-maal/hoeringer/<int:pk>/", public_hearings.public_hearing, name="public_hearing"),
    path("aabne-maal/hoeringer/<int:pk>/skriv/", public_hearings.public_hearing_write, name="public_hearing_write"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("hoeringer/", hearings.hearing_list, name="hearing_list"),
    path("hoeringer/ny/", hearings.hearing_create, name="hearing_create"),
    path("hoeringer/<int:pk>/", hearings.hearing_detail, name="hearing_detail"),
    path("hoeringer/<int:pk>/ret/", hearings.hearing_edit, name="hearing_edit"),
    path("hoeringer/<int:pk>/videre/", hearings.hearing_move, name="hearing_move"),
    path("hoeringer/<int:pk>/tekster/", hearings.proposal_list, name="proposal_list"),
    path("hoeringer/<int:pk>/tekster/<uuid:proposal>/", hearings.proposal_decide, name="proposal_decide"),
    path("hoeringer/<int:pk>/temaer/", hearings.hearing_themes, name="hearing_themes"),
    path("hoeringer/<int:pk>/temaer/<int:theme>/", hearings.hearing_theme, name="hearing_theme"),
    path("maal/<int:pk>/hoering/", origins.goal_origin, name="goal_origin"),
    *public_routes(PUBLIC),
    path("egne-maal/", attainments.attainment_list, name="attainment_list"),
    path("egne-maal/nyt/", attainments.attainment_create, name="attainment_create"),
    path("egne-maal/<int:pk>/", attainments.attainment_detail, name="attainment_detail"),
    path("egne-maal/<int:pk>/ret/", attainments.attainment_edit, name="attainment_edit"),
    path("egne-maal/<int:pk>/giv/", attainments.attainment_hand_out, name="attainment_hand_out"),
    path("egne-maal/<int:pk>/tal/", attainments.attainment_write, name="attainment_write"),
    path("eget-maal/", attainments.own_goal_end, name="own_goal_end"),
    path("eget-maal/<str:ticket>/", attainments.own_goal_begin, name="own_goal_begin"),
]
