"""Merging units and splitting one, with all that belongs to them."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from followup.actions.reorganising import Refused, check_merge, merge_units, split_unit
from followup.reorganising import foreseen
from followup.reorganising_forms import MergeForm, SplitForm, refusal_sentence
from goals.kinds import GoalState
from goals.models import Goal
from goals.views.shared import answer, posted
from organisation.access import fetch, requires
from organisation.models import Unit
from organisation.permissions import Permission

ABOUT_DAY = ("ahead", "has_values", "not_valid")


def _unit_and_units(request: HttpRequest, pk: int):
    """The unit, and the units of its authority that the person may reorganise."""
    every = Unit.objects.filter(authority=request.authority)
    units = every.allowing(Permission.REORGANISE, request.user, request.today)
    return fetch(every.select_related("authority", "parent"), units, pk=pk), units.valid(request.today)


def _show_refusal(form, refused: Refused) -> None:
    form.add_error("day" if refused.key in ABOUT_DAY else None, refusal_sentence(refused))


@requires(Permission.REORGANISE)
def unit_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the unit become one with others from a day on, when the person has seen what that means."""
    unit, units = _unit_and_units(request, pk)
    others = units.filter(kind=unit.kind).exclude(pk=pk).select_related("authority").order_by("name")
    asked = partial(MergeForm, unit=unit, units=units, others=others)
    form = asked(posted(request))
    is_told = bool(form.data.get("seen"))
    if request.method == "POST" and form.is_valid():
        act = {"day": form.cleaned_data["day"], "by": request.user, "now": request.now}
        try:
            if form.has_seen:
                made = merge_units(form.units, form.into(), most=form.cleaned_data["most"], **act)
                messages.success(request, _("%s er oprettet. Mål, serier og roller er ført over.") % made)
                return redirect("organisation:unit_edit", made.pk)
            check_merge(form.units, form.into(), **act)
        except Refused as refused:
            _show_refusal(form, refused)
        else:
            form, is_told = asked(form.told(foreseen(form.units, request.today).most)), True
    status = answer(form)
    ending = form.units if form.is_bound else [unit]
    context = {"unit": unit, "form": form, "is_told": is_told, "ahead": foreseen(ending, request.today)}
    return render(request, "followup/unit_merge.html", context, status=status)


@requires(Permission.REORGANISE)
def unit_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the unit become several from a day on, goal by goal."""
    unit, units = _unit_and_units(request, pk)
    ahead = foreseen([unit], request.today)
    goals = Goal.objects.filter(owner_unit=unit).exclude(state=GoalState.CLOSED).order_by("rank", "pk")
    form = SplitForm(posted(request), unit=unit, units=units, goals=goals, most=ahead.most)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            made = split_unit(
                unit, form.into(), day, goals=form.placed(), most=form.most(), by=request.user, now=request.now
            )
        except Refused as refused:
            _show_refusal(form, refused)
        else:
            messages.success(request, _("%s er delt. Mål, serier og roller er ført over.") % unit)
            return redirect("organisation:unit_edit", made[0].pk)
    context = {"unit": unit, "form": form, "ahead": ahead}
    return render(request, "followup/unit_split.html", context, status=answer(form))
