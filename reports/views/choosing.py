"""Making a report that is not the one a body gets: choose the follow-up, the template, and what it is about."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from followup.kinds import RoundState
from followup.models import Round
from goals.models import Goal
from organisation.access import requires
from organisation.models import Unit
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Permission
from reports.models.template import templates_of
from reports.outline import ReportKind
from reports.subject import Subject
from reports.template_forms import ChooseForm


@requires(Permission.SEE_AUTHORITY)
def report_choose(request: HttpRequest) -> HttpResponse:
    """Choose; what was chosen stands in the address, and leads to the report."""
    authority = request.authority
    rounds = Round.objects.readable_by(request.user, request.today).filter(authority=authority)
    rounds = rounds.exclude(state=RoundState.PLANNED)  # as in the list: nothing has been reported to it yet
    goals = Goal.objects.visible_to(request.user, request.today).filter(authority=authority).adopted()
    served = Q(Exists(Goal.objects.adopted().filter(parent=OuterRef("pk")))) | Q(received__isnull=False)
    form = ChooseForm(
        request.GET or None,
        rounds=rounds.select_related("body"),
        units=Unit.objects.filter(authority=authority).valid(request.today).exclude(kind__in=BODY_KINDS),
        goals=goals.filter(served).distinct().select_related("owner_unit").order_by("short_name", "pk"),
        templates=templates_of(authority),
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        kind = form.template.kind
        subject = Subject(
            said["opfoelgning"],
            form.template,
            unit=said["enhed"] if kind == ReportKind.UNIT else None,
            goal=said["maal"] if kind == ReportKind.CROSS_CUTTING else None,
        )
        return redirect("reports:report_detail", subject.key)
    return render(request, "reports/report_choose.html", {"form": form}, status=422 if form.errors else 200)
