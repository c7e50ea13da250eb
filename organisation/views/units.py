"""The unit tree: found, made, moved, ended and linked to the elected bodies."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from organisation.access import fetch, requires
from organisation.actions.setup_file import refusal_sentence
from organisation.actions.units import (
    LinkRefused,
    UnitRefused,
    change_unit,
    create_unit,
    end_body_link,
    end_unit,
    link_to_body,
)
from organisation.ending import warnings_of_ending
from organisation.forms import BodyLinkForm, LastDayForm, SearchForm, UnitForm
from organisation.models import BodyLink, HistoryEntry, Membership, Unit, UnitQuerySet
from organisation.permissions import Permission
from organisation.setup_messages import sentence

PAGE = 50
HISTORY = 10


def manageable_units(request: HttpRequest) -> UnitQuerySet:
    """The units of this authority that the user may manage."""
    units = Unit.objects.filter(authority=request.authority)
    return units.allowing(Permission.MANAGE_PEOPLE, request.user, request.today)


def _fetch_unit(request: HttpRequest, pk: int) -> Unit:
    visible = Unit.objects.filter(authority=request.authority).select_related("parent", "authority")
    return fetch(visible, manageable_units(request), pk=pk)


def depth_first(rows: Iterable[tuple[int, int | None]]) -> list[tuple[int, int]]:
    """(id, depth) in the order of a table of contents, from (id, parent's id) in the order among siblings."""
    rows = list(rows)
    known = {pk for pk, _parent in rows}
    children: dict[int | None, list[int]] = {}
    for pk, parent in rows:
        children.setdefault(parent if parent in known else None, []).append(pk)
    ordered, stack = [], [(pk, 0) for pk in reversed(children.get(None, []))]
    while stack:
        pk, depth = stack.pop()
        ordered.append((pk, depth))
        stack.extend((child, depth + 1) for child in reversed(children.get(pk, [])))
    return ordered


@requires(Permission.MANAGE_PEOPLE)
def unit_list(request: HttpRequest) -> HttpResponse:
    """The units the user may manage: the tree, or with words a flat list."""
    search = SearchForm(request.GET)
    units = manageable_units(request)
    if search.words:
        units = units.filter(Q(name__icontains=search.words) | Q(code__icontains=search.words))
        order = [(pk, 0) for pk in units.values_list("pk", flat=True)]
    else:
        order = depth_first(units.values_list("pk", "parent_id"))
    page = Paginator(order, PAGE).get_page(request.GET.get("side"))
    shown = Unit.objects.in_bulk([pk for pk, _depth in page])
    held = Membership.objects.current(request.today).filter(unit__in=shown).order_by("unit")
    role_counts = dict(held.values_list("unit").annotate(Count("pk")))
    rows = [{"unit": shown[pk], "depth": min(depth, 5), "role_count": role_counts.get(pk, 0)} for pk, depth in page]
    return render(request, "organisation/unit_list.html", {"page": page, "rows": rows, "search": search})


@requires(Permission.MANAGE_PEOPLE)
def unit_create(request: HttpRequest) -> HttpResponse:
    """A new unit below one the user may manage."""
    form = UnitForm(
        request.POST or None,
        authority=request.authority,
        parents=manageable_units(request),
        initial={"valid_from": request.today, "parent": request.GET.get("under")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            unit = create_unit(form.save(commit=False), by=request.user, now=request.now)
        except UnitRefused as refusal:
            form.add_error("parent", sentence(refusal.key))
        else:
            messages.success(request, _("%s er oprettet.") % unit)
            return redirect("organisation:unit_edit", unit.pk)
    return render(request, "organisation/unit_create.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move or re-date a unit; its links to the bodies and its history."""
    unit = _fetch_unit(request, pk)
    form = UnitForm(
        request.POST or None,
        instance=_fetch_unit(request, pk),
        authority=request.authority,
        parents=manageable_units(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_unit(unit, form.cleaned_data, by=request.user, now=request.now)
        except UnitRefused as refusal:
            form.add_error("parent" if "parent" in form.fields else None, sentence(refusal.key))
        else:
            messages.success(request, _("Gemt."))
            return redirect("organisation:unit_edit", pk)
    context = {
        "form": form,
        "unit": unit,
        "links": unit.body_links.select_related("body").order_by("-first_day"),
        "roles": unit.memberships.current(request.today).select_related("user").order_by("role", "user")[:PAGE],
        "history": HistoryEntry.objects.about(unit)[:HISTORY],
        "may_reorganise": not unit.is_body and Permission.REORGANISE in unit.rights_of(request.user, request.today),
    }
    return render(request, "organisation/unit_edit.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def unit_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a unit exist no longer than a day, after saying what still hangs on it."""
    unit = _fetch_unit(request, pk)
    initial = {"last_day": unit.valid_to or request.today}
    form = LastDayForm(request.POST or None, first_day=unit.valid_from, initial=initial)
    if request.method == "POST" and form.is_valid():
        end_unit(unit, form.cleaned_data["last_day"], by=request.user, now=request.now)
        messages.success(request, _("%s er afsluttet.") % unit)
        return redirect("organisation:unit_edit", pk)
    context = {"form": form, "unit": unit, "warnings": warnings_of_ending(unit, request.today)}
    return render(request, "organisation/unit_end.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def body_link_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a unit report to a body from a day on."""
    unit = _fetch_unit(request, pk)
    bodies = Unit.objects.filter(authority=request.authority).bodies().valid(request.today)
    form = BodyLinkForm(request.POST or None, bodies=bodies, initial={"first_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            link_to_body(unit, **form.cleaned_data, by=request.user, now=request.now)
        except LinkRefused as refusal:
            form.add_error("first_day", refusal_sentence(refusal))
        else:
            messages.success(request, _("Gemt."))
            return redirect("organisation:unit_edit", pk)
    context = {"form": form, "unit": unit}
    return render(request, "organisation/body_link_create.html", context, status=422 if form.errors else 200)


@requires(Permission.MANAGE_PEOPLE)
def body_link_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a link to a body count no longer than a day."""
    visible = BodyLink.objects.filter(unit__authority=request.authority).select_related("unit__authority", "body")
    link = fetch(visible, BodyLink.objects.filter(unit__in=manageable_units(request)), pk=pk)
    initial = {"last_day": link.last_day or request.today}
    form = LastDayForm(request.POST or None, first_day=link.first_day, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            end_body_link(link, form.cleaned_data["last_day"], by=request.user, now=request.now)
        except LinkRefused as refusal:
            form.add_error("last_day", refusal_sentence(refusal))
        else:
            messages.success(request, _("Gemt."))
            return redirect("organisation:unit_edit", link.unit_id)
    context = {"form": form, "link": link}
    return render(request, "organisation/body_link_end.html", context, status=422 if form.errors else 200)
