from django.urls import path

from followup.views import actions, entry, imports, mails, overview, pages, rounds

app_name = "followup"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("maal/", pages.goal_list, name="goal_list"),
    path("maal/<int:pk>/", pages.goal_detail, name="goal_detail"),
    path("indikatorer/<int:pk>/", pages.indicator_detail, name="indicator_detail"),
    path("serier/<int:pk>/", pages.series_detail, name="series_detail"),
    path("serier/<int:pk>/graf.json", pages.series_chart, name="series_chart"),
    path("serier/<int:pk>/ret-tal/<int:measurement_id>/", entry.value_correct, name="value_correct"),
    path("enheder/", pages.unit_list, name="unit_list"),
    path("enheder/<int:pk>/", pages.unit_detail, name="unit_detail"),
    path("udvalg/", pages.body_list, name="body_list"),
    path("udvalg/<int:pk>/", pages.body_detail, name="body_detail"),
    path("opfoelgning/", rounds.round_list, name="round_list"),
    path("opfoelgning/ny/", rounds.round_create, name="round_create"),
    path("opfoelgning/<int:pk>/", rounds.round_detail, name="round_detail"),
    path("opfoelgning/<int:pk>/ret/", rounds.round_edit, name="round_edit"),
    path("opfoelgning/<int:pk>/flyt/", rounds.round_move, name="round_move"),
    path("indberetning/", entry.entry_list, name="entry_list"),
    path("indberetning/godkend/", entry.submissions_approve, name="submissions_approve"),
    path("indberetning/<int:round_id>/<int:unit_id>/", entry.entry_grid, name="entry_grid"),
    path("indberetning/<int:round_id>/<int:unit_id>/gem/", entry.entry_save, name="entry_save"),
    path("indberetning/<int:round_id>/<int:unit_id>/send/", entry.entry_submit, name="entry_submit"),
    path("indberetning/<int:round_id>/<int:unit_id>/traek-tilbage/", entry.entry_withdraw, name="entry_withdraw"),
    path("indberetning/<int:round_id>/<int:unit_id>/godkend/", entry.submission_review, name="submission_review"),
    path("indberetning/<int:round_id>/<int:unit_id>/udsaet/", entry.late_exception, name="late_exception"),
    path(
        "indberetning/<int:round_id>/<int:unit_id>/vurdering/<int:goal_id>/",
        entry.entry_assessment,
        name="entry_assessment",
    ),
    path("handlinger/", actions.action_list, name="action_list"),
    path("handlinger/ny/", actions.action_create, name="action_create"),
    path("handlinger/<int:pk>/", actions.action_detail, name="action_detail"),
    path("handlinger/<int:pk>/ret/", actions.action_edit, name="action_edit"),
    path("handlinger/<int:pk>/afslut/", actions.action_finish, name="action_finish"),
    path("import/", imports.import_start, name="import_start"),
    path("import/<int:pk>/", imports.import_preview, name="import_preview"),
    path("indstillinger/mails/", mails.mail_log, name="mail_log"),
    path("indstillinger/mails/<int:pk>/", mails.mail_detail, name="mail_detail"),
    path("konto/mails/", mails.my_mails, name="my_mails"),
    path("konto/mails/<int:pk>/", mails.my_mail, name="my_mail"),
]
