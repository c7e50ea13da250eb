"""Strategies: the long directions goals are taken from."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from goals.actions.strategies import save_strategy
from goals.forms.goals import StrategyForm
from goals.models import Strategy
from goals.views.shared import PAGE, answer, deciding_bodies, posted, saved, units_for
from organisation.access import fetch, requires
from organisation.permissions import Permission


@requires(Permission.SEE_AUTHORITY)
def strategy_list(request: HttpRequest) -> HttpResponse:
    """The authority's strategies, the latest first, with how many goals each has."""
    strategies = (
        Strategy.objects.visible_to(request.user, request.today)
        .filter(authority=request.authority)
        .select_related("owner_unit", "decision__body")
        .annotate(goal_count=Count("goals"))
        .order_by("-last_year", "name", "pk")
    )
    may_edit = request.user.may_somewhere(Permission.EDIT_GOALS, request.today)
    editable = Strategy.objects.editable_by(request.user, request.today) if may_edit else Strategy.objects.none()
    page = Paginator(strategies, PAGE).get_page(request.GET.get("side"))
    context = {
        "page": page,
        "may_edit": may_edit,
        "editable": set(editable.filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True)),
    }
    return render(request, "goals/strategy_list.html", context)


@requires(Permission.EDIT_GOALS)
def strategy_create(request: HttpRequest) -> HttpResponse:
    """Write a new strategy."""
    return _strategy_form(request, Strategy())


@requires(Permission.EDIT_GOALS)
def strategy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a strategy."""
    visible = Strategy.objects.visible_to(request.user, request.today).select_related("owner_unit", "decision__body")
    return _strategy_form(request, fetch(visible, Strategy.objects.editable_by(request.user, request.today), pk=pk))


def _strategy_form(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    form = StrategyForm(
        posted(request),
        instance=strategy,
        units=units_for(request, Permission.EDIT_GOALS, strategy.authority_id),
        bodies=deciding_bodies(request, strategy.owner_unit if strategy.pk else None),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        save_strategy(form.save(commit=False), decided=form.decision(), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("goals:strategy_list")
    return render(request, "goals/strategy_form.html", {"form": form, "strategy": strategy}, status=answer(form))
