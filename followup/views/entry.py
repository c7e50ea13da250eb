"""Entering values: the inbox, the grid, and the report's way to approval."""

from collections.abc import Callable, Container
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from followup.actions.measurements import CellState, correct_value
from followup.actions.submissions import (
    NotPossible,
    approve,
    enter_values,
    give_late_exception,
    hold_for_entry,
    put_back,
    send_back,
    submit,
    take_up,
    waiting_below,
    withdraw,
)
from followup.assessment_forms import AssessmentForm, goals_posted
from followup.deviations import accounts_of
from followup.entry import (
    Cell,
    CellError,
    Group,
    cells_of,
    groups_of,
    posted_ids_in,
    read_cell,
    take_outcomes,
    value_words,
)
from followup.explaining import Stop
from followup.forms import CorrectionForm, LateExceptionForm, ReturnForm
from followup.inbox import report_task, reports_of, waiting_for, with_what_rows_say
from followup.kinds import EDITABLE, WAITING
from followup.locks import lock_of
from followup.models import DueValue, Measurement, Submission, SubmissionState
from followup.refusals import refusal_words
from followup.status import DEVIATIONS
from followup.views.mails import say_if_delayed
from followup.workflow import Step, open_steps
from goals.labels import MISSING_REASONS, choices
from organisation.access import fetch, requires
from organisation.models import HistoryEntry, Unit
from organisation.permissions import Permission

PEOPLE = ("round__body", "unit", "submitted_by", "reviewed_by", "decided_by")  # what a report's page names
# What came back first, then what is to be done, then what waits for others.
PLACE_IN_LIST = {
    SubmissionState.RETURNED: 0,
    SubmissionState.DRAFT: 1,
    SubmissionState.SUBMITTED: 2,
    SubmissionState.IN_REVIEW: 2,
    SubmissionState.APPROVED: 3,
}


# ---- what I owe ------------------------------------------------------------------------------------------------------


@requires(Permission.ENTER_VALUES)
def entry_list(request: HttpRequest) -> HttpResponse:
    """What I owe, by when, and what waits for my approval."""
    user, today = request.user, request.today
    whose = request.authority.pk, user.as_viewer(today), today
    own = sorted(with_what_rows_say(reports_of(*whose)), key=lambda one: PLACE_IN_LIST[one.state])
    context = {
        "owed": [_report_row(one, today) for one in own],
        "open_count": sum(1 for one in own if one.is_editable_on(today)),
        "to_approve": with_what_rows_say(waiting_for(*whose)),
    }
    if user.may_somewhere(Permission.APPROVE, today):
        units = Unit.objects.allowing(Permission.APPROVE, user, today)
        waiting = Submission.objects.under_way(today).filter(unit__in=units, state__in=EDITABLE)
        context["waiting"] = with_what_rows_say(waiting.exclude(pk__in=[one.pk for one in own]))
    return render(request, "followup/entry_list.html", context)


def _report_row(submission: Submission, today: date) -> dict[str, Any]:
    task = report_task(submission, today)
    is_editable = submission.is_editable_on(today)
    return {
        "submission": submission,
        "minutes": task.minutes,
        "done_count": task.done_count,
        "is_editable": is_editable,
        "is_late": is_editable and task.is_late,
    }


# ---- the grid --------------------------------------------------------------------------------------------------------


def _submission(request: HttpRequest, round_id: int, unit_id: int, allowed) -> Submission:
    visible = Submission.objects.visible_to(request.user, request.today).select_related(*PEOPLE)
    return fetch(visible, allowed, round=round_id, unit=unit_id)


@requires(Permission.SEE_DRAFTS)
def entry_grid(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """Everything one unit owes one round."""
    visible = Submission.objects.visible_to(request.user, request.today).select_related(*PEOPLE)
    submission = get_object_or_404(visible, round=round_id, unit=unit_id)
    page = "_grid_news" if request.htmx else "entry_grid"
    return render(request, f"followup/{page}.html", grid_context(request, submission))


def grid_context(
    request: HttpRequest,
    submission: Submission,
    cells: list[Cell] | None = None,
    forms: dict[int, AssessmentForm] | None = None,
) -> dict[str, Any]:
    """What the grid shows; `cells` and `forms` (by goal) when they carry what was just typed."""
    rights = submission.unit.rights_of(request.user, request.today)
    steps = open_steps(submission.as_report(), by=request.user.pk, rights=rights, today=request.today)
    if cells is None:
        cells = cells_of(_due_of(submission), request.today, is_editable=Step.ENTER in steps)
    groups = groups_of(submission, cells)
    made = forms_of(request, submission, groups) | (forms or {})
    for group in groups:
        group.form = made.get(group.goal.pk) if group.goal is not None else None
    history = list(HistoryEntry.objects.about(submission))
    return {
        "submission": submission,
        "round": submission.round,
        "groups": groups,
        "cells": cells,
        "periods": sorted({(cell.due.period_end, cell.period_name) for cell in cells}),
        "reasons": choices(MISSING_REASONS),
        "steps": steps,
        "lock": lock_of(submission, rights, request.today),
        "may_enter": Step.ENTER in steps,
        "may_submit": Permission.SUBMIT in rights,
        "may_correct": Permission.CORRECT_VALUES in rights,
        "may_review": Permission.APPROVE in rights
        and submission.state in WAITING
        and submission.submitted_by_id != request.user.pk,
        "history": history,
        "returns": [entry for entry in history if entry.verb == SubmissionState.RETURNED],
        **progress(cells, list(made.values())),
    }


def forms_of(
    request: HttpRequest, submission: Submission, groups: list[Group], only: Container[int] | None = None
) -> dict[int, AssessmentForm]:
    """What is written about the goals, by goal; with `only`, what was just posted about those.

    A goal is judged by its responsible leader and by those who send the report.
    """
    may_submit = Permission.SUBMIT in submission.unit.rights_of(request.user, request.today)
    return {
        account.goal.pk: AssessmentForm(
            account,
            request.POST if only is not None else None,
            may_judge=may_submit or account.goal.responsible_id == request.user.pk,
        )
        for account in accounts_of(submission, groups, request.today)
        if only is None or account.goal.pk in only
    }


def progress(cells: list[Cell], forms: list[AssessmentForm]) -> dict[str, Any]:
    """How far the grid is, and what stops it from being sent: of each kind how many, and where the first is."""
    missing = [f"r{cell.pk}" for cell in cells if cell.measurement is None]
    conflicts = [f"r{cell.pk}" for cell in cells if cell.conflict]
    kinds = {
        "missing": missing,
        "error": [f"r{cell.pk}" for cell in cells if cell.error],
        "conflict": conflicts + [f"f{form.account.goal.pk}" for form in forms if form.refused],
        "far": [f"r{cell.pk}" for cell in cells if cell.far],
        Stop.EXPLANATION: [
            form["what_happened"].id_for_label for form in forms if Stop.EXPLANATION in form.account.lacks
        ],
        Stop.ACTION: [f"h{form.account.goal.pk}" for form in forms if Stop.ACTION in form.account.lacks],
    }
    return {
        "done_count": len(cells) - len(missing),
        "due_count": len(cells),
        "stops": [{"key": str(key), "count": len(found), "first": found[0]} for key, found in kinds.items() if found],
    }


def _due_of(submission: Submission, ids: list[int] | None = None) -> list[DueValue]:
    due = DueValue.objects.filter(submission=submission).for_grid()
    if ids is not None:
        due = due.filter(pk__in=ids)
    return list(due.order_by("series__indicator__name", "period_end", "pk"))


@requires(Permission.ENTER_VALUES)
@require_POST
def entry_save(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """Save the cells posted: one by htmx, a pasted block, or the whole form without JavaScript."""
    posted_ids = posted_ids_in(name[2:] for name in request.POST if name[:2] == "x-")
    due = list(
        DueValue.objects.filter(
            submission__round=round_id,
            submission__unit=unit_id,
            submission__unit__in=Unit.objects.allowing(Permission.ENTER_VALUES, request.user, request.today),
            pk__in=posted_ids,
        )
        .for_grid()
        .order_by("series__indicator__name", "period_end", "pk")
    )
    posted_goals = goals_posted(list(request.POST))
    if due:
        submission = due[0].submission
    else:
        # No number to save: say whether the page is invisible (404) or only not the person's to fill in (403).
        allowed = Submission.objects.editable_by(request.user, request.today)
        submission = _submission(request, round_id, unit_id, allowed)
        if posted_ids:
            raise Http404
        if not posted_goals:
            return redirect("followup:entry_grid", round_id, unit_id)
    cells = cells_of(due, request.today)
    try:
        _store(submission, cells, request)
        forms = _store_words(submission, posted_goals, request) if posted_goals else {}
    except NotPossible as error:
        return _locked(request, submission, error)
    statuses = {form.status for form in forms.values()} | {409 for cell in cells if cell.conflict}
    statuses |= {422 for cell in cells if cell.is_rejected}
    status = 409 if 409 in statuses else max(statuses, default=200)
    if request.htmx:
        counts = _counts(submission)
        context = {"cells": cells, "submission": submission, "reasons": choices(MISSING_REASONS), **counts}
        return render(request, "followup/_saved_cells.html", context, status=status)
    if status != 200:
        whole = cells_of(_due_of(submission), request.today)
        answered = {cell.pk: cell for cell in cells}
        context = grid_context(request, submission, [answered.get(cell.pk, cell) for cell in whole], forms)
        return render(request, "followup/entry_grid.html", context, status=status)
    messages.success(request, _("Kladden er gemt."))
    if goal := posted_ids_in([request.POST.get("start_action", "")]):
        return redirect(f"{reverse('followup:action_create')}?maal={goal[0]}&indberetning={submission.pk}")
    return redirect("followup:entry_grid", round_id, unit_id)


def _store_words(submission: Submission, goals: Container[int], request: HttpRequest) -> dict[int, AssessmentForm]:
    """Store what was posted about the goals; the forms by goal, with what could not be stored."""
    with transaction.atomic():
        held = hold_for_entry(submission, by=request.user, now=request.now)
        groups = groups_of(held, cells_of(_due_of(held), request.today))
        forms = forms_of(request, held, groups, only=goals)
        for form in forms.values():
            form.save(held, by=request.user, now=request.now)
    return forms


def _counts(submission: Submission) -> dict[str, Any]:
    counted = Submission.objects.filter(pk=submission.pk).with_counts().values("due_count", "missing_count")[0]
    return {"due_count": counted["due_count"], "done_count": counted["due_count"] - counted["missing_count"]}


def _store(submission: Submission, cells: list[Cell], request: HttpRequest) -> None:
    """Read what was typed and store what can be; the cells carry the outcome."""
    values = []
    for cell in cells:
        try:
            value = read_cell(request.POST, cell)
        except CellError as error:
            cell.error = str(error)
            continue
        if value is not None:
            values.append(value)
    take_outcomes(cells, enter_values(submission, values, by=request.user, now=request.now))


def _locked(request: HttpRequest, submission: Submission, error: NotPossible) -> HttpResponse:
    text = refusal_words(error)
    if request.htmx:
        return render(request, "followup/_refused.html", {"text": text}, status=423)
    messages.error(request, text)
    return redirect("followup:entry_grid", submission.round_id, submission.unit_id)


@requires(Permission.ENTER_VALUES)
@require_POST
def entry_assessment(request: HttpRequest, round_id: int, unit_id: int, goal_id: int) -> HttpResponse:
    """Save, as it is typed, what the leader writes about one goal."""
    allowed = Submission.objects.editable_by(request.user, request.today)
    submission = _submission(request, round_id, unit_id, allowed)
    try:
        form = _store_words(submission, {goal_id}, request).get(goal_id)
    except NotPossible as error:
        return _locked(request, submission, error)
    if form is None:
        raise Http404
    if not request.htmx:
        return redirect(f"{reverse('followup:entry_grid', args=[round_id, unit_id])}#f{goal_id}")
    context = grid_context(request, submission, forms={goal_id: form}) | {"form": form}
    return render(request, "followup/_saved_assessment.html", context, status=form.status)


# ---- the report's way ------------------------------------------------------------------------------------------------


def _step(
    request: HttpRequest,
    submission: Submission,
    done: str,
    step: Callable[[Submission], Any],
    back="followup:entry_grid",
) -> HttpResponse:
    try:
        step(submission)
    except NotPossible as error:
        messages.error(request, refusal_words(error))
    else:
        messages.success(request, done)
    return redirect(back, submission.round_id, submission.unit_id)


@requires(Permission.SUBMIT)
@require_POST
def entry_submit(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """Send to approval."""
    allowed = Submission.objects.submittable_by(request.user, request.today)
    submission = _submission(request, round_id, unit_id, allowed)
    try:
        submit(submission, by=request.user, now=request.now)
    except NotPossible as error:
        if error.key == "unexplained":
            context = grid_context(request, submission) | {"is_refused": True}
            return render(request, "followup/entry_grid.html", context, status=422)
        messages.error(request, refusal_words(error))
    else:
        messages.success(request, _("Indberetningen er sendt til godkendelse."))
        say_if_delayed(request, submission)
    return redirect("followup:entry_grid", round_id, unit_id)


@requires(Permission.SUBMIT)
@require_POST
def entry_withdraw(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """Take back what was sent."""
    allowed = Submission.objects.submittable_by(request.user, request.today)
    submission = _submission(request, round_id, unit_id, allowed)
    return _step(
        request,
        submission,
        _("Indberetningen er trukket tilbage. Du kan rette igen."),
        partial(withdraw, by=request.user, now=request.now),
    )


# What the buttons of the review page do, and what is said when it is done.
REVIEW = {
    "take_up": (take_up, gettext_lazy("Du har taget indberetningen op. Ingen ændrer den imens.")),
    "put_back": (put_back, gettext_lazy("Indberetningen er lagt tilbage.")),
    "approve": (approve, gettext_lazy("Godkendt. Tallene er låst.")),
}


@requires(Permission.APPROVE)
def submission_review(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """What a unit sent: deviations first; take it up or put it back, approve it, or return it with a reason."""
    allowed = Submission.objects.approvable_by(request.user, request.today)
    submission = _submission(request, round_id, unit_id, allowed)
    form = ReturnForm(request.POST if "send_back" in request.POST else None)
    for name, (step, done) in REVIEW.items():
        if request.method == "POST" and name in request.POST:
            back = "followup:entry_grid" if name == "approve" else "followup:submission_review"
            return _step(request, submission, done, partial(step, by=request.user, now=request.now), back=back)
    if request.method == "POST" and form.is_valid():
        returned = partial(send_back, reason=form.cleaned_data["reason"], by=request.user, now=request.now)
        return _step(request, submission, _("Sendt tilbage."), returned)
    context = grid_context(request, submission)
    cells = sorted(context["cells"], key=lambda cell: cell.light not in DEVIATIONS)
    deviating = sum(1 for cell in cells if cell.light in DEVIATIONS)
    context |= {"form": form, "cells": cells, "deviating": deviating, "waiting": waiting_below(submission)}
    return render(request, "followup/submission_review.html", context, status=422 if form.errors else 200)


@requires(Permission.PLAN_ROUNDS)
def late_exception(request: HttpRequest, round_id: int, unit_id: int) -> HttpResponse:
    """Let one unit enter until a later day, with a reason."""
    units = Unit.objects.allowing(Permission.PLAN_ROUNDS, request.user, request.today)
    submission = _submission(request, round_id, unit_id, Submission.objects.filter(unit__in=units))
    form = LateExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            give_late_exception(
                submission, until=asked["until"], reason=asked["reason"], by=request.user, now=request.now
            )
        except NotPossible as error:
            form.add_error("until" if error.key == "late_too_early" else None, refusal_words(error))
        else:
            messages.success(request, _("Enheden kan indberette til og med den dag, du valgte."))
            return redirect("followup:entry_grid", round_id, unit_id)
    context = {"form": form, "submission": submission, "round": submission.round}
    return render(request, "followup/late_exception.html", context, status=422 if form.errors else 200)


@requires(Permission.APPROVE)
@require_POST
def submissions_approve(request: HttpRequest) -> HttpResponse:
    """Approve several at once, lowest level first; those that cannot be are named."""
    wanted = posted_ids_in(request.POST.getlist("submission"))
    visible = Submission.objects.visible_to(request.user, request.today).filter(pk__in=wanted)
    found = sorted(visible.select_related("unit", "round"), key=lambda one: -len(one.unit.path_ids()))
    allowed = Submission.objects.approvable_by(request.user, request.today).filter(pk__in=wanted)
    approvable = set(allowed.values_list("pk", flat=True))
    if not found:
        messages.error(request, _("Vælg mindst én indberetning."))
    approved = 0
    for one in found:
        try:
            if one.pk not in approvable:
                raise NotPossible("own_submission" if one.submitted_by_id == request.user.pk else "not_allowed")
            approve(one, by=request.user, now=request.now)
            approved += 1
        except NotPossible as error:
            messages.error(request, f"{one.unit.name}: {refusal_words(error)}")
    if approved:
        text = ngettext("%d indberetning er godkendt.", "%d indberetninger er godkendt.", approved) % approved
        messages.success(request, text)
    return redirect("followup:entry_list")


# ---- correction ------------------------------------------------------------------------------------------------------


@requires(Permission.CORRECT_VALUES)
def value_correct(request: HttpRequest, pk: int, measurement_id: int) -> HttpResponse:
    """Change an approved value, with a reason; both values stay visible."""
    visible = Measurement.objects.visible_to(request.user, request.today).approved().filter(parts_expected=None)
    units = Unit.objects.allowing(Permission.CORRECT_VALUES, request.user, request.today)
    allowed = Measurement.objects.filter(series__unit__in=units)
    measurement = fetch(
        visible.select_related("series__indicator", "series__unit"), allowed, pk=measurement_id, series=pk
    )
    form = CorrectionForm(request.POST or None, measurement=measurement)
    if request.method == "POST" and form.is_valid():
        outcome = correct_value(form.cell(), reason=form.cleaned_data["reason"], by=request.user, now=request.now)
        if outcome.state is CellState.CHANGED:
            messages.success(request, _("Tallet er rettet. Både det gamle og det nye tal kan ses."))
            return redirect("followup:series_detail", pk)
        if outcome.state is CellState.UNCHANGED:
            form.add_error(None, _("Det er det samme tal, som står i forvejen."))
        else:
            form = form.from_stored(outcome.measurement)
            now_stored = value_words(outcome.measurement, measurement.series.indicator)
            form.add_error(
                None,
                _("%(who)s rettede tallet imens. Der står nu %(stored)s. Gem igen, hvis dit tal skal gælde.")
                % {"who": outcome.measurement.entered_by or _("En anden"), "stored": now_stored},
            )
    context = {"form": form, "measurement": measurement, "series": measurement.series}
    return render(request, "followup/value_correct.html", context, status=422 if form.errors else 200)
