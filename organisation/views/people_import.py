"""Units and people from a file: chosen, shown line by line, then stored.

Between preview and storing nothing is kept here: the lines go to the browser and back in one signed field.
"""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.access import requires
from organisation.actions.setup_file import FileResult, Result, StaleFile, preview_lines, store_lines
from organisation.forms import SetupFileForm
from organisation.permissions import Permission
from organisation.setup_files import Line

PAGE = 200
VALID_SECONDS = 2 * 60 * 60
SALT = "organisation.people_import"


@requires(Permission.MANAGE_PEOPLE)
def people_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what each line would do; store it."""
    if request.method == "POST" and "lines" in request.POST:
        return _confirm(request)
    is_sent = request.method == "POST"
    form = SetupFileForm(request.POST, request.FILES) if is_sent else SetupFileForm()
    if is_sent and form.is_valid():
        lines = form.cleaned_data["file"]
        return _preview(request, lines, preview_lines(lines, **_context(request)))
    return render(request, "organisation/people_import.html", {"form": form}, status=422 if form.errors else 200)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"authority": request.authority, "by": request.user, "now": request.now, "today": request.today}


def _salt(request: HttpRequest) -> str:
    """One person's preview in one authority is nobody else's."""
    return f"{SALT}.{request.user.pk}.{request.authority.pk}"


def _preview(request: HttpRequest, lines: list[Line], result: FileResult, *, status: int = 200) -> HttpResponse:
    plain = {"lines": [line.as_plain() for line in lines], "expected": result.fingerprint()}
    # Refusals first, then what changes: what somebody must look at is on the first page.
    order = [Result.REFUSED, Result.CHANGED, Result.CREATED, Result.UNCHANGED]
    shown = sorted(result.lines, key=lambda one: order.index(one.result))
    context = {
        "result": result,
        "counts": {kind.value: count for kind, count in result.counts.items()},
        "page": Paginator(shown, PAGE).get_page(request.POST.get("side")),
        "signed": signing.dumps(plain, salt=_salt(request), compress=True),
        "is_stale": status != 200,
    }
    return render(request, "organisation/people_import_preview.html", context, status=status)


def _confirm(request: HttpRequest) -> HttpResponse:
    try:
        plain = signing.loads(request.POST["lines"], salt=_salt(request), max_age=VALID_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("Forhåndsvisningen er for gammel. Vælg filen igen. Intet er gemt."))
        return redirect("organisation:people_import")
    lines = [Line.from_plain(one) for one in plain["lines"]]
    if "side" in request.POST:
        return _preview(request, lines, preview_lines(lines, **_context(request)))
    try:
        result = store_lines(lines, expected=plain["expected"], **_context(request))
    except StaleFile as stale:
        return _preview(request, lines, stale.result, status=422)
    stored = result.counts[Result.CREATED] + result.counts[Result.CHANGED]
    messages.success(request, ngettext("%s linje er gemt.", "%s linjer er gemt.", stored) % stored)
    return redirect("organisation:setup")
