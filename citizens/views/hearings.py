"""Hearings as staff see them: made, opened, moderated, sorted and answered."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.actions import hearings as actions
from citizens.actions.hearings import NotPossible
from citizens.hearing_forms import HearingForm, HideForm, SortForm, ThemeAnswerForm, ThemeForm, WhoAsksForm
from citizens.hearing_rules import Lack
from citizens.hearing_words import lack_words, opening_words, refusal
from citizens.kinds import HearingState, ProposalState
from citizens.models import Hearing, HearingTheme, Proposal
from citizens.personal import MASK, name_marks
from goals.actions.versions import Stale
from goals.kinds import GoalState
from goals.models import Decision, Goal
from goals.views.shared import answer, chosen_id, posted, saved, show_stale, units_for
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

PAGE = 50
REMOVED = "[navn fjernet]"


@requires(Permission.SEE_AUTHORITY)
def hearing_list(request: HttpRequest) -> HttpResponse:
    """Hearings, the newest first, each with what waits."""
    hearings = Hearing.objects.filter(authority=request.authority).visible_to(request.user, request.today)
    context = {
        "page": Paginator(hearings.for_list(), PAGE).get_page(request.GET.get("side")),
        "may_create": request.user.may_somewhere(Permission.RUN_SURVEYS, request.today),
        "may_enter": request.user.may_somewhere(Permission.ENTER_ANSWERS, request.today),
        "mine": set(hearings.editable_by(request.user, request.today).values_list("pk", flat=True)),
    }
    return render(request, "citizens/hearing_list.html", context)


@requires(Permission.SEE_AUTHORITY)
def hearing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One hearing: how far it is, what it is about, what was said, and what was answered."""
    visible = Hearing.objects.visible_to(request.user, request.today).select_related("unit", "authority")
    hearing = get_object_or_404(visible, pk=pk)
    may_edit = Hearing.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
    themes = list(themes_of(hearing))
    ranks, goals = actions.ranks_of(hearing), list(goals_of(hearing))
    published = hearing.proposals.filter(state=ProposalState.PUBLISHED).select_related("goal", "theme")
    context = {
        "hearing": hearing,
        "may_edit": may_edit,
        "goals": [{"goal": goal, "place": ranks.means.get(goal.pk) if ranks else None} for goal in goals],
        "ranks": ranks,
        "has_ranking": hearing.state in (HearingState.CLOSED, HearingState.ANSWERED),
        "counts": counts_of(hearing),
        "page": Paginator(published, PAGE).get_page(request.GET.get("side")),
        "themes": themes,
        "lacks": _lacks(hearing, request) if may_edit else [],
        "is_taking": hearing.is_taking(request.today),
        "is_late": hearing.state == HearingState.CLOSED and hearing.answer_by < request.today,
        "history": HistoryEntry.objects.about(hearing)[:20],
    }
    return render(request, "citizens/hearing_detail.html", context)


def _lacks(hearing: Hearing, request: HttpRequest) -> list[str]:
    """In words, what the next step waits for."""
    if hearing.is_draft:
        return [opening_words(key) for key in actions.opening_lacks(hearing, request.today)]
    if hearing.state == HearingState.CLOSED:
        return [lack_words(lack) for lack in actions.answer_lacks(hearing)]
    return []


def counts_of(hearing: Hearing) -> dict[str, int]:
    """How many proposals are in each state."""
    rows = hearing.proposals.order_by().values_list("state").annotate(n=Count("pk"))
    return {state.value: 0 for state in ProposalState} | dict(rows)


def goals_of(hearing: Hearing) -> QuerySet[Goal]:
    """The goals it is about, in its order."""
    return Goal.objects.filter(hearing_goals__hearing=hearing).order_by("hearing_goals__position", "pk")


def themes_of(hearing: Hearing) -> QuerySet[HearingTheme]:
    """Its themes with what came of them and how many proposals lie under each."""
    themes = HearingTheme.objects.filter(hearing=hearing).select_related("decision__body", "goal")
    return themes.annotate(proposal_count=Count("proposals")).order_by("position", "pk")


# ---- making ----------------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def hearing_create(request: HttpRequest) -> HttpResponse:
    """Make a draft: first who asks, then about which of its draft goals."""
    units = units_for(request, Permission.RUN_SURVEYS)
    asked = chosen_id(request.GET.get("enhed"))
    few = list(units[:2])
    unit = get_object_or_404(units, pk=asked) if asked else few[0] if len(few) == 1 else None
    if unit is None:
        return render(request, "citizens/hearing_form.html", {"who": WhoAsksForm(units=units)})
    hearing = Hearing(unit=unit)
    form = HearingForm(posted(request), instance=hearing, goals=_draft_goals(request, unit), today=request.today)
    if request.method == "POST" and form.is_valid():
        made = actions.create_hearing(
            form.save(commit=False), form.cleaned_data["goals"], by=request.user, now=request.now
        )
        messages.success(request, _("Høringen er oprettet som kladde."))
        return redirect("citizens:hearing_detail", made.pk)
    return render(request, "citizens/hearing_form.html", {"form": form, "unit": unit}, status=answer(form))


def _draft_goals(request: HttpRequest, unit: Unit) -> QuerySet[Goal]:
    """Goals of the unit and below that are not adopted yet, as far as the person sees them."""
    drafts = Goal.objects.filter(state__in=[GoalState.DRAFT, GoalState.PROPOSED])
    return drafts.filter(owner_unit__in=Unit.objects.below(unit)).visible_to(request.user, request.today)


@requires(Permission.RUN_SURVEYS)
def hearing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a hearing; its goals only as long as it is a draft."""
    hearing = editable_hearing(request, pk)
    if hearing.is_answered:
        messages.error(request, refusal(NotPossible("answered")))
        return redirect("citizens:hearing_detail", pk)
    goals = (_draft_goals(request, hearing.unit) | goals_of(hearing)).distinct() if hearing.is_draft else None
    chosen = {"goals": list(goals_of(hearing))} if hearing.is_draft else {}
    title = hearing.title
    form = HearingForm(posted(request), instance=hearing, goals=goals, today=request.today, initial=chosen)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.change_hearing(
                form.save(commit=False),
                asked.get("goals"),
                version=asked["version"],
                by=request.user,
                now=request.now,
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as error:
            form.add_error(None, refusal(error))
        else:
            messages.success(request, saved())
            return redirect("citizens:hearing_detail", pk)
    context = {"form": form, "hearing": hearing, "title": title, "unit": hearing.unit}
    return render(request, "citizens/hearing_form.html", context, status=answer(form))


def editable_hearing(request: HttpRequest, pk: int) -> Hearing:
    """The hearing, when the person runs it."""
    visible = Hearing.objects.visible_to(request.user, request.today).select_related("unit", "authority")
    return fetch(visible, Hearing.objects.editable_by(request.user, request.today), pk=pk)


# ---- its way ---------------------------------------------------------------------------------------------------------

STEPS = {
    "open": (actions.open_hearing, gettext_lazy("Høringen er åben.")),
    "close": (actions.close_hearing, gettext_lazy("Høringen er lukket.")),
    "answer": (actions.answer_hearing, gettext_lazy("Svaret er offentliggjort.")),
}


@requires(Permission.RUN_SURVEYS)
def hearing_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Open, close or answer it."""
    hearing = editable_hearing(request, pk)
    step, receipt = STEPS.get(request.POST.get("step", ""), (None, ""))
    version = chosen_id(request.POST.get("version"))
    if step is None or version is None:
        return redirect("citizens:hearing_detail", pk)
    try:
        step(hearing, version=version, by=request.user, now=request.now)
    except NotPossible as error:
        messages.error(request, _step_refusal(error))
    except Stale:
        messages.error(request, _("Høringen blev ændret af en anden imens. Se den igennem, og prøv igen."))
    else:
        messages.success(request, receipt)
    return redirect("citizens:hearing_detail", pk)


def _step_refusal(error: NotPossible) -> str:
    words = [lack_words(one) if isinstance(one, Lack) else opening_words(one) for one in error.lacks]
    return " ".join([refusal(error), *words])


# ---- moderating ------------------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def proposal_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written, in the state the address asks for; first what waits, the oldest first."""
    return _proposals(request, editable_hearing(request, pk))


def _proposals(request: HttpRequest, hearing: Hearing, refused: dict[UUID, HideForm] | None = None) -> HttpResponse:
    asked = request.GET.get("tilstand", "")
    state = ProposalState(asked) if asked in list(ProposalState) else ProposalState.WAITING
    proposals = hearing.proposals.filter(state=state).select_related("goal", "theme").order_by("day", "pk")
    page = Paginator(proposals, PAGE).get_page(request.GET.get("side"))
    refused = refused or {}
    context = {
        "hearing": hearing,
        "state": state.value,
        "counts": counts_of(hearing),
        "page": page,
        "rows": [_row(one, refused.get(one.pk)) for one in page],
    }
    return render(request, "citizens/hearing_proposals.html", context, status=422 if refused else 200)


def _row(proposal: Proposal, refused: HideForm | None) -> dict[str, Any]:
    form = refused or HideForm(auto_id=f"skjul-{proposal.pk}-%s")
    return {
        "proposal": proposal,
        "names": name_marks(proposal.text.replace(REMOVED, "")),
        "has_cpr": MASK in proposal.text,
        "form": form,
    }


@requires(Permission.RUN_SURVEYS)
def proposal_decide(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Publish a proposal, with or without the names in it, or hide it with a reason."""
    hearing = editable_hearing(request, pk)
    found = get_object_or_404(hearing.proposals, pk=proposal)
    seen = request.POST.get("seen", "")
    if seen not in list(ProposalState):
        return redirect("citizens:proposal_list", pk)
    said = {"seen": ProposalState(seen), "by": request.user, "now": request.now}
    try:
        if "hide" in request.POST:
            form = HideForm(request.POST, auto_id=f"skjul-{found.pk}-%s")
            if not form.is_valid():
                return _proposals(request, hearing, {found.pk: form})
            actions.hide_proposal(found, reason=form.cleaned_data["reason"], **said)
            messages.success(request, _("Teksten er skjult."))
        elif "publish" in request.POST:
            actions.publish_proposal(found, **said)
            messages.success(request, _("Teksten er offentlig."))
        elif "redact" in request.POST:
            actions.publish_proposal(found, text=without_names(found.text), **said)
            messages.success(request, _("Navnene er fjernet, og teksten er offentlig."))
    except NotPossible as error:
        messages.error(request, refusal(error))
    return redirect(f"{reverse('citizens:proposal_list', args=[pk])}?tilstand={seen}")


def without_names(text: str) -> str:
    """The text with what looks like names of persons taken out."""
    marks = name_marks(text)
    if not marks:
        return text
    words = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.sub(rf"\b(?:{words})\b", REMOVED, text)


# ---- themes and answers ----------------------------------------------------------------------------------------------


@requires(Permission.RUN_SURVEYS)
def hearing_themes(request: HttpRequest, pk: int) -> HttpResponse:
    """Make themes, and put the public proposals under them, those without a theme first."""
    hearing = editable_hearing(request, pk)
    themes = list(themes_of(hearing))
    new = ThemeForm(request.POST if "add" in request.POST else None, taken={theme.name for theme in themes})
    page = Paginator(_public_ones(hearing), PAGE).get_page(request.GET.get("side"))
    is_sorting = "sort" in request.POST
    shown = _posted_ones(request, hearing) if is_sorting else page.object_list
    sort = SortForm(request.POST if is_sorting else None, proposals=shown, themes=themes)
    try:
        if new.is_bound and new.is_valid():
            actions.add_theme(hearing, name=new.cleaned_data["name"], by=request.user, now=request.now)
            messages.success(request, _("Temaet er oprettet."))
            return redirect(request.get_full_path())
        if sort.is_bound and sort.is_valid():
            moved = actions.sort_proposals(hearing, sort.moved(), by=request.user, now=request.now)
            messages.success(request, ngettext("%(n)s tekst flyttet.", "%(n)s tekster flyttet.", moved) % {"n": moved})
            return redirect(request.get_full_path())
    except NotPossible as error:
        messages.error(request, refusal(error))
        return redirect("citizens:hearing_detail", pk)
    context = {"hearing": hearing, "themes": themes, "new": new, "sort": sort, "page": page}
    status = 422 if new.errors or sort.errors else 200
    return render(request, "citizens/hearing_themes.html", context, status=status)


def _public_ones(hearing: Hearing) -> QuerySet[Proposal]:
    """Those without a theme first."""
    public = hearing.proposals.filter(state=ProposalState.PUBLISHED).select_related("goal")
    return public.order_by(F("theme__position").asc(nulls_first=True), "day", "pk")


def _posted_ones(request: HttpRequest, hearing: Hearing) -> list[Proposal]:
    """Those that stood on the page the person sent: another may have sorted meanwhile."""
    names = [name.removeprefix("tema-") for name in request.POST if name.startswith("tema-")]
    return list(_public_ones(hearing).filter(pk__in=[name for name in names[:PAGE] if is_uuid(name)]))


def is_uuid(text: str) -> bool:
    """Whether the text is formed as a proposal's key."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


@requires(Permission.RUN_SURVEYS)
def hearing_theme(request: HttpRequest, pk: int, theme: int) -> HttpResponse:
    """Write what was heard under a theme, and the body's answer; or remove an empty theme."""
    hearing = editable_hearing(request, pk)
    found = get_object_or_404(themes_of(hearing), pk=theme)
    if hearing.is_answered:
        messages.error(request, refusal(NotPossible("answered")))
        return redirect("citizens:hearing_detail", pk)
    if "remove" in request.POST:
        return _remove(request, found)
    name = found.name
    taken = set(hearing.themes.exclude(pk=theme).values_list("name", flat=True))
    form = ThemeAnswerForm(
        posted(request), instance=found, decisions=_decisions(request, hearing, found),
        goals=_goals_for_theme(request, hearing), taken=taken,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_theme(
                form.save(commit=False), version=form.cleaned_data["version"], by=request.user, now=request.now
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        except NotPossible as error:
            form.add_error(None, refusal(error))
        else:
            messages.success(request, saved())
            return redirect("citizens:hearing_themes", pk)
    proposals = found.proposals.filter(state=ProposalState.PUBLISHED).select_related("goal")
    context = {"hearing": hearing, "theme": found, "name": name, "form": form, "proposals": proposals[:PAGE]}
    return render(request, "citizens/hearing_theme.html", context, status=answer(form))


def _remove(request: HttpRequest, theme: HearingTheme) -> HttpResponse:
    try:
        actions.remove_theme(theme, by=request.user, now=request.now)
    except NotPossible as error:
        messages.error(request, refusal(error))
        return redirect("citizens:hearing_theme", theme.hearing_id, theme.pk)
    messages.success(request, _("Temaet er slettet."))
    return redirect("citizens:hearing_themes", theme.hearing_id)


def _decisions(request: HttpRequest, hearing: Hearing, theme: HearingTheme) -> QuerySet[Decision]:
    """Decisions since the hearing opened, and the one already chosen."""
    readable = Decision.objects.filter(authority=hearing.authority_id).readable_by(request.user, request.today)
    since = readable.filter(date__gte=hearing.opens_on) | Decision.objects.filter(pk=theme.decision_id or 0)
    return since.select_related("body").distinct()


def _goals_for_theme(request: HttpRequest, hearing: Hearing) -> QuerySet[Goal]:
    """Goals of the unit and those right below it that are not ended, and those the hearing is about."""
    near = Unit.objects.filter(Q(pk=hearing.unit_id) | Q(parent=hearing.unit_id))
    goals = Goal.objects.filter(owner_unit__in=near).exclude(state=GoalState.CLOSED)
    return (goals.visible_to(request.user, request.today) | goals_of(hearing)).distinct()
