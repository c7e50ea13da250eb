"""Writing what a closed survey measured, in the same way as every other value is written."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.kinds import MeasureKind, QuestionKind
from citizens.models import Survey, SurveyMeasure
from citizens.published import QuestionResult, SurveyResults
from citizens.results import keep_results
from citizens.suppression import MERGED
from followup.actions.measurements import CellValue, save_approved
from followup.models import Measurement
from goals.kinds import MissingReason, ValueKind
from goals.periods import Period, parse_period
from organisation.danish import long_date
from organisation.models import User

MERGED_CODES = {"–".join(dict.fromkeys((values[0], values[-1]))): set(values) for values in MERGED}


@transaction.atomic
def write_measures(survey: Survey, *, by: User | None, now: datetime) -> list[Measurement]:
    """The approved value of each series that the survey measures, made of the results as they are kept from now on.

    Where the results show nothing the value is withheld. A series that is rolled up or has another kind of period
    takes no value.
    """
    results = keep_results(survey)
    if not survey.period:
        return []
    period = parse_period(survey.period)
    measures = survey.measures.select_related("series__indicator", "series__authority").order_by("pk")
    cells = [
        _cell(one, results)
        for one in measures
        if not one.series.is_rolled_up and one.series.indicator.frequency == period.kind
    ]
    if survey.is_of_part:
        cells = [replace(cell, comment=_part_said(survey, period)) for cell in cells]
    return save_approved(cells, reason=_("Undersøgelsen %s er lukket") % survey.title, by=by, now=now)


def _part_said(survey: Survey, period: Period) -> str:
    """What stands beside a value that is made of a part of its period."""
    days = {"first": survey.opens_on, "last": survey.closes_on, "end": period.last}
    said = {name: long_date(day) for name, day in days.items() if day is not None}
    return _("Svar fra %(first)s til %(last)s. Perioden slutter %(end)s.") % said


def _cell(measure: SurveyMeasure, results: SurveyResults) -> CellValue:
    series, period = measure.series, parse_period(measure.survey.period)
    question = results.question(measure.question_code)
    if question is None or not question.is_shown:
        return _withheld(measure)
    if measure.kind == MeasureKind.MEAN:
        mean = exact_mean(question)
        if mean is None:
            return _withheld(measure)
        return CellValue(series, period, value=mean, sample_size=question.n, standard_deviation=question.sd)
    share = share_of(question, measure.share_options)
    if share is None:
        return _withheld(measure)
    chose, n = Decimal(share[0]), Decimal(share[1])
    if series.indicator.value_kind == ValueKind.RATIO:
        return CellValue(series, period, numerator=chose, denominator=n)
    return CellValue(series, period, value=100 * chose / n)


def _withheld(measure: SurveyMeasure) -> CellValue:
    return CellValue(measure.series, parse_period(measure.survey.period), missing=MissingReason.WITHHELD.value)


def exact_mean(question: QuestionResult) -> Decimal | None:
    """The mean from the counts that are shown: rounded once, by whoever prints it; else as it is shown."""
    counts = [(choice.code, choice.count) for choice in question.choices]
    if question.is_merged or not counts or not question.n or any(count is None for _code, count in counts):
        return question.mean
    return Decimal(sum(int(code) * (count or 0) for code, count in counts)) / question.n


def share_of(question: QuestionResult, options: list[str]) -> tuple[int, int] | None:
    """How many chose one of the options, and of how many; None where what is shown does not tell.

    Of several choices only one option: who chose one of two cannot be added up.
    """
    if not question.n or (question.kind == QuestionKind.MULTIPLE and len(options) != 1):
        return None
    wanted, left = set(options), set(options)
    chose = 0
    for choice in question.choices:
        codes = MERGED_CODES[choice.code] if question.is_merged else {choice.code}
        if codes <= wanted:
            if choice.count is None:
                return None
            chose += choice.count
            left -= codes
    return None if left else (chose, question.n)
