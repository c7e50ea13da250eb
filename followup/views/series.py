"""Indicators and series: each unit's numbers side by side, and one series with every value, charted and printed."""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst

from followup import page_queries as queries
from followup.additions import panels_of
from followup.charts.plotly import plotly_many
from followup.charts.svg import line_svgs
from followup.models import Revision
from followup.page_queries import HISTORY, PAGE, ValueSource
from followup.presentation import NO_VALUE, basis, chart_of, corrected_from, figure_of, target_words
from followup.standing import Standing, StoredValue, approved_values, point_of, reading_of, standing_of, standings_of
from followup.status import Light, assess
from followup.views.shared import one_or_404
from goals.labels import MISSING_REASONS
from goals.models import Indicator, Series, Target
from goals.period_names import period_name, period_name_short
from goals.price_names import price_subtitle
from organisation.access import requires
from organisation.addresses import address_of
from organisation.danish import format_number, table_date
from organisation.permissions import Permission
from organisation.templatetags.components import light

MISSING_WORDS = {reason.value: word for reason, word in MISSING_REASONS.items()}


@requires(Permission.SEE_AUTHORITY)
def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A definition, and every unit that reports it side by side, 50 a page."""
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user, request.today), pk=pk)
    series = indicator.series.select_related("unit", "indicator").order_by("unit__position", "unit__name")
    page = Paginator(series, PAGE).get_page(request.GET.get("side"))
    standings = standings_of(list(page.object_list), until=request.today, today=request.today, history=HISTORY)
    context = {
        "indicator": indicator,
        "prices": price_subtitle(indicator.price_level, indicator.price_year),
        "page": page,
        "figures": [figure_of(standings[one.pk], request.today) for one in page.object_list],
        "may_edit": Indicator.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
        if request.user.may_somewhere(Permission.EDIT_INDICATORS, request.today)
        else False,
    }
    return render(request, "followup/indicator_detail.html", context)


@requires(Permission.SEE_AUTHORITY)
def series_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One series: its light, the chart, every value with what was expected, and what has been changed."""
    viewer, today = request.user.as_viewer(request.today), request.today
    series = one_or_404(queries.SERIES.objects(pk, viewer, today))
    may = series.unit.permissions_of(viewer, today, series.unit_path)
    targets = queries.TARGETS_OF_SERIES.objects(pk)
    stored = queries.values_of_series(pk, viewer, today)
    approved = [value for value, source in stored if source.approved_at is not None and value.period_end <= today]
    standing = standing_of(series, approved, targets, until=today, today=today)
    page = Paginator(stored[::-1], PAGE).get_page(request.GET.get("side"))
    shown = [value.pk for value, _source in page.object_list]
    revisions = queries.REVISIONS.objects(shown, Permission.SEE_DRAFTS not in may)
    context = {
        "series": series,
        "prices": price_subtitle(series.indicator.price_level, series.indicator.price_year),
        "figure": figure_of(standing, today),
        "chart": _chart(standing, standing.values),
        "page": page,
        "values": list(_explained_rows(page.object_list, series, standing, may, today)),
        "revisions": [_revision_row(revision, series) for revision in revisions],
        "panels": panels_of("followup:series_detail", request),
        "targets": [_target_row(target, standing) for target in targets],
        "goals": [
            {"url": address_of("followup:goal_detail", goal), "title": title, "unit": unit}
            for goal, title, unit in queries.GOALS_OF_SERIES.rows(pk, viewer, today)
        ],
        "may_edit": Permission.EDIT_INDICATORS in may,
        "may_ask": request.user.may_somewhere(Permission.ASK_QUESTIONS, request.today),
    }
    return render(request, "followup/series_detail.html", context)


def chart_with_table(standing: Standing, today: date) -> dict[str, Any]:
    """The chart of a series and the table behind it."""
    rows = [_value_row(value, standing, today) for value in reversed(standing.values[-24:])]
    return {**_chart(standing, standing.values), "rows": rows}


def _chart(standing: Standing, values: Sequence[StoredValue]) -> dict[str, Any]:
    """Both drawings and the address of the interactive one."""
    series = standing.series
    spec = chart_of(standing, values)
    drawable = any(value.value is not None for value in values)
    wide, narrow = line_svgs(spec, f"graf-{series.pk}") if drawable else ("", "")
    return {
        "spec": spec,
        "series": series,
        "wide": wide,
        "narrow": narrow,
        "has_example": any(value.is_example for value in values),
        "may_explore": True,
    }


def _value_row(value: StoredValue, standing: Standing, today: date) -> dict[str, Any]:
    """One value as tables print it, with what was expected then and how it stood."""
    verdict = assess(standing.rule, reading_of(value), today)
    decimals = standing.series.indicator.decimals
    return {
        "period": period_name_short(value.period),
        "value": format_number(value.value, decimals) if value.value is not None else NO_VALUE,
        "expected": format_number(verdict.expected, decimals) if verdict.expected is not None else NO_VALUE,
        "light": light(Light.NO_DATA if value.is_provisional else verdict.light),
        "is_example": value.is_example,
        "corrected_from": corrected_from(value, decimals),
    }


def _explained_rows(
    stored: Sequence[tuple[StoredValue, ValueSource]],
    series: Series,
    standing: Standing,
    may: Container[Permission],
    today: date,
) -> Iterator[dict[str, Any]]:
    """The values with their whole story, ready to print: a page holds fifty, so the template only prints."""
    for value, source in stored:
        is_entered = source.approved_at is not None and not value.parts_expected
        yield {
            **_value_row(value, standing, today),
            "period": period_name(value.period),
            "basis": basis(value),
            "is_draft": source.approved_at is None,
            "missing": capfirst(str(MISSING_WORDS[value.missing])) if value.missing else "",
            "filename": source.filename,
            "line": source.line,
            "parts_present": value.parts_present,
            "parts_expected": value.parts_expected,
            "entered_by": source.entered_by,
            "approved": f"{source.approved_by} {table_date(timezone.localdate(source.approved_at))}"
            if source.approved_at and source.approved_by
            else "",
            "comment": source.comment if Permission.SEE_DRAFTS in may else "",
            "correct_url": address_of("followup:value_correct", series.pk, value.pk)
            if Permission.CORRECT_VALUES in may and is_entered
            else "",
        }


def _revision_row(revision: Revision, series: Series) -> dict[str, Any]:
    decimals = series.indicator.decimals

    def text(value, missing):
        return format_number(value, decimals) if value is not None else missing or "–"

    return {
        "revision": revision,
        "period": period_name(revision.measurement.period),
        "before": text(revision.old_value, revision.old_missing),
        "after": text(revision.new_value, revision.new_missing),
    }


def _target_row(target: Target, standing: Standing) -> dict[str, Any]:
    return {"target": target, "words": target_words(point_of(target), standing)}


@requires(Permission.SEE_AUTHORITY)
def series_chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures for exploring: this series and the same indicator in other units, as JSON for Plotly."""
    series = get_object_or_404(
        Series.objects.visible_to(request.user, request.today).select_related("indicator", "unit"), pk=pk
    )
    others = series.indicator.series.exclude(pk=pk).select_related("indicator", "unit").order_by("unit__name")[:9]
    all_series = [series, *others]
    standings = standings_of(all_series, until=request.today, today=request.today)
    values = approved_values([one.pk for one in all_series])
    specs = [
        (one.unit.name, chart_of(standings[one.pk], values[one.pk]))
        for one in all_series
        if any(value.value is not None for value in values[one.pk])
    ]
    return JsonResponse({"figures": plotly_many(specs)})
