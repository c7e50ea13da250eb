"""Broken links of the chain: where they are, who answers for them, and how many there are."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from followup.broken_rows import broken_rows
from followup.forms import BrokenFilterForm
from followup.page_queries import PAGE
from goals.broken_links import Broken
from goals.chain_links import broken_in
from organisation.access import requires
from organisation.permissions import Permission


@requires(Permission.SEE_AUTHORITY)
def broken_links(request: HttpRequest) -> HttpResponse:
    """Every broken link of the authority, or of a body or unit and those below it, with what to do about each."""
    form = BrokenFilterForm(request.GET, authority=request.authority, today=request.today)
    units = form.units()
    found = broken_in(request.authority.pk, request.user, request.today, units)
    counts = {kind: sum(link.kind is kind for link in found) for kind in Broken}
    kind = form.kind()
    shown = [link for link in found if kind is None or link.kind is kind]
    page = Paginator(shown, PAGE).get_page(request.GET.get("side"))
    context = {
        "form": form,
        "page": page,
        "rows": broken_rows(page.object_list, request.user, request.today),
        "total": len(found),
        "counts": {kind.value: count for kind, count in counts.items()},
        "is_narrowed": form.is_narrowing(),
    }
    return render(request, "followup/broken_links.html", context)


@requires(Permission.SEE_AUTHORITY)
def broken_count(request: HttpRequest) -> HttpResponse:
    """How many broken links there are, as a link to them: fetched by other pages, which need not wait for it."""
    form = BrokenFilterForm(request.GET, authority=request.authority, today=request.today)
    found = broken_in(request.authority.pk, request.user, request.today, form.units())
    context = {"count": len(found), "place": form.place()}
    return render(request, "followup/_broken_count.html", context)
