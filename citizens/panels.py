"""What surveys show on the pages of others: comments and the answer on a survey's page, assessments on goals'."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.http import HttpRequest

from citizens.comments import READ_IN, comments_of, held_sentence
from citizens.kinds import CommentState, SurveyState
from citizens.loop import loop_of
from citizens.models import Comment, Response, Survey, SurveyMeasure, SurveyQuerySet
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.prepared import Prepared

SHOWN = 4  # comments on a survey's page


def survey_of_page(request: HttpRequest) -> Survey | None:
    """The survey of the page with what the person may do with it: one query for the page and all its panels."""
    known = getattr(request, "page_survey", None)
    if known is None:
        pk = request.resolver_match.kwargs["pk"]
        surveys = Survey.objects.visible_to(request.user, request.today).filter(pk=pk)
        request.page_survey = known = for_page(surveys, request).first()
    return known


def for_page(surveys: SurveyQuerySet, request: HttpRequest) -> SurveyQuerySet:
    """The surveys with what the page and its panels ask of them."""
    return surveys.annotate(
        may_read=_may(request, Permission.READ_COMMENTS),
        may_run=_may(request, Permission.RUN_SURVEYS),
        answer_count=_count(Response),
        comment_count=_count(Comment, state=CommentState.READABLE),
    )


def _may(request: HttpRequest, permission: Permission) -> Case | Value:
    if not request.user.may_somewhere(permission, request.today):
        return Value(False)
    units = Unit.objects.allowing(permission, request.user, request.today)
    return Case(When(unit__in=units.values("pk"), then=True), default=False)


def _count(model: Any, **which: Any) -> Subquery:
    rows = model.objects.filter(Q(**which), survey=OuterRef("pk"), is_pilot=False).order_by()
    return Subquery(rows.values("survey").annotate(n=Count("pk")).values("n"))


def comment_facts(request: HttpRequest) -> Mapping[str, Any]:
    """A few comments, for those who may read them: three queries."""
    survey = survey_of_page(request)
    if survey is None or not survey.may_read or survey.state not in (*READ_IN, SurveyState.OPEN):
        return {"is_shown": False}
    answered = survey.kept_results["n"] if survey.kept_results is not None else survey.answer_count
    is_readable = survey.state in READ_IN and (answered or 0) >= survey.least_shown
    shown = comments_of(survey).filter(state=CommentState.READABLE)
    return {
        "is_shown": True,
        "is_readable": is_readable,
        "survey": survey,
        "comments": list(shown[:SHOWN]) if is_readable else [],
        "count": survey.comment_count or 0,
        "held": held_sentence(survey) if is_readable else "",
        "may_decide": survey.may_run,
    }


def loop_facts(request: HttpRequest) -> Mapping[str, Any]:
    """The answer to the citizens as far as it is written, and what came of last time's: one query."""
    survey = survey_of_page(request)
    if survey is None or survey.state in (SurveyState.DRAFT, SurveyState.PILOT):
        return {"is_shown": False}
    loop = loop_of(survey)
    is_finished = survey.state == SurveyState.FINISHED
    return {
        "is_shown": bool(loop.before) or is_finished or survey.may_run or survey.state == SurveyState.CLOSED,
        "survey": survey,
        # Others read it when it is published.
        "loop": loop,
        "pairs": loop.pairs if is_finished or survey.may_run else (),
        "is_finished": is_finished,
        "may_run": survey.may_run,
    }


def goal_facts(request: HttpRequest) -> Mapping[str, Any]:
    """On a goal's page: only where it is fetched from, so that the page asks no more."""
    return {"goal_id": request.resolver_match.kwargs["pk"]}


def series_facts(request: HttpRequest) -> Mapping[str, Any]:
    """On a series' page: the surveys that its values come from."""
    return {"surveys": OF_SERIES.objects(request.resolver_match.kwargs["pk"])}


def unit_facts(request: HttpRequest) -> Mapping[str, Any]:
    """On a unit's page: its own surveys, and those on its goals."""
    return {"surveys": OF_UNIT.objects(request.resolver_match.kwargs["pk"])}


def _of_series(pk: int) -> SurveyQuerySet:
    feeding = SurveyMeasure.objects.filter(survey=OuterRef("pk"), series=pk)
    return _latest(Q(series=pk) | Exists(feeding))


def _of_unit(pk: int) -> SurveyQuerySet:
    return _latest(Q(unit=pk) | Q(goal__owner_unit=pk))


def _latest(which: Q) -> SurveyQuerySet:
    return Survey.objects.counted().filter(which).defer("kept_results").order_by("-closes_on", "-pk")[:SHOWN]


OF_SERIES, OF_UNIT = Prepared(_of_series), Prepared(_of_unit)
