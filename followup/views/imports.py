"""Values from a file: chosen, read, shown line by line, and stored only when somebody says so."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from followup.actions.importing import Comparison, compare, import_values, remember_mapping
from followup.actions.submissions import NotPossible
from followup.import_forms import ImportStoreForm, MappingForm, UploadForm
from followup.import_sentences import note_sentence, refusal
from followup.models import ImportBatch, ImportMapping, Upload
from followup.readers import Table, read_table
from followup.value_files import (
    Incoming,
    Known,
    KnownSeries,
    Mapping,
    Reading,
    Refused,
    fingerprint,
    read_values,
    recognise,
)
from goals.labels import MISSING_REASONS
from goals.period_names import period_name
from organisation.access import requires
from organisation.danish import format_number, format_value
from organisation.file_messages import file_message
from organisation.models import Unit
from organisation.permissions import Permission
from organisation.sheets import File, FileProblem, read_sheets

PAGE = 50
MEGABYTES = 20
TABS = ("refused", "updated", "created", "missing", "unchanged")


@requires(Permission.IMPORT_VALUES)
def import_start(request: HttpRequest) -> HttpResponse:
    """Choose a file. It is read before anything is kept; a file that cannot be read is refused with a reason."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        content = chosen.read()
        try:
            read_table(read_sheets(content, chosen.name, limit=MEGABYTES * 1024 * 1024))
        except FileProblem as problem:
            form.add_error("file", file_message(problem))
        else:
            upload = Upload.objects.create(
                authority=request.authority,
                by=request.user,
                at=request.now,
                filename=chosen.name[:200],
                content=content,
            )
            return redirect("followup:import_preview", upload.pk)
    batches = ImportBatch.objects.filter(authority=request.authority).select_related("by")[:10]
    context = {"form": form, "batches": batches, "megabytes": MEGABYTES}
    return render(request, "followup/import_start.html", context, status=422 if form.errors else 200)


@dataclass
class Preview:
    """One upload, read and compared with what is stored."""

    request: HttpRequest
    upload: Upload

    @cached_property
    def file(self) -> File:
        return read_sheets(bytes(self.upload.content), self.upload.filename)

    @cached_property
    def mapping(self) -> Mapping:
        """What the person chose; else what was chosen for a file with these headings; else what is recognised."""
        return recognise(self.table, self._asked, self.known)

    @cached_property
    def _asked(self) -> Mapping:
        if self.upload.mapping:
            return Mapping.from_json(self.upload.mapping)
        plain = read_table(self.file)
        remembered = ImportMapping.objects.filter(
            authority=self.upload.authority, fingerprint=fingerprint(plain)
        ).first()
        mapping = Mapping.from_json(remembered.mapping) if remembered else Mapping()
        # The same headings may stand in a file with fewer sheets or other columns beside them.
        return Mapping() if self.problem_with(mapping) else mapping

    def problem_with(self, mapping: Mapping) -> FileProblem | None:
        """Why the file cannot be read by the mapping, if it cannot."""
        try:
            read_table(self.file, **mapping.reading)
        except FileProblem as problem:
            return problem
        return None

    @cached_property
    def table(self) -> Table:
        return read_table(self.file, **self._asked.reading)

    @cached_property
    def known(self) -> Known:
        return Known(self.upload.authority, self._allowing(Permission.IMPORT_VALUES))

    @cached_property
    def may_correct(self) -> bool:
        """Whether what is stored counts at once: everywhere the person imports, the person also corrects."""
        correctable = {unit.pk for unit in self._allowing(Permission.CORRECT_VALUES)}
        return self.known.allowed <= correctable

    def _allowing(self, permission: Permission):
        units = Unit.objects.filter(authority=self.upload.authority)
        return units.allowing(permission, self.request.user, self.request.today)

    @cached_property
    def reading(self) -> Reading:
        return read_values(self.table, self.mapping, self.known)

    @cached_property
    def comparison(self) -> Comparison:
        return compare(self.reading.values, may_correct=self.may_correct)

    @cached_property
    def refused(self) -> list[Refused]:
        """What the file refuses and what is locked, by line."""
        values = self.reading.values
        locked = [Refused(values[at].line, "", "", "locked", {}) for at in self.comparison.locked]
        return sorted([*self.reading.refused, *locked], key=lambda one: one.line)

    @cached_property
    def series_by_id(self) -> dict[int, KnownSeries]:
        return {series.pk: series for series in self.known.series.values()}

    @cached_property
    def accepted(self) -> list[Incoming]:
        """The values of the file that are not locked."""
        locked = set(self.comparison.locked)
        return [one for at, one in enumerate(self.reading.values) if at not in locked]

    @cached_property
    def store_count(self) -> int:
        """How many values would be created or changed."""
        return len(self.comparison.created) + len(self.comparison.updated)

    @cached_property
    def seen(self) -> str:
        """The same as long as storing would do the same: what is shown is what is stored."""
        one = self.comparison
        shown = repr((self.accepted, one.created, one.updated, one.locked, one.changing, self.may_correct))
        return sha256(shown.encode()).hexdigest()


@requires(Permission.IMPORT_VALUES)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Exactly what will be created, changed, left alone and refused; how the columns are read; and the button."""
    upload = get_object_or_404(Upload, pk=pk, by=request.user, authority=request.authority)
    preview = Preview(request, upload)
    if request.method == "POST" and "read" in request.POST:
        form = MappingForm(request.POST, preview=preview)
        if form.is_valid():
            mapping = form.mapping()
            problem = preview.problem_with(mapping)
            if problem is None:
                upload.mapping = mapping.to_json()
                upload.save(update_fields=["mapping"])
                return redirect("followup:import_preview", pk)
            form.add_error(None, file_message(problem))
        return _page(request, preview, mapping_form=form)
    if request.method == "POST" and "cancel" in request.POST:
        upload.delete()
        messages.success(request, _("Filen er ikke indlæst, og intet er ændret."))
        return redirect("followup:import_start")
    if request.method == "POST":
        return _store(request, preview)
    return _page(request, preview)


def _store(request: HttpRequest, preview: Preview) -> HttpResponse:
    form = ImportStoreForm(request.POST, corrections=preview.comparison.changing.approved)
    if request.POST.get("seen") != preview.seen:
        messages.error(request, _("Tallene er ændret, siden du så dem. Intet er gemt. Se dem igennem igen."))
        return redirect("followup:import_preview", preview.upload.pk)
    if not form.is_valid():
        return _page(request, preview, store_form=form)
    upload = preview.upload
    try:
        _batch, counts = import_values(
            preview.accepted,
            authority=upload.authority,
            filename=upload.filename,
            sha256=sha256(bytes(upload.content)).hexdigest(),
            approve=preview.may_correct,
            rejected=len(preview.refused),
            reason=form.cleaned_data.get("reason", ""),
            expected=preview.comparison,
            by=request.user,
            now=request.now,
        )
    except NotPossible:
        # Between the look and the store a report with one of the numbers was sent, or somebody stored one of them.
        messages.error(request, _("Tallene er ændret, siden du så dem. Intet er gemt. Se dem igennem igen."))
        return redirect("followup:import_preview", preview.upload.pk)
    remember_mapping(upload.authority, fingerprint(read_table(preview.file)), preview.mapping, now=request.now)
    upload.delete()
    stored = counts.created + counts.updated
    text = ngettext("%d tal er gemt.", "%d tal er gemt.", stored) % stored
    if not preview.may_correct:
        text += " " + _("De er kladder, til indberetningen er godkendt.")
    messages.success(request, text)
    return redirect("followup:import_start")


def _page(
    request: HttpRequest,
    preview: Preview,
    mapping_form: MappingForm | None = None,
    store_form: ImportStoreForm | None = None,
) -> HttpResponse:
    counts = {
        "refused": len(preview.refused),
        "updated": len(preview.comparison.updated),
        "created": len(preview.comparison.created),
        "missing": preview.reading.missing,
        "unchanged": len(preview.comparison.unchanged),
    }
    tab = request.GET.get("vis", "")
    if tab not in TABS:
        tab = next((name for name in TABS if counts[name]), "created")
    page = Paginator(_rows(preview, tab), PAGE).get_page(request.GET.get("side"))
    context = {
        "upload": preview.upload,
        "table": preview.table,
        "counts": counts,
        "tab": tab,
        "page": page,
        "rows": [_shown(preview, tab, row) for row in page.object_list],
        "store_count": preview.store_count,
        "seen": preview.seen,
        "corrections": preview.comparison.changing.approved,
        "may_correct": preview.may_correct,
        "left_out": preview.reading.left_out,
        "notes": [text for note in preview.table.notes if (text := note_sentence(note))],
        "mapping_form": mapping_form or MappingForm(preview=preview),
        "store_form": store_form or ImportStoreForm(corrections=preview.comparison.changing.approved),
    }
    failed = (mapping_form and mapping_form.errors) or (store_form and store_form.errors)
    return render(request, "followup/import_preview.html", context, status=422 if failed else 200)


def _rows(preview: Preview, tab: str) -> list[Any]:
    comparison, values = preview.comparison, preview.reading.values
    match tab:
        case "refused":
            return preview.refused
        case "updated":
            return comparison.updated
        case "created":
            return [(at, None) for at in comparison.created]
        case "missing":
            return [(at, None) for at, one in enumerate(values) if one.missing]
    return [(at, None) for at in comparison.unchanged]


def _shown(preview: Preview, tab: str, row: Any) -> dict[str, Any]:
    """One line of a tab in ready texts."""
    if tab == "refused":
        return {"line": row.line, "column": row.column, "text": row.text, "reason": refusal(row)}
    at, old = row
    one, known = preview.reading.values[at], preview.known
    series = preview.series_by_id[one.series_id]
    indicator = known.indicators[series.indicator_id]
    decimals = indicator.decimals
    shown = (
        format_value(one.value, decimals, indicator.unit_of_measure)
        if one.value is not None
        else str(MISSING_REASONS[one.missing])
    )
    return {
        "line": one.line,
        "unit": known.units[series.unit_id].name,
        "indicator": indicator.name,
        "period": period_name(one.period),
        "value": shown,
        "old": format_number(old, decimals) if old is not None else "–",
    }
