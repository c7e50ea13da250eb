"""The dashboard of a body or a unit: its few goals, the worst first, and what is under way below them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import mark_safe

from followup.charts.stacked import NARROW, WIDE, stacked_figure, stacked_svg
from followup.goal_views import GoalView
from followup.rows import goal_row
from followup.status import count_lights
from goals.period_names import period_name
from organisation.access import requires
from organisation.addresses import address_of
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of
from reports.bullets import drawn_bullet, numbers_row, progress_words
from reports.dashboard_data import Development, Places, dashboard_of, development_of, places_of
from reports.dashboard_forms import DashboardForm, DevelopmentForm
from reports.development_rows import development_rows, point_words, stacked_spec
from reports.overview import steps, verdict


@requires(Permission.SEE_AUTHORITY)
def goal_dashboard(request: HttpRequest) -> HttpResponse:
    """The goals in force of the council, a committee or a unit, as the address narrows them."""
    today = request.today
    form = DashboardForm(request.GET, today=today)
    places = places_of(request.authority.pk, form.asked("udvalg"), form.asked("enhed"), today)
    name_places(form, places)
    context: dict[str, Any] = {"form": form, "place": places.chosen, "rows": [], "query": query_of(places.chosen, form)}
    if places.chosen is None:
        return render(request, "reports/goal_dashboard.html", context)
    speak_of(places.chosen)
    until = form.period.last if form.period else today
    board = dashboard_of(places.chosen, until=until, today=today, kind=form.asked("art") or "")
    views = [view for view in board.views if form.light in (None, view.light)]
    context |= {
        "rows": [_row(view, request) for view in views],
        "total": len(board.views),
        "verdict": verdict(board.views),
        "counts": count_lights(view.light for view in board.views),
        "before": board.before,
        "is_round": board.is_round,
        "moved": _moved(board.views),
        "period": period_name(form.period) if form.period else "",
        "is_narrowed": form.light is not None,
        "is_cut": board.is_cut,
    }
    return render(request, "reports/goal_dashboard.html", context)


def name_places(form: DashboardForm, places: Places) -> None:
    """Fill in whose goals may be chosen; the one that is shown is the one that is marked."""
    chosen = places.chosen
    is_unit = chosen is not None and not chosen.is_body
    asked = {"udvalg": "" if is_unit else str(chosen.pk), "enhed": str(chosen.pk) if is_unit else ""} if chosen else {}
    form.data = form.data.dict() | asked
    bodies = [(one.pk, one.name) for one in places.bodies]
    form.name_choices([("", "–"), *bodies] if is_unit else bodies, ((one.pk, one.name) for one in places.units))


def query_of(place: Unit | None, form: DashboardForm) -> str:
    """What is chosen, for links between the dashboards: `?udvalg=3&art=effect`."""
    chosen: dict[str, Any] = {}
    if place is not None:
        chosen["udvalg" if place.is_body else "enhed"] = place.pk
    for name in ("art", "periode"):
        if form.asked(name):
            chosen[name] = form.asked(name)
    return f"?{urlencode(chosen)}"


def _row(view: GoalView, request: HttpRequest) -> Mapping[str, Any]:
    """One goal: as lists print it, with its bullet chart and its numbers."""
    row = goal_row(view, request.today)
    lead = view.lead
    return {
        **row,
        "bullet": drawn_bullet(lead, f"punkt-{view.goal.pk}") if lead else "",
        "numbers": numbers_row(lead) if lead else None,
        "progress": progress_words(lead) if lead else "",
        "thread_url": address_of("reports:red_thread", view.goal.pk),
        "units_url": address_of("reports:goal_units", view.goal.pk),
        "steps": steps(view),
    }


def _moved(views: Sequence[GoalView]) -> dict[str, int]:
    """How many goals have a better light than before, and how many a worse."""
    moves = [steps(view) for view in views]
    return {"better": sum(one > 0 for one in moves), "worse": sum(one < 0 for one in moves)}


# ---- over time -------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def goal_development(request: HttpRequest) -> HttpResponse:
    """How many of the goals had each light at the end of each of the last eight quarters."""
    form, place, development = _development(request)
    context: dict[str, Any] = {"form": form, "place": place, "query": query_of(place, form), "development": development}
    if place is not None:
        speak_of(place)
    if development is not None and development.total:
        spec = stacked_spec(development)
        sprite = static("malstyring/symbols.svg")
        context |= {
            "spec": spec,
            "wide": mark_safe(stacked_svg(spec, WIDE, sprite)),
            "narrow": mark_safe(stacked_svg(spec, NARROW, sprite)),
            "lights": list(reversed(spec.lights)),
            "rows": development_rows(development, spec),
            "point": point_words(development),
            "figure_url": f"{reverse('reports:goal_development_chart')}?{request.GET.urlencode()}",
        }
    return render(request, "reports/goal_development.html", context)


@requires(Permission.SEE_AUTHORITY)
def goal_development_chart(request: HttpRequest) -> HttpResponse:
    """The same columns for exploring, as JSON for Plotly."""
    _form, _place, development = _development(request)
    figures = [stacked_figure(stacked_spec(development))] if development is not None and development.total else []
    return JsonResponse({"figures": figures})


def _development(request: HttpRequest) -> tuple[DevelopmentForm, Unit | None, Development | None]:
    form = DevelopmentForm(request.GET, today=request.today)
    places = places_of(request.authority.pk, form.asked("udvalg"), form.asked("enhed"), request.today)
    name_places(form, places)
    if places.chosen is None:
        return form, None, None
    development = development_of(
        places.chosen,
        last=form.last,
        today=request.today,
        kind=form.asked("art") or "",
        with_serving=form.with_serving,
    )
    return form, places.chosen, development
