"""A survey's results: the page, and the same as files."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.files import csv_of, xlsx_of
from citizens.kinds import Assesses, SurveyState
from citizens.models import Survey
from citizens.panels import for_page
from citizens.result_page import (
    Row,
    count_table,
    group_tables,
    judged_of,
    method_words,
    other_rows,
    over_time,
    scale_rows,
    verdict_words,
)
from citizens.results import SurveyResults, survey_results
from followup.additions import panels_of
from organisation.access import requires
from organisation.danish import format_number
from organisation.permissions import Permission

EARLIER = 4  # surveys before this one that are drawn
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _survey(request: HttpRequest, pk: int) -> Survey:
    """The survey with the earlier ones it repeats, and what the person may do with it: one query."""
    related = ["__".join(["previous"] * steps) for steps in range(1, EARLIER + 1)]
    rows = Survey.objects.visible_to(request.user, request.today).select_related(
        "unit", "responsible", "goal", "series__indicator", *related
    )
    request.page_survey = survey = get_object_or_404(for_page(rows, request), pk=pk)
    return survey


@requires(Permission.SEE_AUTHORITY)
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of one survey; later apps add what the citizens wrote, and what they are answered."""
    survey = _survey(request, pk)
    results = survey_results(survey)
    measures = list(survey.measures.select_related("series__indicator").order_by("pk"))
    judged = judged_of(survey, measures, request.today) if results.is_shown else {}
    assessed = scale_rows(results, judged, assessing=True)
    chain = [*_earlier(survey), (survey, results)]
    context = {
        "survey": survey,
        "results": results,
        "rate": _rate(results),
        "rate_before": _rate(chain[-2][1]) if len(chain) > 1 else "",
        "verdict": verdict_words(assessed),
        "tables": _tables(assessed, scale_rows(results, judged, assessing=False)),
        "others": other_rows(results, judged),
        "counts": count_table(results),
        "groups": group_tables(results) if results.is_shown else [],
        "methods": method_words(results),
        "times": over_time(chain, judged) if results.is_shown else [],
        "waves": len(chain),
        "is_waiting": survey.state == SurveyState.CLOSED,
        "panels": panels_of("citizens:survey_detail", request),
    }
    return render(request, "citizens/survey_detail.html", context)


def _earlier(survey: Survey) -> list[tuple[Survey, SurveyResults]]:
    """The surveys that this one repeats, oldest first, as they were kept."""
    found: list[tuple[Survey, SurveyResults]] = []
    one = survey
    for _step in range(EARLIER):
        if one.previous_id is None:
            break
        one = one.previous
        if one.kept_results is not None:
            found.insert(0, (one, survey_results(one)))
    return found


def _rate(results: SurveyResults) -> str:
    return "" if results.response_rate is None else format_number(results.response_rate, 0)


def _tables(assessed: list[Row], others: list[Row]) -> list[dict[str, Any]]:
    """The scales in one or two tables, each with the words of the ends when they are the same all the way down."""
    found = []
    if assessed:
        is_all = len({row.name for row in assessed}) == len(assessed) == len(Assesses)
        title = _("De fire vurderinger") if is_all else ngettext("Vurderingen", "Vurderingerne", len(assessed))
        found.append({"key": "vurderinger", "title": title, "rows": assessed, "ends": _ends(assessed)})
    if others:
        title = ngettext("Skalaspørgsmålet", "Skalaspørgsmålene", len(others))
        found.append({"key": "skalaer", "title": title, "rows": others, "ends": _ends(others)})
    return found


def _ends(rows: list[Row]) -> tuple[str, str] | None:
    ends = {row.ends for row in rows if row.ends is not None}
    return ends.pop() if len(ends) == 1 else None


@requires(Permission.SEE_AUTHORITY)
def survey_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page shows, as CSV."""
    return _file(request, pk, "csv", "text/csv; charset=utf-8", lambda results, _title: csv_of(results))


@requires(Permission.SEE_AUTHORITY)
def survey_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page shows, as a workbook."""
    return _file(request, pk, "xlsx", XLSX, xlsx_of)


def _file(
    request: HttpRequest, pk: int, ending: str, content_type: str, write: Callable[[SurveyResults, str], bytes]
) -> HttpResponse:
    survey = _survey(request, pk)
    response = HttpResponse(write(survey_results(survey), survey.title), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="undersoegelse-{survey.pk}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
