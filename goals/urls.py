from django.urls import path

from goals.views.stub import stub

app_name = "goals"

urlpatterns = [
    path("maal/nyt/", stub, name="goal_create"),
    path("maal/<int:pk>/ret/", stub, name="goal_edit"),
    path("indikatorer/<int:pk>/ret/", stub, name="indicator_edit"),
    path("serier/<int:pk>/ret/", stub, name="series_edit"),
]
