"""Small multiples: one indicator of a goal over the units, a small chart each, the worst first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import mark_safe

from followup.charts.plotly import plotly_together
from followup.charts.small import shared_axes, small_svg
from followup.charts.spec import ChartSpec
from followup.presentation import chart_of, figure_of
from followup.rows import figure_row
from followup.standing import Link, Standing, StoredValue, approved_values, links_of, standings_of
from followup.status import DEVIATIONS, ORDER
from goals.kinds import Direction
from goals.models import Goal, Indicator, Series
from organisation.access import requires
from organisation.danish import format_number, format_value
from organisation.permissions import Permission
from organisation.words.speaking import speak_of
from reports.dashboard_forms import HighlightForm
from reports.heat_data import deciding_links, measuring_series
from reports.side_by_side import Measured, place_among, spread, worst_first

PAGE = 50
HISTORY = 24  # values in a chart


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a page compares: one indicator of the goal in every unit that keeps it."""

    goal: Goal
    form: HighlightForm
    links: Sequence[Link]
    indicator: Indicator | None
    series: Sequence[Series]
    standings: Mapping[int, Standing]


def _compared(request: HttpRequest, pk: int) -> _Compared:
    today = request.today
    visible = Goal.objects.visible_to(request.user, today).select_related("owner_unit")
    goal = get_object_or_404(visible, pk=pk)
    speak_of(goal.owner_unit)
    form = HighlightForm(request.GET)
    found = links_of([goal.pk])
    links = deciding_links(found[goal.pk])
    series = {one.pk: one for _goal, one in measuring_series(goal.owner_unit, found, today)}
    standings = standings_of(list(series.values()), until=today, today=today)
    indicator = _indicator(links, series, standings, form.asked("indikator"))
    mine = [one for one in series.values() if indicator is not None and one.indicator_id == indicator.pk]
    return _Compared(goal, form, links, indicator, mine, standings)


@requires(Permission.SEE_AUTHORITY)
def goal_units(request: HttpRequest, pk: int) -> HttpResponse:
    """What a goal is measured by, unit by unit: charts on the same axes, and a table."""
    it = _compared(request, pk)
    form, indicator = it.form, it.indicator
    context = {"goal": it.goal, "form": form, "indicator": indicator, "rows": []}
    if indicator is None or not it.series:
        return render(request, "reports/goal_units.html", context)
    form.data = form.data.dict() | {"indikator": str(indicator.pk)}
    form.name_choices(
        {link.series.indicator.pk: link.series.indicator.name for link in it.links}.items(),
        ((one.unit_id, one.unit.name) for one in it.series),
    )
    context |= _side_by_side(request, indicator, it.series, it.standings, form)
    chosen = {"indikator": indicator.pk, **({"enhed": form.asked("enhed")} if form.asked("enhed") else {})}
    context["figure_url"] = f"{reverse('reports:goal_units_chart', args=[pk])}?{urlencode(chosen)}"
    return render(request, "reports/goal_units.html", context)


@requires(Permission.SEE_AUTHORITY)
def goal_units_chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The units' lines in one figure, as JSON for Plotly, fifty at most: the chosen one and the worst."""
    it = _compared(request, pk)
    drawn = list(_lines(it))
    if not drawn:
        return JsonResponse({"figures": []})
    figure = plotly_together([(series.unit.name, spec) for series, spec in drawn])
    return JsonResponse({"figures": [figure], "highlight": {"chosen": 0}})


def _lines(it: _Compared) -> Iterator[tuple[Series, ChartSpec]]:
    """The chosen unit's series first, then the worst; those without a number are left out."""
    if it.indicator is None:
        return
    known, wanted = {one.pk: one for one in it.series}, it.form.asked("enhed")
    ordered = worst_first(
        [_measured(one, it.standings[one.pk]) for one in it.series if it.standings[one.pk].values],
        Direction(it.indicator.direction),
    )
    ordered.sort(key=lambda one: known[one.series].unit_id != wanted)
    values = approved_values([one.series for one in ordered[:PAGE]])
    for pk, stored in values.items():
        spec = chart_of(it.standings[pk], _whole(it.standings[pk], stored))
        if spec.last is not None:
            yield known[pk], spec


def _indicator(
    links: Sequence[Link], series: Mapping[int, Series], standings: Mapping[int, Standing], wanted: int | None
) -> Indicator | None:
    """The indicator asked for, else the one that decides the goal's light."""
    own = [link.series for link in links if link.series.pk in standings]
    chosen = next((one for one in own if one.indicator.pk == wanted), None)
    lead = chosen or min(own, key=lambda one: ORDER[standings[one.pk].light], default=None)
    return series[lead.pk].indicator if lead is not None else None


def _side_by_side(
    request: HttpRequest,
    indicator: Indicator,
    series: Sequence[Series],
    standings: Mapping[int, Standing],
    form: HighlightForm,
) -> dict[str, Any]:
    direction = Direction(indicator.direction)
    known = {one.pk: one for one in series}
    units = [_measured(one, standings[one.pk]) for one in series]
    ordered = worst_first(units, direction)
    lit = next((one for one in ordered if known[one.series].unit_id == form.asked("enhed")), None)
    ordered.sort(key=lambda one: one is not lit)
    page = Paginator(ordered, PAGE).get_page(request.GET.get("side"))
    shown = [one.series for one in page.object_list]
    values = approved_values([*shown, *([lit.series] if lit and lit.series not in shown else [])])
    specs = {pk: chart_of(standings[pk], _whole(standings[pk], stored)[-HISTORY:]) for pk, stored in values.items()}
    return {
        "page": page,
        "rows": list(_rows(shown, standings, specs, lit.series if lit else None, request.today)),
        "deviating": sum(one.light in DEVIATIONS for one in units),
        "total": len(units),
        "spread": _spread_words(units, indicator),
        "lit": _lit_words(units, lit, direction, indicator),
    }


def _whole(standing: Standing, stored: Sequence[StoredValue]) -> list[StoredValue]:
    """The values up to the latest that the light may be about: a roll-up under way is not drawn."""
    last = standing.latest
    return [value for value in stored if last is not None and value.period_end <= last.period_end]


def _measured(series: Series, standing: Standing) -> Measured:
    return Measured(series.pk, series.unit.name, standing.light, standing.verdict.value)


def _rows(
    shown: Sequence[int],
    standings: Mapping[int, Standing],
    specs: Mapping[int, ChartSpec],
    lit: int | None,
    today: date,
):
    axes = shared_axes(specs.values())
    for pk in shown:
        against = specs[lit] if lit is not None and lit != pk else None
        drawable = axes is not None and specs[pk].last is not None
        yield {
            **figure_row(figure_of(standings[pk], today)),
            "unit_name": standings[pk].series.unit.name,
            "svg": mark_safe(small_svg(specs[pk], axes, f"graf-{pk}", against)) if drawable else "",
            "is_lit": pk == lit,
        }


def _spread_words(units: Sequence[Measured], indicator: Indicator) -> dict[str, str] | None:
    found = spread(units)
    if found is None:
        return None
    low, high = found
    return {
        "low": format_number(low.value, indicator.decimals),
        "low_unit": low.name,
        "high": format_value(high.value, indicator.decimals, indicator.unit_of_measure),
        "high_unit": high.name,
    }


def _lit_words(
    units: Sequence[Measured], lit: Measured | None, direction: Direction, indicator: Indicator
) -> dict[str, Any] | None:
    place = place_among(units, lit, direction) if lit is not None else None
    if lit is None or place is None:
        return None
    return {
        "name": lit.name,
        "value": format_value(lit.value, indicator.decimals, indicator.unit_of_measure),
        "place": place[0],
        "total": place[1],
        "lowest_is_best": direction is Direction.LOWER,
    }
