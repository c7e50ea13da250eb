"""A goal's ties: further goals it helps, and the series it is measured by."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from goals.actions import links
from goals.actions.goals import NotPossible
from goals.actions.versions import Stale
from goals.forms.goals import (
    AttachForm,
    ContributionForm,
    ContributionFormSet,
    GoalSearchForm,
    GoalSeriesFormSet,
    LinkForm,
    SeriesSearchForm,
)
from goals.kinds import Strength
from goals.models import Goal, Series
from goals.views.shared import PAGE, answer, chosen_id, editable_goal, posted, refusal_text, saved, show_stale
from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.EDIT_GOALS)
def goal_contributions(request: HttpRequest, pk: int) -> HttpResponse:
    """Add and remove further goals that this one helps, also those of other authorities that are shared with it."""
    goal = editable_goal(request, pk)
    candidates = _helpable(request, goal)
    is_removal = request.POST.get("action") == "remove"
    form = ContributionForm(None if is_removal else posted(request), candidates=candidates)
    if request.method == "POST" and is_removal:
        link = get_object_or_404(goal.contributions, pk=chosen_id(request.POST.get("contribution")))
        links.remove_contribution(link, by=request.user, now=request.now)
        messages.success(request, _("Bidraget er fjernet."))
        return redirect("goals:goal_contributions", pk)
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.cleaned_data
            told = {"note": asked["note"], "strength": asked["strength"] or Strength.MEDIUM}
            links.add_contribution(goal, asked["to_goal"], **told, by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error("to_goal", refusal_text(refusal))
        else:
            messages.success(request, saved())
            return redirect("goals:goal_contributions", pk)
    search = GoalSearchForm(request.GET)
    offered = search.narrow(candidates.exclude(received__goal=goal)) if request.GET.get("q") else Goal.objects.none()
    context = {
        "goal": goal,
        "form": form,
        "search": search,
        "page": Paginator(offered.order_by("authority__name", "rank", "pk"), PAGE).get_page(request.GET.get("side")),
        "contributions": goal.contributions.select_related("to_goal__owner_unit", "to_goal__authority").order_by("pk"),
        "chosen": chosen_id(str(form["to_goal"].value() or "")),
    }
    return render(request, "goals/goal_contributions.html", context, status=answer(form))


def _helpable(request: HttpRequest, goal: Goal):
    """Goals this one may help: those of its authority that the person sees, and those it is invited to share."""
    seen = Goal.objects.visible_to(request.user, request.today)
    own = Q(authority=goal.authority_id, pk__in=seen.values("pk"))
    candidates = Goal.objects.helpable_from(goal.authority_id).filter(own | ~Q(authority=goal.authority_id))
    return candidates.exclude(pk__in=Goal.objects.downward(goal.pk).values("pk")).select_related(
        "owner_unit", "authority"
    )


@requires(Permission.EDIT_GOALS)
def goal_link(request: HttpRequest, pk: int) -> HttpResponse:
    """What is thought of the links upward: how the goal helps the one it serves and those it helps across."""
    goal = editable_goal(request, pk)
    if not goal.is_open:
        messages.error(request, refusal_text(NotPossible("closed")))
        return redirect("followup:goal_chain", pk)
    title = goal.title
    helped = goal.contributions.select_related("to_goal__owner_unit", "to_goal__authority").order_by("pk")
    form = LinkForm(posted(request), instance=goal)
    formset = ContributionFormSet(posted(request), queryset=helped)
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        changed = formset.save(commit=False)
        version = form.cleaned_data["version"]
        try:
            links.change_links(form.save(commit=False), changed, version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, saved())
            return redirect("followup:goal_chain", pk)
    context = {"goal": goal, "title": title, "form": form, "formset": formset}
    refused = bool(form.errors) or (formset.is_bound and not formset.is_valid())
    return render(request, "goals/goal_link.html", context, status=422 if refused else 200)


@requires(Permission.EDIT_GOALS)
def goal_series(request: HttpRequest, pk: int) -> HttpResponse:
    """The indicators of a goal: in which order, which decide its light; add one, take one off."""
    goal = editable_goal(request, pk)
    is_new = request.POST.get("action") == "attach"
    candidates = Series.objects.filter(authority=goal.authority_id).active(request.today)
    candidates = candidates.exclude(goal_series__goal=goal).select_related("indicator", "unit")
    attach = AttachForm(request.POST if is_new else None, candidates=candidates)
    queryset = goal.goal_series.select_related("series__indicator", "series__unit").order_by("rank", "pk")
    formset = GoalSeriesFormSet(None if is_new else posted(request), queryset=queryset)
    if request.method == "POST":
        try:
            if _stored(request, goal, attach if is_new else formset, is_new):
                messages.success(request, saved())
                return redirect("goals:goal_series", pk)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
            return redirect("followup:goal_detail", pk)
    search = SeriesSearchForm(request.GET)
    offered = search.narrow(candidates).order_by("indicator__name", "unit__name", "pk")
    context = {
        "goal": goal,
        "formset": formset,
        "attach": attach,
        "search": search,
        "page": Paginator(offered, PAGE).get_page(request.GET.get("side")),
        "chosen": chosen_id(str(attach["series"].value() or "")),
        "may_create": request.user.may_somewhere(Permission.EDIT_INDICATORS, request.today),
    }
    refused = bool(attach.errors) or (formset.is_bound and not formset.is_valid())
    return render(request, "goals/goal_series.html", context, status=422 if refused else 200)


def _stored(request: HttpRequest, goal: Goal, form, is_new: bool) -> bool:
    """Whether what was asked is stored; False when the form has something to say."""
    if not form.is_valid():
        return False
    if is_new:
        links.attach_series(goal, form.cleaned_data["series"], by=request.user, now=request.now)
        return True
    removed = [one.instance for one in form.deleted_forms]
    kept = [one.instance for one in form.initial_forms if one not in form.deleted_forms]
    links.change_goal_series(goal, kept=kept, removed=removed, by=request.user, now=request.now)
    return True
