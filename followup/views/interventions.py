"""Recording what was done to move a series, for its run chart."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from followup.actions.interventions import AlreadyRecorded, record_intervention
from followup.board_forms import InterventionForm
from goals.models import Series
from goals.periods import parse_period
from goals.views.shared import answer, posted
from organisation.access import fetch, requires
from organisation.models import Unit
from organisation.permissions import Permission


@requires(Permission.EDIT_ACTIONS)
def intervention_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done and when, and whether the median is held from there; what is recorded stays."""
    visible = Series.objects.visible_to(request.user, request.today).select_related("indicator", "unit", "authority")
    units = Unit.objects.allowing(Permission.EDIT_ACTIONS, request.user, request.today)
    series = fetch(visible, Series.objects.filter(unit__in=units), pk=pk)
    form = InterventionForm(posted(request), frequency=series.indicator.frequency)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            record_intervention(
                series,
                parse_period(asked["period"]),
                text=asked["text"],
                freezes_median=asked["freezes_median"],
                by=request.user,
                now=request.now,
            )
        except AlreadyRecorded:
            form.add_error("period", _("Der er allerede skrevet, hvad I gjorde i den periode. Vælg en anden."))
        else:
            messages.success(request, _("Gemt. Seriediagrammet tager højde for det fra nu af."))
            return redirect("followup:intervention_record", pk)
    context = {"form": form, "series": series, "recorded": series.interventions.select_related("by")}
    return render(request, "followup/intervention_record.html", context, status=answer(form))
