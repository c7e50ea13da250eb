"""The authority's list of service areas: kept by hand or from a file, and chosen for a goal."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.actions.areas import (
    AreaRefused,
    StaleList,
    change_area,
    create_area,
    fingerprint,
    preview_areas,
    set_goal_areas,
    store_areas,
)
from goals.actions.goals import NotPossible
from goals.actions.versions import Stale
from goals.area_files import AreaLine, Outcome, Planned
from goals.forms.areas import REFUSALS, AreaFileForm, AreaForm, AreaSearchForm
from goals.kinds import GoalState
from goals.models import ServiceArea, listed_by
from goals.views.shared import PAGE, answer, editable_goal, posted, refusal_text, saved, show_stale
from organisation.access import fetch, requires
from organisation.permissions import Permission

LINES = 200  # of a preview, on a page
VALID_SECONDS = 2 * 60 * 60
SALT = "goals.area_import"
ORDER = [Outcome.REFUSED, Outcome.CHANGED, Outcome.CREATED, Outcome.UNCHANGED]


@requires(Permission.SEE_AUTHORITY)
def area_list(request: HttpRequest) -> HttpResponse:
    """The list by code, each with how many goals are about it."""
    search = AreaSearchForm(request.GET)
    in_force = Count("goal_areas", filter=Q(goal_areas__goal__state=GoalState.ADOPTED))
    areas = _listed(request).annotate(goal_count=in_force).select_related("parent").order_by("code")
    page = Paginator(_named(areas, search), PAGE).get_page(request.GET.get("side"))
    context = {"page": page, "search": search, "may_edit": request.authority.pk in _keeps(request)}
    return render(request, "goals/area_list.html", context)


def _listed(request: HttpRequest):
    return ServiceArea.objects.visible_to(request.user, request.today).filter(authority=request.authority)


def _named(areas, search: AreaSearchForm):
    words = search.cleaned_data["q"] if search.is_valid() else ""
    return areas.filter(Q(name__icontains=words) | Q(code__istartswith=words)) if words else areas


def _keeps(request: HttpRequest) -> list[int]:
    return listed_by(request.user, request.today)


@requires(Permission.EDIT_AREAS)
def area_create(request: HttpRequest) -> HttpResponse:
    """Add an area by hand."""
    if request.authority.pk not in _keeps(request):
        raise PermissionDenied
    return _area_form(request, ServiceArea(authority=request.authority))


@requires(Permission.EDIT_AREAS)
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move or end an area."""
    visible = ServiceArea.objects.visible_to(request.user, request.today).select_related("authority", "parent")
    return _area_form(request, fetch(visible, ServiceArea.objects.editable_by(request.user, request.today), pk=pk))


def _area_form(request: HttpRequest, area: ServiceArea) -> HttpResponse:
    title = area.name
    parents = ServiceArea.objects.filter(authority=area.authority_id).exclude(pk=area.pk).order_by("code")
    form = AreaForm(posted(request), instance=area, parents=parents)
    if request.method == "POST" and form.is_valid():
        try:
            _store(form, request)
        except Stale as stale:
            show_stale(form, stale.stored)
        except AreaRefused as refusal:
            form.add_error("parent" if refusal.key == "ring" else "code", REFUSALS[refusal.key])
        else:
            messages.success(request, saved())
            return redirect("goals:area_list")
    context = {"form": form, "area": area, "title": title}
    return render(request, "goals/area_form.html", context, status=answer(form))


def _store(form: AreaForm, request: HttpRequest) -> None:
    area, asked = form.save(commit=False), {"by": request.user, "now": request.now}
    if area.pk is None:
        create_area(area, **asked)
    else:
        change_area(area, version=form.cleaned_data["version"], **asked)


# ---- from a file -----------------------------------------------------------------------------------------------------


@requires(Permission.EDIT_AREAS)
def area_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what each line would do; store it. Between the two the lines are kept in the page, signed."""
    if request.authority.pk not in _keeps(request):
        raise PermissionDenied
    if request.method == "POST" and "lines" in request.POST:
        return _confirm(request)
    form = AreaFileForm(request.POST, request.FILES) if request.method == "POST" else AreaFileForm()
    if form.is_bound and form.is_valid():
        lines = form.cleaned_data["file"]
        return _preview(request, lines, preview_areas(lines, authority=request.authority))
    return render(request, "goals/area_import.html", {"form": form}, status=answer(form))


def _salt(request: HttpRequest) -> str:
    """One person's preview in one authority is nobody else's."""
    return f"{SALT}.{request.user.pk}.{request.authority.pk}"


def _preview(
    request: HttpRequest, lines: Sequence[AreaLine], planned: Sequence[Planned], *, status: int = 200
) -> HttpResponse:
    plain = {"lines": [line.as_plain() for line in lines], "expected": fingerprint(planned)}
    counts = Counter(one.outcome for one in planned)
    # Refusals first, then what changes: what somebody must look at is on the first page.
    shown = sorted(planned, key=lambda one: ORDER.index(one.outcome))
    page = Paginator(shown, LINES).get_page(request.POST.get("side"))
    context = {
        "page": page,
        "rows": [_preview_row(one) for one in page],
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "has_news": bool(counts[Outcome.CREATED] or counts[Outcome.CHANGED]),
        "signed": signing.dumps(plain, salt=_salt(request), compress=True),
        "is_stale": status != 200,
    }
    return render(request, "goals/area_import_preview.html", context, status=status)


def _preview_row(one: Planned) -> dict[str, Any]:
    area = one.area
    return {
        "line": one.line,
        "outcome": one.outcome.value,
        "name": area.name if area is not None else one.line.name,
        "parent": area.parent if area is not None else one.line.parent,
        "refusal": REFUSALS[one.refusal] if one.refusal else "",
        "was": one.before,
    }


def _confirm(request: HttpRequest) -> HttpResponse:
    try:
        plain = signing.loads(request.POST["lines"], salt=_salt(request), max_age=VALID_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("Forhåndsvisningen er for gammel. Vælg filen igen. Intet er gemt."))
        return redirect("goals:area_import")
    lines = [AreaLine.from_plain(one) for one in plain["lines"]]
    if "side" in request.POST:
        return _preview(request, lines, preview_areas(lines, authority=request.authority))
    asked = {"authority": request.authority, "by": request.user, "now": request.now}
    try:
        planned = store_areas(lines, expected=plain["expected"], **asked)
    except StaleList as stale:
        return _preview(request, lines, stale.planned, status=422)
    stored = sum(one.outcome in (Outcome.CREATED, Outcome.CHANGED) for one in planned)
    messages.success(request, ngettext("%d område er gemt.", "%d områder er gemt.", stored) % stored)
    return redirect("goals:area_list")


# ---- of a goal -------------------------------------------------------------------------------------------------------


@requires(Permission.EDIT_GOALS)
def goal_areas(request: HttpRequest, pk: int) -> HttpResponse:
    """Which service areas the goal is about: those it has, and those found by words."""
    goal = editable_goal(request, pk)
    search = AreaSearchForm(request.GET)
    listed = ServiceArea.objects.filter(authority=goal.authority_id).in_use(request.today).order_by("code")
    chosen = ServiceArea.objects.filter(goal_areas__goal=goal).order_by("code")
    if request.method == "POST":
        kept = {int(one) for one in request.POST.getlist("area") if one.isdecimal() and len(one) < 18}
        wanted = list((listed | ServiceArea.objects.filter(pk__in=chosen.values("pk"))).filter(pk__in=kept))
        try:
            set_goal_areas(goal, wanted, by=request.user, now=request.now)
        except NotPossible as refusal:
            messages.error(request, refusal_text(refusal))
        else:
            messages.success(request, saved())
        return redirect("followup:goal_detail", pk)
    others = _named(listed.exclude(pk__in=chosen.values("pk")), search)
    page = Paginator(others, PAGE).get_page(request.GET.get("side"))
    return render(request, "goals/goal_areas.html", {"goal": goal, "chosen": chosen, "page": page, "search": search})
