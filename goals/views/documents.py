"""Registering steering documents and what they promise. The pages that show them are in `followup`."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from goals.actions.documents import (
    add_promise,
    change_document,
    change_promise,
    link_promise,
    register_document,
    remove_promise,
    unlink_promise,
)
from goals.actions.versions import Stale
from goals.document_files import MEDIA_TYPES
from goals.forms.documents import DocumentForm, PromiseForm
from goals.forms.goals import GoalSearchForm
from goals.models import Decision, Goal, Promise, SteeringDocument
from goals.views.shared import PAGE, answer, chosen_id, posted, saved, show_stale, units_for
from organisation.access import fetch, requires
from organisation.permissions import Permission


@requires(Permission.RECORD_DECISIONS)
def document_create(request: HttpRequest) -> HttpResponse:
    """Register a document."""
    return _document_form(request, SteeringDocument())


@requires(Permission.RECORD_DECISIONS)
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is registered."""
    return _document_form(request, editable_document(request, pk))


def editable_document(request: HttpRequest, pk: int) -> SteeringDocument:
    """The document, when the person may change it."""
    visible = SteeringDocument.objects.visible_to(request.user, request.today)
    editable = SteeringDocument.objects.editable_by(request.user, request.today)
    return fetch(visible.select_related("authority", "body", "decision"), editable, pk=pk)


def _document_form(request: HttpRequest, document: SteeringDocument) -> HttpResponse:
    title, authority_id = document.title, document.authority_id or request.authority.pk
    readable = Decision.objects.readable_by(request.user, request.today)
    form = DocumentForm(
        posted(request),
        request.FILES or None,
        instance=document,
        bodies=units_for(request, Permission.RECORD_DECISIONS, authority_id).bodies(),
        decisions=readable.filter(authority=authority_id),
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            stored = _store_document(form, request)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            return redirect("followup:document_detail", stored.pk)
    context = {"form": form, "document": document, "title": title}
    return render(request, "goals/document_form.html", context, status=answer(form))


def _store_document(form: DocumentForm, request: HttpRequest) -> SteeringDocument:
    document, asked = form.save(commit=False), {"file": form.file, "by": request.user, "now": request.now}
    if document.pk is None:
        return register_document(document, **asked)
    return change_document(document, version=form.cleaned_data["version"], **asked)


@requires(Permission.SEE_AUTHORITY)
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The document's file: a PDF is shown, a Word document fetched."""
    document = get_object_or_404(SteeringDocument.objects.visible_to(request.user, request.today), pk=pk)
    if not document.file_kind:
        raise Http404
    name = f"{slugify(document.title)[:80] or 'dokument'}.{document.file_kind}"
    shown = "inline" if document.file_kind == "pdf" else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{name}"', "Cache-Control": "private, no-cache"}
    return HttpResponse(bytes(document.file), content_type=MEDIA_TYPES[document.file_kind], headers=headers)


# ---- promises --------------------------------------------------------------------------------------------------------


@requires(Permission.RECORD_DECISIONS)
def promise_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the document promises."""
    document = editable_document(request, pk)
    return _promise_form(request, Promise(document=document))


@requires(Permission.RECORD_DECISIONS)
def promise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a promise's words or page, or take it away."""
    promise = editable_promise(request, pk)
    if request.method == "POST" and "remove" in request.POST:
        remove_promise(promise, by=request.user, now=request.now)
        messages.success(request, _("Løftet er slettet."))
        return redirect("followup:document_detail", promise.document_id)
    return _promise_form(request, promise)


def editable_promise(request: HttpRequest, pk: int) -> Promise:
    """The promise, when the person may change its document."""
    visible = Promise.objects.visible_to(request.user, request.today)
    editable = Promise.objects.editable_by(request.user, request.today)
    return fetch(visible.select_related("document__authority").defer("document__file"), editable, pk=pk)


def _promise_form(request: HttpRequest, promise: Promise) -> HttpResponse:
    document, is_new = promise.document, promise.pk is None
    form = PromiseForm(posted(request), instance=promise, pages=document.pages)
    if request.method == "POST" and form.is_valid():
        asked = {"by": request.user, "now": request.now}
        try:
            if is_new:
                add_promise(form.save(commit=False), **asked)
            else:
                change_promise(form.save(commit=False), version=form.cleaned_data["version"], **asked)
        except Stale as stale:
            show_stale(form, stale.stored)
        else:
            messages.success(request, saved())
            if is_new:
                return redirect("goals:promise_goals", promise.pk)
            return redirect("followup:document_detail", document.pk)
    context = {"form": form, "document": document, "promise": promise, "is_new": is_new}
    return render(request, "goals/promise_form.html", context, status=answer(form))


@requires(Permission.RECORD_DECISIONS)
def promise_goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Which goals the promise went into: found by words, added and taken off."""
    promise = editable_promise(request, pk)
    search = GoalSearchForm(request.GET)
    goals = Goal.objects.filter(authority=promise.document.authority_id).adopted().select_related("owner_unit")
    seen = Goal.objects.visible_to(request.user, request.today).values("pk")  # drafts too, of those who see them
    linked = promise.goals.filter(pk__in=seen).select_related("owner_unit").order_by("rank", "pk")
    if request.method == "POST":
        return _link(request, promise, goals, linked)
    others = search.narrow(goals.exclude(pk__in=linked.values("pk"))).order_by("owner_unit__kind", "rank", "pk")
    page = Paginator(others, PAGE).get_page(request.GET.get("side"))
    context = {"promise": promise, "document": promise.document, "linked": linked, "search": search, "page": page}
    return render(request, "goals/promise_goals.html", context)


def _link(request: HttpRequest, promise: Promise, goals, linked) -> HttpResponse:
    asked = {"by": request.user, "now": request.now}
    if "remove" in request.POST:
        unlink_promise(promise, get_object_or_404(linked, pk=chosen_id(request.POST["remove"])), **asked)
    else:
        ids = [pk for one in request.POST.getlist("goal") if (pk := chosen_id(one)) is not None]
        if not ids:
            messages.error(request, _("Vælg et mål."))
            return redirect("goals:promise_goals", promise.pk)
        link_promise(promise, list(goals.filter(pk__in=ids)), **asked)
    messages.success(request, saved())
    return redirect("goals:promise_goals", promise.pk)
