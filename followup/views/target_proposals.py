"""Proposed targets of cross-cutting goals: proposed by one owner, answered by all."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from followup.presentation import words_of_target
from followup.shared_forms import (
    ProposalAnswerForm,
    ProposalForm,
    show_refusal,
)
from followup.shared_goals import (
    proposal_rows,
)
from followup.standing import point_of
from followup.views.owners import by, done, own_part, refused_at, say
from goals.actions.proposals import AlreadyProposed, OwnersRefused, answer_proposal, drop_proposal, propose_target
from goals.actions.targets import AlreadySet, NeedsDecision, Unchanged, words
from goals.models import Goal, GoalOwner, Series, TargetProposal
from goals.owning import Act
from goals.period_names import period_name
from goals.views.shared import answer, deciding_bodies, posted
from organisation.access import requires
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

# ---- proposed targets -----------------------------------------------------------------------------------------------


@requires(Permission.ADOPT_GOALS)
def target_propose(request: HttpRequest, pk: int, series_id: int) -> HttpResponse:
    """Propose a target on behalf of one owner; it is set when all have agreed."""
    owner = own_part(request, pk)
    if (refused := refused_at(request, owner, Act.PROPOSE)) is not None:
        return refused
    series = get_object_or_404(
        Series.objects.filter(goal_series__goal=owner.goal_id).select_related("indicator", "unit"), pk=series_id
    )
    if request.method == "GET" and (first := TargetProposal.objects.open().filter(series=series).first()) is not None:
        messages.info(request, _first_text(first))
        return redirect("followup:proposal_answer", first.pk)
    form = ProposalForm(
        posted(request),
        initial=_target_to_change(series),
        series=series,
        bodies=deciding_bodies(request, owner.unit),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid() and _has_proposed(request, owner, series, form):
        messages.success(request, _("Forslaget er sendt til de andre ejere."))
        return redirect("followup:shared_goal", owner.goal_id)
    context = {"form": form, "owner": owner, "goal": owner.goal, "series": series}
    return render(request, "followup/target_propose.html", context, status=answer(form))


def _has_proposed(request: HttpRequest, owner: GoalOwner, series: Series, form: ProposalForm) -> bool:
    asked = form.cleaned_data
    try:
        propose_target(
            owner,
            series,
            form.asked(),
            replaces=asked["replaces"],
            reason=asked["reason"],
            decided=form.decision(),
            **by(request),
        )
    except AlreadyProposed as first:
        form.add_error(None, _first_text(first.proposal))
    except Unchanged:
        form.add_error("period", _("Måltallet står der allerede."))
    except AlreadySet as taken:
        said = {"period": period_name(taken.target.period), "value": words(taken.target)}
        now = _("Måltallet for %(period)s er %(value)s nu. Send igen, hvis dit forslag stadig gælder.") % said
        form.show_taken(taken.target, now)
    except NeedsDecision:
        form.ask_for_decision()
    except OwnersRefused as refused:
        show_refusal(form, refused.key)
    return not form.errors


def _first_text(proposal: TargetProposal) -> str:
    """Who was first, and with what."""
    said = {
        "who": proposal.proposed_by,
        "unit": proposal.proposed_for.unit.name,
        "target": words_of_target(point_of(proposal), proposal.series.indicator),
    }
    return (
        _("%(who)s, %(unit)s, kom først og foreslår %(target)s. Svar på det forslag, eller vent, til det er afgjort.")
        % said
    )


def _target_to_change(series: Series) -> dict[str, object]:
    """What the form begins with: the last target in force."""
    last = series.targets.in_force().order_by("-period_end").first()
    if last is None:
        return {}
    return {"period": last.period, "value": last.value, "low": last.low, "high": last.high, "replaces": last.pk}


@requires(Permission.ADOPT_GOALS)
def proposal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a proposed target or not, for a unit that is asked; or take one's own proposal back."""
    today = request.today
    visible = TargetProposal.objects.shared_with(request.user, today).select_related(
        "series__indicator", "series__unit", "goal__owner_unit", "goal__authority", "proposed_by",
        "proposed_for__unit__authority", "replaces", "decision__body",
    )  # fmt: skip
    proposal = get_object_or_404(visible, pk=pk)
    parts = GoalOwner.objects.answerable_by(request.user, today).values_list("pk", flat=True)
    goals = proposal.series.goal_series.values("goal")
    mine = set(parts.filter(goal__in=goals))
    if not mine:
        raise PermissionDenied
    (row,) = proposal_rows([proposal], mine)
    goal = _page_of(request, proposal)
    speak_of(proposal.goal.owner_unit)
    if proposal.state != "open":
        messages.info(request, _("Forslaget er afgjort."))
        return redirect("followup:shared_goal", goal)
    if request.POST.get("action") == "drop":
        return _drop(request, row, goal)
    asked = GoalOwner.objects.filter(pk__in=[one.pk for one in row["may_answer"]]).select_related("unit")
    form = ProposalAnswerForm(posted(request), owners=asked)
    if done(request, form, lambda: answer_proposal(proposal, **form.cleaned_data, **by(request))):
        proposal.refresh_from_db()
        messages.success(request, _after_answer(proposal))
        return redirect("followup:shared_goal", goal)
    context = {"form": form, "row": row, "proposal": proposal, "goal": proposal.goal, "page_of": goal}
    return render(request, "followup/proposal_answer.html", context, status=answer(form))


def _after_answer(proposal: TargetProposal) -> str:
    match proposal.state:
        case "agreed":
            return _("Alle er enige. Måltallet er ændret.")
        case "rejected":
            return _("Svaret er gemt. Måltallet bliver ikke ændret.")
        case "dropped":
            return _("Svaret er gemt, men forslaget gælder ikke længere: måltallet er et andet end før.")
    return _("Svaret er gemt. Måltallet bliver ændret, når alle er enige.")


def _drop(request: HttpRequest, row: dict[str, Any], goal: int) -> HttpResponse:
    if not row["may_drop"]:
        raise PermissionDenied
    try:
        drop_proposal(row["proposal"], **by(request))
    except OwnersRefused as refused:
        say(request, refused.key)
    else:
        messages.success(request, _("Forslaget er trukket tilbage."))
    return redirect("followup:shared_goal", goal)


def _page_of(request: HttpRequest, proposal: TargetProposal) -> int:
    """The goal on whose page the person sees the proposal: a series may measure two."""
    seen = Goal.objects.shared_with(request.user, request.today).filter(goal_series__series=proposal.series_id)
    ids = list(seen.values_list("pk", flat=True))
    return proposal.goal_id if proposal.goal_id in ids else ids[0]
