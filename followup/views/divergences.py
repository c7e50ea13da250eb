"""Goals that pull different ways: the list, and where they meet beside a goal and beside a unit's ranking."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from followup.divergences import MOST_COMPARED, hints_for, rows_of
from followup.page_queries import PAGE
from goals.actions.divergences import register_divergence
from goals.actions.goals import NotPossible
from goals.forms.divergences import NewDivergenceForm
from goals.forms.goals import GoalSearchForm
from goals.models import Divergence, DivergenceQuerySet, Goal, PersonalGoal
from goals.models.goal import authorities_of
from goals.views.personal import goals_for
from goals.views.shared import answer, chosen_id, editable_goal, posted, refusal_text
from organisation.access import requires
from organisation.leaders import LEADING
from organisation.models import Unit
from organisation.models.unit import BODY_KINDS
from organisation.permissions import Permission

UNRANKED = "uden"


@requires(Permission.SEE_AUTHORITY)
def divergence_list(request: HttpRequest) -> HttpResponse:
    """Every pair of the authority's that still matters, those nobody has ranked first; `?vis=uden` shows only them."""
    found = _seen(request).filter(goal__authority=request.authority)
    shown = found.filter(first=None) if request.GET.get("vis") == UNRANKED else found
    page = Paginator(shown.order_by(F("first").asc(nulls_first=True), "-registered_at", "-pk"), PAGE)
    page = page.get_page(request.GET.get("side"))
    context = {
        "page": page,
        "rows": _rows(request, page.object_list),
        "total": found.count(),
        "unranked": found.filter(first=None).count(),
        "only_unranked": request.GET.get("vis") == UNRANKED,
    }
    return render(request, "followup/divergence_list.html", context)


def _seen(request: HttpRequest) -> DivergenceQuerySet:
    return Divergence.objects.visible_to(request.user, request.today).in_force().with_goals()


def _rows(request: HttpRequest, divergences) -> list[dict[str, Any]]:
    """What the person may do is asked only where somebody with such a role looks."""
    divergences = list(divergences)
    user, today, ids = request.user, request.today, [one.pk for one in divergences]
    editable: set[int] = set()
    rankable: set[int] = set()
    if ids and user.may_somewhere(Permission.EDIT_GOALS, today):
        editable = set(Divergence.objects.editable_by(user, today).filter(pk__in=ids).values_list("pk", flat=True))
    if editable and user.may_somewhere(Permission.ADOPT_GOALS, today):
        rankable = set(Divergence.objects.rankable_by(user, today).filter(pk__in=ids).values_list("pk", flat=True))
    return rows_of(divergences, editable, rankable)


@requires(Permission.SEE_AUTHORITY)
def goal_divergences(request: HttpRequest, pk: int) -> HttpResponse:
    """Which goals pull another way than this one: a piece of its page, or a page of its own.

    Beside it the personal goals that hang on it, of those the person alone may see.
    """
    goal = get_object_or_404(Goal.objects.visible_to(request.user, request.today).select_related("owner_unit"), pk=pk)
    found = _seen(request).of(pk).order_by(F("first").asc(nulls_last=True), "pk")[:PAGE]
    may_edit = request.user.may_somewhere(Permission.EDIT_GOALS, request.today)
    personal = PersonalGoal.objects.visible_to(request.user, request.today).filter(goal=goal)
    context = {
        "goal": goal,
        "rows": [{**row, "other": _other(row["divergence"], pk)} for row in _rows(request, found)],
        "may_register": goal.is_adopted
        and may_edit
        and Goal.objects.editable_by(request.user, request.today).filter(pk=pk).exists(),
        "may_write_personal": goal.is_adopted
        and not request.user.roles(request.today).isdisjoint(LEADING)
        and goals_for(request).filter(pk=pk).exists(),
        "personal": list(personal.select_related("leader").order_by("due_date", "pk")[:PAGE]),
    }
    name = "_goal_divergences" if request.htmx else "goal_divergences"
    response = render(request, f"followup/{name}.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _other(divergence: Divergence, pk: int) -> Goal:
    return divergence.other if divergence.goal_id == pk else divergence.goal


@requires(Permission.SEE_AUTHORITY)
def unit_divergences(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the ranked goals of a body or unit meet others: a piece of its page, or a page of its own."""
    unit = get_object_or_404(Unit, pk=pk, authority__in=authorities_of(request.user, request.today))
    found = _seen(request).of_unit(unit).order_by(F("first").asc(nulls_first=True), "goal__rank", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("side"))
    context = {"unit": unit, "page": page, "rows": _rows(request, page.object_list)}
    return render(request, f"followup/{'_unit_divergences' if request.htmx else 'unit_divergences'}.html", context)


@requires(Permission.EDIT_GOALS)
def divergence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Register that another goal pulls another way; some are pointed at by their figures, others found by words."""
    goal = editable_goal(request, pk)
    if not goal.is_adopted:
        messages.error(request, refusal_text(NotPossible("diverges_state")))
        return redirect("followup:goal_detail", pk)
    candidates = _candidates(goal)
    form = NewDivergenceForm(posted(request), candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.cleaned_data
            register_divergence(goal, asked["other"], asked["text"], by=request.user, now=request.now)
        except NotPossible as refusal:
            form.add_error("other", refusal_text(refusal))
        else:
            messages.success(request, _("De to mål er registreret som modsatrettede."))
            return redirect("followup:goal_detail", pk)
    search = GoalSearchForm(request.GET)
    chosen = chosen_id(str(form["other"].value() or ""))
    hints = hints_for(goal, _compared(goal, candidates), request.today)
    wanted = search.narrow(candidates) if request.GET.get("q") else _near(goal, candidates)
    hinted = [hint.goal.pk for hint in hints]
    offered = wanted.exclude(pk__in=hinted).order_by("rank", "pk")
    page = Paginator(offered, PAGE).get_page(request.GET.get("side"))
    known = {*hinted, *(one.pk for one in page.object_list)}
    context = {
        "goal": goal,
        "form": form,
        "search": search,
        "hints": hints,
        "page": page,
        "chosen": chosen,
        "kept": candidates.filter(pk=chosen).first() if chosen and chosen not in known else None,
    }
    return render(request, "followup/divergence_create.html", context, status=answer(form))


def _candidates(goal: Goal):
    """Goals in force of the authority's, which everybody there sees, but those registered with this one already."""
    in_force = Goal.objects.adopted().filter(authority=goal.authority_id)
    paired = Divergence.objects.of(goal.pk)
    taken = {goal.pk, *paired.values_list("goal", flat=True), *paired.values_list("other", flat=True)}
    return in_force.exclude(pk__in=taken).select_related("owner_unit", "standing")


def _near(goal: Goal, candidates):
    """Those it is ranked beside: of the same unit, and of the political bodies."""
    return candidates.filter(owner_unit__kind__in=BODY_KINDS) | candidates.filter(owner_unit=goal.owner_unit_id)


def _compared(goal: Goal, candidates) -> list[Goal]:
    """The goals whose figures are held against its own: those beside it, and those of units like its own."""
    alike = candidates.filter(owner_unit__kind=goal.owner_unit.kind)
    return list((_near(goal, candidates) | alike).order_by("rank", "pk")[:MOST_COMPARED])
