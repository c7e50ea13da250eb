"""What everybody reads of surveys: those that are open, and, of answered ones, what was heard and what is done."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from citizens.kinds import SurveyState
from citizens.loop import loop_of
from citizens.models import PublishedAnswer, Survey
from citizens.public_goals import public_goals_of
from citizens.published import SurveyResults
from citizens.result_page import Row, other_rows, scale_rows
from citizens.results import survey_results
from organisation.public import open_authority, public_page

PAGE = 50


@public_page
def public_survey_list(request: HttpRequest, kode: str = "") -> HttpResponse:
    """Surveys that may be answered now, and what was heard last."""
    authority = open_authority(request, kode)
    surveys = Survey.objects.filter(authority=authority)
    pairs = PublishedAnswer.objects.order_by("position", "pk")
    finished = surveys.finished().order_by("-finished_at", "-pk")
    finished = finished.prefetch_related(Prefetch("published_answers", pairs, to_attr="pairs"))
    page = Paginator(finished, PAGE).get_page(request.GET.get("side"))
    open_now = surveys.filter(state=SurveyState.OPEN, opens_on__lte=request.today, closes_on__gte=request.today)
    waiting, open_now = list(surveys.filter(state=SurveyState.CLOSED)), list(open_now)
    goals = public_goals_of(authority, [one.pk for one in (*open_now, *waiting, *page)])
    context = {
        "authority": authority,
        "open_now": [{"survey": one, "goals": goals.get(one.pk, [])} for one in open_now],
        "waiting": [{"survey": one, "goals": goals.get(one.pk, [])} for one in waiting],
        "page": page,
        "rows": [
            {
                "survey": one,
                "pair": one.pairs[0] if one.pairs else None,
                "n": _count(one),
                "goals": goals.get(one.pk, []),
            }
            for one in page
        ],
    }
    return render(request, "citizens/public_survey_list.html", context)


@public_page
def public_survey(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """One answered survey: its results as they may be shown, the answer, and what came of last time's."""
    authority = open_authority(request, kode)
    finished = Survey.objects.finished().filter(authority=authority)
    survey = get_object_or_404(finished.select_related("unit", "goal", "previous"), pk=pk)
    loop = loop_of(survey)
    results = survey_results(survey)
    context = {
        "authority": authority,
        "survey": survey,
        "goals": public_goals_of(authority, [pk]).get(pk, []),
        "results": results,
        "tables": _scales(results),
        "others": other_rows(results, {}),
        "pairs": loop.pairs,
        "before": loop.before,
        "quotes": survey.quotes.select_related("theme"),
    }
    return render(request, "citizens/public_survey.html", context)


def _scales(results: SurveyResults) -> list[dict[str, Any]]:
    """The scales, those that assess something first."""
    titles = ((True, "vurderinger", _("Sådan vurderer borgerne")), (False, "skalaer", _("Svar på skalaer")))
    found = ((key, title, scale_rows(results, {}, assessing=assessing)) for assessing, key, title in titles)
    return [{"key": key, "title": title, "rows": rows, "ends": _ends(rows)} for key, title, rows in found if rows]


def _ends(rows: Sequence[Row]) -> tuple[str, str] | None:
    """The words of the scale's ends, when all have the same."""
    ends = {row.ends for row in rows if row.ends is not None}
    return ends.pop() if len(ends) == 1 else None


def _count(survey: Survey) -> int | None:
    """How many answered; None when fewer than may be shown."""
    return (survey.kept_results or {}).get("n")
