"""A chart's drawing as a picture of pixels: drawn once more by what sets the paper, with the same fonts."""

import re
from functools import lru_cache
from io import BytesIO
from threading import Lock

import pypdfium2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from organisation.pdf import BASE, StaticOnly, printable

SCALE = 2  # pixels of the picture to one of the drawing, for screens and slides
POINTS = 0.75  # to a pixel of the drawing
_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_ONE_AT_A_TIME = Lock()  # PDFium holds one document, whatever thread asks, and the fonts are shared

# As large as the drawing.
PAGE = (
    '<!doctype html><html lang="da"><head>'
    "<style>@page {{ size: {width}px {height}px }}</style></head><body>{drawing}</body></html>"
)


def png_of(svg: bytes) -> bytes:
    """The picture, with nothing fetched but our own fonts. The same drawing gives the same bytes."""
    drawing = printable(_DECLARATION.sub("", svg.decode()))
    width, height = _size(drawing)
    page = PAGE.format(width=width, height=height, drawing=drawing)
    with _ONE_AT_A_TIME:
        look, fonts = _type()
        html = HTML(string=page, base_url=BASE, url_fetcher=StaticOnly())
        pdf = html.write_pdf(stylesheets=[look], font_config=fonts)
        document = pypdfium2.PdfDocument(pdf)
        try:
            image = document[0].render(scale=SCALE / POINTS).to_pil()
        finally:
            document.close()
    # A page's edge that falls a hair beyond a pixel has one more.
    image = image.crop((0, 0, width * SCALE, height * SCALE))
    out = BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(96 * SCALE, 96 * SCALE))
    return out.getvalue()


@lru_cache(maxsize=1)
def _type() -> tuple[CSS, FontConfiguration]:
    """The style sheet with the fonts of a drawing, unpacked once: it takes four times as long as the picture."""
    fonts = FontConfiguration()
    return CSS(f"{BASE}malstyring/css/picture.css", url_fetcher=StaticOnly(), font_config=fonts), fonts


def _size(drawing: str) -> tuple[int, int]:
    found = _SIZE.match(drawing)
    assert found is not None, "a drawing without a size"
    return int(found[1]), int(found[2])
