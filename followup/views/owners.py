"""What is done about the owners of a cross-cutting goal: shared, invited, committed, gone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from followup.shared_forms import (
    REFUSALS,
    AuthorityForm,
    CommitmentForm,
    InviteForm,
    ReasonForm,
    show_refusal,
)
from followup.views.shared_goals import answers_for_authority, seen_goal
from goals.actions import owners as acts
from goals.actions.budgets import Full
from goals.actions.proposals import OwnersRefused
from goals.actions.versions import Stale
from goals.kinds import OwnerState
from goals.models import Goal, GoalOwner
from goals.owning import Act, refusal
from goals.views.shared import adoptable_goal, answer, ceiling_text, chosen_id, posted
from organisation.access import fetch, requires
from organisation.models import Authority, Unit, UnitKind
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

# ---- the goal's own side --------------------------------------------------------------------------------------------


@requires(Permission.ADOPT_GOALS)
def goal_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let several own the goal: its own unit commits first."""
    goal = adoptable_goal(request, pk)
    form = CommitmentForm(
        posted(request), unit=goal.owner_unit, today=request.today, initial={"responsible": goal.responsible_id}
    )
    if done(request, form, lambda: acts.make_cross_cutting(goal, form.commitment(), **by(request))):
        messages.success(request, _("Målet er tværgående. Invitér de andre ejere."))
        return redirect("followup:shared_goal", pk)
    context = {"form": form, "goal": goal, "unit": goal.owner_unit}
    return render(request, "followup/goal_share.html", context, status=answer(form))


def _home_goal(request: HttpRequest, pk: int) -> Goal:
    """The cross-cutting goal, when the person answers for it."""
    goals = Goal.objects.shared_with(request.user, request.today).select_related("owner_unit", "authority")
    goal: Goal = fetch(goals, Goal.objects.adoptable_by(request.user, request.today), pk=pk)
    speak_of(goal.owner_unit)
    return goal


@requires(Permission.ADOPT_GOALS)
def owner_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a unit to own the goal too: first the authority (`?myndighed=`), then the unit."""
    goal = _home_goal(request, pk)
    chosen = Authority.objects.filter(pk=chosen_id(request.GET.get("myndighed")) or goal.authority_id).first()
    authority = chosen or goal.authority
    there = Unit.objects.filter(authority=authority).valid(request.today).exclude(kind=UnitKind.TEAM)
    taken = goal.owners.taking_part().values("unit")
    form = InviteForm(posted(request), units=there.exclude(pk__in=taken).order_by("name", "pk"))
    if done(request, form, lambda: acts.invite_owner(goal, **form.cleaned_data, **by(request))):
        messages.success(request, _("%s er inviteret.") % form.cleaned_data["unit"])
        return redirect("followup:shared_goal", pk)
    context = {
        "form": form,
        "goal": goal,
        "authority_form": AuthorityForm(initial={"myndighed": authority.pk}),
        "invited_authority": authority,
    }
    return render(request, "followup/owner_invite.html", context, status=answer(form))


@requires(Permission.ADOPT_GOALS)
def goal_unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """The goal is its own unit's alone again; refused as long as others take part."""
    goal = _home_goal(request, pk)
    form = ReasonForm(posted(request))
    said = form.data.get("reason", "")
    if done(request, form, lambda: acts.end_cross_cutting(goal, reason=said.strip(), **by(request))):
        messages.success(request, _("Målet er ikke længere tværgående."))
        return redirect("followup:goal_detail", pk)
    context = {"form": form, "goal": goal, "what": "unshare", "unit": goal.owner_unit, "is_far": False}
    return render(request, "followup/owner_leave.html", context, status=answer(form))


def _of_home(request: HttpRequest, pk: int) -> GoalOwner:
    """A part in a goal, when the person answers for the goal."""
    mine = Goal.objects.adoptable_by(request.user, request.today).values("pk")
    return _spoken_of(fetch(parts(request), GoalOwner.objects.filter(goal__in=mine), pk=pk))


def _spoken_of(owner: GoalOwner) -> GoalOwner:
    speak_of(owner.goal.owner_unit)
    return owner


@requires(Permission.ADOPT_GOALS)
def owner_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    return _leave(request, _of_home(request, pk), Act.RECALL, acts.recall_invitation)


@require_POST
@requires(Permission.ADOPT_GOALS)
def owner_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the goal belong to another of its committed owners."""
    owner = _of_home(request, pk)
    try:
        acts.take_over(owner, version=chosen_id(request.POST.get("version")) or 0, **by(request))
    except OwnersRefused as refused:
        say(request, refused.key)
    except Stale:
        messages.error(request, _("En anden har ændret tilsagnet imens. Se det igennem, og prøv igen."))
    except Full as full:
        messages.error(request, ceiling_text(owner.unit, full.meter))
    else:
        messages.success(request, _("Målet hører nu til %s.") % owner.unit)
    return redirect("followup:shared_goal", owner.goal_id)


# ---- an owner's side ------------------------------------------------------------------------------------------------


def parts(request: HttpRequest):
    """Parts in goals that the person sees as shared."""
    seen = GoalOwner.objects.shared_with(request.user, request.today)
    return seen.select_related("goal__owner_unit", "goal__authority", "unit__authority", "series", "responsible")


def own_part(request: HttpRequest, pk: int) -> GoalOwner:
    """A part in a goal, when the person answers for the owner's unit."""
    return _spoken_of(fetch(parts(request), GoalOwner.objects.answerable_by(request.user, request.today), pk=pk))


@requires(Permission.ADOPT_GOALS)
def owner_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind the unit in writing, or change what it is bound to."""
    owner = own_part(request, pk)
    act, do = (Act.COMMIT, acts.commit_owner)
    if owner.state == OwnerState.COMMITTED:
        act, do = Act.CHANGE, acts.change_commitment
    if (refused := refused_at(request, owner, act)) is not None:
        return refused
    form = CommitmentForm(posted(request), unit=owner.unit, today=request.today, owner=owner)
    version = chosen_id(request.POST.get("version")) or 0
    if done(request, form, lambda: do(owner, form.commitment(), version=version, **by(request))):
        messages.success(request, _("%s har forpligtet sig.") % owner.unit if act is Act.COMMIT else _("Gemt."))
        return redirect("followup:shared_goal", owner.goal_id)
    context = {"form": form, "owner": owner, "goal": owner.goal, "unit": owner.unit, "is_new": act is Act.COMMIT}
    return render(request, "followup/owner_commit.html", context, status=answer(form))


@requires(Permission.ADOPT_GOALS)
def owner_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no to an invitation."""
    return _leave(request, own_part(request, pk), Act.DECLINE, acts.decline_owner)


@requires(Permission.ADOPT_GOALS)
def owner_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw from what the unit is bound to; all owners are told."""
    return _leave(request, own_part(request, pk), Act.WITHDRAW, acts.withdraw_owner)


def _leave(request: HttpRequest, owner: GoalOwner, act: Act, do: Callable[..., GoalOwner]) -> HttpResponse:
    """The page of an act that takes a reason and after which the unit no longer takes part."""
    if (refused := refused_at(request, owner, act)) is not None:
        return refused
    form = ReasonForm(posted(request), owner=owner)
    version = chosen_id(request.POST.get("version")) or 0
    said = {"reason": form.data.get("reason", "").strip(), "version": version, **by(request)}
    if done(request, form, lambda: do(owner, **said)):
        messages.success(request, _("%s er ikke længere med. De andre ejere får besked.") % owner.unit)
        return back_to(request, owner.goal_id)
    is_far = act is Act.WITHDRAW and owner.unit.authority_id != owner.goal.authority_id
    context = {"form": form, "goal": owner.goal, "unit": owner.unit, "what": act.value, "is_far": is_far}
    return render(request, "followup/owner_leave.html", context, status=answer(form))


@requires(Permission.ADOPT_GOALS)
def authority_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """All units of the person's authority leave another authority's goal in one act."""
    goal = seen_goal(request, pk)
    own = goal.owners.taking_part().filter(unit__authority=request.authority)
    if not own.exists():
        raise Http404
    if own.exclude(pk__in=own.answerable_by(request.user, request.today).values("pk")).exists():
        raise PermissionDenied
    form = ReasonForm(posted(request))
    said = form.data.get("reason", "").strip()
    leave = {"reason": said, **by(request)}
    if done(request, form, lambda: acts.leave_authority(goal, request.authority, **leave)):
        messages.success(request, _("%s er ikke længere med. De andre ejere får besked.") % request.authority)
        return back_to(request, pk)
    context = {"form": form, "goal": goal, "unit": request.authority, "what": "authority", "is_far": True}
    return render(request, "followup/owner_leave.html", context, status=answer(form))


@requires(Permission.ADOPT_GOALS)
def cooperation_leave(request: HttpRequest) -> HttpResponse:
    """The authority leaves all cooperation: others' goals, and others are let go from its own."""
    if not answers_for_authority(request):
        raise PermissionDenied
    form = ReasonForm(posted(request))
    said = form.data.get("reason", "").strip()
    if done(request, form, lambda: acts.leave_all(request.authority, reason=said, **by(request))):
        messages.success(request, _("%s er ikke længere med i mål på tværs.") % request.authority)
        return redirect("followup:shared_goal_list")
    goals = Goal.objects.owned_in(request.authority.pk).shared_with(request.user, request.today)
    context = {
        "form": form,
        "theirs": goals.exclude(authority=request.authority).select_related("authority").order_by("pk"),
        "own": goals.filter(
            pk__in=GoalOwner.objects.taking_part().exclude(unit__authority=request.authority).values("goal"),
            authority=request.authority,
        ).order_by("pk"),
    }
    return render(request, "followup/cooperation_leave.html", context, status=answer(form))


# ---- what they share ------------------------------------------------------------------------------------------------


def by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": request.now}


def done(request: HttpRequest, form: Form, do: Callable[[], object]) -> bool:
    """Whether the act is done; else the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        do()
    except OwnersRefused as refused:
        show_refusal(form, refused.key)
    except Stale as stale:
        form.show_stale(stale.stored)
    return not form.errors


def refused_at(request: HttpRequest, owner: GoalOwner, act: Act) -> HttpResponse | None:
    """Back to the goal with the reason, where the act cannot be done from where the owner stands."""
    is_home = owner.unit_id == owner.goal.owner_unit_id
    key = refusal(act, OwnerState(owner.state), is_open=owner.goal.is_open, is_home=is_home)
    if not key:
        return None
    say(request, key)
    return redirect("followup:shared_goal", owner.goal_id)


def say(request: HttpRequest, key: str) -> None:
    messages.error(request, str(REFUSALS[key]))


def back_to(request: HttpRequest, pk: int) -> HttpResponse:
    """To the goal, if the person still sees it."""
    if Goal.objects.shared_with(request.user, request.today).filter(pk=pk).exists():
        return redirect("followup:shared_goal", pk)
    return redirect("followup:shared_goal_list")
