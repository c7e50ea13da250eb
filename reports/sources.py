"""Where the report's numbers come from: source, who entered, who approved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from followup.goal_views import GoalView
from followup.models import Measurement, Round, Submission, SubmissionState
from followup.standing import Standing
from goals.period_names import period_name_short
from organisation.danish import table_date
from organisation.models import User
from reports.parts import Source, UnitReport


def sources_of(numbered: Sequence[tuple[str, GoalView]]) -> tuple[Source, ...]:
    """One line for each goal's series, in one query however many they are."""
    shown = [one.latest.pk for _number, view in numbered for one, _prioritised in view.standings if one.latest]
    values = Measurement.objects.select_related("entered_by", "approved_by", "batch").in_bulk(shown)
    lines = [(number, standing) for number, view in numbered for standing, _prioritised in view.standings]
    return tuple(_source(reference, number, standing, values) for reference, (number, standing) in enumerate(lines, 1))


def _source(reference: int, number: str, standing: Standing, values: Mapping[int, Measurement]) -> Source:
    series = standing.series
    latest = values[standing.latest.pk] if standing.latest else None
    indicator = series.indicator
    origin = ". ".join(part.rstrip(".") for part in (indicator.source, series.source_note, indicator.licence) if part)
    return Source(
        reference=reference,
        number=number,
        indicator=indicator.name,
        unit=series.unit.name,
        source=origin or _("Egen opgørelse"),
        period=period_name_short(latest.period) if latest else "–",
        entered=_entered(latest) if latest else "–",
        approved=_by(latest.approved_by, latest.approved_at) if latest else "–",
        is_example=latest is not None and latest.is_example,
    )


def _entered(value: Measurement) -> str:
    if value.parts_expected is not None:
        return _("Beregnet af %(present)d af %(expected)d enheder") % {
            "present": value.parts_present or 0,
            "expected": value.parts_expected,
        }
    if value.batch is not None:
        return f"{value.batch.filename}, {table_date(_day(value.entered_at))}"
    return _by(value.entered_by, value.entered_at)


def _by(person: User | None, moment: datetime | None) -> str:
    return ", ".join(part for part in (str(person or ""), table_date(_day(moment)) if moment else "") if part) or "–"


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def reports_of(round_: Round, unit_ids: Iterable[int]) -> tuple[UnitReport, ...]:
    """The reports of the units whose numbers are shown: one query."""
    found = Submission.objects.filter(round=round_, unit__in=set(unit_ids))
    return tuple(_report(one) for one in found.select_related("unit", "submitted_by", "decided_by"))


def _report(submission: Submission) -> UnitReport:
    is_approved = submission.state == SubmissionState.APPROVED
    return UnitReport(
        unit=submission.unit.name,
        state=submission.get_state_display(),
        sent=_by(submission.submitted_by, submission.submitted_at) if submission.submitted_at else "–",
        approved=_by(submission.decided_by, submission.decided_at) if is_approved else "–",
    )
