"""What WeasyPrint leaves out of a PDF that is PDF/UA-1 and PDF/A-3 at once.

Running heads become artifacts, a link has one annotation, table heads have a scope and an index of their names, figures
a box in the page's own measure, and the document says which two standards it keeps. The files that lie in it are added.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from pikepdf import Array, Dictionary, Name, String
from pikepdf.models.metadata import decode_pdf_date

PRINT_FLAG = 4
POINTS = 0.75  # in a pixel
OUTWARD = ("https:", "http:", "mailto:")  # where a link out of the document may lead
_MARK = re.compile(rb"/\w+\s<</MCID (\d+)>>\sBDC")


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A CSV file in the PDF, and what it holds in words."""

    name: str
    description: str
    data: bytes


def finish(raw: bytes, labels: Mapping[str, str], files: Sequence[AttachedFile] = ()) -> bytes:
    """The document made whole; `labels` says in words where links inside it lead. Same input, same bytes."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        structure = _Structure(pdf)
        structure.complete()
        _hide_running_heads(pdf, structure.reached)
        _complete_links(pdf, structure.dropped_links, labels)
        for file in files:
            _attach(pdf, file)
        pdf.Root.Metadata = pdf.make_stream(_metadata(pdf), Type=Name.Metadata, Subtype=Name.XML)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


class _Structure:
    """The tree of tags: walked once, mended on the way."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.reached: set[tuple[int, int]] = set()
        # Annotations by StructParent: inside the area of another of the same link, or to what may not be opened.
        self.dropped_links: set[int] = set()
        self._heads: dict[bytes, Dictionary] = {}

    def complete(self) -> None:
        """Mend every element, and index the table heads by the names that cells call them by."""
        root = self.pdf.Root.StructTreeRoot
        for element in root.K:
            self._element(element, in_link=False)
        if self._heads:
            names = [part for key in sorted(self._heads) for part in (String(key), self._heads[key])]
            root.IDTree = self.pdf.make_indirect(Dictionary(Names=Array(names)))

    def _element(self, element: Dictionary, in_link: bool) -> None:
        self.reached.add(element.objgen)
        kind = element.S
        if kind == Name.Link and (in_link or not _may_be_opened(element)):
            # What a style sheet puts after the text of a link is no link of its own.
            element.S = kind = Name.Span
        elif kind == Name.TH:
            self._head(element)
        elif kind == Name.Figure:
            _place(element)
        kids = []
        for kid in element.K:
            if isinstance(kid, Dictionary):
                if kid.get("/Type") == Name.OBJR:
                    if kind != Name.Link or in_link:
                        self.dropped_links.add(int(kid.Obj.StructParent))
                        continue
                else:
                    self._element(kid, in_link or kind == Name.Link)
            kids.append(kid)
        if len(kids) < len(element.K):
            element.K = Array(kids)

    def _head(self, element: Dictionary) -> None:
        """A head of a body row is its row's, any other its column's."""
        if "/Scope" not in element.A:
            group = element.P.P.S
            element.A.Scope = Name.Column if group == Name.THead else Name.Row
        if "/ID" in element:
            self._heads[bytes(element.ID)] = element


def _may_be_opened(link: Dictionary) -> bool:
    """Not a file on the reader's machine, nor a script."""
    leads = [str(kid.Obj.A.URI) for kid in link.K if isinstance(kid, Dictionary) and "/Obj" in kid and "/A" in kid.Obj]
    return all(lead.lower().startswith(OUTWARD) for lead in leads)


def _place(figure: Dictionary) -> None:
    """WeasyPrint measures in pixels from the top of the page, PDF in points from the foot."""
    left, top, right, bottom = (float(edge) * POINTS for edge in figure.A.BBox)
    height = float(figure.Pg.MediaBox[3])
    figure.A.BBox = Array([round(edge, 2) for edge in (left, height - bottom, right, height - top)])


def _hide_running_heads(pdf: pikepdf.Pdf, reached: set[tuple[int, int]]) -> None:
    """Text in the page's margins is marked but in no tag: it is an artifact, which a reader passes over."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    for at, page in enumerate(pdf.pages):
        marks = numbers[2 * at + 1]
        outside = {mark for mark, element in enumerate(marks) if element.objgen not in reached}
        if not outside:
            continue
        for mark in outside:
            marks[mark] = None
        content = page.obj.Contents
        content.write(_MARK.sub(_artifact_of(outside), content.read_bytes()))


def _artifact_of(outside: set[int]) -> Callable[[re.Match[bytes]], bytes]:
    def replaced(found: re.Match[bytes]) -> bytes:
        return b"/Artifact\n<</Type /Pagination>>\nBDC" if int(found[1]) in outside else found[0]

    return replaced


def _complete_links(pdf: pikepdf.Pdf, dropped: set[int], labels: Mapping[str, str]) -> None:
    """One annotation to a link, which prints, and says in words where it leads."""
    parents = pdf.Root.StructTreeRoot.ParentTree
    pairs = zip(*[iter(parents.Nums)] * 2, strict=True)
    parents.Nums = Array([part for key, element in pairs if int(key) not in dropped for part in (key, element)])
    for page in pdf.pages:
        if "/Annots" not in page:
            continue
        page.obj.Annots = Array([one for one in page.obj.Annots if int(one.get("/StructParent", -1)) not in dropped])
        for link in page.obj.Annots:
            link.F = int(link.get("/F", 0)) | PRINT_FLAG
            if label := labels.get(str(link.get("/Dest", ""))):
                link.Contents = String(label)


def _attach(pdf: pikepdf.Pdf, file: AttachedFile) -> None:
    """The file as one that belongs to the document, as old as the document says it is."""
    made = str(pdf.docinfo.ModDate)
    spec = pikepdf.AttachedFileSpec(
        pdf,
        file.data,
        description=file.description,
        filename=file.name,
        mime_type="text/csv",
        creation_date=made,
        mod_date=made,
        relationship=Name.Data,
    )
    pdf.attachments[file.name] = spec
    if "/AF" not in pdf.Root:
        pdf.Root.AF = Array()
    pdf.Root.AF.append(pdf.attachments[file.name].obj)


def _metadata(pdf: pikepdf.Pdf) -> bytes:
    info = pdf.docinfo
    context = {
        "language": str(pdf.Root.Lang),
        "title": str(info.get("/Title", "")),
        "author": str(info.get("/Author", "")),
        "description": str(info.get("/Subject", "")),
        "producer": str(info.Producer),
        "created": _moment(info.get("/CreationDate")),
        "modified": _moment(info.get("/ModDate")),
    }
    return render_to_string("organisation/pdf_metadata.xml", context).encode()


def _moment(text: pikepdf.Object | None) -> str:
    return decode_pdf_date(str(text)).isoformat() if text is not None else ""
