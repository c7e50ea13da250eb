"""Changing, ranking and ending goals that pull different ways. The pages that show them are in `followup`."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from goals.actions import divergences as actions
from goals.actions.versions import Stale
from goals.forms.divergences import DivergenceForm, EndForm, RankForm
from goals.models import Divergence
from goals.views.shared import answer, deciding_bodies, posted, saved, show_stale
from organisation.access import fetch, requires
from organisation.permissions import Permission


def _visible(request: HttpRequest):
    return Divergence.objects.visible_to(request.user, request.today).with_goals()


def _editable(request: HttpRequest, pk: int) -> Divergence:
    return fetch(_visible(request), Divergence.objects.editable_by(request.user, request.today), pk=pk)


@requires(Permission.EDIT_GOALS)
def divergence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in other words where two goals meet."""
    divergence = _editable(request, pk)
    form = DivergenceForm(posted(request), instance=divergence)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_divergence(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:divergence_list")
    context = {"form": form, "divergence": divergence}
    return render(request, "goals/divergence_edit.html", context, status=answer(form))


@requires(Permission.ADOPT_GOALS)
def divergence_rank(request: HttpRequest, pk: int) -> HttpResponse:
    """Register the decision on which of the two goes first. Only where the person may do so for both."""
    divergence = fetch(_visible(request), Divergence.objects.rankable_by(request.user, request.today), pk=pk)
    bodies = deciding_bodies(request, divergence.goal.owner_unit) & deciding_bodies(
        request, divergence.other.owner_unit
    )
    form = RankForm(posted(request), instance=divergence, bodies=bodies, today=request.today)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.rank_divergence(
                divergence, asked["first"], form.decision(), version=asked["version"], by=request.user, now=request.now
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, _("Prioriteringen er registreret."))
            return redirect("followup:divergence_list")
    context = {"form": form, "divergence": divergence}
    return render(request, "goals/divergence_rank.html", context, status=answer(form))


@requires(Permission.EDIT_GOALS)
def divergence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Register that the two no longer pull different ways."""
    divergence = _editable(request, pk)
    form = EndForm(posted(request), initial={"version": divergence.version})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.end_divergence(
                divergence, version=asked["version"], reason=asked["reason"], by=request.user, now=request.now
            )
        except Stale as stale:
            form.data = form.data.copy()
            form.data["version"] = str(stale.stored.version)
            form.add_error(None, _("Andre har ændret den imens. Læs den igen, og afslut, hvis den skal væk."))
            divergence = _visible(request).get(pk=pk)
        else:
            messages.success(request, _("Målene er ikke længere registreret som modsatrettede."))
            return redirect("followup:divergence_list")
    context = {"form": form, "divergence": divergence}
    return render(request, "goals/divergence_end.html", context, status=answer(form))
