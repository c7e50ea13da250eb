"""Indicators, series and targets."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from goals.actions import indicators as actions
from goals.actions.targets import AlreadySet, NeedsDecision, NeedsOwners, Unchanged, set_target, target_in_force, words
from goals.actions.versions import Stale
from goals.forms.indicators import IndicatorForm, IndicatorSearchForm, NewSeriesForm, SeriesForm, TargetForm
from goals.models import Goal, Indicator, Series
from goals.period_names import period_name
from goals.periods import PeriodError, parse_period
from goals.views.shared import (
    PAGE,
    answer,
    chosen_id,
    deciding_bodies,
    editable_indicator,
    editable_series,
    posted,
    saved,
    show_stale,
    units_for,
)
from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.SEE_AUTHORITY)
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator of the authority, with how many units report it."""
    form = IndicatorSearchForm(request.GET)
    visible = Indicator.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    indicators = form.narrow(visible).annotate(series_count=Count("series")).order_by("name", "pk")
    context = {
        "form": form,
        "page": Paginator(indicators, PAGE).get_page(request.GET.get("side")),
        "may_edit": request.user.may_somewhere(Permission.EDIT_INDICATORS, request.today)
        and units_for(request, Permission.EDIT_INDICATORS).filter(parent=None).exists(),
    }
    return render(request, "goals/indicator_list.html", context)


@requires(Permission.EDIT_INDICATORS)
def indicator_create(request: HttpRequest) -> HttpResponse:
    """A new definition; for those who edit indicators of the whole authority."""
    if not units_for(request, Permission.EDIT_INDICATORS).filter(parent=None).exists():
        raise PermissionDenied
    indicator = Indicator(authority=request.authority)
    form = IndicatorForm(posted(request), instance=indicator, authority=request.authority)
    if request.method == "POST" and form.is_valid():
        actions.create_indicator(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("followup:indicator_detail", indicator.pk)
    return render(request, "goals/indicator_form.html", {"form": form, "title": ""}, status=answer(form))


@requires(Permission.EDIT_INDICATORS)
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a definition; from here to a new series of it."""
    indicator = editable_indicator(request, pk)
    title = indicator.name
    form = IndicatorForm(posted(request), instance=indicator, authority=indicator.authority)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_indicator(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:indicator_detail", pk)
    context = {"form": form, "indicator": indicator, "title": title}
    return render(request, "goals/indicator_form.html", context, status=answer(form))


@requires(Permission.EDIT_INDICATORS)
def series_create(request: HttpRequest) -> HttpResponse:
    """Let a unit be measured by an indicator; `?indikator=` and `?enhed=` say which."""
    form = NewSeriesForm(
        posted(request),
        initial={"indicator": chosen_id(request.GET.get("indikator")), "unit": chosen_id(request.GET.get("enhed"))},
        units=units_for(request, Permission.EDIT_INDICATORS),
        indicators=Indicator.objects.filter(authority=request.authority).order_by("name", "pk"),
    )
    if request.method == "POST" and form.is_valid():
        series = actions.create_series(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _("Serien er oprettet. Sæt nu et måltal."))
        return redirect("goals:target_set", series.pk)
    return render(request, "goals/series_form.html", {"form": form, "series": None}, status=answer(form))


@requires(Permission.EDIT_INDICATORS)
def series_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change baseline, tolerance and path; from here to the targets."""
    series = editable_series(request, pk)
    form = SeriesForm(posted(request), instance=series)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_series(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:series_detail", pk)
    return render(request, "goals/series_form.html", {"form": form, "series": series}, status=answer(form))


@requires(Permission.EDIT_INDICATORS)
def target_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a target, or revise the one in force for its period (`?periode=`): the old one stays on the chart."""
    series = editable_series(request, pk)
    form = TargetForm(
        posted(request),
        initial=_target_asked_for(series, request.GET.get("periode", "")),
        series=series,
        bodies=deciding_bodies(request, series.unit),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_target(
                series,
                form.asked(),
                replaces=form.cleaned_data["replaces"],
                reason=form.cleaned_data["reason"],
                decided=form.decision(),
                by=request.user,
                now=request.now,
            )
        except Unchanged:
            form.add_error("period", _("Måltallet står der allerede."))
        except AlreadySet as taken:
            form.show_taken(taken.target, _taken_text(taken.target))
        except NeedsOwners:
            form.add_error(None, _("Målet har flere ejere. Foreslå måltallet på det tværgående måls side."))
        except NeedsDecision:
            form.ask_for_decision()
        else:
            messages.success(request, _("Måltallet er gemt."))
            return redirect("followup:series_detail", pk)
    targets = series.targets.select_related("decision__body")
    context = {
        "form": form,
        "series": series,
        "targets": [{"target": one, "words": words(one)} for one in targets],
        "shared": Goal.objects.owned_by_several().filter(goal_series__series=series).order_by("pk"),
    }
    return render(request, "goals/target_set.html", context, status=answer(form))


def _target_asked_for(series: Series, text: str) -> dict[str, object]:
    """What the form begins with: the period, and the target in force there."""
    try:
        period = parse_period(text) if text else None
    except PeriodError:
        period = None
    if period is None:
        return {}
    current = target_in_force(series, period)
    if current is None:
        return {"period": period.code}
    return {"period": current.period, "value": current.value, "low": current.low, "high": current.high} | {
        "replaces": current.pk
    }


def _taken_text(target) -> str:
    said = {"period": period_name(target.period), "value": words(target)}
    return (
        _(
            "Der er allerede et måltal for %(period)s: %(value)s. Gemmer du igen, gælder dit, og det gamle bliver "
            "stående i diagrammet. Skriv hvorfor."
        )
        % said
    )
