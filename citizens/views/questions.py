"""The questions of a survey: one page for all, one for each, their versions, and what they measure."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.actions.questions import NotPossible, earlier_questions, facts_of, is_fixed, questions_of, store_questions
from citizens.actions.surveys import change_survey, store_measures
from citizens.editing import MOST_OPTIONS, differences, missing_translations, next_code, whole
from citizens.forms.questions import (
    MORE,
    SENTENCES,
    LanguageForm,
    MeasureForm,
    NewQuestionForm,
    QuestionForm,
    labelled,
)
from citizens.kinds import QuestionKind, SurveyState
from citizens.labels import ASSESSES, LANGUAGES, MEASURE_KINDS, QUESTION_KINDS
from citizens.models import Survey
from citizens.question_templates import AGREEMENT
from citizens.specs import current_questionnaire
from citizens.views.shared import editable_survey, refusal_text, series_to_measure
from goals.actions.versions import Stale
from goals.labels import choices
from goals.models import Series
from goals.periods import parse_period
from goals.views.shared import answer, posted, saved
from organisation.access import requires
from organisation.permissions import Permission

Facts = dict[str, Any]
FINAL = (SurveyState.CLOSED, SurveyState.FINISHED)


def questions_for(survey: Survey) -> list[Facts]:
    """The survey's questions in ready words, numbered."""
    questions = questions_of(survey)
    numbers = {question["code"]: number for number, question in enumerate(questions, start=1)}
    lacking = missing_translations(questions, survey.languages)
    return [
        {
            **question,
            "number": numbers[question["code"]],
            "words": question["text"].get("da", ""),
            "kind_label": QUESTION_KINDS[QuestionKind(question["kind"])],
            "assesses_label": ASSESSES.get(question["assesses"], ""),
            "condition": _condition(question, questions, numbers),
            "lacks": [LANGUAGES.get(code, code) for code, codes in lacking.items() if question["code"] in codes],
        }
        for question in questions
    ]


def _condition(question: Facts, questions: list[Facts], numbers: dict[str, int]) -> Facts | None:
    """Which answers to which earlier question show this one."""
    asked = question["shown_if"]
    if not asked:
        return None
    decider = next(one for one in questions if one["code"] == asked["question"])
    words = [text for code, text in labelled(decider) if code in asked["options"]]
    return {"number": numbers[decider["code"]], "answers": words}


# ---- all of them -----------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def survey_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question in its order; add, change, move and delete."""
    survey = editable_survey(request, pk)
    context = {
        "survey": survey,
        "step": "questions",
        "questions": questions_for(survey),
        "may_change": survey.state not in FINAL,
        "takes_note": _takes_note(survey),
        "new": NewQuestionForm(kinds=choices(QUESTION_KINDS)),
        "language": LanguageForm(chosen=survey.languages),
        "versions": survey.questionnaires.count(),
    }
    return render(request, "citizens/survey_questions.html", context)


def _takes_note(survey: Survey) -> bool:
    """Whether a change makes a new version."""
    current = current_questionnaire(survey)
    return current is not None and is_fixed(survey, current)


@require_POST
@requires(Permission.RUN_SURVEYS)
def question_move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One place up or down."""
    step = 1 if request.POST.get("til") == "ned" else -1

    def moved(questions: list[Facts]) -> list[Facts]:
        at = _place(questions, code)
        beside = at + step
        if 0 <= beside < len(questions):
            questions[at], questions[beside] = questions[beside], questions[at]
        return questions

    return _rearranged(request, pk, code, moved, _("Spørgsmålene har fået en ny rækkefølge."))


@require_POST
@requires(Permission.RUN_SURVEYS)
def question_delete(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Away with one."""

    def without(questions: list[Facts]) -> list[Facts]:
        return [one for one in questions if one["code"] != code]

    return _rearranged(request, pk, code, without, _("Et spørgsmål er slettet."))


def _place(questions: list[Facts], code: str) -> int:
    for at, question in enumerate(questions):
        if question["code"] == code:
            return at
    raise Http404


def _rearranged(
    request: HttpRequest, pk: int, code: str, change: Callable[[list[Facts]], list[Facts]], note: str
) -> HttpResponse:
    survey = editable_survey(request, pk)
    version, questions = request.POST.get("version", ""), questions_of(survey)
    if all(one["code"] != code for one in questions):  # pressed twice, or by two
        messages.error(request, _("Spørgsmålet er allerede slettet."))
        return redirect("citizens:survey_questions", pk)
    try:
        store_questions(
            survey,
            change(questions),
            change_note=note,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            by=request.user,
            now=request.now,
        )
    except Stale:
        messages.error(request, _("Spørgsmålene blev ændret af en anden imens. Se dem igennem, og prøv igen."))
    except NotPossible as refusal:
        messages.error(request, _sentence(refusal))
    else:
        messages.success(request, note)
    return redirect("citizens:survey_questions", pk)


def _sentence(refusal: NotPossible) -> str:
    if refusal.key == "questions":
        return str(SENTENCES[refusal.faults[0].key])
    return refusal_text(refusal)


# ---- one of them -----------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def question_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A new question of the kind that `?slags=` names, last in the row."""
    survey = editable_survey(request, pk)
    kind = request.GET.get("slags", QuestionKind.SCALE.value)
    if kind not in set(QuestionKind):
        raise Http404
    questions = questions_of(survey)
    code = next_code([one["code"] for one in [*questions, *earlier_questions(survey)]])
    question = whole({**_begun(QuestionKind(kind)), "code": code})
    return _question_page(request, survey, questions, question, len(questions))


def _begun(kind: QuestionKind) -> Facts:
    begun: Facts = {"kind": kind.value}
    if kind == QuestionKind.SCALE:
        begun["scale"] = [dict(word) for word in AGREEMENT]
    if kind == QuestionKind.TEXT:
        begun |= {"has_dont_know": False, "has_not_relevant": False}
    return begun


@requires(Permission.RUN_SURVEYS)
def question_edit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One question's texts, answers and conditions."""
    survey = editable_survey(request, pk)
    questions = questions_of(survey)
    at = _place(questions, code)
    return _question_page(request, survey, questions, questions[at], at)


def _question_page(
    request: HttpRequest, survey: Survey, questions: list[Facts], question: Facts, at: int
) -> HttpResponse:
    form = QuestionForm(
        posted(request),
        question=question,
        languages=survey.languages,
        earlier=questions[:at],
        version=survey.version,
        takes_note=_takes_note(survey),
        count=_row_count(request),
    )
    asks_more = "more" in request.POST
    if request.method == "POST" and not asks_more and form.is_valid():
        changed = [*questions[:at], form.facts(), *questions[at + 1 :]]
        if _store_question(request, survey, changed, form):
            messages.success(request, saved())
            return redirect("citizens:survey_questions", survey.pk)
    context = {
        "survey": survey,
        "step": "questions",
        "form": form,
        "question": question,
        "number": at + 1,
        "is_new": at == len(questions),
        "asks_more": asks_more,
        "kind_label": QUESTION_KINDS[QuestionKind(question["kind"])],
    }
    return render(request, "citizens/question_form.html", context, status=200 if asks_more else answer(form))


def _row_count(request: HttpRequest) -> int | None:
    """How many rows of answers were on the page, and some more when they are asked for."""
    text = request.POST.get("rows", "")
    if not text.isdecimal() or len(text) > 3:
        return None
    return min(int(text) + (MORE if "more" in request.POST else 0), MOST_OPTIONS)


def _store_question(request: HttpRequest, survey: Survey, questions: list[Facts], form: QuestionForm) -> bool:
    asked = form.cleaned_data
    try:
        store_questions(
            survey,
            questions,
            change_note=asked.get("change_note", ""),
            version=asked["version"],
            by=request.user,
            now=request.now,
        )
    except Stale as stale:
        form.data = form.data.copy()
        form.data["version"] = str(stale.stored.version)
        form.add_error(
            None, _("En anden ændrede undersøgelsen imens. Intet er overskrevet. Gem igen for at gemme dit.")
        )
    except NotPossible as refusal:
        if refusal.key == "questions":
            form.show(refusal.faults)
        else:
            form.add_error(None, refusal_text(refusal))
    else:
        return True
    return False


# ---- languages and versions ------------------------------------------------------------------------------------------


@require_POST
@requires(Permission.RUN_SURVEYS)
def survey_language(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the survey in one more language; what is not translated yet is named."""
    survey = editable_survey(request, pk)
    form = LanguageForm(request.POST, chosen=survey.languages)
    if not form.is_valid():
        messages.error(request, _("Vælg et sprog på listen."))
        return redirect("citizens:survey_questions", pk)
    survey.languages = [*survey.languages, form.cleaned_data["sprog"]]
    try:
        change_survey(survey, version=survey.version, by=request.user, now=request.now)
    except (NotPossible, Stale):
        messages.error(request, _("Undersøgelsen blev ændret af en anden imens. Prøv igen."))
    else:
        messages.success(request, _("Sproget er tilføjet. Oversæt spørgsmålene ét for ét."))
    return redirect("citizens:survey_questions", pk)


@requires(Permission.RUN_SURVEYS)
def survey_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of the questions, newest first, with what differs from the one before."""
    survey = editable_survey(request, pk)
    versions = list(survey.questionnaires.order_by("-number").prefetch_related("questions"))
    facts = [[facts_of(question) for question in one.questions.all()] for one in versions]
    rows = [
        {"version": one, "count": len(facts[at]), "differences": _differences(facts[at + 1 : at + 2], facts[at])}
        for at, one in enumerate(versions)
    ]
    return render(request, "citizens/survey_versions.html", {"survey": survey, "step": "questions", "rows": rows})


def _differences(before: list[list[Facts]], after: list[Facts]) -> list[Any]:
    return differences(before[0], after) if before else []


# ---- what they measure -----------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def survey_measures(request: HttpRequest, pk: int) -> HttpResponse:
    """Which indicators get a value when the survey closes, from which question and how."""
    survey = editable_survey(request, pk)
    questions = questions_of(survey)
    measures = list(survey.measures.select_related("series__indicator", "series__unit").order_by("pk"))
    series = Series.objects.filter(pk__in=series_to_measure(request)).exclude(survey_measures__in=measures)
    form = MeasureForm(
        posted(request) if "remove" not in request.POST else None,
        series=series.select_related("indicator", "unit"),
        questions=questions,
        period_kind=parse_period(survey.period).kind.value if survey.period else "",
        initial={"series": survey.series_id},
    )
    if request.method == "POST" and ("remove" in request.POST or form.is_valid()):
        kept = [_measure(one) for one in measures if str(one.pk) != request.POST.get("remove")]
        new = [] if "remove" in request.POST else [form.cleaned_data]
        try:
            store_measures(survey, [*kept, *new], by=request.user, now=request.now)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
        else:
            messages.success(request, saved())
        return redirect("citizens:survey_measures", pk)
    context = {
        "survey": survey,
        "step": "measures",
        "form": form,
        "rows": [_measure_row(one, questions) for one in measures],
        "has_series": series.exists(),
        "may_change": survey.state != SurveyState.FINISHED,
        "may_remove": survey.state not in FINAL,
    }
    return render(request, "citizens/survey_measures.html", context, status=answer(form))


def _measure(measure) -> Facts:
    names = ("series", "question_code", "kind", "share_options")
    return {name: getattr(measure, name) for name in names}


def _measure_row(measure, questions: list[Facts]) -> Facts:
    question = next((one for one in questions if one["code"] == measure.question_code), None)
    words = dict(labelled(question)) if question else {}
    return {
        "measure": measure,
        "question": question["text"].get("da", "") if question else measure.question_code,
        "kind": MEASURE_KINDS[measure.kind],
        "answers": [words.get(code, code) for code in measure.share_options],
    }
