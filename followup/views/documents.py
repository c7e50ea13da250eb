"""Steering documents, what they promise, and the goals the promises went into."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from followup.forms import PromiseFilterForm
from followup.goal_views import stored_light
from followup.page_queries import PAGE
from goals.models import Decision, FocusArea, Goal, GoalArea, Promise, SteeringDocument
from goals.models.document import SHOWN
from organisation.access import requires
from organisation.addresses import address_of
from organisation.models import HistoryEntry
from organisation.permissions import Permission
from organisation.templatetags.components import light
from organisation.words.speaking import speak_of


@requires(Permission.SEE_AUTHORITY)
def document_list(request: HttpRequest) -> HttpResponse:
    """The register, the latest first, with how many promises each has and how many went nowhere."""
    into_goals = Promise.goals.through.objects.filter(promise=OuterRef("promises"), goal__state__in=SHOWN)
    documents = (
        SteeringDocument.objects.visible_to(request.user, request.today)
        .filter(authority=request.authority)
        .select_related("body")
        .annotate(
            promise_count=Count("promises"),
            without_count=Count("promises", filter=Q(promises__isnull=False) & ~Q(Exists(into_goals))),
        )
        .order_by("-decided_on", "title", "pk")
    )
    page = Paginator(documents, PAGE).get_page(request.GET.get("side"))
    may_register = request.user.may_somewhere(Permission.RECORD_DECISIONS, request.today)
    return render(request, "followup/document_list.html", {"page": page, "may_register": may_register})


@requires(Permission.SEE_AUTHORITY)
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: who decided it, where it is, and what became of each promise."""
    visible = SteeringDocument.objects.visible_to(request.user, request.today)
    document = get_object_or_404(visible.select_related("body", "decision__body"), pk=pk)
    promises = Promise.objects.filter(document=document).with_goals(_goals()).order_by("page", "pk")
    page = Paginator(promises, PAGE).get_page(request.GET.get("side"))
    may_edit = SteeringDocument.objects.editable_by(request.user, request.today).filter(pk=pk).exists()
    context = {
        "document": document,
        "decision_link": _readable(document.decision, request),
        "page": page,
        "rows": [_row(promise, document, may_edit) for promise in page],
        "without_count": Promise.objects.filter(document=document).without_goals().count(),
        "may_edit": may_edit,
        "may_write_goals": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
        "history": HistoryEntry.objects.about(document)[:PAGE] if may_edit else [],
    }
    return render(request, "followup/document_detail.html", context)


def _goals():
    return Goal.objects.select_related("owner_unit", "standing")


def _readable(decision: Decision | None, request: HttpRequest) -> bool:
    if decision is None or not decision.is_closed:
        return decision is not None
    return Decision.objects.readable_by(request.user, request.today).filter(pk=decision.pk).exists()


@requires(Permission.SEE_AUTHORITY)
def promise_list(request: HttpRequest) -> HttpResponse:
    """Where a promise went: every document's promises with the goals they became, narrowed by the address."""
    visible = Promise.objects.visible_to(request.user, request.today).filter(document__authority=request.authority)
    form = PromiseFilterForm(request.GET, promises=visible, authority=request.authority)
    found = form.narrow().select_related("document__body").defer("document__file").with_goals(_goals())
    page = Paginator(found.order_by("-document__decided_on", "document", "page", "pk"), PAGE)
    page = page.get_page(request.GET.get("side"))
    editable = SteeringDocument.objects.editable_by(request.user, request.today)
    ids = {promise.document_id for promise in page}
    mine = set(editable.filter(pk__in=ids).values_list("pk", flat=True))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(promise, promise.document, promise.document_id in mine) for promise in page],
        "total": visible.count(),
        "without_count": visible.without_goals().count(),
        "may_write_goals": request.user.may_somewhere(Permission.EDIT_GOALS, request.today),
    }
    return render(request, "followup/promise_list.html", context)


def _row(promise: Promise, document: SteeringDocument, may_edit: bool) -> dict[str, Any]:
    return {
        "promise": promise,
        "document": document,
        "where": place_of(promise, document),
        "goals": [{"goal": goal, "light": light(stored_light(goal))} for goal in promise.shown_goals],
        "may_edit": may_edit,
    }


def place_of(promise: Promise, document: SteeringDocument) -> str:
    """The promise's page in the document's PDF, here or at its address; empty where no page can be opened."""
    if document.file_kind == "pdf":
        return f"{address_of('goals:document_file', document.pk)}#page={promise.page}"
    return f"{document.url}#page={promise.page}" if document.url.lower().endswith(".pdf") else ""


@requires(Permission.SEE_AUTHORITY)
def goal_comes_from(request: HttpRequest, pk: int) -> HttpResponse:
    """The promises and workshops a goal came of and what it is about: a piece of its page, or a page of its own."""
    goal = get_object_or_404(Goal.objects.visible_to(request.user, request.today).select_related("owner_unit"), pk=pk)
    speak_of(goal.owner_unit)
    promises = Promise.objects.filter(goals=goal).select_related("document__body").defer("document__file")
    links = GoalArea.objects.filter(goal=goal).select_related("area").order_by("area__code")
    context = {
        "goal": goal,
        "promises": [
            {"promise": one, "where": place_of(one, one.document)}
            for one in promises.order_by("document", "page", "pk")[:PAGE]
        ],
        "areas": [link.area for link in links],
        "chosen": list(FocusArea.objects.filter(goal=goal).select_related("workshop").order_by("pk")),
    }
    return render(request, f"followup/{'_comes_from' if request.htmx else 'goal_comes_from'}.html", context)
