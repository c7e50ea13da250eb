"""Whose answers are whose in a pseudonymous survey: for the two named employees, until the links are deleted.

To everybody else the pages do not exist: not even who takes part may be seen.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from citizens.actions.participants import correct_answers, delete_participant
from citizens.answer_form import AnswerForm, given_from
from citizens.kinds import Anonymity, QuestionKind
from citizens.models import Participant, Response, Survey
from goals.views.shared import PAGE
from organisation.access import requires
from organisation.permissions import Permission


def _linked_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey, when the person is one of the two, still has a role there, and the links are not deleted."""
    linked = Survey.objects.visible_to(request.user, request.today).filter(
        linkers=request.user, anonymity=Anonymity.PSEUDONYMOUS, addresses_deleted_on=None
    )
    return get_object_or_404(linked.select_related("authority"), pk=pk)


@requires(Permission.SEE_AUTHORITY)
def participant_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes, whom they stand for, and whether they have answered; found by code or address."""
    survey = _linked_survey(request, pk)
    participants = survey.participants.select_related("group", "answered").order_by("code")
    if words := request.GET.get("q", "").strip()[:100]:
        participants = participants.filter(code__iexact=words) | participants.filter(address__icontains=words)
    page = Paginator(participants, PAGE).get_page(request.GET.get("side"))
    return render(request, "citizens/participant_list.html", {"survey": survey, "page": page, "words": words})


@requires(Permission.SEE_AUTHORITY)
def participant_detail(request: HttpRequest, pk: int, participant: int) -> HttpResponse:
    """One participant's answers: shown, corrected or deleted because the person asks for it."""
    survey = _linked_survey(request, pk)
    found = get_object_or_404(survey.participants.select_related("survey__authority", "group"), pk=participant)
    response = Response.objects.filter(participant_link__participant=found).select_related("questionnaire").first()
    if "slet" in request.POST:
        return _deleted(request, found)
    form = _form(request, response) if response is not None else None
    if form is not None and request.method == "POST" and form.is_valid():
        correct_answers(found, form.answers, by=request.user, now=request.now)
        messages.success(request, _("Svarene er rettet."))
        return redirect("citizens:participant_detail", pk, participant)
    context = {"survey": survey, "participant": found, "response": response, "form": form}
    status = 422 if form is not None and form.faults else 200
    return render(request, "citizens/participant_detail.html", context, status=status)


def _form(request: HttpRequest, response: Response) -> AnswerForm:
    """The questions with what was answered; free text is kept apart from the rest and cannot be found again."""
    whole = AnswerForm(response.questionnaire)
    codes = [spec.code for spec in whole.specs if spec.kind != QuestionKind.TEXT]
    if request.method == "POST":
        return AnswerForm(response.questionnaire, given_from(request.POST, codes), only=codes)
    given = {code: value if isinstance(value, list) else [value] for code, value in response.answers.items()}
    return AnswerForm(response.questionnaire, given, only=codes, is_checked=False)


def _deleted(request: HttpRequest, participant: Participant) -> HttpResponse:
    delete_participant(participant, by=request.user, now=request.now)
    messages.success(request, _("Svarene og koblingen er slettet."))
    return redirect("citizens:participant_list", participant.survey_id)
