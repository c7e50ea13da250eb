"""Addresses of making surveys: see `citizens.urls`."""

from django.urls import URLPattern, URLResolver, path

from citizens.views import importing, questions, surveys

_ONE = "undersoegelser/<int:pk>/"
_QUESTION = f"{_ONE}spoergsmaal/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("undersoegelser/", surveys.survey_list, name="survey_list"),
    path("undersoegelser/ny/", surveys.survey_create, name="survey_create"),
    path("undersoegelser/indlaes/", importing.survey_import, name="survey_import"),
    path("undersoegelser/indlaes/<int:pk>/", importing.survey_import_preview, name="survey_import_preview"),
    path(f"{_ONE}ret/", surveys.survey_edit, name="survey_edit"),
    path(f"{_ONE}spoergsmaal/", questions.survey_questions, name="survey_questions"),
    path(f"{_ONE}spoergsmaal/nyt/", questions.question_create, name="question_create"),
    path(f"{_QUESTION}ret/", questions.question_edit, name="question_edit"),
    path(f"{_QUESTION}flyt/", questions.question_move, name="question_move"),
    path(f"{_QUESTION}slet/", questions.question_delete, name="question_delete"),
    path(f"{_ONE}sprog/", questions.survey_language, name="survey_language"),
    path(f"{_ONE}versioner/", questions.survey_versions, name="survey_versions"),
    path(f"{_ONE}maaler/", questions.survey_measures, name="survey_measures"),
    path(f"{_ONE}vis/", surveys.survey_preview, name="survey_preview"),
    path(f"{_ONE}proev/", surveys.survey_pilot, name="survey_pilot"),
    path(f"{_ONE}aabn/", surveys.survey_open, name="survey_open"),
    path(f"{_ONE}luk/", surveys.survey_close, name="survey_close"),
    path(f"{_ONE}gentag/", surveys.survey_repeat, name="survey_repeat"),
    path(f"{_ONE}slet/", surveys.survey_delete, name="survey_delete"),
    path(f"{_ONE}historik/", surveys.survey_history, name="survey_history"),
]
