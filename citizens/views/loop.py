"""The answer to the citizens: writing its pairs, publishing it, and what came of it; and what it says of a goal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citizens.actions import loop as actions
from citizens.actions.refusals import NotPossible
from citizens.comment_forms import refusal_words
from citizens.kinds import SurveyState
from citizens.loop import loop_of
from citizens.loop_forms import PAIR_REFUSED, OutcomeForm, PairForm
from citizens.models import PublishedAnswer, Survey
from citizens.said import said_about
from goals.actions.versions import Stale
from goals.models import Goal
from goals.views.shared import answer, posted, saved, show_stale
from organisation.access import fetch, requires
from organisation.models import HistoryEntry
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

HISTORY = 20


def answered_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person answers its citizens."""
    visible = Survey.objects.visible_to(request.user, request.today).select_related("authority", "unit", "previous")
    return fetch(visible, Survey.objects.editable_by(request.user, request.today), pk=pk)


def _words(refusal: NotPossible) -> str:
    return refusal_words(refusal, PAIR_REFUSED)


@requires(Permission.RUN_SURVEYS)
@never_cache
def answer_write(request: HttpRequest, pk: int) -> HttpResponse:
    """All pairs of the answer, a form for the next, and last time's with what came of them."""
    survey = answered_survey(request, pk)
    form = PairForm(posted(request), survey=survey, user=request.user, today=request.today, instance=None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_pair(survey, fields=form.cleaned_data, by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error(refusal.field or None, _words(refusal))
        else:
            messages.success(request, saved())
            return redirect("citizens:answer_write", survey.pk)
    loop = loop_of(survey)
    context = {
        "survey": survey,
        "form": form,
        "loop": loop,
        "pairs": loop.pairs,
        "may_write": survey.state in actions.WRITTEN_IN,
        "is_closed": survey.state == SurveyState.CLOSED,
        "is_finished": survey.state == SurveyState.FINISHED,
        "history": HistoryEntry.objects.about(survey, *loop.pairs)[:HISTORY],
    }
    return render(request, "citizens/answer_write.html", context, status=answer(form))


def _pair(survey: Survey, pk: int) -> PublishedAnswer:
    return get_object_or_404(PublishedAnswer.objects.filter(survey=survey).select_related("survey"), pk=pk)


@requires(Permission.RUN_SURVEYS)
@never_cache
def pair_edit(request: HttpRequest, pk: int, pair: int) -> HttpResponse:
    """Change a pair; of a published one, tell what came of it."""
    survey = answered_survey(request, pk)
    one = _pair(survey, pair)
    is_published = survey.state == SurveyState.FINISHED
    form: Any
    if is_published:
        form = OutcomeForm(posted(request), instance=one)
    else:
        form = PairForm(posted(request), instance=one, survey=survey, user=request.user, today=request.today)
    if request.method == "POST" and form.is_valid():
        store = actions.tell_outcome if is_published else actions.change_pair
        asked = form.cleaned_data["version"]
        try:
            store(form.save(commit=False), version=asked, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as refusal:
            form.add_error(refusal.field or None, _words(refusal))
        else:
            messages.success(request, saved())
            return redirect("citizens:answer_write", survey.pk)
    context = {"survey": survey, "pair": _pair(survey, pair), "form": form, "is_published": is_published}
    return render(request, "citizens/pair_edit.html", context, status=answer(form))


@requires(Permission.RUN_SURVEYS)
@require_POST
def pair_move(request: HttpRequest, pk: int, pair: int) -> HttpResponse:
    """One place up, or down."""
    survey = answered_survey(request, pk)
    return _done(request, survey, lambda: actions.move_pair(_pair(survey, pair), up="up" in request.POST))


@requires(Permission.RUN_SURVEYS)
@require_POST
def pair_remove(request: HttpRequest, pk: int, pair: int) -> HttpResponse:
    """Take a pair out of the answer."""
    survey = answered_survey(request, pk)
    one = _pair(survey, pair)
    return _done(request, survey, lambda: actions.remove_pair(one, by=request.user, now=request.now))


def _done(request: HttpRequest, survey: Survey, step: Any) -> HttpResponse:
    try:
        step()
    except NotPossible as refusal:
        messages.error(request, _words(refusal))
    return redirect("citizens:answer_write", survey.pk)


@requires(Permission.RUN_SURVEYS)
@never_cache
def answer_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publishing does, in words; posting does it."""
    survey = answered_survey(request, pk)
    refused = ""
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            asked = int(version) if version.isdecimal() and len(version) < 10 else -1
            actions.finish_survey(survey, version=asked, by=request.user, now=request.now)
        except Stale:
            refused = _("Undersøgelsen blev ændret af en anden imens. Se svaret igennem, og offentliggør det igen.")
        except NotPossible as refusal:
            refused = _words(refusal)
        else:
            messages.success(request, _("Svaret er offentliggjort."))
            return redirect("citizens:survey_detail", survey.pk)
    context = {
        "survey": survey,
        "loop": loop_of(survey),
        "subscribers": survey.subscribers.count(),
        "quotes": survey.quotes.select_related("theme"),
        "refused": refused,
        "is_closed": survey.state == SurveyState.CLOSED,
    }
    return render(request, "citizens/answer_publish.html", context, status=422 if refused else 200)


@requires(Permission.SEE_AUTHORITY)
def goal_said(request: HttpRequest, pk: int) -> HttpResponse:
    """What citizens say about a goal, beside its figures. The goal's page fetches it."""
    goal = get_object_or_404(Goal.objects.visible_to(request.user, request.today).select_related("owner_unit"), pk=pk)
    speak_of(goal.owner_unit)
    said = said_about([goal.pk], today=request.today, is_public=False)[goal.pk]
    template = "citizens/_goal_said.html" if request.htmx else "citizens/goal_said.html"
    return render(request, template, {"goal": goal, "said": said})
