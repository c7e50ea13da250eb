"""Answers from another survey system: chosen, read, shown column by column, and stored only when somebody says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.actions.importing import import_more, import_survey, imported_before
from citizens.actions.questions import NotPossible, questions_of
from citizens.editing import faults_of
from citizens.forms.importing import AnswerFileForm, ColumnsForm, DayForm, ImportedSurveyForm, open_surveys
from citizens.forms.questions import SENTENCES, labelled
from citizens.importing import Planned, Reading, cpr_columns, match, plan, read_answers
from citizens.importing_columns import Column, Role, fingerprint, guess, read_columns
from citizens.kinds import BESIDE, QuestionKind
from citizens.labels import BESIDE_LABELS, QUESTION_KINDS
from citizens.models import Survey
from citizens.views.shared import goals_to_ask_about, refusal_text
from followup.models import Upload
from goals.views.shared import posted, units_for
from organisation.access import requires
from organisation.permissions import Permission
from organisation.sheets import Row, read_sheets

MOST_SHOWN = 6  # different answers of a column
MOST_NAMED = 20  # things that are wrong


@requires(Permission.RUN_SURVEYS)
def survey_import(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is read before anything is kept; a file that cannot be read is refused with a reason."""
    form = AnswerFileForm(request.POST, request.FILES) if request.method == "POST" else AnswerFileForm()
    if request.method == "POST" and form.is_valid():
        upload = Upload.objects.create(
            authority=request.authority,
            by=request.user,
            at=request.now,
            filename=form.cleaned_data["file"].name[:200],
            content=form.content,
        )
        return redirect("citizens:survey_import_preview", upload.pk)
    return render(request, "citizens/survey_import.html", {"form": form}, status=422 if form.errors else 200)


@dataclass
class Preview:
    """A file of answers, read as the person has chosen so far."""

    request: HttpRequest
    upload: Upload

    @cached_property
    def _table(self) -> list[Row]:
        rows = read_sheets(bytes(self.upload.content), self.upload.filename).sheets[0].rows
        return [row for row in rows if any(cell not in (None, "") for cell in row)]

    @property
    def headers(self) -> Row:
        return self._table[0]

    @property
    def rows(self) -> list[Row]:
        return self._table[1:]

    @cached_property
    def columns(self) -> list[Column]:
        return read_columns(self.headers, self.rows)

    @cached_property
    def code(self) -> str:
        return fingerprint(self.headers, self.rows)

    @cached_property
    def roles(self) -> dict[int, Role]:
        guessed = guess(self.columns, len(self.rows))
        chosen = self.upload.mapping.get("roles", {})
        return {index: Role(chosen.get(str(index), role)) for index, role in guessed.items()}

    @property
    def titles(self) -> Mapping[str, str]:
        return self.upload.mapping.get("titles", {})

    @cached_property
    def surveys(self):
        mine = Survey.objects.filter(authority=self.upload.authority)
        return open_surveys(mine.editable_by(self.request.user, self.request.today))

    @cached_property
    def survey(self) -> Survey | None:
        """The open survey that the answers are added to."""
        return self.surveys.filter(pk=self.upload.mapping.get("survey") or 0).first()

    @cached_property
    def _planned(self) -> tuple[list[Planned], list[Column]]:
        if self.survey is None:
            return plan(self.columns, self.roles, self.titles), []
        return match(self.columns, self.roles, questions_of(self.survey))

    @property
    def planned(self) -> list[Planned]:
        return self._planned[0]

    @cached_property
    def reading(self) -> Reading:
        return read_answers(self.planned, self.rows)

    @cached_property
    def before(self) -> Survey | None:
        """The survey that holds the same answers already."""
        return imported_before(self.upload.authority, self.code)

    @cached_property
    def faults(self) -> list[str]:
        """Why nothing can be stored, in words; the first of many."""
        return [*self._file_faults(), *self._unknown_questions(), *self._unknown_answers()][:MOST_NAMED]

    def _file_faults(self) -> list[str]:
        found = []
        if self.before is not None:
            found.append(_("De samme svar er allerede indlæst i ”%s”. Intet er gemt igen.") % self.before.title)
        for index, count in cpr_columns(self.planned, self.columns).items():
            said = {"column": letters(index), "count": count}
            found.append(
                _("Kolonne %(column)s ser ud til at indeholde CPR-numre (%(count)d linjer). Spring den over.") % said
            )
        if not self.reading.rows and self.before is None:
            found.append(_("Ingen linjer har svar. Vælg, hvad mindst én kolonne bliver til."))
        questions = [one.facts for one in self.planned] if self.survey is None else []
        numbers = {one.code: letters(one.sources[0].index) for one in self.planned}
        for fault in faults_of(questions):
            found.append(_("Kolonne %(column)s: %(why)s") % {
                "column": numbers.get(fault.code, "–"), "why": SENTENCES[fault.key]
            })  # fmt: skip
        return found

    def _unknown_questions(self) -> list[str]:
        text = _("Kolonne %(column)s: Undersøgelsen har ikke spørgsmålet ”%(words)s”. Spring kolonnen over.")
        return [text % {"column": letters(one.index), "words": one.words} for one in self._planned[1]]

    def _unknown_answers(self) -> list[str]:
        text = _("Kolonne %(column)s: ”%(answer)s” er ikke et svar på spørgsmålet (%(count)d linjer).")
        return [
            text % {"column": letters(index), "answer": answer[:80], "count": count}
            for index, counts in self.reading.unknown.items()
            for answer, count in counts.most_common(MOST_SHOWN)
        ]


def letters(index: int) -> str:
    """What a spreadsheet calls the column: A, B … AA."""
    text, left = "", index + 1
    while left:
        left, at = divmod(left - 1, 26)
        text = chr(65 + at) + text
    return text


@requires(Permission.RUN_SURVEYS)
def survey_import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What every column becomes and every question would hold; nothing is stored before the button."""
    upload = get_object_or_404(Upload, pk=pk, by=request.user, authority=request.authority)
    preview = Preview(request, upload)
    if request.method == "POST" and "cancel" in request.POST:
        upload.delete()
        messages.success(request, _("Filen er ikke indlæst, og intet er ændret."))
        return redirect("citizens:survey_import")
    if request.method == "POST" and "read" in request.POST:
        form = _columns_form(preview, request.POST)
        if form.is_valid():
            upload.mapping = form.choice()
            upload.save(update_fields=["mapping"])
            return redirect("citizens:survey_import_preview", pk)
        return _page(request, preview, columns_form=form)
    store_form = _store_form(request, preview)
    if request.method == "POST" and store_form.is_valid() and not preview.faults:
        return _store(request, preview, store_form)
    return _page(request, preview, store_form=store_form)


def _columns_form(preview: Preview, data: Any = None) -> ColumnsForm:
    return ColumnsForm(
        data,
        columns=preview.columns,
        roles=preview.roles,
        titles=preview.titles,
        surveys=preview.surveys,
        initial={"survey": preview.survey},
    )


def _store_form(request: HttpRequest, preview: Preview) -> ImportedSurveyForm | DayForm:
    if preview.survey is not None:
        return DayForm(posted(request), survey=preview.survey, today=request.today)
    return ImportedSurveyForm(
        posted(request),
        units=units_for(request, Permission.RUN_SURVEYS).order_by("name"),
        goals=goals_to_ask_about(request),
        today=request.today,
        filename=preview.upload.filename,
    )


def _store(request: HttpRequest, preview: Preview, form: ImportedSurveyForm | DayForm) -> HttpResponse:
    rows, day = preview.reading.rows, form.cleaned_data["day"]
    told = {"filename": preview.upload.filename, "code": preview.code, "by": request.user, "now": request.now}
    try:
        if isinstance(form, DayForm):
            survey = import_more(preview.survey, rows, day=day, **told)
        else:
            fields, unit = form.facts(request.user.email), form.cleaned_data["unit"]
            survey = import_survey(unit, preview.planned, rows, fields=fields, day=day, **told)
    except NotPossible as refusal:
        messages.error(request, refusal_text(refusal))
        return redirect("citizens:survey_import_preview", preview.upload.pk)
    preview.upload.delete()
    count = len(rows)
    text = ngettext("%d besvarelse er indlæst.", "%d besvarelser er indlæst.", count) % count
    messages.success(request, text + " " + _("Det, folk har skrevet, er holdt tilbage, til nogen har læst det."))
    return redirect("citizens:survey_detail", survey.pk)


def _page(
    request: HttpRequest,
    preview: Preview,
    columns_form: ColumnsForm | None = None,
    store_form: ImportedSurveyForm | DayForm | None = None,
) -> HttpResponse:
    form = columns_form or _columns_form(preview)
    shown = store_form or _store_form(request, preview)
    context = {
        "upload": preview.upload,
        "columns_form": form,
        "store_form": shown,
        "columns": [_column_row(one, form) for one in preview.columns],
        "questions": _question_rows(preview),
        "faults": preview.faults,
        "survey": preview.survey,
        "responses": len(preview.reading.rows),
        "empty": preview.reading.empty,
        "cut": preview.reading.cut,
        "comments": sum(len(one.texts) for one in preview.reading.rows),
    }
    failed = form.errors or shown.errors or (request.method == "POST" and preview.faults)
    return render(request, "citizens/survey_import_preview.html", context, status=422 if failed else 200)


def _column_row(column: Column, form: ColumnsForm) -> dict[str, Any]:
    most = column.counts.most_common(MOST_SHOWN)
    return {
        "letters": letters(column.index),
        "header": column.header,
        "filled": column.filled,
        "most": [] if column.is_of_persons or len(column.counts) > 3 * MOST_SHOWN else most,
        "different": len(column.counts),
        "role": form[f"col-{column.index}"],
        "is_of_persons": column.is_of_persons,
    }


def _question_rows(preview: Preview) -> list[dict[str, Any]]:
    """The questions as they will be, and how often each answer is given."""
    counts: dict[str, dict[str, int]] = {one.code: {} for one in preview.planned}
    answered = dict.fromkeys(counts, 0)
    for row in preview.reading.rows:
        for code, value in row.answers.items():
            answered[code] += 1
            for choice in value if isinstance(value, list) else [value]:
                counts[code][choice] = counts[code].get(choice, 0) + 1
        for code, _text in row.texts:
            counts[code]["text"] = counts[code].get("text", 0) + 1
    return [_question_row(one, answered[one.code], counts[one.code]) for one in preview.planned]


def _question_row(planned: Planned, answered: int, counts: Mapping[str, int]) -> dict[str, Any]:
    facts = planned.facts
    is_text = facts["kind"] == QuestionKind.TEXT
    words = labelled(facts) + [(code, str(BESIDE_LABELS[code])) for code in BESIDE if code in counts]
    return {
        "text": facts["text"].get("da", ""),
        "kind": QUESTION_KINDS[QuestionKind(facts["kind"])],
        "answered": counts.get("text", 0) if is_text else answered,
        "answers": [] if is_text else [(text, counts.get(code, 0)) for code, text in words],
        "is_background": facts["is_background"],
        "written": 0 if is_text else counts.get("text", 0),
    }
