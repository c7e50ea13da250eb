"""Rounds: planned, opened, followed and closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from followup.actions.reminders import remind_now
from followup.actions.rounds import plan_round, take_round_step
from followup.actions.submissions import NotPossible
from followup.calendar_forms import RoundForm
from followup.entry import posted_ids_in
from followup.kinds import EDITABLE, SENT
from followup.missing import (
    MINUTES_FOR_APPROVAL,
    approvals_of,
    areas_of,
    bar_of,
    counts_of,
    places_of,
    remindable_units,
)
from followup.models import Round, RoundState, Submission
from followup.track import track_of
from followup.workflow import RoundStep, round_steps_from
from organisation.access import fetch, requires
from organisation.models import Unit
from organisation.permissions import Permission

PAGE = 50
# What the buttons that move a round say.
STEP_WORDS = {
    RoundStep.OPEN: gettext_lazy("Åbn opfølgningen"),
    RoundStep.TO_APPROVAL: gettext_lazy("Gå til godkendelse"),
    RoundStep.READY: gettext_lazy("Klar til mødet"),
    RoundStep.CLOSE: gettext_lazy("Luk opfølgningen"),
    RoundStep.REOPEN: gettext_lazy("Åbn igen"),
}


@requires(Permission.SEE_AUTHORITY)
def round_list(request: HttpRequest) -> HttpResponse:
    """Every round, the latest meeting first, with how many units have sent."""
    rounds = Round.objects.filter(authority=request.authority).select_related("body").with_progress()
    rounds = rounds.order_by("-meeting_date", "body__position", "-pk")  # counting drops the model's own order
    page = Paginator(rounds, PAGE).get_page(request.GET.get("side"))
    may_plan = request.user.may_somewhere(Permission.PLAN_ROUNDS, request.today)
    return render(request, "followup/round_list.html", {"page": page, "may_plan": may_plan})


@requires(Permission.SEE_AUTHORITY)
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its dates, and who has reported."""
    rounds = Round.objects.visible_to(request.user, request.today).select_related("body")
    round_ = get_object_or_404(rounds, pk=pk)
    submissions = round_.submissions.select_related("unit", "submitted_by", "reviewed_by", "decided_by").with_counts()
    page = Paginator(submissions, PAGE).get_page(request.GET.get("side"))
    may_plan = Round.objects.plannable_by(request.user, request.today).filter(pk=pk).exists()
    seen = Submission.objects.visible_to(request.user, request.today).filter(round=pk)
    context = {
        "round": round_,
        "page": page,
        "seen": set(seen.values_list("pk", flat=True)),
        "sent": round_.submissions.filter(state__in=SENT).count(),
        "track": track_of(round_, request.today),
        "may_remind": request.user.may_somewhere(Permission.REMIND, request.today)
        and Submission.objects.filter(round=pk, unit__in=remindable_units(request.user, request.today)).exists(),
        "may_plan": may_plan,
        "steps": [(step, STEP_WORDS[step]) for step in round_steps_from(RoundState(round_.state)) if may_plan],
    }
    return render(request, "followup/round_detail.html", context)


def _bodies(request: HttpRequest):
    units = Unit.objects.filter(authority=request.authority).bodies().valid(request.today)
    return units.allowing(Permission.PLAN_ROUNDS, request.user, request.today)


@requires(Permission.PLAN_ROUNDS)
def round_create(request: HttpRequest) -> HttpResponse:
    """Plan a round."""
    form = RoundForm(request.POST or None, bodies=_bodies(request))
    if request.method == "POST" and form.is_valid():
        if "foreslaa" in request.POST:
            return render(request, "followup/round_form.html", {"form": form.with_proposals()})
        round_ = plan_round(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _("Opfølgningen er planlagt."))
        return redirect("followup:round_detail", round_.pk)
    return render(request, "followup/round_form.html", {"form": form}, status=422 if form.errors else 200)


def _plannable(request: HttpRequest, pk: int) -> Round:
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority")
    return fetch(visible, Round.objects.plannable_by(request.user, request.today), pk=pk)


@requires(Permission.PLAN_ROUNDS)
def round_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a round's dates; once it is open its body, period and opening day stay."""
    round_ = _plannable(request, pk)
    form = RoundForm(request.POST or None, instance=round_, bodies=_bodies(request))
    if request.method == "POST" and form.is_valid():
        if "foreslaa" in request.POST:
            return render(request, "followup/round_form.html", {"form": form.with_proposals()})
        plan_round(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _("Gemt."))
        return redirect("followup:round_detail", pk)
    return render(request, "followup/round_form.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.PLAN_ROUNDS)
@require_POST
def round_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a round, or move it along."""
    round_ = _plannable(request, pk)
    try:
        take_round_step(round_, RoundStep(request.POST.get("step", "")), by=request.user, now=request.now)
    except (NotPossible, ValueError):
        messages.error(request, _("Opfølgningen er flyttet videre af en anden."))
    return redirect("followup:round_detail", pk)


# ---- who is missing --------------------------------------------------------------------------------------------------


def _in_reach(request: HttpRequest, pk: int) -> Round:
    """The round, if it asks a unit whose leader the person may remind."""
    units = remindable_units(request.user, request.today)
    asked = Exists(Submission.objects.filter(round=OuterRef("pk"), unit__in=units))
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority")
    round_ = get_object_or_404(visible.annotate(is_in_reach=asked), pk=pk)
    if not round_.is_in_reach:
        raise PermissionDenied
    return round_


@requires(Permission.REMIND)
def round_missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has not reported, as the person's level sees it; own approvals first."""
    round_ = _in_reach(request, pk)
    places = places_of(round_, request.user, request.today)
    missing = [place for place in places if place.is_missing]
    page = Paginator(missing, PAGE).get_page(request.GET.get("side"))
    areas = areas_of(places, page.object_list, request.user, request.today)
    approvals = approvals_of(round_, places, request.user, request.today)
    rows = [row for area in areas for row in area.rows]
    context = {
        "round": round_,
        "page": page,
        "bar": bar_of(counts_of(places)),
        "track": track_of(round_, request.today),
        "total": len(places),
        "areas": areas,
        "approvals": approvals,
        "minutes": len(approvals) * MINUTES_FOR_APPROVAL,
        "chosen": sum(1 for row in rows if row.can_be_reminded and not row.is_reminded_today),
        "returned": [row for row in rows if row.progress == "returned"],
        "may_manage_people": request.user.may_somewhere(Permission.MANAGE_PEOPLE, request.today),
    }
    return render(request, "followup/round_missing.html", context)


@requires(Permission.REMIND)
@require_POST
def round_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the leaders of the chosen units, or of one."""
    round_ = _in_reach(request, pk)
    wanted = posted_ids_in(request.POST.getlist("one") or request.POST.getlist("submission"))
    units = remindable_units(request.user, request.today)
    chosen = Submission.objects.filter(round=round_, unit__in=units, pk__in=wanted, state__in=EDITABLE)
    reminded = remind_now(chosen, by=request.user, now=request.now)
    if reminded:
        text = ngettext("%d leder er påmindet.", "%d ledere er påmindet.", reminded) % reminded
        messages.success(request, text)
    elif wanted:
        messages.info(request, _("Ingen blev påmindet: de er allerede påmindet i dag, eller de har sendt."))
    else:
        messages.error(request, _("Vælg mindst én enhed."))
    return redirect("followup:round_missing", pk)
