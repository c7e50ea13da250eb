"""Pages that write strategies, goals, indicators, series and targets. Pages that show them are in `followup`."""

from django.urls import path

from goals.views import (
    advice,
    areas,
    budgets,
    divergences,
    documents,
    goal_links,
    goals,
    indicators,
    personal,
    strategies,
    translations,
    upward,
)

app_name = "goals"

urlpatterns = [
    path("strategier/", strategies.strategy_list, name="strategy_list"),
    path("strategier/ny/", strategies.strategy_create, name="strategy_create"),
    path("strategier/<int:pk>/ret/", strategies.strategy_edit, name="strategy_edit"),
    path("maal/nyt/", goals.goal_create, name="goal_create"),
    path("maal/<int:pk>/ret/", goals.goal_edit, name="goal_edit"),
    path("maal/<int:pk>/flyt/", goals.goal_move, name="goal_move"),
    path("maal/<int:pk>/foreslaa/", goals.goal_propose, name="goal_propose"),
    path("maal/<int:pk>/vedtag/", goals.goal_adopt, name="goal_adopt"),
    path("maal/<int:pk>/luk/", goals.goal_close, name="goal_close"),
    path("maal/<int:pk>/afloes/", goals.goal_replace, name="goal_replace"),
    path("maal/<int:pk>/bidrag/", goal_links.goal_contributions, name="goal_contributions"),
    path("maal/<int:pk>/led/", goal_links.goal_link, name="goal_link"),
    path("enheder/<int:pk>/opad/", upward.unit_upward, name="unit_upward"),
    path("maal/<int:pk>/indikatorer/", goal_links.goal_series, name="goal_series"),
    path("indikatorer/", indicators.indicator_list, name="indicator_list"),
    path("indikatorer/ny/", indicators.indicator_create, name="indicator_create"),
    path("indikatorer/<int:pk>/ret/", indicators.indicator_edit, name="indicator_edit"),
    path("serier/ny/", indicators.series_create, name="series_create"),
    path("serier/<int:pk>/ret/", indicators.series_edit, name="series_edit"),
    path("serier/<int:pk>/maaltal/", indicators.target_set, name="target_set"),
    path("indstillinger/serviceomraader/", areas.area_list, name="area_list"),
    path("indstillinger/serviceomraader/nyt/", areas.area_create, name="area_create"),
    path("indstillinger/serviceomraader/import/", areas.area_import, name="area_import"),
    path("indstillinger/serviceomraader/<int:pk>/ret/", areas.area_edit, name="area_edit"),
    path("maal/<int:pk>/omraader/", areas.goal_areas, name="goal_areas"),
    path("dokumenter/nyt/", documents.document_create, name="document_create"),
    path("dokumenter/<int:pk>/ret/", documents.document_edit, name="document_edit"),
    path("dokumenter/<int:pk>/fil/", documents.document_file, name="document_file"),
    path("dokumenter/<int:pk>/nyt-loefte/", documents.promise_create, name="promise_create"),
    path("loefter/<int:pk>/ret/", documents.promise_edit, name="promise_edit"),
    path("loefter/<int:pk>/maal/", documents.promise_goals, name="promise_goals"),
]

urlpatterns += [
    path("maal/raad/", advice.goal_advice, name="goal_advice"),
    path("maalloft/", budgets.few_goals, name="few_goals"),
    path("maalloft/<int:pk>/", budgets.unit_ceiling, name="unit_ceiling"),
    path("indstillinger/maalloft/", budgets.ceiling_list, name="ceiling_list"),
    path("indstillinger/maalloft/<int:pk>/", budgets.ceiling_edit, name="ceiling_edit"),
]

urlpatterns += [
    path("personlige-maal/", personal.personal_list, name="personal_list"),
    path("personlige-maal/nyt/", personal.personal_create, name="personal_create"),
    path("personlige-maal/<int:pk>/", personal.personal_detail, name="personal_detail"),
    path("personlige-maal/<int:pk>/ret/", personal.personal_edit, name="personal_edit"),
    path("personlige-maal/<int:pk>/slet/", personal.personal_delete, name="personal_delete"),
]

urlpatterns += [
    path("modsatrettede/<int:pk>/ret/", divergences.divergence_edit, name="divergence_edit"),
    path("modsatrettede/<int:pk>/prioriter/", divergences.divergence_rank, name="divergence_rank"),
    path("modsatrettede/<int:pk>/afslut/", divergences.divergence_end, name="divergence_end"),
    path("maal/<int:pk>/send-ned/", translations.goal_send_down, name="goal_send_down"),
    path("maal/<int:pk>/oversaettelser/", translations.goal_translations, name="goal_translations"),
    path("oversaettelser/", translations.translation_list, name="translation_list"),
    path("oversaettelser/<int:pk>/", translations.translation_detail, name="translation_detail"),
    path("oversaettelser/<int:pk>/vaelg/", translations.translation_choose, name="translation_choose"),
    path("oversaettelser/<int:pk>/svar/", translations.translation_answer, name="translation_answer"),
    path("oversaettelser/<int:pk>/afvis/", translations.translation_decline, name="translation_decline"),
    path("oversaettelser/<int:pk>/godkend/", translations.translation_accept, name="translation_accept"),
    path("oversaettelser/<int:pk>/send-tilbage/", translations.translation_return, name="translation_return"),
    path("oversaettelser/<int:pk>/traek-tilbage/", translations.translation_withdraw, name="translation_withdraw"),
]
