"""The PDF: tagged, titled, with bookmarks and alternative texts, the same bytes each time, and nothing fetched."""

from io import BytesIO

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from followup.status import Light
from organisation.danish import NBSP
from organisation.pdf import BASE, NotOurs, StaticOnly, printable, render_pdf
from reports.content import report_content
from reports.rendering import report_pdf
from reports.subject import ordinary
from tests import factories

pytestmark = pytest.mark.once


@pytest.fixture
def pdf(reported) -> bytes:
    return report_pdf(report_content(ordinary(reported.round), now=factories.NOW))


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind]


def test_pdf_is_tagged_and_says_its_language_and_title(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "da"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == "Opfølgning på 2. kvartal 2026, Børne- og Skoleudvalget"
        with document.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert len(elements(document, "/H1")) == 1


def test_every_figure_has_an_alternative_text(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        figures = elements(document, "/Figure")
        assert figures
        assert all(str(figure.Alt).strip() for figure in figures)
        assert any("Status: ikke på rette vej" in str(figure.Alt) for figure in figures)


def test_every_table_head_has_a_scope_and_every_link_prints(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        heads = elements(document, "/TH")
        assert {str(head.A.Scope) for head in heads} == {"/Column", "/Row"}
        links = [one for page in document.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
        assert links and all(int(link.F) & 4 for link in links)
        assert {"Mål 1. Trivsel", "Overblik"} <= {str(link.Contents) for link in links}


def test_bookmarks_lead_to_each_goal(pdf):
    titles = [entry.title for entry in PdfReader(BytesIO(pdf)).outline if not isinstance(entry, list)]
    assert titles == [
        "Overblik",
        "Siden sidste rapport",
        "1. Trivsel",
        "2. Læsning",
        "3. Regning",
        "4. Sang",
        "5. Leg",
        "Tallene bag graferne",
        "Kilder og noter",
    ]


def test_text_holds_each_goals_title_and_reason(pdf, reported):
    pages = PdfReader(BytesIO(pdf)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).replace(NBSP, " ").split())
    for section in report_content(ordinary(reported.round), now=factories.NOW).sections:
        assert section.title in text
        assert section.reason.replace(NBSP, " ") in text
    assert "Læsningen er gået tilbage." in text
    assert f"Side 2 af {len(pages)}" in text
    assert "Datagrundlag: godkendte tal pr. 10. august 2026" in text
    assert "eksempeldata" not in text


def test_example_authority_is_marked_on_every_page(reported):
    reported.town.authority.is_example = True
    reported.town.authority.save()
    reported.round.refresh_from_db()
    pages = PdfReader(BytesIO(report_pdf(report_content(ordinary(reported.round), now=factories.NOW)))).pages
    assert all("eksempeldata" in page.extract_text().lower() for page in pages)


def test_fonts_are_embedded_and_only_ours(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one]
        names = {str(font.BaseFont) for font in fonts}
    assert names and all("IBM-Plex-Sans" in name for name in names)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Læring på æ, ø og å: 8,3 pct. – ”ja” ≥ 5 €", "Læring på æ, ø og å: 8,3 pct. – ”ja” ≥ 5 €"),
        ("Київ, Αθήνα, Łódź", "Київ, Αθήνα, Łódź"),
        ("a\u030a", "å"),  # a letter and its ring
        ("1\u202f000\u2009kr.", f"1{NBSP}000{NBSP}kr."),
        ("e\u2011mail, 2020\u20122026", "e-mail, 2020-2026"),
        ("\u2460 \uff21\u3000B", f"1 A{NBSP}B"),
        ("Mål\u200d\ufe0f\u0007", "Mål"),
        ("📚 中", "◊ ◊"),
        ("<p>\n\tTekst</p>\r\n", "<p>\n\tTekst</p>\r\n"),
    ],
)
def test_letters_the_font_lacks_are_written_in_those_it_has(written, printed):
    assert printable(written) == printed


def test_same_content_gives_the_same_bytes(reported, pdf):
    assert report_pdf(report_content(ordinary(reported.round), now=factories.NOW)) == pdf


@pytest.mark.parametrize(
    "url",
    [
        "http://example.dk/a.css",
        "https://example.dk/a.css",
        "file:///etc/passwd",
        "data:text/css,a{}",
        "ftp://example.dk/a.css",
        BASE + "../manage.py",
        BASE + "malstyring/css/../../../manage.py",
        BASE + "malstyring/js/malstyring.js",
        BASE + "malstyring/css/nothing.css",
        BASE + "malstyring/css/print.css?x=1",
        "symbol:l-nothing",
        "https://static.invalid.example.dk/malstyring/css/print.css",
    ],
)
def test_nothing_but_our_own_static_files_is_fetched(url):
    with pytest.raises(NotOurs):
        StaticOnly().fetch(url)


def test_our_own_style_and_symbols_are_fetched():
    assert b"@page" in StaticOnly().fetch(BASE + "malstyring/css/print.css").read()
    assert b"#b3122f" in StaticOnly().fetch("symbol:l-offtrack").read()


def test_every_light_has_its_symbol():
    style = StaticOnly().fetch(BASE + "malstyring/css/print.css").read().decode()
    for light in Light:
        assert f'url("symbol:l-{light}")' in style
        assert StaticOnly().fetch(f"symbol:l-{light}").read().startswith(b"<svg")


def test_a_picture_from_elsewhere_is_left_out(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"x")
    html = f'<html lang="da"><title>t</title><p>Tekst<img alt="Ude" src="file://{secret}"></p></html>'
    with pikepdf.open(BytesIO(render_pdf(html))) as document:
        assert not any(one.get("/Subtype") == "/Image" for one in document.objects if isinstance(one, pikepdf.Stream))


def test_pdf_page_downloads_with_a_name(reported, sign_in):
    response = sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/pdf/")
    assert response.headers["Content-Type"] == "application/pdf"
    assert 'filename="opfoelgning-2026k2-boerne-og-skoleudvalget.pdf"' in response.headers["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")


def test_command_writes_the_file(reported, tmp_path, capsys):
    path = tmp_path / "r.pdf"
    call_command("render_report", str(reported.round.pk), output=path)
    assert path.read_bytes().startswith(b"%PDF-")


def test_command_says_what_is_wrong(db, tmp_path):
    with pytest.raises(CommandError, match="no round 99999"):
        call_command("render_report", "99999", output=tmp_path / "r.pdf")
