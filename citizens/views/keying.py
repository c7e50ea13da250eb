"""Keying in paper forms, and interviews: one form after another on one page.

A form that is stored answers with the next one, and is not redirected: nothing of an answer stands in an address, and
so in no log. The page carries a key of its own, so that reloading it stores nothing twice.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.actions.answers import AlreadyUsed
from citizens.actions.keying import NotPossible, key_in, take_back
from citizens.answer_form import AnswerForm, given_from
from citizens.kinds import Method, QuestionKind, SurveyState
from citizens.models import AnswerGroup, Participant, Questionnaire, Survey
from citizens.paper_codes import UnknownCode, read_keyed
from citizens.papers import PaperQuestion, paper_questions
from citizens.questionnaire import Answer
from citizens.views.methods import keyed_survey, questions_of
from goals.views.shared import chosen_id
from organisation.access import requires
from organisation.permissions import Permission

BACK_SECONDS = 12 * 60 * 60
TAKEN = (SurveyState.OPEN, SurveyState.PILOT)


@requires(Permission.ENTER_ANSWERS)
def key_in_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One field a question, taking the printed codes; Enter stores and shows the next."""
    return _keying(request, pk, Method.PAPER, "citizens/key_in_paper.html")


@requires(Permission.ENTER_ANSWERS)
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """The citizen's questions beside what the employee reads aloud."""
    return _keying(request, pk, Method.INTERVIEW, "citizens/interview.html")


@require_POST
@requires(Permission.ENTER_ANSWERS)
def key_in_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the form that was keyed last on the page."""
    survey = keyed_survey(request, pk)
    try:
        last = signing.loads(request.POST.get("last", ""), salt=_salt(request, survey), max_age=BACK_SECONDS)
        take_back(survey, key=UUID(last["key"]), texts=last["texts"])
    except (signing.BadSignature, NotPossible):
        messages.error(request, _("Der er ikke noget at fortryde. Intet er ændret."))
    else:
        messages.success(request, _("Det sidste skema er slettet. Tast det igen."))
    is_interview = request.POST.get("metode") == Method.INTERVIEW
    return redirect("citizens:interview" if is_interview else "citizens:key_in_paper", pk)


def _salt(request: HttpRequest, survey: Survey) -> str:
    return f"citizens.keyed.{request.user.pk}.{survey.pk}"


def _keying(request: HttpRequest, pk: int, method: Method, template: str) -> HttpResponse:
    survey = keyed_survey(request, pk)
    questionnaire = questions_of(survey)
    page = _Page(request, survey, questionnaire, method)
    if survey.state not in TAKEN:
        return render(request, template, page.context(closed=True))
    status = 200
    if request.method == "POST":
        page.store()
        status = 422 if page.is_faulty else 200
    return render(request, template, page.context(), status=status)


class _Page:
    """One form on its way: what was keyed, what is wrong with it, and the next one when it is stored."""

    def __init__(self, request: HttpRequest, survey: Survey, questionnaire: Questionnaire, method: Method) -> None:
        self.request, self.survey, self.questionnaire, self.method = request, survey, questionnaire, method
        self.post = request.POST if request.method == "POST" else None
        self.faults: dict[str, str] = {}
        self.keyed: dict[str, str] = {}
        self.form = AnswerForm(questionnaire)
        self.group_id = chosen_id(self.post.get("gruppe")) if self.post else None
        self.number = min(chosen_id(self.post.get("nummer")) or 1, 100_000) if self.post else 1
        self.key, self.last, self.said = uuid4(), "", ""

    @property
    def is_faulty(self) -> bool:
        return bool(self.faults) or bool(self.form.faults)

    def store(self) -> None:
        """Store what was sent, or keep it with what is wrong."""
        self.form = AnswerForm(self.questionnaire, self._given())
        group, participant = self._group(), self._participant()
        if not self.form.answers and not self.is_faulty:
            self.faults[""] = _("Skemaet er tomt. Tast mindst ét svar.")
        if self.is_faulty:
            self.key = self._key() or self.key
            return
        self._stored(self.form.answers, group, participant)

    def _stored(
        self, answers: Mapping[str, Answer], group: AnswerGroup | None, participant: Participant | None
    ) -> None:
        key = self._key() or self.key
        try:
            key_in(
                self.survey,
                self.questionnaire,
                answers=answers,
                method=self.method,
                group=group,
                participant=participant,
                key=key,
                day=self.request.today,
            )
        except AlreadyUsed:
            self.faults["kode"] = _("Koden har allerede svaret.")
            return
        except NotPossible as refusal:
            if refusal.key == "closed":
                self.faults[""] = _("Undersøgelsen lukkede imens. Skemaet er ikke gemt.")
                return
            self.said = _("Skemaet var gemt i forvejen. Intet er gemt to gange.")
        texts = {one.code for one in self.form.specs if one.kind == QuestionKind.TEXT}
        plain = {"key": str(key), "texts": {code: answers[code] for code in answers if code in texts}}
        self.last = signing.dumps(plain, salt=_salt(self.request, self.survey), compress=True)
        self.said = self.said or _("Skema nr. %s er gemt.") % self.number
        self.number, self.key, self.keyed = self.number + 1, uuid4(), {}
        self.form = AnswerForm(self.questionnaire)

    def _given(self) -> dict[str, list[str]]:
        codes = [spec.code for spec in self.form.specs]
        if self.method == Method.INTERVIEW:
            return given_from(self.post, codes)
        self.keyed = {code: self.post.get(code, "") for code in codes}
        given = {}
        for spec in self.form.specs:
            try:
                given[spec.code] = read_keyed(spec, self.keyed[spec.code])
            except UnknownCode as unknown:
                self.faults[spec.code] = _("”%s” er ikke en af koderne.") % unknown.code[:20]
        return given

    def _key(self) -> UUID | None:
        try:
            return UUID(self.post.get("noegle", ""))
        except ValueError:
            return None

    def _group(self) -> AnswerGroup | None:
        if not self.post.get("gruppe"):
            return None
        group = self.survey.groups.filter(pk=self.group_id or 0).first()
        if group is None:
            self.faults["gruppe"] = _("Vælg en af grupperne.")
        return group

    def _participant(self) -> Participant | None:
        code = self.post.get("kode", "").strip()
        if self.survey.is_anonymous or not code:
            return None
        found = self.survey.participants.filter(code__iexact=code).first()
        if found is None:
            self.faults["kode"] = _("Vi kender ikke koden.")
        return found

    def context(self, *, closed: bool = False) -> dict[str, Any]:
        """What the page shows."""
        rows = [] if closed or self.method == Method.INTERVIEW else self._rows()
        return {
            "survey": self.survey,
            "questionnaire": self.questionnaire,
            "closed": closed,
            "form": self.form,
            "rows": rows,
            "groups": self.survey.groups.all(),
            "group_id": self.group_id,
            "code": self.post.get("kode", "") if self.post and self.is_faulty else "",
            "number": self.number,
            "key": self.key,
            "last": self.last,
            "said": self.said,
            "faults": {name: self.faults.get(name, "") for name in ("", "gruppe", "kode")},
            "general": self.faults.get("", ""),
            "is_faulty": self.is_faulty,
            "method": self.method,
        }

    def _rows(self) -> list[tuple[PaperQuestion, str, str]]:
        """Each question with what was keyed and what is wrong with it."""
        faults = {one.code: one.error for one in self.form.faulty} | self.faults
        return [
            (one, self.keyed.get(one.asked.code, ""), faults.get(one.asked.code, ""))
            for one in paper_questions(self.questionnaire)
        ]
