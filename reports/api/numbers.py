"""Indicators, series and their numbers."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from ninja import Field, Query, Router, Schema

from followup.models import Measurement
from goals.models import Indicator, Series, Target
from organisation.models import Authority, Unit
from reports.api.access import authority_at
from reports.api.goals import ERRORS, Chosen, Key, authority_of
from reports.api.paging import Paging, page_of
from reports.api.schemas import LARGEST, IndicatorOut, Page, SeriesOut, ValueOut
from reports.api.telling import Told, data_home, indicator_told, number, series_told, value_told
from reports.opendata.public import public_series
from reports.opendata.values import (
    VALUE_PATHS,
    Span,
    hidden_of,
    open_rows,
    open_series,
    updated_at,
    without_hidden_baseline,
)

router = Router()


class IndicatorFilter(Chosen):
    """Which indicators."""

    q: str = Field("", max_length=100, description="A word in the name")


class SeriesFilter(Chosen):
    """Which series."""

    indicator: int | None = Field(None, ge=1, le=LARGEST)
    unit: int | None = Field(None, ge=1, le=LARGEST)
    goal: int | None = Field(None, ge=1, le=LARGEST, description="A goal they measure")


class Days(Schema):
    """Which numbers; a period counts when its last day does."""

    from_: date | None = Field(None, alias="from", description="The first day", examples=["2024-01-01"])
    to: date | None = Field(None, description="The last day", examples=["2026-12-31"])

    @property
    def span(self) -> Span:
        return Span(self.from_, self.to)


class ValueFilter(SeriesFilter, Days):
    """Both."""


@router.get("/indicators", response={200: Page[IndicatorOut], **ERRORS}, summary="Indicators")
def indicator_list(request: HttpRequest, chosen: Query[IndicatorFilter], paging: Query[Paging]) -> dict[str, Any]:
    """Those with a public series."""
    authority = authority_at(request, chosen.authority)
    found = _public_indicators(authority, request).order_by("name", "pk")
    if chosen.q:
        found = found.filter(name__icontains=chosen.q.replace("\x00", ""))
    return page_of(request, found, paging, lambda rows: [indicator_told(authority, row) for row in rows])


@router.get("/indicators/{pk}", response={200: IndicatorOut, **ERRORS}, summary="One indicator")
def indicator_detail(request: HttpRequest, pk: int = Key) -> Told:
    """How it is measured."""
    authority = authority_of(request, Indicator, pk)
    return indicator_told(authority, get_object_or_404(_public_indicators(authority, request), pk=pk))


def _public_indicators(authority: Authority, request: HttpRequest) -> Any:
    series = public_series(authority).filter(indicator=OuterRef("pk"))
    return Indicator.objects.filter(Exists(series), authority=authority)


@router.get("/series", response={200: Page[SeriesOut], **ERRORS}, summary="Series")
def series_list(request: HttpRequest, chosen: Query[SeriesFilter], paging: Query[Paging]) -> dict[str, Any]:
    """One indicator for one unit each."""
    authority = authority_at(request, chosen.authority)
    found = _chosen(public_series(authority), chosen).order_by("indicator", "unit", "pk")
    return page_of(
        request, found.values_list("pk", flat=True), paging, lambda ids: _series_told(request, authority, ids)
    )


@router.get("/series/{pk}", response={200: SeriesOut, **ERRORS}, summary="One series")
def series_detail(request: HttpRequest, response: HttpResponse, pk: int = Key) -> Told:
    """With where it began, its targets, and its files."""
    authority = authority_of(request, Series, pk)
    get_object_or_404(public_series(authority), pk=pk)
    _say_when(response, [pk])
    return _series_told(request, authority, [pk])[0]


@router.get("/series/{pk}/values", response={200: list[ValueOut], **ERRORS}, summary="The numbers of one series")
def series_values(request: HttpRequest, response: HttpResponse, days: Query[Days], pk: int = Key) -> list[Told]:
    """Every one of them, oldest first."""
    authority = authority_of(request, Series, pk)
    get_object_or_404(public_series(authority), pk=pk)
    _say_when(response, [pk])
    values = days.span.of(Measurement.objects.approved().filter(series=pk)).order_by("period_end")
    return _values_told(authority, list(values.values_list(*VALUE_PATHS)))


@router.get("/values", response={200: Page[ValueOut], **ERRORS}, summary="Numbers")
def value_list(request: HttpRequest, chosen: Query[ValueFilter], paging: Query[Paging]) -> dict[str, Any]:
    """Of all public series, or those chosen; by series, oldest first."""
    authority = authority_at(request, chosen.authority)
    series = _chosen(public_series(authority), chosen)
    values = Measurement.objects.approved().filter(series__in=series.order_by().values("pk"))
    rows = chosen.span.of(values).order_by("series_id", "period_end").values_list(*VALUE_PATHS)
    return page_of(request, rows, paging, lambda some: _values_told(authority, some))


def _values_told(authority: Authority, rows: list[tuple[Any, ...]]) -> list[Told]:
    series = Series.objects.filter(pk__in={row[0] for row in rows})
    return [value_told(row[0], value) for row, value in zip(rows, open_rows(authority, rows, series), strict=True)]


def _series_told(request: HttpRequest, authority: Authority, ids: list[int]) -> list[Told]:
    found = {one.pk: one for one in open_series(Series.objects.filter(pk__in=ids))}
    hidden = hidden_of(authority, found.values())
    levels = dict(Unit.objects.filter(pk__in={one.unit_pk for one in found.values()}).values_list("pk", "kind"))
    targets: dict[int, list[Told]] = defaultdict(list)
    for pk, period, value, low, high in (
        Target.objects.in_force()
        .filter(series__in=ids)
        .order_by("period_end", "pk")
        .values_list("series", "period", "value", "low", "high")
    ):
        targets[pk].append({"period": period, "value": number(value), "low": number(low), "high": number(high)})
    home = data_home(request, authority)
    return [
        series_told(authority, without_hidden_baseline(found[pk], hidden), levels[found[pk].unit_pk], targets[pk], home)
        for pk in ids
    ]


def _say_when(response: HttpResponse, series: list[int]) -> None:
    """When a number was last written."""
    if (at := updated_at(series)) is not None:
        response.headers["Last-Modified"] = http_date(at.timestamp())


def _chosen(series: Any, chosen: SeriesFilter) -> Any:
    wanted = {"indicator": chosen.indicator, "unit": chosen.unit, "goal_series__goal": chosen.goal}
    return series.filter(**{name: value for name, value in wanted.items() if value is not None})
