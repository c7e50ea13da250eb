"""What citizens wrote in their own words: reading it, deciding on what is held back, themes and rewritten quotes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citizens.actions import comments as actions
from citizens.actions.refusals import NotPossible
from citizens.comment_forms import (
    CHOSEN,
    CommentFilterForm,
    CutForm,
    HideForm,
    QuoteEditForm,
    QuoteForm,
    SeenForm,
    ThemeForm,
    refusal_words,
)
from citizens.comments import CPR_MARK, are_readable, comments_of, held_sentence, mark_of, themes_of
from citizens.kinds import CommentState
from citizens.models import Comment, Quote, Survey
from citizens.specs import current_questionnaire, worded
from goals.actions.versions import Stale
from goals.views.shared import PAGE, answer, posted
from organisation.access import fetch, requires
from organisation.permissions import Permission


def readable_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person may read what citizens wrote."""
    surveys = Survey.objects
    visible = surveys.visible_to(request.user, request.today).select_related("authority", "unit")
    return fetch(visible, surveys.readable_by(request.user, request.today), pk=pk)


def deciding_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person runs it: decides on what is held back, and writes what is published."""
    surveys = Survey.objects
    visible = surveys.visible_to(request.user, request.today).select_related("authority", "unit")
    allowed = surveys.editable_by(request.user, request.today) & surveys.readable_by(request.user, request.today)
    return fetch(visible, allowed, pk=pk)


def may_decide(request: HttpRequest, survey: Survey) -> bool:
    return Survey.objects.editable_by(request.user, request.today).filter(pk=survey.pk).exists()


# ---- the reading list ------------------------------------------------------------------------------------------------


@requires(Permission.READ_COMMENTS)
@never_cache
def comment_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The comments, 50 a page; what is held back is apart. Posting sorts the chosen ones under a theme."""
    survey = readable_survey(request, pk)
    if not are_readable(survey):
        return render(request, "citizens/comment_list.html", {"survey": survey, "is_readable": False})
    decides, comments = may_decide(request, survey), comments_of(survey)
    form = CommentFilterForm(request.GET, survey=survey, comments=comments, may_decide=decides)
    theme_form = ThemeForm(posted(request), survey=survey)
    if request.method == "POST" and theme_form.is_valid():
        return _sorted(request, survey, theme_form)
    page = Paginator(form.narrow().prefetch_related("themes"), PAGE).get_page(request.GET.get("side"))
    context = {
        "survey": survey,
        "is_readable": True,
        "form": form,
        "theme_form": theme_form,
        "page": page,
        "vis": form.cleaned_data.get("vis", "") if form.is_valid() else "",
        "questions": _questions(survey),
        "themes": list(themes_of(survey)),
        "held": held_sentence(survey),
        "may_decide": decides,
        "quotes": survey.quotes.select_related("theme") if decides else [],
        "chosen": request.POST.getlist("comment"),
        "cpr": CPR_MARK,
    }
    return render(request, "citizens/comment_list.html", context, status=answer(theme_form))


def _questions(survey: Survey) -> dict[str, str]:
    questionnaire = current_questionnaire(survey)
    return {one.code: worded(one.text, "da") for one in questionnaire.questions.all()} if questionnaire else {}


def _sorted(request: HttpRequest, survey: Survey, form: ThemeForm) -> HttpResponse:
    chosen = [one for one in request.POST.getlist("comment") if _is_key(one)][:CHOSEN]
    if not chosen:
        messages.error(request, _("Vælg de kommentarer, der hører under temaet."))
        return redirect(request.get_full_path())
    if "take" in request.POST and form.cleaned_data["theme"]:
        actions.take_theme(survey, form.cleaned_data["theme"], chosen)
        messages.success(request, _("Taget ud af temaet."))
    else:
        theme = actions.give_theme(survey, form.chosen_name(), chosen, by=request.user, now=request.now)
        said = {"n": len(chosen), "theme": theme.name}
        text = ngettext(
            "%(n)s kommentar er nu under ”%(theme)s”.", "%(n)s kommentarer er nu under ”%(theme)s”.", len(chosen)
        )
        messages.success(request, text % said)
    return redirect(request.get_full_path())


def _is_key(text: str) -> bool:
    plain = text.replace("-", "")
    return len(plain) == 32 and all(sign in "0123456789abcdef" for sign in plain)


# ---- deciding on one -------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
@never_cache
def comment_review(request: HttpRequest, pk: int, comment: str) -> HttpResponse:
    """One comment: let it be read, cut it, or hide it."""
    survey = deciding_survey(request, pk)
    one = get_object_or_404(comments_of(survey), pk=comment)
    seen = mark_of(one)
    given = request.POST if request.method == "POST" else None
    cut = CutForm(
        given if given and "cut" in given else None, initial={"text": one.text, "seen": seen}, auto_id="ret_%s"
    )
    hide = HideForm(given if given and "hide" in given else None, initial={"seen": seen}, auto_id="skjul_%s")
    release = SeenForm(given if given and "release" in given else None, initial={"seen": seen}, auto_id="vis_%s")
    by_whom = {"by": request.user, "now": request.now}
    steps: list[tuple[Any, Callable[[dict[str, Any]], Comment]]] = [
        (release, lambda asked: actions.release_comment(one, seen=asked["seen"], **by_whom)),
        (cut, lambda asked: actions.cut_comment(one, asked["text"], seen=asked["seen"], **by_whom)),
        (hide, lambda asked: actions.hide_comment(one, seen=asked["seen"], reason=asked["reason"], **by_whom)),
    ]
    for form, step in steps:
        if form.is_bound and form.is_valid() and _took(request, form, step):
            return redirect(_next_held(survey))
    context = {"survey": survey, "comment": one, "cut": cut, "hide": hide, "release": release, "cpr": CPR_MARK}
    context["question"] = _questions(survey).get(one.question_code, "")
    refused = release.errors or cut.errors or hide.errors
    return render(request, "citizens/comment_review.html", context, status=422 if refused else 200)


def _given(request: HttpRequest, button: str) -> Any:
    """The post, when it was this button's."""
    return request.POST if button in request.POST else None


def _took(request: HttpRequest, form: Any, step: Callable[[dict[str, Any]], Comment]) -> bool:
    try:
        step(form.cleaned_data)
    except Stale:
        form.add_error(None, _("En anden har set på kommentaren imens. Læs den igen, før du vælger."))
        return False
    except NotPossible as refusal:
        field = {CutForm: "text", HideForm: "reason"}.get(type(form))
        form.add_error(field, refusal_words(refusal))
        return False
    messages.success(request, _("Gemt."))
    return True


def _next_held(survey: Survey) -> Any:
    """The next that waits, else the list."""
    waiting = comments_of(survey).filter(state=CommentState.HELD).first()
    if waiting is None:
        return redirect("citizens:comment_list", survey.pk).url
    return redirect("citizens:comment_review", survey.pk, waiting.pk).url


# ---- quotes ----------------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
@never_cache
def quote_create(request: HttpRequest, pk: int, comment: str) -> HttpResponse:
    """Write a comment in other words, to be published."""
    survey = deciding_survey(request, pk)
    one = get_object_or_404(comments_of(survey).filter(state=CommentState.READABLE), pk=comment)
    form = QuoteForm(posted(request), survey=survey)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.add_quote(survey, one, asked["text"], theme=asked["theme"], by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error("text", refusal_words(refusal))
        else:
            messages.success(request, _("Citatet er omskrevet. Det bliver offentligt sammen med svaret."))
            return redirect("citizens:comment_list", survey.pk)
    context = {"survey": survey, "comment": one, "form": form}
    return render(request, "citizens/quote_form.html", context, status=answer(form))


@requires(Permission.RUN_SURVEYS)
@never_cache
def quote_edit(request: HttpRequest, pk: int, quote: int) -> HttpResponse:
    """Word a quote otherwise, or take it out."""
    survey = deciding_survey(request, pk)
    one = get_object_or_404(Quote, survey=survey, pk=quote)
    form = QuoteEditForm(posted(request), initial={"seen": one.text, "text": one.text})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.change_quote(one, asked["text"], seen=asked["seen"], by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error("text", refusal_words(refusal))
        except Stale as stale:
            form.data = form.data | {"seen": stale.stored.text}
            form.add_error("text", _("Nu står der ”%s”. Gem igen, hvis det, du skrev, skal gælde.") % stale.stored.text)
        else:
            messages.success(request, _("Gemt."))
            return redirect("citizens:comment_list", survey.pk)
    context = {"survey": survey, "comment": None, "quote": one, "form": form}
    return render(request, "citizens/quote_form.html", context, status=answer(form))


@requires(Permission.RUN_SURVEYS)
@require_POST
def quote_remove(request: HttpRequest, pk: int, quote: int) -> HttpResponse:
    """Take a quote out of what is published. One that somebody else has taken out is gone already."""
    survey = deciding_survey(request, pk)
    one = Quote.objects.filter(survey=survey, pk=quote).select_related("survey__authority").first()
    if one is not None:
        actions.remove_quote(one, by=request.user, now=request.now)
    messages.success(request, _("Citatet er slettet."))
    return redirect("citizens:comment_list", survey.pk)
