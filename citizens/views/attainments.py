"""Persons' own goals: staff set forms up, hand them out and see what came of it; persons begin and end."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.actions import attainments as actions
from citizens.actions.attainments import NotPossible
from citizens.attaining import LEAST_PERSONS, Share, by_category, code_of, shown_total, written
from citizens.attainment_forms import AttainmentSetupForm, BeginForm, EndForm, series_for
from citizens.limits import refusal
from citizens.models import Attainment, AttainmentForm
from citizens.public import citizens_write
from followup.models import Measurement
from goals.actions.versions import Stale
from goals.periods import Period
from goals.views.shared import answer, posted, saved, show_stale, units_for
from organisation.access import fetch, requires
from organisation.models import HistoryEntry
from organisation.permissions import Permission

PAGE = 50
PERIODS = 8
SALT = "citizens.own_goal"
HANDED_OUT = 24 * 60 * 60  # seconds in which a form that was handed out can be filled in
REFUSALS = {
    "no_series": gettext_lazy("Skemaet tæller ikke op til en indikator."),
    "not_over": gettext_lazy("Perioden er ikke slut endnu."),
    "stored": gettext_lazy("Tallet for perioden er skrevet allerede."),
}


# ---- staff -----------------------------------------------------------------------------------------------------------


@requires(Permission.ENTER_ANSWERS)
def attainment_list(request: HttpRequest) -> HttpResponse:
    """The forms the person hands out."""
    forms = AttainmentForm.objects.filter(authority=request.authority).enterable_by(request.user, request.today)
    context = {
        "page": Paginator(forms.select_related("unit", "series__indicator"), PAGE).get_page(request.GET.get("side")),
        "may_create": request.user.may_somewhere(Permission.RUN_SURVEYS, request.today),
        "may_enter": True,
    }
    return render(request, "citizens/attainment_list.html", context)


@requires(Permission.ENTER_ANSWERS)
def attainment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: hand it out, how many are under way, and how many reached their goal in periods that are over."""
    form = _enterable(request, pk)
    last = actions.last_over(form, request.today)
    periods = [last.shift(-back) for back in range(PERIODS)]
    rows = [_period_row(form, period) for period in periods]
    may_run = AttainmentForm.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
    running = Attainment.objects.filter(form=form, ended_on__isnull=True).count()
    context = {
        "form": form,
        "running": running if running == 0 or running >= LEAST_PERSONS else None,
        "least_persons": LEAST_PERSONS,
        "periods": _until_first(rows),
        "last": last,
        "categories": _categories(form, last),
        "may_run": may_run,
        "may_write": may_run and actions.can_take(form) and not _is_stored(form, last),
        "is_stored": form.series is not None and _is_stored(form, last),
        "history": HistoryEntry.objects.about(form)[:20],
    }
    return render(request, "citizens/attainment_detail.html", context)


def _enterable(request: HttpRequest, pk: int) -> AttainmentForm:
    forms = AttainmentForm.objects.visible_to(request.user, request.today)
    forms = forms.select_related("unit", "authority", "series__indicator", "series__unit")
    return fetch(forms, AttainmentForm.objects.enterable_by(request.user, request.today), pk=pk)


def _period_row(form: AttainmentForm, period: Period) -> dict[str, Any]:
    ended = actions.ended_in(form, period)
    return {"period": period.code, "any": bool(ended), "share": _shown(shown_total(ended, form.least_rise))}


def _until_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest first, without those before anybody had ended."""
    while rows and not rows[-1]["any"]:
        rows.pop()
    return rows


def _categories(form: AttainmentForm, period: Period) -> list[dict[str, Any]]:
    ended = actions.ended_in(form, period)
    names = list(dict.fromkeys([*form.categories, *(one.category for one in ended)]))
    shares = by_category(ended, names, form.least_rise)
    return [{"name": name, "share": _shown(share)} for name, share in shares.items()]


def _shown(share: Share) -> dict[str, Any] | None:
    if share.n is None or share.risen is None:
        return None
    return {"n": share.n, "risen": share.risen, "percent": 100 * share.risen / share.n if share.n else None}


def _is_stored(form: AttainmentForm, period: Period) -> bool:
    return Measurement.objects.filter(series=form.series, period_end=period.last).exists()


@requires(Permission.RUN_SURVEYS)
def attainment_create(request: HttpRequest) -> HttpResponse:
    """Set a form up."""
    units = units_for(request, Permission.RUN_SURVEYS)
    form = AttainmentSetupForm(posted(request), units=units, series=series_for(units))
    if request.method == "POST" and form.is_valid():
        made = actions.create_form(form.save(commit=False), by=request.user, now=request.now)
        messages.success(request, saved())
        return redirect("citizens:attainment_detail", made.pk)
    return render(request, "citizens/attainment_form.html", {"form": form}, status=answer(form))


@requires(Permission.RUN_SURVEYS)
def attainment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a form."""
    stored = _runnable(request, pk)
    units = units_for(request, Permission.RUN_SURVEYS, stored.authority_id)
    series = series_for(units) | series_for([stored.unit]).filter(pk=stored.series_id or 0)
    name = stored.name
    form = AttainmentSetupForm(posted(request), instance=stored, units=units, series=series.distinct())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_form(
                form.save(commit=False), version=form.cleaned_data["version"], by=request.user, now=request.now
            )
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("citizens:attainment_detail", pk)
    context = {"form": form, "stored": stored, "name": name}
    return render(request, "citizens/attainment_form.html", context, status=answer(form))


def _runnable(request: HttpRequest, pk: int) -> AttainmentForm:
    forms = AttainmentForm.objects.visible_to(request.user, request.today)
    forms = forms.select_related("unit", "authority", "series__indicator", "series__unit")
    return fetch(forms, AttainmentForm.objects.editable_by(request.user, request.today), pk=pk)


@requires(Permission.RUN_SURVEYS)
def attainment_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the share of the last period that is over as the indicator's value."""
    form = _runnable(request, pk)
    if request.method == "POST":
        try:
            actions.write_attainment(form, actions.last_over(form, request.today), by=request.user, now=request.now)
        except NotPossible as error:
            messages.error(request, REFUSALS[error.key])
        else:
            messages.success(request, _("Tallet er skrevet på indikatoren."))
    return redirect("citizens:attainment_detail", pk)


@requires(Permission.ENTER_ANSWERS)
def attainment_hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the form to a person: an address that works for a day, and that leads to nobody."""
    form = _enterable(request, pk)
    if request.method != "POST":
        return redirect("citizens:attainment_detail", pk)
    return redirect("citizens:own_goal_begin", signing.dumps([form.pk, secrets.token_urlsafe(16)], salt=SALT))


# ---- the person ------------------------------------------------------------------------------------------------------


@citizens_write(is_kept=False)
def own_goal_begin(request: HttpRequest, ticket: str) -> HttpResponse:
    """The person says what the goal is about and where it stands, and gets a slip with a code."""
    form_id, nonce = _read_ticket(ticket)
    form = get_object_or_404(AttainmentForm.objects.select_related("unit", "authority"), pk=form_id)
    asked = BeginForm(posted(request), categories=form.categories)
    context = {"form": asked, "setup": form, "refused": None}
    if request.method != "POST":
        return render(request, "citizens/own_goal_begin.html", context)
    if (refused := refusal(request)) is not None:
        return render(request, "citizens/own_goal_begin.html", {**context, "refused": refused}, status=429)
    if not asked.is_valid():
        return render(request, "citizens/own_goal_begin.html", context, status=422)
    code = code_of(nonce, settings.SECRET_KEY)
    given = asked.cleaned_data
    actions.begin(form, code=code, category=given["category"], start=given["start"], day=request.today)
    return render(
        request, "citizens/own_goal_slip.html", {"setup": form, "code": written(code), "start": given["start"]}
    )


def _read_ticket(ticket: str) -> tuple[int, str]:
    """What was signed when the form was handed out; 404 when it is forged or a day old."""
    try:
        form_id, nonce = signing.loads(ticket, salt=SALT, max_age=HANDED_OUT)
    except signing.BadSignature:
        raise Http404 from None
    return form_id, nonce


@citizens_write(is_kept=False)
def own_goal_end(request: HttpRequest) -> HttpResponse:
    """The person gives the code of the slip, and where the goal stands now."""
    form = EndForm(posted(request))
    context = {"form": form, "refused": None}
    if request.method != "POST":
        return render(request, "citizens/own_goal_end.html", context)
    if (refused := refusal(request)) is not None:
        return render(request, "citizens/own_goal_end.html", {**context, "refused": refused}, status=429)
    if form.is_valid():
        given = form.cleaned_data
        if actions.end(code=given["code"], end=given["end"], day=request.today):
            return render(request, "citizens/own_goal_ended.html")
        form.add_error("code", _("Vi kender ikke koden. Tjek, at den er skrevet rigtigt af. Hver kode virker én gang."))
    return render(request, "citizens/own_goal_end.html", context, status=422)
