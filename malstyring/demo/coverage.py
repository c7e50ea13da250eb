"""A demo's service areas and steering documents, through the same acts as people use."""

from django.utils.html import format_html, format_html_join

from goals.actions.areas import fingerprint, preview_areas, set_goal_areas, store_areas
from goals.actions.documents import DocumentFile, add_promise, link_promise, register_document
from goals.area_files import AreaLine
from goals.document_files import pages_of
from goals.models import Promise, ServiceArea, SteeringDocument
from malstyring.demo.builder import Builder
from malstyring.demo.rows import DocumentRow
from organisation.pdf import render_pdf


class CoverageBuilder:
    """Puts the model's areas on the authority's list and its documents in the register, the first with its text."""

    def __init__(self, builder: Builder) -> None:
        self.it, self.by = builder, {"by": builder.consultant, "now": builder.now}

    def build(self) -> None:
        self._areas()
        for place, row in enumerate(self.it.model.DOCUMENTS):
            self._document(row, with_file=place == 0)

    def _areas(self) -> None:
        rows, authority = self.it.model.AREAS, self.it.authority
        lines = [AreaLine(at, row.code, row.name, row.above) for at, row in enumerate(rows, start=2)]
        expected = fingerprint(preview_areas(lines, authority=authority))
        store_areas(lines, expected=expected, authority=authority, **self.by)
        made = {area.code: area for area in ServiceArea.objects.filter(authority=authority)}
        for code, goal in self.it.goals.items():
            areas = [made[row.code] for row in rows if code in row.goals]
            if areas:
                set_goal_areas(goal, areas, **self.by)

    def _document(self, row: DocumentRow, *, with_file: bool) -> None:
        body = self.it.units[row.body]
        decision = self.it.decision_of(body)
        content = _text_of(row) if with_file else None
        document = SteeringDocument(
            title=row.title,
            kind=row.kind,
            body=body,
            decision=decision,
            decided_on=decision.date,
            pages=pages_of(content) if content else None,
        )
        file = DocumentFile(content, "strategi.pdf", "pdf") if content else None
        register_document(document, file=file, **self.by)
        for page, text, goals in row.promises:
            promise = add_promise(Promise(document=document, page=page, text=text), **self.by)
            link_promise(promise, [self.it.goals[code] for code in goals], **self.by)


def _text_of(row: DocumentRow) -> bytes:
    """The document as a PDF that holds each promise on its page."""
    words = {page: text for page, text, _goals in row.promises}
    pages = ((words.get(page, "Eksempeldata"),) for page in range(2, max(words) + 1))
    head = '<!doctype html><html lang="da"><head><title>{}</title><style>p {{ break-before: page }}</style></head>'
    body = format_html_join("", "<p>{}</p>", pages)
    return render_pdf(format_html(head + "<body><h1>{}</h1>{}</body></html>", row.title, row.title, body))
