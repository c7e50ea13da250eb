"""The citizen's form: no sign-in, no cookie, nothing kept but the answer and the day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.forms import EmailField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.actions.answers import AlreadyUsed, NotOpen, receive_response, subscribe
from citizens.answer_form import AnswerForm, errors_heading, numbered
from citizens.asking import Door, Standing, door_of, kept, standing
from citizens.kinds import Method, SurveyState
from citizens.limits import refusal
from citizens.models import Survey
from citizens.public import citizens_write
from citizens.questionnaire import shown
from citizens.screens import may_follow, most_minutes
from citizens.specs import worded
from citizens.walk import BACK, REMOVE, Walk, begin, resumed
from organisation import danish
from organisation.public import public_path

# The status of a page that says why nobody can answer here.
STATUS = {"bad_link": 404, "early": 403, "closed": 410, "used": 410}
# At a counter: how long nobody touches the screen before it asks, and how long it then waits, as after the thanks.
IDLE_SECONDS, KIOSK_SECONDS = 60, 30


@citizens_write()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, kode: str = "") -> HttpResponse:
    """The form behind a single-use link or a survey's open link."""
    return _answer(request, door_of(request, token, kode))


@citizens_write(is_kept=False)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_kiosk(request: HttpRequest, token: str, kode: str = "") -> HttpResponse:
    """The same on a screen at a counter, for one person after another."""
    return _answer(request, door_of(request, token, kode, is_kiosk=True))


@citizens_write()
@require_safe
def answer_thanks(request: HttpRequest, token: str, kode: str = "") -> HttpResponse:
    """That the answer is sent, and what happens now."""
    return _thanks(request, door_of(request, token, kode))


@citizens_write(is_kept=False)
@require_safe
def kiosk_thanks(request: HttpRequest, token: str, kode: str = "") -> HttpResponse:
    """The same at a counter, with the way to the form for the next person."""
    return _thanks(request, door_of(request, token, kode, is_kiosk=True))


@citizens_write()
@require_POST
def answer_subscribe(request: HttpRequest, token: str, kode: str = "") -> HttpResponse:
    """Keep the address of somebody who wants to hear when the answer to the citizens is there."""
    door = door_of(request, token, kode)
    if door is None or standing(door.survey, request.today) in (Standing.HIDDEN, Standing.EARLY):
        return _stop(request, door, "bad_link")
    if _owes_answer(door):
        return HttpResponseRedirect(request.path.removesuffix("besked/"))
    with translation.override(language_of(request, door)):
        return _subscribe(request, door)


def _answer(request: HttpRequest, door: Door | None) -> HttpResponse:
    stop = _reason(request, door)
    if door is None or stop:
        return _stop(request, door, stop)
    with translation.override(language_of(request, door)):
        if request.method == "POST":
            return _send(request, door)
        return HttpResponse(_kept_page(request, door, lambda: _blank(request, door)))


def _kept_page(request: HttpRequest, door: Door, make: Callable[[], bytes]) -> bytes:
    """A page that is the same for everybody who came in the same way, made once in some seconds."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    # Only at a counter do links on the page have its path in them; a token stands in none.
    path = request.path if door.method == Method.KIOSK else ""
    key = (name, request.get_host(), path, request.GET.urlencode(), door.survey.pk, door.method)
    page: bytes = kept.get(key, make)
    return page


def _blank(request: HttpRequest, door: Door) -> bytes:
    """The form before anybody has answered."""
    return _form(request, door, begin(door.asking, language_of(request, door)), is_checked=False).content


def _reason(request: HttpRequest, door: Door | None) -> str:
    """Why nobody can answer here, as a key of `STATUS`; empty when one can."""
    if door is None:
        return "bad_link"
    found = standing(door.survey, request.today)
    if door.is_used and found != Standing.PILOT:
        return "used"
    return {Standing.HIDDEN: "bad_link", Standing.EARLY: "early", Standing.CLOSED: "closed"}.get(found, "")


def language_of(request: HttpRequest, door: Door) -> str:
    """The language that the address asks for, if the survey has it."""
    asked = request.GET.get("sprog", "")
    return asked if asked in door.asking.languages else "da"


def _send(request: HttpRequest, door: Door) -> HttpResponse:
    walk = resumed(door.asking, language_of(request, door), request.POST)
    walk.take(request.POST)
    if BACK in request.POST:
        walk.back()
        return _form(request, door, walk, is_checked=False)
    if REMOVE in request.POST:
        walk.given = walk.form().without_cpr()
    if walk.is_lost or walk.form().faults:
        return _form(request, door, walk, status=422)
    before = list(walk.passed)
    if walk.step():
        return _form(request, door, walk, is_checked=False)
    return _store(request, door, walk, before)


def _store(request: HttpRequest, door: Door, walk: Walk, before: list[list[str]]) -> HttpResponse:
    """The last screen was sent. `before`: the screens passed until it."""
    whole = walk.whole()
    is_faulty = bool(whole.faults) or not whole.answers
    too_many = None if door.is_personal or is_faulty else refusal(request)
    if is_faulty or too_many:
        walk.passed = before
        return _form(request, door, walk, status=429 if too_many else 422, too_many=too_many)
    try:
        receive_response(
            door.survey,
            walk.questionnaire,
            answers=whole.answers,
            method=door.method,
            group=door.group,
            language=walk.language,
            day=request.today,
            token_hash=door.token_hash,
        )
    except AlreadyUsed:
        return _stop(request, door, "used")
    except NotOpen:
        return _stop(request, door, "closed")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(f"{request.path}tak/{query}", status=303)


def _form(
    request: HttpRequest, door: Door, walk: Walk, *, status: int = 200, is_checked: bool = True, too_many: Any = None
) -> HttpResponse:
    form = walk.form(is_checked=is_checked)
    faulty = form.faulty
    context = {
        **_frame(request, door),
        "form": form,
        "walk": walk,
        "errors_heading": errors_heading(len(faulty)) if faulty else "",
        "has_cpr": bool(
            form.is_checked and form.texts_with_cpr and any(one.code in form.texts_with_cpr for one in faulty)
        ),
        "too_many": too_many,
        "is_empty": status == 422 and not faulty and not walk.is_lost,
        "is_last": not door.survey.is_one_a_screen or _is_last(form),
        **promise(door.survey, form),
    }
    response = render(request, "citizens/answer_form.html", context, status=status)
    if too_many:
        response.headers["Retry-After"] = str(too_many.seconds)
    return response


def _is_last(form: AnswerForm) -> bool:
    """Whether no later question can follow, whatever is answered here."""
    return bool(form.asked) and form.asked[-1].code == form.specs[-1].code


def _frame(request: HttpRequest, door: Door) -> dict[str, Any]:
    """What every page of a survey shows."""
    survey, language = door.survey, language_of(request, door)
    return {
        "survey": survey,
        "language": language,
        "is_rtl": translation.get_language_info(language)["bidi"],
        "title": survey.titles.get(language) or survey.title,
        "languages": _languages(request, door, language),
        "is_kiosk": door.method == Method.KIOSK,
        "is_personal": door.is_personal,
        "is_pilot": survey.state == SurveyState.PILOT,
        "closes_on": said_day(survey.closes_on),
        "answer_by": said_day(survey.answer_by),
        "start": _start(request),
        "idle_seconds": IDLE_SECONDS,
        "kiosk_seconds": KIOSK_SECONDS,
        "query": request.GET.urlencode(),
    }


def _start(request: HttpRequest) -> str:
    """Where the next person begins: in the same group, in Danish."""
    path = request.path.removesuffix("tak/").removesuffix("besked/")
    group = request.GET.get("g", "")
    return f"{path}?{urlencode({'g': group})}" if group else path


def _languages(request: HttpRequest, door: Door, language: str) -> list[dict[str, Any]]:
    """The links to the other languages, each named in itself."""
    links = []
    for code in door.asking.languages:
        query = request.GET.copy()
        query["sprog"] = code
        links.append({"code": code, "name": get_language_info(code)["name_local"], "query": query.urlencode()})
    return [one for one in links if one["code"] != language] if len(links) > 1 else []


def promise(survey: Survey, form: AnswerForm) -> dict[str, Any]:
    """How long it takes, what is kept and until when."""
    met = may_follow(form.specs, {}, ()) if survey.is_one_a_screen else shown(form.specs, {})
    return {
        "intro": worded(survey.intro, form.language),
        "count": len(numbered(met)) or len(met),
        "minutes": most_minutes(met),
        "answer_by": said_day(survey.answer_by),
        "addresses_until": said_day(survey.addresses_until),
        "answers_until": said_day(survey.answers_until),
        "linkers": [] if survey.is_anonymous else [str(person) for person in survey.linkers.all()],
    }


def said_day(day: date | None) -> str:
    """`1. december 2026` in the language of the page; empty without a day."""
    if day is None:
        return ""
    return danish.long_date(day) if translation.get_language() == "da" else date_format(day, "j F Y")


def _stop(request: HttpRequest, door: Door | None, reason: str) -> HttpResponse:
    """Why nobody can answer here. A bad link is told apart by nothing: not whether its survey or token exists."""
    if door is None or reason == "bad_link":
        return render(request, "citizens/answer_bad_link.html", status=404)
    with translation.override(language_of(request, door)):
        context = {**_frame(request, door), "reason": reason, "opens_on": said_day(door.survey.opens_on)}
        return render(request, "citizens/answer_stop.html", context, status=STATUS[reason])


def _thanks(request: HttpRequest, door: Door | None) -> HttpResponse:
    if door is None or standing(door.survey, request.today) in (Standing.HIDDEN, Standing.EARLY):
        return _stop(request, door, "bad_link")
    if _owes_answer(door):
        return HttpResponseRedirect(request.path.removesuffix("tak/"))
    with translation.override(language_of(request, door)):
        return HttpResponse(_kept_page(request, door, lambda: _told_page(request, door).content))


def _owes_answer(door: Door) -> bool:
    """Whether nobody can have answered by this link yet."""
    return door.is_personal and not door.is_used and door.survey.state != SurveyState.PILOT


def _told_page(request: HttpRequest, door: Door) -> HttpResponse:
    return _told(request, {**_frame(request, door), **_afterwards(request, door)}, 200)


def _afterwards(request: HttpRequest, door: Door) -> dict[str, Any]:
    survey = door.survey
    read_from = survey.closes_on + timedelta(days=1) if survey.closes_on else None
    return {
        "heard": door.asking.heard,
        **_told_where(request, door),
        "read_in": capfirst(f"{MONTHS[read_from.month]} {read_from.year}") if read_from else "",
        "can_subscribe": door.method != Method.KIOSK and survey.state in (SurveyState.OPEN, SurveyState.CLOSED),
        "mail": "",
        "mail_error": "",
        "is_told": False,
    }


def _told_where(request: HttpRequest, door: Door) -> dict[str, str]:
    """Where the answer to the citizens will be: an address to write down."""
    try:
        path = public_path(request, door.survey.authority, "citizens:public_survey_list")
    except NoReverseMatch:
        return {"told_path": "", "told_at": ""}
    return {"told_path": path, "told_at": f"{request.get_host()}{path}"}


def _subscribe(request: HttpRequest, door: Door) -> HttpResponse:
    mail = request.POST.get("mail", "").strip()
    context = {**_frame(request, door), **_afterwards(request, door), "mail": mail}
    too_many = refusal(request)
    if too_many:
        return _told(request, context | {"too_many": too_many}, 429)
    if not _is_mail(mail):
        return _told(request, context | {"mail_error": "unreadable"}, 422)
    if context["can_subscribe"]:
        subscribe(door.survey, address=mail.lower())
    return _told(request, context | {"is_told": True, "mail": ""}, 200)


def _told(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, "citizens/answer_thanks.html", {"too_many": None, **context}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(context["too_many"].seconds)
    return response


def _is_mail(text: str) -> bool:
    try:
        EmailField(max_length=254).clean(text)
    except ValidationError:
        return False
    return True
