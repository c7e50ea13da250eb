"""Hearings as everybody sees them: read, write, support and rank. No sign-in, no cookie, nothing kept of who."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode

from citizens.actions.hearings import NotPossible, ranks_of
from citizens.actions.voices import rank, say, support
from citizens.hearing_forms import RankForm, SayForm
from citizens.kinds import HearingState, ProposalKind, ProposalState
from citizens.limits import TICKET, Limiter, address_of, refusal
from citizens.models import Hearing
from citizens.public import citizens_write
from citizens.views.hearings import goals_of, is_uuid, themes_of
from organisation.models import Authority
from organisation.public import open_authority, public_page, public_path

PAGE = 50
SENT = ("comment", "proposal", "support", "again", "rank")  # what the page may thank for
# One who agrees with one proposal from one address a minute: a second click is no second person.
agreed = Limiter(1, 1 / 60)


@public_page
def public_hearing_list(request: HttpRequest, kode: str = "") -> HttpResponse:
    """Hearings open now, those that wait for an answer, and those that got one."""
    authority = open_authority(request, kode)
    hearings = Hearing.objects.filter(authority=authority).public().for_list()
    unanswered = list(hearings.exclude(state=HearingState.ANSWERED))
    open_now = [one for one in unanswered if one.is_taking(request.today)]
    answered = hearings.filter(state=HearingState.ANSWERED)
    context = {
        "open": sorted(open_now, key=lambda one: one.closes_on),
        "waiting": [one for one in unanswered if one not in open_now],
        "page": Paginator(answered, PAGE).get_page(request.GET.get("side")),
    }
    return render(request, "citizens/public_hearing_list.html", context)


@public_page
def public_hearing(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """One hearing: the draft goals, what is written, and afterwards what was answered."""
    hearing = _hearing(request, pk, kode)
    response = _page(request, hearing)
    if hearing.is_taking(request.today):
        # Who has just written or agreed sees it: kept, but asked for anew each time.
        response.headers["Cache-Control"] = "public, no-cache"
    return response


def _hearing(request: HttpRequest, pk: int, kode: str) -> Hearing:
    authority = open_authority(request, kode)
    hearings = Hearing.objects.filter(authority=authority).public().select_related("unit")
    return get_object_or_404(hearings, pk=pk)


def _page(request: HttpRequest, hearing: Hearing, *, status: int = 200, **given: Any) -> HttpResponse:
    goals = list(goals_of(hearing))
    published = hearing.proposals.filter(state=ProposalState.PUBLISHED).select_related("goal", "theme")
    ranks = ranks_of(hearing)
    sent = request.GET.get("sendt", "")
    context = {
        "hearing": hearing,
        "goals": [{"goal": goal, "place": ranks.means.get(goal.pk) if ranks else None} for goal in goals],
        "ranks": ranks,
        "is_taking": hearing.is_taking(request.today),
        "is_over": hearing.state != HearingState.OPEN or hearing.closes_on < request.today,
        "themes": list(themes_of(hearing)) if hearing.is_answered else [],
        "page": Paginator(published, PAGE).get_page(request.GET.get("side")),
        "say": SayForm(goals=goals_of(hearing)),
        "rank": RankForm(goals=goals),
        "sent": sent if sent in SENT else "",
        "problem": "",
        "ticket": request.POST.get(TICKET, ""),
        "typed": "",
        **given,
    }
    return render(request, "citizens/public_hearing.html", context, status=status)


@citizens_write()
def public_hearing_write(request: HttpRequest, pk: int, kode: str = "") -> HttpResponse:
    """Take what somebody sends: a text, an order of the goals, or that one agrees with a text."""
    hearing = _hearing(request, pk, kode)
    if request.method != "POST":
        return redirect(_address(request, hearing))
    take = _ranked if "rank" in request.POST else _supported if "support" in request.POST else _said
    if not hearing.is_taking(request.today):
        return _closed(request, hearing)
    if (refused := refusal(request)) is not None:
        problem = {"problem": "wait", "ticket": refused.ticket, "seconds": refused.seconds}
        return _page(request, hearing, status=429, **problem, **_typed(request, hearing))
    try:
        return take(request, hearing)
    except NotPossible:
        return _closed(request, hearing)


def _typed(request: HttpRequest, hearing: Hearing) -> dict[str, Any]:
    """The forms as they were sent, without a word about what is wrong in them."""
    say_form = SayForm(initial=request.POST.dict(), goals=goals_of(hearing))
    return {"say": say_form, "rank": RankForm(initial=request.POST.dict(), goals=list(goals_of(hearing)))}


def _closed(request: HttpRequest, hearing: Hearing) -> HttpResponse:
    return _page(request, hearing, status=409, problem="closed", typed=request.POST.get("text", ""))


def _said(request: HttpRequest, hearing: Hearing) -> HttpResponse:
    form = SayForm(request.POST, goals=goals_of(hearing))
    if not form.is_valid():
        return _page(request, hearing, status=422, say=form)
    asked = form.cleaned_data
    kind = ProposalKind(asked["kind"])
    say(hearing, kind=kind, text=asked["text"], goal=asked["goal"], day=request.today)
    return _thanks(request, hearing, kind.value)


def _ranked(request: HttpRequest, hearing: Hearing) -> HttpResponse:
    form = RankForm(request.POST, goals=list(goals_of(hearing)))
    if not form.is_valid():
        return _page(request, hearing, status=422, rank=form)
    rank(hearing, form.order, day=request.today)
    return _thanks(request, hearing, "rank")


def _supported(request: HttpRequest, hearing: Hearing) -> HttpResponse:
    asked = request.POST["support"]
    proposal = hearing.proposals.filter(pk=asked).first() if is_uuid(asked) else None
    if proposal is None or not agreed.take(f"{address_of(request)} {asked}"):
        return _thanks(request, hearing, "again" if proposal else "")
    return _thanks(request, hearing, "support" if support(proposal, day=request.today) else "")


def _thanks(request: HttpRequest, hearing: Hearing, sent: str) -> HttpResponse:
    query = f"?{urlencode({'sendt': sent})}#tak" if sent else ""
    return redirect(_address(request, hearing) + query)


def _address(request: HttpRequest, hearing: Hearing) -> str:
    authority: Authority = request.public_authority
    return public_path(request, authority, "citizens:public_hearing", hearing.pk)
