"""Writing a goal, and its way to adopted and closed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from goals.actions import goals as actions
from goals.actions.budgets import Full, meter_of
from goals.actions.goals import NotPossible
from goals.actions.translations import sent_of, write_answer
from goals.actions.versions import Stale
from goals.budget import Meter
from goals.forms.goals import AdoptForm, CloseForm, GoalForm, GoalSearchForm, MoveForm, NewGoalForm, ReplaceForm
from goals.kinds import GoalState
from goals.models import Decision, Goal, Promise, ServiceArea, Translation
from goals.smart import GOAL_FIELDS
from goals.translating import Party, Step, refusal
from goals.views.advice import advice_of
from goals.views.shared import (
    LACK_WORDS,
    PAGE,
    adoptable_goal,
    answer,
    answerable_translation,
    ceiling_text,
    chosen_id,
    deciding_bodies,
    editable_goal,
    open_goals,
    posted,
    refusal_text,
    saved,
    show_stale,
    units_for,
)
from organisation.access import requires
from organisation.danish import join_words
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

UNIT = (Party.UNIT,)
# Which field of a new goal the address may fill, and the word for it.
ASKED = {"owner_unit": "enhed", "parent": "serves", "area": "omraade"}


@requires(Permission.EDIT_GOALS)
def goal_create(request: HttpRequest) -> HttpResponse:
    """A new draft; `?enhed=`, `?serves=` and `?omraade=` say whose, for which goal, and about which service area.

    `?loefte=` says which promise of a steering document it is to keep; `?oversaettelse=`, that it is a unit's own goal
    for one that was sent down to it.
    """
    promise, sent = _promise(request), _sent_down(request)
    if sent is not None and request.method == "GET" and (refused := refusal(Step.PREPARE, sent_of(sent), parties=UNIT)):
        messages.error(request, refusal_text(NotPossible(refused)))
        return redirect("goals:translation_detail", sent.pk)
    if sent is not None:
        speak_of(sent.unit)  # the form is about its own goal
    parents = open_goals(request, request.authority.pk)
    units = units_for(request, Permission.EDIT_GOALS)
    initial = {name: chosen_id(request.GET.get(word)) for name, word in ASKED.items()}
    if sent is not None:
        parents, units = parents.filter(pk=sent.goal_id), units.filter(pk=sent.unit_id)
        initial |= {"owner_unit": sent.unit_id, "parent": sent.goal_id}
    areas = ServiceArea.objects.filter(authority=request.authority).in_use(request.today)
    form = NewGoalForm(
        posted(request),
        initial=initial,
        units=units,
        parents=parents,
        areas=areas,
        authority=request.authority,
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        about = [form.cleaned_data["area"]] if form.cleaned_data["area"] else []
        if sent is None:
            made = form.save(commit=False)
            goal = actions.create_goal(made, areas=about, promise=promise, by=request.user, now=request.now)
            messages.success(request, _("Målet er oprettet som kladde."))
            return redirect("goals:goal_edit", goal.pk)
        if _written(request, sent, form, about):
            messages.success(request, _("Jeres eget mål er gemt som kladde. Send det, når det er klart."))
            return redirect("goals:translation_detail", sent.pk)
    parent_id = form["parent"].value()
    parent = parents.filter(pk=chosen_id(str(parent_id))).first() if parent_id else None
    area = areas.filter(pk=chosen_id(str(form["area"].value()))).first() if form["area"].value() else None
    context = {"form": form, "parent": parent, "area": area, "promise": promise, "sent": sent, **advice_of(form)}
    return render(request, "goals/goal_form.html", context, status=answer(form))


def _promise(request: HttpRequest) -> Promise | None:
    pk = chosen_id(request.GET.get("loefte"))
    if pk is None:
        return None
    promises = Promise.objects.visible_to(request.user, request.today).filter(document__authority=request.authority)
    return get_object_or_404(promises.select_related("document").defer("document__file"), pk=pk)


def _sent_down(request: HttpRequest) -> Translation | None:
    """The goal sent down that the new one is to answer, if the address names one."""
    pk = request.GET.get("oversaettelse")
    return None if pk is None else answerable_translation(request, chosen_id(pk) or 0)


def _written(request: HttpRequest, sent: Translation, form: NewGoalForm, about: list[ServiceArea]) -> bool:
    """Whether the new goal is stored as the unit's own for the one sent down; else the form says why not."""
    version = chosen_id(request.POST.get("sent_version")) or 0
    try:
        write_answer(sent, form.save(commit=False), areas=about, version=version, by=request.user, now=request.now)
    except Stale:
        form.add_error(None, _("En anden har ændret oversættelsen imens. Gem igen, hvis det, du skrev, skal gælde."))
    except NotPossible as refusal:
        form.add_error(None, refusal_text(refusal))
    return form.is_valid()


@requires(Permission.EDIT_GOALS)
def goal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a goal's words, owner, rank and answers; from here to everything else about it."""
    goal = editable_goal(request, pk)
    if not goal.is_open:
        messages.error(request, refusal_text(NotPossible("closed")))
        return redirect("followup:goal_detail", pk)
    title = goal.title
    form = GoalForm(
        posted(request),
        instance=goal,
        units=units_for(request, Permission.EDIT_GOALS, goal.authority_id),
        authority=goal.authority,
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_goal(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as refusal:
            form.add_error(None, refusal_text(refusal))
        except Full as full:
            form.add_error("owner_unit", ceiling_text(form.cleaned_data["owner_unit"], full.meter))
        else:
            messages.success(request, saved())
            return redirect(*(("goals:goal_edit", pk) if "advise" in request.POST else ("followup:goal_detail", pk)))
    context = {
        "form": form,
        "goal": goal,
        "title": title,
        **advice_of(form),
        "lacks": _lacks(goal) if goal.state in (GoalState.DRAFT, GoalState.PROPOSED) else [],
        "may_adopt": _may_adopt(request, goal),
    }
    return render(request, "goals/goal_edit.html", context, status=answer(form))


def _may_adopt(request: HttpRequest, goal: Goal) -> bool:
    if not request.user.may_somewhere(Permission.ADOPT_GOALS, request.today):
        return False
    return Goal.objects.adoptable_by(request.user, request.today).filter(pk=goal.pk).exists()


@requires(Permission.EDIT_GOALS)
def goal_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which goal this one serves, among the authority's open goals that do not serve it."""
    goal = editable_goal(request, pk)
    here = goal.parent
    parents = open_goals(request, goal.authority_id).exclude(pk=pk)
    form = MoveForm(posted(request), instance=goal, parents=parents)
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.cleaned_data
            moved = form.save(commit=False)
            actions.move_goal(moved, asked["parent"], version=asked["version"], by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as refusal:
            form.add_error("parent", refusal_text(refusal))
        else:
            messages.success(request, _("Målet er flyttet."))
            return redirect("followup:goal_detail", pk)
    search = GoalSearchForm(request.GET)
    offered = parents.exclude(pk__in=Goal.objects.downward(goal.pk).values("pk"))
    if here is not None:
        offered = offered.exclude(pk=here.pk)
    offered = search.narrow(offered).order_by("owner_unit__position", "owner_unit__name", "rank", "pk")
    context = {
        "form": form,
        "goal": goal,
        "here": here,
        "search": search,
        "page": Paginator(offered, PAGE).get_page(request.GET.get("side")),
        "chosen": chosen_id(str(form["parent"].value() or "")),
    }
    return render(request, "goals/goal_move.html", context, status=answer(form))


@requires(Permission.EDIT_GOALS)
@require_POST
def goal_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft forward for adoption."""
    goal = editable_goal(request, pk)
    try:
        actions.propose_goal(goal, by=request.user, now=request.now)
    except NotPossible as refusal:
        messages.error(request, refusal_text(refusal))
    else:
        messages.success(request, _("Målet er foreslået. Det kan nu vedtages."))
    return redirect("followup:goal_detail", pk)


@requires(Permission.ADOPT_GOALS)
def goal_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Register the decision that adopts the goal; what is missing is named beside its field."""
    goal = adoptable_goal(request, pk)
    if goal.state not in (GoalState.DRAFT, GoalState.PROPOSED):
        messages.error(request, _("Målet er allerede vedtaget."))
        return redirect("followup:goal_detail", pk)
    meter = meter_of(goal.owner_unit)
    form = _adopt_form(request, goal, meter)
    if request.method == "POST" and form.is_valid():
        try:
            _adopt(request, form)
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as refusal:
            form.add_error(None, _refused_for(refusal))
        except Full as full:  # somebody took the last place meanwhile
            meter = full.meter
            form = _adopt_form(request, goal, meter)
        else:
            messages.success(request, _("Målet er vedtaget."))
            return redirect("followup:goal_detail", pk)
    # The fields name themselves; what is missing elsewhere is named above them, with where to write it.
    lacks = [lack for lack in _lacks(goal) if not form.errors or lack["key"] not in GOAL_FIELDS]
    context = {"form": form, "goal": goal, "lacks": lacks, "meter": meter}
    return render(request, "goals/goal_adopt.html", context, status=answer(form))


def _adopt_form(request: HttpRequest, goal: Goal, meter: Meter) -> AdoptForm:
    bodies = deciding_bodies(request, goal.owner_unit)
    known = Decision.objects.filter(body__in=bodies).readable_by(request.user, request.today)
    data, today = posted(request), request.today
    return AdoptForm(data, instance=goal, bodies=bodies, today=today, is_full=meter.is_full, decisions=known)


def _adopt(request: HttpRequest, form: AdoptForm) -> None:
    version, made = form.cleaned_data["version"], form.decision()
    goal = form.save(commit=False)
    actions.adopt_goal(goal, made, version=version, raised_by=form.raised_by, by=request.user, now=request.now)


@requires(Permission.ADOPT_GOALS)
def goal_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Register the decision that puts another goal of the same unit in the place of this one."""
    goal = adoptable_goal(request, pk)
    form = ReplaceForm(
        posted(request),
        successors=open_goals(request, goal.authority_id).filter(owner_unit=goal.owner_unit).exclude(pk=pk),
        bodies=deciding_bodies(request, goal.owner_unit),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.replace_goal(
                goal, asked["successor"], form.decision(), reason=asked["reason"], by=request.user, now=request.now
            )
        except NotPossible as refusal:
            form.add_error("successor", _refused_for(refusal))
        except Full as full:
            form.add_error("successor", ceiling_text(asked["successor"].owner_unit, full.meter))
        else:
            messages.success(request, _("Målet er afløst. Historikken bliver."))
            return redirect("followup:goal_detail", asked["successor"].pk)
    context = {"form": form, "goal": goal, "serving": goal.serving.adopted().count()}
    return render(request, "goals/goal_replace.html", context, status=answer(form))


def _refused_for(refusal: NotPossible) -> str:
    said = refusal_text(refusal)
    missing = join_words([str(LACK_WORDS[lack]) for lack in refusal.lacks])
    return f"{said} {_('Der mangler: %s.') % missing}" if missing else said


def _lacks(goal: Goal) -> list[dict[str, object]]:
    """What is missing, with the series where it is to be written (the goal's first, if it has one)."""
    first = goal.goal_series.order_by("rank", "pk").values_list("series", flat=True).first()
    return [{"key": lack.value, "word": LACK_WORDS[lack], "series": first} for lack in actions.lacks_of(goal)]


@requires(Permission.ADOPT_GOALS)
def goal_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Register the decision that ends the goal; its history stays."""
    goal = adoptable_goal(request, pk)
    bodies = deciding_bodies(request, goal.owner_unit)
    form = CloseForm(posted(request), bodies=bodies, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.close_goal(goal, form.decision(), reason=reason, by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, _("Målet er afsluttet. Historikken bliver."))
            return redirect("followup:goal_detail", pk)
    serving = goal.serving.adopted().count()
    return render(
        request, "goals/goal_close.html", {"form": form, "goal": goal, "serving": serving}, status=answer(form)
    )
