"""Goals sent down to units to be put in their own words: sent, answered, accepted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from goals.actions import translations as actions
from goals.actions.goals import NotPossible, lacks_of
from goals.actions.versions import Stale
from goals.advice import advise
from goals.forms.goals import GoalSearchForm
from goals.forms.translations import AnswerForm, AskForm, ChooseForm, ReasonForm, StepForm
from goals.kinds import GoalState, TranslationState
from goals.models import Goal, Series, Translation
from goals.models.goal import SMART_FIELDS
from goals.models.translation import UNDER_WAY, WITH_UNIT
from goals.translating import Party, Step, open_steps
from goals.views.shared import (
    LACK_WORDS,
    PAGE,
    answer,
    answerable_translation,
    chosen_id,
    decidable_translation,
    editable_goal,
    posted,
    refusal_text,
    seen_translations,
    spoken_of,
)
from organisation.access import requires
from organisation.danish import join_words
from organisation.models import BodyLink, HistoryEntry, Unit
from organisation.permissions import Permission
from organisation.words.speaking import speak_of

WEEKS_TO_ANSWER = 4
MOST_CHOICES = 100  # of a unit's own goals or series
TABS = ("svar", "afgoer", "alle")
FIRST = ("afgoer", "svar")  # what somebody else waits for


# ---- sending down ----------------------------------------------------------------------------------------------------


@requires(Permission.EDIT_GOALS)
def goal_send_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the units that are to put the goal in their own words, and until when."""
    goal = editable_goal(request, pk)
    if not goal.is_open:
        messages.error(request, refusal_text(NotPossible("closed")))
        return redirect("followup:goal_detail", pk)
    units = _units_to_choose(goal, request)
    search = GoalSearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    offered = units.filter(name__icontains=words) if words else units
    page = Paginator(offered, PAGE).get_page(request.GET.get("side"))
    first = {"due_date": request.today + timedelta(weeks=WEEKS_TO_ANSWER)}
    form = AskForm(posted(request), initial=first, units=units, today=request.today)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.ask_translation(
                goal,
                list(asked["units"]),
                due_date=asked["due_date"],
                note=asked["note"],
                by=request.user,
                now=request.now,
            )
        except NotPossible as refusal:
            form.add_error("units", refusal_text(refusal))
        else:
            sent = ngettext("Målet er sendt til én enhed.", "Målet er sendt til %(n)d enheder.", len(made))
            messages.success(request, sent % {"n": len(made)})
            return redirect(f"{reverse('goals:translation_list')}?maal={pk}")
    context = {
        "goal": goal,
        "form": form,
        "search": search,
        "words": words,
        "page": page,
        "chosen": _chosen(request, goal, page.object_list),
        "already": seen_translations(request).filter(goal=goal, state__in=UNDER_WAY)[:PAGE],
    }
    return render(request, "goals/goal_send_down.html", context, status=answer(form))


def _units_to_choose(goal: Goal, request: HttpRequest) -> QuerySet[Unit]:
    """The units that do not have the goal yet: the nearest without a goal that serves it first."""
    today = request.today
    followed = BodyLink.objects.valid(today).filter(unit=OuterRef("pk"), body=goal.owner_unit_id)
    near = Q(parent=goal.owner_unit_id) | Q(Exists(followed))
    found = actions.units_to_ask(goal, today).exclude(pk__in=actions.units_with(goal))
    return (
        found.select_related("parent")
        .annotate(serves=_serving(goal), is_near=Case(When(near, then=Value(True)), default=Value(False)))
        .order_by("serves", "-is_near", "position", "name", "pk")
    )


def _chosen(request: HttpRequest, goal: Goal, shown) -> set[int]:
    """Which boxes are ticked: what was posted, else the nearest units where neither they nor any below serve it."""
    if request.method == "POST":
        return {pk for text in request.POST.getlist("units") if (pk := chosen_id(text))}
    if request.GET.get("q") or request.GET.get("side"):
        return set()
    near = {unit.pk for unit in shown if unit.is_near and not unit.serves}
    serving = Unit.objects.filter(_serving(goal), pk__in=actions.units_to_ask(goal, request.today))
    return near - set(Unit.objects.above(*serving).values_list("pk", flat=True))


def _serving(goal: Goal) -> Exists:
    """Of a unit: whether it has an open goal that serves this one."""
    open_goals = Goal.objects.filter(owner_unit=OuterRef("pk")).exclude(state=GoalState.CLOSED)
    return Exists(open_goals.filter(Q(parent=goal) | Q(contributions__to_goal=goal)))


# ---- lists -----------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_DRAFTS)
def translation_list(request: HttpRequest) -> HttpResponse:
    """Goals sent down: those the person is to answer, those to decide, and all; `?maal=` of one goal."""
    user, today = request.user, request.today
    here = Translation.objects.filter(goal__authority=request.authority)
    goal = None
    if (goal_id := chosen_id(request.GET.get("maal"))) is not None:
        goal = get_object_or_404(Goal.objects.visible_to(user, today).select_related("owner_unit"), pk=goal_id)
        speak_of(goal.owner_unit)
        here = here.filter(goal=goal)
    lists = {
        "svar": here.with_unit(today).answerable_by(user, today),
        "afgoer": here.to_decide(today).decidable_by(user, today),
        "alle": here.visible_to(user, today),
    }
    counts = {name: found.count() for name, found in lists.items()}
    chosen = request.GET.get("vis")
    if chosen not in TABS:
        chosen = "alle" if goal is not None else next((name for name in FIRST if counts[name]), "alle")
    rows = lists[chosen].select_related("goal__owner_unit", "unit", "answer")
    order = ("due_date", "pk") if chosen != "alle" else ("-asked_at", "-pk")
    context = {
        "page": Paginator(rows.order_by(*order), PAGE).get_page(request.GET.get("side")),
        "chosen": chosen,
        "counts": counts,
        "goal": goal,
        "may_send": goal is not None
        and goal.is_open
        and Goal.objects.editable_by(user, today).filter(pk=goal.pk).exists(),
    }
    return render(request, "goals/translation_list.html", context)


@requires(Permission.SEE_AUTHORITY)
def goal_translations(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one goal sent down, and which it answers: a piece of its page, or a page of its own."""
    user, today = request.user, request.today
    goal = get_object_or_404(Goal.objects.visible_to(user, today).select_related("owner_unit"), pk=pk)
    speak_of(goal.owner_unit)
    shown = Translation.objects.visible_to(user, today).select_related("unit", "answer", "goal__owner_unit")
    sent = shown.filter(goal=goal)
    counts = dict(sent.order_by().values_list("state").annotate(n=Count("pk")))
    may_send = goal.is_open and Goal.objects.editable_by(user, today).filter(pk=pk).exists()
    context = {
        "goal": goal,
        "sent": sent.order_by("due_date", "unit__name", "pk")[:PAGE],
        "total": sum(counts.values()) - counts.get(TranslationState.DROPPED, 0),
        "counts": counts,
        "missing": sum(counts.get(state, 0) for state in WITH_UNIT),
        "answers": shown.filter(answer=goal).exclude(state=TranslationState.DROPPED)[:PAGE],
        "may_send": may_send and actions.units_to_ask(goal, today).exclude(pk__in=actions.units_with(goal)).exists(),
    }
    return render(request, f"goals/{'_translations' if request.htmx else 'goal_translations'}.html", context)


# ---- one -------------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_DRAFTS)
def translation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The goal above, the unit's own words below, and what the person may do about it."""
    return _page(request, spoken_of(get_object_or_404(seen_translations(request), pk=pk)))


def _page(
    request: HttpRequest, translation: Translation, bound: dict[Step, forms.Form] | None = None, refused: str = ""
) -> HttpResponse:
    """The page; `bound` holds a form with something to say, `refused` why nothing was done."""
    user, today = request.user, request.today
    answered = translation.answer
    if answered is not None and not Goal.objects.visible_to(user, today).filter(pk=answered.pk).exists():
        answered = None
    steps = open_steps(actions.sent_of(translation), parties=_parties(request, translation))
    made = _forms(translation, steps, today) | {step: form for step, form in (bound or {}).items() if step in steps}
    links = answered.goal_series.select_related("series__indicator") if answered is not None else []
    context = {
        "translation": translation,
        "goal": translation.goal,
        "above": _smart_rows(translation.goal),
        "answered": answered,
        "below": _smart_rows(answered) if answered is not None else [],
        "indicators": list(links),
        "may": {step.value: step in steps for step in Step},
        "forms": {step.value: form for step, form in made.items()},
        "own_goals": list(_own_goals(translation)) if Step.PREPARE in steps else [],
        "chosen": chosen_id(str(made[Step.PREPARE]["goal"].value() or "")) if Step.PREPARE in made else None,
        "refused": refused,
        "is_late": translation.state in WITH_UNIT and translation.due_date < today,
        "history": HistoryEntry.objects.about(translation)[:PAGE],
        **_to_mend(answered),
    }
    said = bool(refused) or any(form.errors for form in made.values())
    return render(request, "goals/translation_detail.html", context, status=422 if said else 200)


def _parties(request: HttpRequest, translation: Translation) -> frozenset[Party]:
    """The sides on which the person stands."""
    if not request.user.may_somewhere(Permission.EDIT_GOALS, request.today):
        return frozenset()
    units = Unit.objects.allowing(Permission.EDIT_GOALS, request.user, request.today)
    both = translation.unit_id, translation.goal.owner_unit_id
    mine = set(units.filter(pk__in=both).values_list("pk", flat=True))
    return frozenset(party for party, unit in zip((Party.UNIT, Party.ABOVE), both, strict=True) if unit in mine)


def _forms(translation: Translation, steps: frozenset[Step], today: date) -> dict[Step, forms.Form]:
    first = {"version": translation.version}
    made: dict[Step, forms.Form] = {step: StepForm(initial=first) for step in (Step.ACCEPT, Step.WITHDRAW)}
    made[Step.SEND_BACK] = ReasonForm(initial=first, label=_("Hvad skal ændres?"), prefix="tilbage")
    made[Step.DECLINE] = ReasonForm(initial=first, label=_("Hvorfor siger I nej?"), prefix="afvis")
    if Step.PREPARE in steps:
        made[Step.PREPARE] = ChooseForm(
            initial=first | {"goal": translation.answer_id}, goals=_own_goals(translation), prefix="vaelg"
        )
    if Step.ANSWER in steps:
        made[Step.ANSWER] = AnswerForm(initial=first, series=_own_series(translation, today), prefix="svar")
    return {step: form for step, form in made.items() if step in steps}


def _own_goals(translation: Translation) -> QuerySet[Goal]:
    """The unit's open goals that may serve the one sent down; not those that it serves itself."""
    goals = Goal.objects.filter(owner_unit=translation.unit_id).exclude(state=GoalState.CLOSED)
    above = Goal.objects.above(translation.goal_id).values("pk")
    return goals.exclude(pk__in=above).order_by("rank", "pk")[:MOST_CHOICES]


def _own_series(translation: Translation, today: date) -> QuerySet[Series] | None:
    """The unit's series, when its goal is measured by none yet."""
    if translation.answer is not None and translation.answer.goal_series.exists():
        return None
    series = Series.objects.filter(unit=translation.unit_id).active(today).select_related("indicator")
    return series.order_by("indicator__name", "pk")


def _smart_rows(goal: Goal) -> list[tuple[str, str]]:
    """The answers that are there, each after its name."""
    return [
        (str(Goal._meta.get_field(name).verbose_name), said) for name in SMART_FIELDS if (said := getattr(goal, name))
    ]


def _to_mend(goal: Goal | None) -> dict[str, Any]:
    """What the unit's goal lacks before it can be adopted, and how many pieces of advice there are on its words."""
    if goal is None or goal.state not in (GoalState.DRAFT, GoalState.PROPOSED):
        return {"lacks": "", "advice_count": 0}
    words = join_words([str(LACK_WORDS[lack]) for lack in lacks_of(goal)])
    rules = {one.rule for one in advise(goal.title, {name: getattr(goal, name) for name in SMART_FIELDS})}
    return {"lacks": words, "advice_count": len(rules)}


def _take(
    request: HttpRequest, translation: Translation, step: Step, form: forms.Form, act: Callable[..., Any], said: str
) -> HttpResponse:
    """Take a step with what the form holds; on refusal the page again, with what was typed."""
    if not form.is_valid():
        return _page(request, translation, {step: form})
    asked = dict(form.cleaned_data)
    try:
        act(translation, **asked, by=request.user, now=request.now)
    except Stale:
        refused = _not_done(translation)
    except NotPossible as refusal:
        refused = refusal_text(refusal)
    else:
        messages.success(request, said)
        return redirect("goals:translation_detail", translation.pk)
    fresh = seen_translations(request).get(pk=translation.pk)
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(fresh.version)
    return _page(request, fresh, {step: form}, refused)


def _not_done(translation: Translation) -> str:
    """Who did what meanwhile."""
    entry = HistoryEntry.objects.about(translation).first()
    if entry is not None and entry.by is not None:
        return _("%(who)s nåede det først. Intet er ændret. Se, hvordan det står nu.") % {"who": entry.by}
    return _("En anden nåede det først. Intet er ændret. Se, hvordan det står nu.")


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one of the unit's goals be the answer; it is not sent yet."""
    translation = answerable_translation(request, pk)
    form = ChooseForm(request.POST, goals=_choices(translation), prefix="vaelg")
    return _take(request, translation, Step.PREPARE, form, actions.choose_answer, _("Målet er valgt. Send det nu."))


def _choices(translation: Translation) -> QuerySet[Goal]:
    """The same goals, to look one up among."""
    return Goal.objects.filter(pk__in=[goal.pk for goal in _own_goals(translation)])


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the unit's own goal to the level above."""
    translation = answerable_translation(request, pk)
    form = AnswerForm(request.POST, series=_own_series(translation, request.today), prefix="svar")
    said = _("Jeres mål er sendt til %s.") % translation.goal.owner_unit.name
    return _take(request, translation, Step.ANSWER, form, actions.answer_translation, said)


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no for the unit, with a reason."""
    translation = answerable_translation(request, pk)
    form = ReasonForm(request.POST, label=_("Hvorfor siger I nej?"), prefix="afvis")
    return _take(request, translation, Step.DECLINE, form, actions.decline_translation, _("Jeres nej er sendt."))


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the unit's own goal."""
    translation, form = decidable_translation(request, pk), StepForm(request.POST)
    said = _("Oversættelsen er godkendt.")
    return _take(request, translation, Step.ACCEPT, form, actions.accept_translation, said)


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back to the unit, with a reason."""
    translation = decidable_translation(request, pk)
    form = ReasonForm(request.POST, label=_("Hvad skal ændres?"), prefix="tilbage")
    return _take(request, translation, Step.SEND_BACK, form, actions.return_translation, _("Sendt tilbage."))


@requires(Permission.EDIT_GOALS)
@require_POST
def translation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the goal back from the unit."""
    translation, form = decidable_translation(request, pk), StepForm(request.POST)
    said = _("Målet er trukket tilbage fra %s.") % translation.unit.name
    return _take(request, translation, Step.WITHDRAW, form, actions.withdraw_translation, said)
