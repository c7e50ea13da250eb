"""Surveys whose answer to the citizens is published: never an answer, only results after suppression."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from ninja import Query, Router

from citizens.models import Survey
from citizens.results import GroupResult, QuestionResult, SurveyResults, survey_results
from organisation.models import Authority
from reports.api.access import authority_at
from reports.api.goals import ERRORS, Chosen, Key, authority_of
from reports.api.paging import Paging, page_of
from reports.api.schemas import Page, SurveyOut, SurveyResultsOut
from reports.api.telling import Told, number, unit_told
from reports.opendata.public import public_goals

router = Router()
_PLAIN = ("code", "label", "kind", "assesses", "is_shown", "n", "beside", "is_merged")
_NUMBERS = ("mean", "low", "high", "share")


@router.get("/surveys", response={200: Page[SurveyOut], **ERRORS}, summary="Surveys")
def survey_list(request: HttpRequest, chosen: Query[Chosen], paging: Query[Paging]) -> dict[str, Any]:
    """Those whose answer to the citizens is published, latest first."""
    authority = authority_at(request, chosen.authority)
    found = Survey.objects.finished().filter(authority=authority).select_related("unit")
    return page_of(request, found.order_by("-finished_at", "-pk"), paging, lambda rows: _surveys_told(authority, rows))


@router.get("/surveys/{pk}", response={200: SurveyResultsOut, **ERRORS}, summary="One survey's results")
def survey_detail(request: HttpRequest, response: HttpResponse, pk: int = Key) -> Told:
    """After suppression, with "Det hørte vi · Det gør vi"."""
    authority = authority_of(request, Survey, pk)
    survey = get_object_or_404(Survey.objects.finished().filter(authority=authority).select_related("unit"), pk=pk)
    if survey.finished_at is not None:
        response.headers["Last-Modified"] = http_date(survey.finished_at.timestamp())
    answers = survey.published_answers.values("heard", "doing")
    return {**_surveys_told(authority, [survey])[0], **results_told(survey_results(survey)), "answers": list(answers)}


def _surveys_told(authority: Authority, surveys: list[Survey]) -> list[Told]:
    about = {one.goal_id for one in surveys if one.goal_id}
    public = set(public_goals(authority).filter(pk__in=about).values_list("pk", flat=True))
    return [
        {
            "id": one.pk,
            "authority": authority.code,
            "title": one.title,
            "unit": unit_told(one.unit),
            "goal": one.goal_id if one.goal_id in public else None,
            "effort": one.effort,
            "audience": one.audience,
            "opens_on": one.opens_on,
            "closes_on": one.closes_on,
            "finished_at": one.finished_at,
        }
        for one in surveys
    ]


def results_told(results: SurveyResults) -> Told:
    """Of the results what they show, and nothing else."""
    return {
        "n": results.n,
        "invited": results.invited,
        "response_rate": number(results.response_rate),
        "least_shown": results.least_shown,
        "methods": [{"method": method, "n": n} for method, n in results.methods],
        "questions": _questions(results.questions),
        "groups": _groups(results.groups),
        "backgrounds": [{"question": code, "groups": _groups(groups)} for code, groups in results.backgrounds],
    }


def _groups(groups: Iterable[GroupResult]) -> list[Told]:
    return [
        {
            "code": one.code,
            "label": one.label,
            "invited": one.invited,
            "n": one.n,
            "questions": _questions(one.questions),
        }
        for one in groups
    ]


def _questions(questions: Iterable[QuestionResult]) -> list[Told]:
    return [
        {
            **{name: getattr(one, name) for name in _PLAIN},
            **{name: number(getattr(one, name)) for name in _NUMBERS},
            "choices": [
                {
                    "code": choice.code,
                    "label": choice.label,
                    "count": choice.count,
                    "mean_place": number(choice.mean_place),
                }
                for choice in one.choices
            ],
        }
        for one in questions
    ]
