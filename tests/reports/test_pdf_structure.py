"""Every report is PDF/UA-1 and PDF/A-3 as far as a program can tell, and the check itself catches what is broken."""

import csv
import re
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from weasyprint import HTML

from goals.models import Goal
from organisation.danish import NBSP
from organisation.pdf import BASE, StaticOnly, render_pdf
from reports.content import report_content
from reports.keys import ReportKey
from reports.models import Report
from reports.outline import ReportKind
from reports.rendering import paper_html, report_pdf
from reports.subject import ordinary, subject_of
from tests import factories
from tests.reports.conftest import measured_goal
from tests.reports.pdf_checks import Checked, Fault, faults

pytestmark = pytest.mark.once

LONG = "Sammenhængskraftundersøgelsesresultatopfølgningskoordineringsudvalgsformandsskab"
assert len(LONG) == 80


def made(round_) -> tuple[bytes, dict[str, str]]:
    """The PDF, and what its bookmarks call its headings."""
    content = report_content(ordinary(round_), now=factories.NOW)
    names = {plain(section.title): plain(f"{section.number}. {section.short_name}") for section in content.sections}
    return report_pdf(content), names


def plain(text: str) -> str:
    return " ".join(text.replace(NBSP, " ").split())


def found(pdf: bytes, names: dict[str, str]) -> list[Fault]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return faults(document, names)


def outside_the_type_area(pdf: bytes) -> list[str]:
    """Words beyond the margins of 20 mm, as poppler measures them."""
    command = ["pdftotext", "-bbox", "-", "-"]
    listed = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    words = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>', listed)
    assert len(words) > 100
    left, right = 20 / 25.4 * 72 - 0.5, 190 / 25.4 * 72 + 0.5
    return [word for start, end, word in words if float(start) < left or float(end) > right]


# ---- every report ----------------------------------------------------------------------------------------------------


def test_report_has_no_fault(reported):
    assert found(*made(reported.round)) == []


def test_example_report_has_no_fault(reported):
    reported.town.authority.is_example = True
    reported.town.authority.save()
    reported.round.refresh_from_db()
    assert found(*made(reported.round)) == []


def test_report_with_what_people_write_has_no_fault(reported):
    Report.objects.create(
        round=reported.round,
        highlights="Læsningen går tilbage.\nTrivslen stiger.",
        recommendation="At udvalget drøfter læsningen.\n\nAt udvalget venter.",
    )
    pdf, names = made(reported.round)
    assert found(pdf, names) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        checked = Checked(document)
        assert "drøfter" in " ".join(checked.text(root) for root in checked.roots)


@pytest.mark.parametrize("goals", [0, 1])
def test_report_of_few_goals_has_no_fault(reported, goals):
    kept = Goal.objects.filter(owner_unit=reported.town.committee).order_by("rank")[:goals]
    Goal.objects.filter(owner_unit=reported.town.committee).exclude(pk__in=[one.pk for one in kept]).delete()
    pdf, names = made(reported.round)
    assert len(names) == goals
    assert found(pdf, names) == []


def test_report_of_words_and_texts_without_end_has_no_fault(reported):
    goal = reported.worse
    goal.title, goal.short_name, goal.description = f"{LONG} {LONG}", LONG[:60], f"{LONG} og {LONG}."
    goal.save()
    indicator = goal.goal_series.get().series.indicator
    indicator.name, indicator.source = f"{LONG} {LONG}", LONG
    indicator.save()
    assessment = goal.assessments.get()
    assessment.what_happened = " ".join(["Der er sket noget, og"] * 1000)
    assessment.what_we_do = LONG
    assessment.save()
    pdf, names = made(reported.round)
    assert found(pdf, names) == []
    assert outside_the_type_area(pdf) == []


def test_tables_over_many_pages_have_no_fault(reported):
    for number in range(6, 26):
        measured_goal(reported.town, number, [70, 71, 72, 73, 74], series=6, title=f"Mål nummer {number}")
    pdf, names = made(reported.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) > 20
    assert found(pdf, names) == []


def test_letters_that_the_font_lacks_are_never_drawn(reported):
    """Only our own fonts are in the file, whatever the machine has, and no letter is an empty box."""
    goal = reported.worse
    goal.title, goal.short_name = "Flere læser 📚 i 中文 og\u202fro – «Київ» ①", "La\u0308sning\u200d\ufe0f på\u2011ny"
    goal.save()
    pdf, _names = made(reported.round)
    assert found(pdf, {"Flere læser ◊ i ◊◊ og ro – «Київ» 1": "2. Läsning på-ny"} | _names) == []


# ---- the files in it -------------------------------------------------------------------------------------------------


def number(text: str) -> Decimal | None:
    """`1.234,5*` or `−3 (rettet, før 4)` as a number; a dash is none."""
    text = re.sub(r"\(.*\)|\*", "", text).strip()
    return None if text in ("–", "") else Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))


def rows_of(file: bytes) -> list[list[str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(file.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def with_large_numbers(reported):
    """Numbers with points, minus and corrections, and nothing."""
    series = reported.better.goal_series.get().series
    factories.measurement(series, "2025K1", "1234567.85", entered_by=reported.town.manager)
    factories.measurement(series, "2024K4", "-3.5", entered_by=reported.town.manager)
    mistyped = factories.measurement(series, "2024K3", "-1071.25", entered_by=reported.town.manager)
    factories.correction(mistyped, 70)
    return reported


def test_files_hold_the_numbers_of_the_tables(with_large_numbers):
    pdf, _names = made(with_large_numbers.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        tables = [rows for caption, rows in Checked(document).tables() if caption.startswith("Tal for mål")]
        names = [name for name in document.attachments if name.startswith("maal-")]
        files = [rows_of(document.attachments[name].get_file().read_bytes()) for name in sorted(names)]
    assert sorted(names) == ["maal-1-trivsel.csv", "maal-2-laesning.csv", "maal-3-regning.csv", "maal-4-sang.csv"]
    assert len(tables) == len(files) == 4
    for table, file in zip(tables, files, strict=True):
        assert [row[0] for row in table] == [row[0] for row in file]
        assert [number(row[1]) for row in table[1:]] == [
            Decimal(row[1].replace(",", ".")) if row[1] else None for row in file[1:]
        ]
    seen = [row[1] for row in files[0][1:]]
    assert "1234567,9" in seen and "-3,5" in seen
    assert files[0][0][2].endswith(", rettet fra")
    assert [row[2] for row in files[0] if row[0] == "3. kvt. 2024"] == ["-1071,3"]


def test_indicator_file_holds_the_numbers_of_the_indicator_tables(with_large_numbers):
    pdf, _names = made(with_large_numbers.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        tables = [rows[1:] for caption, rows in Checked(document).tables() if caption.startswith("Indikatorer for mål")]
        head, *rows = rows_of(document.attachments["indikatorer.csv"].get_file().read_bytes())
    printed = [row for rows_ in tables for row in rows_]
    assert len(rows) == len(printed) == 4
    for row, paper in zip((dict(zip(head, row, strict=True)) for row in rows), printed, strict=True):
        assert paper[0].startswith(row["Indikator"])
        for name, cell in (("Udgangspunkt", paper[1]), ("Nu", paper[2]), ("Forventet nu", paper[3])):
            assert number(cell.split(" ")[0]) == (Decimal(row[name].replace(",", ".")) if row[name] else None)
        assert paper[4].startswith(row["Måltal"])
        assert paper[5].lower().startswith(row["Status"].lower())


def test_files_are_described_dated_and_the_documents_own(reported):
    pdf, _names = made(reported.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        spec = document.attachments["maal-2-laesning.csv"]
        assert spec.description == "Tallene bag graferne for mål 2, Læsning"
        assert str(spec.obj.AFRelationship) == "/Data"
        assert str(spec.obj.EF.F.Params.ModDate) == str(document.docinfo.ModDate)
        assert f"{factories.NOW:%Y%m%d}" in str(document.docinfo.ModDate)


def test_text_in_a_file_is_never_a_formula(reported):
    indicator = reported.worse.goal_series.get().series.indicator
    indicator.name = "=HYPERLINK(1;2)"
    indicator.save()
    pdf, _names = made(reported.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        for name in document.attachments:
            for row in rows_of(document.attachments[name].get_file().read_bytes()):
                assert not any(re.match(r"[=+@\t\r]|-\D", cell) for cell in row)


def test_tables_of_one_goal_have_files_of_their_own(reported):
    measured_goal(reported.town, 6, [70, 71, 72, 73, 74], series=6, title="Mange serier", short_name="Mange")
    pdf, _names = made(reported.round)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert {"maal-6-mange.csv", "maal-6-mange-2.csv"} <= set(document.attachments)


# ---- the check catches what is broken --------------------------------------------------------------------------------


@pytest.fixture
def healthy(reported) -> tuple[bytes, dict[str, str]]:
    return made(reported.round)


def first(pdf: pikepdf.Pdf, kind: str) -> Dictionary:
    return next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/S") == kind)


def content(pdf: pikepdf.Pdf, old: bytes, new: bytes, page: int = 1) -> None:
    stream = pdf.pages[page].obj.Contents
    before = stream.read_bytes()
    assert old in before
    stream.write(before.replace(old, new, 1))


def metadata(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    before = pdf.Root.Metadata.read_bytes()
    assert old in before
    pdf.Root.Metadata.write(before.replace(old, new, 1))


def a_link(pdf: pikepdf.Pdf) -> Dictionary:
    return pdf.pages[0].Annots[0]


def a_font(pdf: pikepdf.Pdf) -> Dictionary:
    return next(one for one in pdf.objects if isinstance(one, Dictionary) and "/DescendantFonts" in one)


def a_file(pdf: pikepdf.Pdf) -> Dictionary:
    return pdf.attachments["indikatorer.csv"].obj


def drop_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        del outline.root[1]


def rename_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[1].title = "Noget andet"


def first_glyph(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[1].obj.Contents
    stream.write(re.sub(rb"\[<[0-9a-f]{4}", b"[<0000", stream.read_bytes(), count=1))


def skip_level(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/S") == "/H2":
            one.S = Name.H3


def empty_cell(pdf: pikepdf.Pdf) -> None:
    row = first(pdf, "/TR")
    row.K = Array(list(row.K)[1:])


def root(pdf: pikepdf.Pdf) -> Dictionary:
    return pdf.Root


def tag(kind: str) -> Callable[[pikepdf.Pdf], Dictionary]:
    return lambda pdf: first(pdf, kind)


def without(part: Callable[[pikepdf.Pdf], Dictionary], key: str) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: part(pdf).__delitem__(key)


def changed(part: Callable[[pikepdf.Pdf], Dictionary], key: str, value: object) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: part(pdf).__setitem__(key, value)


def said(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: metadata(pdf, old, new)


def drawn(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], object]:
    return lambda pdf: content(pdf, old, new)


SCRIPT = Dictionary(S=Name.JavaScript, JS=pikepdf.String("1"))
NAMESPACE = b"<pdfaSchema:namespaceURI>"

BROKEN: dict[str, tuple[str, Callable[[pikepdf.Pdf], object]]] = {
    "no title": ("title", without(lambda pdf: pdf.docinfo, "/Title")),
    "another title in the metadata": ("title", said("Opfølgning".encode(), b"Noget")),
    "the name of the file in the window": (
        "title",
        without(lambda pdf: pdf.Root.ViewerPreferences, "/DisplayDocTitle"),
    ),
    "no language": ("language", without(root, "/Lang")),
    "another language": ("language", changed(root, "/Lang", pikepdf.String("en"))),
    "not marked as tagged": ("tagged", changed(lambda pdf: pdf.Root.MarkInfo, "/Marked", False)),
    "does not say PDF/A": ("standards", said(b"<pdfaid:part>3</pdfaid:part>", b"")),
    "says PDF/A-3b": ("standards", said(b"conformance>A<", b"conformance>B<")),
    "does not say PDF/UA": ("standards", said(b"<pdfuaid:part>1</pdfuaid:part>", b"")),
    "PDF/UA not described": ("standards", said(NAMESPACE + b"http", NAMESPACE + b"x")),
    "no identity": ("identity", without(lambda pdf: pdf.trailer, "/ID")),
    "no colour profile": ("colours", without(root, "/OutputIntents")),
    "a grey profile": ("colours", lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"\0" * 16 + b"GRAY")),
    "a script": ("acts", changed(root, "/OpenAction", SCRIPT)),
    "a font not embedded": ("font", without(lambda pdf: a_font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2")),
    "a font of the machine": ("font", changed(a_font, "/BaseFont", Name("/ABCDEF+DejaVu-Sans"))),
    "widths of another font": ("font", lambda pdf: a_font(pdf).DescendantFonts[0].W[1].__setitem__(0, 5000)),
    "letters without a map": ("font", without(lambda pdf: a_font(pdf).DescendantFonts[0], "/CIDToGIDMap")),
    "states too deep": ("limits", drawn(b"q\n", b"q\n" * 30)),
    "ink for colours": ("colours", drawn(b"q\n", b"q\n0 0 0 1 k\n")),
    "a stream elsewhere": ("limits", lambda pdf: pdf.Root.Metadata.__setitem__("/F", pikepdf.String("x"))),
    "a list of paragraphs": ("nesting", changed(tag("/LI"), "/S", Name.P)),
    "a tag of its own making": ("nesting", changed(tag("/P"), "/S", Name.Tekst)),
    "letters without meaning": ("letter", without(a_font, "/ToUnicode")),
    "an empty box for a letter": ("letter", first_glyph),
    "a level skipped": ("heading", skip_level),
    "two first headings": ("heading", changed(tag("/H2"), "/S", Name.H1)),
    "no first heading": ("heading", changed(tag("/H1"), "/S", Name.P)),
    "a bookmark missing": ("bookmark", drop_bookmark),
    "a bookmark to something else": ("bookmark", rename_bookmark),
    "a head without scope": ("scope", without(lambda pdf: first(pdf, "/TH").A, "/Scope")),
    "a cell under heads that are nowhere": ("table", without(lambda pdf: pdf.Root.StructTreeRoot, "/IDTree")),
    "a row that lacks a cell": ("table", empty_cell),
    "a figure without words": ("figure", without(tag("/Figure"), "/Alt")),
    "a figure with blank words": ("figure", changed(tag("/Figure"), "/Alt", pikepdf.String(" "))),
    "a figure off the page": ("figure", changed(lambda pdf: first(pdf, "/Figure").A, "/BBox", Array([0, -9, 10, 10]))),
    "a link that says nothing": ("link", without(a_link, "/Contents")),
    "a link that says its code": ("link", lambda pdf: a_link(pdf).__setitem__("/Contents", a_link(pdf).Dest)),
    "a link that leads nowhere": ("link", changed(a_link, "/Dest", pikepdf.String("nowhere"))),
    "a link that does not print": ("link", changed(a_link, "/F", 0)),
    "a link in no tag": ("link", changed(tag("/Link"), "/S", Name.Span)),
    "a link without way back": ("link", changed(a_link, "/StructParent", 9999)),
    "links in no order": ("link", without(lambda pdf: pdf.pages[0].obj, "/Tabs")),
    "a line that is in no mark": ("unmarked", drawn(b"/Artifact\nBMC", b"/Span\nBMC")),
    "text that is an artifact": ("untagged", drawn(b"/Span\n<</MCID 0>>\nBDC", b"/Artifact\nBMC")),
    "text that is in no tag": ("untagged", drawn(b"<</MCID 0>>", b"<</MCID 998>>")),
    "text in two tags": ("untagged", lambda pdf: first(pdf, "/P").K.append(first(pdf, "/H1").K[0])),
    "no way back from a page": (
        "untagged",
        lambda pdf: pdf.Root.StructTreeRoot.ParentTree.Nums.__setitem__(1, Array()),
    ),
    "a file that belongs to nothing": ("file", without(root, "/AF")),
    "a file of no kind": ("file", without(lambda pdf: a_file(pdf).EF.F, "/Subtype")),
    "a file without relation": ("file", changed(a_file, "/AFRelationship", Name.Unspecified)),
    "a file without description": ("file", without(a_file, "/Desc")),
    "a file of another day": (
        "file",
        changed(lambda pdf: a_file(pdf).EF.F.Params, "/ModDate", pikepdf.String("D:2020")),
    ),
}


def test_check_catches_every_way_to_break_a_report(healthy):
    pdf, names = healthy
    missed = {}
    for name, (kind, break_it) in BROKEN.items():
        with pikepdf.open(BytesIO(pdf)) as document:
            break_it(document)
            kinds = {kind for kind, _where in faults(document, names)}
        if kind not in kinds:
            missed[name] = kinds
    assert missed == {}


def test_check_finds_what_weasyprint_leaves_out(reported):
    """Without our last pass: heads without scope, links in links, running heads that are content in no tag."""
    html = paper_html(report_content(ordinary(reported.round), now=factories.NOW))
    raw = HTML(string=html, base_url=BASE, url_fetcher=StaticOnly()).write_pdf(pdf_variant="pdf/ua-1")
    assert {"scope", "link", "untagged", "table", "standards", "colours"} <= {kind for kind, _where in found(raw, {})}


def test_check_finds_a_heading_alone_at_the_foot_of_a_page():
    html = '<html lang="da"><title>t</title><style>h2 {{ break-after: {} }}</style><h1>A</h1><h2>B</h2><p>C</p></html>'
    alone = {where: found(render_pdf(html.format(where)), {}) for where in ("page", "avoid")}
    assert ("alone", "page 1: 'B'") in alone["page"]
    assert "alone" not in {kind for kind, _where in alone["avoid"]}


# ---- every kind ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("goals", ["few", "many", "none"])
def test_every_kind_has_no_fault(reported, kind, goals):
    town = reported.town
    school_goal = measured_goal_of(town.school, town, parent=reported.better)
    match goals:
        case "many":
            for rank in range(6, 14):
                measured_goal(town, rank, [70, 71, 72, 73, 74], title=f"Mål nr. {rank}", short_name=f"Nr. {rank}")
        case "none":
            Goal.objects.update(owner_unit=town.other_committee)
    about = {ReportKind.UNIT: town.school.pk, ReportKind.CROSS_CUTTING: reported.better.pk}.get(kind)
    subject = subject_of(reported.round, ReportKey(reported.round.pk, kind.value, about))
    content = report_content(subject, now=factories.NOW)
    names = {plain(section.title): plain(f"{section.number}. {section.short_name}") for section in content.sections}
    pdf = report_pdf(content)
    assert found(pdf, names) == []
    tells_of_below = kind in (ReportKind.UNIT, ReportKind.ANNUAL, ReportKind.CROSS_CUTTING)
    if goals != "none":
        assert (school_goal.title in {section.title for section in content.sections}) is tells_of_below
    if kind is ReportKind.POSTER:
        with pikepdf.open(BytesIO(pdf)) as document:
            assert len(document.pages) == 1
            assert [round(float(side) / 72 * 25.4) for side in document.pages[0].MediaBox[2:]] == [297, 420]


def measured_goal_of(unit, town, **fields):
    """A goal of the unit with a series of its own."""
    goal = factories.goal(unit, title="Ro i timerne", short_name="Ro", **fields)
    series = factories.series(
        factories.indicator(town.authority), unit, goal, baseline_period="2025K2", baseline_value=70
    )
    for period, value in (("2026K1", 71), ("2026K2", 74)):
        factories.measurement(series, period, value)
    return goal
