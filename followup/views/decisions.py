"""What the bodies decided: the register, one decision with what became of it, and the forms that record it."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from followup.actions import decisions as actions
from followup.actions.agenda import CLOSING, AlreadyDecided
from followup.models import Action
from followup.politics_forms import (
    DecidedForm,
    DecisionFilterForm,
    EditDecisionForm,
    NewDecisionForm,
    OutcomeForm,
    goals_of,
)
from followup.terms import Term, term_of
from followup.views.meetings import recordable_item
from goals.actions.versions import Stale
from goals.forms.goals import leaders_of
from goals.models import Decision, DecisionQuerySet, Goal
from goals.models.goal import authorities_of
from goals.views.shared import PAGE, answer, chosen_id, posted, saved, show_stale, units_for
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

HISTORY = 10


@requires(Permission.SEE_AUTHORITY)
@never_cache
def decision_list(request: HttpRequest) -> HttpResponse:
    """The register of decisions with what became of each, the latest first."""
    bodies = Unit.objects.filter(authority=request.authority).bodies()
    decisions = Decision.objects.filter(authority=request.authority)
    form = DecisionFilterForm(request.GET, bodies=bodies, terms=_terms(decisions, request.today))
    decisions = form.narrow(decisions, decisions.readable(request.user, request.today))
    decisions = decisions.with_readable(request.user, request.today).select_related("body", "responsible")
    context = {
        "form": form,
        "page": Paginator(decisions, PAGE).get_page(request.GET.get("side")),
        "may_record": request.user.may_somewhere(Permission.RECORD_DECISIONS, request.today),
    }
    return render(request, "followup/decision_list.html", context)


def _terms(decisions: DecisionQuerySet, today: date) -> list[Term]:
    """The council terms from today's back to that of the first decision."""
    first = decisions.aggregate(first=Min("date"))["first"] or today
    terms = [term_of(today)]
    while terms[-1].first > first:
        terms.append(terms[-1].previous())
    return terms


@requires(Permission.SEE_AUTHORITY)
@never_cache
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision, what it asks for, and what became of it; of a closed one others see what is published."""
    decisions = Decision.objects.filter(authority__in=authorities_of(request.user, request.today))
    shown = decisions.with_readable(request.user, request.today).select_related("body", "goal", "responsible")
    decision = get_object_or_404(shown, pk=pk)
    if not decision.is_readable:
        return render(request, "followup/decision_detail.html", {"decision": decision})
    context = {
        "decision": decision,
        "actions": Action.objects.filter(decision=decision).select_related("owner", "unit"),
        "adopted": decision.adopted_goals.select_related("owner_unit")[:PAGE],
        "closed": decision.closed_goals.select_related("owner_unit", "replaced_by")[:PAGE],
        "targets": decision.targets.select_related("series__indicator", "series__unit")[:PAGE],
        "may_record": _allowed(request, decisions).filter(pk=pk).exists(),
        "may_act": request.user.may_somewhere(Permission.EDIT_ACTIONS, request.today),
        "history": HistoryEntry.objects.about(decision)[:HISTORY],
    }
    return render(request, "followup/decision_detail.html", context)


def _allowed(request: HttpRequest, decisions):
    """Those of bodies for which the person records decisions, and that the person may read."""
    bodies = Unit.objects.allowing(Permission.RECORD_DECISIONS, request.user, request.today)
    return decisions.filter(body__in=bodies).readable_by(request.user, request.today)


def _recordable(request: HttpRequest, pk: int) -> Decision:
    decisions = Decision.objects.filter(authority__in=authorities_of(request.user, request.today))
    return fetch(decisions.select_related("body", "authority"), _allowed(request, decisions), pk=pk)


@requires(Permission.RECORD_DECISIONS)
@never_cache
def decision_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the body decided on an item of its agenda."""
    item = recordable_item(request, pk)
    if item.decision_id is not None:
        return _decided_already(request, item.decision_id)
    begun = {
        "title": item.title,
        "goal": item.goal_id,
        "date": min(item.round.meeting_date, request.today),
        "reference": _("punkt %d") % item.position,
        **{name: getattr(item, name) for name in CLOSING},
    }
    form = DecidedForm(
        posted(request),
        instance=Decision(body=item.body),
        initial=begun,
        goals=goals_of(item.body),
        people=leaders_of(request.authority, request.today),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            decision = actions.record_decision(form.save(commit=False), item=item, by=request.user, now=request.now)
        except AlreadyDecided as taken:
            return _decided_already(request, taken.item.decision_id)
        messages.success(request, _recorded(decision))
        return redirect("followup:meeting_detail", item.body_id, item.round_id)
    context = {"form": form, "item": item, "round": item.round, "body": item.body}
    return render(request, "followup/decision_form.html", context, status=answer(form))


def _decided_already(request: HttpRequest, decision_id: int | None) -> HttpResponse:
    messages.error(request, _("Punktet er allerede besluttet. Intet er overskrevet."))
    return redirect("followup:decision_detail", decision_id)


def _recorded(decision: Decision) -> str:
    if decision.is_pending:
        return _("Beslutningen er skrevet ind. Den kommer igen på næste møde, til den er fulgt til dørs.")
    return _("Beslutningen er skrevet ind.")


@requires(Permission.RECORD_DECISIONS)
def decision_create(request: HttpRequest) -> HttpResponse:
    """Record a decision that was on no agenda here; `?udvalg=` says whose."""
    bodies = units_for(request, Permission.RECORD_DECISIONS).bodies()
    form = NewDecisionForm(
        posted(request),
        initial={"body": chosen_id(request.GET.get("udvalg")), "date": request.today},
        bodies=bodies,
        goals=Goal.objects.filter(owner_unit__in=bodies).exclude(state="draft"),
        people=leaders_of(request.authority, request.today),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        decision = actions.record_decision(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _recorded(decision))
        return redirect("followup:decision_detail", decision.pk)
    context = {"form": form, "item": None, "round": None, "body": None}
    return render(request, "followup/decision_form.html", context, status=answer(form))


@requires(Permission.RECORD_DECISIONS)
@never_cache
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a decision that was written wrongly, or close it; the old words stay in its history."""
    decision = _recordable(request, pk)
    form = EditDecisionForm(
        posted(request),
        instance=decision,
        goals=goals_of(decision.body),
        people=leaders_of(decision.authority, request.today),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_decision(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:decision_detail", pk)
    context = {"form": form, "decision_id": pk, "body": decision.body}
    return render(request, "followup/decision_edit.html", context, status=answer(form))


@requires(Permission.RECORD_DECISIONS)
@never_cache
def decision_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of a decision: it comes back no more."""
    decision = _recordable(request, pk)
    form = OutcomeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            outcome = form.cleaned_data["outcome"]
            actions.close_decision(decision, outcome=outcome, by=request.user, now=request.now)
        except Stale as stale:
            form.add_error("outcome", _done_already(stale.stored))
        else:
            messages.success(request, _("Beslutningen er fulgt til dørs."))
            return redirect("followup:decision_detail", pk)
    actions_of = Action.objects.filter(decision=decision).select_related("owner")
    context = {"form": form, "decision": decision, "actions": actions_of}
    return render(request, "followup/decision_close.html", context, status=answer(form))


def _done_already(stored) -> str:
    if stored.done_on is None:
        return _("Beslutningen beder ikke om noget, der skal følges.")
    return _("Beslutningen er allerede fulgt til dørs: ”%s”. Intet er overskrevet.") % stored.outcome
