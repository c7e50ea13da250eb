"""Members' questions: asked where a goal or a figure is shown, answered once by the leader, read by all."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from followup.actions import questions as actions
from followup.actions.questions import AlreadyAnswered
from followup.models import Question
from followup.politics_forms import AnswerForm, PassOnForm, QuestionForm
from followup.questions import answerer_of, due_date_of
from goals.forms.goals import leaders_of
from goals.models import Goal, Series
from goals.views.shared import PAGE, answer, chosen_id, posted
from organisation.access import fetch, requires
from organisation.danish import clock, weekday_date
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

HISTORY = 10


@requires(Permission.SEE_AUTHORITY)
@never_cache
def question_list(request: HttpRequest) -> HttpResponse:
    """Every question of the authority: the unanswered first, the most urgent on top."""
    questions = Question.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    mine = request.GET.get("mine") == "1"
    if mine:
        questions = questions.filter(assigned_to=request.user)
    waiting = questions.unanswered().for_lists(request.user, request.today).order_by("due_date", "pk")
    answered = questions.exclude(answered_at=None).for_lists(request.user, request.today)
    context = {
        "mine": mine,
        "waiting": waiting[:PAGE],
        "page": Paginator(answered.order_by("-answered_at", "-pk"), PAGE).get_page(request.GET.get("side")),
        "may_ask": request.user.may_somewhere(Permission.ASK_QUESTIONS, request.today),
    }
    return render(request, "followup/question_list.html", context)


@requires(Permission.ASK_QUESTIONS)
def question_ask(request: HttpRequest) -> HttpResponse:
    """Ask on behalf of one's body; `?maal=` or `?serie=` says what about, `?udvalg=` where."""
    bodies = Unit.objects.filter(authority=request.authority).bodies().valid(request.today)
    bodies = list(bodies.allowing(Permission.ASK_QUESTIONS, request.user, request.today))
    if not bodies:
        raise PermissionDenied
    goal, series = _about(request)
    form = QuestionForm(
        posted(request),
        initial={"body": chosen_id(request.GET.get("udvalg"))},
        bodies=Unit.objects.filter(pk__in=[body.pk for body in bodies]),
    )
    if request.method == "POST" and form.is_valid():
        question = form.save(commit=False)
        question.goal, question.series = goal, series
        person = answerer_of(question.body, goal, series, request.today)
        if person is not None:
            question.assigned_to, question.due_date = person, due_date_of(question.body, request.today)
            actions.ask_question(question, by=request.user, now=request.now)
            messages.success(request, _asked(question))
            return redirect("followup:question_detail", question.pk)
        form.add_error(None, _("Der er ingen leder at sende spørgsmålet til. Skriv til målkonsulenten."))
    return render(
        request, "followup/question_ask.html", {"form": form, "goal": goal, "series": series}, status=answer(form)
    )


def _about(request: HttpRequest) -> tuple[Goal | None, Series | None]:
    """The goal or series of this authority that the address names; 404 when it names another."""
    goals = Goal.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    series = Series.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    if "maal" in request.GET:
        found = goals.select_related("owner_unit", "responsible")
        return get_object_or_404(found, pk=chosen_id(request.GET["maal"])), None
    if "serie" in request.GET:
        found = series.select_related("indicator", "unit")
        return None, get_object_or_404(found, pk=chosen_id(request.GET["serie"]))
    return None, None


def _asked(question: Question) -> str:
    said = {"who": question.assigned_to, "date": weekday_date(question.due_date)}
    return (
        _("Spørgsmålet er sendt til %(who)s. Svaret kommer senest %(date)s og står på dagsordenen til næste møde.")
        % said
    )


@requires(Permission.SEE_AUTHORITY)
@never_cache
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The question and its answer; of a closed one others than those who may read it see the public title."""
    question = get_object_or_404(_shown(request), pk=pk)
    return _page(request, question)


def _shown(request: HttpRequest):
    visible = Question.objects.visible_to(request.user, request.today)
    return visible.for_lists(request.user, request.today).select_related("series__unit", "authority")


def _answerable(request: HttpRequest, pk: int) -> Question:
    return fetch(_shown(request), Question.objects.answerable_by(request.user, request.today), pk=pk)


def _page(request: HttpRequest, question: Question, **forms: Any) -> HttpResponse:
    may_answer = not question.is_answered and (
        Question.objects.answerable_by(request.user, request.today).filter(pk=question.pk).exists()
    )
    context = {
        "question": question,
        "is_late": question.is_late(request.today),
        "may_answer": may_answer,
        "form": None,
        "pass_form": None,
        "history": HistoryEntry.objects.about(question)[:HISTORY] if question.is_readable else [],
    }
    if may_answer or forms:
        context["form"] = forms.get("form") or AnswerForm(instance=question)
        context["pass_form"] = forms.get("pass_form") or PassOnForm(people=_others(request, question))
    failed = any(form.errors for form in forms.values())
    return render(request, "followup/question_detail.html", context, status=422 if failed else 200)


def _others(request: HttpRequest, question: Question):
    return leaders_of(question.authority, request.today).exclude(pk=question.assigned_to_id)


@requires(Permission.ANSWER_QUESTIONS)
@never_cache
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer, once. Whoever comes second keeps the words, and sees what the first wrote."""
    question = _answerable(request, pk)
    if request.method == "GET" and question.is_answered:
        return redirect("followup:question_detail", pk)
    form = AnswerForm(posted(request), instance=question)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_question(form.save(commit=False), by=request.user, now=request.now)
        except AlreadyAnswered as taken:
            form.add_error("answer", _taken(taken.question))
            return _page(request, get_object_or_404(_shown(request), pk=pk), form=form)
        messages.success(request, _("Svaret er sendt. Alle i udvalget kan læse det."))
        return redirect("followup:question_detail", pk)
    return _page(request, get_object_or_404(_shown(request), pk=pk), form=form)


@requires(Permission.ANSWER_QUESTIONS)
@never_cache
def question_pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another leader answer; the deadline stays."""
    question = _answerable(request, pk)
    form = PassOnForm(posted(request), people=_others(request, question))
    if request.method == "POST" and form.is_valid():
        try:
            actions.pass_on(question, form.cleaned_data["person"], by=request.user, now=request.now)
        except AlreadyAnswered as taken:
            form.add_error("person", _taken(taken.question))
            return _page(request, get_object_or_404(_shown(request), pk=pk), pass_form=form)
        messages.success(request, _("Spørgsmålet er sendt videre til %s.") % form.cleaned_data["person"])
        return redirect("followup:question_list")
    return _page(request, question, pass_form=form)


def _taken(question: Question) -> str:
    said = {"who": question.answered_by, "when": clock(localtime(question.answered_at))}
    return _("%(who)s svarede %(when)s, mens du skrev. Intet er overskrevet.") % said
