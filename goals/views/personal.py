"""Leaders' personal goals. Everybody but the leader and the leader's manager is answered that there is no such page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from goals.actions import personal as actions
from goals.actions.goals import NotPossible
from goals.actions.versions import Stale
from goals.forms.personal import FollowUpForm, PersonalGoalForm
from goals.kinds import PersonalState
from goals.models import Goal, PersonalGoal
from goals.models.shared import TAKING_PART
from goals.personal import KEPT_YEARS, years_later
from goals.views.shared import PAGE, answer, chosen_id, posted, saved
from organisation.access import requires
from organisation.leaders import LEADING
from organisation.models import Membership, Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
@never_cache
def personal_list(request: HttpRequest) -> HttpResponse:
    """The person's own, then those of the leaders whose manager the person is."""
    visible = PersonalGoal.objects.visible_to(request.user, request.today).filter(unit__authority=request.authority)
    shown = visible.select_related("leader", "unit", "goal").annotate(
        is_other=Case(When(leader=request.user, then=Value(0)), default=Value(1)),
        is_over=Case(When(state=PersonalState.OPEN, then=Value(0)), default=Value(1)),
    )
    by_leader = ("is_other", "leader__first_name", "leader__last_name", "leader")
    in_order = shown.order_by(*by_leader, "is_over", "due_date", "pk")
    context = {
        "page": Paginator(in_order, PAGE).get_page(request.GET.get("side")),
        "may_create": led_by(request).exists(),
    }
    return render(request, "goals/personal_list.html", context)


def led_by(request: HttpRequest):
    """The units of the authority that the person leads today."""
    held = Membership.objects.current(request.today).filter(user=request.user, role__in=LEADING)
    return Unit.objects.filter(authority=request.authority, pk__in=held.values("unit")).valid(request.today)


def goals_for(request: HttpRequest):
    """Goals in force to hang it on: those the leader takes part in or answers for, and those of the unit."""
    taking_part = Q(owners__responsible=request.user, owners__state__in=TAKING_PART)
    mine = taking_part | Q(responsible=request.user) | Q(owner_unit__in=led_by(request))
    found = Goal.objects.adopted().filter(mine).values("pk")
    return Goal.objects.filter(pk__in=found).select_related("owner_unit").order_by("-is_cross_cutting", "rank", "pk")


@requires(Permission.SEE_AUTHORITY)
@never_cache
def personal_create(request: HttpRequest) -> HttpResponse:
    """A leader's new goal; `?maal=` says which of the authority's it hangs on."""
    units = led_by(request)
    if not units:
        messages.error(request, _("Kun den, der leder en enhed, skriver personlige mål."))
        return redirect("goals:personal_list")
    initial = {"unit": units[0].pk, "goal": chosen_id(request.GET.get("maal"))}
    asked = {"units": units, "goals": goals_for(request), "today": request.today}
    form = PersonalGoalForm(posted(request), initial=initial, **asked)
    if request.method == "POST" and form.is_valid():
        personal = actions.write_personal_goal(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("goals:personal_detail", personal.pk)
    return render(request, "goals/personal_form.html", {"form": form, "personal": None}, status=answer(form))


def _visible(request: HttpRequest, pk: int) -> PersonalGoal:
    visible = PersonalGoal.objects.visible_to(request.user, request.today)
    return get_object_or_404(visible.select_related("leader", "unit", "goal__owner_unit"), pk=pk)


def _own(request: HttpRequest, pk: int) -> PersonalGoal:
    """The goal, when it is the person's own: the manager sees it and may not change its words."""
    personal = _visible(request, pk)
    if personal.leader_id != request.user.pk:
        raise PermissionDenied
    return personal


@requires(Permission.SEE_AUTHORITY)
@never_cache
def personal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal and how it has gone. The leader and the manager both write there."""
    personal = _visible(request, pk)
    is_own = personal.leader_id == request.user.pk
    form = FollowUpForm(posted(request), personal=personal, is_own=is_own)
    if request.method == "POST" and form.is_valid():
        try:
            note, version = form.cleaned_data["note"], form.cleaned_data["version"]
            asked = {"version": version, "state": form.chosen_state, "by": request.user, "now": request.now}
            actions.follow_up(personal, note, **asked)
        except Stale as stale:
            form.show_stale(stale.stored, personal.entries.select_related("by").first())
        else:
            messages.success(request, saved())
            return redirect("goals:personal_detail", pk)
    goal = personal.goal
    if goal is not None:
        speak_of(goal.owner_unit)
    context = {
        "personal": personal,
        "is_own": is_own,
        "form": form,
        "entries": personal.entries.select_related("by")[:PAGE],
        "managers": personal.managers(request.today),
        "is_late": personal.is_open and personal.due_date < request.today,
        "forgotten_on": years_later(personal.ended_on, KEPT_YEARS) if personal.ended_on else None,
        "goal_is_visible": goal is not None
        and Goal.objects.visible_to(request.user, request.today).filter(pk=goal.pk).exists(),
    }
    return render(request, "goals/personal_detail.html", context, status=answer(form))


@requires(Permission.SEE_AUTHORITY)
@never_cache
def personal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the leader wants. An ended goal is opened again first."""
    personal = _own(request, pk)
    title = personal.title
    units = led_by(request) | Unit.objects.filter(pk=personal.unit_id)
    goals = goals_for(request) | Goal.objects.filter(pk=personal.goal_id).select_related("owner_unit")
    form = PersonalGoalForm(posted(request), instance=personal, units=units, goals=goals, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_personal_goal(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            form.show_stale(stale.stored, personal.entries.select_related("by").first())
        except NotPossible:
            form.add_error(None, _("Målet er afsluttet. Skriv en opfølgning om, at det er i gang igen, og ret det så."))
        else:
            messages.success(request, saved())
            return redirect("goals:personal_detail", pk)
    context = {"form": form, "personal": personal, "title": title}
    return render(request, "goals/personal_form.html", context, status=answer(form))


@requires(Permission.SEE_AUTHORITY)
@never_cache
def personal_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then delete the goal with all that is written about it."""
    personal = _own(request, pk)
    if request.method == "POST":
        try:
            actions.delete_personal_goal(personal, version=chosen_id(request.POST.get("version")) or 0)
        except Stale:
            messages.error(request, _("Målet blev ændret imens. Intet er slettet."))
            return redirect("goals:personal_detail", pk)
        messages.success(request, _("Det personlige mål er slettet."))
        return redirect("goals:personal_list")
    return render(request, "goals/personal_delete.html", {"personal": personal})
