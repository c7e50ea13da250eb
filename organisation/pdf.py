"""From HTML to a tagged PDF. Nothing is fetched: styles and fonts come from our own static files only."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from fontTools.ttLib import TTFont
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from organisation.collecting import collecting_once
from organisation.danish import NBSP
from organisation.pdf_finish import AttachedFile, finish

# Where the paper template's relative addresses lead; the name is reserved and never resolves.
BASE = "https://static.invalid/"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}
SYMBOL = "symbol:"  # in the style sheet, followed by the symbol's name in the sprite
# The other weights have the same letters.
FONT = "vendor/dkfds/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Regular.woff2"
DASHES = "\u2010\u2011\u2012"
UNKNOWN = "◊"


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


@lru_cache(maxsize=1)
def _unprintable() -> re.Pattern[str]:
    """Everything that our font has no letter for, white space aside."""
    with TTFont(BytesIO(_static_bytes(FONT)), lazy=True) as font:
        known = sorted(font.getBestCmap())
    return re.compile(rf"[^\t\n\r{''.join(re.escape(chr(code)) for code in known)}]")


def printable(text: str) -> str:
    """The text in letters that our font has, so that no other font is taken and no glyph is missing.

    Spaces and hyphens of other widths become plain ones, and compatible forms their letters; marks that only join or
    colour others go; what is left, an emoji or Chinese, becomes ◊.
    """
    return _unprintable().sub(_nearest, unicodedata.normalize("NFC", text))


def _nearest(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in DASHES:
        return "-"
    kind = unicodedata.category(letter)
    if kind == "Zs":
        return NBSP
    if kind in ("Cf", "Cc", "Mn"):
        return ""
    simpler = unicodedata.normalize("NFKC", letter)
    return simpler if simpler and not _unprintable().search(simpler) else UNKNOWN


@collecting_once()
def render_pdf(html: str, labels: Mapping[str, str] | None = None, files: Sequence[AttachedFile] = ()) -> bytes:
    """The document as PDF/UA-1 and PDF/A-3a, with the files in it. Same HTML and files, same bytes.

    `labels` says in words where links inside the document lead.
    """
    document = HTML(string=printable(html), base_url=BASE, url_fetcher=StaticOnly())
    return finish(document.write_pdf(pdf_variant="pdf/a-3a"), labels or {}, files)
