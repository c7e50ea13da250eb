"""A public series: its light and why, the chart, every value, and what was corrected."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404

from citizens.said import measured_in_part
from followup import page_queries as queries
from followup.models import Measurement
from followup.presentation import figure_of
from followup.rows import figure_row
from followup.standing import VALUE_FIELDS, Standing, StoredValue, standing_of
from goals.models import Goal, Series, Target
from goals.price_names import price_subtitle
from organisation.prepared import Prepared
from reports.portal.figures import chart, correction_rows, target_rows, value_rows
from reports.portal.opened import Opened
from reports.portal.scope import public_goals, public_series, told_standing

PAGE = 50

APPROVED = Prepared(
    lambda pk: Measurement.objects.approved().filter(series=pk).order_by("period_end").values_list(*VALUE_FIELDS)
)


def series_page(it: Opened, pk: int, page: str | None) -> dict[str, Any]:
    """Everything the page of the series shows; 404 when it is not public. Eight questions."""
    series = public_series(it.portal).select_related("indicator", "unit").filter(pk=pk).first()
    if series is None:
        raise Http404
    targets = queries.TARGETS_OF_SERIES.objects(pk)
    standing = _standing(it, series, targets)
    newest_first = Paginator(standing.values[::-1], PAGE).get_page(page)
    shown = [value.pk for value in newest_first.object_list]
    told = {value.period for value in newest_first.object_list if value.value is not None}
    figure = figure_of(standing, it.today)
    return {
        "series": series,
        "indicator": series.indicator,
        "prices": price_subtitle(series.indicator.price_level, series.indicator.price_year),
        "figure": figure,
        "card": figure_row(figure),
        "chart": chart(standing),
        "page": newest_first,
        "values": list(value_rows(standing, newest_first.object_list, it)),
        "corrections": list(correction_rows(queries.REVISIONS.objects(shown, True), standing, it)),
        "targets": target_rows(targets, standing),
        "goals": goals_of_series(it, pk),
        "in_part": [survey for survey in measured_in_part(pk) if survey.period in told],
    }


def _standing(it: Opened, series: Series, targets: list[Target]) -> Standing:
    stored = [StoredValue(*row) for row in APPROVED.rows(series.pk)]
    values = [value for value in stored if value.period_end <= it.today]
    standing = standing_of(series, values, targets, until=it.today, today=it.today)
    return told_standing(standing, it.today, it.hidden)


def goals_of_series(it: Opened, pk: int) -> list[Goal]:
    """The public goals that are measured by it."""
    return list(public_goals(it.portal).filter(goal_series__series=pk).select_related("owner_unit").order_by("rank"))
