"""A goal's effect chain: its board and drawing, and editing steps and arrows with or without JavaScript."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from followup.chain_forms import REFUSALS, AssumptionForm, PlaceForm, StepForm, show_refusal
from followup.charts.chain import NARROW, WIDE, chain_svg
from followup.charts.chain_spec import Chain
from followup.effect_chains import chains_of
from followup.models import WeakenedOnAgenda
from goals.actions.effect_chain import (
    Refused,
    add_assumption,
    add_step,
    change_assumption,
    change_step,
    move_step,
    remove_assumption,
    remove_step,
)
from goals.actions.versions import Stale
from goals.effect_chain import EFFECTS, lacks_effect
from goals.kinds import GoalKind, StepKind
from goals.labels import STEP_KINDS
from goals.models import Assumption, ChainStep, Goal, Indicator
from goals.views.shared import answer, chosen_id, editable_goal, posted, saved, show_stale
from organisation.access import requires
from organisation.models import UnitKind
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def effect_chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The board with its drawing and table; a goal's page fetches the drawing and what is weakened to show beside."""
    goal = get_object_or_404(
        Goal.objects.visible_to(request.user, request.today).select_related("owner_unit", "authority"), pk=pk
    )
    speak_of(goal.owner_unit)
    context = _context(request, goal)
    if request.htmx:
        return render(request, "followup/_effect_chain.html", context)
    may_edit = goal.is_open and Goal.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
    context |= {"columns": _columns(context["chain"]), "may_edit": may_edit}
    return render(request, "followup/effect_chain.html", context)


def _context(request: HttpRequest, goal: Goal) -> dict[str, Any]:
    chain = chains_of([(goal.pk, goal.short_name)], until=request.today, today=request.today).get(goal.pk)
    return {
        "goal": goal,
        "chain": chain,
        "wide": mark_safe(chain_svg(chain, WIDE)) if chain else "",
        "narrow": mark_safe(chain_svg(chain, NARROW)) if chain else "",
        "meetings": _meetings(goal) if chain and chain.weakened_ties else [],
        "lacks_effect": _lacks_effect(goal),
    }


def _meetings(goal: Goal) -> list[Any]:
    """The meetings that hear of what is weakened, the first first."""
    told = WeakenedOnAgenda.objects.filter(assumption__from_step__goal=goal, assumption__weakened_on__isnull=False)
    days = told.exclude(item=None).order_by("item__round__meeting_date")
    return list(days.values_list("item__round__meeting_date", flat=True).distinct())


def _lacks_effect(goal: Goal) -> bool:
    """Indicators of the goal count, and those of its chain's effects whatever their own kind."""
    kinds = Indicator.objects.filter(series__goal_series__goal=goal).order_by().values_list("kind", flat=True)
    measured = {GoalKind(kind) for kind in kinds.distinct()}
    if goal.chain_steps.filter(kind__in=EFFECTS, series__isnull=False).exists():
        measured.add(GoalKind.EFFECT)
    is_councils = goal.owner_unit.kind == UnitKind.COUNCIL
    return lacks_effect(GoalKind(goal.kind), is_councils=is_councils, measured_by=measured)


def _columns(chain: Chain | None) -> list[dict[str, Any]]:
    """Every kind with its steps, also those without: one can be put there."""
    steps = chain.steps if chain else ()
    by_number = {step.number: step for step in steps}
    columns = []
    for kind, head in STEP_KINDS.items():
        own = [step for step in steps if step.kind == kind]
        cards = [
            {
                "step": step,
                "up": at - 1 if at else None,
                "down": at + 1 if at + 1 < len(own) else None,
                "arrows": [{"arrow": one, "to": by_number[one.end]} for one in chain.arrows if one.start == step.number]
                if chain
                else [],
            }
            for at, step in enumerate(own)
        ]
        columns.append({"kind": kind.value, "head": head, "cards": cards})
    return columns


# ---- steps -----------------------------------------------------------------------------------------------------------


def _back(goal: Goal, step: int | None = None) -> HttpResponse:
    """To the board, at the step that was worked on."""
    url = reverse("followup:effect_chain", args=[goal.pk])
    return redirect(f"{url}#led-{step}" if step else f"{url}#tavle")


def _step(goal: Goal, step_id: int) -> ChainStep:
    return get_object_or_404(goal.chain_steps, pk=step_id)


@requires(Permission.EDIT_GOALS)
def chain_step_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A new step, of the kind that the address asks for."""
    goal = editable_goal(request, pk)
    form = StepForm(
        posted(request), instance=ChainStep(goal=goal), goal=goal, initial={"kind": request.GET.get("slags")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            step = form.save(commit=False)
            step = add_step(step, series=list(form.cleaned_data["series"]), by=request.user, now=request.now)
        except Refused as refused:
            show_refusal(form, refused.key)
        else:
            messages.success(request, saved())
            return _back(goal, step.pk)
    context = {"goal": goal, "form": form, "title": _("Nyt led"), "back": f"kolonne-{form['kind'].value()}"}
    return render(request, "followup/chain_form.html", context, status=answer(form))


@requires(Permission.EDIT_GOALS)
def chain_step_edit(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    """Change a step's words, kind and indicators."""
    goal = editable_goal(request, pk)
    step = _step(goal, step_id)
    form = StepForm(posted(request), instance=step, goal=goal)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            change_step(
                form.save(commit=False),
                series=list(asked["series"]),
                version=asked["version"],
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except Refused as refused:
            show_refusal(form, refused.key)
        else:
            messages.success(request, saved())
            return _back(goal, step_id)
    context = {
        "goal": goal,
        "form": form,
        "title": _("Ret led"),
        "back": f"led-{step_id}",
        "remove": reverse("followup:chain_step_remove", args=[pk, step_id]),
        "remove_words": _("Leddets antagelser bliver også fjernet. Historikken bliver."),
        "remove_button": _("Fjern leddet"),
    }
    return render(request, "followup/chain_form.html", context, status=answer(form))


@requires(Permission.EDIT_GOALS)
@require_POST
def chain_step_move(request: HttpRequest, pk: int, step_id: int) -> HttpResponseBase:
    """Move a step up, down or to another kind: by its buttons, or dragged."""
    goal = editable_goal(request, pk)
    step = _step(goal, step_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Leddet kan ikke flyttes dertil. Intet er ændret."))
        return _back(goal, step_id)
    asked = form.cleaned_data
    try:
        move_step(step, kind=StepKind(asked["kind"]), to=asked["place"], by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, REFUSALS[refused.key])
    return _back(goal, step_id)


@requires(Permission.EDIT_GOALS)
@require_POST
def chain_step_remove(request: HttpRequest, pk: int, step_id: int) -> HttpResponseBase:
    """Take a step out with its arrows."""
    goal = editable_goal(request, pk)
    try:
        remove_step(_step(goal, step_id), by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, REFUSALS[refused.key])
    else:
        messages.success(request, _("Leddet og dets antagelser er fjernet. Historikken bliver."))
    return _back(goal)


# ---- arrows ----------------------------------------------------------------------------------------------------------


@requires(Permission.EDIT_GOALS)
def assumption_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A new arrow, from the step that the address names."""
    goal = editable_goal(request, pk)
    initial = {"from_step": chosen_id(request.GET.get("fra"))}
    form = AssumptionForm(posted(request), goal=goal, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_assumption(form.save(commit=False), by=request.user, now=request.now)
        except Refused as refused:
            show_refusal(form, refused.key)
        else:
            messages.success(request, saved())
            return _back(goal, made.from_step_id)
    context = {"goal": goal, "form": form, "title": _("Ny antagelse"), "back": f"led-{form['from_step'].value()}"}
    return render(request, "followup/chain_form.html", context, status=answer(form))


def _assumption(goal: Goal, assumption_id: int) -> Assumption:
    arrows = Assumption.objects.filter(from_step__goal=goal).select_related("from_step__goal", "to_step")
    return get_object_or_404(arrows, pk=assumption_id)


@requires(Permission.EDIT_GOALS)
def assumption_edit(request: HttpRequest, pk: int, assumption_id: int) -> HttpResponse:
    """Change why an arrow is thought, its evidence and strength."""
    goal = editable_goal(request, pk)
    arrow = _assumption(goal, assumption_id)
    form = AssumptionForm(posted(request), instance=arrow, goal=goal)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            change_assumption(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except Refused as refused:
            show_refusal(form, refused.key)
        else:
            messages.success(request, saved())
            return _back(goal, arrow.from_step_id)
    context = {
        "goal": goal,
        "form": form,
        "title": _("Ret antagelse"),
        "arrow": arrow,
        "remove": reverse("followup:assumption_remove", args=[pk, assumption_id]),
        "remove_words": _("Historikken bliver."),
        "remove_button": _("Fjern antagelsen"),
        "back": f"led-{arrow.from_step_id}",
    }
    return render(request, "followup/chain_form.html", context, status=answer(form))


@requires(Permission.EDIT_GOALS)
@require_POST
def assumption_remove(request: HttpRequest, pk: int, assumption_id: int) -> HttpResponseBase:
    """Take an arrow out."""
    goal = editable_goal(request, pk)
    arrow = _assumption(goal, assumption_id)
    try:
        remove_assumption(arrow, by=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, REFUSALS[refused.key])
    else:
        messages.success(request, _("Antagelsen er fjernet. Historikken bliver."))
    return _back(goal, arrow.from_step_id)
