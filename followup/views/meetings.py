"""A body's meetings: the page it reads before and at the meeting, the agenda, and the conclusion."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from followup.actions import agenda as actions
from followup.actions.agenda import AlreadyDecided
from followup.meetings import continuity_of, meeting_content
from followup.models import AgendaItem, Round
from followup.page_queries import waiting_in
from followup.politics_forms import AgendaItemForm, ConclusionForm, goals_of
from goals.actions.versions import Stale
from goals.models.goal import authorities_of
from goals.views.shared import PAGE, answer, posted, saved, show_stale
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission, Role
from organisation.words.speaking import speak_of

HISTORY = 10


@requires(Permission.SEE_AUTHORITY)
@never_cache
def meeting_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A body's meetings, coming and held, what waits, and how many of last year's goals still stand.

    The body's own page fetches what waits.
    """
    bodies = Unit.objects.bodies().filter(authority__in=authorities_of(request.user, request.today))
    body = get_object_or_404(bodies, pk=pk)
    speak_of(body)
    questions, pending = waiting_in(body.pk, request.user.as_viewer(request.today), request.today)
    waiting = {"body": body, "questions": questions, "pending": pending}
    if request.htmx:
        return render(request, "followup/_waiting.html", waiting)
    rounds = body.rounds.annotate(item_count=Count("agenda_items")).order_by("-meeting_date", "-pk")
    context = {
        **waiting,
        "page": Paginator(rounds, PAGE).get_page(request.GET.get("side")),
        "continuity": continuity_of(body, request.today),
    }
    return render(request, "followup/meeting_list.html", context)


@requires(Permission.SEE_AUTHORITY)
@never_cache
def meeting_detail(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """How the body's goals go, what is to be decided, and what became of what was decided and asked last time."""
    rounds = _rounds(request, pk)
    at = next((place for place, one in enumerate(rounds) if one.pk == round_id), None)
    if at is None:
        raise Http404
    round_ = rounds[at]
    speak_of(round_.body)
    if not round_.is_readable:
        return refused(request, round_)
    previous = rounds[at - 1] if at else None
    context = {
        "round": round_,
        "body": round_.body,
        "previous": previous,
        "next": rounds[at + 1] if at + 1 < len(rounds) else None,
        "is_over": round_.meeting_date < request.today,
        **meeting_content(round_, previous, user=request.user, today=request.today),
    }
    return render(request, "followup/meeting_detail.html", context)


def _rounds(request: HttpRequest, body_id: int) -> list[Round]:
    """The body's rounds by meeting, each with what the person may do with it: one query."""
    readable = Round.objects.readable_by(request.user, request.today).values("pk")
    rounds = Round.objects.visible_to(request.user, request.today).filter(body=body_id)
    rounds = rounds.select_related("body__authority__followup_settings", "plan", "concluded_by").annotate(
        is_readable=Case(When(pk__in=readable, then=True), default=False),
        may_record=_may(request, Permission.RECORD_DECISIONS),
        may_ask=_may(request, Permission.ASK_QUESTIONS),
    )
    return list(rounds.order_by("meeting_date", "period_end", "pk"))


def _may(request: HttpRequest, permission: Permission) -> Case | Value:
    if not request.user.may_somewhere(permission, request.today):
        return Value(False)
    units = Unit.objects.allowing(permission, request.user, request.today)
    return Case(When(body__in=units.values("pk"), then=True), default=False)


def refused(request: HttpRequest, round_: Round) -> HttpResponse:
    """403: whose material it is, when everybody may read it, and for members of other bodies the way to ask."""
    may_ask = Role.POLITICIAN in request.user.roles(request.today)
    return render(request, "followup/meeting_refused.html", {"round": round_, "may_ask": may_ask}, status=403)


# ---- the agenda ------------------------------------------------------------------------------------------------------


@requires(Permission.SEE_AUTHORITY)
@never_cache
def agenda_item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what it is about, and what the administration recommends."""
    rounds = Round.objects.visible_to(request.user, request.today)
    items = AgendaItem.objects.filter(round__in=rounds).with_readable(request.user, request.today)
    related = "round__body", "goal", "decision", "recommended_in__body"
    item = get_object_or_404(items.select_related(*related), pk=pk)
    if not Round.objects.readable_by(request.user, request.today).filter(pk=item.round_id).exists():
        return refused(request, item.round)
    may_record = AgendaItem.objects.recordable_by(request.user, request.today).filter(pk=pk).exists()
    context = {
        "item": item,
        "round": item.round,
        "may_record": may_record,
        "history": HistoryEntry.objects.about(item)[:HISTORY] if may_record else [],
    }
    return render(request, "followup/agenda_item_detail.html", context)


@requires(Permission.RECORD_DECISIONS)
def agenda_item_create(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Put an item on the agenda."""
    round_ = _recordable(request, pk, round_id)
    item = AgendaItem(round=round_, body=round_.body, position=round_.next_position())
    form = AgendaItemForm(posted(request), instance=item, goals=goals_of(round_.body))
    if request.method == "POST" and form.is_valid():
        actions.add_item(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, _("Punktet er på dagsordenen."))
        return redirect("followup:meeting_detail", pk, round_id)
    return _item_form(request, form, item, round_)


@requires(Permission.RECORD_DECISIONS)
@never_cache
def agenda_item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an item that has not been decided on."""
    item = recordable_item(request, pk)
    if item.decision_id is not None:
        return _already_decided(request, pk)
    form = AgendaItemForm(posted(request), instance=item, goals=goals_of(item.body))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.change_item(form.save(commit=False), version=version, by=request.user, now=request.now)
        except Stale as stale:
            show_stale(form, stale.stored)
        except AlreadyDecided:
            return _already_decided(request, pk)
        else:
            messages.success(request, saved())
            return redirect("followup:agenda_item_detail", pk)
    return _item_form(request, form, item, item.round)


def _item_form(request: HttpRequest, form: AgendaItemForm, item: AgendaItem, round_: Round) -> HttpResponse:
    context = {"form": form, "is_new": item.pk is None, "item_id": item.pk, "round": round_, "body": round_.body}
    return render(request, "followup/agenda_item_form.html", context, status=answer(form))


@requires(Permission.RECORD_DECISIONS)
@require_POST
def agenda_item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item off the agenda."""
    item = recordable_item(request, pk)
    try:
        actions.remove_item(item, by=request.user, now=request.now)
    except AlreadyDecided:
        return _already_decided(request, pk)
    messages.success(request, _("Punktet er taget af dagsordenen."))
    return redirect("followup:meeting_detail", item.body_id, item.round_id)


def recordable_item(request: HttpRequest, pk: int) -> AgendaItem:
    """The item, when the person writes the body's agenda and may read this very item."""
    rounds = Round.objects.visible_to(request.user, request.today)
    items = AgendaItem.objects.filter(round__in=rounds).select_related("round__body", "body", "goal")
    allowed = AgendaItem.objects.recordable_by(request.user, request.today)
    return fetch(items, allowed.readable_by(request.user, request.today), pk=pk)


def _already_decided(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("Punktet er allerede besluttet og kan ikke ændres. Ret i stedet beslutningen."))
    return redirect("followup:agenda_item_detail", pk)


def _recordable(request: HttpRequest, pk: int, round_id: int) -> Round:
    rounds = Round.objects.visible_to(request.user, request.today).filter(body=pk).select_related("body", "authority")
    bodies = Unit.objects.allowing(Permission.RECORD_DECISIONS, request.user, request.today)
    return fetch(rounds, rounds.filter(body__in=bodies), pk=round_id)


# ---- the conclusion --------------------------------------------------------------------------------------------------


@requires(Permission.RECORD_DECISIONS)
@never_cache
def meeting_conclude(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Write what the administration concludes before the meeting."""
    round_ = _recordable(request, pk, round_id)
    form = ConclusionForm(posted(request), instance=round_)
    if request.method == "POST" and form.is_valid():
        text, seen = form.cleaned_data["conclusion"], _moment(form.cleaned_data["seen"])
        try:
            actions.conclude(round_, text, seen=seen, by=request.user, now=request.now)
        except Stale as stale:
            _show_other_conclusion(form, stale.stored)
        else:
            messages.success(request, _("Konklusionen er gemt."))
            return redirect("followup:meeting_detail", pk, round_id)
    context: dict[str, Any] = {"form": form, "round": round_, "body": round_.body}
    return render(request, "followup/meeting_conclude.html", context, status=answer(form))


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text) if text else None
    except ValueError:
        return None


def _show_other_conclusion(form: ConclusionForm, stored: Any) -> None:
    """Say what somebody else wrote meanwhile; saving again lets one's own words stand."""
    form.data = form.data.copy()
    form.data["seen"] = stored.concluded_at.isoformat()
    said = {"who": stored.concluded_by, "text": stored.conclusion}
    form.add_error(
        "conclusion",
        _("%(who)s skrev imens: ”%(text)s”. Intet er overskrevet. Gem igen, hvis det, du skrev, skal gælde.") % said,
    )
