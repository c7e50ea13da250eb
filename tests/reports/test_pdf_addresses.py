"""Making a PDF opens no file and no address but our own style sheets, fonts and symbols, whatever the document asks.

What Python opens and where it connects is seen by an audit hook, so that a way around the fetcher would show.
"""

import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetchingError

from organisation.pdf import render_pdf
from reports.exports.png import png_of

pytestmark = pytest.mark.once

SECRET = "hemmeligt-ord"
SECRETS = {
    "png": b"\x89PNG\r\n\x1a\n" + SECRET.encode(),
    "svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text><g id="x"/></svg>'.encode(),
    "css": f"body::before {{ content: '{SECRET}' }}".encode(),
    "html": f"<p>{SECRET}".encode(),
    "ttf": SECRET.encode(),
    "txt": SECRET.encode(),
}
PAGE = '<!doctype html><html lang="da"><head><title>t</title>{head}</head><body><p>Tekst.{body}</p></body></html>'
INK = 'width="9" height="9"'
NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f"<svg {NAMES} {INK}><title>s</title>{{}}</svg>"
LETTER = '<text font-family="x">x</text>'

# Every way in which a document names an address; what kind of file it asks for.
IN_THE_BODY = {
    "img src": ("png", '<img alt="x" src="URL">'),
    "img srcset": ("png", '<img alt="x" srcset="URL 2x, URL 1x">'),
    "img svg": ("svg", '<img alt="x" src="URL">'),
    "picture source": ("png", '<picture><source srcset="URL"><img alt="x" src="URL"></picture>'),
    "input image": ("png", '<input type="image" alt="x" src="URL">'),
    "object": ("png", '<object data="URL"></object>'),
    "object html": ("html", '<object type="text/html" data="URL"></object>'),
    "embed": ("svg", '<embed src="URL">'),
    "iframe": ("html", '<iframe src="URL"></iframe>'),
    "video": ("png", '<video src="URL" poster="URL"><track src="URL"></video>'),
    "audio": ("txt", '<audio src="URL"></audio>'),
    "script": ("txt", '<script src="URL"></script>'),
    "background attribute": ("png", '<table background="URL"><tr><td background="URL">x</td></tr></table>'),
    "style attribute": ("png", '<span style="background: url(URL)">x</span>'),
    "attached by a link": ("txt", '<a rel="attachment" href="URL">x</a>'),
    "attached and named": ("txt", '<a rel="attachment" download="x.txt" href="URL">x</a>'),
    "form": ("txt", '<form action="URL"><input name="a"><button formaction="URL">x</button></form>'),
    "cite": ("txt", '<q cite="URL">x</q><blockquote cite="URL">x</blockquote>'),
    "link": ("txt", '<a href="URL" ping="URL">x</a>'),
    "svg image": ("png", SVG.format(f'<image href="URL" {INK}/>')),
    "svg image xlink": ("png", SVG.format(f'<image xlink:href="URL" {INK}/>')),
    "svg image of svg": ("svg", SVG.format(f'<image href="URL" {INK}/>')),
    "svg use": ("svg", SVG.format('<use href="URL#x"/>')),
    "svg use xlink": ("svg", SVG.format('<use xlink:href="URL#x"/>')),
    "svg base": ("svg", SVG.format(f'<image xml:base="URL" href="x.svg" {INK}/>')),
    "svg fill": ("svg", SVG.format(f'<rect fill="url(URL#x)" stroke="url(URL#x)" {INK}/>')),
    "svg mask": ("svg", SVG.format(f'<rect mask="url(URL#x)" clip-path="url(URL#x)" filter="url(URL#x)" {INK}/>')),
    "svg marker": ("svg", SVG.format('<path d="M0 0L9 9" marker-start="url(URL#x)" marker-end="url(URL#x)"/>')),
    "svg gradient": ("svg", SVG.format(f'<linearGradient id="g" href="URL#x"/><rect fill="url(#g)" {INK}/>')),
    "svg text path": ("svg", SVG.format('<text><textPath href="URL#x">x</textPath></text>')),
    "svg foreign": ("png", SVG.format('<foreignObject><img alt="x" src="URL"/></foreignObject>')),
    "svg filter image": ("png", SVG.format('<filter id="f"><feImage href="URL"/></filter><g filter="url(#f)"/>')),
    "svg link": ("txt", SVG.format('<a href="URL"><text>x</text></a>')),
    "svg style": ("png", SVG.format(f'<style>rect {{ fill: url("URL") }}</style><rect {INK}/>')),
    "svg font": ("ttf", SVG.format('<style>@font-face { font-family: x; src: url("URL") }</style>' + LETTER)),
}  # fmt: skip
IN_THE_HEAD = {
    "style sheet": ("css", '<link rel="stylesheet" href="URL">'),
    "alternate style sheet": ("css", '<link rel="alternate stylesheet" href="URL">'),
    "icon": ("png", '<link rel="icon" href="URL"><link rel="apple-touch-icon" href="URL">'),
    "attached": ("txt", '<link rel="attachment" href="URL" title="x">'),
    "other links": ("html", '<link rel="preload prefetch import manifest canonical next" as="style" href="URL">'),
    "refresh": ("html", '<meta http-equiv="refresh" content="0; url=URL">'),
    "base": ("png", '<base href="URL">'),
    "style @import": ("css", '<style>@import "URL"</style>'),
    "style @import url": ("css", '<style>@import url(URL) print;</style>'),
    "@font-face": ("ttf", '<style>@font-face { font-family: x; src: url(URL) } p { font-family: x }</style>'),
    "content": ("png", '<style>p::before { content: url(URL) }</style>'),
    "list": ("png", '<style>p { display: list-item; list-style: url(URL) }</style>'),
    "background": ("png", '<style>p { background: url("URL"), image-set("URL" 1x) }</style>'),
    "page": ("png", '<style>@page { background: url(URL); @top-left { content: url(URL) } }</style>'),
    "border": ("png", '<style>p { border: 3px solid; border-image: url(URL) 1 }</style>'),
    "mask and cursor": ("png", '<style>p { mask: url(URL); cursor: url(URL), auto; shape-outside: url(URL) }</style>'),
    "colours": ("txt", '<style>@color-profile --x { src: url(URL) } p { color: color(--x 1 0 0 0) }</style>'),
    "custom property": ("png", '<style>:root { --u: url(URL) } p { background: var(--u) }</style>'),
    "escaped": ("png", '<style>p { background: \\75 rl("URL") }</style>'),
    "counter style": ("png", '<style>@counter-style x { system: cyclic; symbols: url(URL) }</style>'),
    "entity": ("txt", '<!DOCTYPE html SYSTEM "URL"><?xml-stylesheet href="URL"?>'),
}  # fmt: skip
CONSTRUCTS = {
    **{name: (kind, PAGE.format(head="", body=body)) for name, (kind, body) in IN_THE_BODY.items()},
    **{
        name: (kind, PAGE.format(head=head, body='<img alt="x" src="x.png">'))
        for name, (kind, head) in IN_THE_HEAD.items()
    },
}

# Ways to write the address of a file, and of a server; PATH begins with a slash.
WRITINGS = [
    "file://PATH",
    "file:PATH",
    "FILE://PATH",
    "File://localhostPATH",
    "file://PATH?x=1#y",
    "PATH",
    "//localhostPATH",
    "../../../../../../../../../..PATH",
    "..%2f..%2f..%2f..%2f..%2f..%2f..%2f..PATH",
    "malstyring/css/../../../../../../../../../../../..PATH",
    "https://static.invalid/../../../../../../..PATH",
    "https://static.invalid/PATH",
    "HTTPS://static.invalid/PATH",
    "symbol:../../../../../..PATH",
    "\\\\localhostPATH",
    "&#102;ile://PATH",
    " file://PATH",
    "http://SERVERPATH",
    "HTTP://SERVERPATH",
    "https://SERVERPATH",
    "//SERVERPATH",
    "ftp://SERVERPATH",
    "http://static.invalid@SERVERPATH",
    "jar:file://PATH!/x",
    "gopher://SERVERPATH",
    "data:text/html;base64,PGltZyBzcmM9ImZpbGU6Ly8vZXRjL3Bhc3N3ZCI+",
]

_seen: list[tuple[str, str]] | None = None


def _notice(event: str, arguments: tuple) -> None:
    if _seen is not None and event in ("open", "socket.connect", "socket.getaddrinfo", "urllib.Request", "os.listdir"):
        _seen.append((event, str(arguments[1] if event == "socket.connect" else arguments[0])))


sys.addaudithook(_notice)


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """What is opened and connected to meanwhile."""
    global _seen
    _seen = seen = []
    try:
        yield seen
    finally:
        _seen = None


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Iterator[tuple[Path, str, socket.socket]]:
    """A folder with secrets of every kind, and a server nobody should call."""
    folder = tmp_path_factory.mktemp("secrets")
    for kind, data in SECRETS.items():
        (folder / f"secret.{kind}").write_bytes(data)
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    # What is loaded once is loaded before we look.
    render_pdf(PAGE.format(head='<link rel="stylesheet" href="malstyring/css/print.css">', body=SVG.format("")))
    yield folder, f"127.0.0.1:{server.getsockname()[1]}", server
    server.close()


def strangers(seen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """All but our own style sheets, fonts and symbols, what WeasyPrint ships, and code."""
    ours = [Path(finders.find("malstyring/css/print.css")).parents[2], Path(weasyprint.__file__).parent]
    ours += [Path(one) for template in settings.TEMPLATES for one in template["DIRS"]]
    return [one for one in seen if not (one[0] == "open" and _is_ours(Path(one[1]), ours))]


def _is_ours(path: Path, ours: list[Path]) -> bool:
    # WeasyPrint puts fonts that it has been given in a folder of its own, and clears it away later.
    is_work = path.is_relative_to(tempfile.gettempdir()) and "weasyprint-" in str(path)
    return is_work or path.suffix in (".py", ".pyc") or any(path.is_relative_to(one) for one in ours)


def everything_in(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [one.read_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
        assert not any(one.get("/Subtype") == "/Image" for one in document.objects if isinstance(one, pikepdf.Stream))
        assert not list(document.attachments)
    return pdf + b"".join(streams)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_no_construct_opens_anything(name, places):
    folder, server, listening = places
    kind, html = CONSTRUCTS[name]
    for writing in WRITINGS:
        address = writing.replace("PATH", f"{folder}/secret.{kind}").replace("SERVER", server)
        with watched() as seen:
            try:
                pdf = render_pdf(html.replace("URL", address))
            except URLFetchingError:  # refused outright, and not only left out
                pdf = None
        assert strangers(seen) == [], address
        assert pdf is None or SECRET.encode() not in everything_in(pdf), address
    with pytest.raises(BlockingIOError):
        listening.accept()


@pytest.mark.parametrize("name", [name for name in IN_THE_BODY if name.startswith("svg")])
def test_picture_of_a_drawing_opens_nothing(name, places):
    folder, server, listening = places
    kind, drawing = IN_THE_BODY[name]
    png_of(SVG.format("").encode())  # what is loaded once is loaded before we look
    for writing in ("file://PATH", "../../../../../../..PATH", "http://SERVERPATH", "//SERVERPATH"):
        address = writing.replace("PATH", f"{folder}/secret.{kind}").replace("SERVER", server)
        with watched() as seen, suppress(URLFetchingError):
            png_of(drawing.replace("URL", address).encode())
        assert strangers(seen) == [], address
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_the_watch_sees_what_is_opened(places):
    """WeasyPrint's own fetcher on the same document reads the file and calls the server: the test can fail."""
    folder, server, listening = places
    html = PAGE.format(head=f'<link rel="stylesheet" href="file://{folder}/secret.css">', body="")
    with watched() as seen:
        weasyprint.HTML(string=html).write_pdf()
    assert ("open", f"{folder}/secret.css") in strangers(seen)
    html = PAGE.format(head="", body=f'<img alt="x" src="http://{server}/secret.png">')
    with watched() as seen:
        weasyprint.HTML(string=html, url_fetcher=URLFetcher(timeout=0.2)).write_pdf()
    assert any(event == "socket.connect" for event, _what in strangers(seen))
    listening.accept()[0].close()


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://maal.kommune.dk/rapporter/1/", True),
        ("mailto:maal@kommune.dk", True),
        ("file:///etc/passwd", False),
        ("FILE:///etc/passwd", False),
        ("javascript:app.alert(1)", False),
        ("data:text/html,x", False),
        ("smb://server/share", False),
    ],
)
def test_link_in_the_document_leads_only_to_the_web_or_a_mail(address, is_kept):
    pdf = render_pdf(PAGE.format(head="", body=f' <a href="{address}">Vejen</a>'))
    with pikepdf.open(BytesIO(pdf)) as document:
        links = [str(one.A.URI) for one in document.pages[0].get("/Annots", [])]
        tags = [str(one.S) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
    assert links == ([address] if is_kept else [])
    assert ("/Link" in tags) == is_kept
