"""From a report's HTML to a tagged PDF. Nothing is fetched: styles and fonts come from our own static files only."""

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pikepdf
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Where the paper template's relative addresses lead; the name is reserved and never resolves.
BASE = "https://static.invalid/"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}
SYMBOL = "symbol:"  # in the style sheet, followed by the symbol's name in the sprite
UA_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
PRINT_FLAG = 4


class NotOurs(ValueError):
    """The PDF asked for something that is not one of our own static files."""


class StaticOnly(URLFetcher):
    """Gives out the project's style sheets, fonts and symbols from disk, and refuses everything else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The static file that the address names, else NotOurs."""
        if url.startswith(SYMBOL):
            return URLFetcherResponse(url, symbol_svg(url.removeprefix(SYMBOL)), {"Content-Type": "image/svg+xml"})
        parts = urlsplit(url)
        if not url.startswith(BASE) or parts.query:
            raise NotOurs(url)
        path = parts.path.lstrip("/")
        kind = TYPES.get(Path(path).suffix)
        if kind is None:
            raise NotOurs(url)
        return URLFetcherResponse(url, _static_bytes(path), {"Content-Type": kind})


@lru_cache(maxsize=32)
def _static_bytes(path: str) -> bytes:
    try:
        found = finders.find(path)
    except SuspiciousFileOperation as error:
        raise NotOurs(path) from error
    if found is None:
        raise NotOurs(path)
    return Path(found).read_bytes()


# Those of malstyring.css; a style sheet does not reach into a picture, so they are drawn in.
COLOURS = {
    "l-reached": "#0a6b3d",
    "l-ontrack": "#2e7d32",
    "l-atrisk": "#9f5200",
    "l-offtrack": "#b3122f",
    "l-overdue": "#b3122f",
    "l-uncertain": "#6a4c93",
}
GREY, INK = "#5c6670", "#1a1a1a"


@lru_cache(maxsize=64)
def symbol_svg(name: str) -> bytes:
    """One symbol of the sprite as a picture of its own, in its colour."""
    sprite = _static_bytes("malstyring/symbols.svg").decode()
    found = re.search(rf'<symbol id="{re.escape(name)}" viewBox="([^"]+)">(.*?)</symbol>', sprite, re.DOTALL)
    if found is None:
        raise NotOurs(name)
    colour = COLOURS.get(name, GREY if name.startswith("l-") else INK)
    drawing = found[2].replace("currentColor", colour)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{found[1]}">{drawing}</svg>'.encode()


def render_pdf(html: str, labels: Mapping[str, str] | None = None) -> bytes:
    """The document as PDF/UA-1; `labels` says in words where links inside it lead. Same HTML, same bytes."""
    document = HTML(string=html, base_url=BASE, url_fetcher=StaticOnly())
    return finish(document.write_pdf(pdf_variant="pdf/ua-1"), labels or {})


def finish(raw: bytes, labels: Mapping[str, str]) -> bytes:
    """What WeasyPrint leaves out of PDF/UA: which way a head points, links that print, and the mark of conformance."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        title = str(pdf.docinfo.get("/Title", ""))
        pdf.Root.Lang = pikepdf.String("da")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                _complete(item, labels)
        for page in pdf.pages:
            if "/Annots" in page:
                page.obj["/Tabs"] = pikepdf.Name.S
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata[f"{{{UA_NAMESPACE}}}part"] = "1"
            metadata["dc:title"] = title
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _complete(item: pikepdf.Dictionary, labels: Mapping[str, str]) -> None:
    """Give a table head its scope (a row's when it is the first of a body row), and a link its print flag and words."""
    if item.get("/S") == pikepdf.Name.TH and "/Scope" not in _attributes(item):
        scope = pikepdf.Name.Column if _is_in_head(item) else pikepdf.Name.Row
        item.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)
    elif item.get("/Subtype") == pikepdf.Name.Link:
        item.F = int(item.get("/F", 0)) | PRINT_FLAG
        if label := labels.get(str(item.get("/Dest", ""))):
            item.Contents = pikepdf.String(label)


def _attributes(item: pikepdf.Dictionary) -> pikepdf.Dictionary:
    found = item.get("/A")
    return found if isinstance(found, pikepdf.Dictionary) else pikepdf.Dictionary()


def _is_in_head(item: pikepdf.Dictionary) -> bool:
    row = item.get("/P")
    group = row.get("/P") if row is not None else None
    return group is not None and group.get("/S") == pikepdf.Name.THead
