"""Surveys: the list, beginning one, setting it up, and its way from draft to closed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from citizens.actions.questions import NotPossible
from citizens.actions.surveys import (
    change_survey,
    close_survey,
    create_survey,
    declaration_of,
    delete_draft,
    open_survey,
    repeat_survey,
    start_pilot,
    store_groups,
    would_measure_part,
)
from citizens.answer_form import AnswerForm
from citizens.declared import lacks
from citizens.editing import missing_translations
from citizens.forms.surveys import CloseForm, SurveyCreateForm, SurveyForm, VersionForm
from citizens.kinds import SurveyState
from citizens.labels import LANGUAGES
from citizens.models import Survey
from citizens.panels import survey_of_page
from citizens.question_templates import question_template
from citizens.specs import current_questionnaire
from citizens.views.answering import promise
from citizens.views.questions import questions_for
from citizens.views.shared import editable_survey, goals_to_ask_about, refusal_text, series_to_measure
from goals.actions.versions import Stale
from goals.views.shared import answer, chosen_id, posted, saved, show_stale, units_for
from organisation.access import requires
from organisation.models import HistoryEntry
from organisation.permissions import Permission
from organisation.public import public_path
from organisation.words.speaking import speak_for

PAGE = 50
# What the list is parted by: what the address says, and the states.
TABS = {
    "aabne": (SurveyState.OPEN,),
    "mangler-svar": (SurveyState.CLOSED,),
    "besvarede": (SurveyState.FINISHED,),
    "kladder": (SurveyState.DRAFT, SurveyState.PILOT),
}


@requires(Permission.SEE_AUTHORITY)
def survey_list(request: HttpRequest) -> HttpResponse:
    """Those that are open, that owe the citizens an answer, that are answered, and the drafts of one's own units."""
    surveys = Survey.objects.filter(authority=request.authority).visible_to(request.user, request.today)
    counts = surveys.count_by_state()
    tallies = {tab: sum(counts.get(state, 0) for state in states) for tab, states in TABS.items()}
    tab = request.GET.get("vis", "")
    if tab not in TABS:
        tab = next((name for name, count in tallies.items() if count), "aabne")
    page = Paginator(surveys.filter(state__in=TABS[tab]).for_list(), PAGE).get_page(request.GET.get("side"))
    may_run = request.user.may_somewhere(Permission.RUN_SURVEYS, request.today)
    if not may_run:
        del tallies["kladder"]
    may_enter = request.user.may_somewhere(Permission.ENTER_ANSWERS, request.today)
    context = {"tab": tab, "counts": tallies, "page": page, "may_run": may_run, "may_enter": may_enter}
    return render(request, "citizens/survey_list.html", context)


# ---- setting up ------------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def survey_create(request: HttpRequest) -> HttpResponse:
    """Begin a survey; `?maal=` and `?serie=` say what about, `?find=` narrows what may be chosen."""
    goals, series = goals_to_ask_about(request), series_to_measure(request)
    about = Survey(
        goal=goals.filter(pk=chosen_id(request.GET.get("maal")) or 0).first(),
        series=series.filter(pk=chosen_id(request.GET.get("serie")) or 0).first(),
    )
    words = request.GET.get("find", "")
    units = units_for(request, Permission.RUN_SURVEYS)
    form = SurveyCreateForm(posted(request), instance=about, initial=_unit_of(about))
    form.offer(units=units, goals=goals, series=series, words=words)
    if request.method == "POST" and form.is_valid():
        template = form.cleaned_data["template"]
        fields = form.facts(request.today, request.user.email)
        if template:
            fields["intro"] = question_template(template).intro
            fields["languages"] = ["en"]
        unit = form.cleaned_data["unit"]
        survey = create_survey(unit, fields=fields, template=template, by=request.user, now=request.now)
        messages.success(request, _("Undersøgelsen er oprettet som kladde. Sæt den op her."))
        return redirect("citizens:survey_edit", survey.pk)
    return render(request, "citizens/survey_create.html", {"form": form, "words": words}, status=answer(form))


def _unit_of(about: Survey) -> dict[str, Any]:
    unit = about.series.unit_id if about.series else about.goal.owner_unit_id if about.goal else None
    return {"unit": unit}


@requires(Permission.RUN_SURVEYS)
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """When, what is kept, what for, in which languages and for which groups."""
    survey = editable_survey(request, pk)
    title, words = survey.title, request.GET.get("find", "")
    form = SurveyForm(posted(request), instance=survey)
    units = units_for(request, Permission.RUN_SURVEYS)
    form.offer(units=units, goals=goals_to_ask_about(request), series=series_to_measure(request), words=words)
    form.offer_groups(units.exclude(pk=survey.unit_id).below(survey.unit).order_by("name"))
    if request.method == "POST" and form.is_valid() and _store(request, form):
        messages.success(request, saved())
        return redirect("citizens:survey_edit", pk)
    context = {"form": form, "survey": survey, "title": title, "words": words, "step": "edit"}
    return render(request, "citizens/survey_form.html", context, status=answer(form))


def _store(request: HttpRequest, form: SurveyForm) -> bool:
    """Store the survey and its groups; False when it is refused, with why in the form."""
    asked = form.cleaned_data
    try:
        survey = change_survey(form.save(), version=asked["version"], by=request.user, now=request.now)
        store_groups(survey, asked.get("groups", ()), asked["areas"], by=request.user, now=request.now)
    except Stale as stale:
        show_stale(form, stale.stored)
    except NotPossible as refusal:
        form.add_error(None, refusal_text(refusal))
    else:
        return True
    return False


@requires(Permission.RUN_SURVEYS)
def survey_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions as the citizen meets them, in the language that `?sprog=` names. Nothing can be sent."""
    survey = editable_survey(request, pk)
    language = request.GET.get("sprog", "da")
    if language not in survey.languages:
        language = "da"
    context = {
        "survey": survey,
        "step": "preview",
        "language": language,
        "languages": [(code, LANGUAGES.get(code, code)) for code in ["da", *survey.languages]],
        "heading": survey.titles.get(language) or survey.title,
        "conditions": [question for question in questions_for(survey) if question["condition"]],
    }
    questionnaire = current_questionnaire(survey)
    with translation.override(language):
        speak_for(request.authority)
        form = AnswerForm(questionnaire, language=language) if questionnaire else None
        context |= {"form": form, **(promise(survey, form) if form else {})}
        return render(request, "citizens/survey_preview.html", context)


# ---- from draft to closed --------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def survey_pilot(request: HttpRequest, pk: int) -> HttpResponse:
    """Let some try it by a link whose answers do not count."""
    survey = editable_survey(request, pk)
    if request.method == "POST":
        try:
            start_pilot(survey, by=request.user, now=request.now)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
            return redirect("citizens:survey_open" if refusal.key == "lacks" else "citizens:survey_pilot", pk)
        messages.success(request, _("Linket til at prøve undersøgelsen virker nu."))
        return redirect("citizens:survey_pilot", pk)
    link = request.build_absolute_uri(public_path(request, survey.authority, "citizens:answer", survey.slug))
    tried = survey.responses.filter(is_pilot=True).count()
    context = {"survey": survey, "step": "pilot", "tried": tried, "link": link}
    return render(request, "citizens/survey_pilot.html", context)


@requires(Permission.RUN_SURVEYS)
def survey_open(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen when it opens, in words, with everything that is declared; and the button."""
    survey = editable_survey(request, pk)
    if survey.state not in (SurveyState.DRAFT, SurveyState.PILOT):
        messages.error(request, refusal_text(NotPossible("not_draft")))
        return redirect("citizens:survey_detail", pk)
    form = VersionForm(posted(request), initial={"version": survey.version})
    if request.method == "POST" and form.is_valid():
        try:
            open_survey(survey, version=form.cleaned_data["version"], by=request.user, now=request.now)
        except Stale:
            messages.error(request, _("Undersøgelsen blev ændret af en anden imens. Se den igennem, og åbn den igen."))
            return redirect("citizens:survey_open", pk)
        except NotPossible as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, _("Undersøgelsen er åben."))
            return redirect("citizens:survey_detail", pk)
    return render(request, "citizens/survey_open.html", _declared(survey, form), status=answer(form))


def _declared(survey: Survey, form: VersionForm) -> dict[str, Any]:
    questions = questions_for(survey)
    untranslated = missing_translations(questions, survey.languages)
    return {
        "survey": survey,
        "form": form,
        "step": "open",
        "lacks": [_lack(name) for name in lacks(declaration_of(survey))],
        "questions": questions,
        "untranslated": [(LANGUAGES.get(code, code), len(codes)) for code, codes in untranslated.items()],
        "unsaid": [
            LANGUAGES.get(code, code)
            for code in survey.languages
            if not survey.titles.get(code) or not survey.intro.get(code)
        ],
        "measures": list(survey.measures.select_related("series__indicator", "series__unit")),
        "groups": list(survey.groups.all()),
        "tried": survey.responses.filter(is_pilot=True).count(),
    }


def _lack(name: str) -> dict[str, Any]:
    """What is missing, and where to write it."""
    if name == "questions":
        return {"label": _("spørgsmål"), "route": "citizens:survey_questions", "anchor": ""}
    if name == "linkers":
        return {"label": _("de to, der må koble koder til personer"), "route": "citizens:invite_linkers", "anchor": ""}
    label = _("indledning") if name == "intro" else Survey._meta.get_field(name).verbose_name
    return {"label": label, "route": "citizens:survey_edit", "anchor": f"#id_{'intro_da' if name == 'intro' else name}"}


@requires(Permission.RUN_SURVEYS)
def survey_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close now, knowing how many have answered and from how many anything is shown."""
    survey = editable_survey(request, pk)
    is_part = survey.is_open and would_measure_part(survey, request.today)
    form = CloseForm(posted(request), is_part=is_part)
    if request.method == "POST" and form.is_valid():
        accepts_part = form.cleaned_data.get("accepts_part", False)
        try:
            close_survey(survey, by=request.user, now=request.now, accepts_part=accepts_part)
        except NotPossible as refusal:
            if refusal.key != "part_of_period":
                messages.error(request, refusal_text(refusal))
                return redirect("citizens:survey_detail", pk)
            is_part, form = True, CloseForm(request.POST, is_part=True)
            form.add_error("accepts_part", refusal_text(refusal))
        else:
            messages.success(request, _("Undersøgelsen er lukket. Nu mangler borgerne et svar."))
            return redirect("citizens:survey_detail", pk)
    context = {
        "survey": survey,
        "form": form,
        "is_part": is_part,
        "answered": survey.responses.filter(is_pilot=False).count(),
    }
    return render(request, "citizens/survey_close.html", context, status=answer(form))


@requires(Permission.RUN_SURVEYS)
def survey_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next wave with the same questions."""
    survey = editable_survey(request, pk)
    if request.method == "POST":
        try:
            again = repeat_survey(survey, by=request.user, now=request.now)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
            return redirect("citizens:survey_detail", pk)
        messages.success(request, _("Undersøgelsen er gentaget som kladde. Vælg dage og periode."))
        return redirect("citizens:survey_edit", again.pk)
    return render(request, "citizens/survey_repeat.html", {"survey": survey})


@requires(Permission.RUN_SURVEYS)
def survey_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a draft."""
    survey = editable_survey(request, pk)
    if request.method == "POST":
        try:
            delete_draft(survey, by=request.user, now=request.now)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
            return redirect("citizens:survey_detail", pk)
        messages.success(request, _("Slettet."))
        return redirect("citizens:survey_list")
    return render(request, "citizens/survey_delete.html", {"survey": survey})


@requires(Permission.RUN_SURVEYS)
def survey_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what to the survey."""
    survey = editable_survey(request, pk)
    context = {"survey": survey, "step": "history", "history": HistoryEntry.objects.about(survey)[:PAGE]}
    return render(request, "citizens/survey_history.html", context)


def managing_facts(request: HttpRequest) -> dict[str, Any]:
    """For the survey's page: whether the person may run it, and so sees the way to its steps."""
    survey = survey_of_page(request)
    return {"may_run": survey is not None and survey.may_run}
