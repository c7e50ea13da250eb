"""What a survey shows: read from what was kept when it closed, else made of its answers. Suppressed either way.

While a survey is open only the number of answers is told: two readings with one answer between them would tell that
answer (ADR 0021).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from citizens.compiling import Answered, Asked, AskedGroup, compile_results
from citizens.kinds import NO, YES, Method, QuestionKind, SurveyState
from citizens.models import AnswerGroup, Comment, Invitation, Participant, Question, Survey
from citizens.published import Choice, GroupResult, QuestionResult, SurveyResults, from_json, to_json
from citizens.specs import spec_of, worded
from citizens.suppression import limits_of
from citizens.tally import Row

__all__ = [
    "Choice",
    "GroupResult",
    "QuestionResult",
    "SurveyResults",
    "keep_results",
    "results_of_answers",
    "survey_results",
]


def survey_results(survey: Survey) -> SurveyResults:
    """Everything that may be shown of the survey now. At most six queries."""
    if survey.kept_results is not None:
        return from_json(survey.kept_results)
    if survey.state in (SurveyState.CLOSED, SurveyState.FINISHED):
        return results_of_answers(survey)
    return _before_closing(survey)


def keep_results(survey: Survey) -> SurveyResults:
    """Keep the results as they are shown from now on, whatever happens to the answers. Kept ones never change."""
    if survey.kept_results is None:
        survey.kept_results = to_json(results_of_answers(survey))
        survey.save(update_fields=["kept_results"])
    return from_json(survey.kept_results)


def _before_closing(survey: Survey) -> SurveyResults:
    """The number of answers so far, when it may be shown, and nothing of what was answered."""
    limits = limits_of(survey.least_shown, is_sensitive=survey.is_sensitive)
    told = replace(_answered(survey, with_rows=False), notes=("open",))
    count = survey.responses.filter(is_pilot=False).count() if survey.state == SurveyState.OPEN else 0
    return replace(compile_results(told), n=count if count >= limits.shown else None, notes=("open",))


def results_of_answers(survey: Survey) -> SurveyResults:
    """The results made of the answers that are stored, whatever the survey's state. For those who close it."""
    return compile_results(_answered(survey, with_rows=True))


def _answered(survey: Survey, *, with_rows: bool) -> Answered:
    questions = list(
        Question.objects.filter(questionnaire__survey=survey).order_by("-questionnaire__number", "position", "pk")
    )
    current = [one for one in questions if one.questionnaire_id == questions[0].questionnaire_id]
    groups = {group.pk: group for group in _groups_of(survey)}
    rows, repeated, has_older = _rows(survey, questions, current, groups) if with_rows else ([], 0, False)
    comments, listed = _counts_of(survey)
    listed += survey.invited_before + sum(group.invited_before for group in groups.values())
    asked = [group.listed or group.asked for group in groups.values()]
    return Answered(
        asked=[_asked(question) for question in current],
        rows=rows,
        limits=limits_of(survey.least_shown, is_sensitive=survey.is_sensitive),
        groups=[AskedGroup(group.code, group.name, group.listed or group.asked) for group in groups.values()],
        invited=_invited(listed, asked, list(groups.values())),
        comments=comments,
        repeated=repeated,
        # Whoever came by an open link or a kiosk need not be on the list.
        is_rated=not listed or not any(row.method in (Method.LINK, Method.KIOSK) for row in rows),
        rest_labels=(_("Uden gruppe"), _("Ikke oplyst")),
        notes=("older_wording",) if has_older else (),
    )


def _groups_of(survey: Survey) -> QuerySet[AnswerGroup]:
    """The groups, each with how many are on the list, or were before it was deleted."""
    return survey.groups.annotate(listed=F("invited_before") + _count_in(Invitation) + _count_in(Participant))


def _count_in(model: type[Invitation] | type[Participant]) -> Coalesce:
    counts = model.objects.filter(group=OuterRef("pk")).order_by().values("group").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def _counts_of(survey: Survey) -> tuple[int, int]:
    """How many comments there are, and how many persons on the list."""

    def count(rows: Any) -> Coalesce:
        return Coalesce(Subquery(rows.order_by().values("survey").annotate(n=Count("pk")).values("n")), 0)

    of = {"survey": OuterRef("pk")}
    return (
        Survey.objects.filter(pk=survey.pk)
        .order_by()
        .values_list(
            count(Comment.objects.filter(is_pilot=False, **of)),
            count(Invitation.objects.filter(**of)) + count(Participant.objects.filter(**of)),
        )
        .get()
    )


def _invited(listed: int, asked: list[int | None], groups: list[Any]) -> int | None:
    """How many were asked in all; None where that is not known of everybody."""
    elsewhere = [group.asked for group in groups if not group.listed]
    if listed:
        return listed + sum(count or 0 for count in elsewhere)
    return sum(count or 0 for count in asked) if asked and all(asked) else None


def _rows(
    survey: Survey, questions: list[Question], current: list[Question], groups: Mapping[int, AnswerGroup]
) -> tuple[list[Row], int, bool]:
    """The answers that count, how many of them are repeated, and whether some answer an older wording.

    An answer to another wording is an answer to another question: it is left out.
    """
    wording = {(one.questionnaire_id, one.code): one.wording for one in questions}
    valid: dict[int, set[str]] = {}
    for one in questions:
        same = {now.code for now in current if wording.get((one.questionnaire_id, now.code)) == now.wording}
        valid.setdefault(one.questionnaire_id, same)
    found, repeated, has_older = [], 0, False
    stored = survey.responses.filter(is_pilot=False).order_by("pk")
    for answers, questionnaire, group, method, is_repeated in stored.values_list(
        "answers", "questionnaire", "group", "method", "is_repeated"
    ):
        kept = {code: answer for code, answer in answers.items() if code in valid[questionnaire]}
        has_older = has_older or len(kept) < len(answers)
        repeated += is_repeated
        found.append(Row(kept, groups[group].code if group else None, method))
    return found, repeated, has_older


def _asked(question: Question) -> Asked:
    spec = spec_of(question)
    return Asked(
        spec=spec,
        label=worded(question.text, "da"),
        labels=_labels(question, spec.values),
        assesses=question.assesses,
        is_background=question.is_background,
        wording=question.wording,
    )


def _labels(question: Question, values: tuple[str, ...]) -> dict[str, str]:
    """What each answer says: the words of a scale, of an option, yes and no; else the number."""
    if question.kind == QuestionKind.YES_NO:
        return {YES: _("Ja"), NO: _("Nej")}
    if question.options:
        return {option["code"]: worded(option["text"], "da") for option in question.options}
    words = [worded(one, "da") for one in question.scale]
    if len(words) == len(values):
        return dict(zip(values, words, strict=True))
    ends = {values[0]: words[0], values[-1]: words[-1]} if len(words) == 2 and values else {}
    return {value: ends.get(value, value) for value in values}
