"""A chart's drawing as a picture of pixels: drawn once more by what sets the paper, with the same fonts."""

import re
from io import BytesIO
from threading import Lock

import pypdfium2
from weasyprint import HTML

from reports.pdf import BASE, StaticOnly, printable

SCALE = 2  # pixels of the picture to one of the drawing, for screens and slides
POINTS = 0.75  # to a pixel of the drawing
_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_PDFIUM = Lock()  # it holds one document at a time, whatever thread asks

# The fonts are those of the paper's style sheet. The page is as large as the drawing.
PAGE = (
    '<!doctype html><html lang="da"><head><link rel="stylesheet" href="malstyring/css/picture.css">'
    "<style>@page {{ size: {width}px {height}px }}</style></head><body>{drawing}</body></html>"
)


def png_of(svg: bytes) -> bytes:
    """The picture, with nothing fetched but our own fonts. The same drawing gives the same bytes."""
    drawing = printable(_DECLARATION.sub("", svg.decode()))
    width, height = _size(drawing)
    page = PAGE.format(width=width, height=height, drawing=drawing)
    pdf = HTML(string=page, base_url=BASE, url_fetcher=StaticOnly()).write_pdf()
    with _PDFIUM:
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


def _size(drawing: str) -> tuple[int, int]:
    found = _SIZE.match(drawing)
    assert found is not None, "a drawing without a size"
    return int(found[1]), int(found[2])
