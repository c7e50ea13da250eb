"""The list of reports, and one report in the browser."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from followup.kinds import READY_ROUNDS, RoundState
from followup.models import Round
from organisation.access import requires
from organisation.permissions import Permission, allows
from reports.editions import content_of, corrected_after, edition_in_force, further_published, latest_withdrawn
from reports.keys import ReportKey
from reports.kinds import ReportState, ReportStep, open_steps
from reports.making import worker_is_alive
from reports.models import Report
from reports.views.reading import may_read, refused, visible_report

PAGE = 50


@requires(Permission.SEE_AUTHORITY)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report of the authority, the latest meeting first, and whether it may be read yet."""
    rounds = Round.objects.filter(authority=request.authority).exclude(state=RoundState.PLANNED)
    published = Report.objects.ordinary().filter(round=OuterRef("pk"), state=ReportState.PUBLISHED)
    rounds = rounds.select_related("body").annotate(is_published=Exists(published))
    page = Paginator(rounds, PAGE).get_page(request.GET.get("side"))
    shown = [round_.pk for round_ in page.object_list]
    may_be_read = Round.objects.readable_by(request.user, request.today).filter(authority=request.authority)
    context = {
        "page": page,
        "readable": set(may_be_read.filter(pk__in=shown).values_list("pk", flat=True)),
        "further": further_published(request.authority, may_be_read, PAGE) if page.number == 1 else [],
    }
    return render(request, "reports/report_list.html", context)


@requires(Permission.SEE_AUTHORITY)
def report_detail(request: HttpRequest, key: ReportKey) -> HttpResponse:
    """The report in the browser: as it was published, with what was corrected since, or as it stands now."""
    subject = visible_report(request, key)
    if not may_read(subject):
        return refused(request, subject)
    report = subject.report
    edition = edition_in_force(subject) if report.state == ReportState.PUBLISHED else None
    content = content_of(subject, edition, now=request.now, report=report)
    context = {
        "subject": subject,
        "content": content,
        "numbers_at": f"{reverse('reports:report_detail', args=[key])}tal/",
        "report": report,
        "edition": edition,
        "withdrawn": None if edition else latest_withdrawn(report),
        "corrections": corrected_after(content, since=edition.published_at) if edition else [],
        "in_background": edition is None and worker_is_alive(request.now),
        "steps": _steps(request, subject.round, report),
    }
    return render(request, "reports/report_detail.html", context)


def _steps(request: HttpRequest, round_: Round, report: Report) -> set[str]:
    """What the person can do to the report now."""
    path = round_.body.path_ids()
    able = open_steps(ReportState(report.state), is_ready=round_.state in READY_ROUNDS, is_outdated=report.is_outdated)

    def may(permission: Permission) -> bool:
        return allows(
            permission,
            request.user.all_grants,
            authority_id=round_.authority_id,
            unit_path=path,
            on=request.today,
        )

    writes = may(Permission.EDIT_REPORTS)
    steps = {step.value for step in able if (writes if step is ReportStep.WRITE else may(Permission.PUBLISH_REPORTS))}
    return steps | ({"see_editions"} if writes and report.pk else set())
