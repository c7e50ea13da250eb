"""Merging units and splitting one, with all that belongs to them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from followup.actions.reorganising import Refused, merge_units, split_unit
from followup.reorganising_forms import MergeForm, SplitForm, refusal_sentence
from goals.kinds import GoalState
from goals.models import Goal, Series
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


def _context(request: HttpRequest, unit: Unit, form) -> dict[str, Any]:
    return {
        "unit": unit,
        "form": form,
        "goal_count": Goal.objects.filter(owner_unit=unit).exclude(state=GoalState.CLOSED).count(),
        "series_count": Series.objects.filter(unit=unit).active(request.today).count(),
        "role_count": unit.memberships.not_over(request.today).count(),
    }


def _show_refusal(form, refused: Refused) -> None:
    form.add_error("day" if refused.key in ABOUT_DAY else None, refusal_sentence(refused))


@requires(Permission.REORGANISE)
def unit_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the unit become one with others from a day on."""
    unit, units = _unit_and_units(request, pk)
    others = units.filter(kind=unit.kind).exclude(pk=pk).select_related("authority").order_by("name")
    form = MergeForm(posted(request), unit=unit, units=units, others=others)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            made = merge_units([unit, *form.chosen], form.into(), day, by=request.user, now=request.now)
        except Refused as refused:
            _show_refusal(form, refused)
        else:
            messages.success(request, _("%s er oprettet. Mål, serier og roller er ført over.") % made)
            return redirect("organisation:unit_edit", made.pk)
    return render(request, "followup/unit_merge.html", _context(request, unit, form), status=answer(form))


@requires(Permission.REORGANISE)
def unit_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the unit become several from a day on, goal by goal."""
    unit, units = _unit_and_units(request, pk)
    goals = Goal.objects.filter(owner_unit=unit).exclude(state=GoalState.CLOSED).order_by("rank", "pk")
    form = SplitForm(posted(request), unit=unit, units=units, goals=goals)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            made = split_unit(unit, form.into(), day, goals=form.placed(), by=request.user, now=request.now)
        except Refused as refused:
            _show_refusal(form, refused)
        else:
            messages.success(request, _("%s er delt. Mål, serier og roller er ført over.") % unit)
            return redirect("organisation:unit_edit", made[0].pk)
    return render(request, "followup/unit_split.html", _context(request, unit, form), status=answer(form))
