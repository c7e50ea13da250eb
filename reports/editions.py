"""Published editions as they are read: the one in force, its files, and what was corrected after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from followup.models import Measurement, Revision, Round
from goals.period_names import period_name
from organisation.danish import format_number
from organisation.models import Authority
from reports.content import report_content
from reports.frozen import thawed
from reports.models import Edition, EditionFile, Report
from reports.models.template import templates_of
from reports.own_words import speak_as
from reports.parts import ReportContent
from reports.subject import Subject

NO_NUMBER = "–"
Key = tuple[int, str]  # series and period


@dataclass(frozen=True, slots=True)
class Correction:
    """A number of the report that is another now. Without a reason it is made of others, and one of them changed."""

    series_id: int
    indicator: str
    unit: str
    code: str  # of the period
    period: str
    at: datetime
    before: str
    after: str
    reason: str


def edition_in_force(subject: Subject) -> Edition | None:
    """The report's published edition, unless it was withdrawn."""
    return (
        Edition.objects.filter(report__in=Report.objects.filter(**subject.identity), withdrawn_at=None)
        .select_related("published_by", "report__approved_by")
        .first()
    )


def further_published(authority: Authority, rounds: QuerySet[Round], most: int) -> list[tuple[Subject, Edition]]:
    """What is published beside the ordinary reports of the rounds, the latest first. Two queries."""
    editions = Edition.objects.filter(report__round__in=rounds, withdrawn_at=None).exclude(report__template="")
    related = ("report__round__body", "report__unit", "report__goal")
    found = editions.select_related(*related).defer("content").order_by("-published_at", "-pk")[:most]
    templates = {template.slug: template for template in templates_of(authority)}
    return [
        (Subject(one.round, templates[one.template], unit=one.unit, goal=one.goal), edition)
        for edition in found
        if (one := edition.report).template in templates
    ]


def latest_withdrawn(report: Report) -> Edition | None:
    """The last edition of it that was taken back."""
    if report.pk is None:
        return None
    withdrawn = Edition.objects.filter(report=report.pk, withdrawn_at__isnull=False)
    return withdrawn.defer("content").order_by("-number").first()


def content_of(
    subject: Subject, edition: Edition | None, *, now: datetime, report: Report | None = None
) -> ReportContent:
    """What the report says: as it was published, else as it is now; `report` is its row where that has been read.

    From here on texts are in the words of the report, so that what stands round the content is too.
    """
    speak_as(subject, edition)
    return thawed(edition.content) if edition else report_content(subject, now=now, report=report)


def file_of(edition: Edition, kind: str) -> EditionFile | None:
    """The edition's file of the kind, with its bytes."""
    return edition.files.filter(kind=kind).first()


def corrected_after(content: ReportContent, *, since: datetime) -> list[Correction]:
    """The numbers of the report's charts that are others now than when it was published, the latest first.

    Two queries, however many numbers.
    """
    printed: dict[Key, Decimal] = {
        (chart.series_id, point.code): point.value
        for section in content.sections
        for chart in section.charts
        for point in chart.spec.points
        if point.value is not None
    }
    series = {pk for pk, _period in printed}
    now = Measurement.objects.approved().filter(series__in=series, entered_at__gt=since)
    changed = {
        one.pk: one
        for one in now.select_related("series__indicator", "series__unit").order_by("-entered_at", "pk")
        if (one.series_id, one.period) in printed and one.value != printed[one.series_id, one.period]
    }
    reasons = _reasons(changed, since)
    return [_correction(one, printed[one.series_id, one.period], reasons.get(pk, "")) for pk, one in changed.items()]


def _reasons(changed: Mapping[int, Measurement], since: datetime) -> dict[int, str]:
    """The latest reason given for each."""
    told = Revision.objects.filter(measurement__in=changed, was_approved=True, at__gt=since).exclude(reason="")
    return dict(told.order_by("at", "pk").values_list("measurement", "reason"))


def _correction(one: Measurement, before: Decimal, reason: str) -> Correction:
    decimals = one.series.indicator.decimals
    return Correction(
        series_id=one.series_id,
        indicator=one.series.indicator.name,
        unit=one.series.unit.name,
        code=one.period,
        period=period_name(one.period),
        at=one.entered_at,
        before=format_number(before, decimals),
        after=NO_NUMBER if one.value is None else format_number(one.value, decimals),
        reason=reason,
    )
