"""Actions: the register, one with its history, and starting, changing and ending them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from followup.action_forms import (
    MANY,
    ActionFilterForm,
    ChangeActionForm,
    DropForm,
    FinishForm,
    NewActionForm,
    owners_for,
)
from followup.actions.actions import (
    NotPossible,
    change_action,
    drop_action,
    finish_action,
    has_been_overdue,
    start_action,
)
from followup.kinds import Worked
from followup.models import Action, Assessment, Board, BoardMeeting, Submission
from goals.actions.versions import Stale
from goals.models import Decision, Goal, Series
from goals.views.shared import answer, chosen_id, posted, saved, show_stale, units_for
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

PAGE = 50
MINE = 20
BESIDE = 8  # actions shown on a goal's or unit's page


@requires(Permission.SEE_AUTHORITY)
def action_list(request: HttpRequest) -> HttpResponse:
    """The register: one's own first, then everybody's, narrowed by the address. Pages fetch a few to show beside."""
    actions = Action.objects.filter(authority=request.authority).visible_to(request.user, request.today).for_list()
    form = ActionFilterForm(request.GET, actions=actions, authority=request.authority, today=request.today)
    found, may_start = form.narrow(), request.user.may_somewhere(Permission.EDIT_ACTIONS, request.today)
    if request.htmx:
        context = {"actions": found.latest_first()[:BESIDE], "about": request.GET.urlencode(), "may_start": may_start}
        return render(request, "followup/_actions.html", context)
    own = [] if form.is_narrowing() else list(actions.open().filter(owner=request.user)[:MINE])
    context = {
        "form": form,
        "mine": own,
        "page": Paginator(found, PAGE).get_page(request.GET.get("side")),
        "goal": Goal.objects.visible_to(request.user, request.today).filter(pk=form["maal"].value() or 0).first()
        if form.is_valid() and form.cleaned_data["maal"]
        else None,
        "may_start": may_start,
    }
    return render(request, "followup/action_list.html", context)


@requires(Permission.SEE_AUTHORITY)
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One action, what came of it, and its history."""
    visible = Action.objects.visible_to(request.user, request.today).for_list()
    action = get_object_or_404(visible.select_related("decision__body", "created_by", "meeting__board"), pk=pk)
    decision = action.decision
    if decision is not None and decision.is_closed:
        decision = Decision.objects.readable_by(request.user, request.today).filter(pk=decision.pk).first()
    context = {
        "action": action,
        "decision": decision,
        "may_edit": Action.objects.editable_by(request.user, request.today).filter(pk=pk).exists(),
        "history": HistoryEntry.objects.about(action)[:PAGE],
    }
    return render(request, "followup/action_detail.html", context)


# ---- starting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cause:
    """What a new action is about, as the address says, and where to go when it is started."""

    goal: Goal | None = None
    series: Series | None = None
    decision: Decision | None = None
    meeting: BoardMeeting | None = None
    submission: Submission | None = None
    given_unit: Unit | None = None

    @property
    def unit(self) -> Unit | None:
        """The unit it most likely belongs to."""
        if self.given_unit is not None:
            return self.given_unit
        if self.submission is not None:
            return self.submission.unit
        if self.meeting is not None:
            return self.meeting.board.unit
        if self.series is not None:
            return self.series.unit
        return self.goal.owner_unit if self.goal is not None else None

    @property
    def back(self) -> str:
        """Where the person came from."""
        if self.submission is not None and self.goal is not None:
            place = self.submission.round_id, self.submission.unit_id
            return f"{reverse('followup:entry_grid', args=place)}#h{self.goal.pk}"
        if self.goal is not None:
            return reverse("followup:goal_detail", args=[self.goal.pk])
        if self.series is not None:
            return reverse("followup:series_detail", args=[self.series.pk])
        if self.given_unit is not None:
            return reverse("followup:unit_detail", args=[self.given_unit.pk])
        return reverse("followup:action_list")

    def facts(self) -> dict[str, Any]:
        """What the action keeps of it."""
        return {"goal": self.goal, "series": self.series, "decision": self.decision, "meeting": self.meeting}


def _cause(request: HttpRequest) -> Cause:
    """The objects in the address, each only when the person sees it."""
    user, today, here = request.user, request.today, {"authority": request.authority}
    goals = Goal.objects.visible_to(user, today).filter(**here).select_related("owner_unit")
    meetings = BoardMeeting.objects.filter(board__in=Board.objects.usable_by(user, today))
    sources = {
        "goal": ("maal", goals),
        "series": ("serie", Series.objects.visible_to(user, today).filter(**here).select_related("unit", "indicator")),
        "decision": ("beslutning", Decision.objects.readable_by(user, today).filter(**here).select_related("body")),
        "meeting": ("moede", meetings.select_related("board__unit")),
        "given_unit": ("enhed", units_for(request, Permission.EDIT_ACTIONS)),
        "submission": ("indberetning", Submission.objects.visible_to(user, today).select_related("unit", "round")),
    }
    asked = {name: (chosen_id(request.GET.get(word)), rows) for name, (word, rows) in sources.items()}
    return Cause(**{name: get_object_or_404(rows, pk=pk) for name, (pk, rows) in asked.items() if pk is not None})


@requires(Permission.EDIT_ACTIONS)
def action_create(request: HttpRequest) -> HttpResponse:
    """Start an action; `?maal=`, `?serie=`, `?beslutning=` or `?moede=` say what about."""
    cause = _cause(request)
    units = units_for(request, Permission.EDIT_ACTIONS)
    words = request.GET.get("person", "")
    form = NewActionForm(
        posted(request), initial=_initial(request, cause), units=units, today=request.today, words=words
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        start_action(
            asked.pop("unit"),
            **asked,
            **cause.facts(),
            by=request.user,
            now=request.now,
        )
        messages.success(request, _("Handlingen er startet."))
        return redirect(cause.back)
    people = form.fields["owner"].queryset.count()
    context = {"form": form, "cause": cause, "is_many": people > MANY or bool(words), "words": words}
    return render(request, "followup/action_create.html", context, status=answer(form))


def _initial(request: HttpRequest, cause: Cause) -> dict[str, Any]:
    """The unit it is about, oneself as owner, and what the leader has just written that we do now."""
    initial: dict[str, Any] = {"unit": cause.unit.pk if cause.unit else None, "owner": request.user.pk}
    if cause.submission is not None and cause.goal is not None:
        written = Assessment.objects.filter(round=cause.submission.round_id, goal=cause.goal).first()
        if written is not None and len(written.what_we_do) <= 300:
            initial["what"] = written.what_we_do
    return initial


# ---- changing and ending ---------------------------------------------------------------------------------------------


def _editable(request: HttpRequest, pk: int) -> Action:
    visible = Action.objects.visible_to(request.user, request.today).select_related("unit", "authority", "owner")
    return fetch(visible, Action.objects.editable_by(request.user, request.today), pk=pk)


def _refusal(error: NotPossible) -> str:
    if error.key == "reason_needed":
        return _("Handlingen har været forsinket. Skriv, hvorfor datoen flyttes.")
    return _("Handlingen er afsluttet af en anden. Intet er ændret.")


@requires(Permission.EDIT_ACTIONS)
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what, who or when."""
    action = _editable(request, pk)
    if not action.is_open:
        messages.error(request, _refusal(NotPossible("ended")))
        return redirect("followup:action_detail", pk)
    title = action.what
    owners = owners_for(Unit.objects.filter(pk=action.unit_id), request.today) | type(action.owner).objects.filter(
        pk=action.owner_id
    )
    form = ChangeActionForm(
        posted(request), instance=action, owners=owners, is_late=has_been_overdue(action, request.today)
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            change_action(
                form.save(commit=False),
                version=asked["version"],
                reason=asked.get("reason", ""),
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as error:
            form.add_error(None, _refusal(error))
        else:
            messages.success(request, saved())
            return redirect("followup:action_detail", pk)
    return render(
        request, "followup/action_edit.html", {"form": form, "action": action, "title": title}, status=answer(form)
    )


@requires(Permission.EDIT_ACTIONS)
def action_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """End an action: carried out, with whether it worked; or dropped, with why."""
    action = _editable(request, pk)
    initial = {"version": action.version}
    finish = FinishForm(request.POST if "finish" in request.POST else None, initial=initial, auto_id="udfoert_%s")
    drop = DropForm(request.POST if "drop" in request.POST else None, initial=initial, auto_id="droppet_%s")
    if finish.is_bound and finish.is_valid():
        asked = finish.cleaned_data
        worked = Worked(asked["worked"])
        return _end(
            request,
            pk,
            lambda: finish_action(
                action,
                worked=worked,
                result=asked["result"],
                version=asked["version"],
                by=request.user,
                now=request.now,
            ),
        )
    if drop.is_bound and drop.is_valid():
        asked = drop.cleaned_data
        return _end(
            request,
            pk,
            lambda: drop_action(action, why=asked["why"], version=asked["version"], by=request.user, now=request.now),
        )
    status = 422 if finish.errors or drop.errors else 200
    context = {"action": action, "finish": finish, "drop": drop}
    return render(request, "followup/action_finish.html", context, status=status)


def _end(request: HttpRequest, pk: int, step: Callable[[], Action]) -> HttpResponse:
    try:
        step()
    except NotPossible as error:
        messages.error(request, _refusal(error))
    except Stale:
        messages.error(request, _("Handlingen blev ændret af en anden imens. Se den igennem, og afslut den igen."))
    else:
        messages.success(request, _("Handlingen er afsluttet."))
    return redirect("followup:action_detail", pk)
