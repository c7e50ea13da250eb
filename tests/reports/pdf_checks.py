"""What is wrong with a PDF that calls itself PDF/UA-1 and PDF/A-3: walks the tags, the pages and the files in it.

Written from ISO 14289-1 and ISO 19005-3, and from nothing in `reports`. A fault is a word for the rule and the place.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"}
LEVELS = {f"/H{level}": level for level in range(1, 7)}
PDFA = "http://www.aiim.org/pdfa/ns/id/"
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
INSIDE = {
    "/Table": {"/Caption", "/THead", "/TBody", "/TFoot", "/TR"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
    "/L": {"/Caption", "/LI", "/L"},
    "/LI": {"/Lbl", "/LBody"},
}
ANYWHERE = {
    "/Document", "/Part", "/Sect", "/Div", "/P", "/Span", "/NonStruct", "/Link", "/Figure", "/Table", "/L", "/Caption",
    "/BlockQuote", *LEVELS,
}  # fmt: skip
DEEPEST = 28  # what ISO 19005-3 allows of saved states inside one another
PRINT, HIDDEN = 4, 1 | 2 | 32  # invisible, hidden, not viewed

Fault = tuple[str, str]


@dataclass
class Element:
    """One tag: its kind, the page it begins on, its text, and what is below."""

    kind: str
    node: Dictionary
    page: int
    parent: "Element | None"
    marks: list[tuple[int, int]] = field(default_factory=list)  # page, mark
    links: list[Dictionary] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def below(self, *kinds: str) -> list["Element"]:
        return [one for one in self.walk() if one.kind in kinds and one is not self]


class Checked:
    """A PDF taken apart."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.pages = {page.obj.objgen: at for at, page in enumerate(pdf.pages)}
        self.texts: dict[tuple[int, int], str] = {}
        self.marks: Counter[tuple[int, int]] = Counter()
        self.page_faults: list[Fault] = []
        self._fonts: dict[tuple[int, int], dict[bytes, str]] = {}
        for at, page in enumerate(pdf.pages):
            self._read(at, page)
        self.roots = [self._element(one, None) for one in pdf.Root.StructTreeRoot.K]

    def walk(self) -> Iterator[Element]:
        for root in self.roots:
            yield from root.walk()

    def text(self, element: Element) -> str:
        """What the element and all below it says."""
        found = [
            part
            for one in element.walk()
            for part in (" " if one.kind == "/P" else "", *(self.texts.get(mark, "") for mark in one.marks))
        ]
        return " ".join("".join(found).replace("\u00a0", " ").replace("\u00ad", "").split())

    def headings(self) -> list[tuple[int, str, int]]:
        """(level, text, page) in the order of reading."""
        return [(LEVELS[one.kind], self.text(one), one.page) for one in self.walk() if one.kind in LEVELS]

    def tables(self) -> list[tuple[str, list[list[str]]]]:
        """(caption, rows of texts). What a page break has parted is put together again."""
        found: list[tuple[str, list[list[str]]]] = []
        for table in (one for one in self.walk() if one.kind == "/Table"):
            rows = [[self.text(cell) for cell in row.children] for row in table.below("/TR")]
            caption = " ".join(self.text(one) for one in table.below("/Caption"))
            if found and not caption and found[-1][1][0] == rows[0]:
                found[-1][1].extend(rows[1:])
            else:
                found.append((caption, rows))
        return found

    def bookmarks(self) -> list[tuple[str, int]]:
        """(title, page) in order."""
        with self.pdf.open_outline() as outline:
            return list(self._bookmarks(outline.root))

    def _bookmarks(self, items) -> Iterator[tuple[str, int]]:
        for item in items:
            yield str(item.title), self.pages[item.destination[0].objgen]
            yield from self._bookmarks(item.children)

    def _element(self, node: Dictionary, parent: Element | None) -> Element:
        page = self.pages[node.Pg.objgen] if "/Pg" in node else parent.page if parent else 0
        element = Element(str(node.S), node, page, parent)
        kids = node.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if not isinstance(kid, Dictionary):
                element.marks.append((page, int(kid)))
            elif kid.get("/Type") == "/OBJR":
                element.links.append(kid.Obj)
            else:
                element.children.append(self._element(kid, element))
        return element

    def _read(self, at: int, page: pikepdf.Page) -> None:
        """The text of each mark, and what is painted outside all marks."""
        stack: list[str | int] = []  # "artifact", "other", or the mark
        letters: dict[bytes, str] = {}
        depth = deepest = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += {"q": 1, "Q": -1}.get(name, 0)
            deepest = max(deepest, depth)
            if name in ("k", "K"):
                self.page_faults.append(("colours", f"page {at + 1}: ink instead of light"))
            if name in ("BMC", "BDC"):
                stack.append(self._begins(at, operands, stack))
            elif name == "EMC":
                stack.pop()
            elif name == "Tf":
                letters = self._letters(page.Resources.Font[str(operands[0])])
            elif name in PAINTS:
                mark = next((one for one in stack if isinstance(one, int)), None)
                if mark is None and "artifact" not in stack:
                    self.page_faults.append(("unmarked", f"page {at + 1}: {name}"))
                if name in ("Tj", "TJ", "'", '"'):
                    self._says(at, mark, operands[-1], letters)
        if deepest > DEEPEST or depth:
            self.page_faults.append(("limits", f"page {at + 1}: states {deepest} deep"))

    def _begins(self, at: int, operands: list, stack: list[str | int]) -> str | int:
        if operands[0] == Name.Artifact:
            if any(isinstance(one, int) for one in stack):
                self.page_faults.append(("unmarked", f"page {at + 1}: an artifact inside content"))
            return "artifact"
        if len(operands) > 1 and "/MCID" in operands[1]:
            if "artifact" in stack:
                self.page_faults.append(("unmarked", f"page {at + 1}: content inside an artifact"))
            self.marks[at, int(operands[1].MCID)] += 1
            return int(operands[1].MCID)
        return "other"

    def _says(self, at: int, mark: int | None, shown, letters: Mapping[bytes, str]) -> None:
        parts = [bytes(one) for one in shown if isinstance(one, pikepdf.String)] if isinstance(shown, Array) else []
        text = b"".join(parts) if isinstance(shown, Array) else bytes(shown)
        glyphs = [text[place : place + 2] for place in range(0, len(text), 2)]
        for glyph in glyphs:
            if glyph == b"\0\0" or letters.get(glyph, "") in ("", "\0", "\ufeff", "\ufffe"):
                self.page_faults.append(("letter", f"page {at + 1}: {glyph.hex()} says nothing"))
        if mark is not None:
            said = "".join(letters.get(glyph, "") for glyph in glyphs)
            self.texts[at, mark] = self.texts.get((at, mark), "") + said

    def _letters(self, font: Dictionary) -> dict[bytes, str]:
        if font.objgen not in self._fonts:
            table = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
            pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>\s", table)
            self._fonts[font.objgen] = {
                bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
                for code, text in pairs
                if code != b"0000"
            }
        return self._fonts[font.objgen]


def faults(pdf: pikepdf.Pdf, names: Mapping[str, str] | None = None, fonts: str = "IBM-Plex-Sans") -> list[Fault]:
    """Everything wrong. `names` are the bookmarks of headings that are called something shorter there."""
    checked = Checked(pdf)
    return [
        *checked.page_faults,
        *_document(pdf),
        *_archive(pdf),
        *_fonts_embedded(pdf, fonts),
        *_files(pdf),
        *_nesting(checked),
        *_headings(checked),
        *_alone(checked),
        *_bookmarked(checked, names or {}),
        *_tables_read(checked),
        *_figures(checked),
        *_links(checked),
        *_content_in_tree(checked),
    ]


def _document(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    """The document says its title and language, that it is tagged, and which standards it keeps."""
    title = str(pdf.docinfo.get("/Title", "")).strip()
    metadata = pdf.open_metadata()  # not entered: leaving it writes
    said = [str(metadata.get(key, "")) for key in (f"{{{PDFA}}}part", f"{{{PDFA}}}conformance", f"{{{PDFUA}}}part")]
    if not title or metadata.get("dc:title", "") != title:
        yield "title", f"{title!r} and {metadata.get('dc:title', '')!r}"
    if said != ["3", "A", "1"]:
        yield "standards", str(said)
    packet = pdf.Root.Metadata.read_bytes().decode() if "/Metadata" in pdf.Root else ""
    if f"<pdfaSchema:namespaceURI>{PDFUA}</pdfaSchema:namespaceURI>" not in packet:
        yield "standards", "the property of PDF/UA is not described"
    if str(pdf.Root.get("/Lang", "")) != "da":
        yield "language", str(pdf.Root.get("/Lang", ""))
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "title", "the window shows the name of the file"
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False):
        yield "tagged", "not marked"


def _archive(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    """It has an identity and one meaning of its colours, and nothing that acts by itself."""
    if len(pdf.trailer.get("/ID", [])) != 2 or "/Encrypt" in pdf.trailer:
        yield "identity", "no file identifier, or encrypted"
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    profile = intents[0].DestOutputProfile if len(intents) == 1 else None
    if profile is None or profile.get("/N") != 3 or profile.read_bytes()[16:20] != b"RGB ":
        yield "colours", "no RGB profile"
    for key in ("/OpenAction", "/AA", "/AcroForm", "/OCProperties"):
        if key in pdf.Root:
            yield "acts", key
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and ("/F" in one or one.get("/Filter", "/FlateDecode") != "/FlateDecode"):
            yield "limits", f"a stream elsewhere or by {one.get('/Filter')}"
        if isinstance(one, pikepdf.String) and len(bytes(one)) > 32767:
            yield "limits", "a text too long"
        if isinstance(one, Dictionary) and one.get("/S") in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm"):
            yield "acts", str(one.S)
        if isinstance(one, Dictionary) and one.get("/Type") == "/ExtGState" and one.get("/BM", "/Normal") != "/Normal":
            yield "colours", f"blended by {one.BM}"


def _fonts_embedded(pdf: pikepdf.Pdf, ours: str) -> Iterator[Fault]:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == "/Font" and "/DescendantFonts" in one:
            descriptor = one.DescendantFonts[0].FontDescriptor
            if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield "font", f"{one.BaseFont} is not embedded"
            elif not _widths_agree(one.DescendantFonts[0]):
                yield "font", f"{one.BaseFont} has other widths than it says"
            if ours not in str(one.BaseFont):
                yield "font", f"{one.BaseFont} is not ours"
            if one.DescendantFonts[0].get("/CIDToGIDMap") != "/Identity" or "/ToUnicode" not in one:
                yield "font", f"{one.BaseFont} does not say which letters its glyphs are"
        elif isinstance(one, Dictionary) and one.get("/Type") == "/Font" and one.Subtype not in (
            "/CIDFontType0", "/CIDFontType2",
        ):  # fmt: skip
            yield "font", f"{one.get('/BaseFont')} is {one.Subtype}"


def _widths_agree(font: Dictionary) -> bool:
    """The widths that the document counts with are those of the font in it."""
    with TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes())) as inside:
        scale = 1000 / inside["head"].unitsPerEm
        advances = [inside["hmtx"][name][0] * scale for name in inside.getGlyphOrder()]
    parts = iter(font.get("/W", []))
    said = {int(start) + at: float(width) for start in parts for at, width in enumerate(next(parts))}
    return all(glyph < len(advances) and abs(advances[glyph] - width) <= 1 for glyph, width in said.items())


def _files(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    """Every file belongs to the document and says what it is and how old."""
    belonging = {one.objgen for one in pdf.Root.get("/AF", [])}
    for name in pdf.attachments:
        spec = pdf.attachments[name].obj
        stored = spec.EF.F
        if spec.objgen not in belonging or spec.get("/AFRelationship") != "/Data":
            yield "file", f"{name} belongs to nothing"
        if not str(spec.get("/Desc", "")).strip() or str(spec.get("/F")) != name or str(spec.get("/UF")) != name:
            yield "file", f"{name} has no description or another name"
        if stored.get("/Subtype") != "/text/csv":
            yield "file", f"{name} is {stored.get('/Subtype')}"
        params = stored.get("/Params", {})
        if str(params.get("/ModDate", "")) != str(pdf.docinfo.get("/ModDate", "none")):
            yield "file", f"{name} is of another time"


def _nesting(checked: Checked) -> Iterator[Fault]:
    """Tags are those of the standard, and tables and lists are made as it says."""
    for one in checked.walk():
        allowed = INSIDE.get(one.kind, ANYWHERE)
        for child in one.children:
            if child.kind not in allowed:
                yield "nesting", f"page {child.page + 1}: {child.kind} in {one.kind}"


def _headings(checked: Checked) -> Iterator[Fault]:
    before = 0
    for level, text, page in checked.headings():
        if level > before + 1:
            yield "heading", f"page {page + 1}: {text!r} is H{level} after H{before}"
        if level == 1 and before:
            yield "heading", f"page {page + 1}: a second H1 {text!r}"
        if not text:
            yield "heading", f"page {page + 1}: an empty H{level}"
        before = level
    if not before:
        yield "heading", "none"


def _alone(checked: Checked) -> Iterator[Fault]:
    """No heading is the last thing on a page."""
    heading: Element | None = None
    for one in checked.walk():
        if one.marks and heading is not None and not any(one is inner for inner in heading.walk()):
            if one.marks[0][0] != heading.page:
                yield "alone", f"page {heading.page + 1}: {checked.text(heading)!r}"
            heading = None
        if one.kind in LEVELS:
            heading = one


def _bookmarked(checked: Checked, names: Mapping[str, str]) -> Iterator[Fault]:
    """The bookmarks are headings, in their order, on their pages; every part has one."""
    shown = {_squeezed(text): name for text, name in names.items()}
    headings = [(_squeezed(shown.get(_squeezed(text), text)), page, level) for level, text, page in checked.headings()]
    rest = iter([(text, page) for text, page, _level in headings])
    bookmarks = [(_squeezed(text), page) for text, page in checked.bookmarks()]
    for one in bookmarks:
        if one not in rest:
            yield "bookmark", f"{one} is no heading, or out of order"
    for text, page, level in headings:
        # The list of contents is on the first page, which needs none.
        if level == 2 and page and (text, page) not in bookmarks:
            yield "bookmark", f"{text!r} has none"


def _squeezed(text: str) -> str:
    """Without white space: a line that ends in a heading leaves none."""
    return "".join(text.split())


def _tables_read(checked: Checked) -> Iterator[Fault]:
    index = checked.pdf.Root.StructTreeRoot.get("/IDTree", {}).get("/Names", [])
    known = [bytes(one) for one in list(index)[::2]]
    if known != sorted(set(known)):
        yield "table", "the index of heads is out of order"
    for table in (one for one in checked.walk() if one.kind == "/Table"):
        where = f"page {table.page + 1}"
        if len({sum(int(_of(cell, "/ColSpan", 1)) for cell in row.children) for row in table.below("/TR")}) != 1:
            yield "table", f"{where}: rows of different lengths"
        for head in table.below("/TH"):
            if _of(head, "/Scope") not in ("/Column", "/Row"):
                yield "scope", f"{where}: {checked.text(head)!r}"
        for cell in table.below("/TD"):
            if not all(bytes(one) in known for one in _of(cell, "/Headers", [])):
                yield "table", f"{where}: {checked.text(cell)!r} has heads that are nowhere"
        if not table.below("/TH"):
            yield "scope", f"{where}: a table without heads"


def _of(element: Element, key: str, default=None):
    attributes = element.node.get("/A")
    return attributes.get(key, default) if isinstance(attributes, Dictionary) else default


def _figures(checked: Checked) -> Iterator[Fault]:
    for figure in (one for one in checked.walk() if one.kind == "/Figure"):
        where = f"page {figure.page + 1}"
        if not str(figure.node.get("/Alt", "")).strip():
            yield "figure", f"{where}: no alternative text"
        left, bottom, right, top = (float(edge) for edge in _of(figure, "/BBox", [0, 0, 0, 0]))
        width, height = (float(edge) for edge in checked.pdf.pages[figure.page].MediaBox[2:])
        if not (0 <= left < right <= width and 0 <= bottom < top <= height):
            yield "figure", f"{where}: not on the page"


def _links(checked: Checked) -> Iterator[Fault]:
    """Every link is in one tag that is a link, says where it leads, leads there, and prints."""
    tags = Counter(link.objgen for one in checked.walk() for link in one.links if one.kind == "/Link")
    ends = checked.pdf.Root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    places = {str(one) for one in list(ends)[::2]}
    for at, page in enumerate(checked.pdf.pages):
        for link in page.get("/Annots", []):
            where = f"page {at + 1}: {link.get('/Contents', '')}"
            if tags[link.objgen] != 1:
                yield "link", f"{where} is in {tags[link.objgen]} tags"
            said, end = str(link.get("/Contents", "")).strip(), str(link.get("/Dest", ""))
            if not said or said == end:
                yield "link", f"{where} says nothing"
            if "/A" not in link and end not in places:
                yield "link", f"{where} leads nowhere"
            if int(link.get("/F", 0)) & HIDDEN or not int(link.get("/F", 0)) & PRINT:
                yield "link", f"{where} does not print"
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield "link", f"page {at + 1}: in no order"
    for one in checked.walk():
        if one.kind == "/Link" and not one.links:
            yield "link", f"page {one.page + 1}: a tag without one"
        if one.kind == "/Link" and any(inner.kind == "/Link" for inner in one.below("/Link")):
            yield "link", f"page {one.page + 1}: one inside another"


def _content_in_tree(checked: Checked) -> Iterator[Fault]:
    """Every mark is in the tree once, and the way back from page to tree ends at the same tag."""
    held = Counter(mark for one in checked.walk() for mark in one.marks)
    owners = {mark: one.node.objgen for one in checked.walk() for mark in one.marks}
    for mark, times in (checked.marks | held).items():
        if checked.marks[mark] != 1 or held[mark] != 1:
            yield "untagged", f"page {mark[0] + 1}: mark {mark[1]} is {times} times"
    numbers = checked.pdf.Root.StructTreeRoot.ParentTree.Nums
    back = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for at, page in enumerate(checked.pdf.pages):
        owned = back.get(int(page.get("/StructParents", -1)), [])
        found = {(at, place): one.objgen for place, one in enumerate(owned) if isinstance(one, Dictionary)}
        if found != {mark: owner for mark, owner in owners.items() if mark[0] == at}:
            yield "untagged", f"page {at + 1}: the way back is another"
        for link in page.get("/Annots", []):
            owner = back.get(int(link.get("/StructParent", -1)))
            if not isinstance(owner, Dictionary) or owner.get("/S") != "/Link":
                yield "link", f"page {at + 1}: no way back"
