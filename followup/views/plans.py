"""Plans of the year wheel, its other days, and how the authority follows up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from followup.actions.plans import dates_for, save_plan
from followup.actions.year_events import apply_template, delete_event, save_event, save_settings
from followup.calendar_forms import PlanForm, SettingsForm, YearEventForm
from followup.kinds import EventKind
from followup.models import FollowUpSettings, Plan, YearEvent
from followup.recurrence import occurrences, parse_recurrence
from goals.actions.versions import Stale
from goals.models import Series
from goals.views.shared import PAGE, answer, posted, saved, show_stale
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

SHOWN = 5
FAR = timedelta(days=366 * 6)


def plannable_bodies(request: HttpRequest):
    """Bodies of the authority for which the person plans."""
    units = Unit.objects.filter(authority=request.authority).bodies().valid(request.today)
    return units.allowing(Permission.PLAN_ROUNDS, request.user, request.today)


# ---- plans -----------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every body's plan: how often, what is followed, and how many rounds lie ahead."""
    plans = Plan.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    page = Paginator(plans.select_related("body").order_by("body__position", "period_kind", "pk"), PAGE)
    page = page.get_page(request.GET.get("side"))
    editable = Plan.objects.editable_by(request.user, request.today).filter(pk__in=[plan.pk for plan in page])
    context = {
        "page": page,
        "editable": set(editable.values_list("pk", flat=True)),
        "may_plan": request.user.may_somewhere(Permission.PLAN_ROUNDS, request.today),
        "settings": FollowUpSettings.objects.of(request.authority),
    }
    return render(request, "followup/plan_list.html", context)


@requires(Permission.PLAN_ROUNDS)
def plan_create(request: HttpRequest) -> HttpResponse:
    """Plan a body's follow-ups."""
    return _plan_form(request, Plan(authority=request.authority))


@requires(Permission.PLAN_ROUNDS)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan; rounds that exist keep their dates."""
    visible = Plan.objects.visible_to(request.user, request.today).select_related("body", "authority")
    return _plan_form(request, fetch(visible, Plan.objects.editable_by(request.user, request.today), pk=pk))


def _form(request: HttpRequest, data, plan: Plan) -> PlanForm:
    return PlanForm(data, instance=plan, bodies=plannable_bodies(request), series=_series_of(plan, request))


def _series_of(plan: Plan, request: HttpRequest):
    """What the plan may choose among: series of the body and the units that report to it."""
    if plan.pk is None:
        return Series.objects.none()
    units = Unit.objects.reporting_to(plan.body, request.today)
    found = Series.objects.filter(unit__in=units.values("pk")).active(request.today)
    return found.select_related("indicator", "unit").order_by("unit__position", "unit__name", "indicator__name", "pk")


def _plan_form(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = _form(request, posted(request), plan)
    is_looking = "laes" in request.POST
    if request.method == "POST" and form.is_valid() and not is_looking:
        try:
            save_plan(
                form.save(commit=False),
                series=form.cleaned_data.get("series"),
                version=form.cleaned_data.get("version"),
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:plan_list")
    context = {
        "form": form,
        "plan": plan,
        "reading": list(_reading(_readable(form, plan), request)),
        "history": HistoryEntry.objects.about(plan)[:10] if plan.pk else [],
    }
    return render(request, "followup/plan_form.html", context, status=200 if is_looking else answer(form))


def _readable(form: PlanForm, plan: Plan) -> Plan | None:
    """The plan whose meetings are shown beside the form: what is typed, else what is stored."""
    return form.reading() if form.is_bound else plan if plan.pk else None


@requires(Permission.PLAN_ROUNDS)
@require_POST
def plan_reading(request: HttpRequest) -> HttpResponse:
    """How the rule is read while it is typed: the next meetings, or what is wrong."""
    form = _form(request, request.POST, Plan(authority=request.authority))
    context = {"form": form, "reading": list(_reading(form.reading(), request))}
    return render(request, "followup/_plan_reading.html", context)


def _reading(plan: Plan | None, request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The next meetings of the plan: the period each follows up, the units' deadline, and a holiday it falls on."""
    if plan is None:
        return
    plan.authority = request.authority
    workdays = FollowUpSettings.objects.of(request.authority).workdays
    first = max(request.today, plan.first_meeting)
    meetings = occurrences(parse_recurrence(plan.rule), plan.first_meeting, first, first + FAR)[:SHOWN]
    for meeting in meetings:
        period, dates = dates_for(plan, meeting)
        yield {"meeting": meeting, "period": period, "dates": dates, "holiday": workdays.holiday(meeting)}


# ---- other days ------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
def event_list(request: HttpRequest) -> HttpResponse:
    """The days that are no follow-up, from this year on."""
    events = YearEvent.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    events = events.filter(day__year__gte=request.today.year).select_related("body")
    page = Paginator(events.order_by("day", "pk"), PAGE).get_page(request.GET.get("side"))
    editable = YearEvent.objects.editable_by(request.user, request.today).filter(pk__in=[one.pk for one in page])
    context = {
        "page": page,
        "editable": set(editable.values_list("pk", flat=True)),
        "may_plan": request.user.may_somewhere(Permission.PLAN_ROUNDS, request.today),
        "years": [request.today.year, request.today.year + 1],
    }
    return render(request, "followup/event_list.html", context)


@requires(Permission.PLAN_ROUNDS)
@require_POST
def event_template(request: HttpRequest) -> HttpResponse:
    """Put the usual Danish fixed points into a year."""
    year = request.POST.get("aar", "")
    if year in (str(request.today.year), str(request.today.year + 1)):
        added = apply_template(request.authority, int(year), by=request.user, now=request.now)
        said = ngettext("%d dag er lagt ind i %s.", "%d dage er lagt ind i %s.", added) % (added, year)
        messages.success(request, said if added else _("De sædvanlige dage er der allerede i %s.") % year)
    return redirect("followup:event_list")


@requires(Permission.PLAN_ROUNDS)
def event_create(request: HttpRequest) -> HttpResponse:
    """A new day."""
    kind = request.GET.get("art", EventKind.MEETING)
    return _event_form(request, YearEvent(authority=request.authority, kind=kind))


@requires(Permission.PLAN_ROUNDS)
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a day."""
    return _event_form(request, _editable_event(request, pk))


def _editable_event(request: HttpRequest, pk: int) -> YearEvent:
    visible = YearEvent.objects.visible_to(request.user, request.today).select_related("body", "authority")
    return fetch(visible, YearEvent.objects.editable_by(request.user, request.today), pk=pk)


def _event_form(request: HttpRequest, event: YearEvent) -> HttpResponse:
    form = YearEventForm(posted(request), instance=event, bodies=plannable_bodies(request))
    if request.method == "POST" and form.is_valid():
        save_event(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("followup:event_list")
    return render(request, "followup/event_form.html", {"form": form, "event": event}, status=answer(form))


@requires(Permission.PLAN_ROUNDS)
@require_POST
def event_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a day out of the year."""
    delete_event(_editable_event(request, pk), by=request.user, now=request.now)
    messages.success(request, _("Dagen er slettet."))
    return redirect("followup:event_list")


# ---- settings --------------------------------------------------------------------------------------------------------


@requires(Permission.PLAN_ROUNDS)
def followup_settings(request: HttpRequest) -> HttpResponse:
    """Who follows what, and which days count. For those who plan for the whole authority."""
    if not plannable_bodies(request).filter(kind="council").exists():
        raise PermissionDenied
    settings = FollowUpSettings.objects.of(request.authority)
    form = SettingsForm(posted(request), instance=settings)
    if request.method == "POST" and form.is_valid():
        save_settings(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("followup:year_wheel")
    history = HistoryEntry.objects.about(settings)[:10]
    return render(request, "followup/followup_settings.html", {"form": form, "history": history}, status=answer(form))
