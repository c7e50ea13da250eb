"""Workshops: made, closed and used by staff; commented and voted in by whoever has the link."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature, Signer
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from citizens.actions.workshops import (
    Closed,
    choose_focus_area,
    close_workshop,
    comment,
    draft_goal_of,
    make_workshop,
    new_link,
    remove_note,
    vote,
)
from citizens.limits import TICKET, refusal
from citizens.public import citizens_write
from citizens.tokens import hash_of, looks_like_token
from citizens.workshop_forms import ROLES, NoteForm, VoteForm, WorkshopForm
from followup.mails import site_url
from goals.models import Goal, Workshop, WorkshopNote, WorkshopVote
from goals.views.shared import answer, chosen_id, posted, units_for
from organisation.access import fetch, requires
from organisation.permissions import Permission

PAGE = 50
# A cookie for each workshop, sent to workshops only; it holds a number.
SPENT, PUBLIC_PATH = "vaerksted_%d", "/vaerksted/"


@requires(Permission.SEE_AUTHORITY)
def workshop_list(request: HttpRequest) -> HttpResponse:
    """The authority's workshops, the newest first."""
    workshops = Workshop.objects.visible_to(request.user, request.today).filter(unit__authority=request.authority)
    shown = workshops.select_related("unit").annotate(area_count=Count("focus_areas")).order_by("-closes_on", "-pk")
    context = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("side")),
        "may_create": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
    }
    return render(request, "citizens/workshop_list.html", context)


@requires(Permission.EDIT_GOALS)
@never_cache
def workshop_create(request: HttpRequest) -> HttpResponse:
    """Make a workshop; `?maal=` says about which goal, `?enhed=` for whom.

    The link is shown once, on the page that answers.
    """
    goal = _goal(request)
    units = units_for(request, Permission.EDIT_GOALS)
    initial = {"unit": goal.owner_unit_id if goal is not None else chosen_id(request.GET.get("enhed"))}
    form = WorkshopForm(posted(request), units=units, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        workshop = form.save(commit=False)
        workshop.goal = goal
        token = make_workshop(workshop, form.cleaned_data["areas"], by=request.user, now=request.now)
        return _detail(request, workshop, token)
    return render(request, "citizens/workshop_form.html", {"form": form, "goal": goal}, status=answer(form))


def _goal(request: HttpRequest) -> Goal | None:
    pk = chosen_id(request.GET.get("maal"))
    if pk is None:
        return None
    goals = Goal.objects.visible_to(request.user, request.today).filter(authority=request.authority)
    return get_object_or_404(goals, pk=pk)


@requires(Permission.SEE_AUTHORITY)
def workshop_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was voted for and commented, and what is chosen."""
    visible = Workshop.objects.visible_to(request.user, request.today).select_related("unit__authority", "goal")
    return _detail(request, get_object_or_404(visible, pk=pk))


def _detail(request: HttpRequest, workshop: Workshop, token: str = "") -> HttpResponse:
    votes: dict[int, list[tuple[str, int]]] = {}
    rows = WorkshopVote.objects.filter(focus_area__workshop=workshop, count__gt=0).order_by("role")
    for area, role, count in rows.values_list("focus_area", "role", "count"):
        votes.setdefault(area, []).append((str(ROLES.get(role, role)), count))
    areas = workshop.focus_areas.prefetch_related("notes").annotate(total=Sum("votes__count", default=0))
    became = Goal.objects.with_visibility(request.user, request.today).filter(focus_areas__workshop=workshop)
    goals = became.in_bulk()
    areas = list(areas.order_by("-total", "position", "pk"))
    context = {
        "workshop": workshop,
        "most_votes": max((one.total for one in areas), default=0),
        "areas": [{"area": one, "votes": votes.get(one.pk, []), "goal": goals.get(one.goal_id)} for one in areas],
        "is_open": workshop.closes_on >= request.today,
        "may_edit": Workshop.objects.editable_by(request.user, request.today).filter(pk=workshop.pk).exists(),
        "links": _links(token) if token else [],
    }
    return render(request, "citizens/workshop_detail.html", context)


def _links(token: str) -> list[tuple[str, str]]:
    """One link for each role."""
    url = site_url(reverse("citizens:workshop_public", args=[token]))
    return [(str(word), f"{url}?rolle={role}") for role, word in ROLES.items()]


def _editable(request: HttpRequest, pk: int) -> Workshop:
    visible = Workshop.objects.visible_to(request.user, request.today).select_related("unit__authority", "goal")
    return fetch(visible, Workshop.objects.editable_by(request.user, request.today), pk=pk)


@requires(Permission.EDIT_GOALS)
@require_POST
@never_cache
def workshop_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Another link, shown once."""
    workshop = _editable(request, pk)
    return _detail(request, workshop, new_link(workshop, by=request.user, now=request.now))


@requires(Permission.EDIT_GOALS)
@require_POST
def workshop_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more votes and comments."""
    close_workshop(_editable(request, pk), by=request.user, now=request.now)
    messages.success(request, _("Værkstedet er lukket."))
    return redirect("citizens:workshop_detail", pk)


@requires(Permission.EDIT_GOALS)
@require_POST
def workshop_choose(request: HttpRequest, pk: int, area_id: int) -> HttpResponse:
    """Choose a focus area, or no longer."""
    area = get_object_or_404(_editable(request, pk).focus_areas, pk=area_id)
    choose_focus_area(area, is_chosen=request.POST.get("valgt") == "ja", by=request.user, now=request.now)
    return redirect(f"{reverse('citizens:workshop_detail', args=[pk])}#omraade-{area_id}")


@requires(Permission.EDIT_GOALS)
@require_POST
def workshop_goal(request: HttpRequest, pk: int, area_id: int) -> HttpResponse:
    """Turn a focus area into a draft goal, and go on writing it."""
    area = get_object_or_404(_editable(request, pk).focus_areas, pk=area_id)
    goal = draft_goal_of(area, by=request.user, now=request.now)
    messages.success(request, _("Fokusområdet er nu en kladde til et mål."))
    return redirect("goals:goal_edit", goal.pk)


@requires(Permission.EDIT_GOALS)
@require_POST
def workshop_note_remove(request: HttpRequest, pk: int, note_id: int) -> HttpResponse:
    """Take away a comment, such as one that names somebody. One that another has taken away is gone as wished."""
    notes = WorkshopNote.objects.filter(focus_area__workshop=_editable(request, pk))
    note = notes.select_related("focus_area__workshop__unit__authority").filter(pk=note_id).first()
    at = f"#omraade-{note.focus_area_id}" if note is not None else ""
    if note is not None:
        remove_note(note, by=request.user, now=request.now)
    messages.success(request, _("Kommentaren er fjernet."))
    return redirect(reverse("citizens:workshop_detail", args=[pk]) + at)


# ---- by the link -----------------------------------------------------------------------------------------------------


@citizens_write()
def workshop_public(request: HttpRequest, token: str) -> HttpResponse:
    """Vote and comment, by the link alone: no sign-in, and no cookie before somebody has voted."""
    found = Workshop.objects.select_related("unit__authority")
    workshop = found.filter(token_hash=hash_of(token)).first() if looks_like_token(token) else None
    if workshop is None:
        return render(request, "citizens/answer_bad_link.html", status=404)
    if request.method != "POST":
        return _public(request, workshop)
    if (refused := refusal(request)) is not None:
        context = {"problem": "wait", "seconds": refused.seconds, "ticket": refused.ticket}
        return _public(request, workshop, status=429, **context)
    try:
        return _commented(request, workshop) if "text" in request.POST else _voted(request, workshop)
    except Closed:
        return _public(request, workshop, status=409)


def _public(request: HttpRequest, workshop: Workshop, *, status: int = 200, **given: Any) -> HttpResponse:
    role = request.POST.get("role") or request.GET.get("rolle")
    initial = {"role": role if role in ROLES else None}
    sent = request.GET.get("sendt", "")
    areas = list(workshop.focus_areas.prefetch_related("notes"))
    context = {
        "workshop": workshop,
        "areas": areas,
        "has_notes": any(area.notes.all() for area in areas),
        "is_open": workshop.closes_on >= request.today,
        "left": (left := votes_left(request, workshop)),
        "vote": VoteForm(initial=initial, workshop=workshop, left=left, auto_id="stem_%s"),
        "note": NoteForm(initial=initial, workshop=workshop, auto_id="skriv_%s"),
        "sent": sent if sent in ("stemmer", "kommentar") else "",
        "problem": "",
        "ticket": request.POST.get(TICKET, ""),
        **given,
    }
    return render(request, "citizens/workshop_public.html", context, status=status)


def _voted(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    left = votes_left(request, workshop)
    form = VoteForm(request.POST, workshop=workshop, left=left, auto_id="stem_%s")
    if not form.is_valid():
        return _public(request, workshop, status=422, vote=form)
    areas = list(form.cleaned_data["areas"])
    vote(workshop, areas, role=form.cleaned_data["role"], now=request.now)
    response = _thanks(request, form.cleaned_data["role"], "stemmer")
    remember_votes(request, response, workshop, workshop.votes_each - left + len(areas))
    return response


def votes_left(request: HttpRequest, workshop: Workshop) -> int:
    """How many votes this browser has left in the workshop, by its own signed cookie; all of them without one.

    It says nothing of who votes, and whoever empties the browser or takes another may vote again.
    """
    try:
        spent = int(_signer(workshop).unsign(request.COOKIES.get(SPENT % workshop.pk, "")))
    except BadSignature:
        spent = 0
    return max(0, workshop.votes_each - spent)


def _signer(workshop: Workshop) -> Signer:
    return Signer(salt=f"citizens.workshop.{workshop.pk}")  # without a time: that would tell when somebody voted


def remember_votes(request: HttpRequest, response: HttpResponse, workshop: Workshop, spent: int) -> None:
    """Let the browser know how many votes are spent until the workshop is over, and nothing else."""
    response.set_cookie(
        SPENT % workshop.pk,
        _signer(workshop).sign(str(spent)),
        max_age=workshop.closes_on - request.today + timedelta(days=1),
        path=PUBLIC_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _commented(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    form = NoteForm(request.POST, workshop=workshop, auto_id="skriv_%s")
    if not form.is_valid():
        return _public(request, workshop, status=422, note=form)
    asked = form.cleaned_data
    comment(workshop, asked["area"], asked["text"], role=asked["role"], now=request.now)
    return _thanks(request, asked["role"], "kommentar")


def _thanks(request: HttpRequest, role: str, sent: str) -> HttpResponse:
    return redirect(f"{request.path}?rolle={role}&sendt={sent}#tak")
