"""How answers come in: the methods of one survey, and what is printed for them."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from citizens.methods import Place, methods_of, places_of
from citizens.models import Questionnaire, Survey
from citizens.papers import SIZES, paper_pdf, poster_pdf
from citizens.qr import qr_svg
from citizens.specs import current_questionnaire
from organisation.access import fetch, requires
from organisation.models import HistoryEntry
from organisation.permissions import Permission

HISTORY = 20


def run_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person runs it."""
    visible = Survey.objects.visible_to(request.user, request.today).select_related("authority", "unit", "responsible")
    return fetch(visible, Survey.objects.editable_by(request.user, request.today), pk=pk)


def keyed_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person keys in answers to it."""
    user, today = request.user, request.today
    visible = Survey.objects.visible_to(user, today) | Survey.objects.enterable_by(user, today)
    visible = visible.distinct().select_related("authority", "unit")
    return fetch(visible, Survey.objects.enterable_by(user, today), pk=pk)


def questions_of(survey: Survey) -> Questionnaire:
    """The newest version of the questions; 404 when there are none."""
    questionnaire = current_questionnaire(survey)
    if questionnaire is None:
        raise Http404
    return questionnaire


@requires(Permission.RUN_SURVEYS)
def methods(request: HttpRequest, pk: int) -> HttpResponse:
    """Sådan får du svar: each way in, what to do for it, and how many came that way."""
    survey = run_survey(request, pk)
    context = {
        "view": methods_of(survey),
        "survey": survey,
        "has_questions": current_questionnaire(survey) is not None,
        "sizes": SIZES,
        "history": HistoryEntry.objects.about(survey)[:HISTORY],
    }
    return render(request, "citizens/methods.html", context)


@requires(Permission.RUN_SURVEYS)
def qr_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The open link, or that of one group (`?g=`), as a QR code to put in letters and on slides."""
    survey = run_survey(request, pk)
    place = _place(request, survey)
    drawn = f'<?xml version="1.0" encoding="UTF-8"?>\n{qr_svg(place.address, place.printed)}\n'
    return _file(drawn.encode(), "image/svg+xml", _name("qr", survey, place), "svg")


@requires(Permission.RUN_SURVEYS)
def poster(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A poster with the question and the QR code, for the wall: A4 or A3."""
    survey = run_survey(request, pk)
    if size not in SIZES:
        raise Http404
    place = _place(request, survey)
    return _file(poster_pdf(survey, place, size, request.now), "application/pdf", _name("plakat", survey, place), "pdf")


@requires(Permission.ENTER_ANSWERS)
def paper_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions on paper, with codes for keying them in."""
    survey = keyed_survey(request, pk)
    pdf = paper_pdf(survey, questions_of(survey), request.now)
    return _file(pdf, "application/pdf", _name("spoergeskema", survey), "pdf")


def ways_in(request: HttpRequest) -> dict[str, Any]:
    """For the survey's page: the ways in that the person works with. One query."""
    pk, user, today = request.resolver_match.kwargs["pk"], request.user, request.today
    mine = {"pk": OuterRef("pk")}
    named = Survey.linkers.through.objects.filter(survey=OuterRef("pk"), user=user.pk)
    rows = Survey.objects.filter(pk=pk).values_list(
        Exists(Survey.objects.editable_by(user, today).filter(**mine)),
        Exists(Survey.objects.enterable_by(user, today).filter(**mine)),
        Exists(named),
        "addresses_deleted_on",
    )
    may_run, may_enter, is_named, deleted_on = rows.first() or (False, False, False, None)
    return {"may_run": may_run, "may_enter": may_enter, "may_link": is_named and deleted_on is None}


def _place(request: HttpRequest, survey: Survey) -> Place:
    """The open link that `?g=` names; 404 when there is none."""
    asked = request.GET.get("g", "")
    for place in places_of(survey):
        if (place.group.code if place.group is not None else "") == asked:
            return place
    raise Http404


def _name(kind: str, survey: Survey, place: Place | None = None) -> str:
    parts = [kind, survey.slug or str(survey.pk), place.group.code if place is not None and place.group else ""]
    return slugify(" ".join(parts))


def _file(content: bytes, kind: str, name: str, ending: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    )
