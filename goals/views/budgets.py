"""Few goals: the ceilings, each unit's meter, and what the goal consultant looks for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from goals.actions.budgets import set_ceiling
from goals.actions.versions import Stale
from goals.budget_data import UnitMeter, meter_in, meters, overlap_rows
from goals.forms.budgets import CeilingForm
from goals.models import BudgetException, Goal
from goals.views.shared import PAGE, answer, posted
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit, UnitKind
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def unit_ceiling(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's goals against its ceiling; fetched by htmx, only the meter that stands on the unit's page."""
    units = {one.unit.pk: one for one in meters(request.authority, request.today)}
    unit = get_object_or_404(Unit, pk=pk, authority=request.authority, pk__in=units)
    speak_of(unit)
    context = {"unit": unit, "one": units[pk], "meter": units[pk].meter}
    if request.htmx:
        return render(request, "goals/_meter.html", context)
    goals = Goal.objects.adopted().filter(owner_unit=unit).order_by("rank", "pk")
    may = unit.rights_of(request.user, request.today)
    context |= {
        "page": Paginator(goals, PAGE).get_page(request.GET.get("side")),
        "exceptions": _exceptions(unit),
        "may_adopt": Permission.ADOPT_GOALS in may,
        "may_set": Permission.SET_CEILINGS in may,
    }
    return render(request, "goals/unit_ceiling.html", context)


def _exceptions(unit: Unit):
    """Goals of the unit adopted above the ceiling, the latest first."""
    found = BudgetException.objects.filter(goal__owner_unit=unit).select_related("goal", "decision__body")
    return found.order_by("-at", "-pk")[:PAGE]


@requires(Permission.EDIT_GOALS)
def few_goals(request: HttpRequest) -> HttpResponse:
    """Where there are too many goals, fewer below than above, and which look alike."""
    rows = meters(request.authority, request.today)
    alike = Paginator(overlap_rows(request.authority), PAGE).get_page(request.GET.get("side"))
    context = {
        "with_ceiling": [one for one in rows if one.meter.most is not None],
        "fewer": _most_first([one for one in rows if one.above is not None])[:PAGE],
        "page": alike,
        "may_set": request.user.may_somewhere(Permission.SET_CEILINGS, request.today),
    }
    return render(request, "goals/few_goals.html", context)


def _most_first(rows: list[UnitMeter]) -> list[UnitMeter]:
    """Those with the greatest difference first."""
    return sorted(rows, key=lambda one: one.meter.used - one.goals_above)


@requires(Permission.SET_CEILINGS)
def ceiling_list(request: HttpRequest) -> HttpResponse:
    """Every unit with its ceiling and its goals in force."""
    page = Paginator(meters(request.authority, request.today), PAGE).get_page(request.GET.get("side"))
    mine = Unit.objects.allowing(Permission.SET_CEILINGS, request.user, request.today)
    settable = set(mine.filter(pk__in=[one.unit.pk for one in page]).values_list("pk", flat=True))
    return render(request, "goals/ceiling_list.html", {"page": page, "settable": settable})


@requires(Permission.SET_CEILINGS)
def ceiling_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Set how many goals a unit may have."""
    units = Unit.objects.filter(authority=request.authority).valid(request.today)
    allowed = units.allowing(Permission.SET_CEILINGS, request.user, request.today)
    unit = fetch(units.select_related("goal_budget"), allowed, pk=pk)
    speak_of(unit)
    unit.goal_count = Goal.objects.adopted().filter(owner_unit=unit).count()
    budget, meter = getattr(unit, "goal_budget", None), meter_in(unit)
    initial = {"most": meter.most, "version": budget.version if budget else 0}
    form = CeilingForm(posted(request), initial=initial, is_council=unit.kind == UnitKind.COUNCIL)
    if request.method == "POST" and form.is_valid() and _set(request, unit, form):
        return redirect("goals:ceiling_list")
    history = HistoryEntry.objects.about(budget)[:PAGE] if budget else []
    context = {"form": form, "unit": unit, "meter": meter, "history": history}
    return render(request, "goals/ceiling_edit.html", context, status=answer(form))


def _set(request: HttpRequest, unit: Unit, form: CeilingForm) -> bool:
    """Whether the ceiling was set; False when somebody else set it meanwhile."""
    asked = form.cleaned_data
    try:
        set_ceiling(unit, asked["most"], version=asked["version"], by=request.user, now=request.now)
    except Stale as stale:
        form.data = form.data.copy()
        form.data["version"] = str(stale.stored.version)
        theirs = "–" if stale.stored.most is None else stale.stored.most
        form.add_error(
            "most", _("En anden har sat loftet til %s, mens du skrev. Gem igen, hvis dit skal gælde.") % theirs
        )
        return False
    messages.success(request, _("Målloftet for %s er gemt.") % unit.name)
    return True
