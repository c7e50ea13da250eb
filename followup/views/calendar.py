"""The year wheel, and a person's own calendar address."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from followup.actions.calendar_feeds import make_feed, owner_of, revoke_feed
from followup.actions.plans import DateRefused, move_date
from followup.calendar_feed import calendar_of
from followup.calendar_forms import MoveDateForm, movable_dates
from followup.following import goals_followed_by
from followup.models import CalendarFeed, FollowUpSettings, Round, RoundState, YearEvent
from followup.year_view import closed_days, road_to, year_view
from organisation.access import fetch, public, requires
from organisation.models import Unit
from organisation.permissions import Permission

ON_THE_TABLE = 12
FIRST_YEAR, LAST_YEAR = 2000, 2099
DATE_REFUSALS = {
    "too_early": gettext_lazy("Datoen skal ligge på eller efter ”%s”."),
    "too_late": gettext_lazy("Datoen skal ligge på eller før ”%s”."),
    "is_open": gettext_lazy("Opfølgningen er åbnet, så den dag kan ikke flyttes."),
    "is_closed": gettext_lazy("Opfølgningen er lukket, så datoerne kan ikke flyttes."),
}


@requires(Permission.SEE_AUTHORITY)
def year_wheel(request: HttpRequest) -> HttpResponse:
    """The year at a glance: who meets when, what is due, and the road to the next meeting."""
    bodies = list(Unit.objects.filter(authority=request.authority).bodies().valid(request.today))
    body = _chosen_body(request, bodies)
    year = _year(request)
    settings = FollowUpSettings.objects.of(request.authority)
    shown = [body] if body else bodies
    next_round = _next_round(request, shown)
    view = year_view(
        year,
        shown,
        list(_rounds(request).filter(body__in=shown, meeting_date__year__range=(year - 1, year + 1))),
        list(YearEvent.objects.filter(authority=request.authority, day__year=year)),
        settings=settings,
        today=request.today,
        next_round=next_round,
        one_body=body is not None,
    )
    context = {
        "view": view,
        "body": body,
        "bodies": bodies,
        "years": sorted({request.today.year - 1, request.today.year, request.today.year + 1, year}),
        "is_list": request.GET.get("vis") == "liste",
        "may_plan": request.user.may_somewhere(Permission.PLAN_ROUNDS, request.today),
        **(_road(request, next_round, settings) if next_round else {"next_round": None}),
    }
    return render(request, "followup/year_wheel.html", context)


def _chosen_body(request: HttpRequest, bodies: list[Unit]) -> Unit | None:
    """The body of `?udvalg=ID`; 404 when there is none such here."""
    wanted = request.GET.get("udvalg", "")
    if not wanted:
        return None
    found = next((body for body in bodies if str(body.pk) == wanted), None)
    if found is None:
        raise Http404
    return found


def _year(request: HttpRequest) -> int:
    wanted = request.GET.get("aar", "")
    is_year = wanted.isdecimal() and FIRST_YEAR <= int(wanted) <= LAST_YEAR
    return int(wanted) if is_year else request.today.year


def _rounds(request: HttpRequest):
    return Round.objects.filter(authority=request.authority).order_by("meeting_date", "pk")


def _next_round(request: HttpRequest, bodies: list[Unit]) -> Round | None:
    """The first coming meeting of the bodies, before all of those where the person sits."""
    mine = {grant.unit_id for grant in request.user.all_grants if grant.holds_on(request.today)}
    coming = _rounds(request).filter(meeting_date__gte=request.today).exclude(state=RoundState.CLOSED)
    coming = list(
        coming.filter(body__in=bodies).select_related("body", "plan").with_progress().order_by("meeting_date")
    )
    return min(coming, key=lambda one: (one.body_id not in mine, one.meeting_date, one.pk), default=None)


def _road(request: HttpRequest, round_: Round, settings: FollowUpSettings) -> dict[str, Any]:
    """The road to the meeting, what comes on the table there, and which dates the person may move."""
    round_.body.authority = request.authority
    goals = goals_followed_by(round_.body, round_.period_end, plan=round_.plan)
    may_move = request.user.may_somewhere(Permission.PLAN_ROUNDS, request.today) and (
        Round.objects.plannable_by(request.user, request.today).filter(pk=round_.pk).exists()
    )
    return {
        "next_round": round_,
        "road": road_to(round_, settings, request.today),
        "closed_days": closed_days(round_, settings),
        "waiting": round_.sent_count - round_.approved_count,
        "table": list(goals.select_related("standing", "owner_unit")[: ON_THE_TABLE + 1]),
        "most": ON_THE_TABLE,
        "move_form": MoveDateForm(round_=round_) if may_move and movable_dates(round_) else None,
    }


@requires(Permission.PLAN_ROUNDS)
@require_POST
def round_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one date of a round."""
    visible = Round.objects.visible_to(request.user, request.today).select_related("body", "authority")
    round_ = fetch(visible, Round.objects.plannable_by(request.user, request.today), pk=pk)
    form = MoveDateForm(request.POST, round_=round_)
    if form.is_valid():
        field, day = form.cleaned_data["field"], form.cleaned_data["day"]
        try:
            move_date(round_, field, day, by=request.user, now=request.now)
        except DateRefused as refused:
            beside = str(Round._meta.get_field(refused.field).verbose_name) if refused.field else ""
            text = str(DATE_REFUSALS[refused.key])
            form.add_error("day", text % beside if "%s" in text else text)
        else:
            messages.success(request, _("Datoen er flyttet."))
            return redirect("followup:round_detail", pk)
    return render(request, "followup/round_date.html", {"form": form, "round": round_}, status=422)


# ---- a person's own calendar -----------------------------------------------------------------------------------------


def _calendar_page(request: HttpRequest, token: str = "") -> HttpResponse:
    feed = CalendarFeed.objects.filter(user=request.user, revoked_at=None).first()
    address = ""
    if token:
        address = request.build_absolute_uri(reverse("followup:calendar_feed", args=[token]))
    response = render(request, "followup/calendar.html", {"feed": feed, "address": address})
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(Permission.SEE_AUTHORITY)
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether the person has a secret calendar address, and the way to a new one."""
    return _calendar_page(request)


@requires(Permission.SEE_AUTHORITY)
@require_POST
def calendar_make(request: HttpRequest) -> HttpResponse:
    """A new address, shown this once; the old one ends."""
    return _calendar_page(request, make_feed(request.user, now=request.now))


@requires(Permission.SEE_AUTHORITY)
@require_POST
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    """Shut the address."""
    if revoke_feed(request.user, now=request.now):
        messages.success(request, _("Adressen er lukket. Kalendere, der bruger den, bliver ikke længere opdateret."))
    return redirect("followup:calendar")


@public
@cache_control(private=True, no_store=True)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address, for the calendar at hand. The token is the only key."""
    owner = owner_of(token)
    if owner is None:
        raise Http404
    content = calendar_of(owner, now=request.now, address=request.build_absolute_uri)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
